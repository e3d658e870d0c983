"""Changes of claims that stand in a table → the same with their row's cells marked, and what is left to tell of a row.

Knows where a claim stands by its source alone; finds no change of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from pipeline import words
from pipeline.diff import rows
from pipeline.diff.alignment import Alignment
from pipeline.diff.units import Unit
from pipeline.model import Change, Source

KINDS = ("standard", "service", "supplier")


class Tables:
    """The rows of both pages that differ in a cell, and the changes that stand in them."""

    def __init__(self, aligned: Alignment, told: Iterable[Change]) -> None:
        self._rows: dict[tuple[int, str], list[tuple[Unit, Unit]]] = defaultdict(list)
        for pair in aligned.reworded:
            if all(rows.is_row(unit) for unit in pair):
                for side, unit in enumerate(pair):
                    for text in {unit.text, *rows.cells(unit)}:
                        self._rows[side, words.fold(text)].append(pair)
        self._told: dict[tuple[int, int], list[Change]] = defaultdict(list)
        self.changes = [self._marked(change) for change in told]

    def _marked(self, change: Change) -> Change:
        """Return a change with its row's cells as marks, where it stands in a row that differs."""
        # Where one supplier stands in the place of another, the row tells of both and neither.
        words_of = ("changed",) if change.kind == "supplier" else ("added", "removed", "changed")
        bound = change.kind in KINDS and change.change in words_of
        pair = self._pair(change) if bound else None
        if pair is None:
            return change
        self._told[id(pair[0]), id(pair[1])].append(change)
        return replace(change, marks=tuple(rows.marks(*pair)))

    def _pair(self, change: Change) -> tuple[Unit, Unit] | None:
        sources = (change.source_before, change.source_after)
        sides = [(side, source) for side, source in enumerate(sources) if source]
        for pair in (
            self._rows.get((sides[-1][0], words.fold(sides[-1][1].text)), ()) if sides else ()
        ):
            if all(_stands(source, pair[side]) for side, source in sides):
                return pair
        return None

    def untold(
        self, b: Unit, a: Unit, old: list[str], new: list[str]
    ) -> tuple[list[str], list[str]]:
        """Return the differing cells of a row that no change of a claim tells: an edition in a cell of its own is told once."""
        changes = [
            change for change in self._told.get((id(b), id(a)), ()) if change.change == "changed"
        ]
        if changes and len(old) <= 1 and len(new) <= 1:
            return [], []
        for change in changes:
            for gone in old:
                came = next((text for text in new if _says(change, gone, text)), None)
                if came is not None:
                    old, new = (
                        [text for text in old if text != gone],
                        [text for text in new if text != came],
                    )
        return old, new


def _stands(source: Source, unit: Unit) -> bool:
    text = words.fold(source.text)
    here = source.section == unit.section and (
        source.line is None or unit.line is None or source.line == unit.line
    )
    return here and (
        text == words.fold(unit.text) or text in [words.fold(cell) for cell in rows.cells(unit)]
    )


def _says(change: Change, gone: str, came: str) -> bool:
    """Say whether two cells differ by the change's values alone."""
    values = ((change.before, change.after), (change.from_value, change.to_value))
    old, new = words.fold(gone), words.fold(came)
    return any(
        x and y and old.replace(words.fold(x), "\x02") == new.replace(words.fold(y), "\x02")
        for x, y in values
    )
