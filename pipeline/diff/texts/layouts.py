"""Texts, texts → which row or line on one page is the card, or line,
on the other that shows the same.

A site builder shows as a row of cells what another shows as a card, a heading with badges and lines
below it, or as one line of a list. It compares words alone, and knows no claim.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from pipeline import words
from pipeline.diff import thresholds
from pipeline.model import Cell

Fold = Callable[[str], str]
Places = list[int]
Line = tuple[str, ...]

_BLANK = re.compile(r"[\s\-–—✗✘×]*")
_WORD = re.compile(r"\w")
_DASH = re.compile(r"\s[-–—]+\s")
_TICKS = ("yes", "x", "true")


class Texts:
    """A page's texts in order: what they say folded, and the cells of those that are rows."""

    def __init__(self, texts: Sequence[tuple[str, tuple[Cell, ...]]], fold: Fold) -> None:
        self.folded = [fold(text) for text, _ in texts]
        self.cells = [cells for _, cells in texts]
        self._fold = fold
        self._words = [_line(fold(_DASH.sub(" ", text))) for text, _ in texts]
        self._places: dict[str, Places] = defaultdict(list)
        self._whole: dict[Line, Places] = defaultdict(list)
        for place, (folded, cells) in enumerate(zip(self.folded, self.cells, strict=True)):
            if not cells and self._words[place]:
                self._places[folded].append(place)
                self._whole[self._words[place]].append(place)

    def rows(self) -> Iterator[tuple[int, tuple[Line, ...]]]:
        """Yield each row and line that may be a card elsewhere: its place,
        and the ways in which its texts may be shown.
        """
        for place, cells in enumerate(self.cells):
            if cells:
                yield place, tuple(self._ways(cells))
            elif len(self._words[place]) > 1:
                yield place, ((self.folded[place],),)

    def _ways(self, cells: Sequence[Cell]) -> Iterator[Line]:
        full = [cell for cell in cells if not _BLANK.fullmatch(cell.text)]
        heads = [self._fold(cell.headers[-1]) if cell.headers else "" for cell in full]
        texts = [self._fold(cell.text) if _worded(cell.text) else "" for cell in full]
        if texts and texts[0]:
            both = list(zip(texts, heads, strict=True))
            yield tuple(text or head for text, head in both)
            yield texts[0], *(f"{head}: {text}" if text else head for text, head in both[1:])
            if not any(texts[1:]):
                yield (texts[0],)  # a list of what the ticks say

    def shown(self, row: Line) -> Places:
        """Return the places of the card or line that shows a row's texts.

        None where there is none.
        """
        for place in self._places.get(row[0], ()):
            run = range(place, min(place + len(set(row)), len(self.folded)))
            if {self.folded[here] for here in run} == set(row):
                return list(run)
        line = _line(" ".join(row))
        # A card begins with a text that the line begins with, word for word.
        heads = (line[:length] for length in range(1, min(len(line), thresholds.HEAD) + 1))
        starts = (place for head in heads for place in self._whole.get(head, ())[: thresholds.CARD])
        return next((card for place in starts if (card := self._run(place, line))), [])

    def _run(self, start: int, line: Line) -> Places:
        """Return the places from a start on whose words together are those of a line."""
        folded: Line = ()
        for place in range(start, min(start + thresholds.CARD, len(self.folded))):
            folded += self._words[place]
            if self.cells[place] or folded != line[: len(folded)]:
                return []
            if folded == line:
                return list(range(start, place + 1))
        return []


def pairs(before: Texts, after: Texts) -> Iterator[tuple[Places, Places]]:
    """Yield the places of a row or line and of what shows the same, whichever page has which."""
    old: set[int] = set()
    new: set[int] = set()
    for place, card in _found(before, after, old, new):
        yield [place], card
    for place, card in _found(after, before, new, old):
        yield card, [place]


def _found(
    rows: Texts, cards: Texts, here: set[int], there: set[int]
) -> Iterator[tuple[int, Places]]:
    for place, ways in rows.rows():
        found = next((card for way in ways if (card := cards.shown(way))), [])
        # One line for another is a matter of wording.
        spread = len(found) > 1 or (found and rows.cells[place])
        if spread and place not in here and not there & set(found):
            here.add(place)
            there |= set(found)
            yield place, found


def _line(text: str) -> Line:
    return tuple(word for word in words.tokens(text) if _WORD.search(word))


def _worded(text: str) -> bool:
    return bool(_WORD.search(text)) and words.fold(text) not in _TICKS
