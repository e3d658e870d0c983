"""Table element → its rows, each cell bound to its column by the header texts above it.

Knows spans, several header rows, row headers and group rows;
what a cell says is none of its business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.model import Cell
from pipeline.parse import cells
from pipeline.parse.runs import Text
from pipeline.parse.tree import Node

_WIDEST = 1000
"""No table has more columns; a larger span is a slip or an attack."""
_AREA, _ROOM = 100, 50
"""Places that the cells of a table may cover in all, and for each cell
that it has; then spans are one.
"""
_GROUP_NAME = 80
_HEADER_NAME = 60
_COLUMN_NAME = re.compile(
    r"\b(?:standards?|services?|products?|names?|reports?|certificat\w+|status|scope"
    r"|descriptions?|regions?|dates?|frameworks?|regulations?|"
    r"attestations?|links?|documents?|issuers?|auditors?|versions?|levels?|details?|countr\w+"
    r"|features?|programs?|compliance|type|covered)\b",
    re.IGNORECASE,
)

Row = tuple[Literal["header", "row"], tuple[Cell, ...], int | None]


@dataclass(slots=True, eq=False)
class _Slot:
    said: Text
    header: bool


def rows(table: Node) -> Iterator[Row]:
    """Yield the rows of a table, header rows as `header`, each with its cells and source line."""
    lines = [(node, node.line, head) for node, head in _rows(table)]
    grid = _grid([node for node, _, _ in lines])
    width = max((len(row) for row in grid), default=0)
    top = _header_rows(grid, [head for _, _, head in lines])
    paths = _paths(grid[:top], width)
    group = ""
    for index, (row, (_, line, _)) in enumerate(zip(grid, lines, strict=True)):
        own = _distinct(row)
        if not any(slot.said.text for _, slot in own):
            continue
        if index < top:
            yield (
                "header",
                tuple(Cell(slot.said.text, (), slot.said.links) for _, slot in own),
                line,
            )
        elif top and _says_header_again(row, paths):
            continue
        elif _is_group(own, row, width):
            group = own[0][1].said.text
            yield "header", (Cell(group, (), own[0][1].said.links),), line
        else:
            above = (group,) if group else ()
            yield (
                "row",
                tuple(
                    Cell(slot.said.text, above + paths[column], slot.said.links)
                    for column, slot in own
                ),
                line,
            )


def _says_header_again(row: list[_Slot | None], paths: list[tuple[str, ...]]) -> bool:
    """Say whether a row in a long table prints its header once more,
    for the reader who has scrolled.
    """
    texts = [slot.said.text.casefold() if slot is not None else "" for slot in row]
    heads = [path[-1].casefold() if path else "" for path in paths]
    return len(set(texts)) > 1 and texts == heads


def lays_out(table: Node) -> bool:
    """Say whether a table only places things: it says so, holds another table,
    or has a cell with a page's title and its text.
    """
    if table.nests or table.get("role") in ("presentation", "none"):
        return True
    cells = [node for node in table.elements() if node.tag in ("td", "th")]
    return not any(cell.tag == "th" for cell in cells) and any(
        cell.first("h1", "h2") and cell.first("p", "ul", "ol") for cell in cells
    )


def caption(table: Node) -> Text | None:
    """Return what a table's caption says."""
    found = next(
        (child for child in table.children if isinstance(child, Node) and child.tag == "caption"),
        None,
    )
    return cells.read(found) if found is not None else None


def _distinct(row: list[_Slot | None]) -> list[tuple[int, _Slot]]:
    """Return the cells of a row with their first columns; one that spans columns counts once."""
    return [
        (column, slot)
        for column, slot in enumerate(row)
        if slot is not None and (column == 0 or row[column - 1] is not slot)
    ]


def _rows(table: Node) -> Iterator[tuple[Node, bool]]:
    for part in table.children:
        if isinstance(part, Node) and part.tag == "tr":
            yield part, False
        elif isinstance(part, Node) and part.tag in ("thead", "tbody", "tfoot"):
            for row in part.children:
                if isinstance(row, Node) and row.tag == "tr":
                    yield row, part.tag == "thead"


