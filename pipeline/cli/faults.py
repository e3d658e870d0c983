"""What the machine or a person's files did to a command → one line: the file,
the reason and the fix. Ours are not among them.
"""

from __future__ import annotations

from pathlib import Path

from pipeline import files


def explained(error: Exception, database: Path | None) -> str | None:
    """Return the line for an error that is no bug of ours, None for one that is.

    `database` is the one in use.
    """
    if isinstance(error, MemoryError):
        return "there is not enough memory; close other programs, then run it again"
    if isinstance(error, OSError):
        return files.explained(error)
    from pipeline import history

    return history.unusable(error, database or "the database")
