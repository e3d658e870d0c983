"""How sure the reader was, and what a change of a note is worth:
a date that moved in a line of validity is news either way.
"""

from __future__ import annotations

import pytest

from pipeline.diff import severity
from pipeline.model import Claim, Source


def note(text: str, kind: str, margin: float) -> Claim:
    return Claim(
        "note", Source(text), standard="iso-27001", value=text, note_kind=kind, margin=margin
    )


@pytest.mark.parametrize(
    ("kind", "margin", "after", "expected"),
    [
        ("validity", 0.6, "Validity: June 2026 – June 2029", "medium"),
        ("validity", 0.4, "Validity: June 2026 – June 2029", "low"),
        ("validity", 0.6, "Validity: see the certificate", "low"),
        ("condition", 0.6, "Validity: June 2026 – June 2029", "low"),
        ("condition", 0.9, "Validity: June 2026 – June 2029", "high"),
        ("validity", 0.9, "Validity: see the certificate", "medium"),
    ],
)
def test_a_note_alerts_as_surely_as_it_was_read(
    kind: str, margin: float, after: str, expected: str
) -> None:
    before = note("Validity: June 2023 – June 2026", kind, margin)
    grade, _ = severity.grade("note", "changed", None, before, note(after, kind, margin))
    assert grade == expected
