"""Body → Shown: how much a page shows and what stands out, measured coarsely and fast.

Binds nothing to a standard.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from pipeline import charset, markup, visible, words

_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SILENT = ("script", "style", "template", "noscript", "svg", "select", "iframe", "object")
_AROUND = ("nav", "header", "footer", "aside")
_LAID_OVER = ("cookie", "Cookie", "consent", "onetrust")
"""Words of an id or a class that name what lies over a page."""
_NOT_SHOWN = ("display:none", "display: none")
SMALL = 1000
"""Bytes of what is called HTML that may be a server's few words without a tag."""
TAIL, LAST = 4096, 6
"""Bytes in which a page ends, and words at its end by which an end is known again."""
LEAST = 40
"""Characters of text below which there is no page under a banner."""
_ROOTS = frozenset(["root", "app", "__next", "___gatsby", "main-app"])
"""Ids of the elements that a script fills in."""
_XML = re.compile(
    rb"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:[\w.-]+:)?(?:error|errors|errorresponse|response"
    rb"|fault|envelope|problem|rss|feed)\b"
    rb"|<\?xml(?!.{0,2000}<(?:html|svg|body|p|h1)\b)",
    re.IGNORECASE | re.DOTALL,
)
_TAGS = re.compile(rb"<[^>]*>|<[^>]*$")
_KINDS = (
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"PK\x03\x04", "a zip or office file"),
    (b"\x1f\x8b", "compressed data"),
)
DEEPEST = 200
"""How deep the elements of a page are told apart."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
NOT_HAD = "claimwatch could not get"
"""What begins the comments in which a page that a browser showed names the parts that did not come.
"""
_NOT_HAD = re.compile(rb"<!-- %s (\S+) -->" % NOT_HAD.encode())


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: its text without navigation, header and footer,
    and what a wall would be known by.
    """

    title: str
    headings: tuple[str, ...]
    text: str
    noscript: str
    scripts: bool
    frames: bool
    asks_password: bool
    empty_root: bool


def is_html(body: bytes, media_type: str) -> bool:
    """Say whether the body is HTML as a browser would get it: a whole page,
    or called HTML and begun with a tag, or a few words.

    A site generator's source often is HTML below front matter, and Markdown may begin
    with a tag; both are neither.
    """
    start = body[:4096].removeprefix(b"\xef\xbb\xbf")
    called = "html" in media_type and (start.lstrip().startswith(b"<") or len(body) < SMALL)
    return called or _MARKUP.match(start) is not None


def is_json(body: bytes) -> bool:
    """Say whether the body is JSON, whatever it is called;
    Markdown may begin with a bracket too.
    """
    if body.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        return isinstance(json.loads(body), dict | list)
    except (ValueError, RecursionError):
        return False


def is_pdf(body: bytes) -> bool:
    """Say whether the body is a PDF; some writers put a few bytes before its mark."""
    return b"%PDF-" in body[:1024] and not body.lstrip().startswith(b"<")


def binary(body: bytes, content_type: str) -> str | None:
    """Say what the body is when it is no text."""
    for start, kind in _KINDS:
        if body.startswith(start):
            return kind
    if b"\0" in body[:4096] and not charset.wide(body, content_type):
        return "binary data"
    return None


def unclosed(body: bytes) -> bool:
    """Say whether a page that opens its html and body closes neither;
    a page may leave out both tags, hardly one of each.
    """
    lower = body.lower()
    return (
        b"<html" in lower
        and b"<body" in lower
        and b"</html" not in lower
        and b"</body" not in lower
    )


def ended(body: bytes) -> bool:
    """Say whether a page of HTML closes at its end; a comment,
    a counter or a signature may come after that.
    """
    return b"</html" in body[-TAIL:].lower()


def last_words(body: bytes) -> list[bytes]:
    """Return the last words of a body, tags aside."""
    return _TAGS.sub(b" ", body[-TAIL:]).split()[-LAST:]


