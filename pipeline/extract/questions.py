"""Tables of questions and answers, as questionnaires are published → units
that are judged like a FAQ's.

A row is a question, its answer and perhaps a remark;
only the question names the standard ("Are you PCI DSS compliant?", "No").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline import words
from pipeline.extract.outline import Outline, Unit
from pipeline.model import Block, Cell

_ANSWERS = re.compile(
    r"\b(?:answers?|responses?|antwort(?:en)?|réponses?|respuestas?|rispost[ae]"
    r"|antwoord(?:en)?|respostas?)\b",
    re.IGNORECASE,
)
_REMARKS = re.compile(
    r"\b(?:notes?|comments?|remarks?|details?|explanations?|bemerkung(?:en)?|remarques?"
    r"|notas?|opmerking(?:en)?)\b",
    re.IGNORECASE,
)


def asked(body: list[tuple[int, Block]]) -> bool:
    """Return whether most rows of a table ask something."""
    return sum(_question(block) is not None for _, block in body) > len(body) / 2


def units(outline: Outline, index: int, block: Block) -> Iterator[Unit]:
    """Yield what a row answers, sentence by sentence, each below its question.

    Nothing for a row that asks nothing.
    """
    question = _question(block)
    if question is None:
        return
    context = outline.context
    topic = context.topic_of(question.text)
    for cell in _answers(block, question):
        for sentence in words.sentences(cell.text):
            yield Unit(
                block=index,
                kind="paragraph",
                text=sentence,
                lead=question.text,
                over=(*block.section, question.text),
                mentions=outline.leveled(sentence, context.mentions(sentence), topic),
                topic=topic,
                topic_from="lead" if topic else "",
            )


def _question(block: Block) -> Cell | None:
    return next((cell for cell in block.cells if cell.text.rstrip().endswith("?")), None)


def _answers(block: Block, question: Cell) -> list[Cell]:
    """Return the answer and the remarks of a row: by their columns,
    else the cell behind the question.
    """
    behind = [cell for cell in block.cells if cell is not question and cell.text]
    named = [cell for cell in behind if any(map(_ANSWERS.search, cell.headers))]
    remarks = [cell for cell in behind if any(map(_REMARKS.search, cell.headers))]
    if not named:
        place = block.cells.index(question)
        named = [cell for cell in block.cells[place + 1 : place + 2] if cell.text]
    return [*named, *(cell for cell in remarks if cell not in named)]
