"""A sentence about a paper → the services that it says to be covered: "The SOC 2 report covers
colocation and remote hands", "Das Zertifikat gilt für A und B". Criteria, controls, regions and
periods that a paper covers are no services."""

from __future__ import annotations

import re

from pipeline import words
from pipeline.extract import services
from pipeline.extract.context import Context

PAPER = re.compile(
    r"\b(?:reports?|certificates?|certifications?|attestations?|audits?|assessments?"
    r"|authori[sz]ations?|examinations?|baa|scope|boundary"
    r"|(?:\w+-)?(?:zertifikat|bericht|testat|zertifizierung|prüfung)\w*"
    r"|geltungsbereich\w*|certificats?|rapports?|périmètre|certificad[oa]s?|certificaci[óo]n\w*"
    r"|informes?|auditor[íi]as?|alcance|certificat[oi]|certificazion[ei]|rapport[oi]|ambito"
    r"|certifica(?:at|ten)|certificering|rapporten|toepassingsgebied"
    r"|relatórios?|certificação|âmbito)\b",
    re.IGNORECASE,
)
"""What covers services: papers, the looks that lead to them, and their scope."""
COVERS = re.compile(
    r"^(?P<head>.{3,200}?)\s+(?:(?:now|also|currently)\s+)?"
    r"(?:covers?|includes?|(?:applies|apply|extends?) to"
    r"|umfass(?:t|en)|gilt für|gelten für|erstreck(?:t|en) sich (?:auf|über)|deck(?:t|en)"
    r"|couvre(?:nt)?|s['’]appliquent? (?:à|aux)|porte(?:nt)? sur|cubren?|abarcan?|se aplican? a"
    r"|copr(?:e|ono)|si applica(?:no)? a|omvat(?:ten)?|dek(?:t|ken)|geld(?:t|en) voor"
    r"|cobrem?|abrangem?|aplicam?-se a)\s+(?P<list>.+?)"
    r"(?:\s+(?:ab|only|alone|exclusively|uniquement))?$"
)
_CALLED = re.compile(
    r"^(?:(?:the|our|both|die|den|der|das|unsere?n?|les|nos|los|las|i|le|gli|de|het|os|as)\s+)?"
    r"(?:following |folgenden )?(?:services|products|applications|platforms|leistungen|dienste"
    r"|dienstleistungen|produkte|anwendungen|lösungen|produits|solutions|servicios|productos"
    r"|servizi|prodotti|diensten|producten|serviços|produtos)\s*:?\s+(?=[A-Z0-9])",
    re.IGNORECASE,
)
"""What says of the names behind it that they are services ("die Leistungen A und B")."""
_AND = re.compile(r"\s+(?:and|und|sowie|et|y|e|en)\s+")
_ANYBODYS = re.compile(
    r"^(?:an?|any|each|every|most|many|ein|eine|jede[sr]?|une?|chaque|un[ao]?|cada|ogni|een|uma?)\b"
    r"|\b(?:if|when|whether|where|their|whose|its|deren|dessen|leur|which|who)\b",
    re.IGNORECASE,
)
"""How a sentence begins that explains papers, or tells of somebody else's."""
_OWNER = re.compile(r"\b(?P<name>[A-Z]\w+)['’]s?\s")
_THING = re.compile(
    r"\b(?:cloud|edition|store|cli|api|platform|suite|mail|drive|app|apps|studio|desk"
    r"|hub|server|sdk"
    r"|enterprise|online|connect|pay|sign|chat|vault|portal|engine|service|database)\b",
    re.IGNORECASE,
)
"""Words that products are named with, and places, dates and criteria are not."""
_SOLD = re.compile(
    r"\b(?:(?:co-?)?locations?|hosting|housing|backups?|storage|servers?|desks?"
    r"|operations cent(?:er|re)"
    r"|remote hands|cross[- ]connects?|connectivity|transit|e-?mail|vpn|firewalls?"
    r"|dns|cdn|databases?"
    r"|kubernetes|containers?|apis?|apps?|portals?|platforms?|payroll|messaging|chat|archives?"
    r"|telephony|voice|internet access|virtual machines|desktops?|websites?|managed [\w ]+"
    r"|\w+ services?|\w+ as a service)$",
    re.IGNORECASE,
)
"""How names of services end that are printed without capitals."""
_NO_SERVICE = re.compile(
    r"\b(?:(?:19|20)\d\d|criteri\w+|kriterien|controls?|principles?|polic\w+|procedures?"
    r"|requirements?|rules?|safeguards|standorte?|sites?|locations|offices|regions?|countries"
    r"|data ?cent(?:er|re)s?|rechenzentr\w+|plans?|tiers?|customers?|users?|employees"
    r"|period|months?|year|Ltd|GmbH|Inc|LLC|AG|plc|UG|SAS|KG)\b",
    re.IGNORECASE,
)
_CRITERION = re.compile(
    r"^(?:the |die )?(?:trust services? )?(?:criteria|kriterien)(?: of| for|:)?\s+"
    r"|\s+(?:trust services? )?"
    r"(?:criteria|principles|categories|kriterien)$",
    re.IGNORECASE,
)
_CRITERIA = frozenset(
    ("security", "availability", "confidentiality", "processing integrity", "privacy")
)
_FOREIGN_CRITERIA = frozenset(
    [
        "sicherheit",
        "verfügbarkeit",
        "vertraulichkeit",
        "datenschutz",
        "integrität",
        "sécurité",
        "disponibilité",
        "confidentialité",
        "seguridad",
        "disponibilidad",
        "confidencialidad",
    ]
)


