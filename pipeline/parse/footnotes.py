"""Footnote marks → the texts they stand for: on the tree where a mark is a link,
on the blocks where it is only a sign.

A footnote that a mark led to is told where it is marked and stands nowhere else;
one without a mark stays where it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial

from pipeline import words
from pipeline.model import Block, Cell, Link
from pipeline.parse import cells
from pipeline.parse.runs import MARK, Text
from pipeline.parse.tree import Node

_ABOVE = 50
"""Elements between a footnote's anchor and the line or item that holds it, at most."""
_LARGE = 300
"""Elements and texts that a footnote has at most; what has more is a part of the page."""
_HOLDERS = ("li", "p", "dd", "tr", "div", "aside")
_SIGN = re.compile(
    r"(?<=[\w)✓✔☑✗✘•%])\s?(\*{1,3}|[†‡§]{1,2}|[¹²³⁴-⁹]{1,2})(?=$|[\s,;.)|])|(?<=[✓✔☑✗✘]) ?(\d)$"
)
_SIGNS = re.compile(r"[*†‡§¹²³⁴-⁹✓✔☑✗✘]")
"""What every sign holds, and hardly a text."""
_DEFINITION = re.compile(
    r"(?:\ue000[^\ue000\ue001]*\ue002([^\ue000\ue001]+)\ue001|(\*{1,3}(?=[\s\w\"'(])"
    r"|[†‡§]{1,2}|[¹²³⁴-⁹]{1,2})|\[(\d{1,2})\]|(\d{1,2})[.):]?(?=\s))[\s|:.]*(?=\S)"
)

Definition = tuple[str, tuple[Link, ...]]


def linked(root: Node) -> dict[str, Text]:
    """Take the footnotes that links in `<sup>` lead to out of a tree,
    and return their texts by id.
    """
    wanted = {
        link.get("href")[1:]
        for link in root.elements()
        if link.tag == "a" and link.get("href").startswith("#") and _within(link, "sup")
    } - {""}
    if not wanted:
        return {}
    found: dict[str, Text] = {}
    holders: list[Node] = []
    for node in root.elements():
        name = node.get("id") or node.get("name")
        holder = (
            _holder(node)
            if name in wanted and name not in found and not _within(node, "sup")
            else None
        )
        if holder is not None and holder.brief(_LARGE) is not None:
            found[name] = cells.read(holder)
            holders.append(holder)
    for holder in holders:
        holder.children.clear()
    return {
        name: Text(_unmarked(text.text), tuple(link for link in text.links if link.url[:1] != "#"))
        for name, text in found.items()
    }


def _holder(node: Node) -> Node | None:
    """Return the element that holds the whole footnote: the target,
    or the line or item around a bare anchor.
    """
    at: Node | None = node
    for _ in range(_ABOVE):
        if at is None or (at.tag in _HOLDERS and (at is not node or node.says())):
            return at
        if at.tag in (
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "body",
            "main",
            "article",
            "table",
            "section",
        ):
            return None
        at = at.parent
    return None


def _within(node: Node, tag: str) -> bool:
    at: Node | None = node
    for _ in range(5):
        if at is None or at.tag == tag:
            break
        at = at.parent
    return at is not None and at.tag == tag


def _unmarked(text: str) -> str:
    text = words.squeeze(re.sub(r"[\u21a9\u2191\u21b5]\ufe0e?", " ", text))
    return (
        words.squeeze(_DEFINITION.sub("", text, count=1))
        if _DEFINITION.match(text) and not text[0].isdigit()
        else text
    )


def resolve(blocks: list[Block], known: dict[str, Text]) -> tuple[Block, ...]:
    """Return the blocks with their marks resolved; a mark that leads nowhere is text again."""
    marks = _Marks(known)
    done: list[Block] = []
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        start = (
            _DEFINITION.match(block.text)
            if block.kind in ("paragraph", "item", "row", "definition")
            else None
        )
        if start is not None:
            sign = next(group for group in start.groups() if group)
            text = words.squeeze(MARK.sub("", block.text[start.end() :]))
            marks.following[sign] = ((text, block.links), index)
        done.append(_marked(block, marks, index) if block.kind != "code" else block)
    return tuple(
        block
        for index, block in zip(range(len(blocks) - 1, -1, -1), done, strict=True)
        if index not in marks.used and block.text
    )[::-1]


@dataclass(slots=True)
class _Marks:
    """The footnotes of a page by their marks; `used` are those that stand behind a mark.

    `notes` are what the marks of the text that is read led to.
    """

    known: dict[str, Text]
    following: dict[str, tuple[Definition, int]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    notes: list[Definition] = field(default_factory=list)

    def read(self, text: str, index: int) -> str:
        """Return a text of the block at that place without its marks; keep what they stand for."""
        lead = partial(self._led, index)
        return words.squeeze(_SIGN.sub(lead, MARK.sub(lead, text)))

    def take(self) -> list[Definition]:
        """Return what was kept, and forget it."""
        taken, self.notes = self.notes, []
        return taken

    def _led(self, index: int, found: re.Match[str]) -> str:
        """Resolve one mark, and return what stays of it in the text."""
        is_link = found.group().startswith("\ue000")
        target, _, sign = (
            found.group(1).partition("\ue002")
            if is_link
            else ("", "", found.group(1) or found.group(2))
        )
        if target[1:] in self.known:
            text = self.known[target[1:]]
            self.notes.append((text.text, text.links))
            return ""
        definition = self.following.get(sign)
        if definition is not None and definition[1] > index:
            self.notes.append(definition[0])
            self.used.add(definition[1])
            return ""
        return "" if target else sign if is_link else found.group()


def _marked(block: Block, marks: _Marks, index: int) -> Block:
    """Return one block with the marks in its text or cells resolved."""
    if (
        "\ue000" not in block.text
        and not (_SIGNS.search(block.text) and _SIGN.search(block.text))
        and not any("\ue000" in name for c in block.cells for name in c.headers)
    ):
        return block
    if block.cells:
        return _row(block, marks, index)
    text = marks.read(block.text, index)
    notes = marks.take()
    if not text:  # a line that is only a mark says what the mark stands for
        return replace(block, text=" ".join(_texts(notes)), links=block.links + _links(notes))
    return replace(block, text=text, links=block.links + _links(notes), notes=_texts(notes))


def _row(block: Block, marks: _Marks, index: int) -> Block:
    done: list[Cell] = []
    for cell in block.cells:
        text = marks.read(cell.text, index)
        own = marks.take()
        headers = tuple(marks.read(name, index) for name in cell.headers)
        marks.take()
        done.append(Cell(text, headers, cell.links + _links(own), _texts(own)))
    return replace(
        block,
        text=" | ".join(cell.text for cell in done),
        links=tuple(link for cell in done for link in cell.links),
        cells=tuple(done),
        notes=tuple(note for cell in done for note in cell.notes),
    )


def _texts(notes: list[Definition] | tuple[Definition, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text, _ in notes))


def _links(notes: list[Definition] | tuple[Definition, ...]) -> tuple[Link, ...]:
    return tuple(link for _, links in notes for link in links)
