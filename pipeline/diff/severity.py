"""A change → its default severity, and why in words: the contract's table, row by row.

Knows no rule of the config.
"""

from __future__ import annotations

import re

from pipeline.diff import thresholds
from pipeline.diff.claims import fields
from pipeline.diff.texts import marks
from pipeline.model import STANCES, ChangeKind, ChangeWord, Claim, Severity

Grade = tuple[Severity, str]

HELD = ("claimed", "supports", None)
_LADDER = {
    word: place
    for place, words in enumerate(
        (("low", "e1", "basic"), ("moderate", "i1", "medium"), ("high", "r2"))
    )
    for word in words
}

_TOP_IS_ONE = frozenset({"pci-dss"})
"""Schemes that count their levels downwards: who handles most is on level 1,
and is assessed most strictly.
"""

_PLAIN: dict[tuple[str, str], Grade] = {
    ("standard", "added"): ("high", "a standard is newly listed"),
    ("standard", "renamed"): ("high", "a standard has a new name"),
    ("product", "renamed"): ("high", "the product has a new name"),
    ("product", "added"): ("high", "the page speaks for a further product"),
    ("product", "removed"): ("high", "the page no longer speaks for this product"),
    ("note", "added"): ("high", "a condition or limit was added"),
    ("note", "removed"): ("high", "a condition or limit is no longer stated"),
    ("note", "changed"): ("high", "what limits or dates a claim changed"),
    ("service", "added"): ("medium", "a service is newly in scope"),
    ("service", "removed"): ("high", "a service is no longer listed in scope"),
    ("service", "renamed"): ("medium", "a service has a new name"),
    ("evidence", "added"): ("low", "a document was added"),
    ("evidence", "removed"): ("low", "a document is no longer listed"),
    ("evidence", "changed"): ("low", "a document's name or link changed"),
    ("supplier", "added"): ("medium", "a supplier is newly listed"),
    ("supplier", "removed"): ("medium", "a supplier is no longer listed"),
    ("supplier", "renamed"): ("medium", "a supplier has a new name"),
    ("metadata", "renamed"): ("info", "the page has a new title"),
}
_FIELDS: dict[tuple[str, str], Grade] = {
    ("standard", "subject"): ("high", "the claim was handed to another subject"),
    ("standard", "standard"): ("high", "the standards are named another way"),
    ("standard", "basis"): ("high", "the basis of the claim changed"),
    ("standard", "authority"): ("high", "another authority granted it"),
    ("standard", "assessor"): ("high", "another assessor tested it"),
    ("standard", "valid"): ("high", "the validity changed"),
    ("standard", "cadence"): ("high", "how often it is assessed changed"),
    ("service", "group"): ("medium", "a service moved to another group"),
    ("supplier", "location"): ("medium", "a supplier is named at another place"),
    ("supplier", "standards"): ("medium", "what a supplier is said to hold changed"),
    ("supplier", "purpose"): ("low", "what a supplier does changed"),
    ("service", "condition"): ("medium", "a service's condition changed"),
}


def grade(
    kind: ChangeKind, word: ChangeWord, field: str | None, before: Claim | None, after: Claim | None
) -> Grade:
    """Return the severity of the contract's table, and the row in an analyst's words."""
    if kind == "standard" and word == "removed" and before:
        held = before.stance in HELD
        return (
            ("critical", "a held standard is no longer listed")
            if held
            else ("high", "a standard that was not held is no longer listed")
        )
    if kind == "standard" and word == "added" and after and after.stance == "not_claimed":
        return "high", "the page now says that this standard is not held"
    if kind == "note":
        return _note(word, before, after)
    if kind == "service" and word in ("added", "removed"):
        return _service(word, after if word == "added" else before)
    if word == "changed" and field and before and after:
        special = {"edition": _edition, "level": _level, "stance": _stance, "scope": _scope}.get(
            field
        )
        return (
            special(before, after)
            if special
            else _FIELDS.get(
                (kind, field), _PLAIN.get((kind, word), ("info", "facts of the page changed"))
            )
        )
    if kind == "wording":
        return (
            "info",
            "a link that backs no claim changed"
            if field == "link"
            else "words changed that touch no claim",
        )
    return _PLAIN.get((kind, word), ("info", "facts of the page changed"))


def _note(word: ChangeWord, before: Claim | None, after: Claim | None) -> Grade:
    """Grade a note by its kind: what bounds a claim weighs more than when or
    for whom its paper is to be had.

    A sentence that was read as a note with doubt alerts nobody:
    most of a page's sentences limit no claim.
    """
    severity, why = _PLAIN["note", word]
    margins = [claim.margin for claim in (before, after) if claim and claim.margin is not None]
    kinds = {claim.note_kind for claim in (before, after) if claim}
    # A date that was put off in a line of validity is news,
    # however doubtful the line was to the reader.
    put_off = before and after and kinds <= _DATED and marks.slipped(before.text, after.text)
    if margins and max(margins) < (thresholds.LIKELY if put_off else thresholds.SURE):
        return "low", f"{why}, as far as the sentence could be read"
    return ("medium", why) if kinds <= _DATING else (severity, why)


_DATED = {"validity", "period"}
_DATING = {"validity", "period", "availability", "responsibility", "announcement"}


def _service(word: ChangeWord, claim: Claim | None) -> Grade:
    """Grade a service listed as out of scope by what it says: naming it there takes it out,
    striking it brings nothing in.
    """
    if claim is None or claim.scope != "out":
        return _PLAIN["service", word]
    return (
        ("high", "a service is newly named as out of scope")
        if word == "added"
        else ("medium", "a service is no longer named as out of scope")
    )


def _edition(before: Claim, after: Claim) -> Grade:
    if before.edition and not after.edition:
        return "critical", "the edition is no longer stated"
    if before.edition and after.edition and _number(after.edition) < _number(before.edition):
        return "critical", "the edition was set back"
    return "high", "the edition changed" if before.edition else "an edition is now stated"


def _level(before: Claim, after: Claim) -> Grade:
    old, new = rank(before.level), rank(after.level)
    if before.level and not after.level:
        return "critical", "the level is no longer stated"
    if before.standard in _TOP_IS_ONE:
        old, new = new, old
    if old is not None and new is not None and new < old:
        return "critical", "the level was lowered"
    return (
        "high",
        "the level was raised" if old is not None and new is not None else "the level changed",
    )


def _stance(before: Claim, after: Claim) -> Grade:
    old, new = before.stance or "claimed", after.stance or "claimed"
    if "unknown" in (old, new):
        return "high", "the status changed from or to words that are not known"
    weaker = STANCES.index(new) > STANCES.index(old)
    return (
        ("critical", "the status became weaker")
        if weaker
        else ("high", "the status became stronger")
    )


def _scope(before: Claim, after: Claim) -> Grade:
    return (
        ("high", "a service moved out of scope")
        if after.scope == "out"
        else ("medium", "a service was brought into scope")
    )


def _number(edition: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", edition))


def rank(level: str | None) -> tuple[int, ...] | None:
    """Return where a level stands among its scheme's, None where the words do not say."""
    text = fields.degree(level)
    digits = _number(text)
    named = [_LADDER[word] for word in re.findall(r"\w+", text) if word in _LADDER]
    return (named[0],) if named else digits or None
