"""Changes of one cause → the same, marked as a batch where they are many.

Each stays a change of its own, reviewed by its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from pipeline.diff import thresholds
from pipeline.model import Change

Cause = tuple[object, ...]


def batched(changes: Iterable[Change]) -> list[Change]:
    """Mark the changes of one cause: a whole list or column, one service for many standards,
    a page's facts or links.
    """
    every = list(changes)
    columns = Counter(_column(change) for change in every)
    rows = Counter(_row(change) for change in every)
    return [
        replace(change, batch=_batch(change, columns[_column(change)], rows[_row(change)]))
        for change in every
    ]


def _column(change: Change) -> Cause:
    """Return what is the same for changes of one list: of a standard's services,
    of a page's documents, facts or links.
    """
    if change.kind == "service":
        values = (change.from_value, change.to_value) if change.field != "condition" else ()
        return change.kind, change.severity, change.change, change.field, change.standard, *values
    if change.kind == "metadata":
        return (change.kind, change.name == "title")
    return change.kind, change.severity, change.change, change.field


def _row(change: Change) -> Cause:
    return (
        change.kind,
        change.severity,
        change.change,
        change.field,
        change.before,
        change.after,
        change.from_value,
        change.to_value,
    )


def _batch(change: Change, column: int, row: int) -> str | None:
    if change.kind == "service" and max(column, row) >= thresholds.BATCH:
        what = change.change if change.change != "changed" else f"changed in {change.field}"
        if column >= row:
            return f"{column} services {what}" + (
                f" for {change.standard_name or change.standard}" if change.standard else ""
            )
        return f"{change.after or change.before} {what} for {row} standards"
    if column < thresholds.BATCH:
        return None
    if change.kind == "evidence":
        what = {"name": "renamed", "url": "linked elsewhere"}.get(change.field or "", change.change)
        return f"{column} documents {what}"
    if change.kind == "supplier":
        what = change.change if change.change != "changed" else f"changed in {change.field}"
        return f"{column} suppliers {what}"
    if change.kind == "metadata" and change.name != "title":
        return f"{column} page facts changed"
    return (
        f"{column} links {change.change}"
        if change.kind == "wording" and change.field == "link"
        else None
    )
