"""HTML text → a light tree of nodes.

Both formats pass through it, so that both yield the same blocks.

It repairs what HTML leaves open (through libxml2) and forgets comments;
it decides nothing about what the tree means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString
from lxml import etree

from pipeline import markup, visible

LINE = "data-claimwatch-line"
"""The attribute by which the Markdown half tells the source line of an element."""

_EMPTY = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
_HEAD = frozenset(["title", "meta", "link", "style", "script", "noscript", "base", "template"])
_FEW = 100
"""Elements and texts below an element that is looked into wherever it stands,
so that many within each other cost no more.
"""
_VOID = re.compile(r"[\x00-\x08\x0e-\x1f]")
_OURS = re.compile("[\ue000-\ue002]")
"""Private characters, which mark footnotes and line breaks from here on;
on a page they are an icon font's pictures.
"""


@dataclass(slots=True, eq=False)
class Node:
    """An element: its children are nodes and texts in page order.

    `nests` says that a table holds another table.
    """

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    parent: Node | None = None
    nests: bool = False

    def get(self, name: str) -> str:
        """Return an attribute's value, lower-case names, "" where there is none."""
        return self.attrs.get(name, "")

    @property
    def marks(self) -> str:
        """Return the words of class and id in lower case, which name what an element is for."""
        return f"{self.get('class')} {self.get('id')}".lower()

    @property
    def line(self) -> int | None:
        """Return the source line that the Markdown half wrote on it."""
        told = self.get(LINE)
        return int(told) if told.isdecimal() and len(told) < 10 else None

    def append(self, child: Node | str) -> None:
        """Add a child at the end."""
        self.children.append(child)
        if isinstance(child, Node):
            child.parent = self

    def elements(self) -> Iterator[Node]:
        """Yield the node and all elements below it, in page order, without recursion."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            if node.children:
                waiting += [child for child in reversed(node.children) if isinstance(child, Node)]

    def all(self) -> list[Node]:
        """Return what `elements` yields, at once and sooner."""
        found: list[Node] = []
        waiting = [self]
        while waiting:
            node = waiting.pop()
            found.append(node)
            if node.children:
                waiting += [child for child in reversed(node.children) if isinstance(child, Node)]
        return found

    def first(self, *tags: str) -> Node | None:
        """Return the first element below with one of the tags."""
        return next(
            (node for node in self.elements() if node.tag in tags and node is not self), None
        )

    def brief(self, most: int = _FEW) -> str | None:
        """Return all texts below as `text` does, None where more stands there than a mark,
        a name or an icon holds.
        """
        parts: list[str] = []
        waiting: list[Node | str] = [self]
        for _ in range(most):
            item = waiting.pop()
            if isinstance(item, str):
                parts.append(item)
            else:
                waiting.extend(reversed(item.children[:most]))
            if not waiting:
                return "".join(parts)
        return None

    def says(self) -> bool:
        """Return whether there is any text below."""
        text = self.brief()
        return text is None or bool(text.strip())

    def text(self) -> str:
        """Return all texts below, joined as they stand."""
        parts: list[str] = []
        waiting: list[Node | str] = [self]
        while waiting:
            item = waiting.pop()
            if isinstance(item, str):
                parts.append(item)
            else:
                waiting.extend(reversed(item.children))
        return "".join(parts)


class _Builder:
    """What libxml2 calls for each start, end and text."""

    def __init__(self) -> None:
        self.root = Node("root")
        self.open = [self.root]
        self.body: Node | None = None
        self.texts: list[str] = []

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if self.texts:
            self._write()
        node = Node(tag, _attributes(attrs) if attrs else {})
        if tag == "table":
            _mark_nesting(self.open)
        if tag == "body":
            node = self._in_body(self.open[-1])
        else:
            above = self.open[-1]
            if above.tag == "head" and tag not in _HEAD:
                # A minifier leaves out </head> and <body>, and libxml2 takes what came
                # with HTML 5 (main, header) for more head.
                above = self._in_body(above.parent or self.root)
            node.parent = above
            above.children.append(node)
        self.open.append(node)

    def _in_body(self, above: Node) -> Node:
        """Return the page's body, begun in `above` where there is none yet;
        its attributes tell what a script may hide or show.
        """
        if self.body is None:
            self.body = Node("body")
            above.append(self.body)
        return self.body

    def end(self, tag: str) -> None:
        if self.texts:
            self._write()
        if len(self.open) > 1:
            self.open.pop()

    def data(self, text: str) -> None:
        self.texts.append(text)

    def _write(self) -> None:
        """Append what was said since the last tag, whole:
        a parser hands over each entity (`&shy;`) by itself.
        """
        self.open[-1].children.append(seen("".join(self.texts)))
        self.texts.clear()

    def close(self) -> Node:
        if self.texts:
            self._write()
        return self.root


def element(tag: str, *children: Node | str, line: int | None = None) -> Node:
    """Return an element that holds these, texts as a reader sees them,
    with its source line where there is one.
    """
    made = Node(tag, {} if line is None else {LINE: str(line)})
    for child in children:
        made.append(seen(child) if isinstance(child, str) else child)
    return made


def seen(text: str) -> str:
    """Return a page's text as a reader sees it: nothing that is invisible,
    letters in place of their other forms.
    """
    if text.isascii():
        return visible.text(text)
    return _OURS.sub(" ", visible.spelled(visible.text(text)))


def _attributes(attrs: Mapping[str, str | None]) -> dict[str, str]:
    found = {}
    for key, value in attrs.items():
        name = key.lower()
        if not value or (value.isascii() and value.isprintable()):
            found[name] = value or ""
        else:
            found[name] = visible.text(value) if name in ("href", "src") else seen(value)
    return found


def _mark_nesting(above: list[Node]) -> None:
    for node in reversed(above):
        if node.nests:
            return
        if node.tag == "table":
            node.nests = True


def read(html: str) -> Node:
    """Return the tree of an HTML text."""
    builder = _Builder()
    parser = etree.HTMLParser(target=builder, huge_tree=True, remove_comments=True, remove_pis=True)
    parser.feed(_VOID.sub(" ", markup.bounded(html)) or " ")
    tree: Node = parser.close()
    return tree


def html(root: Node) -> str:
    """Return HTML that is read as what stands in a tree."""
    parts: list[str] = []
    waiting = _escaped(root)
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        attrs = "".join(f' {name}="{escape(value)}"' for name, value in item.attrs.items())
        parts.append(f"<{item.tag}{attrs}>")
        if item.tag not in _EMPTY:
            waiting.append(f"</{item.tag}>")
            waiting.extend(_escaped(item))
    return "".join(parts)


def _escaped(node: Node) -> list[Node | str]:
    """Return what stands in an element, last first."""
    return [escape(child) if isinstance(child, str) else child for child in reversed(node.children)]


def convert(tags: list[Tag]) -> Node:
    """Return one tree that holds copies of some of BeautifulSoup's elements, in order."""
    builder = _Builder()
    waiting: list[Tag | NavigableString | str] = list(reversed(tags))
    while waiting:
        item = waiting.pop()
        if isinstance(item, Tag):
            builder.start(
                item.name,
                {
                    key: " ".join(value) if isinstance(value, list) else value
                    for key, value in item.attrs.items()
                },
            )
            waiting.append("")
            waiting.extend(reversed(item.contents))  # type: ignore[arg-type]
        elif not isinstance(item, NavigableString):
            builder.end("")
        elif not isinstance(item, PreformattedString):
            builder.data(str(item))
    return builder.close()
