"""One page → how it stands, its looks over time, and its captures by their digests. Only reads."""

from __future__ import annotations

from itertools import groupby

from pipeline.errors import NotFound
from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row, shown
from pipeline.model import Page

_LOOKS = """SELECT captured_at, digest, result, fault, reason, status, origin, revision, size
FROM look WHERE page = ?
ORDER BY captured_at DESC, coalesce(digest, '') DESC, id DESC LIMIT ?"""
_SAME = ("digest", "result", "fault", "reason", "status", "origin", "revision", "size")


def page(db: Database, page_id: str) -> tuple[Page, Row]:
    """Return a page and how it stands, watched still or not.

    Raise NotFound where none has that id.
    """
    for row in select(db, "SELECT * FROM page WHERE id = ?", page_id):
        [status] = select(db, "SELECT * FROM page_status WHERE page = ?", page_id)
        instants = ("last_look_at", "last_good_at", "signed_off_at")
        return rows.to_page(row), status | {name: shown(status[name]) for name in instants}
    raise NotFound(f'no page has the id "{page_id}"')


def timeline(db: Database, page_id: str, most: int = 5000) -> tuple[Row, ...]:
    """Return the stretches of looks that found the same, newest first: how many,
    `since` and `until` when.

    `kind` is `good`, `held back` or `failed`; of a good or held one, `digest` names the capture.
    No more than the newest `most` looks are gathered.
    """
    found = []
    for key, looks in groupby(select(db, _LOOKS, page_id, most), _found):
        same = list(looks)
        last = same[0]
        found.append(
            {name: last[name] for name in _SAME}
            | {
                "kind": key[0],
                "since": shown(same[-1]["captured_at"]),
                "until": shown(last["captured_at"]),
                "looks": len(same),
            }
        )
    return tuple(found)


def _found(look: Row) -> tuple[str, str | None]:
    if look["result"] == "failed":
        return "failed", look["reason"]
    kind = "held back" if look["result"] == "held back" else "good"
    return kind, look["digest"]


def captured(db: Database, page_id: str, digest: str) -> Row:
    """Return the first look of a page that brought that body, named by its digest
    or the first letters of it.
    """
    sql = """SELECT * FROM look WHERE page = :page AND NOT not_modified
    AND substr(digest, 1, length(:digest)) = :digest
    AND length(:digest) >= 8 ORDER BY captured_at, id LIMIT 1"""
    for row in select(db, sql, page=page_id, digest=digest):
        return row
    raise NotFound(f'no capture of {page_id} has the digest "{digest}"')
