"""The tables that are copies of journals, as they are held against them. Only reads.

What was derived has no line of its own: of it, only that it rests on looks there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row

NOTED = {
    "reader": "stamp, first_used_at",
    "review": "id, at, kind, target, page, verdict, note, owner, ref, who, about, due",
    "run": "*",
    "delivery": "*",
    "alias": "old, new",
    "gone": "id, page, said",
    "attempt": "*",
    "old_reading": "page, until, stamp, states",
    "change": "id, page, kind, change, field, severity, summary, before, after, cause, "
    "first_seen, run",
}
"""The tables that follow from the top journal alone, with the columns that do.

The first two tell which row it is.
"""

_ROOTLESS = {
    "claim": """SELECT claim.id, state.seen_since AS at FROM state
    JOIN claim ON claim.id = state.claim
    WHERE NOT EXISTS (SELECT 1 FROM look WHERE look.page = claim.page
    AND look.captured_at = state.seen_since)
    OR (first_absent IS NOT NULL AND NOT EXISTS (SELECT 1 FROM look WHERE look.page = claim.page
    AND look.captured_at = first_absent))""",
    "change": """SELECT id, first_seen AS at FROM change WHERE cause IN ('page', 'backfill')
    AND NOT EXISTS (SELECT 1 FROM look WHERE look.page = change.page
    AND look.captured_at = change.first_seen)""",
}


def heads(db: Database) -> dict[str, str]:
    """Return the SHA-256 of the last line that was copied of each journal,
    by page; the top one is "".
    """
    return {row["name"]: row["chain"] for row in select(db, "SELECT * FROM journal ORDER BY name")}


def named_heads(db: Database) -> tuple[tuple[str, str], ...]:
    """Return the same by the journals' names below `snapshots/`, the top one first."""
    return named(heads(db))


def named(heads: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return heads by the journals' names, the top one first."""
    return tuple((f"{page}/journal.jsonl".lstrip("/"), heads[page]) for page in sorted(heads))


def journals(db: Database) -> dict[str, int]:
    """Return how far each journal was copied, by page; the top one is ""."""
    return {row["name"]: row["end"] for row in select(db, "SELECT * FROM journal ORDER BY name")}


def looked_at(db: Database) -> set[str]:
    """Return the pages that the database has looks at."""
    return {row["page"] for row in select(db, "SELECT DISTINCT page FROM look")}


def look_rows(db: Database, page_id: str) -> dict[int, Row]:
    """Return the looks at a page by where their lines end in its journal, in that order."""
    found = select(db, "SELECT * FROM look WHERE page = ? ORDER BY line_end", page_id)
    return {row["line_end"]: row for row in found}


def differences(row: Row, facts: Row) -> tuple[str, ...]:
    """Return the columns in which a look differs from what its journal's line says."""
    from pipeline.history.writes import look_row

    line = look_row(row["page"], facts, row["line_end"])
    return tuple(name for name, value in line.items() if row[name] != value)


def noted(db: Database, table: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table that follows from the top journal."""
    where = "WHERE cause IN ('reader', 'config')" if table == "change" else ""
    return [tuple(row) for row in db.conn.execute(f"SELECT {NOTED[table]} FROM {table} {where}")]


def unsound(db: Database) -> Iterator[str]:
    """Yield what is damaged in the file, and what was derived from looks that there are not."""
    for (said,) in db.conn.execute("PRAGMA quick_check(3)"):
        if said != "ok":
            yield f"is damaged: {said}"
    for kind, sql in _ROOTLESS.items():
        found = select(db, sql)
        if found:
            row, more = found[0], f", and {len(found) - 1} more" if len(found) > 1 else ""
            yield f"has the {kind} {row['id']} of {row['at']}{more}, when nobody looked at its page"


def copies(db: Database) -> dict[str, tuple[int, str]]:
    """Return how far each journal was copied, by its page, "" for the top one;
    as `copied_to` says it of one.
    """
    found = select(db, 'SELECT name, "end", chain FROM journal')
    return {row["name"]: (row["end"], row["chain"]) for row in found}


def copied_to(db: Database, journal: str) -> tuple[int, str]:
    """Return how far a journal was copied: the offset behind the last line, and its SHA-256."""
    found = select(db, 'SELECT "end", chain FROM journal WHERE name = ?', journal)
    return (found[0]["end"], found[0]["chain"]) if found else (0, "")
