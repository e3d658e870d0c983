"""Document → its comparable units: sentences, rows, lines of code. Compares nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute

from pipeline import words
from pipeline.diff import thresholds
from pipeline.model import Block, BlockKind, Cell, Document, Link
from pipeline.recent import Remembered

Fold = Callable[[str], str]
_WORD = re.compile(r"\w|✓|✔|[^\x00-\x7f]")
_NUMBER = re.compile(
    r"(?:\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2})+[.)]?|\([a-z\d]{1,3}\)|[a-z]\))\s+(?=[\W_]*[^\W\d_])"
)
"""The number before a clause or heading of a contract, which many pages print
and many leave to the browser.
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence, table row, line of code or unread include.

    `block` is its block's place in the page, from 1 on. `unnumbered` is its text without the number
    of a clause, heading or item; a row's cells bear none.
    """

    text: str
    kind: BlockKind
    section: tuple[str, ...]
    line: int | None
    block: int
    shape: tuple[object, ...] = ()
    bound: tuple[tuple[str, str], ...] = ()
    unnumbered: str = attribute(default="", compare=False, repr=False)
    links: tuple[Link, ...] = attribute(default=(), compare=False, repr=False)
    group: int = attribute(default=0, compare=False, repr=False)
    cells: tuple[Cell, ...] = attribute(default=(), compare=False, repr=False)
    level: int = attribute(default=0, compare=False, repr=False)


@Remembered
def of(document: Document) -> tuple[Unit, ...]:
    """Return the document's units in page order."""
    return tuple(
        unit for place, block in enumerate(document.blocks, 1) for unit in _split(place, block)
    )


def bare(text: str) -> str:
    """Return a text without the number that it bears as a clause, heading or item."""
    number = _NUMBER.match(text)
    return text[number.end() :] if number else text


def _split(place: int, block: Block) -> Iterable[Unit]:
    shape = (block.kind, block.level, block.strong)
    texts = [text for text in _texts(block) if _WORD.search(text)]
    rest = list(block.links)
    bound = tuple(
        sorted(
            (cell.headers[-1] if cell.headers else "", cell.text)
            for cell in block.cells
            if cell.text
        )
    )
    numbered = block.kind not in ("row", "header", "code")
    for number, text in enumerate(texts):
        # A link whose words are in no sentence (a picture's) stays with the block's last.
        last = number == len(texts) - 1
        near, far = (rest, []) if last else (rest[: thresholds.LINKS], rest[thresholds.LINKS :])
        links = tuple(link for link in near if last or link.text in text) if near else ()
        rest = [] if last else [*(link for link in near if link not in links), *far]
        yield Unit(
            text,
            block.kind,
            block.section,
            block.line,
            place,
            shape,
            bound,
            bare(text) if numbered else text,
            links,
            block.group,
            block.cells,
            block.level,
        )
    for note in block.notes:
        yield Unit(note, "note", block.section, block.line, place, shape, (), bare(note))


def _texts(block: Block) -> Sequence[str]:
    if block.kind == "include":
        return [f"[include: {block.label or block.text}]"]
    if block.kind == "code":
        return [line for line in (words.squeeze(part) for part in block.text.splitlines()) if line]
    if block.kind in ("row", "header"):
        # The padding columns of wide matrices are dropped,
        # so that a redrawn table has the same text.
        return (
            [" | ".join(cell.text for cell in block.cells if cell.text) or block.text]
            if block.text.strip(" |")
            else []
        )
    if block.kind == "heading":
        return [block.text] if block.text else []
    number = _NUMBER.match(block.text)
    found = words.sentences(block.text[number.end() :] if number else block.text)
    # A clause's number is no sentence, though it ends with a full stop.
    return [f"{number[0]}{found[0]}", *found[1:]] if number and found else found
