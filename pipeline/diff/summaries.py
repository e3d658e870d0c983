"""Change → one sentence in an analyst's words. Says what a change holds, and finds nothing."""

from __future__ import annotations

from collections.abc import Callable

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.texts import grid, marks
from pipeline.model import STATUS, Change, Claim

FIELDS = {
    "stance": "status",
    "url": "link",
    "valid": "validity",
    "scope": "scope",
    "subject": "subject",
}


def title(claim: Claim) -> str:
    """Return a standard's printed name with edition and level, each once."""
    name = claim.standard_name or claim.standard or ""
    lower = name.casefold()
    edition = (
        f":{claim.edition}"
        if (claim.edition or "").isdigit() and len(claim.edition or "") == 4
        else f" {claim.edition}"
    )
    if claim.edition and claim.edition.casefold() not in lower:
        name += edition
    return name + (f" {claim.level}" if claim.level and claim.level.casefold() not in lower else "")


def summary(told: Change) -> str:
    """Return the change in one sentence, as an analyst would say it."""
    return _SUMMARIES[told.kind](told)


def short(text: str | None) -> str:
    """Return the text on one line, cut at a word when it is long for a sentence."""
    text = words.squeeze(text or "")
    return (
        text
        if len(text) <= thresholds.SHORTEST
        else text[: thresholds.SHORTEST].rsplit(" ", 1)[0] + " …"
    )


def _product(told: Change) -> str:
    if told.change == "renamed":
        return f"{told.before} is now called {told.after}"
    return f"The page {'now' if told.change == 'added' else 'no longer'} speaks for {told.after or told.before}"


def _standard(told: Change) -> str:
    name = told.standard_name or told.standard or "standard"
    if told.change in ("added", "removed"):
        return _came_or_went(told)
    if told.change == "renamed":
        return f"{told.before} is now {told.after}"
    if told.field == "subject":
        others = f" and {_counted(told.count - 1, 'more claim')}" if told.count > 1 else ""
        return f"{name}{others} handed from {told.before} to {told.after}"
    if told.field == "standard":
        return f"{told.before} replaced by {told.after}"
    return f"{name}: {_field(told, told.before, told.after)}"


def _came_or_went(told: Change) -> str:
    claim = told.claim_after or told.claim_before
    stance = (claim.stance if claim else None) or "claimed"
    came = told.change == "added"
    what = {
        "claimed": told.change,
        "supports": f"{told.change}, {'helps' if came else 'helped'} customers comply",
        "planned": "now planned" if came else "no longer planned",
        "unknown": f"{told.change}, its status {'is' if came else 'was'} unclear",
        "not_claimed": "now said not to be held" if came else "no longer said not to be held",
    }[stance]
    first, comma, rest = what.partition(",")
    whose = f" ({told.subject})" if told.subject else ""
    listed = f", with {_counted(told.count - 1, 'service')} in scope" if told.count > 1 else ""
    return f"{told.after or told.before} {first}{whose}{comma}{rest}{listed}"


def _service(told: Change) -> str:
    where = _listed(told)
    if told.change == "renamed":
        return f"{told.before} is now called {told.after}, {where}"
    if told.field == "scope":
        return f"{told.after} moved {where.replace('in scope', 'into scope', 1)}"
    if told.field == "group":
        return f"{told.after} moved from {told.from_value} to {told.to_value}, {where}"
    if told.change == "changed":
        return f"{told.after}, {where}: {_field(told, told.from_value, told.to_value)}"
    return f"{told.after or told.before} {'now' if told.change == 'added' else 'no longer'} listed {where}"


def _listed(told: Change) -> str:
    """Return where a service stands: in or out of which scope, of which standards, in which group."""
    claim = told.claim_after or told.claim_before
    scope = f"{'out of' if claim and claim.scope == 'out' else 'in'} scope"
    name = told.standard_name or told.standard
    # Several lists that changed alike, one for each standard, are told together.
    more = (
        f" and {_counted(len(told.examples) - 1, 'more standard')}"
        if name in told.examples and len(told.examples) > 1
        else ""
    )
    group = f" ({claim.group})" if claim and claim.group and told.field != "group" else ""
    return scope + (f" for {name}{more}" if name else "") + group


