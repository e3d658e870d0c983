"""Rows → values: what the story needs of the past before it goes on.

Answers no question of a person; those are in `queries`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline import model
from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.rows import Row
from pipeline.history.values import Born, Identified, Past

if TYPE_CHECKING:
    from pipeline.model import Known, Page

GOOD = "result IN ('first', 'unchanged', 'changed')"
_DISPUTED = {
    "page": "look.page = :page",
    "at": "look.captured_at <= :at",
    "known_at": "look.recorded_at <= :known_at",
}
STATES = """SELECT state.*, claim.id AS claim_id, claim.key, wording.text, wording.section,
wording.line FROM claim
JOIN state ON state.claim = claim.id AND state.id = (SELECT id FROM state WHERE claim = claim.id
ORDER BY seen_since DESC, id DESC LIMIT 1)
JOIN wording ON wording.state = state.id AND wording.since = (SELECT max(since) FROM wording
WHERE state = state.id)
WHERE claim.page = ? ORDER BY state.id"""


def select(db: Database, sql: str, *values: object, **named: object) -> list[Row]:
    """Return the rows of a query as dicts."""
    return list(db.query(sql, named or values))


def known(db: Database, page: Page) -> Known:
    """Return what a look needs of a page's past.

    The last good capture and its reading are the archive's to give.
    """
    return known_of(db, (page,))[page.id]


def known_of(db: Database, pages: Iterable[Page]) -> dict[str, Known]:
    """Return what looks need of the pages' past, by id.

    The last good capture and its reading are the archive's to give.
    """
    of = {page.id: page for page in pages}
    sql = """SELECT id, url, etag, last_modified, last_good_digest, size, failures, full_url,
    full_at FROM page
    WHERE id IN (SELECT value FROM json_each(?))"""
    found = {page_id: model.Known() for page_id in of}
    for row in select(db, sql, json.dumps(list(of))):
        page = of[row["id"]]
        # Validators of another address would let a server say "not modified" of a page that we
        # never saw.
        etag, modified = (
            (row["etag"], row["last_modified"]) if row["url"] == page.url else (None, None)
        )
        found[page.id] = model.Known(
            etag,
            modified,
            row["last_good_digest"],
            row["size"],
            failures=row["failures"],
            url=row["full_url"],
            full_at=rows.instant(row["full_at"]),
        )
    return found


def good_capture(db: Database, page_id: str) -> Row | None:
    """Return the look that first had the body which stands:
    the one whose reading the next body is compared with.
    """
    sql = f"""SELECT look.* FROM look JOIN page ON page.id = look.page WHERE page.id = :page
    AND NOT look.not_modified
    AND look.digest = page.last_good_digest AND look.{GOOD} AND NOT EXISTS (
        SELECT 1 FROM look AS other WHERE other.page = page.id AND other.digest <> look.digest
        AND other.{GOOD}
        AND (other.captured_at, other.digest) > (look.captured_at, look.digest))
    ORDER BY look.captured_at, look.line_end LIMIT 1"""
    return next(iter(select(db, sql, page=page_id)), None)


def last_reading(db: Database, page_id: str) -> bytes:
    """Return what was kept of the page's last reading, nothing where none was."""
    row = db.conn.execute("SELECT kept FROM last_reading WHERE page = ?", (page_id,)).fetchone()
    return bytes(row[0]) if row else b""


def earlier_captures(db: Database, page_id: str, digest: str, most: int) -> list[Row]:
    """Return a look at each of the last good bodies but that of `digest`,
    the one seen last first.
    """
    sql = f"""SELECT *, max(captured_at) FROM look WHERE page = ? AND NOT not_modified
    AND digest <> ? AND {GOOD}
    GROUP BY digest ORDER BY max(captured_at) DESC, digest DESC LIMIT ?"""
    return select(db, sql, page_id, digest, most)


def watched(db: Database) -> tuple[Page, ...]:
    """Return the pages that are watched, as far as the table has what the config says of them."""
    return tuple(
        rows.to_page(row) for row in select(db, "SELECT * FROM page WHERE watched ORDER BY id")
    )


def disputed(
    db: Database, at: datetime | None, known_at: datetime | None, page_id: str | None = None
) -> dict[str, str]:
    """Return the pages that the mass-change guard holds back since their last good look,
    each with when that began.
    """
    asked = {
        "page": page_id,
        "at": at and rows.text(at),
        "known_at": known_at and rows.text(known_at),
    }
    given = {name: value for name, value in asked.items() if value is not None}
    conditions = "".join(f" AND {_DISPUTED[name]}" for name in given)
    sql = f"""SELECT page.id, min(look.captured_at) AS since FROM look CROSS
    JOIN page ON page.id = look.page
    WHERE look.fault = 'mass-change' AND (look.captured_at, look.digest) > (page.last_good_at,
    page.last_good_digest)
    {conditions} GROUP BY page.id"""
    return {str(row["id"]): str(row["since"]) for row in select(db, sql, **given)}


def last_good_at(db: Database, page_id: str) -> datetime | None:
    """Return when the page was last read well."""
    return next(
        (
            rows.instant(row["last_good_at"])
            for row in select(db, "SELECT last_good_at FROM page WHERE id = ?", page_id)
        ),
        None,
    )


def last_captures(db: Database) -> dict[str, tuple[str, str]]:
    """Return time and digest of each page's last body, good or not;
    without those that have none.
    """
    sql = "SELECT id, captured_at, captured_digest FROM page WHERE captured_at IS NOT NULL"
    return {page_id: (at, digest) for page_id, at, digest in db.conn.execute(sql)}


