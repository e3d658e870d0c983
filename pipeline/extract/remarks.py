"""Table rows → the sentences that they print beside or below a standard's name, as units: "The
report is shared under NDA." in a column of details, sentences under a bold name in a cell of a
layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline import words
from pipeline.extract.outline import Outline, Unit, is_name
from pipeline.model import Block, Cell

_REMARKS = re.compile(
    r"\b(?:details?|notes?|comments?|remarks?|information|bemerkung(?:en)?|hinweise?|einzelheiten"
    r"|détails?|remarques?|notas?|detalles?|dettagli|note|opmerking(?:en)?|detalhes)\b",
    re.IGNORECASE,
)
"""Columns in which rows say in sentences what limits or dates what they hold."""


def titled(outline: Outline, block: Block) -> tuple[str, str] | None:
    """Return the standard's name and the sentences below it of a row that is one cell of a layout:
    "PCI DSS; We are assessed every year."; None for any other row."""
    filled = [cell for cell in block.cells if cell.text]
    if len(filled) != 1 or filled[0].headers:
        return None
    name, _, said = filled[0].text.partition("; ")
    named = said.endswith((".", "!")) and is_name(name, outline.context.mentions(name))
    return (name, said) if named else None


def below(outline: Outline, index: int, block: Block, label: str, text: str) -> Iterator[Unit]:
    """Yield the sentences of a text that stands below or beside a standard's name."""
    context = outline.context
    topic = context.topic_of(label)
    for sentence in words.sentences(text):
        yield Unit(
            block=index,
            kind="paragraph",
            text=sentence,
            lead=label,
            over=(*block.section, label),
            mentions=outline.leveled(sentence, context.mentions(sentence), topic),
            topic=topic,
            topic_from="lead",
        )


def beside(outline: Outline, index: int, block: Block, label: Cell) -> Iterator[Unit]:
    """Yield the sentences that a row's columns of details print beside its standard."""
    for cell in block.cells:
        if cell is not label and any(map(_REMARKS.search, cell.headers)) and is_prose(cell.text):
            yield from below(outline, index, block, label.text, cell.text)


def is_prose(text: str) -> bool:
    """Return whether a cell tells something in sentences rather than naming or dating it."""
    return text.endswith((".", "!")) and len(text.split()) > 4
