"""Page rules, body → which of the page's CSS selectors still match. Measures; the text that they choose is read by `parse`."""

from __future__ import annotations

from functools import lru_cache

import soupsieve
from bs4 import BeautifulSoup


@lru_cache(maxsize=4)
def _tree(body: bytes) -> BeautifulSoup:
    return BeautifulSoup(body, "lxml")


def matches(body: bytes, selector: str) -> bool:
    """Say whether a selector finds anything; one that is no CSS finds nothing."""
    try:
        return _tree(body).select_one(selector) is not None
    except soupsieve.SelectorSyntaxError:
        return False
