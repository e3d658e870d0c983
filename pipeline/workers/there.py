"""What goes on in a worker of a Dask scheduler: what far pools ask for,
each in processes of its own with that pool's budget.

A worker meets a pool first by its mark alone; where it does not know it, or was begun anew since,
it says so and is asked again with all that the pool's processes begin with. Keeps those processes
until it ends itself.
"""

from __future__ import annotations

import pickle
import pkgutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.errors import WorkerError
from pipeline.workers.budget import Budget
from pipeline.workers.pool import Pool, Stopped, Work

_pools: dict[str, Pool] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Said:
    """What came of it: a `result`, what a function was `stopped` by,
    that no process could be begun, or an `unknown` pool.
    """

    kind: Literal["result", "stopped", "broken", "unknown"]
    value: Any = None


def work(mark: str, setup: bytes, message: bytes) -> Said:
    """Call a pickled function with its arguments in a process of the pool with that mark."""
    function, arguments = pickle.loads(message)
    return _within(mark, setup, lambda apart: apart(function, *arguments))


def beside(mark: str, setup: bytes, message: bytes) -> Said:
    """Call a pickled function here, without a budget; its first argument calls others
    in a process of the pool.
    """
    function, arguments = pickle.loads(message)
    return _within(mark, setup, lambda apart: function(apart, *arguments))


def _within(mark: str, setup: bytes, task: Callable[[Work], Any]) -> Said:
    pool = _pool(mark, setup)
    if pool is None:
        return Said("unknown")

    def apart(function: Work, *arguments: Any) -> Any:
        return pool.run(lambda work: work(function, *arguments))

    try:
        return Said("result", task(apart))
    except Stopped as stopped:
        return Said("stopped", (stopped.why, str(stopped)))
    except WorkerError as error:
        return Said("broken", str(error))


def _pool(mark: str, setup: bytes) -> Pool | None:
    with _lock:
        if mark not in _pools and setup:
            prepare, seconds, memory, given = pickle.loads(setup)
            _pools[mark] = Pool(pkgutil.resolve_name(prepare), given, Budget(seconds, memory))
        return _pools.get(mark)
