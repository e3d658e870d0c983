"""Page rules, body → which of the page's CSS selectors still match. Measures; the text that they choose is read by `parse`."""

from __future__ import annotations

from functools import lru_cache

import soupsieve
from bs4 import BeautifulSoup


@lru_cache(maxsize=4)
def _tree(body: bytes) -> BeautifulSoup:
    tree = BeautifulSoup(body, "lxml")
    for template in tree.find_all("template", shadowrootmode=True):  # a component's own tree, which no selector would enter
        template.unwrap()
    return tree


def matches(body: bytes, selector: str) -> bool:
    """Say whether a selector finds anything; one that is no CSS finds nothing."""
    try:
        return _tree(body).select_one(selector) is not None
    except soupsieve.SelectorSyntaxError:
        return False
