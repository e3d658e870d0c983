"""A page's readable text and its claims → lines, each with the stretches
that claims were read from. Prints nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline import words
from pipeline.model import Block, Document

Row = dict[str, Any]
FACT = "metadata"
"""Titles and dates are of the page as a whole, and marked nowhere."""
OPENINGS = {"item": "- ", "note": "! ", "term": "", "definition": "  ", "code": "    "}


@dataclass(frozen=True, slots=True)
class Line:
    """One block of a page as text.

    `spans` are where the sentences of claims stand in it, `claims` those claims' numbers.
    """

    text: str
    kind: str
    spans: tuple[tuple[int, int], ...] = ()
    claims: tuple[int, ...] = ()


class Text:
    """A page's text, block by block, and the claims that were read from it,
    numbered in the order of the page.
    """

    def __init__(self, document: Document, claims: Sequence[Row]) -> None:
        self.document, self.claims = document, claims
        self._found: set[int] = set()

    def lines(self) -> Iterator[str]:
        """Yield the lines as plain text."""
        yield from (line.text for line in self)

    def __iter__(self) -> Iterator[Line]:
        for block in self.document.blocks:
            yield self._line(block)

    def elsewhere(self) -> tuple[int, ...]:
        """Return the numbers of the claims whose sentence stands in no one line;
        to be asked after all lines.
        """
        return tuple(
            number
            for number, claim in enumerate(self.claims)
            if number not in self._found and claim["kind"] != FACT
        )

    def _line(self, block: Block) -> Line:
        opening = (
            "#" * block.level + " " if block.kind == "heading" else OPENINGS.get(block.kind, "")
        )
        text = opening + block.text
        spans, numbers = [], []
        for number, claim in enumerate(self.claims):
            sentence = words.squeeze(claim["text"])
            marked = sentence and claim["kind"] != FACT and _may_stand(claim, block)
            start = text.find(sentence) if marked else -1
            if start >= 0:
                spans.append((start, start + len(sentence)))
                numbers.append(number)
        self._found.update(numbers)
        return Line(text, block.kind, tuple(dict.fromkeys(spans)), tuple(numbers))


def _may_stand(claim: Row, block: Block) -> bool:
    """Say whether a claim may be of a block: of its source line,
    where both have one, and of its section.
    """
    if claim["line"] and block.line:
        return abs(int(claim["line"]) - block.line) <= len(block.text.splitlines()) + 1
    return not claim["section"] or tuple(claim["section"]) == block.section
