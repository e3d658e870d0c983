"""Standards that nothing claims any more of whom it once was claimed → rows,
so that what is lost stays visible. Only reads.

A claim that was renamed, handed on or moved lives on under its id, and is not lost; neither is a
standard of which another claim of the same holder stands, or one that a person marked as read
wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pipeline.history import corrections, rows, standing
from pipeline.history.database import Database
from pipeline.history.reading import GOOD, select
from pipeline.history.rows import Row

Place = tuple[str | None, str | None, str]
"""The vendor, the subject and the standard: a cell of the matrix."""

_ENDED = f"""
WITH sight AS (
    SELECT page.*, (SELECT captured_at FROM look WHERE look.page = page.id AND {GOOD}
    AND captured_at <= :at
        ORDER BY captured_at DESC LIMIT 1) AS as_of FROM page WHERE :vendor IS NULL
        OR vendor = :vendor COLLATE NOCASE
)
SELECT state.*, claim.id AS claim_id, sight.id AS page, sight.vendor, sight.as_of, wording.text,
    wording.section, wording.line, state.seen_since AS since, state.seen_until AS until,
    state.first_absent AS absent
FROM sight JOIN claim ON claim.page = sight.id
JOIN state ON state.id = (SELECT id FROM state WHERE claim = claim.id AND seen_since <= sight.as_of
    ORDER BY seen_since DESC, id DESC LIMIT 1)
JOIN wording ON wording.state = state.id
    AND wording.since = (SELECT max(since) FROM wording WHERE wording.state = state.id
    AND wording.since <= sight.as_of)
WHERE claim.kind = 'standard' AND state.kind = 'standard' AND state.first_absent <= sight.as_of
ORDER BY state.first_absent DESC, claim.id
"""


def place(row: Row) -> Place:
    """Return the cell of the matrix that a claim of a standard belongs to."""
    return row["vendor"], row["subject"], row["standard"]


def no_longer_claimed(
    db: Database, stands: Iterable[Row], *, at: datetime, vendor: str | None = None
) -> list[Row]:
    """Return the last claim of each vendor, subject and standard that stood
    before `at` and of which none stands then.

    `stands` are the claims of standards that stand; the rows have the keys of `claims`,
    by vendor, subject and standard.
    """
    said = corrections.load(db)
    found: dict[Place, Row] = {}
    for row in select(db, _ENDED, at=rows.text(at), vendor=vendor):
        read = corrections.applied(row, said)
        if corrections.counts(read):
            found.setdefault(place(read), standing.claim_row(read))
    for row in stands:
        found.pop(place(row), None)
    return sorted(found.values(), key=lambda row: tuple(part or "" for part in place(row)))
