"""Words → the claims, notes and changes whose sentences hold them, newest first, or the best match
first. Only reads.

Rows are numbered by their time (`timed`), and full-text search gives them in that order: of many
hits, only those are looked at that are shown, and the rest of the last one's second, within which
the order is that of pages and ids.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Any, TypedDict, Unpack

from pipeline.errors import NotFound
from pipeline.history import rows, timed
from pipeline.history.database import Database
from pipeline.history.rows import Row, shown
from pipeline.history.standing import where

_WORD = re.compile(r'"([^"]+)"(\*?)|([^\s"]+)')
_KEYS = ("kind", "id", "page", "vendor", "since", "until", "standard", "text")
Hit = tuple[Any, ...]
"""The number of a row, its rank (the best match has the least), and what is shown of it."""


class Wanted(TypedDict, total=False):
    """Where is looked; what is None or not there is not asked."""

    vendor: str | None
    page: str | None
    kind: str | None
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class _Index:
    """A table of words: how its rows are shown and joined to their hits, and the numbers of those
    of one page.

    `columns` are the ones that the kind and the time of a row stand in.
    Joins are crossed, for a planner that starts elsewhere would work out all hits first.
    """

    words: str
    shown: str
    joined: str
    of_page: str
    columns: tuple[str, str]


_CLAIMS = _Index(
    "passage",
    """state.kind, claim.id, claim.page, page.vendor, wording.since,
    coalesce((SELECT min(since) FROM wording AS next WHERE next.state = state.id
    AND next.since > wording.since),
        state.first_absent), state.standard, wording.text""",
    """CROSS JOIN wording ON wording.id = passage.rowid CROSS JOIN state ON state.id = wording.state
    CROSS JOIN claim ON claim.id = state.claim CROSS JOIN page ON page.id = claim.page""",
    """SELECT wording.id FROM claim CROSS JOIN state ON state.claim = claim.id
    CROSS JOIN wording ON wording.state = state.id WHERE claim.page = ? ORDER BY wording.id DESC""",
    ("state.kind", "wording.since"),
)
_CHANGES = _Index(
    "told",
    """'change', change.id, change.page, page.vendor, change.first_seen, NULL, change.standard,
    coalesce(change.text_after, change.text_before, change.summary)""",
    "CROSS JOIN change ON change.number = told.rowid CROSS JOIN page ON page.id = change.page",
    "SELECT number FROM change WHERE page = ? ORDER BY number DESC",
    ("'change'", "change.first_seen"),
)
_FEW = 64
"""How many rows of a page are looked through at once: each is looked up by itself."""


def search(
    db: Database,
    text: str,
    *,
    limit: int = 100,
    best: bool = False,
    **wanted: Unpack[Wanted],
) -> list[Row]:
    """Return what holds all words of a text, newest first: wordings of claims and notes, and
    changes of wording.

    Words are found in any of their forms; words in quotes stand together, and a star ends the
    beginning of a word. `best` asks for the best matches first, for which all of them are weighed.
    `until` of a row is empty while its sentence stands.
    """
    words = " ".join(_quoted(match) for match in _WORD.finditer(text))
    if not words:
        raise NotFound("give at least one word to look for")
    asked = {name: _text(value) for name, value in wanted.items() if value is not None}
    try:
        found = _best(db, words, asked, limit) if best else _newest(db, words, asked, limit)
    except sqlite3.OperationalError as error:
        raise NotFound(f"{text!r} cannot be looked for ({error}); write plain words") from error
    return [_row(hit) for hit in found]


def _text(value: object) -> str:
    return rows.text(value) if isinstance(value, datetime) else str(value)


def _indexes(asked: dict[str, str]) -> tuple[_Index, ...]:
    kind = asked.get("kind")
    return (_CLAIMS, _CHANGES) if kind is None else (_CHANGES if kind == "change" else _CLAIMS,)


def _newest(db: Database, words: str, asked: dict[str, str], limit: int) -> list[Hit]:
    """Return the newest hits, looking at no more of them than has to be."""
    hits = _of_page if "page" in asked else _hits
    streams = (hits(db, index, asked | {"words": words}) for index in _indexes(asked))
    found: list[Hit] = []
    for hit in merge(*streams, key=lambda hit: -hit[0]):
        if len(found) >= limit and timed.second(hit[0]) != timed.second(found[-1][0]):
            break
        found.append(hit)
    return _in_order(found)[:limit]


def _best(db: Database, words: str, asked: dict[str, str], limit: int) -> list[Hit]:
    """Return the best hits of either table, which has to weigh all of them."""
    found: list[Hit] = []
    for index in _indexes(asked):
        found += _hits(db, index, asked | {"words": words}, f"{index.words}.rank LIMIT {limit}")
    return sorted(_in_order(found), key=lambda hit: hit[1])[:limit]


def _in_order(hits: list[Hit]) -> list[Hit]:
    """Return hits newest first, those of one instant by page, kind and id."""
    at = {name: place for place, name in enumerate(_KEYS, 2)}
    hits = sorted(hits, key=lambda hit: (hit[at["page"]], hit[at["kind"]], hit[at["id"]]))
    return sorted(hits, key=lambda hit: str(hit[at["since"]]), reverse=True)


def _of_page(db: Database, index: _Index, asked: dict[str, str]) -> Iterator[Hit]:
    """Yield the hits of a page, newest first: its rows are few, and common words have hits
    everywhere."""
    numbers = [number for (number,) in db.conn.execute(index.of_page, (asked["page"],))]
    for begin in range(0, len(numbers), _FEW):
        yield from _hits(db, index, asked | {"numbers": json.dumps(numbers[begin : begin + _FEW])})


def _hits(db: Database, index: _Index, asked: dict[str, str], order: str = "") -> Iterator[Hit]:
    """Yield the hits of a table as they are asked for, newest first, each looked at when its turn
    comes."""
    hits = index.words
    if "numbers" in asked:
        hits = f"json_each(:numbers) AS few CROSS JOIN {hits} ON {hits}.rowid = few.value"
    rank = f"{index.words}.rank" if order else "NULL"
    sql = f"""SELECT {index.words}.rowid, {rank}, {index.shown} FROM {hits} {index.joined}
    {where(_conditions(index, asked))} ORDER BY {order or f"{index.words}.rowid DESC"}"""
    numbers = {"first": timed.first(asked["since"])} if "since" in asked else {}
    numbers |= {"last": timed.last(asked["until"])} if "until" in asked else {}
    yield from db.conn.execute(sql, {**asked, **numbers})


def _conditions(index: _Index, asked: dict[str, str]) -> Iterator[str]:
    kind, time = index.columns
    given = {
        "vendor": "page.vendor = :vendor COLLATE NOCASE",
        "page": "page.id = :page",
        "kind": f"{kind} = :kind",
        "since": f"{index.words}.rowid >= :first AND {time} >= :since",
        "until": f"{index.words}.rowid <= :last AND {time} <= :until",
    }
    yield f"{index.words} MATCH :words"
    yield from (given[name] for name in given if name in asked)


def _row(hit: Hit) -> Row:
    row = dict(zip(_KEYS, hit[2:], strict=True))
    return row | {"since": shown(row["since"]), "until": shown(row["until"])}


def _quoted(match: re.Match[str]) -> str:
    phrase, star, word = match.groups()
    if word is not None:
        phrase, star = word.rstrip("*"), "*" if word.endswith("*") else ""
    return f'"{phrase}"{star}' if phrase else ""
