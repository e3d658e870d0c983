"""A statement on a vendor and a period → text, HTML to print, and JSON.

Draws; what it states was found and proved by others.
"""

from __future__ import annotations

import json as written
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

from pipeline import visible
from pipeline.report import drawing, phrases

if TYPE_CHECKING:
    from pipeline.model import Statement, Watched

MOST = 200
"""So many changes are listed."""


def headline(said: Statement) -> str:
    """Return what is stated, in a sentence."""
    pages = phrases.count(len(said.pages), "page")
    if said.verdict == "unknown":
        return "Nothing can be stated: the record does not reconcile."
    if said.verdict == "changed":
        changes = phrases.count(len(said.changes), "change")
        return (
            f"{changes} of claims {'was' if len(said.changes) == 1 else 'were'} "
            f"observed on {pages}."
        )
    return f"No change of any claim was observed on {pages}."


def beside(said: Statement) -> tuple[str, ...]:
    """Return what is said beside it: changes that touch no claim,
    and those that our own reading made.
    """
    lines = []
    if said.aside:
        lines.append(
            f"{phrases.count(said.aside, 'change')} of wording or page facts touched no claim."
        )
    if said.ours:
        what = phrases.count(said.ours, "difference")
        lines.append(f"{what} came from our own re-reading or configuration, not from the pages.")
    return tuple(lines)


def span(said: Statement, zone: tzinfo = UTC) -> str:
    """Return the period in words."""
    return f"{phrases.instant(said.since, zone)} to {phrases.instant(said.until, zone)}"


def page_lines(page: Watched, zone: tzinfo = UTC) -> tuple[str, ...]:
    """Return how a page was watched, a line each."""
    if not page.looks:
        return ("no look in the period",)
    looks = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in page.results)
    ends = f"first {_when(page.first_at, zone)}, last {_when(page.last_at, zone)}"
    return (
        f"{phrases.count(page.looks, 'look')} ({looks}): {ends}",
        f"last good look {_when(page.last_good_at, zone)}; "
        f"longest time without one: {_long(page.gap)}",
        f"{phrases.count(page.captures, 'different capture')}, "
        "each read again and found to have its SHA-256",
    )


def text(said: Statement, zone: tzinfo = UTC) -> str:
    """Return the statement as plain text."""
    return visible.text("\n".join(_lines(said, zone)) + "\n")


def _lines(said: Statement, zone: tzinfo) -> Iterator[str]:
    yield f"Statement on {visible.line(said.vendor)}"
    yield span(said, zone)
    yield ""
    yield from (headline(said), *beside(said))
    yield from _listed("Why nothing can be stated", said.problems)
    yield from _listed("Changes", [_change(row, zone) for row in said.changes[:MOST]])
    if len(said.changes) > MOST:
        yield f"  and {len(said.changes) - MOST:,} more"
    yield from _listed("What limits this statement", said.limits)
    yield "\nPages"
    for page in said.pages:
        yield f"  {page.page}  {visible.line(page.url)}"
        yield from (f"    {line}" for line in page_lines(page, zone))
        if page.line:
            yield f"    line {page.line} of its journal, SHA-256 {page.head}"
    yield f"\nMade {phrases.instant(said.made_at, zone)}."
    if said.head:
        yield phrases.witness(said.head)


def _listed(title: str, lines: Any) -> Iterator[str]:
    if lines:
        yield f"\n{title}"
        yield from (f"  - {visible.line(line)}" for line in lines)


def _change(row: Any, zone: tzinfo) -> str:
    seen = _when(datetime.fromisoformat(row["first_seen"]), zone)
    said = phrases.capital(row["summary"])
    return (
        f"{row['id']} {row['severity']}: {said} ({row['page']}, first seen {seen}, {row['status']})"
    )


def json(said: Statement) -> str:
    """Return the statement as JSON."""
    values = {"statement": headline(said), **asdict(said)}
    return written.dumps(visible.values(_plain(values)), ensure_ascii=False, indent=2) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return phrases.iso(value)
    if isinstance(value, timedelta):
        return round(value.total_seconds() / 3600, 1)
    if isinstance(value, dict):
        named = {"gap": "gap_hours"}
        return {named.get(name, name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def html(said: Statement, zone: tzinfo = UTC) -> str:
    """Return the statement as one self-contained page, made to be printed and signed:
    no script, no outside resource.
    """
    return (
        drawing.pages(zone)
        .get_template("statement.html")
        .render(
            said=said,
            headline=headline(said),
            beside=beside(said),
            span=span(said, zone),
            lines=partial(page_lines, zone=zone),
            most=MOST,
            witness=phrases.witness(said.head) if said.head else "",
            at=partial(_when, zone=zone),
            day=partial(phrases.day, zone=zone),
            **drawing.style("style.css", "profile.css"),
        )
    )


def _when(at: datetime | None, zone: tzinfo) -> str:
    return phrases.instant(at, zone) if at else "never"


def _long(time: timedelta) -> str:
    hours = int(time.total_seconds() // 3600)
    return phrases.count(hours, "hour") if hours < 48 else phrases.count(hours // 24, "day")
