"""Look, Known → Outcome: is it the page, what does it say, what is new? Pure but for the reader's own source.

Health first, then the reading, then the comparison, then the guard: a reading that loses most of a page's claims at once is
held back, until the same bytes came again a day later, it was held for three days, or a person said that it is the page.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from pipeline import diff, health
from pipeline.config import Guard
from pipeline.errors import ClaimwatchError, ParseError
from pipeline.model import (
    Changed,
    Comparison,
    Failed,
    Failure,
    First,
    HeldBack,
    Known,
    Look,
    Outcome,
    Reading,
    Snapshot,
    Unchanged,
    Verdict,
)
from pipeline.track.reader import Reader

SAME_FOR = timedelta(hours=24)
HELD_FOR = timedelta(days=3)

Held = Sequence[tuple[datetime, str]]


def judge(look: Look, known: Known, reader: Reader, *, guard: Guard, held: Held = (), released: Collection[str] = ()) -> Outcome:
    """Return what a look is. `held` are the captures that the guard holds back since the last good one, oldest first.

    `released` are the digests of captures that a person said are really the page: nothing holds those back.

    `known` must be by the reader in force: its reading is made here where it is missing.
    """
    if look.failure:
        return Failed(look, look.failure, known.failures + 1)
    if look.snapshot is None or look.snapshot.digest == known.digest:
        return Unchanged(look)
    verdict = health.verdict(look.snapshot, known)
    vouched = look.snapshot.digest in released
    if not verdict.ok and not vouched:
        return HeldBack(look, verdict)
    try:
        after = reader.reading(look.snapshot)
    except ParseError as error:
        return Failed(look, Failure("parse", str(error)), known.failures + 1)
    if known.snapshot is None:
        return First(look, after)
    before = known.reading or reader.reading(known.snapshot)
    return _compared(look, before, after, reader, None if vouched or _released(look.snapshot, held) else guard)


def safely(
    look: Look, known: Known, reader: Reader, *, guard: Guard, held: Held = (), released: Collection[str] = ()
) -> tuple[Outcome, Exception | None]:
    """Judge a look; a bug of ours on one page becomes its failure, and is given back to be raised when all others are safe."""
    try:
        return judge(look, known, reader, guard=guard, held=held, released=released), None
    except ClaimwatchError as error:
        return Failed(look, Failure("read", str(error)), known.failures + 1), None
    except Exception as bug:
        bug.add_note(f"while reading the page {look.page.id}")
        return Failed(look, Failure("internal", f"{type(bug).__name__}: {bug}"), known.failures + 1), bug


def _compared(look: Look, before: Reading, after: Reading, reader: Reader, guard: Guard | None) -> Outcome:
    found = diff.comparison(before, after, reader.catalogue)
    verdict = _mass_change(found, guard) if guard else Verdict()
    if not verdict.ok:
        return HeldBack(look, verdict)
    if not found.changes:
        return Unchanged(look, found.form, after, found)
    return Changed(look, before, after, found)


def _mass_change(found: Comparison, guard: Guard) -> Verdict:
    stood = [after for before, after in found.pairs if before is not None and before.kind != "metadata"]
    lost = sum(after is None for after in stood)
    if lost < guard.min_claims or lost <= guard.share * len(stood):
        return Verdict()
    return Verdict("mass-change", f"{lost} of {len(stood)} claims would go at once: the page broke, or our reading of it did")


def _released(snapshot: Snapshot, held: Held) -> bool:
    """Say whether time speaks for a capture: equal bytes a day apart, or nothing better for three days."""
    same = any(digest == snapshot.digest and snapshot.captured_at - at >= SAME_FOR for at, digest in held)
    return same or bool(held and snapshot.captured_at - held[0][0] >= HELD_FOR)
