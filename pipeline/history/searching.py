"""Words → the claims, notes and changes whose sentences hold them, newest first. Only reads."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime

from pipeline.errors import NotFound
from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row

_WORD = re.compile(r'"([^"]+)"(\*?)|([^\s"]+)')
_FOUND = """SELECT search.kind, search.id, search.page, search.vendor, search.since, search.until, search.standard, search.text
FROM (SELECT 'claim' AS what, rowid FROM passage WHERE passage MATCH :words
    UNION ALL SELECT 'change', rowid FROM told WHERE told MATCH :words) AS hit
JOIN search ON search.what = hit.what AND search.number = hit.rowid
WHERE (:vendor IS NULL OR vendor = :vendor COLLATE NOCASE) AND (:page IS NULL OR page = :page)
AND (:kind IS NULL OR kind = :kind) AND since BETWEEN :since AND :until
ORDER BY search.since DESC, search.page, search.kind, search.id LIMIT :limit"""


def search(
    db: Database,
    text: str,
    *,
    vendor: str | None = None,
    page: str | None = None,
    kind: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> list[Row]:
    """Return what holds all words of a text, newest first: wordings of claims and notes, and changes of wording.

    Words are found in any of their forms; words in quotes stand together, and a star ends the beginning of a word.
    `until` of a row is empty while its sentence stands.
    """
    words = " ".join(_quoted(match) for match in _WORD.finditer(text))
    if not words:
        raise NotFound("give at least one word to look for")
    try:
        found = select(
            db,
            _FOUND,
            words=words,
            vendor=vendor,
            page=page,
            kind=kind,
            since=rows.text(since) if since else "",
            until=rows.text(until) if until else "9999",
            limit=limit,
        )
    except sqlite3.OperationalError as error:
        raise NotFound(f"{text!r} cannot be looked for ({error}); write plain words") from error
    return [{**row, "since": _shown(row["since"]), "until": _shown(row["until"])} for row in found]


def _quoted(match: re.Match[str]) -> str:
    phrase, star, word = match.groups()
    if word is not None:
        phrase, star = word.rstrip("*"), "*" if word.endswith("*") else ""
    return f'"{phrase}"{star}' if phrase else ""


def _shown(at: str | None) -> str | None:
    return at.replace("+00:00", "Z") if at else None
