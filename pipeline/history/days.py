"""A time zone → the table from which the view `day` says when its days begin and end,
for SQL knows no time zones.

A row stands for all days from `since` on until the next row; `begins` and `ends` are minutes ahead
of UTC at a day's first and last instant, which are not the same on a day when clocks are changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.history.database import Database

FIRST, LAST = date(1990, 1, 1), date(2099, 12, 31)
"""The days that the view `day` has."""


def zone(db: Database) -> str:
    """Return the name of the time zone that the table of days is made for."""
    return str(db.conn.execute("SELECT name FROM zone LIMIT 1").fetchone()[0])


def keep_zone(db: Database, name: str) -> None:
    """Make days begin and end as they do in that time zone."""
    db.conn.execute("DELETE FROM zone")
    db.conn.executemany(
        "INSERT INTO zone (since, name, begins, ends) VALUES (?, ?, ?, ?)",
        ((since.isoformat(), name, *ahead) for since, ahead in _periods(ZoneInfo(name))),
    )


def _periods(zone: ZoneInfo) -> Iterator[tuple[date, tuple[int, int]]]:
    before = None
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        ahead = _ahead(day, time.min, zone), _ahead(day, time.max, zone)
        if ahead != before:
            yield day, ahead
        before = ahead


def _ahead(day: date, at: time, zone: ZoneInfo) -> int:
    offset = datetime.combine(day, at, zone).utcoffset()
    return round(offset.total_seconds() / 60) if offset else 0
