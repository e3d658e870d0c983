"""Comparison, what is held already → Verdict: do so many claims come or go at once that the page itself must be doubted?

It asks whether the page still reads, never about one standard: a page that drops a few while its other text stays is told at
once. Pure, and a function of a page's captures in the order of their time, so that a backfill comes to the same end.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from pipeline import words
from pipeline.config import Guard
from pipeline.model import Comparison, Document, HeldBack, Page, Reading, Run, Snapshot, Verdict

SAME_FOR = timedelta(hours=24)
HELD_FOR = timedelta(days=3)
AGAIN = (timedelta(minutes=15), timedelta(minutes=60))
"""When a page is looked at again after a first doubt: a glitch has healed by then."""

Held = Sequence[tuple[datetime, str]]
"""The captures that are held back since the last good one, oldest first: when, and what each shows, as `shown` gives it."""


def verdict(
    found: Comparison, before: Reading, after: Reading, snapshot: Snapshot, guard: Guard, held: Held
) -> Verdict:
    """Say whether a capture is held back as a mass change: most claims gone, a column emptied, or most claims new."""
    if _released(snapshot, after, held):
        return Verdict()
    reason = _loss(found, guard) or _column(found, before.document, after.document, guard)
    if reason is None and not _asked(snapshot, held):
        reason = _gain(found, guard)
    return Verdict("mass-change", reason) if reason else Verdict()


def shown(reading: Reading) -> str:
    """Return the SHA-256 of the text that a reading found, its form aside: a token that changes with every look is no other page."""
    text = "\n".join(words.fold(block.text) for block in reading.document.blocks)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def again(run: Run) -> tuple[tuple[datetime, Page], ...]:
    """Return the pages that a run doubts, each with when to look at it again."""
    doubted = [
        (one.look, one.since or one.look.looked_at)
        for one in run.outcomes
        if isinstance(one, HeldBack) and one.good
    ]
    due = [(next_look(((since, ""),), look.looked_at), look.page) for look, since in doubted]
    return tuple((at, page) for at, page in due if at is not None)


def next_look(held: Held, looked_at: datetime) -> datetime | None:
    """Return when a page with captures held back is to be looked at again, before its schedule says so; None when that is over."""
    if not held:
        return None
    return next((at for pause in AGAIN if (at := held[0][0] + pause) > looked_at), None)


def _loss(found: Comparison, guard: Guard) -> str | None:
    stood = [
        after for before, after in found.pairs if before is not None and before.kind != "metadata"
    ]
    lost = sum(after is None for after in stood)
    if lost < guard.min_claims or lost <= guard.share * len(stood):
        return None
    return (
        f"{lost} of {len(stood)} claims would go at once: the page broke, or our reading of it did"
    )


def _column(found: Comparison, before: Document, after: Document, guard: Guard) -> str | None:
    """Tell a matrix whose column is there still, with nothing in it: ticks that became a picture, or a script's to draw."""
    lost = sum(
        one is not None and one.kind == "service" and other is None for one, other in found.pairs
    )
    if lost < guard.min_claims:
        return None
    (filled, _), (still, rows) = _columns(before), _columns(after)
    for label, count in filled.items():
        if count >= guard.min_claims and rows[label] * 2 >= count and not still[label]:
            return f'the column "{" / ".join(label)}" lost all its {count} cells while it still stands: its marks are no text any more'
    return None


def _columns(document: Document) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]:
    """Return how many cells of each column say something, and how many there are."""
    filled: Counter[tuple[str, ...]] = Counter()
    rows: Counter[tuple[str, ...]] = Counter()
    for block in document.blocks:
        for cell in block.cells if block.kind == "row" else ():
            if cell.headers:
                rows[cell.headers] += 1
                filled[cell.headers] += bool(cell.text.strip())
    return filled, rows


def _gain(found: Comparison, guard: Guard) -> str | None:
    now = [
        before for before, after in found.pairs if after is not None and after.kind != "metadata"
    ]
    new = sum(before is None for before in now)
    if new < guard.min_claims or new <= guard.share * len(now):
        return None
    return f"{new} of {len(now)} claims would be new at once: another page may stand in its place; a second look decides"


def _asked(snapshot: Snapshot, held: Held) -> bool:
    """Say whether a capture was held back before, long enough ago for a second look: what came is asked about once."""
    return any(snapshot.captured_at - at >= AGAIN[0] for at, _ in held)


def _released(snapshot: Snapshot, after: Reading, held: Held) -> bool:
    """Say whether time speaks for a capture: the same text a day apart, or nothing better for three days."""
    same = any(text == shown(after) and snapshot.captured_at - at >= SAME_FOR for at, text in held)
    return same or bool(held and snapshot.captured_at - held[0][0] >= HELD_FOR)
