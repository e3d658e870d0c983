"""HTML text → the same, without what no writer writes and a parser chokes on.

Reads no element and decides nothing.
"""

from __future__ import annotations

import re

_MOST = 500
"""Attributes of one element: libxml2 compares each with all before it."""
_LONG = re.compile(r"<[a-zA-Z](?:[^\"'>]|\"[^\"]*\"|'[^']*'){1500,}+")
"""A tag of so many characters beside its quoted values;
one of so many attributes has three for each.
"""
_ATTRIBUTE = re.compile(
    r"[\s/]*(?:[^\s=<>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']*))?|[^>])"
)


def bounded(html: str) -> str:
    """Return the text with no more than 500 attributes in any one tag; the others are left out."""
    parts, done = [], 0
    for tag in _LONG.finditer(html):
        kept, end = _attributes(html, tag.start() + 1, tag.end())
        if kept < end:
            parts.append(html[done:kept])
            done = end
    return "".join([*parts, html[done:]]) if parts else html


def _attributes(html: str, start: int, last: int) -> tuple[int, int]:
    """Return where the attributes of a tag end that are kept, and where all end."""
    number, kept, end = 0, start, start
    while end < last and (found := _ATTRIBUTE.match(html, end)):
        end = found.end()
        number += 1
        kept = end if number <= _MOST else kept
    return kept, end
