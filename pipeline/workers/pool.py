"""Functions → their results, worked out in processes with a budget;
begins one when it is needed, and keeps what is good.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Literal, TypeVar

from pipeline.workers import server
from pipeline.workers.budget import Budget
from pipeline.workers.server import Forked

PATIENCE = 10
"""Times the budget that a function may last by the clock: a busy machine is slow,
but what never ends must end too.
"""
STARTING = 30.0
"""Seconds by the clock that are granted on top: a process may still be beginning."""
ENDED_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

Why = Literal["time", "memory", "crash", "error", "lost"]
Work = Callable[..., Any]
"""Calls a function in another process: `work(function, *arguments)` is `function(given,
*arguments)`, or raises Stopped.
"""
Result = TypeVar("Result")


class Stopped(Exception):
    """A function did not come to its end; its text says what it did.

    `why` is `time` or `memory` where it overran, `crash` where it brought its process down, `error`
    where it raised an exception, `lost` where it was ended from outside. The first three cost as
    much another time, and end alike.
    """

    def __init__(self, why: Why, reason: str) -> None:
        super().__init__(reason)
        self.why = why

    def told(self, doing: str) -> str:
        """Return the reason for a person, of what was to be done (`reading it`)."""
        if self.why == "error":
            return f"{doing} failed, by a fault of ours, please report it: {self}"
        return f"{doing} {self}"


class _Lost(Exception):
    """A process ended without an answer, by this signal, or else by itself."""

    def __init__(self, number: int) -> None:
        self.number = number


class Pool:
    """Processes that work for one caller; close it, or use it in a `with`.

    `given` goes to every process once, when it begins, and is the first argument of every function.
    `prepare` is called before the first process is forked: what it and its module load need not be
    loaded again in each. Both it and the functions are such as pickle can name.
    """

    def __init__(
        self, prepare: Work, given: Any, budget: Budget, *, size: int | None = None
    ) -> None:
        self.budget = budget
        self.size = size or os.cpu_count() or 1
        self.begun = 0
        self._closed = False
        self._start = pickle.dumps((budget.seconds, budget.memory, given))
        self._prepare = prepare
        self._idle: list[Forked] = []
        self._busy: set[Forked] = set()
        self._lock = threading.Lock()
        self._places = threading.Semaphore(self.size)
        self._threads = ThreadPoolExecutor(self.size, thread_name_prefix="work")

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes; what is under way in one ends with it."""
        with self._lock:
            self._closed = True
            for forked in self._busy:
                forked.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        while self._idle:
            self._idle.pop().end()

    def submit(self, task: Callable[[Work], Result]) -> Future[Result]:
        """Return the coming result of a task, called here in a thread:
        its functions follow each other in one process.

        What brings the process down, or is killed from outside, is tried once more in another one.
        """
        return self._threads.submit(self.run, task)

    def run(self, task: Callable[[Work], Result]) -> Result:
        """Return the result of a task; see `submit`."""
        with self._places:
            hand = _Hand(self)
            try:
                return task(hand.run)
            finally:
                hand.let_go()

    def take(self) -> Forked:
        """Return an idle process, or a new one."""
        with self._lock:
            forked = self._idle.pop() if self._idle else None
            self.begun += forked is None
        forked = forked or server.fork(self._prepare, self._start)
        with self._lock:
            self._busy.add(forked)
            if self._closed:
                forked.kill()
        return forked

    def put_back(self, forked: Forked, *, usable: bool) -> None:
        """Take a process back, to be used again or not at all."""
        with self._lock:
            self._busy.discard(forked)
            if usable:
                self._idle.append(forked)
        if not usable:
            forked.end()


class _Hand:
    """One process of a pool, and the next one where it ended."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._forked: Forked | None = None

    def let_go(self, *, usable: bool = True) -> None:
        if self._forked is not None:
            self._pool.put_back(self._forked, usable=usable)
            self._forked = None

    def run(self, function: Work, *arguments: Any) -> Any:
        message = pickle.dumps((function, arguments))
        try:
            return self._once(message)
        except _Lost:
            try:
                return self._once(message)
            except _Lost as lost:
                raise _stopped(lost.number) from None

    def _once(self, message: bytes) -> Any:
        self._forked = forked = self._forked or self._pool.take()
        budget = self._pool.budget
        most = STARTING + PATIENCE * budget.seconds
        try:
            answer = forked.ask(message, most)
        except TimeoutError:
            forked.kill()
            self.let_go(usable=False)
            raise Stopped("lost", f"did not end in {most:g} s by the clock") from None
        except (EOFError, OSError):
            number = forked.died_of()
            self.let_go(usable=False)
            if number == signal.SIGPROF:
                raise Stopped("time", budget.overrun("time")) from None
            raise _Lost(number) from None
        if answer.last:
            self.let_go(usable=False)
        if answer.kind == "result":
            return answer.value
        if answer.kind == "memory":
            raise Stopped("memory", budget.overrun("memory"))
        raise Stopped("error", answer.value)


def _stopped(number: int) -> Stopped:
    if number in ENDED_FROM_OUTSIDE:
        return Stopped("lost", f"was ended from outside ({signal.Signals(number).name})")
    return Stopped(
        "crash",
        "brought its process down "
        f"({signal.Signals(number).name if number else 'it ended by itself'})",
    )
