"""Our values → the words that people see for them. Holds no markup and decides nothing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

from pipeline import model

if TYPE_CHECKING:
    from pipeline.model import (
        Change,
        Claim,
        Page,
        Told,
    )

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
STATUS = {**model.STATUS, "unknown": "unclear status"}
NO_STANDARD = "no named standard"
DOCUMENTS = {"registry": "registry entry", "standard_text": "text of the standard"}
KINDS = {"evidence": "document", "metadata": "page fact"}
FIELDS = {
    "stance": "status",
    "url": "link",
    "valid": "validity",
    "assessor": "assessor",
    "cadence": "frequency",
}
CAUSES = {
    "reader": "from our re-reading",
    "config": "from a change of our configuration",
    "backfill": "from earlier captures that were added",
}
FINDINGS = {
    "contradiction": "Contradiction",
    "gap": "Missing from a list",
    "expired": "Expired validity",
    "passed": "Planned date has passed",
    "superseded": "Superseded edition",
}
CAUSE_NOTES = {
    "reader": "Our reader improved and read an archived capture differently. "
    "The page itself did not change here.",
    "config": "The way this page is read was changed in the configuration. "
    "The page itself did not change here.",
    "backfill": "These lie in the past: they were found in earlier captures, "
    "not seen live in this run.",
}
_ENDED = re.compile("[.!?…][\"'”’)\\]]*$")


def iso(at: datetime) -> str:
    """Return an aware instant in UTC, as `2023-05-12T06:00:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def instant(at: datetime, zone: tzinfo = UTC) -> str:
    """Return an aware instant in a time zone, as `12 May 2023 06:00 UTC`, whatever the locale."""
    at = at.astimezone(zone)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year} {at:%H:%M} {_zone(at)}"


def minute(at: datetime, zone: tzinfo = UTC) -> str:
    """Return an aware instant in a time zone as lists have it: `2023-05-12 08:00 CEST`."""
    at = at.astimezone(zone)
    return f"{at:%Y-%m-%d %H:%M} {_zone(at)}"


def _zone(at: datetime) -> str:
    # Zones without letters of their own are named by their distance alone, as +04:
    # nobody would take that for a zone.
    name = at.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def day(at: str | None, zone: tzinfo = UTC) -> str:
    """Return the day of an instant, or of a date, that JSON writes, as `12 May 2023`;
    `never` where there is none.
    """
    if not at:
        return "never"
    day = datetime.fromisoformat(at).astimezone(zone) if "T" in at else date.fromisoformat(at)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month(text: str) -> str:
    """Return a month that is written as `2023-05` as `May 2023`."""
    year, _, number = text.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return `1 page`, `2 pages`, `1,204 pages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listing(names: tuple[str, ...]) -> str:
    """Return names joined as in a sentence: `a, b and c`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def capital(text: str) -> str:
    """Return the text with its first letter upper-case and the rest as it is."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return the text as a sentence: a capital, and a full stop unless it already ends."""
    text = text.strip()
    return capital(text) if _ENDED.search(text) else f"{capital(text)}." if text else ""


def status(stance: str | None) -> str:
    """Return a stance as an analyst says it."""
    return STATUS.get(stance or "", "unclear status")


def document(kind: str | None) -> str:
    """Return what kind of document an `evidence` claim names."""
    return DOCUMENTS.get(kind or "", kind or "document")


def value(change: Change, text: str | None) -> str:
    """Return a field's value in people's words; `none given` where there is none."""
    if text is None:
        return "none given"
    return {
        "stance": STATUS.get(text, text),
        "scope": {"in": "in scope", "out": "out of scope"}.get(text, text),
    }.get(change.field or "", text)


def values(change: Change) -> tuple[str, str, str] | None:
    """Return (field, before, after) of a change of one field, None for any other."""
    if not change.field or change.change != "changed":
        return None
    before, after = (
        (change.from_value, change.to_value)
        if change.kind == "service"
        else (change.before, change.after)
    )
    return FIELDS.get(change.field, change.field), value(change, before), value(change, after)


