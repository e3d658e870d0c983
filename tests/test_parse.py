"""Snapshot → Document: what each format's layouts become, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import errors, parse
from pipeline.model import Document, Page, Snapshot

THEN = datetime(2024, 3, 1, tzinfo=UTC)


def snapshot(body: str | bytes, media_type: str = "text/markdown", path: str = "/pages/page", **rules: object) -> Snapshot:
    encoded = body.encode() if isinstance(body, str) else body
    return Snapshot(Page("page", path, **rules), THEN, THEN, "live", path, media_type, encoded)  # type: ignore[arg-type]


def read(body: str | bytes, media_type: str = "text/markdown", **rules: object) -> Document:
    return parse.document(snapshot(body, media_type, **rules))


@pytest.mark.parametrize("body", [b"", b"  \n\t ", b"%PDF-1.7 x", b"PK\x03\x04zip", b"text\x00\x01\x02"])
def test_what_is_no_text_is_refused_with_a_mend(body: bytes) -> None:
    with pytest.raises(errors.ParseError, match=r": .+"):
        read(body, "")
