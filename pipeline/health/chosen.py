"""Page rules, Snapshot → do the page's CSS selectors still match? The text that they choose is read
by `parse`."""

from __future__ import annotations

from functools import lru_cache

import soupsieve
from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString, TemplateString

from pipeline.health import shown
from pipeline.model import Known, Snapshot, Verdict

_TEXT = (NavigableString, CData, TemplateString)


def verdict(snapshot: Snapshot, known: Known) -> Verdict | None:
    """Find the rules of a page that find their place no more; what never matched may be there for
    later."""
    page = snapshot.page
    if not (page.selector or page.ignore) or not (
        shown.is_html(snapshot.body, snapshot.media_type) or page.format == "html"
    ):
        return None
    if page.selector and not matches(snapshot.body, page.selector):
        return Verdict(
            "selector",
            f'selector "{page.selector}" matches nothing on the page: fix it, or leave it out',
        )
    if page.selector and not shows(snapshot.body, page.selector):
        return Verdict(
            "selector",
            f'what selector "{page.selector}" matches is empty: '
            "a script may have to fill it in (browser = true)",
        )
    for rule in page.ignore:
        if (
            known.snapshot
            and not matches(snapshot.body, rule)
            and matches(known.snapshot.body, rule)
        ):
            return Verdict(
                "selector",
                f'ignore "{rule}" matches nothing on the page any more: fix it, or leave it out',
            )
    return None


@lru_cache(maxsize=4)
def _tree(body: bytes) -> BeautifulSoup:
    tree = BeautifulSoup(body, "lxml")
    # A component's own tree, which no selector would enter.
    for template in tree.find_all("template", shadowrootmode=True):
        template.unwrap()
    return tree


def matches(body: bytes, selector: str) -> bool:
    """Say whether a selector finds anything; one that is no CSS finds nothing."""
    return bool(_found(body, selector))


def shows(body: bytes, selector: str) -> bool:
    """Say whether what a selector finds shows anything: text, or an image that may say what it
    is."""
    return any(
        element.get_text(strip=True, types=_TEXT) or element.name == "img" or element.img
        for element in _found(body, selector)
    )


def _found(body: bytes, selector: str) -> list[Tag]:
    try:
        return list(_tree(body).select(selector))
    except soupsieve.SelectorSyntaxError:
        return []
