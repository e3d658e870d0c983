"""Snapshot → its format and its text. It refuses what is no text, and says what to do about it."""

from __future__ import annotations

import re
from typing import Literal

from pipeline import charset, errors, visible
from pipeline.model import Snapshot
from pipeline.parse import keyed, separated

Form = Literal["markdown", "html", "rst", "text", "csv", "json"]

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
    "application/pdf",
    "application/zip",
    "application/javascript",
)
_ENDINGS: dict[Form, str] = {
    "markdown": "md|mdx|markdown|mdown|mkd|qmd|rmd",
    "rst": "rst|rest",
    "html": r"html?|xhtml|html\.erb|aspx|php",
    "csv": "csv|tsv",
    "json": "json|jsonl|ndjson",
}
_PATHS = {
    form: re.compile(rf"\.(?:{endings})(?:$|[?#])", re.IGNORECASE)
    for form, endings in _ENDINGS.items()
}
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
    "text": "text",
    "csv": "csv",
    "json": "json",
}
_KINDS: dict[str, Form] = {
    **dict.fromkeys(("text/markdown", "text/x-markdown"), "markdown"),
    **dict.fromkeys(("text/x-rst", "text/prs.fallenstein.rst"), "rst"),
    **dict.fromkeys(("text/html", "application/xhtml+xml"), "html"),
    **dict.fromkeys(("text/csv", "application/csv", "text/tab-separated-values"), "csv"),
}


def text(snapshot: Snapshot) -> tuple[Form, str]:
    """Return a body's format and decoded text, line breaks as newlines,
    without characters that nobody sees.
    """
    body, kind = snapshot.body, snapshot.header("content-type") or snapshot.media_type
    _refuse(body, charset.wide(body, kind))
    declared = _asked(snapshot) or _told(snapshot)
    decoded = charset.html(body, kind) if declared == "html" else charset.plain(body, kind)
    form = declared or _sniffed(snapshot, decoded)
    if form != "json" and keyed.is_json(decoded):
        form = _not_json(snapshot)
    if form == "html" and declared != "html":
        decoded = charset.html(body, kind)
    return form, visible.text(decoded.replace("\r\n", "\n").replace("\r", "\n"))


def _not_json(snapshot: Snapshot) -> Form:
    """Return JSON as the format of a body that is JSON.

    Raise ParseError where the config has another.
    """
    if asked := _asked(snapshot):
        raise errors.ParseError(
            f'the body is JSON, and format of page "{snapshot.page.id}" is "{asked}": '
            'set it to "json", or leave it out'
        )
    return "json"


def _refuse(body: bytes, wide: bool) -> None:
    if not body.strip():
        raise errors.ParseError(
            "the body is empty: look at the address in a browser, or wait for the next look"
        )
    for start, what in _BINARY.items():
        if body.startswith(start):
            raise errors.ParseError(
                f"the body is {what}, not text: watch the HTML or Markdown page that links "
                "to it instead"
            )
    if b"\x00" in body[:4096] and not wide:
        raise errors.ParseError(
            "the body is binary (it holds NUL bytes), not text: correct the page's address"
        )


def _asked(snapshot: Snapshot) -> Form | None:
    """Return the format that the config names."""
    asked = (snapshot.page.format or "").lower().strip()
    if asked == "pdf":
        raise errors.ParseError(
            f'the body is no PDF, though the format of page "{snapshot.page.id}" says so: '
            "correct its address or format"
        )
    if asked and asked not in _NAMES and asked != "auto":
        known = ", ".join(f'"{name}"' for name in dict.fromkeys(_NAMES.values()))
        raise errors.ParseError(
            f'format "{asked}" of page "{snapshot.page.id}" has no reader: '
            f"set it to one of {known}, or leave it out"
        )
    return _NAMES.get(asked)


def _told(snapshot: Snapshot) -> Form | None:
    """Return the format that the server's media type names; `text/plain` names none."""
    kind = snapshot.media_type.partition(";")[0].strip().lower()
    if kind in _KINDS:
        return _KINDS[kind]
    if kind.endswith("json"):
        return "json"
    if kind.startswith(_UNREAD) or kind.endswith("xml"):
        raise errors.ParseError(
            f'there is no reader for "{kind}": set the page\'s format to "markdown" or "html" '
            "if it is one, or correct its address"
        )
    return None


def _sniffed(snapshot: Snapshot, decoded: str) -> Form:
    """Return the format that the address names or the text looks like."""
    if _HTML.match(decoded[:4096]):
        return "html"
    for form, path in _PATHS.items():
        if path.search(snapshot.url) or path.search(snapshot.page.url):
            return form
    start = _FRONT_MATTER.sub("", decoded[:100_000])
    elements, marks = len(_ELEMENT.findall(start)), len(_MARKED.findall(start))
    if elements > marks:
        return "html"
    if marks or not snapshot.media_type.startswith("text/plain"):
        return "markdown"
    return "csv" if separated.looks(start) else "text"
