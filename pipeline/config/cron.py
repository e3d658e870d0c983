"""Five cron fields, or words such as "day at 06:00" → Cron, which knows its next moment.

Reads no clock, runs nothing.

Weekdays are numbered as everywhere but in Python: 0 or 7 is Sunday, 1 Monday.
When both the day of the month and the weekday are restricted, either is enough.

cronsim and croniter were held against this: where a clock change skips or repeats an hour, one
gives a moment that has passed or leaves a run out, the other runs twice; and neither says which
field is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, MONTHS),
    ("weekday", 0, 7, WEEKDAYS),
)
EVERY = (
    'write "day at 06:00", "weekday at 06:00", "monday at 06:00", "hour", "6 hours" or "30 minutes"'
)
_AT = re.compile(
    r"(day|weekday|" + "|".join(f"{name}[a-z]*" for name in WEEKDAYS) + r") at (\d{1,2}):(\d{2})"
)
_NAMES = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_COUNT = re.compile(r"(?:(\d+) )?(hour|minute)s?")
_PART = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?", re.ASCII)
_LONGEST = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


@dataclass(frozen=True, slots=True)
class Cron:
    """The minutes, hours, days, months and weekdays (0 is Sunday) at which something runs,
    by the clock on the wall.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    text: str = ""

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the first run later than a moment, in UTC.

        A wall time that a clock change skips runs once, that much later; one that comes twice runs
        once, unless the schedule runs every hour, which then takes the repeated hour too.
        """
        day = moment.astimezone(zone).date() - timedelta(days=1)
        while True:
            for run in sorted(self._on(day, zone)):
                if run > moment:
                    return run
            day += timedelta(days=1)

    def _on(self, day: date, zone: ZoneInfo) -> Iterator[datetime]:
        if day.month not in self.months or not self._falls_on(day):
            return
        for hour in self.hours:
            for minute in self.minutes:
                wall = datetime.combine(day, time(hour, minute), zone)
                yield wall.astimezone(UTC)
                if len(self.hours) == 24:
                    yield wall.replace(fold=1).astimezone(UTC)

    def _falls_on(self, day: date) -> bool:
        by_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        either = len(self.days) < 31 and len(self.weekdays) < 7
        return by_day or by_weekday if either else by_day and by_weekday


def parse(text: str) -> Cron:
    """Return the schedule of five cron fields; raise ValueError naming the field and the fix."""
    fields = text.split()
    if len(fields) != 5:
        raise ValueError(
            f"has {len(fields)} fields; write five: "
            'minute, hour, day of the month, month, weekday, as in "0 6 * * *"'
        )
    minutes, hours, days, months, numbers = (
        _values(given, *field) for given, field in zip(fields, FIELDS, strict=True)
    )
    cron = Cron(
        minutes, hours, days, months, tuple(sorted({number % 7 for number in numbers})), text
    )
    if len(cron.weekdays) == 7 and all(min(days) > _LONGEST.get(month, 31) for month in months):
        raise ValueError(
            "never comes, there is no such day in its months; "
            "correct the day of the month or the month"
        )
    return cron


def every(text: str) -> Cron:
    """Return the schedule that words say, as "day at 06:00" or "6 hours".

    Raise ValueError with the forms there are.
    """
    said = " ".join(text.lower().split())
    at, count = _AT.fullmatch(said), _COUNT.fullmatch(said)
    if at and int(at[2]) < 24 and int(at[3]) < 60:
        return _with_text(f"{int(at[3])} {int(at[2])} * * {_weekday(at[1])}", text)
    if count:
        number, size = int(count[1] or 1), 24 if count[2] == "hour" else 60
        if number == 0 or size % number:
            raise ValueError(
                f"is uneven: {number} {count[2]}s do not divide "
                f"{'a day' if size == 24 else 'an hour'} evenly; take a divisor of {size}"
            )
        return _with_text(
            f"0 */{number} * * *" if count[2] == "hour" else f"*/{number} * * * *", text
        )
    raise ValueError(f"is not understood; {EVERY}")


def either(text: str) -> Cron:
    """Return the schedule of cron fields or of words, whichever the text is."""
    return parse(text) if len(text.split()) == 5 else every(text)


def _with_text(fields: str, text: str) -> Cron:
    cron = parse(fields)
    return Cron(cron.minutes, cron.hours, cron.days, cron.months, cron.weekdays, text)


def _weekday(name: str) -> str:
    if name in ("day", "weekday"):
        return {"day": "*", "weekday": "1-5"}[name]
    if name not in (*_NAMES, *WEEKDAYS):
        raise ValueError(f'names the weekday "{name}", which there is not; {EVERY}')
    return name[:3]


def _values(given: str, name: str, low: int, high: int, names: tuple[str, ...]) -> tuple[int, ...]:
    found: set[int] = set()
    for part in given.lower().split(","):
        found |= set(_range(part, name, low, high, names))
    return tuple(sorted(found))


def _range(part: str, name: str, low: int, high: int, names: tuple[str, ...]) -> range:
    matched = _PART.fullmatch(part)
    if matched is None:
        raise ValueError(
            f'has "{part}" where the {name} stands; '
            "write a number, a range as 1-5, a step as */2, or a list of these"
        )
    first, last, step = matched.groups()
    if first == "*":
        start, end = low, high if name != "weekday" else 6
    else:
        start = _number(first, name, low, high, names)
        end = _number(last, name, low, high, names) if last else (high if step else start)
        if end == 0 and start > 0 and name == "weekday":
            end = 7  # "fri-sun": Sunday closes the week as well as it opens it
    if start > end or int(step or 1) < 1 or (first == "*" and last):
        raise ValueError(
            f'has "{part}" where a range of {name}s stands; '
            "write the smaller first, and a step of at least 1"
        )
    return range(start, end + 1, int(step or 1))


def _number(text: str, name: str, low: int, high: int, names: tuple[str, ...]) -> int:
    if text in names:
        return names.index(text) + (1 if name == "month" else 0)
    if not text.isdecimal() or not low <= int(text) <= high:
        called = f" or a name from {names[0]} to {names[-1]}" if names else ""
        raise ValueError(
            f'has "{text}" where the {name} stands; write a number from {low} to {high}{called}'
        )
    return int(text)
