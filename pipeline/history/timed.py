"""Numbers of the rows that are searched: those of a later second are greater, so that the newest
are found without a sort.

Full-text search answers in the order of these numbers. Captures may be added late, so a number is
made of the time that a row is of, never of when it was written.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.history.database import Database

if TYPE_CHECKING:
    import sqlite_utils

BITS = 24
"""Of a number, what counts the rows of one second: sixteen million, more than any page says or a
day's captures hold."""


def first(at: str) -> int:
    """Return the least number of a row of an instant, as the tables have it; fractions of a second
    are left out."""
    return int(datetime.fromisoformat(f"{at[:19]}+00:00").timestamp()) << BITS


def last(at: str) -> int:
    """Return the greatest number of a row of an instant's second."""
    return first(at) | ((1 << BITS) - 1)


def second(number: int) -> int:
    """Return the second that a row is of by its number."""
    return number >> BITS


class Numbers:
    """The next free numbers of a table, within one transaction: each second is looked up once."""

    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table
        self._next: dict[int, int] = {}

    def next(self, at: str) -> int:
        """Return a number for one more row of an instant."""
        least = first(at)
        number = self._next.get(least) or self._free(least, last(at))
        self._next[least] = number + 1
        return number

    def _free(self, least: int, greatest: int) -> int:
        sql = f"SELECT max(rowid) FROM {self._table} WHERE rowid BETWEEN ? AND ?"
        (found,) = self._db.conn.execute(sql, (least, greatest)).fetchone()
        return least if found is None else int(found) + 1


RENUMBERED = f"""(CAST(strftime('%s', substr({{at}}, 1, 19)) AS INTEGER) << {BITS})
    + row_number() OVER (PARTITION BY substr({{at}}, 1, 19) ORDER BY {{at}}, {{by}}) - 1"""
"""The number of a row that had another before, in SQL: of its instant and the order within it."""


def renumber(db: sqlite_utils.Database, table: str, number: str, time: str) -> None:
    """Number all rows of a table by their time, clear of the numbers they had before."""
    by_time = RENUMBERED.format(at=time, by=number)
    db.conn.execute("CREATE TEMP TABLE renumbered (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)")
    db.conn.execute(f"INSERT INTO renumbered SELECT {number}, {by_time} FROM {table}")
    db.conn.execute(f"UPDATE {table} SET {number} = -{number} - (1 << 61)")
    db.conn.execute(
        f"""UPDATE {table} SET {number} = renumbered.new FROM renumbered
        WHERE renumbered.old = -{table}.{number} - (1 << 61)"""
    )
    db.conn.execute("DROP TABLE renumbered")
