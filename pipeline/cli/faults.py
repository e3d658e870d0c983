"""What the machine or a person's files did to a command → one line: the file, the reason and the fix. Ours are not among them."""

from __future__ import annotations

import errno
from pathlib import Path

_FIXES = {
    errno.ENOSPC: "free some space, then run it again",
    errno.EDQUOT: "free some of your quota, then run it again",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f), then run it again",
    errno.EACCES: "give this user the right to it, or name another place",
    errno.EPERM: "give this user the right to it, or name another place",
    errno.EROFS: "make the file system writable, or name another place",
    errno.ENOENT: "make the folder, or correct the name",
    errno.ENOTDIR: "a file stands where a folder is needed: move it away, or name another place",
    errno.EEXIST: "a file stands where a folder is needed: move it away, or name another place",
    errno.EISDIR: "a folder stands where a file is needed: move it away, or name another place",
    errno.ENAMETOOLONG: "take a shorter name",
    errno.ELOOP: "correct the symbolic link",
    errno.EMFILE: "raise the limit on open files (ulimit -n), then run it again",
    errno.ENFILE: "close other programs, then run it again",
    errno.EIO: "look at the disk, then run it again",
    errno.ENOMEM: "close other programs, then run it again",
    errno.EAGAIN: "raise the limit on processes (ulimit -u), then run it again",
}


def explained(error: Exception, database: Path | None) -> str | None:
    """Return the line for an error that is no bug of ours, None for one that is; `database` is the one in use."""
    if isinstance(error, MemoryError):
        return "there is not enough memory; close other programs, then run it again"
    if isinstance(error, OSError):
        return _of_system(error)
    from pipeline import history

    return history.unusable(error, database or "the database")


def _of_system(error: OSError) -> str | None:
    fix = _FIXES.get(error.errno or 0)
    if fix is None and error.filename is None:
        return None  # a socket's, which the room that opened it should have explained
    place = f"{error.filename}: " if error.filename is not None else ""
    return f"{place}{error.strerror or error}; {fix or 'correct that, then run it again'}"
