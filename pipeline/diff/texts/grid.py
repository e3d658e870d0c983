"""Two rows of a table → the cells in which they differ, and the changes of claims
that stand in such rows.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.texts import marks as words_of
from pipeline.diff.texts.alignment import Alignment
from pipeline.diff.texts.units import Unit
from pipeline.model import Cell, Change, Mark, Source

Cells = list[tuple[str, str]]


def is_row(unit: Unit) -> bool:
    """Say whether the unit is a row of a table, or its head."""
    return unit.kind in ("row", "header")


def cells(unit: Unit) -> list[str]:
    """Return the texts of a row's cells that are not empty."""
    return unit.text.split(" | ")


def parts(b: Unit, a: Unit, *, ticks: bool) -> tuple[list[str], list[str]]:
    """Return the cells that only one of two rows has, as text; a tick with its column's heading.

    Without `ticks`, ticks and what stood or stands in their place are left out:
    the row's service was told to be in or out of scope.
    """
    gone, new = _apart(_bound(b), _bound(a)), _apart(_bound(a), _bound(b))
    kept = Counter(words.fold(text) for _, text in gone if _worded(text)) & Counter(
        words.fold(text) for _, text in new if _worded(text)
    )
    gone, new = _less(gone, kept), _less(new, kept)
    if not ticks:
        ticked = {head for head, text in (*gone, *new) if not _worded(text)}
        gone, new = (
            [cell for cell in gone if cell[0] not in ticked],
            [cell for cell in new if cell[0] not in ticked],
        )
    return [_shown(*cell) for cell in gone], [_shown(*cell) for cell in new]


def _bound(unit: Unit) -> Cells:
    return [
        (cell.headers[-1] if cell.headers else "", cell.text) for cell in unit.cells if cell.text
    ]


def _apart(one: Cells, other: Cells) -> Cells:
    rest = Counter((words.fold(head), words.fold(text)) for head, text in other)
    found: Cells = []
    for head, text in one:
        key = (words.fold(head), words.fold(text))
        if rest[key]:
            rest[key] -= 1
        else:
            found.append((head, text))
    return found


def _less(found: Cells, kept: Counter[str]) -> Cells:
    """Leave out the cells that stand under another heading now."""
    rest = Counter(kept)
    result: Cells = []
    for head, text in found:
        if rest[words.fold(text)]:
            rest[words.fold(text)] -= 1
        else:
            result.append((head, text))
    return result


def _worded(text: str) -> bool:
    return bool(re.search(r"\w", text))


def _shown(head: str, text: str) -> str:
    return text if _worded(text) or not head else f"{head}: {text}"


# --------------------------------------------------------------------------- marks


def marks(before: Unit | None, after: Unit | None) -> Iterator[Mark]:
    """Mark a row cell by cell, each cell behind its column's heading; columns that went at the end.

    Other text is one cell.

    Of a wide row only the first cell and those that differ are shown.
    """
    yield Mark("row", "")
    old, new = _columns(before), _columns(after)
    wide = before is not None and after is not None and max(len(old), len(new)) > thresholds.WIDE
    for number, place in enumerate([*new, *(place for place in old if place not in new)]):
        shown = _cell(old.get(place), before is None, new.get(place), after is None)
        if shown and not (wide and number and [mark.op for mark in shown] == ["same"]):
            yield Mark("cell", place[0])
            yield from shown


def _cell(b: Cell | None, no_before: bool, a: Cell | None, no_after: bool) -> tuple[Mark, ...]:
    old, new = b.text if b else "", a.text if a else ""
    if not old and not new:
        return ()
    if words.fold(old) == words.fold(new):
        return (Mark("same", new),)
    if no_before or not old:
        return (Mark("new", new),)
    if no_after or not new:
        return (Mark("gone", old),)
    return words_of.marks(old, new)


def _columns(unit: Unit | None) -> dict[tuple[str, int], Cell]:
    """Return the cells by their column's heading; columns of one heading are numbered."""
    found: dict[tuple[str, int], Cell] = {}
    seen: Counter[str] = Counter()
    for cell in (unit.cells or (Cell(unit.text),)) if unit else ():
        head = cell.headers[-1] if cell.headers else ""
        found[head, seen[head]] = cell
        seen[head] += 1
    return found


