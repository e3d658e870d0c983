"""Case → Outcome, worked out where a page can do no harm: in processes with a budget
of time and memory, one a processor.

Whatever reading and comparing a page does to such a process is the failure of that look, with its
reason. No process is begun for a look that brought nothing to read. Records nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.errors import WorkerError
from pipeline.model import Change, Claim, Failed, Failure, Outcome, Page, Snapshot
from pipeline.standards import Catalogue
from pipeline.track import derive
from pipeline.track.cases import Case, Judge, plain
from pipeline.track.derive import Told
from pipeline.track.reader import Reader, code
from pipeline.workers import Budget, Pool, Stopped, Work

if TYPE_CHECKING:
    from pipeline.workers.far import Far


class Desk:
    """The reader in force, at work; close it, or use it in a `with`.

    `size` is how many processes it may have at a time;
    with a `scheduler` they are those of its machines.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        budget: Budget,
        size: int | None = None,
        scheduler: str | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.budget = budget
        self._reader = Reader(catalogue, code())
        self.far = _far(scheduler, self._reader, budget) if scheduler else None
        self.pool = self.far or Pool(_ready, self._reader, budget, size=size)

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.close()

    def stamp(self, page: Page) -> str:
        """Return the stamp of a page's readings."""
        return self._reader.stamp(page)

    def judge(self, case: Case) -> Future[Outcome]:
        """Return the coming outcome of a look."""
        outcome = plain(case)
        return decided(outcome) if outcome else self.pool.submit(lambda work: _settled(work, case))

    def in_order(self, task: Callable[[Judge], Told]) -> Future[Told]:
        """Return the coming history that a task makes by judging one look after the other,
        each compared with one before it.
        """

        def made(work: Work) -> Told:
            told = task(lambda case: plain(case) or _judged(work, case))
            return told if told.kept else replace(told, kept=_kept(work, told.last))

        return self.pool.submit(made)

    def read(self, snapshot: Snapshot) -> Future[bytes]:
        """Return what will be kept of the reading of a capture.

        It raises Stopped where the capture cannot be read.
        """

        def reading(work: Work) -> bytes:
            found: bytes = work(_judging().packed, snapshot)
            return found

        return self.pool.submit(reading)

    def apart(self, function: Callable[..., Any], *arguments: object) -> Any:
        """Return what a function finds in a body, in one of the processes.

        Raise Stopped where it does not come to its end.
        """
        return self.pool.run(lambda work: work(_judging().alone, function, *arguments))

    def reread(self, snapshot: Snapshot, claims: tuple[Claim, ...]) -> tuple[Change, ...]:
        """Return what is read in a capture otherwise than those claims.

        Raise Stopped where that cannot be said.
        """
        return self.pool.run(lambda work: work(_judging().reread, snapshot, claims))


def _far(scheduler: str, reader: Reader, budget: Budget) -> Far:
    """Return the machines of a scheduler, once they are known to read as this one does."""
    from pipeline.workers.far import Far

    found = Far(scheduler, _ready, reader, budget)
    try:
        found.same(code)
    except WorkerError:
        found.close()
        raise
    return found


def _ready() -> None:
    """Load what judging takes, in the process that all others are forked from."""
    _judging().ready()


def _judging() -> Any:
    """Return the module that judges, with every parser:
    it is imported when the first page is to be read.
    """
    from pipeline.track import judging

    return judging


def decided(outcome: Outcome) -> Future[Outcome]:
    """Return an outcome as one that is waited for."""
    future: Future[Outcome] = Future()
    future.set_result(outcome)
    return future


def _settled(work: Work, case: Case) -> Outcome:
    """Return the outcome of a look, with what is kept of its reading
    where it is the last good one now.
    """
    outcome = _judged(work, case)
    if case.look.snapshot is None or not derive.touches(outcome):
        return outcome
    return replace(outcome, kept=_kept(work, case.look.snapshot))


def _kept(work: Work, snapshot: Snapshot | None) -> bytes:
    """Return what is kept of a reading, nothing where that would cost too much."""
    if snapshot is None:
        return b""
    with suppress(Stopped):
        found: bytes = work(_judging().packed, snapshot)
        return found
    return b""


def _judged(work: Work, case: Case) -> Outcome:
    try:
        outcome: Outcome | None = work(_judging().settled, case)
    except Stopped as stopped:
        lasting = stopped.why in ("time", "memory", "crash")
        failure = Failure("read", stopped.told("reading it"), lasting)
        return Failed(case.look, failure, case.known.failures + 1)
    if outcome is None:
        raise WorkerError("claimwatch was changed while it was at work: start it again")
    return replace(outcome, look=case.look)
