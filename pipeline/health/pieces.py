"""Reading → its headings, sentences and cells in comparable form, and what two pages have in common
around their content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from pipeline import words
from pipeline.model import Block, Link, Reading
from pipeline.recent import Remembered

KEPT = 0.5
"""A sentence is kept where half of its runs of three words still stand: a word or two were put
otherwise. Sentences about different things share hardly a tenth of theirs."""
LABEL = 60
"""Characters of what may differ within a site's bar or foot: a label that says where one is, a
date."""
LONGEST = 200
"""Characters of a sentence that count: one long clause of a licence is not the page."""
CLAIMS = frozenset(["standard", "service", "evidence", "supplier"])
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+(?:'\w+)?")
_NUMBER = re.compile(r"\d+")
_STEPS = ((0, 0), (1, 1), (1, 0), (0, 1))


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, sentence or cell in its comparable form; `claims` says that a claim was read from
    it.

    `documents` are the targets of its links that name a document, or a place deep in a site.
    """

    text: str
    heading: bool
    claims: bool
    documents: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """Return how much it counts, in characters."""
        return min(len(self.text), LONGEST)

    @property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Return its runs of three words; a letter is a word where a script does not part them."""
        return frozenset(_runs(self.text))


Pieces = tuple[Piece, ...]


class Text:
    """All pieces of a text, to be looked up; most of another capture's stand in it as they are."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces = tuple(pieces)
        self.texts = frozenset([piece.text for piece in self.pieces])

    @cached_property
    def runs(self) -> Set[tuple[str, ...]]:
        """Return the runs of all pieces."""
        found: set[tuple[str, ...]] = set()
        for piece in self.pieces:
            found.update(_runs(piece.text))
        return found

    @cached_property
    def documents(self) -> frozenset[str]:
        """Return the documents of all pieces."""
        return frozenset(one for piece in self.pieces for one in piece.documents)

    def share(self, piece: Piece) -> float:
        """Return how much of a piece stands in this text, 0 where it is less than KEPT.

        What leads to the same documents is the same, whatever its words.
        """
        if piece.text in self.texts or (piece.documents and piece.documents <= self.documents):
            return 1.0
        runs = piece.runs
        found = len(runs & self.runs) / len(runs) if runs else 0.0
        return found if found >= KEPT else 0.0


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    found = WORD.findall(text)
    return zip(found, found[1:], found[2:], strict=False)


@Remembered
def of(reading: Reading) -> Pieces:
    """Return the pieces of a reading, in page order."""
    claimed = {words.fold(claim.text) for claim in reading.claims if claim.kind in CLAIMS}
    found = []
    for block in reading.document.blocks:
        heading, whole = block.kind == "heading", words.fold(block.text) in claimed
        for text, links in _texts(block):
            if folded := words.fold(text):
                claims = whole or folded in claimed
                found.append(Piece(folded, heading, claims, _documents(links)))
    return tuple(found)


def _texts(block: Block) -> Iterable[tuple[str, Sequence[Link]]]:
    """Yield the parts of a block, each with its links; a sentence has those whose words it
    holds."""
    if block.kind == "include":
        return
    if block.kind == "heading":
        yield block.text, block.links
    elif block.cells:
        yield from ((cell.text, cell.links) for cell in block.cells)
    else:
        parts = words.sentences(block.text)
        for text in parts:
            alone = len(parts) == 1
            yield text, [one for one in block.links if alone or (one.text and one.text in text)]


def _documents(links: Sequence[Link]) -> frozenset[str]:
    found = set[str]()
    for link in links:
        try:
            path = urlsplit(link.url).path.strip("/").lower()
        except ValueError:  # a broken address names no document
            continue
        if "/" in path or "." in path:
            found.add(path)
    return frozenset(found)


def inner(old: Pieces, new: Pieces) -> tuple[Pieces, Pieces]:
    """Take away what two pages have in common at their top and end: a site's bar and foot, in plain
    boxes."""
    top = _alike(old, new)
    old, new = old[top[0] :], new[top[1] :]
    end = _alike(old[::-1], new[::-1])
    return old[: len(old) - end[0]], new[: len(new) - end[1]]


def _alike(one: Pieces, other: Pieces) -> tuple[int, int]:
    """Return how far two lists go together, numbers aside, but for a label between two pieces that
    are alike."""
    i = j = 0
    while step := next((step for step in _STEPS if _meet(one, other, (i, j), step)), None):
        i, j = i + step[0] + 1, j + step[1] + 1
    return i, j


def _meet(one: Pieces, other: Pieces, at: tuple[int, int], step: tuple[int, int]) -> bool:
    (i, j), (a, b) = at, step
    if i + a >= len(one) or j + b >= len(other):
        return False
    skipped = (*one[i : i + a], *other[j : j + b])
    if any(piece.heading or piece.claims or piece.size > LABEL for piece in skipped):
        return False
    here, there = one[i + a].text, other[j + b].text
    return here == there or _NUMBER.sub("0", here) == _NUMBER.sub("0", there)
