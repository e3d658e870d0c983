"""Page rules, body → which of the page's CSS selectors still match. Measures; the text that they choose is read by `parse`."""

from __future__ import annotations

from functools import lru_cache

import soupsieve
from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString, TemplateString

_TEXT = (NavigableString, CData, TemplateString)


@lru_cache(maxsize=4)
def _tree(body: bytes) -> BeautifulSoup:
    tree = BeautifulSoup(body, "lxml")
    for template in tree.find_all(
        "template", shadowrootmode=True
    ):  # a component's own tree, which no selector would enter
        template.unwrap()
    return tree


def matches(body: bytes, selector: str) -> bool:
    """Say whether a selector finds anything; one that is no CSS finds nothing."""
    return bool(_found(body, selector))


def shows(body: bytes, selector: str) -> bool:
    """Say whether what a selector finds shows anything: text, or an image that may say what it is."""
    return any(
        element.get_text(strip=True, types=_TEXT) or element.name == "img" or element.img
        for element in _found(body, selector)
    )


def _found(body: bytes, selector: str) -> list[Tag]:
    try:
        return list(_tree(body).select(selector))
    except soupsieve.SelectorSyntaxError:
        return []
