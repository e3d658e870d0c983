"""What single sentences say: a table in plain text, so that a new wording needs no Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import standards
from pipeline.extract import statements

TABLE = (Path(__file__).parent / "cases" / "sentences.md").read_text(encoding="utf-8")
ROWS = [
    line.partition(" =>")
    for line in TABLE.splitlines()
    if " =>" in line and not line.startswith("#")
]


@pytest.mark.parametrize(
    ("sentence", "wanted"), [(sentence, wanted.strip()) for sentence, _, wanted in ROWS]
)
def test_a_sentence_says(sentence: str, wanted: str) -> None:
    found = statements.statements(
        sentence, standards.load().mentions(sentence), elliptic=len(sentence.split()) <= 12
    )
    assert (
        " ".join(dict.fromkeys(f"{said.mention.standard}:{said.stance}" for said in found))
        == wanted
    )
