"""Facts → rows: pages and looks, as functions of an open connection.

`steps` has what looks did, `noting` what belongs to no page.

Opens no transaction of its own: the caller says what belongs together (`with
history.transaction(db)`). Decides nothing. Facts come from the journals' lines and from nowhere
else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from pipeline.history import rows, steps
from pipeline.history.database import Database
from pipeline.history.rows import Row
from pipeline.history.values import Judged
from pipeline.model import Page

GOOD = "('first', 'unchanged', 'changed')"


def insert(db: Database, table: str, row: Row, *, otherwise: str = "ABORT") -> int:
    """Add a row and return its number.

    `otherwise` says what to do where one with its key is there (IGNORE, REPLACE).
    """
    columns = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    return (
        db.conn.execute(
            f"INSERT OR {otherwise} INTO {table} ({columns}) VALUES ({marks})", tuple(row.values())
        ).lastrowid
        or 0
    )


def watch(db: Database, pages: Iterable[Page]) -> None:
    """Make the table of pages say what the config says;
    pages that it names no more stay, unwatched.
    """
    db.conn.execute("UPDATE page SET watched = 0")
    for page in pages:
        know(db, page, watched=True)


def know(db: Database, page: Page, *, watched: bool = False) -> None:
    """Add a page, or bring up to date what is said of it."""
    row = rows.page(page) | {"watched": int(watched)}
    columns = ", ".join(f"{name} = excluded.{name}" for name in row if name != "id")
    # Validators of another address would let a server say "not modified" of a page that we never
    # saw.
    columns += "".join(
        f", {name} = CASE WHEN page.url = excluded.url THEN page.{name} END"
        for name in ("etag", "last_modified")
    )
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    db.conn.execute(
        f"INSERT INTO page ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {columns}",
        tuple(row.values()),
    )


# --------------------------------------------------------------------------- looks


def record_look(db: Database, page_id: str, facts: Row, line_end: int, judged: Judged) -> None:
    """Add a look, as its journal's line has it, and what became of it."""
    insert(db, "look", look_row(page_id, facts, line_end) | _judged(judged))
    steps.open_run(db, facts.get("run"))


def look_row(page_id: str, facts: Row, line_end: int) -> Row:
    """Return what the table of looks has of a journal's line."""
    same = ("captured_at", "recorded_at", "origin", "url", "status", "digest", "run", "revision")
    return {
        **{name: facts.get(name) for name in same},
        "page": page_id,
        "asked": facts["page"]["url"],
        "redirects": json.dumps(facts.get("redirects", [])),
        "headers": json.dumps(facts.get("headers", []), ensure_ascii=False),
        "media_type": facts.get("media_type", ""),
        "not_modified": int(facts.get("not_modified", False)),
        "line_end": line_end,
    }


def judge_look(db: Database, page_id: str, line_end: int, judged: Judged) -> None:
    """Write down what became of a look that is in the table."""
    row = _judged(judged)
    columns = ", ".join(f"{name} = ?" for name in row)
    db.conn.execute(
        f"UPDATE look SET {columns} WHERE page = ? AND line_end = ?",
        (*row.values(), page_id, line_end),
    )


def _judged(judged: Judged) -> Row:
    return {
        name: getattr(judged, name)
        for name in ("result", "fault", "reason", "form", "size", "shown")
    }


def advance_page(db: Database, page_id: str, stamp: str, facts: Row, judged: Judged) -> None:
    """Bring up to date how a page stands by the look that was added last,
    as `refresh_page` does from all its looks.

    Where the look is not the latest of the page's, or says too little by itself,
    it is worked out from all of them.
    """
    full = not facts.get("not_modified", False)
    headers = dict(facts.get("headers", ()))
    named = {
        "page": page_id,
        "stamp": stamp,
        "at": facts["captured_at"],
        "digest": facts.get("digest"),
        "size": judged.size,
        "full": full,
        "url": facts["url"],
        "etag": headers.get("etag"),
        "modified": headers.get("last-modified"),
    }
    sql = _ADVANCED if judged.result in ("first", "unchanged", "changed") else _FAILED
    if facts["origin"] != "live" or not db.conn.execute(sql, named).rowcount:
        refresh_page(db, page_id, stamp)


