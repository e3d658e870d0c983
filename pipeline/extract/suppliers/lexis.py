"""words.toml → what a text says of suppliers: that it lists them, what a column tells of them,
whether it is a name or a place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from pipeline.extract.suppliers import phrases

Role = Literal["name", "purpose", "location", "home", "standards"]
ROLES: tuple[Role, ...] = ("home", "location", "standards", "purpose")
"""What a column tells, in the order in which its words decide;
the words of a name are looked at first and last.
"""

_SUFFIX = (
    r"(?:Inc|LLC|L\.L\.C|Ltd|Limited|LLP|LP|Corp|Corporation|Co|PLC|plc|PBC|GmbH|mbH|AG|SE|KG"
    r"|UG|e\.V|S\.?A\.?S?|SARL|S\.?à\.? ?r\.?l|"
    r"S\.?L\.?U?|B\.?V|N\.?V|A/S|ApS|AB|AS|Oy|Pty|ULC|S\.?p\.?A|S\.?r\.?l|UAB|d\.o\.o|K\.K|Pte)\.?"
)
_WORD = (
    r"(?:(?:[A-ZÀ-ÖØ-Þ]|\d+[A-Za-z])[\w&+-]*(?:\.(?:com|io|ai|net|org|dev|app|co|so"
    r"|cloud))?(?:[’'](?!s\b)\w+)?"
    r"|[a-z]{1,6}[A-Z]\w*|[a-z][\w-]*\.(?:com|io|ai|net|org|dev|app|co|so|cloud))"
)
_JOINT = r"(?:of|de|du|des|la|for|by|und|the|&)"
BARE = rf"(?:{_WORD}(?:(?:\s{_JOINT})?\s{_WORD}|,\s{_SUFFIX}(?!\w)){{0,7}})"
"""A name as running text prints it: capitalised words, and the form of the company."""
NAME = rf"(?:{BARE}(?:\s\([A-Z][\w.&-]*(?:\s[A-Z][\w.&-]*){{0,3}}\))?)"
"""The same, with a short form or a former name in brackets."""
_NAMES = (
    rf"{NAME}(?:,\s{NAME}){{0,30}}(?:,?\s(?:and|und|et|y|e|en|sowie|&)\s(?:the\s|der\s)?{NAME})?"
)
BRACKETED = re.compile(rf"(?P<names>{BARE})\s\((?P<told>[^()]{{3,120}})\)")
"""A name with what stands in brackets behind it, as sentences list several:
"Acme (hosting) and Blue Sky (e-mail) are …".
"""
_OPEN = re.compile(
    r"^(?:\(\?<!\\w\))?(?:\{names\}|\(\?P<(?:purpose|serving)>\[[^\]]+\]\{\d+,\d+\}\??\))(?=.)"
)
"""How a form begins that any words or any name begin."""
_SMALL_NAME = re.compile(r"\d[a-z]|\.[a-z]")
"""What a name has that is printed without capitals."""
_LOWER = frozenset(
    re.findall(
        r"\S+",
        "of and the for by de du des la le y e und et & von van der den im a/s + - – da do di",
    )
)
_JOINTS = _LOWER | frozenset(("our", "other", "it", "para", "pour", "für", "von"))
"""Words that join those of what somebody does: "backups and hosting"."""
_MOST_WORDS, _LONGEST = 8, 70
_TOKEN = re.compile(r"[^\s,()/]+")
_STANDS_IN = re.compile(
    r"^(?:(?:all\s+)?(?:data|servers?|daten|données|datos)\s+(?:(?:is|are|sont|están)\s+)?)?"
    r"(?:(?:hosted|located|based|stored|processed|kept|standort|serverstandort|gehostet"
    r"|hébergé\w*|situé\w*|ubicad\w*|alojad\w*)\s+)?"
    r"(?:in|within|en|à|au|aux|im|nur in|only in)\s+(?:the\s+|der\s+|den\s+|los\s+|la\s+|le\s+)?",
    re.IGNORECASE,
)
_PIECE = re.compile(r"\s*[,;/()+&|·]\s*|\s(?:and|or|und|oder|et|ou|y|o|e)\s")
_SIDE = re.compile(
    r"\b(?:east|west|north|south|central|northern|southern|eastern|western|region|only|the"
    r"|ost|nord|süd|\d+)\b",
    re.IGNORECASE,
)
"""Words that tell a part of a place."""
_FAR = 24
"""Words of a list of places beyond which it is a text."""
_NUMBER = re.compile(r"^\W*(?:\d{1,3}|[a-z])[.)]\s+")
_FOOTNOTES = "*†‡§¹²³ "
_BLANK = re.compile(
    r"(?:n\.?/?a\.?|none|all|keine?|aucun|ninguno|tbd|[\s.,:/_–—-]*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A form of sentence that names suppliers, in the group `names`.

    `core` is what of it does not begin with any words or any name: a search for those looks at
    each place of a text anew, so that they are looked for only where the core is. `behind` says
    that the names cannot be a text's first word: where only that may be a name, the form has no
    place.
    """

    whole: re.Pattern[str]
    core: re.Pattern[str]
    behind: bool


@lru_cache(maxsize=8192)
def matches(path: str, text: str) -> tuple[re.Match[str], ...]:
    """Return the places of a text that have one of a table's forms, form by form."""
    within = names_within(text)
    found: list[re.Match[str]] = []
    for form in sentences(path):
        if (within or not form.behind) and form.core.search(text):
            found += form.whole.finditer(text)
    return tuple(found)


def names_within(text: str) -> bool:
    """Return whether a text may have a name behind its first word."""
    return not text[1:].islower() or _SMALL_NAME.search(text, 1) is not None


