"""Snapshot → where a page only sends its readers on to: a refresh,
or a script that leads away from a page without text.

Follows nothing. What a browser without scripts would show is what counts,
so that `<noscript>` is not looked into.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml import etree

from pipeline import charset, markup
from pipeline.health import shown
from pipeline.model import Snapshot

AT_ONCE, SOON = 1.0, 60.0
"""Seconds before a refresh: nobody has read a page that goes after one;
a longer pause than a minute ends a session.
"""
LITTLE, LEAST, NOTHING = 1500, 300, 100
"""Characters of text of a page that says where it has gone, of one that a script leaves,
and of one that says "please wait".
"""
SEARCHED = 100_000
"""Bytes in which a refresh is looked for: it stands at the top of a page."""
_CONTENT = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*(?:[;,\s]\s*(.*))?", re.DOTALL)
_NAME = re.compile(r"url\s*=\s*", re.IGNORECASE)
_SCRIPT = re.compile(
    r"""(?<![\w.])(?:(?:window|document|self|top|parent)\.)?location"""
    r"""(?:(?:\.href)?\s*=\s*|\.(?:replace|assign)\(\s*)(["'])([^"'\s<>]{1,500})\1"""
)


@dataclass(frozen=True, slots=True)
class _Refresh:
    seconds: float
    url: str


def target(snapshot: Snapshot) -> str | None:
    """Return the address to which a page sends its readers on by a refresh,
    None where it is itself to be read.

    A page that loads itself again is to be read if it shows anything but that.
    """
    refresh = _refresh(snapshot)
    if refresh is None or refresh.seconds > SOON:
        return None
    soon = refresh.seconds <= AT_ONCE
    away = _place(refresh.url) != _place(snapshot.url) or (soon and refresh.url != snapshot.url)
    if away and soon:
        return refresh.url
    return refresh.url if _length(snapshot) <= (LITTLE if away else NOTHING) else None


def by_script(snapshot: Snapshot) -> str | None:
    """Return the address to which a page's script leads,
    where the page itself shows next to nothing.
    """
    if snapshot.page.browser or not shown.is_html(snapshot.body, snapshot.media_type):
        return None
    if _length(snapshot) > LEAST:
        return None
    found = _SCRIPT.search(charset.html(snapshot.body[:SEARCHED], _content_type(snapshot)))
    if found is None:
        return None
    url = _joined(snapshot.url, found[2])
    return url if url and _place(url) != _place(snapshot.url) else None


def named(url: str) -> str:
    """Return an address as a reason may name it: without user name and query,
    where a token may stand.
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:200]


def _refresh(snapshot: Snapshot) -> _Refresh | None:
    """Return the first refresh that a browser would heed: the header's, else the page's."""
    found = _parsed(snapshot.header("refresh") or "", snapshot.url, snapshot.url)
    start = snapshot.body[:SEARCHED]
    if found or b"refresh" not in start.lower() or not shown.is_html(start, snapshot.media_type):
        return found
    source = markup.bounded(charset.html(start, _content_type(snapshot)))
    try:
        tree = lxml.html.document_fromstring(
            source.encode(), lxml.html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, ValueError):  # nothing but comments or white space
        return None
    base = _joined(snapshot.url, next(iter(tree.xpath("//base/@href")), "")) or snapshot.url
    told = tree.xpath("//meta[@http-equiv and @content][not(ancestor::noscript)]")
    refreshes = (
        _parsed(meta.get("content"), base, snapshot.url)
        for meta in told
        if meta.get("http-equiv").strip().lower() == "refresh"
    )
    return next(filter(None, refreshes), None)


def _parsed(content: str, base: str, own: str) -> _Refresh | None:
    """Return what the content of a refresh says; without an address,
    it is the page itself that comes back.
    """
    found = _CONTENT.fullmatch(content)
    if found is None:
        return None
    told = _NAME.sub("", (found[2] or "").strip(), count=1)
    told = told[1:].partition(told[0])[0] if told[:1] in ("'", '"') else told
    url = _joined(base, told) if told.strip() else own.partition("#")[0]
    return _Refresh(float(found[1]), url) if url else None


def _joined(base: str, href: str) -> str | None:
    """Return an address that a page names, None where a browser would go nowhere by it."""
    try:
        url = urljoin(base, "".join(href.split())).partition("#")[0]
        web = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return None
    return url if web else None


def _place(url: str) -> str:
    """Return an address without what a reload may add to it."""
    return url.partition("?")[0].partition("#")[0].rstrip("/")


def _length(snapshot: Snapshot) -> int:
    """Return how many characters a page shows; more than any stub
    where the page is larger than one is.
    """
    if len(snapshot.body) > SEARCHED:
        return SEARCHED
    return len(shown.of(snapshot.body, _content_type(snapshot)).text)


def _content_type(snapshot: Snapshot) -> str:
    return snapshot.header("content-type") or snapshot.media_type
