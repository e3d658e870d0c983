"""Badges, chips and footers in a page's tree: what a site prints of itself in a few words,
each kept apart from the next.

A row of chips is spans without a space between them, and a seal is a picture whose text nobody
sees: a browser's layout keeps apart what the markup runs together. A footer says little, but what
it says is the vendor's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline import words
from pipeline.parse.tree import Node

_ROW = re.compile(
    r"(?:^|[\s_-])(?:pills|badges|chips|tags|labels|seals|certs|(?:pill|badge|chip|tag|seal"
    r"|cert)[_-]?(?:row|list|group|wrap\w*|container|grid|bar|strip))(?=[\s_-]|$)"
)
_INLINE = frozenset(["span", "b", "strong", "em", "i", "small", "a", "picture", "img", "svg"])
_IMAGES = frozenset(["img", "picture", "svg"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_KEPT = frozenset(["p", "li", "span", "div", "strong", "b", "dd", "dt"])
_RIGHTS = re.compile(
    r"©|\(c\)|copyright|all rights|alle rechte|tous droits|derechos", re.IGNORECASE
)
CLOSING = "data-claimwatch-closing"
"""The attribute of what is kept of a footer."""
OPENING = "data-claimwatch-opening"
"""The attribute of what stands first of several texts side by side:
a card's name before what it says.
"""
_BRIEF = 300
"""Characters of a footer's text beyond which it is an address,
a disclaimer or a newsletter's form.
"""


def separate(nodes: Iterable[Node]) -> None:
    """Keep the badges of a page apart, in all its elements: chips become blocks of their own,
    what is printed side by side gets a space.
    """
    for node in nodes:
        if len(node.children) < 2:
            continue
        inner = [child for child in node.children if isinstance(child, Node)]
        if len(inner) < 2 or any(child.tag not in _INLINE for child in inner):
            continue
        if any(isinstance(child, str) and child.strip() for child in node.children):
            continue
        if _ROW.search(node.marks) or all(is_image(child) for child in inner):
            node.children = [_block(child, node) for child in inner]
        elif len(inner) == len(node.children) and all(_word(child) for child in inner):
            inner[0].attrs[OPENING] = ""
            node.children = [part for child in inner for part in (child, " ")]


def is_image(node: Node) -> bool:
    """Return whether an element is a picture, or stands for one."""
    return node.tag in _IMAGES or node.get("role") == "img"


def footer(node: Node) -> Node | None:
    """Return what a footer says besides navigation and rights, None where that is nothing.

    Links lead elsewhere; seals, chips and brief statements stay,
    each as a block below the heading it stands under.
    """
    kept: list[Node] = []
    heading: Node | None = None
    waiting: list[Node] = [node]
    while waiting:
        at = waiting.pop()
        if at.tag in ("nav", "form", "a", "button", "script", "style", "select", "address"):
            continue
        if at.tag in _HEADINGS:
            heading = at
            continue
        if is_image(at) or _says(at):
            kept += [*([heading] if heading is not None else []), _block(at, node)]
            heading = None
            continue
        waiting.extend(child for child in reversed(at.children) if isinstance(child, Node))
    if not kept:
        return None
    return Node("div", {CLOSING: ""}, list(kept), node.parent)


def _says(node: Node) -> bool:
    """Return whether an element of a footer says something itself, in brief,
    that is no line of rights.
    """
    if node.tag not in _KEPT or any(
        isinstance(child, Node) and child.tag not in ("span", "b", "strong", "em", "br")
        for child in node.children
    ):
        return False
    inner = [child for child in node.children if isinstance(child, Node)]
    if len(inner) > 1 and not any(isinstance(c, str) and c.strip() for c in node.children):
        return False  # a row of chips: each is looked at by itself
    text = words.squeeze(node.brief() or "")
    return 2 < len(text) <= _BRIEF and not _RIGHTS.search(text) and not text.isdigit()


def _word(node: Node) -> bool:
    """Return whether an element prints more than a letter: letters that move one
    by one are one word.
    """
    return len((node.brief() or "").strip()) > 1


def _block(node: Node, above: Node) -> Node:
    """Return an element as a block of its own."""
    made = Node("p", {}, [node], above)
    node.parent = made
    return made
