"""What a clause says of a standard, completed: what it rests on, who granted and tested it,
how long it is valid, how often.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from pipeline.extract import vocabulary
from pipeline.extract.clauses import Clause
from pipeline.model import Stance
from pipeline.standards import Mention

_AUTHORITY = re.compile(
    r"\b(?P<verb>granted|issued|awarded|approved|authori[sz]ed|conferred|signed|sponsored"
    r"|provided|received|from|by)?\s*\b(?:by|from)\s+(?:the\s+"
    r"|an?\s+)?(?P<name>[A-Z][\w.&’'/-]*(?:\s+(?:(?:of|for|the|and|on"
    r"|in)\s+)*(?:\([A-Z][\w-]*\)|[A-Z][\w.&’'/()-]*))*)"
)
_TESTED = re.compile(
    r"\b(?i:audited|assessed|examined|tested|certified|validated|evaluated|verified|attested"
    r"|reviewed|performed|conducted|completed|audits?|assessments?|examinations?"
    r"|attestations?)\s+(?:\w+\s+){0,2}?by\s+(?:the\s+"
    r"|an?\s+)?(?P<name>[A-Z][\w.&’'-]*(?:\s+(?:(?:of|for|the|and|&)\s+)?[A-Z][\w.&’'-]*)*)"
)
_REPORTED = re.compile(
    r"\b(?:report|examination|opinion)\b(?:[^.;]|\.(?! [A-Z])){0,80}?\b(?:issued|prepared"
    r"|written) by\s+(?:the\s+|an?\s+)?(?P<name>[A-Z][\w.&’'-]*(?:\s+(?:(?:of|for|the|and"
    r"|&)\s+)?[A-Z][\w.&’'-]*)*)"
)
"""Who issued a report tested what it reports on: "Our SOC 2 report was issued by …"."""
_VALID = re.compile(
    r"\bvalid(?:ity)?\s+(?:until|through|till|to|from|(?:for|of)(?=[^.,;()]*(?:\d|\b(?:year"
    r"|month|day)s?\b)))\s+(?P<a>[^.,;()]+)|\b(?:covers?|covering"
    r"|for) the (?:\w+ )?period (?:from |of |between )?(?P<b>[^.;()]+)|\bexpir(?:es|ing"
    r"|y)(?: on| date| in)?:?\s+(?P<c>[^.,;()]+)"
    r"|\b(?:gültig bis(?: zum)?|valable jusqu['’](?:au|en)|válid[oa] hasta(?: el)?"
    r"|valid[oa] fino al|geldig tot)\s+(?P<d>[^,;()]+?)(?=[.,;()]?\s*$|[,;()])"
    r"|\bbis (?:zum )?(?P<e>\d[^,;()]{3,30}?) gültig\b",
    re.IGNORECASE,
)
_CADENCE = re.compile(
    r"\b(?:at least )?(?:annual(?:ly)?|yearly|semi-?annual(?:ly)?|bi-?annual(?:ly)?|quarterly"
    r"|monthly|every (?:\w+ )?(?:year|month|quarter)s?|(?:once|twice) (?:a|per) year"
    r"|each (?:year|quarter))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence says of one standard.

    `subject` is None for "we", "our", or nobody named.
    """

    mention: Mention
    stance: Stance
    basis: str | None
    subject: str | None = None
    authority: str | None = None
    assessor: str | None = None
    valid: str | None = None
    cadence: str | None = None
    level: str | None = None


def completed(said: Statement, clause: Clause, rest: str = "") -> Statement:
    """Return a statement with what its clause says of basis, authority, assessor,
    validity and cadence; `rest` may tell the validity.
    """
    text, mention = clause.text, said.mention
    told = _told(text)
    rests_on = said.basis or told.basis
    tested = _mine(told.tested, mention, clause)
    granted = (
        None
        if tested or rests_on not in ("authorized", "provisional", "certified")
        else _mine(_AUTHORITY.search(text), mention, clause)
    )
    valid = _mine(told.valid, mention, clause) or _VALID.search(rest)
    return replace(
        said,
        basis="aligned" if said.stance == "supports" else rests_on,
        authority=granted["name"].strip(" .()") if granted else None,
        assessor=tested["name"].strip(" .()") if tested else None,
        valid=validity(valid[0]) if valid else None,
        cadence=told.cadence,
    )


class _Told(NamedTuple):
    """What a clause says of whichever standard it names."""

    basis: str | None
    tested: re.Match[str] | None
    valid: re.Match[str] | None
    cadence: str | None


@lru_cache(maxsize=4096)
def _told(text: str) -> _Told:
    tested = _TESTED.search(text) or _REPORTED.search(text)
    cadence = _CADENCE.search(text)
    return _Told(basis(text), tested, _VALID.search(text), cadence[0] if cadence else None)


def validity(text: str) -> str | None:
    """Return until when, or for which period, a text says that something is valid.

    None where it says neither.
    """
    found = _VALID.search(text)
    return next((group.strip() for group in found.groups() if group), None) if found else None


def basis(text: str) -> str | None:
    """Return what a text says a standard's holding rests on, None when it says nothing."""
    return next((name for name, pattern in vocabulary.BASES if pattern.search(text)), None)


def _mine(found: re.Match[str] | None, mention: Mention, clause: Clause) -> re.Match[str] | None:
    """Return what was found, unless it is in a bracket behind another standard than this one."""
    if found is None:
        return None
    opened = clause.text.rfind("(", 0, found.start() + 1)
    inside = opened >= 0 and ")" not in clause.text[opened : found.start()]
    between = clause.text[mention.end - clause.start : opened] if inside else ""
    return (
        None
        if inside and (opened < mention.end - clause.start or "," in between or " and " in between)
        else found
    )
