"""Captures in their order → what each says, read by idle processes while the ones
before them are judged.

A history is a chain: each capture is compared with the good one before it. What a capture says by
itself hangs on no other one, so that it may be read before its turn. What was not begun by then, or
came to no end, is read in its turn as ever: nothing is found otherwise, and nothing waits for a
process that is not there. Writes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace

from pipeline.archive import Entry
from pipeline.model import Outcome, Snapshot
from pipeline.track.cases import Case, Judge, plain
from pipeline.track.desk import Desk
from pipeline.workers import Stopped

_REMEMBERED = 4
"""How many readings are at hand for captures that come after them:
the last good one is mostly the one before.
"""


def bodies(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the looks of a page that have another body than the one
    before them, in the same order.
    """
    before = None
    for entry in entries:
        if entry.digest is not None and entry.digest != before and not entry.not_modified:
            yield entry
        before = entry.digest


class Ahead:
    """Readings of a page's captures before their turn, as many at a time
    as there are processes beside the one that judges.
    """

    def __init__(self, desk: Desk, captures: Iterable[Snapshot]) -> None:
        self._desk = desk
        self._captures = iter(captures)
        self._coming: deque[tuple[str, Future[bytes]]] = deque()
        self._read: dict[str, bytes] = {}

    def judging(self, judge: Judge) -> Judge:
        """Return a judge that judges as the other one, and is given what was read
        of a capture and of the good one before it.
        """

        def judged(case: Case) -> Outcome:
            if case.look.snapshot is None or plain(case) is not None:
                return judge(case)
            reading = self._reading(case.look.snapshot.digest)
            before = self._read.get(case.known.digest or "", b"")
            known = replace(case.known, reading=before)
            return judge(replace(case, known=known, reading=reading))

        return judged

    def kept(self, snapshot: Snapshot | None) -> bytes:
        """Return what was read of one of the last captures, nothing where it is not at hand."""
        return self._read.get(snapshot.digest, b"") if snapshot else b""

    def _reading(self, digest: str) -> bytes:
        """Return what was read of a capture, nothing where it is to be read now."""
        self._begin()
        if not any(coming == digest for coming, _ in self._coming):
            return b""
        while (passed := self._coming.popleft())[0] != digest:
            passed[1].cancel()
        self._begin()
        if passed[1].cancel():
            return b""
        try:
            found = passed[1].result()
        except Stopped:
            return b""
        self._read = {**dict(list(self._read.items())[1 - _REMEMBERED :]), digest: found}
        return found

    def _begin(self) -> None:
        while len(self._coming) < self._desk.pool.size - 1:
            snapshot = next(self._captures, None)
            if snapshot is None:
                return
            self._coming.append((snapshot.digest, self._desk.read(snapshot)))
