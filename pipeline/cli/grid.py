"""Rows of the matrix → what a person reads: holders down, standards across where there is room, reasons in footnotes.

A window too narrow for all standards gets a block for each holder, which names only what there is something to say of.
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

from pipeline.cli import tables, views
from pipeline.report import phrases

Row = dict[str, Any]

SYMBOLS = {
    "claimed": ("●", "green"),
    "supports": ("◐", "cyan"),
    "planned": ("○", "yellow"),
    "unknown": ("?", "yellow"),
    "not_claimed": ("✗", "red"),
}
GONE, BLANK = ("†", "red"), ("–", "dim")
KINDS = {
    "superseded": "superseded",
    "passed": "date has passed",
    "expired": "expired",
    "contradiction": "contradiction",
    "gap": "gap",
}
SAYS_NOTHING = "no page says so"
LAST = "last good look"
SYMBOL = "● "
GAP = 3
"""Columns stand so far apart."""


class Grid:
    """The matrix as it is drawn: cells by holder and standard, and the footnotes in the order in which they are first met."""

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
        """Return what stands of one standard: a symbol, edition and level, and the numbers of its footnotes."""
        rows = rows or ({"stance": None, "why": SAYS_NOTHING, "edition": None, "level": None},)
        drawn = Text()
        for row in _distinct(rows):
            drawn.append(" " if drawn else "")
            drawn.append_text(self._one(row, name))
        return drawn

    def _one(self, row: Row, name: str) -> Text:
        symbol, style, word = _symbol(row)
        self.used[symbol] = (style, word)
        said = views.titled(name, row["edition"], row["level"])
        drawn = Text.assemble((symbol, style), f" {tables.safe(said)}" if said else "")
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
    grid = Grid(
        rows, zone
    )  # numbered in the order in which it is read, not in which it was measured
    if sum(widths.values()) + GAP * (len(widths) - 1) <= out.width:
        out.print(_table(grid, widths))
    else:
        for name in grid.cells:
            out.print(_block(grid, name))
        out.print(Text("Of a standard that is not named beside a vendor, no page says anything."))
    out.print(_legend(grid))
    for said, number in grid.notes.items():
        out.print(_footnote(number, said))
    return grid


def _widths(grid: Grid) -> dict[str, int]:
    """Return how wide each column has to be, the holders' first and the age's last: no word is broken in any."""
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
        symbol, style = SYMBOLS.get(row["stance"], SYMBOLS["unknown"])
        return symbol, style, phrases.status(row["stance"])
    if row["why"].startswith("no longer"):
        return *GONE, "no longer claimed"
    return *BLANK, SAYS_NOTHING


def notes(row: Row) -> Iterator[str]:
    """Yield what a cell's footnotes say: why it is blank, how long a validity lasts, what the pages say together."""
    if row["stance"] is None:
        if row["why"] != SAYS_NOTHING:
            yield phrases.capital(row["why"])
        return
    expired = any(flag["kind"] == "expired" for flag in row["flags"])
    if (left := row["days_left"]) is not None and not expired:
        days = phrases.count(abs(left), "day")
        yield f"Validity: {days} left" if left >= 0 else f"Validity: expired {days} ago"
    for flag in row["flags"]:
        yield said_of(flag)
    if mark := row.get("correction"):
        yield f"Our reading was corrected by {mark['by'] or 'somebody'}"


def said_of(finding: Row) -> str:
    """Return what the pages say together, as a footnote."""
    return f"{phrases.capital(KINDS[finding['kind']])}: {finding['summary']}"


def said(row: Row) -> str:
    """Return a cell's status in words."""
    return _symbol(row)[2]


def beside(finding: Row) -> RenderableType:
    """Return what the pages say together that belongs to no cell, with their sentences."""
    said = [f"{text['page']}: “{text['text']}”" for text in finding["texts"]]
    return Padding(Text(tables.safe("\n".join((said_of(finding), *said)))), (0, 0, 0, 2))


def _distinct(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a cell without those that say less than another: "held" beside "2022 held" adds nothing."""
    kept: list[Row] = []
    for row in sorted(rows, key=lambda row: not (row["edition"] or row["level"])):
        if not any(_less(row, other) for other in kept):
            kept.append(row)
    return kept


def _less(row: Row, other: Row) -> bool:
    if row["stance"] != other["stance"] or list(notes(row)) != list(notes(other)):
        bare = row["stance"] == other["stance"] and not list(notes(row))
        if not bare:
            return False
    return all(row[name] in (None, other[name]) for name in ("edition", "level"))


def holder(row: Row) -> str:
    """Return whose a row is: vendor and product, the vendor alone, or the page where neither is known."""
    vendor, subject = row["vendor"] or "", row["subject"] or ""
    both = subject if vendor in subject else f"{vendor} · {subject}" if subject else vendor
    return both or str(row["page"] or "")


def _legend(grid: Grid) -> RenderableType:
    order = (*(symbol for symbol, _ in SYMBOLS.values()), GONE[0], BLANK[0])
    drawn = []
    for symbol in (one for one in order if one in grid.used):
        style, word = grid.used[symbol]
        drawn.append(Text.assemble((symbol, style), f" {word}"))
    return Padding(Flow(drawn), (1, 0, 1, 0))


def _footnote(number: int, said: str) -> Table:
    made = Table.grid(padding=(0, 1))
    made.add_column(justify="right", no_wrap=True)
    made.add_column(overflow="fold")
    made.add_row(Text(f"[{number}]", "dim"), Text(tables.safe(said)))
    return made