def is_xml(body: bytes) -> bool:
    """Say whether the body is XML for programs: what a bucket, a gateway or a feed answers."""
    start = body[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return _XML.match(start) is not None and _MARKUP.match(start) is None


def not_had(body: bytes) -> frozenset[bytes]:
    """Return the addresses of the parts that a browser's page did not get."""
    return frozenset(_NOT_HAD.findall(body[-20_000:]))


def depth(url: str) -> int:
    """Return how many folders and files an address names; 0 for a front page,
    its language and index file aside.
    """
    parts = [part for part in urlsplit(url).path.lower().split("/") if part]
    return len(
        [
            part
            for part in parts
            if not re.fullmatch(r"[a-z]{2}(?:[-_][a-z]{2})?|index\.\w+|home|default\.\w+", part)
        ]
    )


@lru_cache(maxsize=4)
def of(body: bytes, content_type: str) -> Shown:
    """Measure a page of HTML.

    What lies over the page, or is not shown yet, counts only where there is no page below.
    """
    source = markup.bounded(charset.html(body, content_type)).encode("utf-8", "replace")
    below = _measured(source, over=False)
    return below if len(below.text) >= LEAST else _measured(source, over=True)


def _measured(source: bytes, *, over: bool) -> Shown:
    try:
        tree = _tree(source)
    except (etree.ParserError, ValueError):  # nothing but comments or white space
        return Shown("", (), "", "", False, False, False, False)
    noscript = " ".join(element.text_content() for element in tree.iter("noscript"))
    scripts = tree.find(".//script") is not None
    frames = next(_whole(tree, "iframe", "frame"), None) is not None
    title = words.plain(tree.findtext(".//title") or "")
    for template in list(_whole(tree, "template")):
        if template.get("shadowrootmode") is not None:
            template.tag = "div"
    _drop(tree.iter(*_SILENT, etree.Comment))
    if not over:
        elements = _whole(tree, etree.Element)
        _drop(one for one in elements if one.tag not in ("html", "body", "main") and _is_over(one))
    headings = tuple(
        words.plain(element.text_content()) for element in islice(tree.iter("h1", "h2"), 3)
    )
    roots = [element for element in _whole(tree, "div", "main") if element.get("id") in _ROOTS]
    empty_root = bool(roots) and all(not element.text_content().strip() for element in roots)
    _drop(tree.iter(*_AROUND))
    password = any(field.get("type") == "password" for field in _whole(tree, "input"))
    _drop(tree.iter("title"))
    # Of the whole tree: where a page leaves out its body's tag,
    # the parser takes what came with HTML 5 for a part of the head.
    text = words.squeeze(visible.text(" ".join(tree.itertext())))
    return Shown(
        title, headings, text, words.squeeze(noscript), scripts, frames, password, empty_root
    )


def _whole(tree: lxml.html.HtmlElement, *tags: Any) -> Iterator[lxml.html.HtmlElement]:
    """Yield the elements of those tags, in page order;
    a parser may make several roots of a broken page.
    """
    before = [*tree.itersiblings(etree.Element, preceding=True)]
    for root in (*reversed(before), tree, *tree.itersiblings(etree.Element)):
        yield from root.iter(*tags)


def _is_over(element: lxml.html.HtmlElement) -> bool:
    """Say whether an element lies over the page, or is not shown until something happens."""
    get = element.get
    if get("hidden") is not None or element.tag == "dialog":
        return True
    if get("role") in ("dialog", "alertdialog"):
        return True
    style, name, kind = get("style") or "", get("id") or "", get("class") or ""
    if style and any(rule in style for rule in _NOT_SHOWN):
        return True
    return bool(name or kind) and any(word in name or word in kind for word in _LAID_OVER)


def _tree(source: bytes) -> lxml.html.HtmlElement:
    """Return a page's tree; below the depth where libxml2 would leave out all that follows,
    its elements are left out alone.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = lxml.html.document_fromstring(source, parser=parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        flat = etree.HTMLParser(target=_Flat(), encoding="utf-8", huge_tree=True)
        tree = lxml.html.document_fromstring(source, parser=flat)
    return tree


class _Flat:
    """Builds a tree that is not deeper than `DEEPEST`."""

    def __init__(self) -> None:
        self._builder = etree.TreeBuilder(element_factory=lxml.html.html_parser.makeelement)
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth <= DEEPEST:
            plain = {
                name: visible.text(value)
                for name, value in attributes.items()
                if _NAME.fullmatch(name)
            }
            self._builder.start(tag if _NAME.fullmatch(tag) else "span", plain)

    def end(self, tag: str) -> None:
        if self._depth <= DEEPEST:
            self._builder.end(tag if _NAME.fullmatch(tag) else "span")
        self._depth -= 1

    def data(self, text: str) -> None:
        self._builder.data(visible.text(text))

    def close(self) -> lxml.html.HtmlElement:
        return self._builder.close()


def _drop(elements: Iterable[lxml.html.HtmlElement]) -> None:
    # With the tail kept, less what no tree takes back, such as an entity's control character:
    # `drop_tree` would raise.
    for element in list(elements):
        parent = element.getparent()
        if parent is None:
            continue
        before = element.getprevious()
        if element.tail and before is None:
            parent.text = visible.text((parent.text or "") + element.tail)
        elif element.tail:
            before.tail = visible.text((before.tail or "") + element.tail)
        parent.remove(element)
