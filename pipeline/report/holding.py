"""Held → what is said of a capture that is held back.

Every output draws its words from here, and so says the same.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from pipeline import visible, words
from pipeline.model import SEVERITIES, Held, Severity, Unconfirmed
from pipeline.report import folding, outcomes, phrases


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of what would change: a change, or those of one batch with what they are about."""

    severity: Severity
    text: str
    names: str = ""


def opening(held: Held, zone: tzinfo = UTC) -> str:
    """Say that the page is held back, since when and why."""
    since = phrases.instant(held.since, zone)
    return f"Held back since {since}: looks broken. {outcomes.fault(held.verdict)}"


def stands(held: Held, zone: tzinfo = UTC) -> str:
    """Say what stands in the meantime."""
    if held.last_good_at is None:
        return "Nothing was read of this page before, so nothing stands."
    read_at = phrases.instant(held.last_good_at, zone)
    return f"What was read on {read_at} still stands, not confirmed since then."


def outlook(held: Held) -> str:
    """Say what would change if the capture were accepted; the changes themselves are `entries`."""
    if held.unsaid is not None:
        return (
            f"What would change if it were accepted cannot be said: {phrases.sentence(held.unsaid)}"
        )
    if held.good is None:
        claims = phrases.count(held.claims, "claim")
        return f"If it were accepted, it would be the baseline of this page, of {claims}."
    if not held.changes:
        return "If it were accepted, nothing would change."
    counts = Counter(item.severity for item in held.changes)
    each = phrases.listing(tuple(f"{counts[one]} {one}" for one in SEVERITIES if counts[one]))
    many = phrases.count(len(held.changes), "change")
    return f"If it were accepted, {many} would be reported, unconfirmed until then: {each}."


def rejection(held: Held, zone: tzinfo = UTC) -> str:
    """Say who said that it is not the page; empty where nobody did."""
    if (word := held.rejected) is None:
        return ""
    on = f" on {phrases.instant(word.at, zone)}" if word.at else ""
    note = f": “{word.note}”" if word.note else ""
    stays = "It stays held back while the page shows this text."
    return f"Rejected by {word.who or 'somebody'}{on}{phrases.sentence(note) or '.'} {stays}"


def ways(held: Held) -> tuple[tuple[str, str], ...]:
    """Return how to accept and how to reject a capture: what it means, and the command."""
    command = f"claimwatch review {held.page.id}"
    return (
        ("To accept it, if it is the page", f"{command} --accept"),
        ("To reject it, if it is not", f'{command} --no-change -m "why"'),
    )


def captures(held: Held) -> tuple[tuple[str, str, datetime], ...]:
    """Return both captures, as far as there are two: what it is,
    its digest and when it was taken.
    """
    newest = ("capture held back", held.digest, held.captured_at)
    if held.good is None or held.last_good_at is None:
        return (newest,)
    return ("last good capture", held.good, held.last_good_at), newest


def entries(held: Held) -> tuple[Line, ...]:
    """Return what would change, most severe first; what is of one batch is one entry."""
    found: dict[object, list[Unconfirmed]] = {}
    for number, item in enumerate(held.changes):
        key = (item.change.batch, item.severity) if item.change.batch else number
        found.setdefault(key, []).append(item)
    return tuple(_entry(same) for same in found.values())


def _entry(same: list[Unconfirmed]) -> Line:
    first = same[0]
    if len(same) == 1:
        times = f" ({first.change.count} times)" if first.change.count > 1 else ""
        return Line(first.severity, words.squeeze(f"{first.change.summary}{times}"))
    names, more = folding.named([item.change for item in same])
    about = ", ".join(map(words.squeeze, names)) + (f" and {more} more" if more else "")
    return Line(first.severity, phrases.capital(first.change.batch or ""), about)


def beyond(held: Held, most: int) -> str:
    """Say how many more entries there are than so many, and where they are;
    empty where there are none.
    """
    more = len(entries(held)) - most
    return f"… and {more} more: claimwatch status" if more > 0 else ""


def plain(held: Held, zone: tzinfo = UTC, most: int = sys.maxsize) -> Iterator[str]:
    """Yield all that is said of a page as lines of plain text, its name first;
    of what would change, so many entries.
    """
    yield f"{phrases.page_name(held.page)} ({held.page.url})"
    yield f"  {opening(held, zone)}"
    yield f"  {stands(held, zone)}"
    yield f"  {outlook(held)}"
    for line in entries(held)[:most]:
        names = f": {line.names}" if line.names else ""
        yield f"    [{line.severity}, unconfirmed] {visible.line(line.text)}{visible.line(names)}"
    if more := beyond(held, most):
        yield f"    {more}"
    if held.rejected:
        yield f"  {rejection(held, zone)}"
    for meaning, command in ways(held):
        yield f"  {meaning}: {command}"
    for name, digest, at in captures(held):
        yield f"  The {name}, of {phrases.instant(at, zone)}: {digest}"
