"""Deliveries and runs → what digests and reminders follow from: what runs told,
what recipients got, what nobody took. Only reads.
"""

from __future__ import annotations

from datetime import datetime

from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row
from pipeline.model import Dead, Digest, Said

_DIGESTS = """
SELECT recipient, json_extract(payload, '$.digest.of') AS of,
    max(json_extract(payload, '$.digest.until')) AS until
FROM (SELECT recipient, json_extract(message, '$.payload') AS payload FROM delivery)
WHERE json_extract(payload, '$.digest.of') IS NOT NULL GROUP BY recipient, of
"""
_CLOSED = """
SELECT change.*, run.finished_at AS closed_at FROM change JOIN run ON run.id = change.run
WHERE change.cause = 'page' AND run.finished_at > ? ORDER BY change.first_seen, change.page,
change.position
"""


def digests(db: Database) -> tuple[Digest, ...]:
    """Return the last digest of each sort that each recipient was sent."""
    found = select(db, _DIGESTS)
    return tuple(
        Digest(row["recipient"], row["of"], datetime.fromisoformat(row["until"])) for row in found
    )


def said(db: Database) -> tuple[Said, ...]:
    """Return what each recipient was reminded of, ever."""
    found = select(db, "SELECT DISTINCT recipient, id FROM reminder ORDER BY recipient, id")
    return tuple(Said(row["recipient"], row["id"]) for row in found)


def dead(db: Database) -> tuple[Dead, ...]:
    """Return the recipients whose messages were given up, and why the last one was."""
    found: dict[str, list[Row]] = {}
    for row in select(db, "SELECT * FROM delivery WHERE status = 'dead' ORDER BY at, id"):
        found.setdefault(row["recipient"], []).append(row)
    return tuple(
        Dead(
            recipient,
            its[0]["id"],
            datetime.fromisoformat(its[0]["at"]),
            len(its),
            its[-1]["error"].removeprefix(f"{recipient}: "),
        )
        for recipient, its in found.items()
    )


def seen_between(db: Database, since: datetime, until: datetime) -> list[Row]:
    """Return the rows of what pages changed that was first seen between two moments."""
    sql = """SELECT * FROM change WHERE cause = 'page' AND run IS NOT NULL
    AND first_seen > ? AND first_seen <= ? ORDER BY first_seen, page, position"""
    return select(db, sql, rows.text(since), rows.text(until))


def newest(
    db: Database, most: int, *, vendor: str | None = None, page: str | None = None
) -> list[Row]:
    """Return the rows of what pages changed last, of one vendor or page where
    that is asked, newest first.
    """
    where, of = "", ""
    if page is not None:
        where, of = "AND page = ?", page
    elif vendor is not None:
        where, of = "AND page IN (SELECT id FROM page WHERE vendor = ?)", vendor
    sql = f"""SELECT * FROM change WHERE cause = 'page' AND severity <> 'info' {where}
    ORDER BY first_seen DESC, id LIMIT {most}"""
    return select(db, sql, *([of] if of else []))


def last_run_at(db: Database) -> datetime | None:
    """Return when the last run was closed."""
    return rows.instant(select(db, "SELECT max(finished_at) AS at FROM run")[0]["at"])


def told_since(db: Database, since: datetime) -> list[Row]:
    """Return the rows of the changes that runs told which were closed after a moment,
    each with `closed_at`.
    """
    return select(db, _CLOSED, rows.text(since))
