"""Rules and requirements → the changes that they give another severity, in a table of the
connection's own. Writes nothing else.

A rule may speak of words, and of what a service is also called: no index answers that. So each
change that one may be about is read once, and again only when there are others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from weakref import WeakKeyDictionary

from pipeline import words
from pipeline.history import changing
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row
from pipeline.rules import InForce, Requirement, Rule

AT_ONCE = 2000
_STANDS: WeakKeyDictionary[Database, tuple[object, ...]] = WeakKeyDictionary()
"""By which rules, and as of what, each connection knows it."""
# Made as a whole: rows that are added one by one would open a transaction, which waits for whoever
# reads here to end it.
_EMPTY = """CREATE TEMP TABLE IF NOT EXISTS ruled (id TEXT, severity TEXT, first_seen TEXT,
    page TEXT, position INTEGER)"""
_FILLED = """CREATE TEMP TABLE ruled AS SELECT value ->> 0 AS id, value ->> 1 AS severity,
    value ->> 2 AS first_seen, value ->> 3 AS page, value ->> 4 AS position FROM json_each(?)"""
_INDEXES = (
    "CREATE UNIQUE INDEX temp.ruled_of ON ruled(id)",
    "CREATE INDEX temp.ruled_order ON ruled(severity, first_seen DESC, page, position, id)",
)
# Changes come, and are derived anew, only with looks, runs and reviews of held captures.
_AS_OF = """SELECT (SELECT count(*) FROM change), (SELECT max(number) FROM change),
    (SELECT max(id) FROM look), (SELECT count(*) FROM run)"""


def ready(db: Database) -> None:
    """Have the table there, by whichever rules it was filled."""
    db.execute(_EMPTY)


def stand(db: Database, in_force: InForce) -> None:
    """Work out which changes have another severity by those rules, where that is not known yet."""
    ready(db)
    if not in_force and db not in _STANDS:
        return
    as_of = (in_force, *db.execute(_AS_OF).fetchone())
    if _STANDS.get(db) == as_of:
        return
    rows = [
        (row["id"], severity, row["first_seen"], row["page"], row["position"])
        for row, severity in (_ruled(db, in_force) if in_force else ())
    ]
    db.execute("DROP TABLE temp.ruled")
    db.execute(_FILLED, (json.dumps(rows),))
    for index in _INDEXES:
        db.execute(index)
    _STANDS[db] = as_of


def _ruled(db: Database, in_force: InForce) -> Iterator[tuple[Row, str]]:
    """Yield the changes that have another severity than their own, with that."""
    conditions: list[str] = []
    values: dict[str, object] = {}
    for number, one in enumerate(in_force):
        parts = list(_conditions(db, one, f"v{number}", values))
        conditions.append(f"({' AND '.join(parts) or '1'})")
    db.conn.create_function("says", 5, _says, deterministic=True)
    sql = f"SELECT id FROM change WHERE {' OR '.join(conditions)}"
    ids = iter([row["id"] for row in select(db, sql, **values)])
    while part := list(islice(ids, AT_ONCE)):
        found = select(
            db,
            "SELECT * FROM change WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(part),
        )
        for row, item in zip(found, changing.told(db, found, in_force), strict=True):
            if item.severity != ("info" if row["flap"] else row["severity"]):
                yield row, item.severity


def _conditions(
    db: Database, one: Rule | Requirement, name: str, values: dict[str, object]
) -> Iterator[str]:
    """Yield what is so of every change that a rule may be about, as SQL: of more, perhaps."""
    if one.page or one.vendor:
        values[f"{name}pages"] = json.dumps(_pages(db, one))
        yield f"page IN (SELECT value FROM json_each(:{name}pages))"
    standards = one.standards if isinstance(one, Requirement) else filter(None, (one.standard,))
    if wanted := [words.fold(standard) for standard in standards]:
        values[f"{name}standards"] = json.dumps(_standards(db, wanted))
        of = f"standard IN (SELECT value FROM json_each(:{name}standards))"
        # A list for several standards is told once, and names them as examples.
        yield f"({of} OR kind = 'service')"
    if isinstance(one, Rule):
        for column in ("kind", "change"):
            if given := getattr(one, column):
                values[f"{name}{column}"] = given
                yield f"{column} = :{name}{column}"
        if one.text:
            values[f"{name}text"] = words.fold(one.text)
            yield f"says(:{name}text, text_before, text_after, before, after)"


def _pages(db: Database, one: Rule | Requirement) -> list[str]:
    return [
        row["id"]
        for row in select(db, "SELECT id, vendor FROM page")
        if (not one.page or words.fold(one.page) == words.fold(row["id"]))
        and (not one.vendor or words.fold(one.vendor) == words.fold(row["vendor"] or ""))
    ]


def _standards(db: Database, wanted: list[str]) -> list[str]:
    """Return the ids of the standards that changes are of and that are called so."""
    named = select(db, "SELECT DISTINCT standard, standard_name FROM change")
    return [
        row["standard"]
        for row in named
        if {words.fold(row[name] or "") for name in ("standard", "standard_name")} & {*wanted}
    ]


def _says(text: str, *said: str | None) -> bool:
    return any(text in words.fold(one) for one in said if one)
