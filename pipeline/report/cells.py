"""Rows → CSV that a spreadsheet opens as text. Runs no formula that a page wrote."""

from __future__ import annotations

import csv as table
import io
from collections.abc import Iterable, Mapping, Sequence

from pipeline import visible

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    """Return rows as CSV (RFC 4180) with a header; a missing or null value is an empty cell,
    a list is joined by semicolons.

    A text that a spreadsheet would run as a formula gets an apostrophe in front,
    one behind spaces or characters that nobody sees too.
    """
    out = io.StringIO(newline="")
    writer = table.writer(out)
    writer.writerow(map(cell, columns))
    writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def cell(value: object) -> str:
    """Return one value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, (bool, int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    text = "; ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    text = visible.text(text)
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text
