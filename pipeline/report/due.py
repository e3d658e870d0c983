"""Due dates of changes → how they stand on a day, and the words for it.

A date is of the schedule's time zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pipeline.report import phrases

Row = Mapping[str, Any]
SOON = timedelta(days=7)
STATES = {
    "overdue": "Overdue",
    "soon": "Due within 7 days",
    "later": "Due later",
    "none": "No due date",
}
"""How a change stands with its due date, the most pressing first, each with its heading."""
WAITING = ("open", "asked")
"""Only what waits for somebody can be overdue."""


def parsed(text: str) -> str:
    """Return a due date as it is kept, empty where `none` clears it.

    Raise ValueError for any other text.
    """
    given = text.strip()
    if given.casefold() == "none":
        return ""
    if len(given) != len("YYYY-MM-DD"):
        raise ValueError(given)
    return date.fromisoformat(given).isoformat()


def state(row: Row, on: date) -> str:
    """Return how a change stands on a day: `overdue`, `soon`, `later`,
    or `none` where nothing is to be done by a day.
    """
    if not row["due"] or row["status"] not in WAITING:
        return "none"
    left = date.fromisoformat(row["due"]) - on
    if left < timedelta(0):
        return "overdue"
    return "soon" if left <= SOON else "later"


def words(row: Row, on: date) -> str:
    """Return a change's due date in words, empty where it has none."""
    if not row["due"]:
        return ""
    day = phrases.day(row["due"])
    if state(row, on) == "overdue":
        return f"overdue since {day}"
    return "due today" if row["due"] == on.isoformat() else f"due {day}"


def said(due: str | None) -> str:
    """Return what a verdict said of the due date, empty where it said nothing of it."""
    if due is None:
        return ""
    return f"due {phrases.day(due)}" if due else "due date cleared"
