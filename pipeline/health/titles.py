"""What a page that stands in the way calls itself, in its title or a heading:
ordered data, by verdict and language.

Like any sign of a page, a title counts only where little else is shown.
"""

from __future__ import annotations

from pipeline.health.signs import Sign, page

_MISSING = "the page says that it does not exist"
_DOWN = "a maintenance page"
_ERROR = "an error page"
_LOGIN = "a sign-in page"
_CONSENT = "a consent page"

_ENGLISH = (
    page(
        "challenge",
        "a bot check",
        r"^just a moment",
        r"^attention required!",
        r"^one moment,? please",
        r"^please wait\b",
    ),
    page(
        "challenge",
        "a bot check",
        r"^security check(?:point)?\b",
        r"security checkpoint$",
        r"^client challenge$",
    ),
    page(
        "challenge",
        "a block page",
        r"^access denied",
        r"^403\b",
        r"^forbidden\b",
        r"^request blocked",
        r"^error 10\d\d\b",
    ),
    page("challenge", "a block page", r"^(?:web )?page blocked", r"^not acceptable$"),
    page(
        "captcha",
        "a captcha",
        r"^captcha\b",
        r"^(?:robot check|are you (?:a )?(?:human|robot)|human verification|bot verification)\b",
    ),
    page(
        "missing",
        _MISSING,
        r"^(?:error:? ?)?404\b",
        r"\b404(?: error|:| -|$)",
        r"^(?:not found|nothing (?:was )?found)\b",
        r"\bnot found$",
    ),
    page(
        "missing",
        _MISSING,
        r"(?:page|content|article|document|resource)(?: you \w+(?: \w+){0,2})?(?: was| is"
        r"| could)? ?(?:not|n't)(?: be)? found",
    ),
    page(
        "missing",
        _MISSING,
        r"(?:can'?t|cannot|could(?:n't| not)) (?:seem to )?find (?:the|that|this"
        r"|your) (?:page|content)",
    ),
    page(
        "missing",
        _MISSING,
        r"(?:page|content) (?:you (?:requested|are looking for) )?(?:no longer exists"
        r"|(?:does not|doesn't) exist)",
    ),
    page(
        "missing",
        _MISSING,
        r"(?:page|content) (?:is no longer|is not|isn't) (?:available|here)",
        r"(?:page|content) has (?:been )?(?:moved|removed)",
    ),
    page(
        "missing",
        _MISSING,
        r"^oops[!.,]? .{0,40}(?:wrong page|missing|lost)",
        r"\byou(?:'re| are) lost\b",
        r"^uh[- ]?oh\b",
        r"^(?:wh)?oops\W*$",
        r"^hmm+\W*$",
    ),
    page(
        "missing",
        _MISSING,
        r"link you followed (?:may be|is) broken",
        r"^410\b",
        r"^gone$",
        r"^site not found",
    ),
    page(
        "maintenance",
        _DOWN,
        r"(?:scheduled|under|site|down for|planned|undergoing) maintenance",
        r"^maintenance\b",
    ),
    page(
        "maintenance",
        _DOWN,
        r"maintenance (?:mode|in progress)",
        r"(?:upgrad|updat|improv)ing (?:our|the|this) (?:web ?)?(?:site|systems?)",
    ),
    page(
        "maintenance",
        _DOWN,
        r"we(?:'re| are) (?:currently )?making (?:some )?improvements",
        r"\bis (?:currently )?offline$",
    ),
    page(
        "maintenance",
        _DOWN,
        r"(?:we'?ll|we will|will) be (?:right )?back",
        r"^be right back",
        r"service unavailable",
    ),
    page("maintenance", _DOWN, r"temporarily (?:unavailable|down|offline|out of service)"),
    page(
        "error",
        _ERROR,
        r"bad gateway",
        r"gateway time-?out",
        r"internal server error",
        r"technical difficulties",
        r"^application error",
    ),
    page(
        "error",
        _ERROR,
        r"something went wrong",
        r"an? (?:unexpected )?error (?:has )?occurred",
        r"server error (?:in '/'|\(5\d\d\))",
    ),
    page(
        "error",
        _ERROR,
        r"^(?:error |http status )5\d\d\b",
        r"^50\d (?:error|backend)",
        r"\b52\d: ",
        r"error code:? 52\d\b",
    ),
    page(
        "error",
        "a server's own first page",
        r"^welcome to nginx",
        r"default page: it works",
        r"^it works!$",
        r"^iis windows server",
    ),
    page(
        "login",
        _LOGIN,
        r"^(?:please )?(?:sign|log) ?in\b",
        r"^login\b",
        r"authentication required",
        r"^401\b",
        r"^unauthorized$",
    ),
    page(
        "login",
        _LOGIN,
        r"\b(?:sign|log) ?in(?: required| to (?:continue|view|access|your account)\b.*)?$",
        r"^home realm discovery",
    ),
    page(
        "consent",
        _CONSENT,
        r"^before you continue\b",
        r"^we (?:value|respect|care about) your privacy",
    ),
    page(
        "consent",
        _CONSENT,
        r"^(?:accept|agree to) (?:our )?cookies",
        r"^(?:we use|this (?:site|website) uses) cookies",
    ),
    page(
        "consent", _CONSENT, r"^(?:your|manage) (?:privacy|cookie) (?:choices|preferences|settings)"
    ),
    page(
        "consent",
        _CONSENT,
        r"^cookie (?:consent|settings|notice)",
        r"^age verification",
        r"^select your (?:country|region)",
    ),
)

