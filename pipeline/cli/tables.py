"""Rows and values → lines on a terminal, JSON, CSV. Decides nothing, asks nothing, and lets no control character through."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

Row = Mapping[str, Any]

PIPED_WIDTH = 160
SHORT, LONG = 20, 60
"""Up to how many characters a column keeps its width, and from how many on it gets no more of the table's."""

STYLES = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "bold yellow",
    "low": "cyan",
    "info": "dim",
    "ok": "green",
    "open": "yellow",
    "failed": "red",
}
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def console(*, stderr: bool = False) -> Console:
    """Return a console for standard output or error; wide where nobody's window limits it."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def safe(text: object) -> str:
    """Return the text without control characters and direction marks: a page must not steer the terminal it is shown on."""
    return _UNSAFE.sub("", "" if text is None else str(text))


# --------------------------------------------------------------------------- listings


def listing(rows: Sequence[Row], form: str, columns: Sequence[str], *, nothing: str) -> None:
    """Print rows as a table of those columns, or whole as JSON or CSV; `nothing` stands in for an empty table."""
    if form == "json":
        write(as_json(list(rows)))
    elif form == "csv":
        write(as_csv(rows, columns))
    else:
        out = console()
        out.print(table(rows, columns) if rows else Text(nothing, style="dim"))


def write(text: str) -> None:
    """Write text to standard output as it is; half a character that a page may hold becomes a question mark."""
    sys.stdout.write(text.encode("utf-8", "replace").decode())


def as_json(value: object) -> str:
    """Return the value as indented JSON with a last line end."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def as_csv(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return rows as CSV with every key of any row, the named columns first.

    A cell that a spreadsheet would take for a formula gets a leading apostrophe.
    """
    names = [*columns, *sorted({key for row in rows for key in row} - set(columns))]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_csv_cell(row.get(name)) for name in names] for row in rows)
    return out.getvalue()


def _csv_cell(value: object) -> object:
    text = _UNSAFE.sub("", cell(value))
    return f"'{text}" if text.startswith(_FORMULA) and not isinstance(value, int | float) else text


def cell(value: object) -> str:
    """Return one value as a table shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(cell(part) for part in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return re.sub(
        r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?(\+00:00|Z)$", r"\1 \2", str(value)
    )


def table(rows: Sequence[Row], columns: Sequence[str]) -> Table:
    """Return a rich table of the columns that hold anything; long text wraps and shares the width, ids and dates do not."""
    shown = [name for name in columns if any(cell(row.get(name)) for row in rows)]
    widths = {name: max(len(name), *(len(cell(row.get(name))) for row in rows)) for name in shown}
    made = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        header_style="bold",
        expand=max(widths.values(), default=0) > LONG,
    )
    for name, width in widths.items():
        if width <= SHORT:
            made.add_column(safe(name.replace("_", " ")), no_wrap=True)
        else:
            made.add_column(safe(name.replace("_", " ")), overflow="fold", ratio=min(width, LONG))
    for row in rows:
        made.add_row(
            *(
                Text(safe(cell(row.get(name))), style=STYLES.get(str(row.get(name)), ""))
                for name in widths
            )
        )
    return made
