"""PDF → the same tree as the other formats: headings, paragraphs, items, rows,
read from where its letters stand.

Written for certificates and attestation letters, which print little and mean all of it.
It reads no picture: a scan has no text. Needs the extra `pdf`.
"""

from __future__ import annotations

import importlib.util
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline import errors, words
from pipeline.parse import letters
from pipeline.parse.letters import Line
from pipeline.parse.tree import Node, seen

PAGES = 400
_BULLET = re.compile(r"^[•▪◦●‣·*–—-]\s+")
_FOLIO = re.compile(r"^(?:page\s*)?\d+(?:\s*(?:/|of|von|sur|de)\s*\d+)?$", re.IGNORECASE)
_BOX = re.compile(r"^[☐☒☑]\s*\S")
_LABEL = re.compile(r"^(?:Part \d+\w?\.|[A-Z](?:[\w()/&'’,.-]+ ?){1,8}:(?:\s|$))")
"""How a label of a form begins: "Company name: …";
the line before it has ended, however wide it is."""
_ENDED = re.compile(r"[.!?:;][\"”’)\]]?$")
_OPEN = re.compile(r"[,;&–-]$|\b(?:and|or|of|for|the|in|und|et)$")
"""How a value ends that is not over yet."""
_WRITER = re.compile(
    r"^(?:\w+ (?:word|excel|powerpoint) - |untitled|.*\.(?:docx?|indd|pptx?|xlsx?|pdf)$)",
    re.IGNORECASE,
)
_LARGE, _LEVELS = 1.15, 6
_TURN = threading.Lock()
"""PDFium works for one thread at a time."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What is usual in a document: the height of its text, and the heights
    of headings, largest first."""

    body: float
    headings: tuple[int, ...]


def begins(body: bytes) -> bool:
    """Say whether a body is a PDF; some writers put a few bytes before its mark."""
    return b"%PDF-" in body[:1024] and not body.lstrip().startswith(b"<")


def read(body: bytes) -> tuple[str | None, Node]:
    """Return a PDF's title and its text as a tree;
    raise ParseError where there is no text to read."""
    if importlib.util.find_spec("pypdfium2") is None:
        raise errors.ParseError(
            'the body is a PDF; to read it, install the extra: pip install "claimwatch[pdf]"'
        )
    with _TURN:
        title, pages = _opened(body)
    lines = _without_edges(pages)
    if not lines:
        raise errors.ParseError(
            "the PDF holds no text, only pictures (a scan?): "
            "watch the page that links to it instead"
        )
    return title, _tree(lines)


def _opened(body: bytes) -> tuple[str | None, list[list[Line]]]:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(body[body.index(b"%PDF-") :]) as document:
            if len(document) > PAGES:
                raise errors.ParseError(
                    f"the PDF has {len(document)} pages, more than {PAGES}: watch a shorter one"
                )
            title = words.squeeze(seen(document.get_metadata_dict().get("Title", "")))
            return (None if _WRITER.match(title) else title or None), [
                letters.lines(page, number) for number, page in enumerate(document)
            ]
    except pypdfium2.PdfiumError as error:
        raise errors.ParseError(
            f"the PDF cannot be opened ({error}): is it protected by a password, or damaged?"
        ) from error


