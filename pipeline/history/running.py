"""Runs → what they saw, and which of it no run has answered for yet. Only reads."""

from __future__ import annotations

from pipeline.history.database import Database
from pipeline.history.reading import GOOD, select
from pipeline.history.rows import Row

UNCLOSED = """SELECT id AS run FROM open_run
WHERE id > coalesce((SELECT max(id) FROM run WHERE cut_off IS NULL), '')
AND EXISTS (SELECT 1 FROM look WHERE look.run = open_run.id)"""


_CHANGES = "SELECT * FROM change INDEXED BY change_run"
"""By run, whatever the statistics say: a store of one long backfill makes that index look useless,
and a run without changes would read every change that there ever was.
"""


def changes_seen(db: Database, run: str) -> list[Row]:
    """Return the rows of the changes that a run saw first, or that its reading again made."""
    return select(db, f"{_CHANGES} WHERE run = ? ORDER BY first_seen, page, position", run)


def untold(db: Database) -> list[Row]:
    """Return the rows of what our own re-readings found and no report has counted yet:
    those of a rebuild, or of a run that died.
    """
    sql = f"""{_CHANGES} WHERE cause IN ('reader', 'config') AND run IN (SELECT id FROM open_run)
    UNION ALL SELECT * FROM change WHERE cause IN ('reader', 'config') AND run IS NULL
    AND first_seen > coalesce((SELECT max(finished_at) FROM run), '') ORDER BY first_seen, page,
    position"""
    return select(db, sql)


def has_run(db: Database, run: str) -> bool:
    """Say whether a run of that id was closed, or saw a page."""
    sql = "SELECT 1 FROM run WHERE id = ? UNION ALL SELECT 1 FROM look WHERE run = ? LIMIT 1"
    return bool(select(db, sql, run, run))


def unclosed(db: Database) -> tuple[str, ...]:
    """Return the runs that looked at pages and that no run has answered for yet, oldest first.

    Those of versions that did not say which runs died were answered for by the next that did not.
    """
    return tuple(row["run"] for row in select(db, f"{UNCLOSED} ORDER BY run"))


_LOOK = f"""SELECT look.*, (SELECT max(captured_at) FROM look AS good WHERE good.page = look.page
AND good.{GOOD}
    AND (good.captured_at, good.digest) < (look.captured_at, coalesce(look.digest, ''))) AS good_at
    FROM look"""


def looks_of(db: Database, run: str) -> list[Row]:
    """Return the looks of a run, each with how many before it could not read the page,
    and when it had last been read well.

    `before` is the look that had the last good body, None where there was none yet.
    """
    found = select(db, f"{_LOOK} WHERE run = ? ORDER BY captured_at, page", run)
    return [row | _before(db, row) for row in found]


def look_of(db: Database, page_id: str, digest: str, since: str) -> Row | None:
    """Return the first look of a page from an instant on that has a body,
    as `looks_of` returns it.
    """
    sql = (
        f"{_LOOK} WHERE page = ? AND digest = ? AND captured_at >= ? AND NOT not_modified ORDER "
        "BY captured_at LIMIT 1"
    )
    found = select(db, sql, page_id, digest, since)
    return found[0] | _before(db, found[0]) if found else None


def _before(db: Database, row: Row) -> Row:
    sql = f"""SELECT count(*) FILTER (WHERE origin = 'live') AS unread,
    min(captured_at) FILTER (WHERE fault = 'mass-change') AS doubted
    FROM look WHERE page = :page AND captured_at > :good_at AND captured_at < :captured_at
    AND NOT {GOOD}"""
    named = {
        "page": row["page"],
        "good_at": row["good_at"] or "",
        "captured_at": row["captured_at"],
    }
    body = f"""SELECT * FROM look WHERE page = :page AND captured_at <= :good_at
    AND NOT not_modified AND {GOOD}
    AND (captured_at, digest) < (:captured_at, :digest) ORDER BY captured_at DESC, digest DESC
    LIMIT 1"""
    found = select(db, body, **named, digest=row["digest"] or "")
    return select(db, sql, **named)[0] | {"before": next(iter(found), None)}


def due(db: Database) -> list[Row]:
    """Return the rows of changes that a run saw live and did not live to tell:
    no run that closed answers for them.
    """
    sql = f"""{_CHANGES} WHERE cause = 'page' AND run IN (SELECT id FROM open_run)
    ORDER BY first_seen, page, position"""
    return select(db, sql)
