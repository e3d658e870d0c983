"""Tables and lists of others that process or host for the vendor → suppliers. What they hold is never the vendor's."""

from __future__ import annotations

from pipeline.extract.outline import Outline, Unit
from pipeline.model import Block

_BRIEF = 5
"""Words of a heading that names who the cards below it are about; a longer one tells a story."""


def are_listed(outline: Outline, body: list[tuple[int, Block]]) -> bool:
    """Return whether a table lists suppliers: its first column, its lead or the heading above it says so."""
    index, first = body[0]
    head = " ".join(first.cells[0].headers) if first.cells else ""
    texts = (head, outline.context.lead(index), *first.section[-1:])
    return any(text and _names_suppliers(outline, text) for text in texts)


def is_about_one(outline: Outline, unit: Unit) -> bool:
    """Return whether a unit is about one of the suppliers that a heading above it names, and not about the vendor."""
    heads = [head for head in unit.over[1:] if len(head.split()) <= _BRIEF]
    if not any(_names_suppliers(outline, head) for head in heads):
        return False
    line = outline.line(unit.text)
    return "BRAND" not in line.words and all(tag.name != "we" for tag in line.tags)


def _names_suppliers(outline: Outline, text: str) -> bool:
    """Return whether a short text is about suppliers, and not about what suppliers of services hold for customers."""
    names = {tag.name for tag in outline.line(text).tags}
    return "suppliers" in names and len(text.split()) <= 12
