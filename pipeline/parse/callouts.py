"""Element, or a quote's first words → the label of the note it is (`note`,
`important`, …), or nothing.

Knows how documentation sites mark admonitions; what a note says is none of its business.
"""

from __future__ import annotations

import re
from itertools import islice

from pipeline import words
from pipeline.parse.tree import Node

LABELS = {
    **{
        name: name
        for name in (
            "note",
            "important",
            "warning",
            "caution",
            "tip",
            "danger",
            "attention",
            "info",
            "hint",
            "error",
        )
    },
    "success": "success",
    "alert": "note",
    "callout": "note",
    "information": "info",
    "notice": "note",
    "warn": "warning",
    "secondary": "note",
    "primary": "note",
    "seealso": "note",
}
_OPENING = re.compile(r"^\[!([A-Za-z]+)\]\s*")
_TITLED = re.compile(
    r"^(?P<label>note|info|warning|success|caution|tip|danger|important)\s+[\"“”][^\"“”]*[\"“”]\s*"
)
"""A quote that begins with a kind and a quoted title: `> info "Before you begin"`."""
_WRAPPER = re.compile(
    r"(?:^|\s)(?:alert|admonition|callout|markdown-alert|notice|note|theme-admonition"
    r"|alert-box|infobox)(?=\s|$|--|-[a-z]+(?:\s|$))"
)
_BOXES = frozenset(["div", "aside", "section", "p", "article", "details"])
_TITLE = re.compile(r"[:!.\s]+$")
_MANY = 200
"""A callout is a box with a few lines; an element that holds more elements
than this is a region of the page.
"""


def named(name: str) -> str | None:
    """Return the label of a directive such as `note` in `:::note`."""
    return (
        LABELS.get(name.lower())
        if name.lower() not in ("primary", "secondary", "alert", "error")
        else None
    )


def opening(text: str) -> tuple[str | None, str]:
    """Return the label that a quote's text begins with (`[!NOTE]`), and the rest of the text."""
    if found := _OPENING.match(text):
        return found.group(1).lower(), text[found.end() :]
    if found := _TITLED.match(text):
        return LABELS[found["label"]], text[found.end() :]
    return None, text


def label(node: Node) -> str | None:
    """Return the label of an element that is a note by its class or role."""
    if not node.attrs or node.tag not in _BOXES:
        return None
    marks = f" {node.get('class').lower()} "
    if node.get("role") not in ("note", "alert") and not _is_marked(marks):
        return None
    if any(
        inner.tag in ("h1", "h2", "table", "main") for inner in islice(node.elements(), 1, _MANY)
    ) or _is_region(node):
        return None
    names = [part for part in re.split(r"[\s_-]+", marks) if part in LABELS]
    return next((LABELS[name] for name in names if LABELS[name] != "note"), "note")


def _is_marked(marks: str) -> bool:
    return bool(_WRAPPER.search(marks)) or any(
        f" {name} " in marks for name in ("important", "warning", "caution", "tip", "danger")
    )


def _is_region(node: Node) -> bool:
    return next(islice(node.elements(), _MANY, None), None) is not None


def is_title(text: str, kind: str) -> bool:
    """Return whether a note's first words only say that it is one."""
    name = _TITLE.sub("", words.fold(text))
    return name == kind or name in LABELS or name in ("please note", "see also")


def joined(parts: list[tuple[str, bool]]) -> str:
    """Return a note's texts as one: paragraphs joined by a space,
    items of a list by a semicolon.
    """
    text = ""
    for index, (part, item) in enumerate(parts):
        if index:
            text += (
                "; " if item and parts[index - 1][1] and not text.endswith((";", ".", ",")) else " "
            )
        text += part
    return text
