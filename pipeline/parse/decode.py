"""Snapshot → its format and its text. It refuses what is no text, and says what to do about it."""

from __future__ import annotations

import re
from typing import Literal

from pipeline import charset, errors, visible
from pipeline.model import Snapshot

Form = Literal["markdown", "html", "rst"]

_BINARY = {
    b"PK\x03\x04": "a zip archive or an Office document",
    b"\x1f\x8b": "gzip data",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\xd0\xcf\x11\xe0": "an old Office document",
}
_UNREAD = (
    "image/",
    "audio/",
    "video/",
    "font/",
    "text/css",
    "text/javascript",
    "text/csv",
    "application/pdf",
    "application/zip",
    "application/javascript",
)
_MARKDOWN_PATH = re.compile(r"\.(?:md|mdx|markdown|mdown|mkd|qmd|rmd)(?:$|[?#])", re.IGNORECASE)
_RST_PATH = re.compile(r"\.(?:rst|rest)(?:$|[?#])", re.IGNORECASE)
_HTML_PATH = re.compile(r"\.(?:html?|xhtml|html\.erb|aspx|php)(?:$|[?#])", re.IGNORECASE)
_HTML = re.compile(
    r"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n.*?^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_MARKED = re.compile(
    r"^(?:#{1,6} \S|[-*+] \S|\d+\. \S|> ?\[?|```|\|.*\|[ \t]*$|\[[^\]]+\]: \S)", re.MULTILINE
)
_ELEMENT = re.compile(
    r"</(?:p|div|li|ul|h[1-6]|td|section|table|main|article|span)>", re.IGNORECASE
)
_NAMES: dict[str, Form] = {
    "md": "markdown",
    "mdx": "markdown",
    "markdown": "markdown",
    "gfm": "markdown",
    "rst": "rst",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
}


def text(snapshot: Snapshot) -> tuple[Form, str]:
    """Return a body's format and decoded text, line breaks as newlines, without characters that nobody sees."""
    body, kind = snapshot.body, snapshot.header("content-type") or snapshot.media_type
    _refuse(body, charset.wide(body, kind))
    declared = _declared(snapshot)
    decoded = charset.html(body, kind) if declared == "html" else charset.plain(body, kind)
    form = declared or _sniffed(snapshot, decoded)
    if form == "html" and declared != "html":
        decoded = charset.html(body, kind)
    return form, visible.text(decoded.replace("\r\n", "\n").replace("\r", "\n"))


def _refuse(body: bytes, wide: bool) -> None:
    if not body.strip():
        raise errors.ParseError(
            "the body is empty: look at the address in a browser, or wait for the next look"
        )
    for start, what in _BINARY.items():
        if body.startswith(start):
            raise errors.ParseError(
                f"the body is {what}, not text: watch the HTML or Markdown page that links to it instead"
            )
    if b"\x00" in body[:4096] and not wide:
        raise errors.ParseError(
            "the body is binary (it holds NUL bytes), not text: mend the page's address"
        )


def _declared(snapshot: Snapshot) -> Form | None:
    """Return the format that the config, the server or the path names; `text/plain` names none."""
    asked = (snapshot.page.format or "").lower().strip()
    if asked == "pdf":
        raise errors.ParseError(
            f'the body is no PDF, though the format of page "{snapshot.page.id}" says so: mend its address or format'
        )
    if asked and asked not in _NAMES and asked != "auto":
        raise errors.ParseError(
            f'format "{asked}" of page "{snapshot.page.id}" has no reader: set it to "markdown", "html" or "rst", or leave it out'
        )
    kind = snapshot.media_type.partition(";")[0].strip().lower()
    if asked in _NAMES:
        return _NAMES[asked]
    if kind in ("text/markdown", "text/x-markdown"):
        return "markdown"
    if kind in ("text/x-rst", "text/prs.fallenstein.rst"):
        return "rst"
    if kind.startswith(_UNREAD) or (
        kind.endswith(("json", "xml")) and kind != "application/xhtml+xml"
    ):
        raise errors.ParseError(
            f'there is no reader for "{kind}": set the page\'s format to "markdown" or "html" if it is one, or mend its address'
        )
    if kind in ("text/html", "application/xhtml+xml"):
        return "html"
    return None


def _sniffed(snapshot: Snapshot, decoded: str) -> Form:
    """Return the format that the text looks like."""
    if _HTML.match(decoded[:4096]):
        return "html"
    if _MARKDOWN_PATH.search(snapshot.url) or _MARKDOWN_PATH.search(snapshot.page.url):
        return "markdown"
    if _RST_PATH.search(snapshot.url) or _RST_PATH.search(snapshot.page.url):
        return "rst"
    if _HTML_PATH.search(snapshot.url) or _HTML_PATH.search(snapshot.page.url):
        return "html"
    start = _FRONT_MATTER.sub("", decoded[:100_000])
    return "html" if len(_ELEMENT.findall(start)) > len(_MARKED.findall(start)) else "markdown"