def names(context: Context, body: str) -> list[str]:
    """Return the services that a paper is said to cover; none where it covers anything else."""
    found = _of_own_paper(context, body)
    if found is None:
        return []
    called = _CALLED.match(found["list"])
    listed = _parted(found["list"][called.end() :] if called else found["list"])
    if not listed or not all(_is_service(context, name) for name in listed):
        return []
    if len(listed) == 1 and not (called or _is_own_product(context, listed[0])):
        return []  # "covers Germany", "covers our platform": one name alone has to be a product's.
    alike = len({name.split()[0] for name in listed}) == 1
    plain = any(not services.is_titled(name) for name in listed)
    told = called or alike or plain or any(_named_as(context, name) for name in listed)
    return listed if told else []


def is_of_criteria(context: Context, body: str) -> bool:
    """Return whether a sentence says which trust services criteria a report of a named standard
    covers: that limits it."""
    found = _of_own_paper(context, body)
    if found is None or not context.mentions(found["head"]):
        return False
    listed = _parted(_CRITERION.sub("", found["list"]))
    return any(words.fold(name) in _CRITERIA | _FOREIGN_CRITERIA for name in listed)


def _of_own_paper(context: Context, body: str) -> re.Match[str] | None:
    """Return how a sentence says what a paper of the page's own covers."""
    found = COVERS.match(body)
    head = found["head"] if found else ""
    own = PAPER.search(head) and not _ANYBODYS.search(head) and not is_anothers(context, head)
    return found if own else None


def is_anothers(context: Context, head: str) -> bool:
    """Return whether a paper is said to be somebody's whom the page is not named after
    ("Amberfield's SOC 2 report")."""
    owner = _OWNER.search(head)
    return owner is not None and words.fold(owner["name"]) not in _own(context)


def are_products(context: Context, listed: list[str]) -> bool:
    """Return whether names behind "our report covers" are products': titled, none a standard, a
    criterion or a date."""
    others = any(
        context.mentions(name)
        or words.fold(name) in _CRITERIA
        or re.search(r"\b(?:19|20)\d\d\b", name)
        for name in listed
    )
    titled = all(map(services.is_titled, listed))
    return titled and not others and any(map(_THING.search, listed))


def _parted(text: str) -> list[str]:
    """Return the names of a sentence's list; its last "and" parts them, whatever their letters."""
    *before, last = services.split(text, sentence=True) or [""]
    return services.split(", ".join((*before, *_AND.split(last, maxsplit=1))))


def _is_service(context: Context, name: str) -> bool:
    if context.mentions(name) or _is_other(name):
        return False
    if services.is_titled(name):
        return services.nameable(name)
    return name == name.lower() and len(name.split()) <= 4 and _SOLD.search(name) is not None


def _is_other(name: str) -> bool:
    folded = words.fold(name)
    return folded in _CRITERIA | _FOREIGN_CRITERIA or _NO_SERVICE.search(name) is not None


def _named_as(context: Context, name: str) -> bool:
    """Return whether a name is printed as products are, or begins with the page's own."""
    return bool(_THING.search(name)) or words.fold(name).split()[0] in _own(context)


def _is_own_product(context: Context, name: str) -> bool:
    """Return whether a name is the page's own with more words behind it ("Marrow Backup")."""
    first, _, rest = words.fold(name).partition(" ")
    return services.is_titled(name) and bool(rest) and first in _own(context)


def _own(context: Context) -> list[str]:
    """Return the folded words of the page's title and H1, by which it calls its own."""
    heads = (block.text for block in context.blocks if block.kind == "heading" and block.level == 1)
    return re.findall(r"\w+", words.fold(" ".join((context.document.title or "", *heads))))
