"""A text's folded words, and the features that they are by themselves, in pairs and threes; made once a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipeline.lexicon import Tag

TARGET = "§"
"""The word that stands for the standard which a frame is about."""
NAMED = "£"
"""The word that stands for any standard."""
_CUT = frozenset(
    (";", "but", "however", "whereas", "while", "although", "though", ":", "–", "—", ".")
)
_FAR = 8
"""The distance from a standard's name beyond which a word is merely far."""


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
    """A text's words, folded and with classes in place of names, years and numbers; each mention is one word, `£`.

    `places` gives for each mention its word. `printed` are the words as they stand.
    """

    printed: tuple[str, ...]
    words: tuple[str, ...]
    places: tuple[int, ...]
    tags: tuple[Tag, ...]

    @cached_property
    def vendors(self) -> tuple[int, ...]:
        """Return the places of the words by which the page calls its vendor."""
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
    def _each(self) -> dict[str, list[str]]:
        """Return features of single words by kind, one a word; how a sentence ends is said once, elsewhere."""
        stops = [word == "." for word in self.words]
        found = {
            kind: [
                "" if stop else f"{kind} {s}" for s, stop in zip(self._stems, stops, strict=True)
            ]
            for kind in ("w-", "w+", "w0", "c-", "c+", "p-9", "p+9")
        }
        found["w"] = ["" if w == "." else f"w {w}" for w in self.words]
        return found

    @cached_property
    def _pairs(self) -> list[str]:
        return ["" if one == "." else f"ww {one}_{other}" for one, other in pairwise(self._stems)]

    @cached_property
    def _threes(self) -> list[str]:
        stems = self._stems
        return [
            "" if one == "." else f"www {one}_{other}_{third}"
            for one, other, third in zip(stems, stems[1:], stems[2:], strict=False)
        ]

    def around(self, place: int) -> set[str]:
        """Return the features of a text's words about the mention at a place, -1 for the text as a whole."""
        found = self._whole() if place < 0 else self._with_target(place)
        found.discard("")
        return found

    def _whole(self) -> set[str]:
        return {*self._each["w"], *self._each["w0"], *self._pairs, *self._threes}

    def _with_target(self, place: int) -> set[str]:
        each, behind = self._each, place + 1
        start, end = self.clause(place)
        far, beyond = max(0, place - _FAR), behind + _FAR
        found = {*each["w"][:place], *each["w"][behind:]}
        found.update(each["w-"][:place], each["w+"][behind:])
        found.update(each["c-"][start:place], each["c+"][behind:end])
        found.update(each["p-9"][:far], each["p+9"][beyond:])
        found.update(self._near("p-", range(far, place), place))
        found.update(self._near("p+", range(behind, min(beyond, len(self.words))), place))
        found.update(self._pairs[: max(0, place - 1)], self._pairs[behind:])
        found.update(self._threes[: max(0, place - 2)], self._threes[behind:])
        found.update(self._touching(place))
        return found

    def _near(self, kind: str, places: Sequence[int], place: int) -> list[str]:
        stems = self._stems
        return [
            f"{kind}{bucket(abs(index - place))} {stems[index]}"
            for index in places
            if stems[index] != "."
        ]

    def _touching(self, place: int) -> list[str]:
        """Return the pairs and threes that begin before the mention and hold it."""
        stems, last, found = self._stems, len(self.words) - 1, []
        if place and stems[place - 1] != ".":
            found.append(f"ww {stems[place - 1]}_{TARGET}")
            if place < last:
                found.append(f"www {stems[place - 1]}_{TARGET}_{stems[place + 1]}")
        if place > 1 and stems[place - 2] != ".":
            found.append(f"www {stems[place - 2]}_{stems[place - 1]}_{TARGET}")
        return found
