"""Two rows of a table → the cells in which they differ. Decides nothing of what was told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline import words
from pipeline.diff import marks as words_of
from pipeline.diff import thresholds
from pipeline.diff.units import Unit
from pipeline.model import Cell, Mark

Cells = list[tuple[str, str]]


def is_row(unit: Unit) -> bool:
    """Say whether the unit is a row of a table, or its head."""
    return unit.kind in ("row", "header")


def cells(unit: Unit) -> list[str]:
    """Return the texts of a row's cells that are not empty."""
    return unit.text.split(" | ")


def parts(b: Unit, a: Unit, *, ticks: bool) -> tuple[list[str], list[str]]:
    """Return the cells that only one of two rows has, as text; a tick with its column's heading.

    Without `ticks`, ticks and what stood or stands in their place are left out: the row's service was told to be in or
    out of scope.
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
    """Mark a row cell by cell, each cell behind its column's heading; columns that went at the end. Other text is one cell.

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


def said(marks: Sequence[Mark]) -> str:
    """Return in words what differs in marked rows: row and column of the one cell, else the rows' names."""
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
    return f"{len(found)} row{'s' if len(found) > 1 else ''}: {', '.join(names[: thresholds.NAMED])}{more}"


def _apart_cells(row: tuple[Mark, ...]) -> tuple[str, list[tuple[str, str, str]]]:
    """Return a row's name, which is its first cell, and each cell that differs: heading, before, after."""
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