_LATEST = "id = :page AND :at > coalesce(last_look_at, '') AND :at > coalesce(captured_at, '')"
_ADVANCED = f"""UPDATE page SET stamp = :stamp, last_look_at = :at, failures = 0,
    live_since = coalesce(live_since, :at), last_good_at = :at, last_good_digest = :digest,
    captured_at = :at, captured_digest = :digest,
    size = CASE WHEN last_good_digest IS :digest THEN coalesce(size, :size) ELSE :size END,
    etag = CASE WHEN :full THEN :etag ELSE etag END,
    last_modified = CASE WHEN :full THEN :modified ELSE last_modified END,
    full_url = CASE WHEN :full THEN :url ELSE full_url END,
    full_at = CASE WHEN :full THEN :at ELSE full_at END
WHERE {_LATEST} AND (last_good_digest IS :digest OR (:full AND :size IS NOT NULL))"""
_FAILED = f"""UPDATE page SET stamp = :stamp, last_look_at = :at, failures = failures + 1,
    captured_at = iif(:digest IS NULL, captured_at, :at),
    captured_digest = coalesce(:digest, captured_digest)
WHERE {_LATEST} AND (:digest IS NULL OR :digest IS NOT last_good_digest)"""


def refresh_page(db: Database, page_id: str, stamp: str) -> None:
    """Work out again, from its looks, how a page stands; `stamp` names the reader of its claims."""
    good = f"FROM look WHERE look.page = page.id AND result IN {GOOD}"
    db.conn.execute(
        f"""UPDATE page SET stamp = ?,
        last_look_at = (SELECT max(captured_at) FROM look WHERE look.page = page.id
            AND origin = 'live'),
        live_since = (SELECT min(captured_at) {good} AND origin = 'live'),
        (last_good_at, last_good_digest) = (SELECT captured_at, digest {good}
            ORDER BY captured_at DESC, digest DESC LIMIT 1),
        failures = (SELECT count(*) FROM look WHERE look.page = page.id AND origin = 'live'
            AND result NOT IN {GOOD}
            AND captured_at > coalesce((SELECT max(captured_at) {good}), '')),
        (full_url, full_at) = (SELECT url, captured_at {good} AND origin = 'live'
            AND NOT not_modified ORDER BY captured_at DESC, digest DESC LIMIT 1),
        (captured_at, captured_digest) = (SELECT captured_at, digest FROM look
            WHERE look.page = page.id AND digest IS NOT NULL
            ORDER BY captured_at DESC, digest DESC LIMIT 1)
        WHERE id = ?""",
        (stamp, page_id),
    )
    db.conn.execute(
        f"UPDATE page SET size = (SELECT size {good} AND digest = last_good_digest AND size "
        "IS NOT NULL LIMIT 1) WHERE id = ?",
        (page_id,),
    )
    _refresh_validators(db, page_id)


def _refresh_validators(db: Database, page_id: str) -> None:
    """Keep the validators of the last good body alone:
    a held-back body must never be answered with "not modified".
    """
    found = db.conn.execute(
        """SELECT look.headers FROM look JOIN page ON page.id = look.page WHERE page.id = ?
        AND look.asked = page.url
        AND look.origin = 'live' AND look.digest = page.last_good_digest AND NOT look.not_modified
        ORDER BY look.captured_at DESC LIMIT 1""",
        (page_id,),
    ).fetchone()
    headers = dict(json.loads(found[0])) if found else {}
    validators = (headers.get("etag"), headers.get("last-modified"), page_id)
    db.conn.execute("UPDATE page SET etag = ?, last_modified = ? WHERE id = ?", validators)


def keep_last_reading(db: Database, page_id: str, kept: bytes) -> None:
    """Keep what was read last of a page, in the place of what was read before."""
    insert(db, "last_reading", {"page": page_id, "kept": kept}, otherwise="REPLACE")
