"""Rows of the matrix → what a person reads: holders down, standards across where there is room,
reasons in footnotes.

A window too narrow for all standards gets a block for each holder,
which names only what there is something to say of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.cli import claims, tables
from pipeline.report import phrases
from pipeline.report.matrix import (
    BLANK,
    GONE,
    SAYS_NOTHING,
    SYMBOLS,
    distinct,
    holder,
    notes,
    said,
    said_of,
    symbol,
)

Row = dict[str, Any]

STYLES = {
    "claimed": "green",
    "supports": "cyan",
    "planned": "yellow",
    "unknown": "yellow",
    "not_claimed": "red",
}
LAST = "last good look"
SYMBOL = "● "
GAP = 3
"""Columns stand so far apart."""


class Grid:
    """The matrix as it is drawn: cells by holder and standard, and the footnotes
    in the order in which they are first met.
    """

    def __init__(self, rows: Sequence[Row], zone: tzinfo) -> None:
        self.zone = zone
        self.names = {row["standard"]: row["standard_name"] or row["standard"] for row in rows}
        self.standards = sorted(self.names, key=lambda one: str(self.names[one]).casefold())
        self.cells: dict[str, dict[str, list[Row]]] = {}
        for row in sorted(rows, key=lambda row: (holder(row).casefold(), row["edition"] or "")):
            self.cells.setdefault(holder(row), {}).setdefault(row["standard"], []).append(row)
        self.notes: dict[str, int] = {}
        self.used: dict[str, tuple[str, str]] = {}

    def number(self, said: str) -> int:
        """Return the number of a footnote; what was said already keeps its number."""
        return self.notes.setdefault(said, len(self.notes) + 1)

    def cell(self, rows: Sequence[Row], name: str = "") -> Text:
        """Return what stands of one standard: a symbol, edition and level,
        and the numbers of its footnotes.
        """
        rows = rows or ({"stance": None, "why": SAYS_NOTHING, "edition": None, "level": None},)
        drawn = Text()
        for row in distinct(rows):
            drawn.append(" " if drawn else "")
            drawn.append_text(self._one(row, name))
        return drawn

    def _one(self, row: Row, name: str) -> Text:
        mark, style, word = _symbol(row)
        self.used[mark] = (style, word)
        titled = claims.titled(name, row["edition"], row["level"])
        drawn = Text.assemble((mark, style), f" {tables.safe(titled)}" if titled else "")
        for note in notes(row):
            drawn.append(f" [{self.number(note)}]", "dim")
        return drawn

    def silent(self, rows: Sequence[Row]) -> bool:
        """Say whether there is nothing to say of a cell."""
        return all(row["stance"] is None and row["why"] == SAYS_NOTHING for row in rows)

    def age(self, name: str, *, whole: bool = True) -> str:
        """Return how old the last good look is that a holder's cells rest on."""
        rows = [row for cell in self.cells[name].values() for row in cell if row["as_of"]]
        if not rows:
            return "never read well"
        oldest = min(rows, key=lambda row: str(row["as_of"]))
        days = oldest["age_days"]
        ago = f"{phrases.count(days, 'day')} ago" if days else "today"
        return f"{tables.cell(oldest['as_of'], self.zone)}, {ago}" if whole else ago


def show(out: Console, rows: Sequence[Row], zone: tzinfo) -> Grid:
    """Draw the matrix with its legend and footnotes, and return it."""
    widths = _widths(Grid(rows, zone))
    # Numbered in the order in which it is read, not in which it was measured.
    grid = Grid(rows, zone)
    if sum(widths.values()) + GAP * (len(widths) - 1) <= out.width:
        out.print(_table(grid, widths))
    else:
        for name in grid.cells:
            out.print(_block(grid, name))
        out.print(Text("Of a standard that is not named beside a vendor, no page says anything."))
    out.print(_legend(grid))
    for note, number in grid.notes.items():
        out.print(_footnote(number, note))
    return grid


def _widths(grid: Grid) -> dict[str, int]:
    """Return how wide each column has to be, the holders' first and the age's last:
    no word is broken in any.
    """
    ages = (grid.age(name, whole=False) for name in grid.cells)
    widths = {"": max(map(cell_len, grid.cells), default=0)}
    for standard in grid.standards:
        drawn = (grid.cell(cells.get(standard, ())).plain for cells in grid.cells.values())
        words = max(map(cell_len, str(grid.names[standard]).split()))
        widths[standard] = max(words, *(min(cell_len(one), _least(one)) for one in drawn))
    return widths | {LAST: max(map(cell_len, (LAST, *ages)))}


def _least(drawn: str) -> int:
    """Return the least width of a cell: its longest word, with the symbol beside it."""
    return max(len(SYMBOL) + cell_len(word) for word in drawn.split())


def _table(grid: Grid, widths: dict[str, int]) -> Table:
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for name, width in widths.items():
        made.add_column(tables.safe(grid.names.get(name, name)), width=width, overflow="fold")
    for name, cells in grid.cells.items():
        drawn = (grid.cell(cells.get(standard, ())) for standard in grid.standards)
        made.add_row(Text(tables.safe(name)), *drawn, Text(grid.age(name, whole=False), "dim"))
    return made


def _block(grid: Grid, name: str) -> RenderableType:
    cells = grid.cells[name]
    said = [standard for standard in grid.standards if not grid.silent(cells.get(standard, ()))]
    drawn = [grid.cell(cells[standard], str(grid.names[standard])) for standard in said]
    head = Text.assemble((tables.safe(name), "bold"), (f"  as of {grid.age(name)}", "dim"))
    return Group(head, Padding(Flow(drawn), (0, 0, 1, 2)))


class Flow:
    """Cells set one after the other, as many a line as there is room for."""

    def __init__(self, cells: Sequence[Text]) -> None:
        self.cells = cells

    def __rich_console__(self, console: Console, options: Any) -> Iterator[Text]:
        line = Text()
        for cell in self.cells:
            if line and cell_len(line.plain) + 3 + cell_len(cell.plain) > options.max_width:
                yield line
                line = Text()
            line.append("   " if line else "")
            line.append_text(cell)
        if line:
            yield line


def _symbol(row: Row) -> tuple[str, str, str]:
    """Return a cell's symbol, its style, and what the legend says of it."""
    if row["stance"] is not None:
        return symbol(row), STYLES.get(row["stance"], STYLES["unknown"]), said(row)
    return symbol(row), "red" if symbol(row) == GONE else "dim", said(row)


def beside(finding: Row) -> RenderableType:
    """Return what the pages say together that belongs to no cell, with their sentences."""
    sentences = [f"{text['page']}: “{text['text']}”" for text in finding["texts"]]
    return Padding(Text(tables.safe("\n".join((said_of(finding), *sentences)))), (0, 0, 0, 2))


def _legend(grid: Grid) -> RenderableType:
    order = (*SYMBOLS.values(), GONE, BLANK)
    drawn = []
    for mark in (one for one in order if one in grid.used):
        style, word = grid.used[mark]
        drawn.append(Text.assemble((mark, style), f" {word}"))
    return Padding(Flow(drawn), (1, 0, 1, 0))


def _footnote(number: int, said: str) -> Table:
    made = Table.grid(padding=(0, 1))
    made.add_column(justify="right", no_wrap=True)
    made.add_column(overflow="fold")
    made.add_row(Text(f"[{number}]", "dim"), Text(tables.safe(said)))
    return made
