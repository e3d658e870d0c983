"""Changes of pages that are looked at twice → which of them the next good look showed again.

Only reads. A page is looked at twice where the config says so, or where it flapped before: on two
days or more of the last sixty, it took back what it had changed. That follows from the record as
it was when the change came, so that nobody is sent one thing by one run and another by the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import GOOD, select
from pipeline.history.rows import Row
from pipeline.history.running import UNCLOSED
from pipeline.model import Sent

FLAPS, DAYS = 2, 60
_TWICE = f"""
WITH unclosed AS ({UNCLOSED}), twice AS (
    SELECT change.*, (SELECT min(captured_at) FROM look WHERE look.page = change.page
        AND origin = 'live' AND {GOOD} AND captured_at > change.first_seen) AS again_at
    FROM change JOIN json_each(?) AS page ON page.key = change.page
    WHERE change.cause = 'page' AND change.run IS NOT NULL AND change.first_seen > ?
    AND coalesce(page.value, (SELECT count(DISTINCT other.first_seen) FROM change AS other
        WHERE other.page = change.page AND other.cause = 'page' AND other.reverts IS NOT NULL
        AND other.first_seen < change.first_seen
        AND other.first_seen > strftime('%Y-%m-%dT%H:%M:%S', change.first_seen, '-{DAYS} days')
    ) >= {FLAPS})
)
SELECT twice.*, (SELECT undoing.id FROM change AS undoing WHERE undoing.reverts = twice.id
    AND undoing.first_seen = twice.again_at) AS undone_by,
    EXISTS (SELECT 1 FROM look WHERE look.page = twice.page AND look.captured_at = twice.again_at
        AND look.run IN unclosed) AS is_news
FROM twice ORDER BY first_seen, page, position
"""
_SENT = """
SELECT delivery.id, recipient, json_extract(told.value, '$.id') AS change,
    coalesce(json_extract(told.value, '$.confirmed'), 1) AS confirmed
FROM delivery
JOIN json_each(json_extract(json_extract(delivery.message, '$.payload'), '$.changes')) AS told
WHERE delivery.at > ? AND json_extract(told.value, '$.id') IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class Twice:
    """The rows of changes of pages that are looked at twice.

    `awaited` wait for the next good look. Of those whose next good look no closed run answers
    for, `confirmed` stand in it and `withdrawn` were undone by it. `brief` pairs the id of each
    change that undid one at the next good look with the id of that one.
    """

    awaited: tuple[Row, ...] = ()
    confirmed: tuple[Row, ...] = ()
    withdrawn: tuple[Row, ...] = ()
    brief: tuple[tuple[str, str], ...] = ()


def twice(db: Database, pages: Mapping[str, bool | None], since: datetime) -> Twice:
    """Return what became of the changes first seen after a moment on those pages that are looked
    at twice; each page with what the config says of that, None where it says nothing.
    """
    asked = {page: None if wanted is None else int(wanted) for page, wanted in pages.items()}
    found = select(db, _TWICE, json.dumps(asked), rows.text(since))
    settled = [row for row in found if row["is_news"]]
    return Twice(
        tuple(row for row in found if row["again_at"] is None),
        tuple(row for row in settled if row["undone_by"] is None),
        tuple(row for row in settled if row["undone_by"] is not None),
        tuple((row["undone_by"], row["id"]) for row in found if row["undone_by"]),
    )


def sent(db: Database, changes: Iterable[str], since: datetime) -> tuple[Sent, ...]:
    """Return who was sent one of those changes after a moment, by which message, and how."""
    found = select(db, _SENT, rows.text(since), json.dumps(list(changes)))
    return tuple(
        Sent(row["recipient"], row["change"], row["id"], bool(row["confirmed"])) for row in found
    )
