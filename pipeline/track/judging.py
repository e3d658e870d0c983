"""Look, Known → Outcome: is it the page, what does it say, what is new? Pure but for the reader's own source.

Health first, then the reading, then the comparison, then the guard: a reading that loses most of a page's claims at once is
held back, until the same text came again a day later, it was held for three days, or a person said that it is the page.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pipeline import diff, health
from pipeline.config import Guard
from pipeline.errors import ClaimwatchError, ParseError
from pipeline.model import (
    Changed,
    Failed,
    Failure,
    First,
    HeldBack,
    Known,
    Look,
    Outcome,
    Reading,
    Unchanged,
    Verdict,
)
from pipeline.track import guard as mass
from pipeline.track import moves
from pipeline.track.guard import Held
from pipeline.track.reader import Reader


def judge(
    look: Look,
    known: Known,
    reader: Reader,
    *,
    guard: Guard,
    held: Held = (),
    released: Collection[str] = (),
) -> Outcome:
    """Return what a look is. `held` are the captures that the guard holds back since the last good one, oldest first.

    `released` are the digests of captures that a person said are really the page: nothing holds those back.

    `known` must be by the reader in force: its reading is made here where it is missing.
    """
    if look.failure:
        return Failed(look, look.failure, known.failures + 1)
    if look.snapshot is None or (
        look.snapshot.digest == known.digest and moves.told(look.snapshot, known) is None
    ):
        return Unchanged(look)
    verdict = health.verdict(look.snapshot, known)
    vouched = look.snapshot.digest in released
    if not verdict.ok and not vouched:
        return HeldBack(look, verdict)
    try:
        after = reader.reading(look.snapshot)
    except ParseError as error:
        return Failed(look, Failure("parse", str(error)), known.failures + 1)
    if not after.document.blocks and not vouched:
        return HeldBack(
            look,
            Verdict(
                "empty",
                "nothing of the page is its content: all of it is navigation, hidden, or left to a script",
            ),
        )
    if known.snapshot is None:
        return First(look, after)
    before = known.reading or reader.reading(known.snapshot)
    return _compared(look, known, before, after, reader, None if vouched else guard, held)


def safely(
    look: Look,
    known: Known,
    reader: Reader,
    *,
    guard: Guard,
    held: Held = (),
    released: Collection[str] = (),
) -> tuple[Outcome, Exception | None]:
    """Judge a look; a bug of ours on one page becomes its failure, and is given back to be raised when all others are safe."""
    try:
        return judge(look, known, reader, guard=guard, held=held, released=released), None
    except ClaimwatchError as error:
        return Failed(look, Failure("read", str(error)), known.failures + 1), None
    except Exception as bug:
        bug.add_note(f"while reading the page {look.page.id}")
        return Failed(
            look, Failure("internal", f"{type(bug).__name__}: {bug}"), known.failures + 1
        ), bug


def _compared(
    look: Look,
    known: Known,
    before: Reading,
    after: Reading,
    reader: Reader,
    guard: Guard | None,
    held: Held,
) -> Outcome:
    found = diff.comparison(before, after, reader.catalogue)
    if look.snapshot is not None and (moved := moves.told(look.snapshot, known)):
        found = replace(found, changes=(*found.changes, moved))
    if guard is not None and look.snapshot is not None:
        verdict = mass.verdict(found, before, after, look.snapshot, guard, held)
        if not verdict.ok:
            return HeldBack(
                look, verdict, known.digest, held[0][0] if held else None, mass.shown(after)
            )
    if not found.changes:
        return Unchanged(look, found.form, after, found)
    return Changed(look, before, after, found)
