"""What was written → what outlives a power cut: files one by one,
or many of a file system by one call.

A run writes a line for every page, and to wait for the disk a thousand times costs more than to
look at a thousand pages. Whoever writes late says when all has to be there, and acknowledges
nothing before.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

MANY = 8
"""From so many files on, their file systems are asked to write all that they have."""
_TELLS_FAULTS = (5, 8)
"""The version of Linux from which `syncfs` says that something could not be written."""


class Late:
    """Files that were written to and are still to be put on the disk."""

    def __init__(self) -> None:
        self._files: dict[Path, bool] = {}

    def add(self, path: Path, *, new: bool) -> None:
        """Note a file that was written to; the name of a `new` one is
        to outlive a power cut too.
        """
        self._files[path] = new or self._files.get(path, False)

    def done(self, path: Path) -> None:
        """Take out a file that was put on the disk meanwhile."""
        self._files.pop(path, None)

    def sync(self) -> None:
        """Put all of them on the disk."""
        if not self._files:
            return
        if len(self._files) < MANY or not _whole(self._files):
            for path, new in self._files.items():
                sync(path)
                if new:
                    sync_folder(path.parent)
        self._files.clear()


def sync_folder(path: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    sync(path)


def sync(path: Path) -> None:
    """Put what was written to a file on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _whole(paths: Iterable[Path]) -> bool:
    """Put all that the files' systems have on the disk;
    return False where that cannot be asked for.
    """
    systems = {os.stat(path).st_dev: path for path in paths}
    return all(_syncfs(path) for path in systems.values())


def _syncfs(path: Path) -> bool:
    import ctypes  # only a run over many pages needs it

    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "syncfs") or _version() < _TELLS_FAULTS:
        return False
    handle = os.open(path, os.O_RDONLY)
    try:
        if library.syncfs(handle) == 0:
            return True
        fault = ctypes.get_errno()
    finally:
        os.close(handle)
    if fault in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(fault, os.strerror(fault), str(path))


def _version() -> tuple[int, ...]:
    system = os.uname()
    if system.sysname != "Linux":
        return (0,)
    return tuple(
        int(part) for part in system.release.split("-")[0].split(".")[:2] if part.isdigit()
    )
