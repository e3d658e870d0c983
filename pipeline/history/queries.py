"""Pages, verdicts, messages and ids → rows, with the contract's keys, ready for JSON.

Only reads.
"""

from __future__ import annotations

import json

from pipeline.errors import NotFound
from pipeline.history import reviewing
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row, shown


def status(db: Database) -> list[Row]:
    """Return the health of every page that is watched: its last looks, failures in a row,
    claims, and open changes.
    """
    instants = ("last_look_at", "last_good_at", "signed_off_at")
    found = select(db, "SELECT * FROM page_status WHERE watched ORDER BY page")
    return [{**row, **{name: shown(row[name]) for name in instants}} for row in found]


def pages_of(db: Database, vendor: str) -> list[Row]:
    """Return the ids and addresses of a vendor's pages, in the order of their ids."""
    sql = "SELECT id, url FROM page WHERE vendor = ? COLLATE NOCASE ORDER BY id"
    return select(db, sql, vendor)


def reviews(db: Database) -> list[Row]:
    """Return the verdicts of people, newest first.

    `detached` says that a verdict matches nothing any more.
    """
    found = select(db, "SELECT * FROM review ORDER BY at DESC, rowid DESC")
    return [
        {
            **row,
            "at": shown(row["at"]),
            "about": json.loads(row["about"]),
            "detached": row["follows"] is None,
        }
        for row in found
    ]


def outbox(db: Database, status: str | None = None) -> list[Row]:
    """Return what was to be sent, oldest first: `waiting`, `failed` (to be tried again), `sent`."""
    return select(
        db,
        "SELECT * FROM delivery WHERE :status IS NULL OR status = :status ORDER BY at, id",
        status=status,
    )


def runs(db: Database) -> list[Row]:
    """Return the runs that were closed, newest first, each with what it found
    and the file of its report.
    """
    found = select(db, "SELECT * FROM run ORDER BY finished_at DESC, id DESC")
    return [{**row, "finished_at": shown(row["finished_at"])} for row in found]


def undelivered(db: Database) -> list[Row]:
    """Return what nobody took yet, oldest first; what was given up is among it."""
    return select(db, "SELECT * FROM delivery WHERE status <> 'sent' ORDER BY at, id")


def find(db: Database, shown_id: str) -> tuple[str, Row]:
    """Return what an id, or its first letters, names: `change`, `claim` or `page`,
    with its row; ids of before lead there too.

    Raise NotFound with the nearest ids, or with what an id said that names nothing any more.
    """
    if (found := _named(db, shown_id)) is not None:
        return found
    begun = {
        found[1]["id"]: found for old in _beginning(db, shown_id) if (found := _named(db, old))
    }
    if len(begun) == 1:
        return next(iter(begun.values()))
    if begun:
        raise NotFound(
            f'"{shown_id}" begins {len(begun)} ids: {", ".join(list(begun)[:5])}; give more letters'
        )
    raise NotFound(_unknown(db, shown_id))


def _named(db: Database, shown_id: str) -> tuple[str, Row] | None:
    now = reviewing.current(db, shown_id)
    for kind in ("change", "claim", "page"):
        for row in select(db, f"SELECT * FROM {kind} WHERE id = ?", now):
            return kind, row
    return None


def _unknown(db: Database, shown_id: str) -> str:
    for row in select(db, "SELECT * FROM gone WHERE id = ?", shown_id):
        said = f'"{shown_id}" was shown of {row["page"]}: {row["said"]}'
        return f"{said}; as its captures are read now, there is no such change or claim"
    near = _beginning(db, shown_id[:4])[:3] or [
        row["id"]
        for row in select(db, "SELECT id FROM change ORDER BY first_seen DESC, id LIMIT 3")
    ]
    there = f"; near it: {', '.join(near)}" if near else ""
    return f'no change, claim or page has the id "{shown_id}"{there}'


def _beginning(db: Database, letters: str) -> list[str]:
    """Return the ids of changes, claims and pages, and those of before,
    that begin with some letters.
    """
    sql = """SELECT id FROM (SELECT id, 1 AS place FROM change UNION ALL SELECT id, 2 FROM claim
    UNION ALL SELECT old, 3 FROM alias
    UNION ALL SELECT id, 4 FROM page) WHERE substr(id, 1, length(?1)) = ?1 AND ?1 <> ''
    ORDER BY place, id"""
    return [row["id"] for row in select(db, sql, letters)]
