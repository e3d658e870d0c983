"""Front matter and page facts → metadata claims: title, description, dates, owner.

Other keys make no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.model import Claim, Document, Source

_DATE = re.compile(
    r"(?:^|[._:-])(?:date|lastmod|last_?modified|updated|modified|modified_time|published"
    r"|published_time|created|reviewed|last_?reviewed|effective|valid_until|expires)(?:$|[._:-])",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?:^|[._:-])(?:author|authors|owner|owners|manager|maintainer|maintainers|contact"
    r"|reviewer|approver|responsible)(?:$|[._:-])",
    re.IGNORECASE,
)


def claims(document: Document) -> Iterator[Claim]:
    """Yield the page's title first, then its description, dates and owners in page order."""
    if document.title:
        yield _claim("title", document.title)
    for name, value in document.front_matter:
        if (
            value
            and name != "title"
            and (name == "description" or _DATE.search(name) or _OWNER.search(name))
        ):
            yield _claim(name, value)


def _claim(name: str, value: str) -> Claim:
    return Claim(kind="metadata", source=Source(value), name=name, value=value)
