"""Two pages → their stretches that differ, on a terminal: beside each other where it is wide,
else one below the other.
"""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.cli import changes, tables
from pipeline.model import Comparison, Line, Stretch
from pipeline.report import marking, phrases

WIDE = 110
"""From how many columns on both pages fit beside each other."""


def show(out: Console, found: Comparison) -> None:
    """Show every stretch that differs, with a line around it; say so where there is none."""
    if not found.stretches:
        out.print(
            Text(
                "No visible change: what differs is form, or stands outside the text."
                if found.changes
                else "No visible change."
            )
        )
    for stretch in found.stretches:
        if stretch.skipped:
            out.print(Text(f"    … {phrases.count(stretch.skipped, 'line')} alike …", style="dim"))
        out.print(Text(tables.safe(" › ".join(stretch.section)), style="bold"))
        out.print(
            _both(stretch, changes.colours(out))
            if out.width >= WIDE
            else _one(stretch, changes.colours(out))
        )


def _both(stretch: Stretch, colours: bool) -> Table:
    grid = Table(box=box.MINIMAL, show_header=False, expand=True, padding=(0, 1))
    grid.add_column(ratio=1, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    for line in stretch.lines:
        _, before, after = marking.sides(line.marks)
        grid.add_row(
            changes.marked(before, colours), changes.marked(after, colours), style=_style(line)
        )
    return grid


def _one(stretch: Stretch, colours: bool) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column(overflow="fold")
    for line in stretch.lines:
        grid.add_row(
            Text("" if _alike(line) else "~"),
            changes.marked(marking.sides(line.marks)[0], colours),
            style=_style(line),
        )
    return grid


def _alike(line: Line) -> bool:
    return {mark.op for mark in line.marks} <= {"same", "row", "cell"}


def _style(line: Line) -> str:
    return "dim" if _alike(line) else ""