def _without_edges(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """Leave out page numbers, and what stands at the edge of most pages of a long document."""
    edges = Counter(
        text for page in pages for text in {_plain(line) for line in (*page[:2], *page[-2:])}
    )
    often = max(3, 0.6 * len(pages))
    kept = []
    for page in pages:
        for place, line in enumerate(page):
            edge = place < 2 or place >= len(page) - 2
            if not (edge and (_FOLIO.match(line.text) or edges[_plain(line)] >= often)):
                kept.append(line)
    return kept


def _plain(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)


# --------------------------------------------------------------------------- lines → tree


def _tree(lines: Sequence[Line]) -> Node:
    layout, root = _layout(lines), Node("body")
    for kind, group in _groups(lines, layout):
        if kind == "row" and _is_prose(group):
            for text in _columns(group):
                node = Node("p")
                node.append(text)
                root.append(node)
        elif kind == "row":
            root.append(_table(group))
        elif kind == "item":
            root.append(_list(group))
        else:
            node = Node(kind)
            node.append(letters.joined(group))
            root.append(node)
    return root


def _layout(lines: Sequence[Line]) -> Layout:
    heights: Counter[int] = Counter()
    for line in lines:
        heights[round(line.height)] += len(line.text)
    body = heights.most_common(1)[0][0]
    large = sorted(
        {round(line.height) for line in lines if line.height >= _LARGE * body}, reverse=True
    )
    return Layout(body, tuple(large))


def _kind(line: Line, layout: Layout) -> str:
    if len(line.cells) > 1:
        return "row"
    if _BULLET.match(line.text) or _BOX.match(line.text):
        return "item"
    if len(line.text) <= 160 and round(line.height) in layout.headings:
        return f"h{min(layout.headings.index(round(line.height)) + 1, _LEVELS)}"
    if line.bold and len(line.text) <= 80 and not _ENDED.search(line.text):
        return f"h{min(len(layout.headings) + 1, _LEVELS)}"
    return "p"


def _groups(lines: Sequence[Line], layout: Layout) -> Iterator[tuple[str, list[Line]]]:
    """Yield the lines that belong together, with the element that they are."""
    edges = _edges(lines)
    kind, group = "", list[Line]()
    for line in lines:
        found = _kind(line, layout)
        if kind == "row" and (below := _below(group[-1], line)):
            group.append(below)
            continue
        if group and _goes_on(kind, group[-1], found, line, edges[_column(line)]):
            group.append(line)
            continue
        if group:
            yield kind, group
        kind, group = found, [line]
    if group:
        yield kind, group


def _below(before: Line, line: Line) -> Line | None:
    """Return a line that goes on below a value of the row before it as a row of its own.

    None for any other line.

    A form prints "Services assessed:" once, and one service a line beside it.
    """
    near = before.page == line.page and before.bottom - line.top < line.height
    if not near or len(line.cells) != 1:
        return None
    places = [at for at, left in enumerate(before.lefts) if at and abs(left - line.left) <= 3]
    if not places:
        return None
    cells = [""] * len(before.lefts)
    cells[places[0]] = line.text
    return replace(line, cells=tuple(cells), lefts=before.lefts)


def _column(line: Line) -> tuple[int, int]:
    """Return which column of which page a line begins in, to the nearest 10 points."""
    return line.page, round(line.left / 10)


def _edges(lines: Sequence[Line]) -> dict[tuple[int, int], float]:
    """Return how far to the right each column goes: a line that ends well before
    that has ended a paragraph."""
    found: dict[tuple[int, int], float] = {}
    for line in lines:
        found[_column(line)] = max(found.get(_column(line), 0), line.right)
    return found


def _goes_on(kind: str, before: Line, found: str, line: Line, width: float) -> bool:
    near = before.page == line.page and before.bottom - line.top < line.height
    if kind == "row":
        return found == "row" and near and len(before.cells) == len(line.cells)
    if kind == "item":
        return near and (
            found == "item"
            or (found == "p" and line.left > before.left + 1 and not _ENDED.search(before.text))
            or _hangs(before, line)
        )
    if kind != found:
        return False
    if kind != "p":
        return near
    if before.page != line.page:
        return not _ENDED.search(before.text) and line.text[:1].islower()
    if before.text.endswith(":") or _LABEL.match(line.text):
        return False
    return near and (
        before.right - line.left > 0.75 * (width - line.left) or line.text[:1].islower()
    )


def _hangs(before: Line, line: Line) -> bool:
    """Say whether a line stands in the hanging indent of an item."""
    return line.left > before.left + 1 and not _BULLET.match(line.text)


def _list(group: Sequence[Line]) -> Node:
    top = Node("ul")
    items: list[list[Line]] = []
    for line in group:
        if _BULLET.match(line.text) or _BOX.match(line.text):
            items.append([line])
        else:
            items[-1].append(line)
    for item in items:
        node = Node("li")
        node.append(_BULLET.sub("", letters.joined(item)))
        top.append(node)
    return top


def _is_prose(group: Sequence[Line]) -> bool:
    """Say whether lines of several cells are columns of running text:
    their cells go on in the middle of a sentence."""
    cells = [cell for line in group[1:] for cell in line.cells]
    going_on = sum(cell[:1].islower() for cell in cells)
    return len(group) >= 4 and going_on >= 0.3 * len(cells)


def _columns(group: Sequence[Line]) -> Iterator[str]:
    """Yield the paragraphs of columns that were written line by line across them,
    the left column first."""
    for column in range(len(group[0].cells)):
        text = ""
        for line in group:
            cell = line.cells[column]
            if text and _ENDED.search(text) and not cell[:1].islower():
                yield text
                text = ""
            text = f"{text} {cell}".strip()
        yield text


def _table(group: Sequence[Line]) -> Node:
    table = Node("table")
    headed = len(group) > 1 and group[0].bold and not group[1].bold
    for number, cells in enumerate(_rows(group)):
        row = Node("tr")
        for cell in cells:
            node = Node("th" if headed and not number else "td")
            node.append(cell)
            row.append(node)
        table.append(row)
    return table


def _rows(group: Sequence[Line]) -> list[list[str]]:
    """Return the cells of each row; a value that goes on in the middle
    of its sentence is put together."""
    rows: list[list[str]] = []
    for line in group:
        at = next((at for at, cell in enumerate(line.cells) if cell), 0)
        over = rows[-1][at] if at and rows else ""
        if over and (line.cells[at][:1].islower() or _OPEN.search(over)):
            rows[-1][at] = f"{over} {line.cells[at]}"
        else:
            rows.append(list(line.cells))
    return rows
