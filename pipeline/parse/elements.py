"""What elements mean to a reader: a heading, a list, an entry, a term."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import BlockKind
from pipeline.parse.tree import Node

HEADINGS = {f"h{level}": level for level in range(1, 7)}
MEANING = frozenset(
    [
        *HEADINGS,
        *(
            "ul",
            "ol",
            "menu",
            "dir",
            "li",
            "dl",
            "dt",
            "dd",
            "pre",
            "summary",
            "button",
            "blockquote",
        ),
    ]
)
"""Elements that mean something by themselves; any other one does by its attributes alone."""


def aria_level(node: Node) -> int:
    told = node.get("aria-level").strip()
    return min(max(int(told), 1), len(HEADINGS)) if told.isdecimal() and len(told) < 3 else 2


@dataclass(slots=True)
class Frame:
    """An element that is open and matters to what is read within it."""

    node: Node
    role: str
    kind: BlockKind = "paragraph"
    group: int = 0
    level: int = 0
    first: bool = True
