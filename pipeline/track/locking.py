"""The lock of a store: one run, backfill or rebuild at a time;
reviews and questions go on beside it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import StoreError


@contextmanager
def lock(snapshots: Path) -> Iterator[None]:
    """Keep others out of the store with that folder; raise StoreError where one is in it."""
    snapshots.mkdir(parents=True, exist_ok=True)
    path = snapshots / ".lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise StoreError(
                f"{path}: another run (process {file.read().strip()}) is at work in this "
                "store; wait for it"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def busy(snapshots: Path) -> bool:
    """Say whether somebody is at work in the store."""
    try:
        with (snapshots / ".lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
