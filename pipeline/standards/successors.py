"""EditionFact → the sentence that an analyst reads of it: what took the edition's place, what ended
when, who says so.

Each kind of standard ends in its own way: a certificate has to move, an assessment keeps its term,
a module becomes historical. No clock, so no tense: a day is named, and whether it has passed is for
the reader to see.
"""

from __future__ import annotations

import re

from pipeline.standards.entries import EVERY, EditionFact
from pipeline.standards.tails import bare

_DEADLINES = {
    "certificates": "last day for certificates to move: {}",
    "assessments": "no new assessments after {}",
    "submissions": "last day for submissions: {}",
    "contracts": "last day to replace contracts: {}",
    "modules": "validated modules are historical after {}",
    "withdrawal": "day of its withdrawal: {}",
    "programme": "day on which the programme closed: {}",
}
"""What ends on the day of a fact, in words that are as true before that day as after it."""
_WHOSE = {"accreditation body": "an accreditation body", "third party": "a third party only"}
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"[vV]?(\d+(?:\.\d+)*)")


def chain(facts: tuple[EditionFact, ...], edition: str | None) -> tuple[EditionFact, ...]:
    """Return the fact of a printed edition and those of its successors, oldest first; empty where
    none is known."""
    found: list[EditionFact] = []
    while (fact := _next(facts, edition)) and fact not in found:
        found.append(fact)
        edition = fact.superseded_by
    return tuple(found)


def _next(facts: tuple[EditionFact, ...], edition: str | None) -> EditionFact | None:
    return next(
        (
            fact
            for fact in facts
            if fact.superseded_by
            and (fact.edition == EVERY or (edition and bare(fact.edition) == bare(edition)))
        ),
        None,
    )


def sentence(name: str, facts: tuple[EditionFact, ...]) -> str:
    """Return what to know of a superseded edition: "ISO/IEC 27001:2013 was superseded by the 2022
    edition; last day …".

    `name` is the standard with its edition; `facts` are its `chain`, at least one.
    """
    first = facts[0]
    later = "".join(f", and that by {_named(fact.superseded_by)}" for fact in facts[1:])
    parts = [f"{name} was superseded by {_named(first.superseded_by)}{later}"]
    if first.until:
        parts.append(_DEADLINES[first.deadline].format(first.until))
    if first.recommended_from:
        parts.append(f"recommended for periods that end on or after {first.recommended_from}")
    return "; ".join(parts) + _remark(first)


def _named(successor: str | None) -> str:
    """Return a successor as prose: "the 2022 edition", "version 4.0", "Rev. 5"."""
    name = successor or ""
    if _YEAR.fullmatch(name):
        return f"the {name} edition"
    number = _NUMBER.fullmatch(name)
    return f"version {number[1]}" if number else name


def _remark(fact: EditionFact) -> str:
    """Return the note in brackets, and whose page was read if it is not the issuer's."""
    whose = f"checked at a page of {_WHOSE[fact.checked_at]}" if fact.checked_at in _WHOSE else ""
    words = "; ".join(part for part in (fact.note, whose) if part)
    return f" ({words})" if words else ""