def stamps(db: Database) -> dict[str, str]:
    """Return the stamp of the reader that each page's claims were read by;
    empty before the first.
    """
    return {row["id"]: row["stamp"] for row in select(db, "SELECT id, stamp FROM page")}


def stamp(db: Database, page_id: str) -> str:
    """Return the stamp of the reader that a page's claims were read by; empty before the first."""
    return next(
        (str(row["stamp"]) for row in select(db, "SELECT stamp FROM page WHERE id = ?", page_id)),
        "",
    )


def readers(db: Database) -> set[str]:
    """Return the stamps of all readers that were ever in use."""
    return {row["stamp"] for row in select(db, "SELECT stamp FROM reader")}


def aliases(db: Database) -> set[tuple[str, str]]:
    """Return every old id with its new one."""
    return {(row["old"], row["new"]) for row in select(db, "SELECT old, new FROM alias")}


def past(db: Database, page_id: str) -> Past:
    """Return all that the next good look of a page is carried on from."""
    found = select(db, STATES, page_id)
    gone = sorted((row for row in found if row["first_absent"]), key=lambda row: row["claim_id"])
    gone.sort(key=lambda row: row["first_absent"], reverse=True)
    page = next(
        iter(select(db, "SELECT last_good_at, live_since FROM page WHERE id = ?", page_id)), None
    )
    return Past(
        page_id,
        standing=tuple(
            Identified(row["claim_id"], rows.to_claim(row))
            for row in found
            if not row["first_absent"]
        ),
        gone=tuple(Identified(row["claim_id"], rows.to_claim(row)) for row in gone),
        last_good_at=rows.instant(page["last_good_at"]) if page else None,
        live=bool(page and page["live_since"]),
    )


def births(db: Database, page_id: str) -> tuple[Born, ...]:
    """Return every claim that a page ever made, as it was when it was seen first."""
    sql = """SELECT state.*, claim.id AS claim_id, wording.text, wording.section, wording.line
    FROM claim
    JOIN state ON state.id = (SELECT id FROM state WHERE claim = claim.id ORDER BY seen_since, id
    LIMIT 1)
    JOIN wording ON wording.state = state.id AND wording.since = state.seen_since
    WHERE claim.page = ? ORDER BY state.id"""
    return tuple(
        Born(row["claim_id"], rows.to_claim(row), datetime.fromisoformat(row["seen_since"]))
        for row in select(db, sql, page_id)
    )


def is_gone(db: Database, shown_id: str) -> bool:
    """Say whether it is written down already that an id names nothing any more."""
    return bool(select(db, "SELECT 1 FROM gone WHERE id = ?", shown_id))


def given_up(db: Database, page_id: str, stamp: str, seconds: float) -> dict[tuple[str, str], str]:
    """Return why a reader gave up captures of a page, by their digest and that
    of the last good one ("" for none).

    Where it was granted fewer seconds then than now, it may try again.
    """
    sql = """SELECT digest, before, reason FROM attempt
    WHERE page = ? AND stamp = ? AND reason IS NOT NULL AND seconds >= ?"""
    return {
        (row["digest"], row["before"]): row["reason"]
        for row in select(db, sql, page_id, stamp, seconds)
    }


def unseen(db: Database, page_id: str, stamp: str, digest: str) -> int:
    """Return how often a reader began to read those bytes since the last look
    that was recorded of the page.
    """
    sql = """SELECT count(*) AS begun FROM attempt WHERE page = :page AND stamp = :stamp
    AND digest = :digest
    AND reason IS NULL AND at > coalesce((SELECT max(recorded_at) FROM look WHERE page = :page
    AND origin = 'live'), '')"""
    return int(select(db, sql, page=page_id, stamp=stamp, digest=digest)[0]["begun"])


def held(db: Database, page_id: str) -> tuple[tuple[datetime, str], ...]:
    """Return time and shown text's digest of the captures
    that the mass-change guard holds back since the last good look.
    """
    sql = """SELECT look.captured_at, look.shown FROM look JOIN page ON page.id = look.page
    WHERE look.page = ?
    AND look.fault = 'mass-change' AND look.captured_at >= page.last_good_at
    AND (look.captured_at, look.digest) > (page.last_good_at, page.last_good_digest)
    ORDER BY look.captured_at, look.digest"""
    return tuple(
        (datetime.fromisoformat(row["captured_at"]), row["shown"] or "")
        for row in select(db, sql, page_id)
    )


def changes_of(db: Database, page_id: str) -> list[Row]:
    """Return the rows of the changes that the page itself made, oldest first."""
    sql = (
        "SELECT * FROM change WHERE page = ? AND cause IN ('page', "
        "'backfill') ORDER BY first_seen, position"
    )
    return select(db, sql, page_id)


def seen(db: Database, page_id: str) -> set[tuple[str, str]]:
    """Return time and digest of every body of a page that was ever recorded."""
    sql = (
        "SELECT captured_at, digest FROM look WHERE page = ? AND digest IS NOT NULL AND NOT "
        "not_modified"
    )
    return {(row["captured_at"], row["digest"]) for row in select(db, sql, page_id)}


def instants(db: Database, page_id: str, origin: str) -> set[datetime]:
    """Return when the captures of a page from that origin were taken."""
    sql = "SELECT captured_at FROM look WHERE page = ? AND origin = ? AND digest IS NOT NULL"
    return {datetime.fromisoformat(row["captured_at"]) for row in select(db, sql, page_id, origin)}
