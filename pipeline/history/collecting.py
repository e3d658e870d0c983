"""Deliveries and runs → what a digest collects: until when those before it did, and what runs told since. Only reads."""

from __future__ import annotations

from datetime import datetime

from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row
from pipeline.model import Digest

_DIGESTS = """
SELECT recipient, json_extract(payload, '$.digest.of') AS of, max(json_extract(payload, '$.digest.until')) AS until
FROM (SELECT recipient, json_extract(message, '$.payload') AS payload FROM delivery)
WHERE json_extract(payload, '$.digest.of') IS NOT NULL GROUP BY recipient, of
"""
_CLOSED = """
SELECT change.*, run.finished_at AS closed_at FROM change JOIN run ON run.id = change.run
WHERE change.cause = 'page' AND run.finished_at > ? ORDER BY change.first_seen, change.page, change.position
"""


def digests(db: Database) -> tuple[Digest, ...]:
    """Return the last digest of each sort that each recipient was sent."""
    found = select(db, _DIGESTS)
    return tuple(
        Digest(row["recipient"], row["of"], datetime.fromisoformat(row["until"])) for row in found
    )


def last_run_at(db: Database) -> datetime | None:
    """Return when the last run was closed."""
    return rows.instant(select(db, "SELECT max(finished_at) AS at FROM run")[0]["at"])


def told_since(db: Database, since: datetime) -> list[Row]:
    """Return the rows of the changes that runs told which were closed after a moment, each with `closed_at`."""
    return select(db, _CLOSED, rows.text(since))
