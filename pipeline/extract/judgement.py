"""Features → an outcome, how sure, and why: a sum of learned integer weights,
the same on every machine.

The weights are written by `bench/train.py` from the labelled sentences in `bench/sentences/`;
nobody edits them. Each line is a feature and one character an outcome, whose code is the weight
above `_ZERO`; its first character says how many characters of the feature before it begin this one
too.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from itertools import combinations, pairwise
from sys import intern
from typing import Literal, NamedTuple

_ZERO = 81
"""The character code of weight 0: weights from -40 to 40 are printable and need no escape."""
_STEPS = 40
_SHARED = 33
"""The character code that says that a feature shares nothing with the one before it."""
_MOST_SHARED = 90
_FEATURES = 60_000
"""How many features are kept, those that tell the outcomes apart the most:
what is left out tells next to nothing.
"""
_BYTES = 4
"""Bytes of a field of packed weights: room for those of millions of features."""
_COUNTED = bytes(max(0, code - _ZERO + _STEPS) % 256 for code in range(256))
"""The code of a weight → what it adds to its field."""
Subject = Literal["standard", "note"]


SINGLE = frozenset(
    re.findall(
        r"\S+",
        """w w0 w- w+ c- c+ p-1 p-2 p-3 p-5 p-8 p-9 p+1 p+2 p+3 p+5 p+8 p+9 r- r+ # #0 #r- #r+ #- #+
        #clause- #clause+ #outside- #outside+ #-0 #-1 #-2 #-3 #-5 #-8 #-9 #+1 #+2 #+3 #+5 #+8
        #+9""",
    )
)
"""The kinds of features of which a unit has one for each of its words, or for each of its tags."""
JOINED: dict[str, tuple[int, str]] = {
    **dict.fromkeys(("ww", "rr-", "rr+"), (2, "_")),
    "www": (3, "_"),
    **dict.fromkeys(("#&", "#c&", "#r&", "#n&"), (2, "&")),
    "#n>": (2, ">"),
}
"""The same of so many words or tags that go together, and what their names are joined by."""
Word = str | tuple[str, ...]
"""What a feature is beside its kind: a word, or several that go together."""


class Features(NamedTuple):
    """What a unit is judged by: features as they are, and its words by the kinds
    of `SINGLE` and `JOINED` that they are features of.

    What is empty among the words is none, and so are several of which the first is a full stop.
    """

    plain: Set[str]
    worded: Mapping[str, Collection[Word]]

    @classmethod
    def of(cls, names: Iterable[str]) -> Features:
        """Return the features that have these names."""
        plain: set[str] = set()
        worded: dict[str, set[Word]] = {}
        for name in names:
            kind, _, word = name.partition(" ")
            if kind in SINGLE:
                worded.setdefault(kind, set()).add(word)
            elif kind in JOINED:
                worded.setdefault(kind, set()).add(next(_parted(kind, word)))
            else:
                plain.add(name)
        return cls(plain, worded)

    def names(self) -> frozenset[str]:
        """Return all of them as they stand in the weights."""
        worded = (
            _name(kind, word)
            for kind, words in self.worded.items()
            for word in words
            if word and word[0] != "."
        )
        return frozenset((*self.plain, *worded))


def _name(kind: str, word: Word) -> str:
    return f"{kind} {word if isinstance(word, str) else JOINED[kind][1].join(word)}"


def _parted(kind: str, joined: str) -> Iterator[tuple[str, ...]]:
    """Yield the words that a joined name is made of; several where one holds what joins them."""
    count, joint = JOINED[kind]
    parts = joined.split(joint)
    for cuts in combinations(range(1, len(parts)), count - 1):
        places = pairwise((0, *cuts, len(parts)))
        words = tuple(joint.join(parts[start:end]) for start, end in places)
        if all(words):
            yield words


@dataclass(frozen=True, slots=True)
class Reason:
    """What spoke for an outcome: a feature, and by how much."""

    feature: str
    weight: float


class _Packed(int):
    """A feature's weights side by side in one integer, the lowest field counting 1;
    what it is, and the weights as `_ZERO` and more.
    """

    kind: str
    word: Word
    steps: bytes
    whole: int

    @classmethod
    def of(cls, kind: str, word: Word, weights: str) -> _Packed:
        """Pack the weights of a feature, one character an outcome."""
        steps = weights.encode("ascii")
        fields = bytearray(_BYTES * (len(steps) + 1))
        fields[0] = 1
        fields[_BYTES::_BYTES] = steps.translate(_COUNTED)
        made = cls.from_bytes(fields, "little")
        made.kind, made.word, made.steps, made.whole = kind, word, steps, sum(steps)
        return made

    @cached_property
    def name(self) -> str:
        """Return its name as it stands in the weights."""
        return _name(self.kind, self.word) if self.kind else str(self.word)


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """The likeliest outcome, the probability of each, and the features that had a weight."""

    outcome: str
    chances: dict[str, float]
    features: tuple[_Packed, ...] = ()

    def of(self, *outcomes: str) -> float:
        """Return the probability of any of these outcomes."""
        return sum([self.chances.get(outcome, 0.0) for outcome in outcomes])


