"""Bytes and their content type → text, in the order that browsers keep:
byte order mark, header, meta, then a guess.

It knows the encodings that browsers know. Python has more of them,
which are no character sets (`zlib`, `punycode`).
"""

from __future__ import annotations

import re

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    to_unicode,
)

_KNOWN = re.compile(
    r"utf-8|utf-16(?:-[bl]e)?|iso8859-\d+|cp\d+|koi8-[ru]|euc_\w+|gb18030|big5hkscs"
    r"|iso2022_jp|mac-\w+"
)


def html(body: bytes, content_type: str) -> str:
    """Return a page's text; every byte is read, for good or ill."""
    marked, mark = read_bom(body)
    if marked and mark:
        return to_unicode(body[len(mark) :], marked)
    inside = _known(html_body_declared_encoding(body))
    # A page whose declaration could be read in ASCII is not in UTF-16, whatever it declares.
    inside = "utf-8" if inside and inside.startswith("utf-16") else inside
    return to_unicode(
        body, _known(http_content_type_encoding(content_type)) or inside or _guessed(body)
    )


def plain(body: bytes, content_type: str) -> str:
    """Return the text of a source, which declares nothing inside;
    servers often call UTF-8 something else.
    """
    marked, mark = read_bom(body)
    if marked and mark:
        return to_unicode(body[len(mark) :], marked)
    guessed = _guessed(body)
    return to_unicode(
        body,
        guessed
        if guessed == "utf-8"
        else _known(http_content_type_encoding(content_type)) or guessed,
    )


def wide(body: bytes, content_type: str) -> bool:
    """Say whether text may hold NUL bytes, for two bytes make a letter."""
    return body.startswith((b"\xff\xfe", b"\xfe\xff")) or (
        _known(http_content_type_encoding(content_type)) or ""
    ).startswith("utf-16")


def _known(encoding: str | None) -> str | None:
    return encoding if encoding and _KNOWN.fullmatch(encoding) else None


def _guessed(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"  # it reads every byte, and is what browsers fall back to
    return "utf-8"
