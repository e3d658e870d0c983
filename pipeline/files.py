"""Text ↔ a file, whole or not at all; and what the machine did to one, as a line:
the file, the reason and the fix.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_RIGHTS = "give this user the right to it, or name another place"
_FILE = "a file stands where a folder is needed: move it away, or name another place"
_FIXES = {
    errno.ENOSPC: "free some space, then run it again",
    errno.EDQUOT: "free some of your quota, then run it again",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f), then run it again",
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: "make the file system writable, or name another place",
    errno.ENOENT: "make the folder, or correct the name",
    errno.ENOTDIR: _FILE,
    errno.EEXIST: _FILE,
    errno.EISDIR: "a folder stands where a file is needed: move it away, or name another place",
    errno.ENAMETOOLONG: "take a shorter name",
    errno.ELOOP: "correct the symbolic link",
    errno.EMFILE: "raise the limit on open files (ulimit -n), then run it again",
    errno.ENFILE: "close other programs, then run it again",
    errno.EIO: "look at the disk, then run it again",
    errno.ENOMEM: "close other programs, then run it again",
    errno.EAGAIN: "raise the limit on processes (ulimit -u), then run it again",
}


def explained(error: OSError) -> str | None:
    """Return the file, the reason and the fix of what the system refused.

    None where it names no file and is none of these.
    """
    if error.errno not in _FIXES and error.filename is None:
        return None  # a socket's, which the room that opened it should have explained
    place = f"{error.filename}: " if error.filename is not None else ""
    return f"{place}{reason(error)}"


def reason(error: OSError) -> str:
    """Return the reason and the fix of what the system refused, as `reason; fix`."""
    fix = _FIXES.get(error.errno or 0, "correct that, then run it again")
    return f"{error.strerror or error}; {fix}"


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Let an OSError of the block name the file: one of a full disk names none."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def write(path: Path, text: str) -> None:
    """Write a text in UTF-8 so that the file holds all of it, or what it held before;
    a device is written to as it is.

    A file that is there keeps its rights. Raises OSError, which names the file.
    """
    target = path.resolve()
    with _named_alone(path):
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")
            return
        draft = target.with_name(f".{target.name}.new")
        try:
            draft.write_text(text, encoding="utf-8")
            if target.exists():
                shutil.copymode(target, draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def _named_alone(path: Path) -> Iterator[None]:
    """Let an OSError of the block name this file, and not the draft of it,
    which nobody knows of.
    """
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise
