"""A text's folded words, and the features that they are by themselves,
in pairs and threes; made once a text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from pipeline.extract.judgement import Word
from pipeline.lexicon import Lexicon, Tag

_WORD = re.compile(
    r"[§£]|[^\W\d_]+n['’]t\b|\w+(?:[-.]\w+)*|['’](?:s|re|ve|ll|d|m)\b|[^\w\s]", re.IGNORECASE
)
_PLAIN_WORD = re.compile(r"\w+(?:[-.]\w+)*|[^\w\s]")
"""The same in a text without apostrophes."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUARTER = re.compile(r"[qh][1-4]")
_MONTHS = frozenset(
    re.findall(
        r"\w+",
        """january february march april may june july august september october november december jan
        feb mar apr jun jul aug sep sept oct nov dec januar februar märz mai juni juli oktober
        dezember janvier février mars avril juin juillet août septembre octobre novembre décembre
        enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre""",
    )
)
TARGET = "§"
"""The word that stands for the standard which a frame is about."""
NAMED = "£"
"""The word that stands for any standard."""
_CUT = frozenset(
    (";", "but", "however", "whereas", "while", "although", "though", ":", "–", "—", ".")
)
_SPANS = (
    ("p-1", "p+1", 1, 1),
    ("p-2", "p+2", 2, 2),
    ("p-3", "p+3", 3, 3),
    ("p-5", "p+5", 4, 5),
    ("p-8", "p+8", 6, 8),
    ("p-9", "p+9", 9, 100_000),
)
"""The distances from a standard's name that are told apart, from one to the other, and the kinds of
features of the words before and behind it: beyond the last a word is merely far."""


def stem(word: str) -> str:
    """Return what of a word stays when it is inflected."""
    return word[:5] if len(word) > 6 else word


def bucket(distance: int) -> str:
    """Return a distance in words as one of six."""
    return (
        str(distance) if distance <= 3 else "5" if distance <= 5 else "8" if distance <= 8 else "9"
    )


@dataclass(frozen=True)
class Line:
    """A text's words, folded and with classes in place of names, years and numbers.

    Each mention is one word, `£`.

    `places` gives for each mention its word. `printed` are the words as they stand.
    """

    printed: tuple[str, ...]
    words: tuple[str, ...]
    places: tuple[int, ...]
    language: Lexicon

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """Return what its phrases say, by their place."""
        return tuple(self.language.tags(self.words))

    def speaks(self, names: frozenset[str]) -> bool:
        """Return whether it has any of these tags."""
        may = self.language.may_tag(self.words, names)
        return may and any(tag.name in names for tag in self.tags)

    @cached_property
    def vendors(self) -> tuple[int, ...]:
        """Return the places of the words by which the page calls its vendor."""
        if "BRAND" not in self.words:
            return ()
        return tuple(index for index, word in enumerate(self.words) if word == "BRAND")

    @cached_property
    def others(self) -> tuple[int, ...]:
        """Return the places of other capitalised words, the first of the text apart."""
        return tuple(
            index
            for index, word in enumerate(self.words)
            if index and self.printed[index][0].isupper()
            if word not in ("BRAND", NAMED, "MONTH", "QUARTER")
        )

    @cached_property
    def cuts(self) -> tuple[int, ...]:
        """Return the places of the words that begin another clause."""
        return tuple(index for index, word in enumerate(self.words) if word in _CUT)

    def clause(self, place: int) -> tuple[int, int]:
        """Return where the clause of a word begins and ends."""
        start, end = 0, len(self.words)
        for cut in self.cuts:
            if cut > place:
                return start, cut
            start = cut
        return start, end

    @cached_property
    def _stems(self) -> list[str]:
        return [stem(word) for word in self.words]

    @cached_property
    def _bare(self) -> list[str]:
        """Return the stems without full stops: how a sentence ends is said once, elsewhere."""
        return ["" if one == "." else one for one in self._stems]

    @cached_property
    def _pairs(self) -> list[tuple[str, ...]]:
        return list(pairwise(self._stems))

    @cached_property
    def _threes(self) -> list[tuple[str, ...]]:
        stems = self._stems
        return list(zip(stems, stems[1:], stems[2:], strict=False))

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the names of its tags."""
        return frozenset([tag.name for tag in self.tags])

    def around(self, place: int) -> dict[str, Collection[Word]]:
        """Return a text's words about the mention at a place, -1 for the text as a whole,
        by the kind of feature that they are.

        What is empty is none, as is what begins with a full stop.
        """
        if place >= 0:
            return self._with_target(place)
        whole = set(self.words)
        whole.discard(".")
        pairs, threes = set(self._pairs), set(self._threes)
        return {"w": whole, "w0": set(self._bare), "ww": pairs, "www": threes}

    def _with_target(self, place: int) -> dict[str, Collection[Word]]:
        stems, behind = self._bare, place + 1
        start, end = self.clause(place)
        pairs, threes = self._touching(place)
        others = {*self.words[:place], *self.words[behind:]}
        others.discard(".")
        return {
            "w": others,
            "w-": set(stems[:place]),
            "w+": set(stems[behind:]),
            "c-": set(stems[start:place]),
            "c+": set(stems[behind:end]),
            "ww": {*self._pairs[: max(0, place - 1)], *pairs, *self._pairs[behind:]},
            "www": {*self._threes[: max(0, place - 2)], *threes, *self._threes[behind:]},
            **self._near(place),
        }

    def _near(self, place: int) -> dict[str, Collection[Word]]:
        """Return the words near the mention at a place and far from it, by their distance."""
        found: dict[str, Collection[Word]] = {}
        for before, behind, first, last in _SPANS:
            if first <= place:
                found[before] = set(self._bare[max(0, place - last) : place - first + 1])
            if place + first < len(self._bare):
                found[behind] = set(self._bare[place + first : place + last + 1])
        return found

    def part(self, start: int, end: int) -> list[str]:
        """Return the stems from one place to another, full stops apart."""
        return [one for one in self._stems[start:end] if one != "."]

    def _touching(self, place: int) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        """Return the pairs and threes that begin before the mention and hold it."""
        stems, last = self._stems, len(self.words) - 1
        pairs, threes = list[tuple[str, ...]](), list[tuple[str, ...]]()
        if place:
            pairs.append((stems[place - 1], TARGET))
            if place < last:
                threes.append((stems[place - 1], TARGET, stems[place + 1]))
        if place > 1:
            threes.append((stems[place - 2], stems[place - 1], TARGET))
        return pairs, threes


class Classes(dict[str, str]):
    """Words as printed → the class that stands for a brand, year, month or number;
    any other word folded.
    """

    def __init__(self, brands: frozenset[str]) -> None:
        super().__init__()
        self._brands = brands

    def __missing__(self, word: str) -> str:
        folded, kind = _classes(word)
        kind = self[word] = "BRAND" if folded in self._brands else kind
        return kind


@lru_cache(maxsize=32768)
def _classes(word: str) -> tuple[str, str]:
    """Return a word folded, and the class that stands for a year, month or number,
    the folded word for any other.
    """
    folded = word.casefold().replace("’", "'")
    if _YEAR.fullmatch(word):
        return folded, "YEAR"
    if _QUARTER.fullmatch(folded):
        return folded, "QUARTER"
    if folded in _MONTHS and not word.islower():
        return folded, "MONTH"
    return folded, "NUMBER" if word[0].isdigit() else folded


def read(text: str, spans: Sequence[int], classes: Classes, language: Lexicon) -> Line:
    """Return the words of a text in which `£` stands for names of standards.

    `spans` says of each mention by which `£`.
    """
    form = language.form or (_WORD if "'" in text or "’" in text else _PLAIN_WORD)
    printed = tuple(form.findall(text))
    marks = [place for place, word in enumerate(printed) if word == NAMED] if spans else []
    folded = tuple(map(classes.__getitem__, printed))
    places = tuple(marks[span] if span < len(marks) else -1 for span in spans)
    return Line(printed, folded, places, language)
