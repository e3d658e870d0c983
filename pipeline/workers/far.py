"""A function and its arguments → what it returns, worked out on one of the machines
of a Dask scheduler.

It is asked as a `Pool` is, and keeps the same promises: on each machine a function has a process of
its own with the budget, and a `Stopped` is a `Stopped`. A machine that is lost costs nothing but
time: Dask asks another one. Arguments and results go over the network; who reaches the scheduler's
port can run code on all machines.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any, TypeVar

from pipeline.errors import WorkerError
from pipeline.workers import there
from pipeline.workers.budget import Budget
from pipeline.workers.pool import Stopped, Work
from pipeline.workers.there import Said

try:
    import cloudpickle
    import distributed
except ImportError as error:
    raise WorkerError(
        "a Dask scheduler needs dask.distributed: pip install 'claimwatch[dist]'"
    ) from error

REACHED = "10 s"
"""How long a scheduler may take to answer, when a run begins."""
AHEAD = 2
"""Functions that are sent for each thread of the machines: one that is worked out,
and one that waits there for its turn.
"""
Result = TypeVar("Result")


class Far:
    """The machines of a scheduler (`dask://host:8786`), at work for one caller;
    close it, or use it in a `with`.

    `prepare`, `given` and `budget` are those of a `Pool`. `besides` is how many functions are
    called beside them at a time: some threads of the machines are left for what comes of those.
    Raise WorkerError where the scheduler or its machines cannot be had.
    """

    def __init__(
        self, scheduler: str, prepare: Callable[..., object], given: Any, budget: Budget
    ) -> None:
        self.scheduler = scheduler
        name = f"{prepare.__module__}:{prepare.__qualname__}"
        self._setup = pickle.dumps((name, budget.seconds, budget.memory, given))
        self._mark = hashlib.sha256(self._setup).hexdigest()
        try:
            self._client = distributed.Client(
                scheduler.replace("dask", "tcp", 1), timeout=REACHED, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise WorkerError(
                f"{scheduler}: no Dask scheduler answers; "
                "begin one (dask scheduler), or take executor "
                f"out of [engine] ({error})"
            ) from error
        threads = sum(self._client.nthreads().values())
        if not threads:
            self._client.close()
            raise WorkerError(
                f"{scheduler}: has no workers; begin some (dask worker {scheduler[7:]})"
            )
        self.size = AHEAD * threads
        self.besides = max(1, threads - threads // 4)
        self._tasks = ThreadPoolExecutor(self.size, thread_name_prefix="far")
        self._besides = ThreadPoolExecutor(self.besides, thread_name_prefix="beside")

    def __enter__(self) -> Far:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the machines go; what is under way there is of no use any more."""
        for threads in (self._tasks, self._besides):
            threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def same(self, function: Callable[[], object]) -> None:
        """Raise WorkerError where a function returns something else on a machine than here,
        or cannot be called there.
        """
        expected = function()
        found = self._client.run(function, on_error="return")
        for machine, value in sorted(found.items()):
            if value != expected:
                why = f" ({value})" if isinstance(value, Exception) else ""
                raise WorkerError(
                    f"{self.scheduler}: the worker {machine} has another claimwatch than this "
                    "machine, or "
                    "other versions of its libraries; "
                    f"install the same there and begin it again{why}"
                )

    def submit(self, task: Callable[[Work], Result]) -> Future[Result]:
        """Return the coming result of a task, called here in a thread:
        its functions follow each other.
        """
        return self._tasks.submit(self.run, task)

    def run(self, task: Callable[[Work], Result]) -> Result:
        """Return the result of a task; see `submit`."""
        return task(lambda *asked: self._answer(there.work, *asked))

    def beside(self, function: Callable[..., Result], *arguments: object) -> Future[Result]:
        """Return the coming result of a function that is called on a machine without a budget.

        Its first argument calls functions in a process with the budget.
        It is called anew where its machine was lost.
        """
        return self._besides.submit(self._answer, there.beside, function, *arguments)

    def _answer(self, where: Callable[..., Said], function: Work, *arguments: Any) -> Any:
        message = cloudpickle.dumps((function, arguments))
        said = self._said(where, b"", message)
        if said.kind == "unknown":
            said = self._said(where, self._setup, message)
        if said.kind == "stopped":
            raise Stopped(*said.value)
        if said.kind == "broken":
            raise WorkerError(f"{self.scheduler}: {said.value}")
        return said.value

    def _said(self, where: Callable[..., Said], setup: bytes, message: bytes) -> Said:
        try:
            found: Said = self._client.submit(
                where, self._mark, setup, message, pure=False
            ).result()
        except distributed.KilledWorker as error:
            raise Stopped(
                "lost", "ended each machine that it was sent to, or they were lost"
            ) from error
        except (CancelledError, OSError) as error:
            raise WorkerError(
                f"{self.scheduler}: the scheduler was lost; what was recorded is kept, run it again"
            ) from error
        return found
