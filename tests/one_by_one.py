"""An inbox as plain as it can be: every change is read, and narrowed and sorted by itself.

It holds no test; what is faster has to give the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from pipeline import history, words
from pipeline.history import Narrowed
from pipeline.model import SEVERITIES
from pipeline.report import due

Row = dict[str, Any]
OURS = ("reader", "config")


def inbox(db: history.Database, narrowed: Narrowed, on: date, part: history.Slice) -> history.Found:
    """Return what `history.inbox` does."""
    rows = history.changes(db, rules=narrowed.in_force)
    every = replace(narrowed, severity="", due="")
    broad = [row for row in rows if fits(every, row, on)]
    order = _rank(narrowed, on)
    fitting = sorted((row for row in broad if fits(narrowed, row, on)), key=order)
    start, stop = part.start, part.start + part.least
    while 0 < stop < len(fitting) and _at_once(fitting[stop - 1], fitting[stop]):
        stop += 1
    counts = Counter(row["severity"] for row in broad)
    return history.Found(
        tuple(fitting[start:stop]),
        stop < len(fitting),
        tuple((severity, counts[severity]) for severity in SEVERITIES if counts[severity]),
        sum(due.state(row, on) == "overdue" for row in broad),
        len(fitting),
    )


def _at_once(one: Row, other: Row) -> bool:
    return all(one[name] == other[name] for name in ("page", "first_seen"))


def _rank(narrowed: Narrowed, on: date) -> Callable[[Row], tuple[int, str, int]]:
    """Return the order of changes: by severity, or the most pressing first where that is asked."""

    def rank(row: Row) -> tuple[int, str, int]:
        severity = SEVERITIES.index(row["severity"])
        if narrowed.sort != "due" or due.state(row, on) == "none":
            return 1, "", severity
        return 0, row["due"], severity == len(SEVERITIES) - 1

    return rank


def fits(wanted: Narrowed, row: Row, on: date) -> bool:
    """Say whether a change is asked for on a day."""
    causes = OURS if wanted.cause == "ours" else (wanted.cause,)
    return (
        wanted.status in ("any", row["status"])
        and (wanted.cause == "any" or row["cause"] in causes)
        and wanted.severity in ("", row["severity"])
        and _same(wanted.vendor, row["vendor"])
        and _same(wanted.page, row["page"])
        and wanted.standard in ("", row["standard"], row["standard_name"])
        and _same(wanted.owner, row["owner"])
        and wanted.due in ("", due.state(row, on))
        and _says(row, wanted.text)
    )


def _same(wanted: str, value: str | None) -> bool:
    return not wanted or words.fold(wanted) == words.fold(value or "")


def _says(row: Row, text: str) -> bool:
    """Say whether a change says all words of a text, in its sentences, its summary or its names."""
    if not text:
        return True
    names = (
        "id",
        "summary",
        "text_before",
        "text_after",
        "vendor",
        "page",
        "subject",
        "owner",
        "ref",
    )
    said = words.fold(" ".join(str(row[name]) for name in names if row[name]))
    return all(word in said for word in words.fold(text).split())
