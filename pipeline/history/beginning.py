"""The first letters of an id → the ids that begin so, for a shell that completes.

Writes nothing, not even an upgrade.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

MOST = 50
"""A shell lists so many ids at most, the newest first."""
_SQL = {
    "change": """SELECT id, summary FROM change WHERE substr(id, 1, length(?1)) = ?1
    ORDER BY first_seen DESC, id LIMIT ?2""",
    "claim": """SELECT id, page || ': ' || kind FROM claim WHERE substr(id, 1, length(?1)) = ?1
    ORDER BY id LIMIT ?2""",
    "run": """SELECT id, finished_at FROM run WHERE substr(id, 1, length(?1)) = ?1
    ORDER BY id DESC LIMIT ?2""",
}


def beginning(path: Path, kind: str, letters: str) -> list[tuple[str, str | None]]:
    """Return the ids of changes, claims or runs that begin with some letters, each with what it is.

    None where nothing answers.

    A database that is locked, damaged or of another version offers nothing just now:
    whoever presses a key waits for none.
    """
    if not path.exists():
        return []
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0.2)
    try:
        return connection.execute(_SQL[kind], (letters, MOST)).fetchall()
    except sqlite3.Error:
        return []
    finally:
        connection.close()
