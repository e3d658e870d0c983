"""Changes → when each watched page changed, whatever the change was. Only reads."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.model import Rhythm

_CHANGED = """SELECT DISTINCT page.*, change.first_seen AS changed_at FROM page
JOIN change ON change.page = page.id
WHERE page.watched AND change.cause IN ('page', 'backfill') ORDER BY page.id, change.first_seen"""


def rhythms(db: Database) -> tuple[Rhythm, ...]:
    """Return when each watched page changed that did, oldest first."""
    found = groupby(select(db, _CHANGED), key=lambda row: str(row["id"]))
    return tuple(
        Rhythm(
            rows.to_page(of[0]),
            tuple(datetime.fromisoformat(row["changed_at"]) for row in of),
            rows.instant(of[0]["last_good_at"]),
        )
        for of in (list(group) for _, group in found)
    )
