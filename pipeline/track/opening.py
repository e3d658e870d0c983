"""Captures that somebody wants to see → what they say, and how two of them differ,
worked out at the desk. Keeps nothing.
"""

from __future__ import annotations

from typing import Any

from pipeline.model import Comparison, Failure, Reading, Snapshot
from pipeline.track import judging
from pipeline.track.desk import Desk
from pipeline.workers import Stopped


def read(desk: Desk, snapshot: Snapshot) -> Reading | Failure:
    """Return what a capture says, or why that cannot be told."""
    found: Reading | Failure = _asked(desk, "reading it", judging.opened, snapshot)
    return found


def compared(desk: Desk, before: Snapshot, after: Snapshot) -> Comparison | Failure:
    """Return how two captures differ, or why that cannot be told."""
    found: Comparison | Failure = _asked(desk, "comparing it", judging.beside, before, after)
    return found


def whole(desk: Desk, before: Snapshot, after: Snapshot) -> Comparison | Failure:
    """Return the same with all of both captures side by side."""
    task = (judging.beside, before, after, True)
    found: Comparison | Failure = _asked(desk, "comparing it", *task)
    return found


def _asked(desk: Desk, doing: str, *task: Any) -> Any:
    try:
        return desk.pool.run(lambda work: work(*task))
    except Stopped as stopped:
        return Failure("read", stopped.told(doing))
