"""Change → its sentences before and after, with the words marked.

Compares nothing: the marks are the diff's.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from pipeline.model import Change, Mark

Cell = tuple[str, tuple[Mark, ...]]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of one table in marks, under their columns' headings;
    a row without headings is text beside a table.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of a change's text: one sentence in marks, and each side by itself;
    a table's rows as `grids`.

    A side is None where that state did not exist. `marked` says whether words are marked,
    `visible` whether a reader can see any difference at all.
    """

    inline: tuple[Mark, ...]
    before: tuple[Mark, ...] | None
    after: tuple[Mark, ...] | None
    marked: bool
    visible: bool
    grids: tuple[Grid, ...] = ()


def view(change: Change) -> View:
    """Return what to show of a change: its whole sentences, else its values."""
    before, after = _texts(change)
    if any(mark.op == "row" for mark in change.marks):
        return _table(change.marks, before, after)
    if before is None or after is None:
        whole = tuple(Mark("same", text) for text in (before, after) if text)
        return View(
            whole,
            whole if before else None,
            whole if after else None,
            marked=False,
            visible=bool(whole),
        )
    marks = spaced(change.marks, before, after) if before != after else _moved(change, after)
    marked = any(mark.op != "same" and mark.text.strip() for mark in marks)
    if not marked:
        return View(
            (Mark("same", after),),
            (Mark("same", before),),
            (Mark("same", after),),
            marked=False,
            visible=before != after,
        )
    sides = (tuple(mark for mark in marks if mark.op != hidden) for hidden in ("new", "gone"))
    return View(marks, next(sides), next(sides), marked=True, visible=True)


def _moved(change: Change, text: str) -> tuple[Mark, ...]:
    """Return a text that stayed, behind the heading above it where that changed:
    there an edition or a level stands.
    """
    old, new = (
        side.section[-1] if side and side.section else ""
        for side in (change.source_before, change.source_after)
    )
    if change.kind != "standard" or old == new:
        return ()
    return (Mark("gone", old), Mark("new", new), Mark("same", f" › {text}"))


def _table(marks: tuple[Mark, ...], before: str | None, after: str | None) -> View:
    rows = tuple(_cells(row) for row in _split(marks, "row"))
    grids: list[Grid] = []
    for row in rows:
        heads = tuple(head for head, _ in row)
        if grids and grids[-1].heads == heads:
            grids[-1] = Grid(heads, (*grids[-1].rows, row))
        else:
            grids.append(Grid(heads, (row,)))
    inline = tuple(
        mark for number, row in enumerate(rows) for mark in _line(row, "\n" if number else "")
    )
    sides = (tuple(mark for mark in inline if mark.op != hidden) for hidden in ("new", "gone"))
    visible = any(mark.op != "same" for mark in inline)
    return View(
        inline,
        None if before is None else next(sides),
        None if after is None else next(sides),
        visible,
        visible,
        tuple(grids),
    )


def sides(marks: tuple[Mark, ...]) -> tuple[tuple[Mark, ...], tuple[Mark, ...], tuple[Mark, ...]]:
    """Return a line of two pages in one, and each page's part of it by itself;
    a table's cells behind their headings.
    """
    ops = {mark.op for mark in marks} - {"row", "cell"}
    if marks and marks[0].op == "row":
        marks = tuple(mark for row in _split(marks, "row") for mark in _line(_cells(row), ""))
    before, after = (_apart_from(marks, hidden) for hidden in ("new", "gone"))
    return marks, () if ops == {"new"} else before, () if ops == {"gone"} else after


def _apart_from(marks: tuple[Mark, ...], hidden: str) -> tuple[Mark, ...]:
    """Return the marks of one side, with single spaces where the other side's stood."""
    found: list[Mark] = []
    for mark in marks:
        if mark.op != hidden:
            spaced = bool(found) and found[-1].text[-1:].isspace()
            found.append(Mark(mark.op, mark.text.lstrip(" ") if spaced else mark.text))
    return tuple(found)


def _split(marks: tuple[Mark, ...], op: str) -> list[tuple[Mark, ...]]:
    starts = [place for place, mark in enumerate(marks) if mark.op == op]
    return [marks[start:end] for start, end in pairwise((*starts, len(marks)))]


def _cells(row: tuple[Mark, ...]) -> tuple[Cell, ...]:
    return tuple((cell[0].text, cell[1:]) for cell in _split(row, "cell"))


def _line(row: tuple[Cell, ...], lead: str) -> tuple[Mark, ...]:
    """Return a row on one line: each cell behind its heading."""
    found: list[Mark] = []
    for number, (head, marks) in enumerate(row):
        before = (" | " if number else lead) + (f"{head}: " if head else "")
        found += [Mark("same", before)] if before else []
        found += [
            Mark(mark.op, (" " if place and not mark.text[:1].isspace() else "") + mark.text)
            for place, mark in enumerate(marks)
        ]
    return tuple(found)


def _texts(change: Change) -> tuple[str | None, str | None]:
    # The sentence stayed: what changed is where it leads.
    if change.field == "link" and change.kind == "wording":
        return change.before, change.after
    before = change.source_before.text if change.source_before else change.before
    after = change.source_after.text if change.source_after else change.after
    return (None if change.change == "added" else before), (
        None if change.change == "removed" else after
    )


def spaced(marks: tuple[Mark, ...], before: str, after: str) -> tuple[Mark, ...]:
    """Return the marks with the spaces that stand between them on the page,
    whether or not the marks hold them.
    """
    places = {"gone": 0, "new": 0}
    found: list[Mark] = []
    for mark in marks:
        side, text = ("gone", before) if mark.op == "gone" else ("new", after)
        start = text.find(mark.text, places[side])
        found.append(
            Mark(
                mark.op,
                (" " if found and _apart(text[places[side] : start], start, mark.text) else "")
                + mark.text,
            )
        )
        places[side] = max(places[side], start + len(mark.text))
        if mark.op == "same":
            places["gone"] = max(
                places["gone"], before.find(mark.text, places["gone"]) + len(mark.text)
            )
    return tuple(found)


def _apart(gap: str, start: int, text: str) -> bool:
    """Return whether a space stands before a mark; one whose typography differs
    from the page's is not found there.
    """
    return gap.isspace() if start >= 0 else text[:1].isalnum()


def edges(mark: Mark) -> tuple[str, str, str]:
    """Return a mark's text without its outer spaces, between them:
    a mark on a space would say that something is there.
    """
    text = mark.text.strip()
    lead = mark.text[: len(mark.text) - len(mark.text.lstrip())]
    return lead, text, mark.text[len(lead) + len(text) :]
