"""Rows and values → lines on a terminal, JSON, CSV. Decides nothing, asks nothing, and lets no control character through."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline import visible
from pipeline.cli import printing, screen
from pipeline.report import cells

Row = Mapping[str, Any]

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


def safe(text: object) -> str:
    """Return the text as a reader sees it, so that what is measured and marked is what is shown."""
    return visible.text("" if text is None else str(text))


# --------------------------------------------------------------------------- listings


def listing(rows: Sequence[Row], form: str, columns: Sequence[str], *, nothing: str) -> None:
    """Print rows as a table of those columns, or whole as JSON or CSV; `nothing` stands in for an empty table."""
    if form == "json":
        printing.document(as_json(list(rows)), form)
    elif form == "csv":
        printing.document(as_csv(rows, columns), form)
    else:
        out = screen.console()
        out.print(table(rows, columns) if rows else Text(nothing, style="dim"))


def as_json(value: object) -> str:
    """Return the value as indented JSON with a last line end."""
    return json.dumps(visible.values(value), ensure_ascii=False, indent=2, default=str) + "\n"


def as_csv(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return rows as CSV with every key of any row, the named columns first; no cell is run as a formula."""
    names = [*columns, *sorted({key for row in rows for key in row} - set(columns))]
    return cells.csv([{name: _csv_value(row.get(name)) for name in names} for row in rows], names)


def _csv_value(value: object) -> object:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else cell(value)


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
