"""What a page says, as text: the same blocks whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal[
    "heading", "paragraph", "item", "row", "header", "note", "term", "definition", "code", "include"
]


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a text; `url` as written, unresolved."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row, bound to its column by the texts
    of the header cells above it, outermost first.
    """

    text: str
    headers: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a page's readable text, in page order;
    its text is decoded and has single spaces.

    `section` is the path of headings it stands under, H1 first; a heading's own text is its last
    element. `level` is a heading's level, or how many lists enclose the block (an item of a top
    list has 1). `line` is the 1-based source line, None where the format has none. `label` is an
    admonition's kind (`note`, `important`, …), a code block's language, or the target of an include
    that was not read. `strong` says that the whole text is set in bold; `opening` are the words
    that it begins with, set apart from the rest by bold, a link or an element of their own. Items
    of one list and rows of one table share a `group` number. `notes` are the texts of footnotes
    marked in the block. A row's or table header's text is its cells' texts joined by " | ".
    """

    kind: BlockKind
    text: str
    section: tuple[str, ...] = ()
    line: int | None = None
    links: tuple[Link, ...] = ()
    level: int = 0
    label: str | None = None
    strong: bool = False
    opening: str = ""
    group: int = 0
    cells: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A page's readable content; the source's format is forgotten here.

    `front_matter` holds YAML front matter or HTML `<meta>` pairs in page order, values as printed.
    `names` are what the site calls itself in places that agree (metadata, logo, copyright line),
    the best proved first.
    """

    title: str | None
    front_matter: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    names: tuple[str, ...] = ()
