"""Printed dates → the last day that they can mean, None where they name none: of a plan, or of a
certificate's validity.

Reads days, months, quarters, halves, seasons and years as people print them; guesses no year and no
century.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

_MONTHS = {name.lower()[:3]: number for number, name in enumerate(calendar.month_name) if name}
_ELSEWHERE = {
    name: number
    for number, names in enumerate(
        (
            "januar janvier janv enero gennaio janeiro januari",
            "februar février févr febrero febbraio fevereiro februari",
            "märz mars marzo março maart",
            "april avril abril aprile",
            "mai mayo maggio maio mei",
            "juni juin junio giugno junho",
            "juli juillet juil julio luglio julho",
            "august août agosto augustus",
            "september septembre septiembre settembre setembro",
            "oktober octobre octubre ottobre outubro okt",
            "november novembre noviembre novembro",
            "dezember décembre diciembre dicembre dezembro dez déc",
        ),
        start=1,
    )
    for name in names.split()
}
"""Months in German, French, Spanish, Italian, Portuguese and Dutch, whole: "mai" also begins
"maintained"."""
_MONTH = (
    rf"(?P<month>(?:{'|'.join(sorted(_ELSEWHERE, key=len, reverse=True))})\b"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
)
_YEAR = r"(?P<year>20\d\d)"
# A year behind a colon or a hyphen is an edition: "ISO/IEC 27001:2022", "DSS-2018".
_ALONE = r"(?<![\w:\-–./])"
_FORMS = tuple(
    re.compile(_ALONE + form + r"(?![\w])", re.IGNORECASE)
    for form in (
        rf"{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)",
        rf"(?P<day>\d{{1,2}})\.(?P<number>\d{{1,2}})\.{_YEAR}",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)? (?:of |de |d['’])?{_MONTH},? (?:de )?{_YEAR}",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_MONTH},? (?:of |de )?{_YEAR}",
        rf"(?P<number>\d{{1,2}})/{_YEAR}",
        r"(?:Q(?P<quarter>[1-4])|(?P<nth>first|second|third|fourth|1st|2nd|3rd"
        r"|4th) quarter)(?: of)?"
        rf"(?:,? (?:calendar |fiscal )?(?:CY|FY)?| ?[/-] ?){_YEAR}",
        rf"{_YEAR} ?[/-]? ?Q(?P<quarter>[1-4])",
        rf"(?:H(?P<half>[12])|(?P<part>first|second) half)(?: of)?,? {_YEAR}",
        rf"(?P<season>spring|summer|fall|autumn|early|mid)(?: of|[ -]){_YEAR}",
        rf"{_YEAR}",
    )
)
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_SEASONS = {"spring": 6, "summer": 9, "fall": 12, "autumn": 12, "early": 4, "mid": 8}


_RANGE = re.compile(
    r"\S\s+(?:[–—-]|to|through|till|until|and|bis|au|al)\s+\S.*\d{4}|\w[–—]\w.*\d{4}"
)
_BEGINS = re.compile(
    r"\b(?:since|from|issued|dated|effective|starting|as of|seit|ab|vom|depuis|desde|dal)\b",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\b(?:years?|months?|days?|annual(?:ly)?|jahre?|monate?|ans?|mois|años?|meses|anni|jaar)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:until|till|to|through|expir\w+|ends?|bis|jusqu\w*|au|hasta|al?|tot)\b|[–—]|\s-\s",
    re.IGNORECASE,
)


def is_range(text: str) -> bool:
    """Return whether a text prints a span between two dates: a certificate's term, or what a report
    looked back on."""
    return _RANGE.search(text) is not None


def end_of(valid: str) -> date | None:
    """Return the last day of a validity as it is printed, None where it names no end ("two years",
    "since May 2024")."""
    open_ended = (_BEGINS.search(valid) or _LASTS.search(valid)) and not _ENDS.search(valid)
    return None if open_ended else last_day(valid)


def last_day(text: str) -> date | None:
    """Return the last day that the latest date of a text can mean."""
    found: list[date] = []
    for form in _FORMS:
        dates = list(form.finditer(text))
        found += [day for match in dates if (day := _end(match.groupdict())) is not None]
        # What was read in a fuller form is not read again as a bare year.
        text = form.sub(lambda match: " " * len(match[0]), text) if dates else text
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
        name = month.casefold()
        return _ELSEWHERE.get(name) or _MONTHS[name[:3]]
    if quarter := parts.get("quarter") or _NTH.get((parts.get("nth") or "").lower()):
        return 3 * int(quarter)
    if half := parts.get("half") or _NTH.get((parts.get("part") or "").lower()):
        return 6 * int(half)
    return _SEASONS.get((parts.get("season") or "").lower(), 12)
