"""A text → its sentences, a sentence → its clauses. Knows nothing of what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline import words

_TICK = re.compile(r"[✓✔✅☑⚙]️?")
_TICKED = 2
"""How many parts a text has that one tick cuts: it is one badge."""
_SPLIT = re.compile(
    r"\s*;\s+"
    r"|,?\s+(?:but|however|whereas|while|although|though)\s+"
    r"|,?\s+and\s+(?=(?:\w+\s+){0,3}?(?:is|are|was|were|has|have|had|will|can|cannot|do|does"
    r"|did|am|we|it|they|holds?|maintains?|meets?|participates?|complies|supports?|helps?)\b)"
    r"|,?\s+and\s+(?=(?:currently |now )?in (?:the )?process\b)"
    r"|,\s+so\s+(?!that\b)"
    r"|,\s+as\s+(?=did\b|does\b|do\b|is\b|are\b|has\b|have\b)",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"^\W*(?:although|even though|though|while|whereas|if|when|whenever|because|since|once"
    r"|as long as|unless|in keeping with|in line with|in accordance with"
    r"|in (?:full )?compliance with|in addition to|as part of|as (?:the|an?)|by \w+ing"
    r"|through|with|under|following|given|thanks to|(?:assessed|audited|examined|validated"
    r"|tested|certified) (?:against|under|to|for))\b[^,]{6,200},(?=\s)",
    re.IGNORECASE,
)
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|can|cannot|do|does|did|am|holds?|maintains?"
    r"|meets?|participates?|complies|comply|supports?|helps?|offers?|provides?|achieved"
    r"|received|completed|obtained|earned|adheres?|undergo\w*|signs?|enters?|covers?|aligns?"
    r"|hosts?|uses?|runs?|applies|follows|implements|plans to|intends? to|aims to|seeks to"
    r"|expects?|pursues|passed|attained|renewed|conforms?)\b|'(?:re|ve|m)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def split(sentence: str) -> Iterator[Clause]:
    start = 0
    if subordinate := _SUBORDINATE.match(sentence):
        yield Clause(0, sentence[: subordinate.end() - 1])
        start = subordinate.end()
    for cut in _SPLIT.finditer(sentence, start):
        if re.search(r"\band\b", cut[0], re.IGNORECASE) and not FINITE.search(
            sentence[start : cut.start()]
        ):
            continue  # "A and B are …" joins subjects, not clauses
        yield Clause(start, sentence[start : cut.start()])
        start = cut.end()
    yield Clause(start, sentence[start:])


def sentences(text: str) -> list[str]:
    """Return a text's sentences, and the badges of a line that marks each of them
    with a tick or gear."""
    found: list[str] = []
    for sentence in words.sentences(text):
        badges = [part.strip() for part in _TICK.split(sentence)]
        found += filter(None, badges) if len(badges) > _TICKED else [sentence]
    return found
