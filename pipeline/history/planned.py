"""A sentence about something planned → the last day that it can mean, None where it names none.

Reads days, months, quarters, halves, seasons and years as people print them; guesses no year and no century.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

_MONTHS = {name.lower()[:3]: number for number, name in enumerate(calendar.month_name) if name}
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?P<year>20\d\d)"
# A year behind a colon or a hyphen is an edition: "ISO/IEC 27001:2022", "DSS-2018".
_ALONE = r"(?<![\w:\-–./])"
_FORMS = tuple(
    re.compile(_ALONE + form + r"(?![\w])", re.IGNORECASE)
    for form in (
        rf"{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? {_YEAR}",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_MONTH},? (?:of )?{_YEAR}",
        rf"(?:Q(?P<quarter>[1-4])|(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th) quarter)(?: of)?"
        rf"(?:,? (?:calendar |fiscal )?(?:CY|FY)?| ?[/-] ?){_YEAR}",
        rf"{_YEAR} ?[/-]? ?Q(?P<quarter>[1-4])",
        rf"(?:H(?P<half>[12])|(?P<part>first|second) half)(?: of)?,? {_YEAR}",
        rf"(?P<season>spring|summer|fall|autumn|early|mid)(?: of|[ -]){_YEAR}",
        rf"{_YEAR}",
    )
)
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_SEASONS = {"spring": 6, "summer": 9, "fall": 12, "autumn": 12, "early": 4, "mid": 8}


def last_day(text: str) -> date | None:
    """Return the last day that the latest date of a text can mean."""
    found: list[date] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if (day := _end(match.groupdict())) is not None:
                found.append(day)
        # What was read in a fuller form is not read again as a bare year.
        text = form.sub(lambda match: " " * len(match[0]), text)
    return max(found, default=None)


def _end(parts: dict[str, str | None]) -> date | None:
    year, month = int(parts["year"] or 0), _month(parts)
    last = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0
    day = int(parts.get("day") or last)
    return date(year, month, day) if 1 <= day <= last else None


def _month(parts: dict[str, str | None]) -> int:
    """Return the last month that a date can mean; a bare year ends with December."""
    if number := parts.get("number"):
        return int(number)
    if month := parts.get("month"):
        return _MONTHS[month.lower()]
    if quarter := parts.get("quarter") or _NTH.get((parts.get("nth") or "").lower()):
        return 3 * int(quarter)
    if half := parts.get("half") or _NTH.get((parts.get("part") or "").lower()):
        return 6 * int(half)
    return _SEASONS.get((parts.get("season") or "").lower(), 12)