def label(change: Change) -> str:
    """Return what sort of change this is, in two or three words:
    `edition changed`, `document added`.
    """
    kind = KINDS.get(change.kind, change.kind)
    if (
        change.change != "changed"
        or not change.field
        or change.kind in ("wording", "note", "metadata")
    ):
        return f"{kind} {change.change}"
    field = FIELDS.get(change.field, change.field)
    return f"{field} changed" if change.kind == "standard" else f"{kind} {field} changed"


def headline(change: Change) -> str:
    """Return what is printed above a change's text, which says the rest:
    of wording and notes what happened, and where.
    """
    if change.kind == "note" and change.field is None:
        return change.summary.partition(": “")[0]
    if (
        change.kind != "wording"
        or change.field == "link"
        or any(mark.op == "cell" and mark.text for mark in change.marks)
    ):
        return change.summary
    source = change.source_after or change.source_before
    where = f" in “{source.section[-1]}”" if source and source.section else ""
    return {"added": "Text added", "removed": "Text removed"}.get(
        change.change, "Wording changed"
    ) + where


def page_name(page: Page) -> str:
    """Return how a page is called in a heading: vendor, then its id."""
    return f"{page.vendor} · {page.id}" if page.vendor else page.id


def seen(told: Told) -> tuple[tuple[str, datetime | None], ...]:
    """Return when both states of a change were seen, as words each with its instant.

    Never when it happened, which nobody knows.
    """
    earlier, later = {
        "added": ("not yet there at", "first seen"),
        "removed": ("seen until", "first absent at"),
    }.get(told.change.change, ("seen in the old form until", "first seen in the new form"))
    first = (earlier, told.seen_until) if told.seen_until else ("not seen before this", None)
    return first, (later, told.first_seen)


def severity_reason(told: Told) -> str:
    """Return why a change has the severity it has, and the default that a rule
    of the config replaced.
    """
    default = told.change.severity
    ruled = f" (the default is {default}: {told.change.why})" if told.severity != default else ""
    return f"{capital(told.severity)}: {told.why}{ruled}"


def section(item: Change | Claim, root: str | None = None) -> str:
    """Return the path of headings that a change or claim stands under, outermost first,
    without a `root` that all share.
    """
    source = (
        item.source if isinstance(item, model.Claim) else item.source_after or item.source_before
    )
    path = source.section if source else ()
    return " › ".join(path[1:] if root and path[:1] == (root,) else path)


def reading(change: Change) -> str:
    """Return why the claim of a change was read so; empty where nothing had to be judged."""
    return "; ".join(change.reasons)


def certainty(change: Change) -> str:
    """Return how sure a rename is and why; empty where nothing is in doubt."""
    sure = f"{change.confidence:.0%} sure" if change.confidence is not None else ""
    return ": ".join(part for part in (sure, change.reason or "") if part)


def details(claim: Claim) -> tuple[tuple[str, str], ...]:
    """Return what a claim prints of who granted, who tested, how,
    for how long and under what condition.
    """
    pairs = (
        (
            "basis",
            "in a list, without a sentence of its own" if claim.basis == "listed" else claim.basis,
        ),
        ("granted by", claim.authority),
        ("assessed by", claim.assessor),
        ("valid", claim.valid),
        ("how often", claim.cadence),
    )
    return tuple((name, text) for name, text in pairs if text)


def holds(claim: Claim) -> str:
    """Return the standards that a supplier is said to hold, by their names."""
    return ", ".join(claim.standard_names or claim.standards)


def aside(claim: Claim) -> str:
    """Return what belongs to a service beside its name: former name, parts, condition."""
    members = claim.members if len(claim.members) > 1 else ()
    parts = (
        f"formerly {claim.alias}" if claim.alias else "",
        f"names {listing(members)}" if members else "",
        claim.condition or "",
    )
    return "; ".join(part for part in parts if part)


def ordinal(number: int) -> str:
    """Return `2nd`, `3rd`, `11th`."""
    suffix = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{suffix}"


def witness(head: str) -> str:
    """Say where the record stands, to whoever keeps it elsewhere:
    as an outside witness of all before it.
    """
    return (
        f"Head of the record: {head} (kept elsewhere, it proves the record: "
        "claimwatch verify --head)"
    )
