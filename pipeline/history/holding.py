"""Looks and verdicts → the captures that are held back, what people said of them,
and what they would change.

What a capture would change is worked out by the story, from its bytes;
here it is kept and found again. Judges nothing.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline import model, rules
from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row
from pipeline.history.values import Foreseen, Release

if TYPE_CHECKING:
    from pipeline.model import Held, Page, Unconfirmed, Word

_NEWEST = """SELECT id FROM look WHERE look.page = page.id AND result = 'held back'
    AND captured_at > coalesce(page.last_good_at, '') ORDER BY captured_at DESC, digest DESC
    LIMIT 1"""
_HELD = f"""
SELECT page.*, look.captured_at, look.digest, look.fault, look.reason,
    (SELECT min(captured_at) FROM look AS first WHERE first.page = page.id
    AND first.result = 'held back'
        AND first.captured_at > coalesce(page.last_good_at, '')) AS since,
    foreseen.changes, foreseen.claims, foreseen.unsaid
FROM page JOIN look ON look.id = ({_NEWEST})
LEFT JOIN foreseen ON foreseen.page = page.id AND foreseen.digest = look.digest
    AND foreseen.good IS page.last_good_digest AND foreseen.stamp = page.stamp
WHERE page.watched ORDER BY page.id
"""
_LATER = """SELECT 1 FROM review AS later WHERE later.kind = 'page' AND later.page = review.page
AND later.verdict = 'accept'
    AND (later.at, later.rowid) > (review.at, review.rowid)"""
NOT_YET = "it was not compared yet; the next run does"


def held_back(db: Database, in_force: rules.InForce = ()) -> tuple[Held, ...]:
    """Return the watched pages whose last capture is held back, with all that is said of each,
    by the rules in force.
    """
    return tuple(_held(db, row, in_force) for row in select(db, _HELD))


def _held(db: Database, row: Row, in_force: rules.InForce) -> Held:
    page = rows.to_page(row)
    return model.Held(
        page,
        model.Verdict(row["fault"], row["reason"]),
        datetime.fromisoformat(row["since"]),
        datetime.fromisoformat(row["captured_at"]),
        row["digest"],
        rows.instant(row["last_good_at"]),
        row["last_good_digest"],
        _unconfirmed(page, row["changes"], in_force),
        row["claims"] or 0,
        NOT_YET if row["changes"] is None else row["unsaid"],
        _rejection(db, row),
    )


def _unconfirmed(
    page: Page, stored: str | None, in_force: rules.InForce
) -> tuple[Unconfirmed, ...]:
    changes = [rows.to_change(row) for row in json.loads(stored or "[]")]
    found = [
        model.Unconfirmed(change, *rules.severity_of(in_force, change, page)) for change in changes
    ]
    return tuple(sorted(found, key=lambda item: model.SEVERITIES.index(item.severity)))


def _rejection(db: Database, row: Row) -> Word | None:
    """Return the last word of a person that what a page shows now is not the page."""
    sql = f"""SELECT page, who, note, at FROM review WHERE kind = 'page' AND verdict = 'no-change'
    AND page = ?
    AND at >= ? AND json_extract(about, '$.digest') IS NOT NULL AND NOT EXISTS ({_LATER})
    ORDER BY at DESC, rowid DESC LIMIT 1"""
    for said in select(db, sql, row["id"], row["since"]):
        return model.Word(
            said["page"], said["who"], said["note"], datetime.fromisoformat(said["at"])
        )
    return None


# --------------------------------------------------------------------------- of one page


def last_held(db: Database, page_id: str) -> Row | None:
    """Return the look whose capture is held back since the last good look,
    the newest one, with `since` of the first.
    """
    sql = f"""SELECT look.*, (SELECT min(captured_at) FROM look AS first WHERE first.page = page.id
    AND first.result = 'held back'
        AND first.captured_at > coalesce(page.last_good_at, '')) AS since
    FROM page JOIN look ON look.id = ({_NEWEST}) WHERE page.id = ?"""
    return next(iter(select(db, sql, page_id)), None)


def released(db: Database, page_id: str) -> frozenset[str]:
    """Return the digests of the captures that a person said are really the page."""
    sql = (
        "SELECT json_extract(about, '$.digest') AS digest FROM review WHERE kind = 'page' AND "
        "verdict = 'accept' AND page = ?"
    )
    return frozenset(row["digest"] for row in select(db, sql, page_id) if row["digest"])


def releases(db: Database, page_id: str) -> tuple[Release, ...]:
    """Return which looks were let go by a person's word, each with the run
    that tells what they changed.

    Those of versions that told nobody name no run, and are left out.
    """
    sql = """SELECT about FROM review WHERE kind = 'page' AND verdict = 'accept' AND page = ?
    AND json_extract(about, '$.run') IS NOT NULL ORDER BY at, rowid"""
    found = [json.loads(row["about"]) for row in select(db, sql, page_id)]
    return tuple(
        Release(
            about["digest"],
            datetime.fromisoformat(about["since"]),
            datetime.fromisoformat(about["captured_at"]),
            about["run"],
        )
        for about in found
    )


def unanswered(db: Database) -> list[Row]:
    """Return the acceptances that no run has told yet, oldest first: who said it,
    and what names the capture and the run.
    """
    sql = """SELECT page, who, note, at, about FROM review WHERE kind = 'page'
    AND verdict = 'accept'
    AND json_extract(about, '$.run') NOT IN (SELECT id FROM run) ORDER BY at, rowid"""
    return [row | json.loads(row["about"]) for row in select(db, sql)]


def rejected(db: Database, page_id: str) -> tuple[tuple[datetime, str], ...]:
    """Return the texts that a person said are not the page, as `shown` has them,
    each with when it was held back first.

    Once a capture was accepted, what was said before is over.
    """
    sql = f"""SELECT json_extract(about, '$.since') AS since,
    json_extract(about, '$.shown') AS shown FROM review
    WHERE kind = 'page' AND verdict = 'no-change' AND page = ?
    AND json_extract(about, '$.shown') IS NOT NULL
    AND NOT EXISTS ({_LATER}) ORDER BY at, rowid"""
    found = select(db, sql, page_id)
    return tuple((datetime.fromisoformat(row["since"]), str(row["shown"])) for row in found)


def unreleased(db: Database) -> set[str]:
    """Return the pages of which a capture is still held back that a person released:
    they are to be derived again.
    """
    sql = """SELECT DISTINCT review.page FROM review JOIN look ON look.page = review.page
    AND look.digest = json_extract(review.about, '$.digest') AND look.result = 'held back'
    WHERE review.kind = 'page' AND review.verdict = 'accept'"""
    return {row["page"] for row in select(db, sql)}


# --------------------------------------------------------------------------- what would change


def unforeseen(db: Database) -> tuple[str, ...]:
    """Return the watched pages of whose held capture nobody worked out yet what it would change."""
    return tuple(row["id"] for row in select(db, _HELD) if row["changes"] is None)


def foresee(db: Database, page_id: str, found: Foreseen) -> None:
    """Keep what would change if a page's held capture were accepted,
    as the last good one and the reader stand now.
    """
    from pipeline.history.writes import insert

    sql = "SELECT stamp, last_good_digest AS good FROM page WHERE id = ?"
    row = next(iter(select(db, sql, page_id)))
    changes = json.dumps([rows.change(change) for change in found.changes], ensure_ascii=False)
    row |= {"page": page_id, "digest": found.digest, "changes": changes}
    insert(
        db,
        "foreseen",
        row | {"claims": found.claims, "unsaid": found.unsaid},
        otherwise="REPLACE",
    )
