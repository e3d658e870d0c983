"""Snapshot, Known → Verdict on the body alone: did all of it arrive, and can it be read?

Looks at no word of the page.
"""

from __future__ import annotations

from pipeline.health import shown
from pipeline.model import Known, Snapshot, Verdict

READABLE = (
    "text/",
    "application/csv",
    "application/xhtml+xml",
    "application/markdown",
    "application/x-markdown",
)
USUAL, FRACTION = 4000, 8
"""A body under an eighth of a usual size of at least 4000 bytes is not the same page."""


def body(snapshot: Snapshot) -> Verdict | None:
    """Return what is wrong with a body that is empty, cut, or not of a kind that can be read."""
    body = snapshot.body
    if not body.strip():
        return Verdict("empty", "the body is empty")
    if shown.is_pdf(body):
        return (
            None
            if b"%%EOF" in body[-2048:]
            else Verdict("truncated", "the PDF ends before its end mark")
        )
    binary = shown.binary(body, content_type(snapshot))
    if binary is not None:
        return Verdict("unreadable", f"the body is {binary}, not text")
    readable = snapshot.media_type.startswith(READABLE) or snapshot.media_type.endswith("json")
    if (
        not readable
        and snapshot.page.format is None
        and not shown.is_html(body, snapshot.media_type)
    ):
        return Verdict(
            "unreadable",
            f"the content type is {snapshot.media_type}; set format if it is text all the same",
        )
    if snapshot.page.format is None and shown.is_xml(body):
        return Verdict("unreadable", "the body is XML, an answer for programs")
    return None


def cut(snapshot: Snapshot, known: Known) -> Verdict | None:
    """Return by what a body is known to have stopped before its end."""
    if snapshot.status == 206:
        return Verdict(
            "truncated", "the server sent a part of the page (HTTP 206), which nobody asked for"
        )
    length = snapshot.header("content-length")
    if (
        length is not None
        and length.isdecimal()
        and snapshot.header("content-encoding") in (None, "identity")
    ):
        body = len(snapshot.body)
        if body < int(length):
            return Verdict("truncated", f"{body} of {length} bytes arrived")
    if shown.is_html(snapshot.body, snapshot.media_type):
        if shown.unclosed(snapshot.body):
            return Verdict("truncated", "the HTML ends before its body does")
        if known.snapshot and _unended(snapshot.body, known.snapshot.body):
            return Verdict("truncated", "the HTML ends without </html>, which closed it before")
    return None


def _unended(now: bytes, usual: bytes) -> bool:
    """Say whether a page stops short that used to be closed.

    One that ends in the same words lost its last tags alone.
    """
    if not shown.ended(usual) or b"</html" in now.lower():
        return False
    return shown.last_words(now) != shown.last_words(usual)


def shrunk(snapshot: Snapshot, known: Known) -> Verdict | None:
    """Return that a body is too small to be the page that was usual."""
    size = len(snapshot.body)
    if known.size is not None and known.size >= USUAL and size * FRACTION < known.size:
        return Verdict("short", f"{size} bytes, where {known.size} are usual")
    return None


def content_type(snapshot: Snapshot) -> str:
    """Return what the server calls the body, else what it was taken for."""
    return snapshot.header("content-type") or snapshot.media_type