_MISSING_ABROAD = (
    r"seite (?:wurde )?nicht gefunden|seite (?:existiert|gibt es) nicht",
    r"page (?:introuvable|non trouvée|inexistante)|page .{0,20}n['’]existe pas|^erreur 404",
    r"página no (?:encontrada|existe)|pagina non trovata|página (?:não encontrada|inexistente)",
    r"pagina (?:is )?niet gevonden|sidan (?:hittades|kunde|finns) inte|siden (?:blev "
    r"|ble )?(?:ikke fun|findes ikke|finnes ikke)",
    r"sivua ei löyt|nie znaleziono strony|strona nie (?:istnieje|została)"
    r"|stránka (?:nebyla )?(?:nenalezena|nalezena|neexistuje)",
    r"sayfa bulunamad|страница не найдена|ページ(?:が|は)(?:見つかり|存在し)",
    r"(?:页面|頁面|网页|網頁)(?:不存在|未找到|找不到)|페이지를 찾을 수",
)
_DOWN_ABROAD = (
    r"^wartung|gleich wieder (?:da|für sie)|(?:site|page) en maintenance"
    r"|^maintenance en cours|en mantenimiento|in manutenzione",
    r"em manutenção|in onderhoud|onderhoudswerk|przerwa techniczna|メンテナンス中|(?:系统|系統|网站"
    r"|網站)(?:维护|維護)",
)
_LOGIN_ABROAD = (
    r"^(?:anmelden|anmeldung|connexion|se connecter|connectez-vous|identifiez-vous|inici(?:ar"
    r"|e|a) (?:sesión|sessão)|accedi|entrar)\b",
    r"^(?:inloggen|logga in|log ind|logg inn|zaloguj|logowanie|přihlášení|kirjaudu|giriş yap"
    r"|войти|вход)\b",
    r"^(?:ログイン|サインイン|登录|登入|登錄|로그인)",
)
_CONSENT_ABROAD = (
    r"wir (?:respektieren|schätzen) (?:ihre|deine) privatsphäre|^cookie-einstellungen"
    r"|^bevor (?:sie|du) (?:fortf|weiter)",
    r"nous respectons votre vie privée|^avant de (?:continuer|poursuivre)|(?:valoramos"
    r"|respetamos) (?:tu|su) privacidad",
    r"^antes de continuar|^prima di continuare|(?:rispettiamo|teniamo alla) (?:la )?(?:tua"
    r"|vostra) privacy",
    r"^voordat (?:je|u) verder ?gaat|respecteren (?:je|uw) privacy"
    r"|valorizamos (?:a )?sua privacidade",
    r"(?:szanujemy|dbamy o) (?:twoją|państwa) prywatność",
)
TITLES: tuple[Sign, ...] = (
    *_ENGLISH,
    page("missing", _MISSING, *_MISSING_ABROAD),
    page("maintenance", _DOWN, *_DOWN_ABROAD),
    page("login", _LOGIN, *_LOGIN_ABROAD),
    page("consent", _CONSENT, *_CONSENT_ABROAD),
)
