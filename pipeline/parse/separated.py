"""CSV → the tree of one table: the first row names the columns,
what stands alone above it is a paragraph.

What separates the cells (comma, semicolon, tab or bar) is seen from the text. It reads no cell.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator

from pipeline import errors
from pipeline.parse.tree import Node, element

SEPARATORS = ",;\t|"
LOOKED_AT = 50
"""Rows by which the separator is told."""
_VALUE = re.compile(
    r"[-+]?\d[\d.,%]*|\d{4}-\d\d?-\d\d?.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}|https?://\S+|\S+@\S+\.\S+"
    r"|true|false|[✓✔✗✘]",
    re.IGNORECASE,
)
"""A cell that names no column: a number, a date, an address, a tick."""

_MEND = "close it in the file, or set another format for the page"

Row = tuple[int, list[str]]


def read(text: str) -> Node:
    """Return the tree of a CSV text; a first row that holds a number,
    a date or an address names no columns.

    Raises errors.ParseError with the line where a quotation mark is not closed
    or a cell is beyond all bounds.
    """
    found = [row for row in _rows(text, separator(text)) if any(cell.strip() for cell in row[1])]
    first = next((place for place, (_, row) in enumerate(found) if _filled(row) > 1), 0)
    root = Node("root")
    for line, row in found[:first]:
        root.append(element("p", *filter(None, map(str.strip, row)), line=line))
    rows = found[first:]
    if not rows:
        return root
    named = not any(_VALUE.fullmatch(cell.strip()) for cell in rows[0][1])
    head = [_tr(rows[0], "th")] if named else []
    body = [_tr(row, "td") for row in rows[len(head) :]]
    root.append(element("table", element("thead", *head), element("tbody", *body)))
    return root


def looks(text: str) -> bool:
    """Say whether a text is CSV by its looks: several rows of as many cells,
    of which none is a sentence.
    """
    lines = text.strip("\n").split("\n")[:LOOKED_AT]
    if len(lines) < 3 or any(line.rstrip().endswith((".", ":", "!", "?")) for line in lines):
        return False
    rows, cells = _even(lines, separator(text))
    return rows == len(lines) and cells >= 3


def separator(text: str) -> str:
    """Return what separates the cells: what makes the most of the first rows equally long."""
    lines = text.split("\n")[:LOOKED_AT]
    return max(SEPARATORS, key=lambda one: _even(lines, one))


def _even(lines: list[str], one: str) -> tuple[int, int]:
    """Return how many rows have as many cells by a separator as most have,
    and how many that is; zeros for one cell.
    """
    try:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=one) if row)
    except csv.Error:
        return 0, 0
    return max(((rows, cells) for cells, rows in counts.items() if cells > 1), default=(0, 0))


def _rows(text: str, one: str) -> Iterator[Row]:
    """Yield every row with the line that it begins on."""
    lines = text.split("\n")
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=one)
    line = 1
    try:
        for row in reader:
            if reader.line_num > line and reader.line_num >= len(lines):
                _closed(lines[line - 1 :], line)
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:  # a cell without end
        raise errors.ParseError(f"line {line}: {error}; {_MEND}") from error


def _closed(rest: list[str], line: int) -> None:
    """Raise ParseError where the last row, which goes on to the end of the file,
    is one in quotation marks to its end.
    """
    if "".join(rest).count('"') % 2:
        raise errors.ParseError(f"line {line}: a quotation mark is never closed; {_MEND}")


def _filled(row: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _tr(row: Row, tag: str) -> Node:
    line, texts = row
    return element("tr", *(_cell(tag, text) for text in texts), line=line)


def _cell(tag: str, text: str) -> Node:
    cell = element(tag)
    for index, part in enumerate(text.strip().split("\n")):
        if index:
            cell.append(element("br"))
        cell.append(part)
    return cell