@cache
def sentences(path: str) -> tuple[Sentence, ...]:
    """Return a table's forms of sentences."""
    return tuple(
        Sentence(_form(pattern), _form(_OPEN.sub("", pattern)), _is_behind(pattern))
        for pattern in phrases.listed(path)
    )


def _is_behind(pattern: str) -> bool:
    """Return whether a form's names cannot be a text's first word."""
    before, names, _ = pattern.partition("{name")
    return bool(names) and re.fullmatch(before, "") is None


def _form(pattern: str) -> re.Pattern[str]:
    several = pattern.replace("{names}", f"(?P<names>{_NAMES})")
    return re.compile(several.replace("{name}", f"(?P<names>{NAME})"))


def names(text: str) -> list[str]:
    """Return the names that a text joins."""
    parts = re.split(
        rf",\s(?!{_SUFFIX}(?!\w))(?:(?:and|und|et|y|e|en|sowie|&)\s(?:the\s|der\s)?)?"
        r"|\s(?:and|und|et|y|sowie)\s(?:the\s|der\s)?",
        text,
    )
    return [part.strip(" .,;") if not _ends_short(part) else part.strip(" ,;") for part in parts]


def _ends_short(text: str) -> bool:
    return bool(re.search(rf"\s{_SUFFIX}$", text))


@lru_cache(maxsize=4096)
def role(header: str) -> Role | None:
    """Return what a column, label or term tells of a supplier,
    None where it tells nothing of the kind.
    """
    if len(header.split()) > 7:
        return None
    naming = phrases.words("column.name")
    rest = naming.sub(" ", header)
    for one in ROLES:
        # "Name of sub-processor" names one, "Sub-processor location" tells where one is.
        if phrases.words(f"column.{one}").search(rest if naming.search(header) else header):
            return one
    return "name" if naming.search(header) else None


def is_place(text: str) -> bool:
    """Return whether a text is a place, or several: "Frankfurt, Germany", "hosted in the EU".

    A city needs its country.
    """
    core = _STANDS_IN.sub("", text.strip(" .()"))
    pieces = [piece for piece in _PIECE.split(core) if piece.strip()]
    if not pieces or len(core.split()) > _FAR:
        return False
    known = [_is_known_place(piece) for piece in pieces]
    return any(known) and all(
        is_known or _may_be_city(piece) for piece, is_known in zip(pieces, known, strict=True)
    )


def _may_be_city(piece: str) -> bool:
    tokens = piece.split()
    return not phrases.says("doing", piece) and all(
        token[0].isupper() or token[0].isdigit() or token.casefold() in _LOWER for token in tokens
    )


def _is_known_place(piece: str) -> bool:
    codes = set(phrases.listed("place_codes"))
    rest = _SIDE.sub(" ", phrases.words("place").sub(" ", piece))
    return (rest != piece and not rest.strip()) or all(
        token in codes or not token.strip(".-–") for token in rest.split()
    )


def place(text: str) -> str:
    """Return a place without the words that lead to it."""
    return _STANDS_IN.sub("", text.strip(" .()"))


def is_blank(text: str) -> bool:
    """Return whether a cell says nothing."""
    return bool(_BLANK.fullmatch(text.strip()))


@lru_cache(maxsize=4096)
def is_doing(text: str) -> bool:
    """Return whether a text says what somebody does, in such words alone:
    "Cloud hosting", "Customer support".
    """
    rest = phrases.words("doing").sub(" ", text)
    return rest != text and all(token in _JOINTS for token in re.findall(r"\w+", rest.casefold()))


def bare(name: str) -> str:
    """Return a name without its number in a list and the marks of footnotes."""
    return _NUMBER.sub("", name).strip(_FOOTNOTES)


def core(name: str) -> str:
    """Return a name without the form of the company, by which it is known in running text."""
    return re.sub(rf",?\s{_SUFFIX}$", "", name.strip())


def is_common(token: str) -> bool:
    """Return whether a word with a capital names nobody."""
    return bool(phrases.words("common").fullmatch(token))


def is_label(text: str) -> bool:
    """Return whether a text is what a column is called, and nobody's name."""
    return any(
        phrases.words(f"column.{one}").fullmatch(text.strip(" :")) for one in ("name", *ROLES)
    )


def is_others(heading: str) -> bool:
    """Return whether a heading names others than suppliers: "Our customers",
    and not "Customer support".
    """
    return phrases.says("others", heading) and not is_doing(
        phrases.words("others").sub(" ", heading)
    )


@lru_cache(maxsize=4096)
def is_name(text: str) -> bool:
    """Return whether a text is the name of a company or its product, and of nothing else."""
    tokens = text.strip().split()
    if (
        not 0 < len(tokens) <= _MOST_WORDS
        or len(text) > _LONGEST
        or text.rstrip()[-1] in "?!:;"
        or ": " in text
    ):
        return False
    if is_place(text) or not all(map(_may_name, tokens)):
        return False
    rest = text
    for path in ("common", "doing", "place", "technique"):
        rest = phrases.words(path).sub(" ", rest)
    if _ends_short(text):
        return len(tokens) > 1
    return any(len(token) > 1 and not token.isdigit() for token in _TOKEN.findall(rest))


def _may_name(token: str) -> bool:
    word = token.strip("(),.“”\"'")
    return (
        not word
        or word[0].isupper()
        or word[0].isdigit()
        or word.casefold() in _LOWER
        or any(char.isupper() for char in word)
        or re.fullmatch(r"[\w-]+\.\w{2,5}", word) is not None
    )
