"""Services that went, services that came → the lists in which both happened, and what is known of
each. Finds no rename."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.claims.pairing import Pairs
from pipeline.diff.names import naming, stems
from pipeline.diff.names.lens import Lens
from pipeline.model import Claim

Slots = dict[int, tuple[str, str]]
Key = tuple[str | None, str | None]


@dataclass(slots=True)
class List:
    """What went from and came to one list, and what is known of it."""

    gone: list[Claim]
    new: list[Claim]
    weights: dict[str, float]
    slots: Slots
    key: Key
    ticks: dict[int, frozenset[str | None]]
    bare: tuple[_Bare, _Bare]
    crowd: Counter[tuple[str, str]] = field(default_factory=Counter)

    def replaced(self, b: Claim, a: Claim) -> str | None:
        """Return why a name that took the place of another, where nothing else went or came, is
        its new one, if it is."""
        if self.crowd[self.slots[id(b)]] > 2:
            return None
        if len(self.ticks[id(b)]) >= thresholds.MANY and self.ticks[id(b)] == self.ticks[id(a)]:
            return "it stands in the same place, in scope for the same standards"
        old, new = (
            stems.neighbours(side)
            for side in stems.behind(words.fold(b.service or ""), words.fold(a.service or ""))
        )
        telling = [
            pair
            for pair in old & new
            if all(self.weights.get(word, 1.0) >= thresholds.TELLING for word in pair)
        ]
        return (
            "it stands in the same place of the same list, under a name that shares words "
            "behind the first"
            if telling
            else None
        )

    def alone(self, *pair: Claim) -> bool:
        """Say whether no other service of its list has the name of either claim but for what
        stands in brackets."""
        names = (naming.bare(words.fold(claim.service or "")) for claim in pair)
        return all(
            bare.counts[self.key, name] == 1 for bare, name in zip(self.bare, names, strict=True)
        )


def of(pairs: Pairs, before: Sequence[Claim], after: Sequence[Claim], lens: Lens) -> list[List]:
    """Return the lists of services that lost some and gained others, in the order of the first
    page."""
    gone, new = _grouped(pairs.gone), _grouped(pairs.new)
    if not gone.keys() & new.keys():
        return []
    stay = {id(claim) for pair in pairs.joined for claim in pair}
    slots = {**_slots(before, stay, lens), **_slots(after, stay, lens)}
    every = {lens.same(claim.service) for claim in (*before, *after) if claim.kind == "service"}
    weights = stems.weights(every)
    bare = _Bare(before), _Bare(after)
    ticks = {**_ticks(pairs.gone, lens), **_ticks(pairs.new, lens)}
    return [
        List(gone[key], new[key], weights, slots, key, ticks, bare) for key in gone if key in new
    ]


def _ticks(claims: Sequence[Claim], lens: Lens) -> dict[int, frozenset[str | None]]:
    """Return for each service the standards in whose lists its name went, or came."""
    found: dict[str, set[str | None]] = defaultdict(set)
    for claim in claims:
        found[lens.same(claim.service)].add(claim.standard)
    return {
        id(claim): frozenset(found[lens.same(claim.service)])
        for claim in claims
        if claim.kind == "service"
    }


class _Bare:
    """How many services of a list bear one name but for what stands in brackets; counted when
    first asked."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._claims = claims

    @cached_property
    def counts(self) -> Counter[tuple[Key, str]]:
        """Return the counts by list and bare name, each name of a list once."""
        named = {
            ((claim.standard, claim.scope), words.fold(claim.service or ""))
            for claim in self._claims
            if claim.kind == "service"
        }
        return Counter((key, naming.bare(name)) for key, name in named)


def _grouped(claims: Iterable[Claim]) -> dict[Key, list[Claim]]:
    found: dict[Key, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind == "service":
            found[claim.standard, claim.scope].append(claim)
    return found


def _slots(claims: Sequence[Claim], stay: set[int], lens: Lens) -> Slots:
    """Return for each service that does not stay those of its list that do and stand nearest
    before and after it."""
    listed = [claim for claim in claims if claim.kind == "service"]
    sides: list[dict[int, str]] = []
    for ordered in (listed, listed[::-1]):
        nearest: dict[object, Claim] = {}  # a matrix has its lists side by side, row by row
        found: dict[int, str] = {}
        for claim in ordered:
            where = claim.standard, claim.scope, claim.group
            if id(claim) in stay:
                nearest[where] = claim
            else:
                found[id(claim)] = lens.same(nearest[where].service) if where in nearest else ""
        sides.append(found)
    return {number: (sides[0][number], sides[1][number]) for number in sides[0]}