_Table = dict[Word, "_Packed | str"]
"""Features of one kind, by what stands behind it → their weights,
as they are printed until a unit has the feature.
"""


class Weights:
    """The learned weights of one judge, added up as one sum of integers a frame."""

    def __init__(self, text: str) -> None:
        head, _, body = text.partition("\n")
        outcomes, scale, bias, self.stamp = head.split("\t")
        self.outcomes = tuple(outcomes.split(","))
        self._scale = float(scale)
        self._bias = [float(value) for value in bias.split(",")]
        self._fields = struct.Struct(f"<{1 + len(self.outcomes)}I")
        self._tables: dict[str, _Table] = {kind: {} for kind in ("", *SINGLE, *JOINED)}
        feature, width = "", len(self.outcomes)
        for line in body.splitlines():
            feature = feature[: ord(line[0]) - _SHARED] + line[1 : -width - 1]
            kind, _, word = feature.partition(" ")
            table = self._tables.get(kind)
            if table is None:
                self._tables[""][feature] = line[-width:]
            elif kind in JOINED:
                count, joint = JOINED[kind]
                parts = tuple(map(intern, word.split(joint)))
                for words in (parts,) if len(parts) == count else _parted(kind, word):
                    table[words] = line[-width:]
            else:
                table[word] = line[-width:]

    def _found(self, features: Features) -> tuple[list[_Packed], int]:
        """Return the weights of those features that some row of the training has had,
        and their sum.
        """
        found: list[_Packed] = []
        for kind, words in (("", features.plain), *features.worded.items()):
            if words:
                found += filter(None, map(self._tables[kind].get, words))  # type: ignore[arg-type]
        try:
            return found, sum(found)
        except TypeError:  # some are as they are printed
            for kind, words in (("", features.plain), *features.worded.items()):
                self._pack(kind, words)
            return self._found(features)

    def _pack(self, kind: str, words: Iterable[Word]) -> None:
        table = self._tables[kind]
        for word in words:
            weights = table.get(word)
            if type(weights) is str:
                table[word] = _Packed.of(kind, word, weights)

    def judge(self, features: Features) -> Judgement:
        """Return the judgement of a frame; features that no row
        of the training has had count for nothing.
        """
        weighed, total = self._found(features)
        count, *sums = self._fields.unpack(total.to_bytes(self._fields.size, "little"))
        unit, zero = self._scale / math.sqrt(count or 1), _STEPS * count
        scores = [b + (one - zero) * unit for b, one in zip(self._bias, sums, strict=True)]
        highest = max(scores)
        grown = [math.exp(score - highest) for score in scores]
        whole = sum(grown)
        chances = dict(zip(self.outcomes, [value / whole for value in grown], strict=True))
        return Judgement(self.outcomes[scores.index(highest)], chances, tuple(weighed))

    def reasons(self, judged: Judgement, outcome: str) -> tuple[Reason, ...]:
        """Return the features that speak for an outcome most, against the mean
        of the others, a dozen at most.
        """
        place, outcomes = self.outcomes.index(outcome), len(self.outcomes)
        against: list[tuple[int, str]] = []
        for feature in judged.features:
            own = feature.steps[place]
            if own > _ZERO and (rest := feature.whole - own * outcomes) < 0:
                against.append((rest, feature.name))
        return tuple(Reason(name, -rest / (outcomes - 1)) for rest, name in sorted(against)[:12])


@cache
def load(subject: Subject) -> Weights:
    """Return the judge of standards or of notes."""
    name = f"{subject}.weights"
    return Weights(resources.files("pipeline.extract").joinpath(name).read_text("utf-8"))


def written(
    outcomes: Collection[str], bias: Collection[float], rows: dict[str, list[float]], stamp: str
) -> str:
    """Return the text of a weights file: weights are rounded to 80 steps,
    features without weight left out.
    """
    largest = max((abs(value) for values in rows.values() for value in values), default=1.0)
    scale = largest / _STEPS
    lines = [
        "\t".join((",".join(outcomes), f"{scale:.6f}", ",".join(f"{b:.4f}" for b in bias), stamp))
    ]
    before = ""
    for feature in sorted(_telling(rows)):
        steps = [round(value / scale) for value in rows[feature]]
        if any(steps):
            shared = _shared(before, feature)
            weights = "".join(chr(_ZERO + step) for step in steps)
            lines.append(f"{chr(_SHARED + shared)}{feature[shared:]}\t{weights}")
            before = feature
    return "\n".join(lines) + "\n"


def _telling(rows: dict[str, list[float]]) -> list[str]:
    """Return the features whose weights differ the most between outcomes."""
    spread = {feature: max(values) - min(values) for feature, values in rows.items()}
    return sorted(rows, key=lambda feature: (-spread[feature], feature))[:_FEATURES]


def _shared(one: str, other: str) -> int:
    """Return how many characters two features begin with alike, as many as a line can say."""
    most = min(len(one), len(other), _MOST_SHARED)
    for count in range(most):
        if one[count] != other[count]:
            return count
    return most
