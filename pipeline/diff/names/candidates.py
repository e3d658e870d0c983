"""Services that went, services that came → the pairs in which the one could be the other's new
name; it weighs none of them.

A list of thousands loses and gains hundreds at once, and to look at each pair of them costs their
product. What makes a pair likely leaves a trace that can be looked up: a name that is said of the
other, the same neighbours in the list, rare words that both have, the same letters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.names import naming, stems
from pipeline.diff.names.lens import Lens
from pipeline.model import Claim

Pair = tuple[Claim, Claim]
Places = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Marks:
    """What pairs are looked up by: the lens, how telling words are, and between which neighbours a
    service stands."""

    lens: Lens
    weights: Mapping[str, float]
    slots: Mapping[int, tuple[str, str]]


def stated(
    gone: Sequence[Claim], new: Sequence[Claim], lens: Lens, known: Iterable[tuple[str, str]]
) -> list[Pair]:
    """Return the pairs that are known as renames, either way round, and those whose names look
    alike through the lens."""
    partners: dict[str, set[str]] = defaultdict(set)
    for old, other in known:
        partners[old].add(other)
        partners[other].add(old)
    named = _by(new, _name)
    found = {
        (i, j)
        for i, claim in enumerate(gone)
        for partner in partners.get(_name(claim), ())
        for j in named.get(partner, ())
    }
    found |= _same(gone, new, lambda claim: lens.loosely(claim.service))
    return _pairs(gone, new, found)


def likely(gone: Sequence[Claim], new: Sequence[Claim], marks: Marks) -> list[Pair]:
    """Return the pairs of one name but for brackets, of one place in the list, of two rare words,
    or of nearly the same letters."""
    found = _same(gone, new, lambda claim: naming.bare(marks.lens.same(claim.service)))
    found |= _same(gone, new, lambda claim: marks.slots.get(id(claim)))
    found |= _telling(gone, new, marks.weights)
    found |= _spelt(gone, new)
    return _pairs(gone, new, found)


def _pairs(gone: Sequence[Claim], new: Sequence[Claim], found: Places) -> list[Pair]:
    """Return pairs in the order in which every one with every other would come."""
    return [(gone[i], new[j]) for i, j in sorted(found)]


def _name(claim: Claim) -> str:
    return words.fold(claim.service or "")


def _by(claims: Sequence[Claim], key: Callable[[Claim], Hashable]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for place, claim in enumerate(claims):
        found[key(claim)].append(place)
    return found


def _same(gone: Sequence[Claim], new: Sequence[Claim], key: Callable[[Claim], Hashable]) -> Places:
    """Return the places of claims with the same key; None is none."""
    by_key = _by(new, key)
    return {
        (i, j)
        for i, claim in enumerate(gone)
        if (value := key(claim)) is not None
        for j in by_key.get(value, ())
    }


def _telling(gone: Sequence[Claim], new: Sequence[Claim], weights: Mapping[str, float]) -> Places:
    """Return the places of names that share two words which few names have."""
    having: dict[str, list[int]] = defaultdict(list)
    for j, claim in enumerate(new):
        for word in _rare(claim, weights):
            having[word].append(j)
    found: Places = set()
    for i, claim in enumerate(gone):
        shared = Counter(j for word in _rare(claim, weights) for j in having.get(word, ()))
        found |= {(i, j) for j, count in shared.items() if count >= 2}
    return found


def _rare(claim: Claim, weights: Mapping[str, float]) -> set[str]:
    return {
        word for word in stems.of_name(_name(claim)) if weights.get(word, 1.0) >= thresholds.TELLING
    }


def _spelt(gone: Sequence[Claim], new: Sequence[Claim]) -> Places:
    """Return the places of names that may be spelt otherwise: where words are as alike, so are all
    letters in any order.

    Words that both have add to what is alike. Of a name with a word twice
    that does not hold: it may be like any.
    """
    letters = {j: text for j, claim in enumerate(new) if (text := _letters(claim)) is not None}
    doubled = [j for j in range(len(new)) if j not in letters]
    cutoff = 100 * thresholds.SPELT_ANYWHERE - 0.01
    return {
        (i, j) for i, claim in enumerate(gone) for j in (*doubled, *_near(claim, letters, cutoff))
    }


def _near(claim: Claim, letters: Mapping[int, str], cutoff: float) -> Iterator[int]:
    text = _letters(claim)
    if text is None:
        yield from letters
        return
    for _, _, place in process.extract(
        text, letters, scorer=fuzz.ratio, score_cutoff=cutoff, limit=None
    ):
        yield place


def _letters(claim: Claim) -> str | None:
    """Return a name's letters in order; None where a word stands in it twice."""
    found = _name(claim).split()
    return "".join(sorted("".join(found))) if len(set(found)) == len(found) else None
