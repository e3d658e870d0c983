"""Held → what a person reads on a terminal of a page that is held back.

The words are the report's; this lays them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.cli import tables
from pipeline.model import Held
from pipeline.report import holding, phrases

WIDE = 120
"""A window this wide has room for a command or digest beside what it is;
a narrower one has it below.
"""


def show(out: Console, held: Held, zone: tzinfo = UTC) -> None:
    """Show why and since when a page is held back, what would change,
    how to settle it, and both captures.
    """
    out.print(Text(phrases.page_name(held.page), style="bold red"))
    said = (
        holding.opening(held, zone),
        holding.stands(held, zone),
        holding.rejection(held, zone),
        holding.outlook(held),
    )
    for line in filter(None, said):
        out.print(_inset(Text(line)))
    if held.changes:
        out.print(_inset(_entries(held), 4))
    wide = out.width >= WIDE
    out.print(_inset(_facts(holding.ways(held), wide)))
    out.print(_inset(_facts(_captures(held, zone), wide)))
    out.print()


def _entries(held: Held) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for line in holding.entries(held):
        said = Text(line.text)
        if line.names:
            said.append(f": {line.names}", "dim")
        severity = Text(line.severity, style=tables.STYLES[line.severity])
        grid.add_row(severity, Text("unconfirmed", style="dim"), said)
    return grid


def _captures(held: Held, zone: tzinfo) -> Iterator[tuple[str, str]]:
    for name, digest, at in holding.captures(held):
        yield f"{phrases.capital(name)}, of {phrases.instant(at, zone)}", digest


def _facts(rows: Iterable[tuple[str, str]], wide: bool) -> RenderableType:
    """Return what is to be copied, in one piece: beside what it is
    where there is room, else below.
    """
    grid = Table.grid(padding=(0, 2))
    for name, value in rows:
        if wide:
            grid.add_row(Text(f"{name}:", style="dim"), Text(value, no_wrap=True))
        else:
            grid.add_row(Text(f"{name}:", style="dim"))
            grid.add_row(Padding(Text(value, no_wrap=True), (0, 0, 0, 2)))
    return grid


def _inset(what: RenderableType, by: int = 2) -> Padding:
    return Padding(what, (0, 0, 0, by))