def summary(marks: Sequence[Mark]) -> str:
    """Return in words what differs in marked rows: row and column of the one cell,
    else the rows' names.
    """
    found = [
        _apart_cells(row)
        for row in _split(marks, "row")
        if any(mark.op == "cell" and mark.text for mark in row)
    ]
    names = tuple(dict.fromkeys(name for name, _ in found if name))
    cells = [cell for _, row in found for cell in row]
    if len(found) == len(cells) == 1:
        head, old, new = cells[0]
        what = (
            f"“{old}” → “{new}”" if old and new else f"now “{new}”" if new else f"no longer “{old}”"
        )
        return (
            ", ".join(
                part for part in (names[0] if names and names[0] != new else "", head) if part
            )
            + f": {what}"
        )
    more = f" and {len(names) - thresholds.NAMED} more" if len(names) > thresholds.NAMED else ""
    return (
        f"{len(found)} row{'s' if len(found) > 1 else ''}: "
        f"{', '.join(names[: thresholds.NAMED])}{more}"
    )


def _apart_cells(row: tuple[Mark, ...]) -> tuple[str, list[tuple[str, str, str]]]:
    """Return a row's name, which is its first cell, and each cell that differs:
    heading, before, after.
    """
    cells = [
        (cell[0].text, _side(cell[1:], "new"), _side(cell[1:], "gone"))
        for cell in _split(row, "cell")
    ]
    name = next((new or old for _, old, new in cells if new or old), "")
    return name, [cell for cell in cells if cell[1] != cell[2]]


def _side(marks: tuple[Mark, ...], hidden: str) -> str:
    return "".join(mark.text for mark in marks if mark.op != hidden).strip()


def _split(marks: Sequence[Mark], op: str) -> list[tuple[Mark, ...]]:
    starts = [place for place, mark in enumerate(marks) if mark.op == op]
    return [
        tuple(marks[start:end])
        for start, end in zip(starts, [*starts[1:], len(marks)], strict=True)
    ]


# -------------------------------------------------------------------- changes that stand in a table

KINDS = ("standard", "service", "supplier")


class Tables:
    """The rows of both pages that differ in a cell, and the changes that stand in them."""

    def __init__(self, aligned: Alignment, changes: Iterable[Change]) -> None:
        self._rows: dict[tuple[int, str], list[tuple[Unit, Unit]]] = defaultdict(list)
        for pair in aligned.reworded:
            if all(is_row(unit) for unit in pair):
                for side, unit in enumerate(pair):
                    for text in {unit.text, *cells(unit)}:
                        self._rows[side, words.fold(text)].append(pair)
        self._changes: dict[tuple[int, int], list[Change]] = defaultdict(list)
        self.changes = [self._marked(change) for change in changes]

    def _marked(self, change: Change) -> Change:
        """Return a change with its row's cells as marks, where it stands in a row that differs."""
        # Where one supplier stands in the place of another, the row tells of both and neither.
        words_of = ("changed",) if change.kind == "supplier" else ("added", "removed", "changed")
        bound = change.kind in KINDS and change.change in words_of
        pair = self._pair(change) if bound else None
        if pair is None:
            return change
        self._changes[id(pair[0]), id(pair[1])].append(change)
        return replace(change, marks=tuple(marks(*pair)))

    def _pair(self, change: Change) -> tuple[Unit, Unit] | None:
        sources = (change.source_before, change.source_after)
        sides = [(side, source) for side, source in enumerate(sources) if source]
        for pair in (
            self._rows.get((sides[-1][0], words.fold(sides[-1][1].text)), ()) if sides else ()
        ):
            if all(_stands(source, pair[side]) for side, source in sides):
                return pair
        return None

    def unshown(
        self, b: Unit, a: Unit, old: list[str], new: list[str]
    ) -> tuple[list[str], list[str]]:
        """Return the differing cells of a row that no change of a claim tells:
        an edition in a cell of its own is told once.
        """
        changes = [
            change for change in self._changes.get((id(b), id(a)), ()) if change.change == "changed"
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
        text == words.fold(unit.text) or text in [words.fold(cell) for cell in cells(unit)]
    )


def _says(change: Change, gone: str, came: str) -> bool:
    """Say whether two cells differ by the change's values alone."""
    values = ((change.before, change.after), (change.from_value, change.to_value))
    old, new = words.fold(gone), words.fold(came)
    return any(
        x and y and old.replace(words.fold(x), "\x02") == new.replace(words.fold(y), "\x02")
        for x, y in values
    )
