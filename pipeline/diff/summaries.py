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


def summary(change: Change) -> str:
    """Return the change in one sentence, as an analyst would say it."""
    return _SUMMARIES[change.kind](change)


def short(text: str | None) -> str:
    """Return the text on one line, cut at a word when it is long for a sentence."""
    text = words.squeeze(text or "")
    return (
        text
        if len(text) <= thresholds.SHORTEST
        else text[: thresholds.SHORTEST].rsplit(" ", 1)[0] + " …"
    )


def _product(change: Change) -> str:
    if change.change == "renamed":
        return f"{change.before} is now called {change.after}"
    return (
        f"The page {'now' if change.change == 'added' else 'no longer'} speaks for "
        f"{change.after or change.before}"
    )


def _standard(change: Change) -> str:
    name = change.standard_name or change.standard or "standard"
    if change.change in ("added", "removed"):
        return _came_or_went(change)
    if change.change == "renamed":
        return f"{change.before} is now {change.after}"
    if change.field == "subject":
        others = f" and {_counted(change.count - 1, 'more claim')}" if change.count > 1 else ""
        return f"{name}{others} handed from {change.before} to {change.after}"
    if change.field == "standard":
        return f"{change.before} replaced by {change.after}"
    return f"{name}: {_field(change, change.before, change.after)}"


def _came_or_went(change: Change) -> str:
    claim = change.claim_after or change.claim_before
    stance = (claim.stance if claim else None) or "claimed"
    came = change.change == "added"
    what = {
        "claimed": change.change,
        "supports": f"{change.change}, {'helps' if came else 'helped'} customers comply",
        "planned": "now planned" if came else "no longer planned",
        "unknown": f"{change.change}, its status {'is' if came else 'was'} unclear",
        "not_claimed": "now said not to be held" if came else "no longer said not to be held",
    }[stance]
    first, comma, rest = what.partition(",")
    whose = f" ({change.subject})" if change.subject else ""
    listed = ", with its list of services" if change.reason else ""
    return f"{change.after or change.before} {first}{whose}{comma}{rest}{listed}"


def _service(change: Change) -> str:
    where = _listed(change)
    if change.change == "renamed":
        return f"{change.before} is now called {change.after}, {where}"
    if change.field == "scope":
        return f"{change.after} moved {where.replace('in scope', 'into scope', 1)}"
    if change.field == "group":
        return f"{change.after} moved from {change.from_value} to {change.to_value}, {where}"
    if change.change == "changed":
        return f"{change.after}, {where}: {_field(change, change.from_value, change.to_value)}"
    return (
        f"{change.after or change.before} {'now' if change.change == 'added' else 'no longer'} "
        f"listed {where}"
    )


def _listed(change: Change) -> str:
    """Return where a service stands: in or out of which scope,
    of which standards, in which group.
    """
    claim = change.claim_after or change.claim_before
    scope = f"{'out of' if claim and claim.scope == 'out' else 'in'} scope"
    name = change.standard_name or change.standard
    # Several lists that changed alike, one for each standard, are change together.
    more = (
        f" and {_counted(len(change.examples) - 1, 'more standard')}"
        if name in change.examples and len(change.examples) > 1
        else ""
    )
    group = f" ({claim.group})" if claim and claim.group and change.field != "group" else ""
    return scope + (f" for {name}{more}" if name else "") + group


def _note(change: Change) -> str:
    name = (
        f"{change.standard_name or change.standard} note"
        if change.standard_name or change.standard
        else "Note"
    )
    if change.change == "changed" and change.field == "standard":
        text = short(change.source_after.text if change.source_after else None)
        old, new = (
            c.standard_name or c.standard or "no standard" if c else "no standard"
            for c in (change.claim_before, change.claim_after)
        )
        return f"Note now stands with {new} instead of {old}: “{text}”"
    return f"{name} {change.change}: “{short(change.after or change.before)}”"


def _evidence(change: Change) -> str:
    if change.change in ("added", "removed"):
        return f"Document {change.change}: {short(change.after or change.before)}"
    if change.field == "name":
        what = f"{change.count} documents" if change.count > 1 else "Document"
        return f"{what} renamed: {short(change.before)} → {short(change.after)}"
    if change.count > 1:
        return f"{change.count} document links moved alike: {change.before} → {change.after}"
    return f"Link of {short(change.name)} changed"


def _supplier(change: Change) -> str:
    if change.change == "renamed":
        return f"Supplier {change.before} is now called {change.after}"
    if change.change == "changed":
        return f"Supplier {change.name}: {_field(change, change.before, change.after)}"
    claim = change.claim_after or change.claim_before
    facts = (claim.purpose, claim.location) if claim else ()
    said = ", ".join(short(fact) for fact in facts if fact)
    return (
        f"Supplier {change.change}: {change.after or change.before}{f' ({said})' if said else ''}"
    )


def _metadata(change: Change) -> str:
    if change.change == "renamed":
        return f"Page title: {change.before} → {change.after}"
    name = f"Page {str(change.name).replace('_', ' ')}"
    if change.change in ("added", "removed"):
        return f"{name} {change.change}: {short(change.after or change.before)}"
    return f"{name}: {short(change.before)} → {short(change.after)}"


def _wording(change: Change) -> str:
    if change.field == "link":
        return _link(change)
    if any(mark.op == "cell" and mark.text for mark in change.marks):
        what = {
            "changed": "Table changed",
            "added": "Added to a table",
            "removed": "Removed from a table",
        }[change.change]
        return f"{what}: {grid.summary(change.marks)}"
    if change.change != "changed":
        return f"Text {change.change}: “{short(change.after or change.before)}”"
    old, new = marks.excerpts(change.before or "", change.after or "", thresholds.SHORTEST)
    if not old or not new:
        return f"Words {'added' if new else 'removed'}: “{old or new}”"
    return f"Wording: “{old}” → “{new}”"


def _link(change: Change) -> str:
    what = {"changed": "changed", "added": "added", "removed": "removed"}[change.change]
    if change.count > 1:
        return (
            f"{change.count} links {what}{' alike' if change.reason else ''}: {short(change.name)}"
        )
    return f"Link of {short(change.name)} {what}"


def _field(change: Change, before: str | None, after: str | None) -> str:
    """Return what an attribute was and is; a value that came or went is said to be stated,
    or to be so no longer.
    """
    name = FIELDS.get(change.field or "", change.field or "")
    if change.field == "stance":
        before, after = (STATUS.get(value or "claimed", value or "") for value in (before, after))
    old, new = (
        f"“{short(value)}”" if value and change.field == "condition" else value
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
