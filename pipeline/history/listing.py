"""Changes as an inbox asks for them: narrowed, the most severe or the most pressing first,
a page at a time. Only reads.

Walks an index from its beginning and stops when a page is full, however many changes there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from weakref import WeakKeyDictionary

from pipeline.history import changing, ruling
from pipeline.history.database import Database
from pipeline.history.narrowing import ALL, FROM, Asked, Narrowed
from pipeline.history.reading import select
from pipeline.history.rows import Row

_STANDS: WeakKeyDictionary[Database, tuple[int, int]] = WeakKeyDictionary()
"""As of what each connection knows who said what."""

# Who said what last of each change that anybody spoke of; of a flap, what was said of either half.
_LAST = "max(at || ' ' || printf('%012d', number) || ' ' || {0}) FILTER (WHERE {1})"
_SAID = f"""CREATE TEMP TABLE standing AS
WITH said AS (
    SELECT coalesce(flap.id, review.follows) AS id, review.at, review.rowid AS number, verdict,
        owner, ref, due
    FROM review LEFT JOIN change AS flap INDEXED BY change_flap ON flap.reverts = review.follows
    AND flap.flap
    WHERE review.kind = 'change' AND review.follows IS NOT NULL),
latest AS (
    SELECT id, {_LAST.format("verdict", "verdict IN ('accept', 'dismiss', 'ask', 'reopen')")} AS
        verdict, {_LAST.format("owner", "owner IS NOT NULL")} AS owner,
        {_LAST.format("ref", "ref IS NOT NULL")} AS ref,
        {_LAST.format("due", "due IS NOT NULL")} AS due
    FROM said GROUP BY id)
SELECT id, CASE substr(verdict, instr(verdict, ' ') + 14) WHEN 'accept' THEN 'accepted'
        WHEN 'dismiss' THEN 'dismissed' WHEN 'ask' THEN 'asked' ELSE 'open' END AS status,
    nullif(substr(owner, instr(owner, ' ') + 14), '') AS owner,
    nullif(substr(ref, instr(ref, ' ') + 14), '') AS ref,
    nullif(substr(due, instr(due, ' ') + 14), '') AS due FROM latest"""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of changes in their order.

    `more` says that others follow, `counts` how many there are of each severity, at most COUNTED,
    whatever severity and due date were asked for. `overdue` are those of them that are, `total`
    those that were asked for.
    """

    rows: tuple[Row, ...]
    more: bool
    counts: tuple[tuple[str, int], ...]
    overdue: int
    total: int


@dataclass(frozen=True, slots=True)
class Slice:
    """Which of the changes asked for: from a place on, `least` of them,
    and what else was seen with the last one.
    """

    start: int
    least: int


def inbox(db: Database, narrowed: Narrowed, on: date, part: Slice) -> Found:
    """Return the changes that are asked for, by the severity that the rules in force give them."""
    _stand(db)
    ruling.stand(db, narrowed.in_force)
    asked = Asked(db, narrowed, on)
    with closing(asked.walk()) as walk:
        page, more = _page(islice(walk, part.start, None), part.least)
    found = select(
        db, "SELECT * FROM change WHERE id IN (SELECT value FROM json_each(?))", _ids(page)
    )
    by_id = {row["id"]: row for row in found}
    listed = changing.listed(db, [by_id[row["id"]] for row in page], narrowed.in_force)
    counts = dict(asked.counts())
    total = asked.total() if narrowed.due else counts.get(narrowed.severity, 0)
    total = total if narrowed.due or narrowed.severity else sum(counts.values())
    return Found(
        tuple(row for _, row in listed), more, tuple(counts.items()), asked.overdue(), total
    )


def _stand(db: Database) -> None:
    """Work out who said what last of which change, where anybody wrote since that was done."""
    if _STANDS.get(db) == (db.version, db.conn.total_changes):
        return
    db.execute("DROP TABLE IF EXISTS temp.standing")
    db.execute(_SAID)
    db.execute("CREATE UNIQUE INDEX temp.standing_of ON standing(id)")
    _STANDS[db] = (db.version, db.conn.total_changes)


def _page(walked: Iterator[Row], least: int) -> tuple[list[Row], bool]:
    """Return the first rows, with those that were seen at once with the last of them,
    and whether others follow."""
    page: list[Row] = []
    for row in walked:
        last = page[-1] if page else row
        at_once = all(row[name] == last[name] for name in ("page", "first_seen"))
        if len(page) >= least and not at_once:
            return page, True
        page.append(row)
    return page, False


def _ids(rows: list[Row]) -> str:
    return json.dumps([row["id"] for row in rows])


def of_runs(db: Database, runs: Iterable[str], vendor: str = "") -> dict[str, tuple[int, int]]:
    """Return how many changes of the pages each of some runs found, of a vendor or of all,
    and how many of them are open."""
    _stand(db)
    ruling.ready(db)
    joined = f"{ALL} JOIN page ON page.id = change.page"
    sql = f"""SELECT change.run, count(*), sum(coalesce(standing.status, 'open') = 'open')
    {FROM.format(joined=joined)} AND change.run IN (SELECT value FROM json_each(:runs))
    AND change.cause = 'page' AND (:vendor = '' OR page.vendor = :vendor COLLATE NOCASE)
    GROUP BY 1"""
    given = {"runs": json.dumps(list(runs)), "vendor": vendor}
    return {run: (many, still) for run, many, still in db.execute(sql, given)}


def any_changes(db: Database) -> bool:
    """Say whether any change was ever recorded."""
    return bool(select(db, "SELECT 1 FROM change LIMIT 1"))


def choices(db: Database) -> dict[str, list[tuple[str, str]]]:
    """Return what an inbox can be narrowed to: each value with what it is called,
    in the order of that."""
    standards = """WITH RECURSIVE one(standard) AS (SELECT min(standard) FROM state UNION ALL
        SELECT (SELECT min(standard) FROM state WHERE standard > one.standard) FROM one
        WHERE one.standard IS NOT NULL)
    SELECT standard AS value, coalesce((SELECT standard_name FROM state
    WHERE state.standard = one.standard LIMIT 1),
        standard) AS name FROM one WHERE standard IS NOT NULL"""
    asked = {
        "vendor": "SELECT DISTINCT vendor AS value, vendor AS name FROM page WHERE vendor <> ''",
        "standard": standards,
        "page": "SELECT id AS value, id AS name FROM page",
        "owner": "SELECT DISTINCT owner AS value, owner AS name FROM review WHERE owner <> ''",
    }
    return {
        name: sorted(
            ((row["value"], row["name"]) for row in select(db, sql)),
            key=lambda pair: str(pair[1]).casefold(),
        )
        for name, sql in asked.items()
    }
