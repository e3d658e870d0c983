"""Two rows of a table → the cells in which they differ. Decides nothing of what was told."""

from __future__ import annotations

import re
from collections import Counter

from pipeline import words
from pipeline.diff.units import Unit

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
    gone, new = _apart(b.bound, a.bound), _apart(a.bound, b.bound)
    kept = Counter(words.fold(text) for _, text in gone if _worded(text)) & Counter(words.fold(text) for _, text in new if _worded(text))
    gone, new = _less(gone, kept), _less(new, kept)
    if not ticks:
        ticked = {head for head, text in (*gone, *new) if not _worded(text)}
        gone, new = [cell for cell in gone if cell[0] not in ticked], [cell for cell in new if cell[0] not in ticked]
    return [_shown(*cell) for cell in gone], [_shown(*cell) for cell in new]


def _apart(one: tuple[tuple[str, str], ...], other: tuple[tuple[str, str], ...]) -> Cells:
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