def _grid(trs: list[Node]) -> list[list[_Slot | None]]:
    """Lay the cells out, spans repeated in every place they cover."""
    grid: list[list[_Slot | None]] = []
    carried: dict[int, tuple[int, _Slot]] = {}
    area = _AREA
    for tr in trs:
        row: list[_Slot | None] = []
        for cell in (
            child for child in tr.children if isinstance(child, Node) and child.tag in ("td", "th")
        ):
            _carry(row, carried)
            wide = _span(cell, "colspan")
            high = min(_span(cell, "rowspan"), len(trs) - len(grid))
            area += _ROOM - wide * high
            if area < 0:
                area, wide, high = area + wide * high, 1, 1
            slot = _Slot(cells.read(cell), cell.tag == "th")
            for column in range(len(row), min(len(row) + wide, _WIDEST)):
                if high > 1:
                    carried[column] = (high - 1, slot)
                row.append(slot)
        _carry(row, carried)
        last = max(carried, default=0)
        while len(row) < last:
            row.append(None)
            _carry(row, carried)
        grid.append(row)
    return grid


def _carry(row: list[_Slot | None], carried: dict[int, tuple[int, _Slot]]) -> None:
    while len(row) in carried:
        column = len(row)
        left, slot = carried.pop(column)
        if left > 1:
            carried[column] = (left - 1, slot)
        row.append(slot)


def _span(cell: Node, name: str) -> int:
    value = cell.get(name).strip()
    return max(1, min(int(value), _WIDEST)) if value.isdecimal() and len(value) < 8 else 1


def _header_rows(grid: list[list[_Slot | None]], heads: list[bool]) -> int:
    """Return how many rows at the top are headers."""
    count = 0
    for row, head in zip(grid, heads, strict=True):
        slots = [slot for slot in row if slot is not None]
        if not (head or (slots and all(slot.header for slot in slots) and len(_distinct(row)) > 1)):
            break
        count += 1
    if (
        count
        or len(grid) < 2
        or any(slot is not None and slot.header for row in grid for slot in row)
    ):
        return count
    return int(_looks_like_header(grid))


def _looks_like_header(grid: list[list[_Slot | None]]) -> bool:
    """Return whether the first row of a table without `<th>` names its columns,
    by its looks or its words.
    """
    first = [slot.said for slot in grid[0] if slot is not None]
    if len(first) < 2 or not all(said.text and len(said.text) <= _HEADER_NAME for said in first):
        return False
    if any(said.text.endswith((".", "?")) and len(said.text.split()) > 4 for said in first):
        return False  # A list of questions and answers has no header: its first question is none.
    if all(said.strong for said in first):
        return not all(
            slot.said.strong
            for row in grid[1:]
            for slot in row
            if slot is not None and slot.said.text
        )
    return sum(bool(_COLUMN_NAME.search(said.text)) for said in first) * 2 > len(first)


def _is_group(own: list[tuple[int, _Slot]], row: list[_Slot | None], width: int) -> bool:
    """Return whether a row in the body is one cell across the table
    that names the rows below it.
    """
    if len(own) != 1 or width < 2 or own[0][0] != 0:
        return False
    slot = own[0][1]
    across = len(row) == width and row[-1] is slot
    return (
        (across or slot.header)
        and len(slot.said.text) <= _GROUP_NAME
        and not slot.said.text.endswith((".", ";"))
    )


def _paths(head: list[list[_Slot | None]], width: int) -> list[tuple[str, ...]]:
    """Return for each column the texts of the header cells above it, outermost first."""
    paths: list[tuple[str, ...]] = []
    for column in range(width):
        slots = [row[column] for row in head if column < len(row)]
        texts = [
            slot.said.text for slot in dict.fromkeys(slots) if slot is not None and slot.said.text
        ]
        paths.append(tuple(text for index, text in enumerate(texts) if text not in texts[:index]))
    return paths
