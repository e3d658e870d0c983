"""Table cell → what it says, in one line: lists and broken lines joined
by semicolons, icons as glyphs.
"""

from __future__ import annotations

from pipeline.parse import inline
from pipeline.parse.runs import BREAK, Text
from pipeline.parse.tree import Node


def read(cell: Node) -> Text:
    """Return the text, links and boldness of a cell or caption."""
    line = inline.Inline()
    waiting: list[tuple[Node | str, bool]] = [(child, True) for child in reversed(cell.children)]
    while waiting:
        item, entering = waiting.pop()
        if isinstance(item, str):
            line.say(item.replace("\n", " "))
        elif not entering:
            line.leave(item)
            line.run.add("" if inline.within(item.tag) else BREAK)
        elif item.tag not in inline.SILENT and _enter(item, line):
            waiting.append((item, False))
            waiting.extend((child, True) for child in reversed(item.children))
    return line.take().finish("; ")


def _enter(node: Node, line: inline.Inline) -> bool:
    if inline.within(node.tag):
        return line.enter(node)
    line.run.add(BREAK)
    return True
