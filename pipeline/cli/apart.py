"""Captures → what they say and how they differ, worked out in a process with a budget,
as a run does it. Keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pipeline import workers
from pipeline.model import Comparison, Failure, Page, Reading, Snapshot, Verdict
from pipeline.workers import Budget

if TYPE_CHECKING:
    from pipeline.standards import Catalogue

OWN = Budget()
"""What is granted where no config says how much."""


def read(snapshot: Snapshot) -> Reading | Failure:
    """Return what a capture says, or why that cannot be told."""
    found: Reading | Failure = _asked(lambda work: work(_read, snapshot))
    return found


def compared(old: Snapshot, new: Snapshot) -> Comparison | tuple[Snapshot, Failure]:
    """Return how two captures differ, or the one that cannot be read, with the reason."""

    def task(work: workers.Work) -> Any:
        for snapshot in (old, new):
            try:
                failure = work(_unread, snapshot)
            except workers.Stopped as stopped:
                failure = Failure("read", stopped.told("reading it"))
            if failure:
                return snapshot, failure
        return work(_compared, old, new)

    found: Comparison | Failure | tuple[Snapshot, Failure] = _asked(task, doing="comparing it")
    return (new, found) if isinstance(found, Failure) else found


def shown(
    snapshot: Snapshot, page: Page | None, catalogue: Catalogue, budget: Budget
) -> tuple[Verdict, Reading] | Failure:
    """Return a capture's health and what it says, or why that cannot be told."""
    found: tuple[Verdict, Reading] | Failure = _asked(
        lambda work: work(_shown, snapshot, page), catalogue=catalogue, budget=budget
    )
    return found


def each(snapshots: Sequence[Snapshot]) -> list[tuple[Verdict, Reading] | Failure]:
    """Return the health of captures of no configured page and what they say, in one process."""

    def task(work: workers.Work) -> list[tuple[Verdict, Reading] | Failure]:
        found: list[tuple[Verdict, Reading] | Failure] = []
        for snapshot in snapshots:
            try:
                found.append(work(_shown, snapshot, None))
            except workers.Stopped as stopped:
                found.append(Failure("read", stopped.told("reading it")))
        return found

    found: list[tuple[Verdict, Reading] | Failure] = _asked(task)
    return found


def _asked(
    task: Callable[[workers.Work], Any],
    *,
    doing: str = "reading it",
    catalogue: Catalogue | None = None,
    budget: Budget | None = None,
) -> Any:
    with workers.Pool(_ready, catalogue, budget or OWN, size=1) as pool:
        try:
            return pool.run(task)
        except workers.Stopped as stopped:
            return Failure("read", stopped.told(doing))


# --------------------------------------------------------------------------- in the process


_FIRST = b"# First\n\nFirst is certified to ISO/IEC 27001:2022, under a BAA upon request.\n"


def _ready() -> None:
    """Load all that reading and comparing take, so that no page pays for it: by reading a page."""
    for room in ("diff", "health"):
        import_module(f"pipeline.{room}")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    _reading(
        None, Snapshot(Page("first", "first"), at, at, "dir", "first", "text/markdown", _FIRST)
    )


def _read(catalogue: Catalogue | None, snapshot: Snapshot) -> Reading | Failure:
    from pipeline import health
    from pipeline.model import Known

    # A file is read as it is: somebody chose it. What a server sent may be an error
    # or a challenge in the page's place.
    verdict = Verdict() if snapshot.status is None else health.verdict(snapshot, Known())
    return _reading(catalogue, snapshot) if verdict.ok else Failure("health", verdict.reason)


def _unread(catalogue: Catalogue | None, snapshot: Snapshot) -> Failure | None:
    found = _read(catalogue, snapshot)
    return found if isinstance(found, Failure) else None


def _compared(catalogue: Catalogue | None, old: Snapshot, new: Snapshot) -> Comparison | Failure:
    from pipeline import diff, standards

    before, after = _reading(catalogue, old), _reading(catalogue, new)
    if isinstance(before, Failure):
        return before
    if isinstance(after, Failure):
        return after
    return diff.comparison(before, after, catalogue or standards.load())


def _shown(
    catalogue: Catalogue | None, snapshot: Snapshot, page: Page | None
) -> tuple[Verdict, Reading] | Failure:
    from pipeline import health
    from pipeline.model import Known

    verdict = health.verdict(snapshot, Known())
    if verdict.name == "selector":  # there is no text to show then, and this is the fix
        return Failure("health", verdict.reason)
    found = _reading(catalogue, snapshot, page)
    return found if isinstance(found, Failure) else (verdict, found)


@lru_cache(maxsize=2)
def _reading(
    catalogue: Catalogue | None, snapshot: Snapshot, page: Page | None = None
) -> Reading | Failure:
    from pipeline import extract, parse, standards
    from pipeline.errors import ParseError

    try:
        return extract.reading(parse.document(snapshot), catalogue or standards.load(), page)
    except ParseError as error:
        return Failure("parse", str(error))
