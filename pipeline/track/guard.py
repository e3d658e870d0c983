"""Comparison, what is held already → Verdict: is this still that page, and do so many claims come
or go that it must be doubted?

It asks whether the page still reads, never about one standard: a page that drops a few while its
other text stays is told at once, and so is one that drops them all. Pure, and a function of a
page's captures in the order of their time, so that a backfill comes to the same end.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pipeline import words
from pipeline.config import Guard
from pipeline.health import identity
from pipeline.model import (
    Comparison,
    Document,
    HeldBack,
    Known,
    Page,
    Reading,
    Run,
    Snapshot,
    Verdict,
)
from pipeline.track.cases import Held

SAME_FOR = timedelta(hours=24)
HELD_FOR = timedelta(days=3)
AGAIN = (timedelta(minutes=15), timedelta(minutes=60))
"""When a page is looked at again after a first doubt: a glitch has healed by then."""


@dataclass(frozen=True, slots=True)
class Step:
    """A capture beside the last good one, as they were read and compared.

    `earlier` reads the good captures before that, newest first:
    it is asked where the last one leaves a doubt.
    """

    snapshot: Snapshot
    known: Known
    before: Reading
    after: Reading
    found: Comparison
    earlier: Callable[[], Sequence[Reading]] = tuple


def verdict(step: Step, guard: Guard, held: Held) -> Verdict:
    """Say whether a capture is held back: as cut off, as another page, or as a mass change.

    Another page is one that has nothing of the text of this one. Where it claims no standard
    either, or was found at another address, time never makes it the page: only a person does. A
    mass change (most claims gone, a column emptied, most claims new, the page rewritten as a whole)
    is let go by time.
    """
    if identity.cut(step.before, step.after):
        return Verdict("truncated", "the page ends within a sentence that went on before")
    other = _other(step)
    if other is not None and (_elsewhere(step) or not _claims(step.after)):
        return Verdict("other-page", other)
    if _released(step.snapshot, step.after, held):
        return Verdict()
    before, after = step.before.document, step.after.document
    reason = other or _loss(step.found, guard) or _column(step.found, before, after, guard)
    if reason is None and not _asked(step.snapshot, held):
        reason = _gain(step.found, guard)
    return Verdict("mass-change", reason) if reason else Verdict()


def _other(step: Step) -> str | None:
    """Say what is missing of the page where another one seems to stand in its place.

    A file in a repository is what its authors wrote: nothing stands between them and us.
    """
    if step.snapshot.origin == "git":
        return None
    names = identity.names(step.snapshot.page, step.before)
    found = identity.likeness(step.before, step.after, names)
    if found.same:
        return None
    earlier = step.earlier()
    again = (identity.likeness(one, step.after, names) for one in earlier)
    if identity.likeness(step.before, step.after, names, earlier).same or any(
        a.same for a in again
    ):
        return None
    return f"{_way(step)}{found.reason}{_instead(step)}"


def _way(step: Step) -> str:
    return f"redirected to {_place(step.snapshot.url)}, where " if _elsewhere(step) else ""


def _instead(step: Step) -> str:
    shown = next((block.text for block in step.after.document.blocks if block.text.strip()), "")
    return f': it begins "{words.squeeze(shown)[:60]}"' if shown else ": it is empty"


def _elsewhere(step: Step) -> bool:
    """Say whether a capture was found at another address than the last good one."""
    usual = step.known.url or step.snapshot.page.url
    return bool(step.snapshot.redirects) and _place(usual) != _place(step.snapshot.url)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/') or '/'}"


def _claims(reading: Reading) -> bool:
    return any(claim.kind == "standard" and claim.stance == "claimed" for claim in reading.claims)


def shown(reading: Reading) -> str:
    """Return the SHA-256 of the text that a reading found, its form aside: a token that changes
    with every look is no other page."""
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
    """Return when a page with captures held back is to be looked at again, before its schedule says
    so; None when that is over."""
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
    """Tell a matrix whose column is there still, with nothing in it: ticks that became a picture,
    or a script's to draw."""
    lost = sum(
        one is not None and one.kind == "service" and other is None for one, other in found.pairs
    )
    if lost < guard.min_claims:
        return None
    (filled, _), (still, rows) = _columns(before), _columns(after)
    for label, count in filled.items():
        if count >= guard.min_claims and rows[label] * 2 >= count and not still[label]:
            return (
                f'the column "{" / ".join(label)}" lost all its {count} cells while it still '
                "stands: its marks are no text any more"
            )
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
    return (
        f"{new} of {len(now)} claims would be new at once: another page may stand in its place; "
        "a second look decides"
    )


def _asked(snapshot: Snapshot, held: Held) -> bool:
    """Say whether a capture was held back before, long enough ago for a second look: what came is
    asked about once."""
    return any(snapshot.captured_at - at >= AGAIN[0] for at, _ in held)


def _released(snapshot: Snapshot, after: Reading, held: Held) -> bool:
    """Say whether time speaks for a capture: the same text a day apart, or nothing better for three
    days."""
    same = any(text == shown(after) and snapshot.captured_at - at >= SAME_FOR for at, text in held)
    return same or bool(held and snapshot.captured_at - held[0][0] >= HELD_FOR)
