"""Rows → JSON, CSV, and what people read: a table where the window has room for it,
else a block for each row.

A pipe gets one line a row, uncut and whatever the window's width. Decides nothing,
asks nothing, and lets no control character through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from pipeline import visible
from pipeline.cli import printing
from pipeline.report import cells, phrases

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

Row = Mapping[str, Any]

ROOM = 30
"""A column of sentences needs as many characters, or the table gives way to blocks."""

GAP = 3
"""Columns of a table stand so far apart."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(\+00:00|Z)")

STYLES = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "bold yellow",
    "low": "cyan",
    "info": "dim",
    "ok": "green",
    "open": "yellow",
    "failed": "red",
    "held_back": "red",
}


@dataclass(frozen=True, slots=True)
class View:
    """How people see rows: the columns, which of them hold sentences, one row as a block,
    and what stands in for none.

    `zone` is the time zone of all instants. `labels` are headings that are not the column's name.
    """

    columns: tuple[str, ...]
    block: Callable[[Row, tzinfo], RenderableType]
    sentences: tuple[str, ...] = ()
    nothing: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC

    def label(self, column: str) -> str:
        """Return the heading of a column."""
        return self.labels.get(column, column.replace("_", " "))


def safe(text: object) -> str:
    """Return the text as a reader sees it, so that what is measured and marked is what is shown."""
    return visible.text("" if text is None else str(text))


# --------------------------------------------------------------------------- listings


def data(rows: Sequence[Row], form: str, columns: Sequence[str], zone: tzinfo = UTC) -> None:
    """Print rows for programs: whole as JSON, or as CSV with the named columns first."""
    text = as_json(list(rows)) if form == "json" else as_csv(rows, columns, zone)
    printing.document(text, form)


def listing(rows: Sequence[Row], view: View) -> None:
    """Print rows for people: lines for a pipe, a table where a terminal has room, else blocks."""
    if rows and printing.piped():
        for line in lines(rows, view):
            print(line)
    else:
        _drawn(rows, view)


def _drawn(rows: Sequence[Row], view: View) -> None:
    from rich.text import Text

    from pipeline.cli import screen  # no pipe is drawn for

    out = screen.console()
    if not rows:
        out.print(Text(view.nothing, style="dim"))
    elif fits(rows, view, out.width):
        out.print(table(rows, view))
    else:
        for row in rows:
            out.print(view.block(row, view.zone))


def as_json(value: object) -> str:
    """Return the value as indented JSON with a last line end."""
    return json.dumps(visible.values(value), ensure_ascii=False, indent=2, default=str) + "\n"


def as_csv(rows: Sequence[Row], columns: Sequence[str], zone: tzinfo = UTC) -> str:
    """Return rows as CSV with every key of any row, the named columns first;
    no cell is run as a formula.

    Instants are of that time zone, with their distance from UTC.
    """
    names = [*columns, *sorted({key for row in rows for key in row} - set(columns))]
    told = [{name: exported(row.get(name), zone) for name in names} for row in rows]
    return cells.csv(told, names)


def exported(value: object, zone: tzinfo) -> Any:
    """Return a value for a spreadsheet: a number as it is, an instant of that zone
    with its offset, all else as text.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    at = instant(value)
    return at.astimezone(zone).isoformat() if at else cell(value, zone)


def instant(value: object) -> datetime | None:
    """Return the instant that a value of a row is; None for anything else."""
    whole = isinstance(value, str) and _INSTANT.fullmatch(value)
    return datetime.fromisoformat(value) if whole and isinstance(value, str) else None


def cell(value: object, zone: tzinfo = UTC) -> str:
    """Return one value as people read it, instants in that time zone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(cell(part, zone) for part in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    at = instant(value)
    return phrases.minute(at, zone) if at else str(value)


# --------------------------------------------------------------------------- for people


def lines(rows: Sequence[Row], view: View) -> Iterator[str]:
    """Yield the headings, then a line for each row: the same columns always, aligned,
    nothing cut or wrapped.
    """
    headings = [view.label(name) for name in view.columns]
    told = [[_line(cell(row.get(name), view.zone)) for name in view.columns] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(headings, *told, strict=True)]
    for line in (headings, *told):
        padded = (
            text + " " * (width - cell_len(text)) for text, width in zip(line, widths, strict=True)
        )
        yield (" " * GAP).join(padded).rstrip()


def _line(text: str) -> str:
    return " ".join(visible.line(text).split())


def fits(rows: Sequence[Row], view: View, width: int) -> bool:
    """Say whether a table has room: what is no sentence stands in one piece,
    and every sentence has its share.
    """
    needed = 0
    for name in _columns(rows, view):
        own = _width(rows, view, name)
        needed += GAP + (min(own, ROOM) if name in view.sentences else own)
    return needed - GAP <= width


def table(rows: Sequence[Row], view: View) -> Table:
    """Return a table of the columns that hold anything;
    sentences wrap and share the width, all else is whole.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    shown = _columns(rows, view)
    long = [name for name in shown if name in view.sentences and _width(rows, view, name) > ROOM]
    made = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", expand=bool(long)
    )
    for name in shown:
        if name in long:
            made.add_column(safe(view.label(name)), overflow="fold", ratio=1)
        else:
            made.add_column(safe(view.label(name)), no_wrap=True)
    for row in rows:
        values = ((safe(cell(row.get(name), view.zone)), row.get(name)) for name in shown)
        made.add_row(*(Text(text, style=STYLES.get(str(value), "")) for text, value in values))
    return made


def _columns(rows: Sequence[Row], view: View) -> list[str]:
    return [name for name in view.columns if any(cell(row.get(name)) for row in rows)]


def _width(rows: Sequence[Row], view: View, name: str) -> int:
    told = (cell_len(safe(cell(row.get(name), view.zone))) for row in rows)
    return max(cell_len(view.label(name)), *told)