def _note(told: Change) -> str:
    name = (
        f"{told.standard_name or told.standard} note"
        if told.standard_name or told.standard
        else "Note"
    )
    if told.change == "changed" and told.field == "standard":
        text = short(told.source_after.text if told.source_after else None)
        old, new = (
            c.standard_name or c.standard or "no standard" if c else "no standard"
            for c in (told.claim_before, told.claim_after)
        )
        return f"Note now stands with {new} instead of {old}: “{text}”"
    return f"{name} {told.change}: “{short(told.after or told.before)}”"


def _evidence(told: Change) -> str:
    if told.change in ("added", "removed"):
        return f"Document {told.change}: {short(told.after or told.before)}"
    if told.field == "name":
        what = f"{told.count} documents" if told.count > 1 else "Document"
        return f"{what} renamed: {short(told.before)} → {short(told.after)}"
    if told.count > 1:
        return f"{told.count} document links moved alike: {told.before} → {told.after}"
    return f"Link of {short(told.name)} changed"


def _supplier(told: Change) -> str:
    if told.change == "renamed":
        return f"Supplier {told.before} is now called {told.after}"
    if told.change == "changed":
        return f"Supplier {told.name}: {_field(told, told.before, told.after)}"
    claim = told.claim_after or told.claim_before
    facts = (claim.purpose, claim.location) if claim else ()
    said = ", ".join(short(fact) for fact in facts if fact)
    return f"Supplier {told.change}: {told.after or told.before}{f' ({said})' if said else ''}"


def _metadata(told: Change) -> str:
    if told.change == "renamed":
        return f"Page title: {told.before} → {told.after}"
    if told.change in ("added", "removed"):
        return f"Page fact {told.name} {told.change}: {short(told.after or told.before)}"
    return f"Page fact {told.name}: {short(told.before)} → {short(told.after)}"


def _wording(told: Change) -> str:
    if told.field == "link":
        return _link(told)
    if any(mark.op == "cell" and mark.text for mark in told.marks):
        what = {
            "changed": "Table changed",
            "added": "Added to a table",
            "removed": "Removed from a table",
        }[told.change]
        return f"{what}: {grid.said(told.marks)}"
    if told.change != "changed":
        return f"Text {told.change}: “{short(told.after or told.before)}”"
    old, new = marks.excerpts(told.before or "", told.after or "", thresholds.SHORTEST)
    if not old or not new:
        return f"Words {'added' if new else 'removed'}: “{old or new}”"
    return f"Wording: “{old}” → “{new}”"


def _link(told: Change) -> str:
    what = {"changed": "changed", "added": "added", "removed": "removed"}[told.change]
    if told.count > 1:
        return f"{told.count} links {what}{' alike' if told.reason else ''}: {short(told.name)}"
    return f"Link of {short(told.name)} {what}"


def _field(told: Change, before: str | None, after: str | None) -> str:
    """Return what an attribute was and is; a value that came or went is said to be stated, or to be so no longer."""
    name = FIELDS.get(told.field or "", told.field or "")
    if told.field == "stance":
        before, after = (STATUS.get(value or "claimed", value or "") for value in (before, after))
    old, new = (
        f"“{short(value)}”" if value and told.field == "condition" else value
        for value in (before, after)
    )
    # "Level 2" says itself that it is a level.
    label = "" if (old or new or "").casefold().startswith(name) else f"{name} "
    if old and new:
        return f"{label}{old} → {new}"
    return f"{label}{new} now stated" if new else f"{label}{old} no longer stated"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_SUMMARIES: dict[str, Callable[[Change], str]] = {
    "product": _product,
    "standard": _standard,
    "service": _service,
    "note": _note,
    "evidence": _evidence,
    "supplier": _supplier,
    "metadata": _metadata,
    "wording": _wording,
}
