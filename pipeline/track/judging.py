"""Case → Outcome: is it the page, what does it say, what is new? Pure but
for the reader's own source.

Health first, then the reading, then the comparison, then the guard: a reading that loses most of a
page's claims at once is held back, until the same text came again a day later, it was held for
three days, or a person said that it is the page.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from pipeline import diff, health, lexicon, standards
from pipeline.config import Guard
from pipeline.errors import ClaimwatchError, ParseError
from pipeline.model import (
    Change,
    Changed,
    Claim,
    Comparison,
    Document,
    Failed,
    Failure,
    First,
    HeldBack,
    Known,
    Look,
    Outcome,
    Page,
    Reading,
    Snapshot,
    Unchanged,
    Verdict,
)
from pipeline.track import guard as mass
from pipeline.track import moves
from pipeline.track.cases import Case, plain
from pipeline.track.reader import Reader, code


def judge(reader: Reader, case: Case) -> Outcome:
    """Return what a look is."""
    look, known = case.look, case.known
    if (outcome := plain(case)) is not None:
        return outcome
    assert look.snapshot is not None  # a look without one is plain
    last = reader.unpacked(known.reading, known.snapshot) if known.snapshot else None
    verdict = health.verdict(
        look.snapshot, replace(known, language=last.language) if last else known
    )
    vouched = look.snapshot.digest in case.released
    if not verdict.ok and not vouched:
        return HeldBack(look, verdict)
    try:
        read = reader.unpacked(case.reading, look.snapshot)
        earlier = last.reading if last else None
        after = read.reading if read else reader.reading(look.snapshot, earlier)
    except ParseError as error:
        return Failed(look, Failure("parse", str(error)), known.failures + 1)
    if not after.document.blocks and not vouched:
        return HeldBack(
            look,
            Verdict(
                "empty",
                "nothing of the page is its content: "
                "all of it is navigation, hidden, or left to a script",
            ),
        )
    if known.snapshot is None:
        return First(look, after)
    before = last.reading if last else reader.reading(known.snapshot)
    return _compared(case, before, after, reader)


def _compared(case: Case, before: Reading, after: Reading, reader: Reader) -> Outcome:
    look, known, held = case.look, case.known, case.held
    found = diff.comparison(before, after, reader.catalogue)
    if look.snapshot is not None and (moved := moves.told(look.snapshot, known)):
        found = replace(found, changes=(*found.changes, moved))
    if look.snapshot is not None and look.snapshot.digest not in case.released:
        step = mass.Step(
            look.snapshot, known, before, after, found, lambda: _earlier(known, reader)
        )
        shown = mass.shown(after)
        verdict = mass.verdict(step, case.guard, case.waiting(shown))
        if not verdict.ok and verdict.name != "mass-change":
            return HeldBack(look, verdict)
        if not verdict.ok:
            return HeldBack(look, verdict, known.digest, held[0][0] if held else None, shown)
    if not found.changes:
        return Unchanged(look, found.form, after, found)
    return Changed(look, before, after, found)


def _earlier(known: Known, reader: Reader) -> tuple[Reading, ...]:
    """Return the readings of the good captures before the last, without those
    that this reader cannot read.
    """
    found = []
    for snapshot in known.earlier:
        with suppress(ParseError):
            found.append(reader.reading(snapshot))
    return tuple(found)


# -------------------------------------------------------------------------- in a process of its own

_FIRST_AT = datetime(2026, 1, 1, tzinfo=UTC)
_FIRST = b"""<h1>First</h1>

First is certified to ISO/IEC 27001:%d, under a BAA upon request.
"""
"""A page in either format."""


def ready() -> None:
    """Load all that judging takes, so that no page pays for it:
    by judging a change of a page, once in each format.
    """
    reader = Reader(standards.load(), code())
    for language in lexicon.LANGUAGES:
        lexicon.load(language)
    page = Page("first", "first")
    for media_type in ("text/html", "text/markdown"):
        old, new = (
            Snapshot(page, _FIRST_AT, _FIRST_AT, "dir", page.url, media_type, _FIRST % edition)
            for edition in (2013, 2022)
        )
        known = Known(digest=old.digest, size=len(old.body), snapshot=old)
        judge(reader, Case(Look(page, _FIRST_AT, new), known, Guard(min_claims=1, share=1.0)))


def settled(reader: Reader, case: Case) -> Outcome | None:
    """Judge a look and return of it what is recorded: no body, and no page's text,
    for both are large and the archive has them.

    None where this process has other code of ours than the reader's.
    """
    if code() != reader.code:
        return None
    try:
        outcome = judge(reader, case)
    except ClaimwatchError as error:
        outcome = Failed(case.look, Failure("read", str(error)), case.known.failures + 1)
    bare = replace(outcome, look=Look(case.look.page, case.look.looked_at))
    if isinstance(bare, First):
        return replace(bare, reading=_textless(bare.reading))
    if isinstance(bare, Changed):
        return replace(bare, before=_titled(bare.before), after=_titled(bare.after))
    return replace(bare, after=None) if isinstance(bare, Unchanged) else bare


def _textless(reading: Reading) -> Reading:
    return replace(reading, document=Document(reading.document.title), weighed=())


def _titled(reading: Reading) -> Reading:
    return Reading(Document(reading.document.title))


def packed(reader: Reader, snapshot: Snapshot) -> bytes:
    """Return the reading of a capture as it is kept for the next comparison;
    whoever has just judged it has it at hand.

    Nothing where this process has other code of ours than the reader's.
    """
    return reader.packed(snapshot) if code() == reader.code else b""


def alone(reader: Reader, function: Callable[..., object], *arguments: object) -> object:
    """Return what a function returns that needs no reader."""
    return function(*arguments)


def reread(reader: Reader, snapshot: Snapshot, claims: tuple[Claim, ...]) -> tuple[Change, ...]:
    """Return what the reader in force reads in a capture otherwise than those claims,
    which another one read in it.
    """
    after = reader.reading(snapshot)
    products = tuple(claim.subject or "" for claim in claims if claim.kind == "product")
    before = Reading(after.document, claims, products)
    return diff.comparison(before, after, reader.catalogue).changes


def opened(reader: Reader, snapshot: Snapshot) -> Reading | Failure:
    """Return what a capture says, text and all, or why it cannot be read."""
    try:
        return reader.reading(snapshot)
    except ParseError as error:
        return Failure("parse", str(error))


def beside(
    reader: Reader, before: Snapshot, after: Snapshot, whole: bool = False
) -> Comparison | Failure:
    """Return how two captures differ, or why one of them cannot be read; side by side they are
    where they differ, or `whole`.
    """
    old, new = opened(reader, before), opened(reader, after)
    if isinstance(old, Failure):
        return old
    if isinstance(new, Failure):
        return new
    found = diff.comparison(old, new, reader.catalogue)
    return replace(found, stretches=diff.whole(old, new, reader.catalogue)) if whole else found
