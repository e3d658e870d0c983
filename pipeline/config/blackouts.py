"""Words → times at which nothing runs: "22:00-04:00", "sat-sun 00:00-24:00", "2026-12-24 to
2027-01-01". Reads no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.config import cron

FORMS = 'write "22:00-04:00", "sat-sun 00:00-24:00" or "2026-12-24 to 2027-01-01"'
LONGEST = timedelta(days=400)
_DAY = timedelta(days=1)
_DAILY = re.compile(r"(?:(\S+) )?(\d{2}):(\d{2}) ?- ?(\d{2}):(\d{2})")
_DATES = re.compile(r"(\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Blackout:
    """Minutes of the day from `begins` up to `ends`, on weekdays (0 is Sunday); or whole days,
    where `days` says which.

    One that ends before it begins ends on the next day, and belongs to the day on which it begins.
    """

    begins: int = 0
    ends: int = 24 * 60
    weekdays: tuple[int, ...] = tuple(range(7))
    days: tuple[date, date] | None = None

    def around(self, moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """Return when this blackout began and ends, in UTC, that a moment lies in; None where it
        lies in none.
        """
        day = moment.astimezone(zone).date()
        for first in (day - _DAY, day):
            begins, ends = self._of(first, zone)
            if begins <= moment < ends:
                return begins, ends
        return None

    def _of(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        if self.days is not None:
            first, last = self.days
            return _at(first, 0, zone), _at(last, 24 * 60, zone)
        begins = _at(day, self.begins, zone)
        if day.isoweekday() % 7 not in self.weekdays:
            return begins, begins
        return begins, _at(day + _DAY * (self.ends <= self.begins), self.ends, zone)


def parse(text: str) -> Blackout:
    """Return the blackout that words say; raise ValueError with the forms there are."""
    said = " ".join(text.lower().split())
    if dates := _DATES.fullmatch(said):
        return _dates(*dates.groups())
    found = _DAILY.fullmatch(said)
    if found is None:
        raise ValueError(f"is no blackout; {FORMS}")
    begins, ends = (int(found[n]) * 60 + int(found[n + 1]) for n in (2, 4))
    if begins >= 24 * 60 or ends > 24 * 60 or int(found[3]) > 59 or int(found[5]) > 59:
        raise ValueError(f"names a time of day that there is not; {FORMS}")
    if begins == ends:
        raise ValueError(f"begins when it ends; {FORMS}")
    weekdays = cron.parse(f"0 0 * * {found[1]}").weekdays if found[1] else tuple(range(7))
    return Blackout(begins, ends, weekdays)


def around(
    blackouts: Iterable[Blackout], moment: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """Return when the blackouts began and end that a moment lies in, those that touch taken as one;
    the moment itself, twice, where it lies in none. Raise ValueError where they never end.
    """
    all_of = tuple(blackouts)
    found = _first(all_of, moment, zone)
    if found is None:
        return moment, moment
    begins, ends = found
    while ends - begins <= LONGEST:
        earlier = _first(all_of, begins - timedelta(microseconds=1), zone)
        later = _first(all_of, ends, zone)
        if earlier is None and later is None:
            return begins, ends
        begins = earlier[0] if earlier else begins
        ends = later[1] if later else ends
    raise ValueError("leave no time at which anything may run; take one of them out")


def _first(
    blackouts: tuple[Blackout, ...], moment: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime] | None:
    return next((found for one in blackouts if (found := one.around(moment, zone))), None)


def check(texts: Iterable[str]) -> None:
    """Raise ValueError where blackouts together never end."""
    around(map(parse, texts), datetime(2001, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))


def _dates(first: str, last: str) -> Blackout:
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise ValueError(f"names a day that there is not; {FORMS}") from None
    if not timedelta(0) <= days[1] - days[0] <= LONGEST - 2 * _DAY:
        raise ValueError("ends before it begins, or takes more than a year; correct the days")
    return Blackout(days=days)


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return that minute of a day by the clock on the wall; the 1440th is the next midnight."""
    days, rest = divmod(minutes, 24 * 60)
    wall = datetime.combine(day + _DAY * days, time(rest // 60, rest % 60), zone)
    return wall.astimezone(UTC)
