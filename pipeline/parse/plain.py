"""Plain text → the tree of its paragraphs, items and underlined headings,
each with its source line.

A line stands for itself, but where the writer's editor broke it;
nothing in it is taken for a mark of Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.parse.tree import Node, element

_ITEM = re.compile(r"\s*(?:[-*+•◦‣·–]|\(?\d{1,3}[.)])\s+(?=\S)")
_RULE = re.compile(r"\s*([=*#~_-])\1{2,}\s*")
_RECORD = re.compile(r"\t|[,;|](?=\S)")
NARROW = 60
"""Characters of the widest line of a text below which nobody's editor broke it."""


def read(text: str) -> Node:
    """Return the tree of a plain text: `p`, `ul` with `li`, and `h1` or `h2`
    for a line with `===` or `---` below it.
    """
    root = Node("root")
    lines = text.split("\n")
    width = max(map(len, map(str.rstrip, lines)), default=0)
    for start, part in _parts(lines):
        _append(root, start, part, width)
    return root


def _parts(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the runs of lines between blank ones, each with the number of its first line."""
    start, part = 1, list[str]()
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            start = start if part else number
            part.append(line.rstrip())
        elif part:
            yield start, part
            part = []


def _append(root: Node, start: int, part: list[str], width: int) -> None:
    """Append what a run of lines holds to the tree."""
    if len(part) > 1 and (rule := _RULE.fullmatch(part[1])) and not _RULE.fullmatch(part[0]):
        root.append(element("h1" if rule[1] == "=" else "h2", part[0].strip(), line=start))
        start, part = start + 2, part[2:]
    items: Node | None = None
    for number, said in _joined(start, part, width):
        mark = _ITEM.match(said)
        if mark is None:
            items = None
            if not _RULE.fullmatch(said):
                root.append(element("p", said.strip(), line=number))
        else:
            if items is None:
                items = element("ul")
                root.append(items)
            items.append(element("li", said[mark.end() :].strip(), line=number))


def _joined(start: int, part: list[str], width: int) -> Iterator[tuple[int, str]]:
    """Yield the lines as they were before an editor broke them,
    each with the number of its first line.
    """
    number, said = start, part[:1]
    for index, line in enumerate(part[1:], 1):
        if _goes_on(part[index - 1], line, width):
            said.append(line.strip())
        else:
            yield number, " ".join(said)
            number, said = start + index, [line]
    if said:
        yield number, " ".join(said)


def _goes_on(line: str, following: str, width: int) -> bool:
    """Say whether a line was broken only because its next word would have been too long for it."""
    if _ITEM.match(following) or _RULE.fullmatch(following) or _RULE.fullmatch(line):
        return False
    if len(_RECORD.findall(line)) > 1:  # a row of a table, which ends where it ends
        return False
    deeper = _ITEM.match(line) and following[:1].isspace()
    word = following.split(maxsplit=1)[0]
    return bool(deeper) or (width >= NARROW and len(line) + 1 + len(word) > width)
