"""Texts and table elements → blocks, each under the headings that are open.

It does not know where the texts come from.
"""

from __future__ import annotations

import re

from pipeline.model import Block, BlockKind
from pipeline.parse import tables
from pipeline.parse.runs import Text
from pipeline.parse.tree import Node

_TASK = re.compile(r"^\[([ xX])\]\s+")


class Written:
    """The blocks of a page that are written so far.

    `section` is the path of headings that is open.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.section: tuple[str, ...] = ()
        self._levels: list[int] = []
        self._groups = 0

    def new_group(self) -> int:
        """Return the number of a list or table that begins."""
        self._groups += 1
        return self._groups

    def leave_sections(self) -> None:
        """Close all headings but the page's first."""
        kept = [place for place, level in enumerate(self._levels) if level == 1]
        self.section = tuple(self.section[place] for place in kept)
        self._levels = [1] * len(kept)

    def heading(self, said: Text, line: int | None, level: int) -> None:
        """Write a heading, which closes those of its level and below."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        self.section = (*self.section[: len(self._levels) - 1], said.text)
        self.write("heading", Text(said.text, said.links), line, level)

    def table(self, node: Node, line: int | None, level: int) -> None:
        """Write a table's caption and rows."""
        group = self.new_group()
        caption = tables.caption(node)
        if caption is not None and caption.text:
            self.write("paragraph", caption, line, level)
        for kind, cells, own_line in tables.rows(node):
            text = " | ".join(cell.text for cell in cells)
            links = tuple(link for cell in cells for link in cell.links)
            self.blocks.append(
                Block(
                    kind,
                    text,
                    self.section,
                    own_line or line,
                    links,
                    level,
                    group=group,
                    cells=cells,
                )
            )

    def write(
        self, kind: BlockKind, said: Text, line: int | None, level: int = 0, group: int = 0
    ) -> None:
        """Write a block; an item that begins with a box to tick says
        by its label whether it is ticked.
        """
        text, label = said.text, None
        if kind == "item" and (task := _TASK.match(text)):
            text, label = text[task.end() :], "unchecked" if task.group(1) == " " else "checked"
        strong, opening, links = said.strong, said.opening, said.links
        self.blocks.append(
            Block(kind, text, self.section, line, links, level, label, strong, opening, group)
        )

    def label(self, kind: BlockKind, said: Text, line: int | None, label: str | None) -> None:
        """Write a block that stands outside lists, with its label."""
        self.blocks.append(
            Block(
                kind, said.text, self.section, line, said.links, 0, label, said.strong, said.opening
            )
        )
