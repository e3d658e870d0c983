"""Looks → the captures they brought: which one showed a state, which have some bytes,
which run is meant. Only reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from pipeline.errors import NotFound
from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import GOOD, select
from pipeline.history.rows import Row, shown

_COLUMNS = """page, digest, captured_at, recorded_at, origin, url, redirects, status, headers,
media_type, revision, result, fault, reason,
(SELECT vendor FROM page WHERE page.id = look.page) AS vendor"""
LEAST = 8
"""So many letters of a digest are enough to name a capture, if they are those of one alone."""


def capture(db: Database, page_id: str, at: str | None) -> Row | None:
    """Return the capture whose bytes were what a page said at an instant,
    as JSON or the tables have it; None if none was.
    """
    if at is None:
        return None
    sql = f"""SELECT {_COLUMNS} FROM look WHERE page = ? AND captured_at <= ? AND digest IS NOT NULL
    AND NOT not_modified
    AND {GOOD} ORDER BY captured_at DESC, digest DESC LIMIT 1"""
    return next((_shown(row) for row in select(db, sql, page_id, rows.stored(at))), None)


def captures_of(db: Database, changes: Iterable[str]) -> dict[str, tuple[str | None, str | None]]:
    """Return the digests of the captures that show each change's old state and its new one."""
    digest = f"""SELECT digest FROM look WHERE look.page = change.page AND digest IS NOT NULL
    AND NOT not_modified AND {GOOD} AND captured_at <= change.%s
    ORDER BY captured_at DESC, digest DESC LIMIT 1"""
    sql = f"""SELECT change.id, ({digest % "seen_until"}) AS before,
    ({digest % "first_seen"}) AS after
    FROM json_each(?) JOIN change ON change.id = json_each.value"""
    found = select(db, sql, json.dumps(list(changes)))
    return {row["id"]: (row["before"], row["after"]) for row in found}


def captures(db: Database, letters: str) -> list[Row]:
    """Return the captures of the one body whose digest begins so, oldest first.

    None where no body or several have it.
    """
    if len(letters) < LEAST:
        return []
    sql = f"""SELECT {_COLUMNS} FROM look WHERE digest >= :first AND digest < :first || 'g'
    AND NOT not_modified
    ORDER BY captured_at, page"""
    found = select(db, sql, first=letters.lower())
    return [_shown(row) for row in found] if len({row["digest"] for row in found}) == 1 else []


def looks(
    db: Database,
    *,
    vendor: str | None = None,
    page: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Row]:
    """Return every look that was recorded, in order of (page, captured_at):
    what came of it, and the digest of its bytes.
    """
    sql = f"""SELECT {_COLUMNS} FROM look WHERE (:page IS NULL OR page = :page)
    AND (:vendor IS NULL OR page IN (SELECT id FROM page
    WHERE page.vendor = :vendor COLLATE NOCASE))
    AND captured_at >= :since AND captured_at <= :until ORDER BY page, captured_at, id"""
    found = select(
        db,
        sql,
        page=page,
        vendor=vendor,
        since=rows.text(since) if since else "",
        until=rows.text(until) if until else "9999",
    )
    return [_shown(row) for row in found]


def has_changes(db: Database, look: Row) -> bool:
    """Say whether any change was first seen by a look, as `looks` returns it."""
    sql = "SELECT 1 FROM change WHERE page = ? AND first_seen = ? LIMIT 1"
    return bool(select(db, sql, look["page"], rows.stored(look["captured_at"])))


def run(db: Database, named: str) -> str:
    """Return the id of a run: `last`, or the one whose id or start begins so.

    Raise NotFound with the newest where none does.
    """
    newest = [row["id"] for row in select(db, "SELECT id FROM run ORDER BY id DESC")]
    if named == "last" and newest:
        return str(newest[0])
    begun = [one for one in newest if shown(one) == named or one.startswith(named)]
    if len(begun) == 1 or named in begun:
        return named if named in begun else str(begun[0])
    if begun:
        raise NotFound(
            f'"{named}" begins {len(begun)} runs: {", ".join(begun[:3])}; give more of it'
        )
    there = f"there are {', '.join(newest[:3])}" if newest else "there is none yet"
    raise NotFound(f'no run has the id "{named}"; {there}')


def _shown(row: Row) -> Row:
    return row | {name: shown(row[name]) for name in ("captured_at", "recorded_at")}
