"""A page laid out anew says what it said: its notes stand on, as lines, cells or cards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import diff, extract, parse, standards
from pipeline.model import Page, Reading, Snapshot

AT = datetime(2026, 1, 1, tzinfo=UTC)
CATALOGUE = standards.load()
CARD = """# Marlow trust
## Certificates
### Cyber Essentials Plus
Marlow is certified.

Certificate renewed in March 2026, valid for the London office only.
"""
LINE = """# Marlow trust
## Certificates
Marlow is Cyber Essentials Plus certified.

Cyber Essentials Plus – Certificate renewed in March 2026, valid for the London office only.
"""
LABEL = """# Marlow trust
## Certificates
### ISO 22301:2019
Marlow is certified to ISO 22301:2019.

Scope: Operations centers in Omaha and Tulsa
"""
TABLE = """# Marlow trust
## Certificates
| Program | Status | Scope |
| --- | --- | --- |
| ISO 22301:2019 | Certified | Operations centers in Omaha and Tulsa |
"""


def read(text: str) -> Reading:
    page = Page("page", "page", vendor="Marlow")
    snapshot = Snapshot(page, AT, AT, "dir", "page", "text/markdown", text.encode())
    return extract.reading(parse.document(snapshot), CATALOGUE, page)


@pytest.mark.parametrize(("before", "after"), [(CARD, LINE), (LINE, CARD), (LABEL, TABLE)])
def test_a_note_that_stands_in_another_layout_has_not_changed(before: str, after: str) -> None:
    changes = diff.comparison(read(before), read(after), CATALOGUE).changes
    assert [change.summary for change in changes if change.kind == "note"] == []
    assert not any(change.severity in ("critical", "high", "medium") for change in changes)


def test_a_note_whose_words_changed_with_the_layout_is_a_change() -> None:
    after = TABLE.replace("Omaha and Tulsa", "Omaha")
    changes = diff.comparison(read(LABEL), read(after), CATALOGUE).changes
    assert any(change.kind in ("note", "service") for change in changes)
