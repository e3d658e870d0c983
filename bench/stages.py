"""What the benches do to a text, stage by stage; called in the processes
that read pages, with their budget.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline import diff, extract, health, history, parse, report, standards
from pipeline.config import Guard
from pipeline.errors import ParseError
from pipeline.history import Past
from pipeline.model import (
    Changed,
    Comparison,
    First,
    HeldBack,
    Known,
    Look,
    Outcome,
    Page,
    Reading,
    Run,
    Snapshot,
    Told,
    Unchanged,
)
from pipeline.track import derive, judging
from pipeline.track.judging import Case
from pipeline.track.lives import Sight
from pipeline.track.reader import Reader, code

AT = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = Page("trust", "https://alder.example/trust", vendor="Alder")


def captured(body: bytes, media_type: str, page: Page = PAGE, day: int = 0) -> Snapshot:
    """Return a text as a capture of a page, some days after the first."""
    at = AT + timedelta(days=day)
    return Snapshot(page, at, at, "live", page.url, media_type, body, 200)


def reader() -> Reader:
    """Return the reader in force, with our own catalogue."""
    return Reader(standards.load(), code())


# --------------------------------------------------------------------------- how long a stage takes


@dataclass(frozen=True, slots=True)
class Cost:
    """What a stage cost: seconds of processor time, and how far the process grew, in bytes.

    `refused` says why nothing came.
    """

    seconds: float
    memory: int
    refused: str = ""


def cost(given: Any, stage: str, old: Snapshot, new: Snapshot) -> Cost:
    """Return what a stage costs; those before it are done beforehand and do not count."""
    start, before = time.process_time(), _resident()
    try:
        work = STAGES[stage](old, new)
        start, before = time.process_time(), _resident()
        work()
    except ParseError as error:
        return Cost(time.process_time() - start, _resident() - before, str(error))
    return Cost(time.process_time() - start, _resident() - before)


def _resident() -> int:
    with open("/proc/self/status", encoding="ascii") as file:
        line = next(line for line in file if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _health(old: Snapshot, new: Snapshot) -> Callable[[], object]:
    return lambda: health.verdict(new, Known(snapshot=old, size=len(old.body)))


def _parse(old: Snapshot, new: Snapshot) -> Callable[[], object]:
    return lambda: parse.document(new)


def _extract(old: Snapshot, new: Snapshot) -> Callable[[], object]:
    document = parse.document(new)
    return lambda: extract.reading(document, standards.load(), PAGE)


def _compare(old: Snapshot, new: Snapshot) -> Callable[[], object]:
    before, after = (reader().reading(snapshot) for snapshot in (old, new))
    return lambda: diff.comparison(before, after, standards.load())


def _texts(old: Snapshot, new: Snapshot) -> Callable[[], object]:
    before, after = (Reading(parse.document(snapshot)) for snapshot in (old, new))
    return lambda: diff.comparison(before, after, standards.load())


def _whole(old: Snapshot, new: Snapshot) -> Callable[[], object]:
    known = Known(digest=old.digest, size=len(old.body), snapshot=old)
    case = Case(Look(PAGE, new.captured_at, new), known, Guard(10, 0.5))
    return lambda: judging.judge(reader(), case)


STAGES = {
    "health": _health,
    "parse": _parse,
    "extract": _extract,
    "texts": _texts,
    "compare": _compare,
    "whole": _whole,
}


# ----------------------------------------------------------------------- whether any stage stumbles


def stumbled(given: Any, old: Snapshot, new: Snapshot) -> str | None:
    """Take two captures of a page through all stages; return where an exception came out of one,
    None where none did.
    """
    for stage in _through(old, new):
        try:
            stage()
        except ParseError:
            return None
        except MemoryError:
            raise
        except Exception as error:
            return _told(error)
    return None


def _through(old: Snapshot, new: Snapshot) -> Iterator[Callable[[], Any]]:
    """Yield the stages one after the other: health, reading and comparing,
    what is recorded, what is drawn.
    """
    now = reader()
    guard = Guard(10, 0.5)
    yield lambda: [parse.document(snapshot) for snapshot in (old, new)]
    yield lambda: [now.reading(snapshot) for snapshot in (old, new)]
    readings = [now.reading(snapshot) for snapshot in (old, new)]
    yield lambda: health.verdict(old, Known())
    first = Case(Look(old.page, old.captured_at, old), Known(), guard)
    yield lambda: judging.settled(now, first)
    known = Known(digest=old.digest, size=len(old.body), snapshot=old)
    # The guard would hold back most of what is tried here: a person said that it is the page.
    second = Case(
        Look(new.page, new.captured_at, new), known, guard, (), frozenset((old.digest, new.digest))
    )
    yield lambda: judging.settled(now, second)
    for before, after in (readings, readings[::-1]):
        yield lambda before=before, after=after: diff.comparison(before, after, now.catalogue)
    found = diff.comparison(*readings, now.catalogue)
    yield lambda: _drawn(old, new, readings, found)
    outcomes = [judging.judge(now, case) for case in (first, second)]
    yield lambda: _recorded(
        [replace(one, look=case.look) for one, case in zip(outcomes, (first, second), strict=True)]
    )


def _drawn(old: Snapshot, new: Snapshot, readings: list[Reading], found: Comparison) -> None:
    told = tuple(
        Told(f"{number:012x}", new.page, change, change.severity, change.why, new.captured_at)
        for number, change in enumerate(found.changes)
    )
    outcomes = (
        First(Look(old.page, old.captured_at, old), readings[0]),
        Changed(Look(new.page, new.captured_at, new), readings[0], readings[1], found),
    )
    run = Run(old.captured_at, new.captured_at, outcomes, told)
    for drawn in (report.html(run), report.markdown(run), report.json(run)):
        drawn.encode()
    for reading in readings:
        str(report.extract("page", reading)).encode()
    str(report.diff("old", "new", found)).encode()


def _recorded(outcomes: list[Outcome]) -> None:
    """Write down what two looks did to the claims, as a run does."""
    db = history.open(":memory:")
    past = Past(PAGE.id)
    with history.transaction(db):
        history.know(db, outcomes[0].look.page)
    for outcome in outcomes:
        if isinstance(outcome, HeldBack | Unchanged) and not derive.touches(outcome):
            continue
        snapshot = outcome.look.snapshot
        assert snapshot is not None
        sight = Sight(snapshot.captured_at, snapshot.digest, "live")
        past, step = derive.carried(past, outcome, sight)
        if step is not None:
            with history.transaction(db):
                history.record_step(db, past.page, step)
    history.claims(db)
    history.changes(db)
    db.close()


def _told(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    ours = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "pipeline" in frame.filename
    ]
    at = ours[-1] if ours else place
    name = at.filename.rpartition("pipeline/")[2]
    return f"{type(error).__name__} in {name}:{at.lineno} ({at.name}): {str(error)[:120]!r}"
