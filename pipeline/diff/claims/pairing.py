"""Claims, claims → pairs: which claim of one reading is which of the other. Judges no difference.

Equal claims first, then within a key those with the fewest differing fields, then across keys where
a claim was handed to another subject, a note reworded or a document renamed. Keys repeat, so this
is an assignment, never a dict by key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from dataclasses import field as attribute

from rapidfuzz import fuzz

from pipeline import targets, words
from pipeline.diff import thresholds
from pipeline.diff.claims import fields
from pipeline.diff.names import stems
from pipeline.diff.names.lens import Lens
from pipeline.diff.texts import alignment
from pipeline.model import STANCES, Claim

Pair = tuple[Claim | None, Claim | None]
Cost = Callable[[Claim, Claim], float | None]


@dataclass(slots=True)
class Pairs:
    """The assignment while it grows: `joined` pairs, and what is left
    on either side, in page order.
    """

    joined: list[tuple[Claim, Claim]] = attribute(default_factory=list)
    gone: list[Claim] = attribute(default_factory=list)
    new: list[Claim] = attribute(default_factory=list)

    def join(self, key: Callable[[Claim], Hashable], cost: Cost | None = None) -> None:
        """Pair what is left on both sides and has the same key, cheapest first, then in order.

        None as key or cost forbids.
        """
        old, fresh = _by(self.gone, key), _by(self.new, key)
        found = [
            pair
            for value in old
            if value in fresh
            for pair in _assign(old[value], fresh[value], cost)
        ]
        self._take(found)

    def join_equal(
        self, key: Callable[[Claim], Hashable], values: Callable[[Claim], Hashable]
    ) -> None:
        """Pair what has the same key and the same values, those that stand nearest first.

        The values are dear. Most keys are of one claim on either page,
        and the two are the very same.
        """
        old, fresh = _by(self.gone, key), _by(self.new, key)
        places = {id(claim): place for place, claim in enumerate(self.gone)}
        found: list[tuple[int, list[tuple[Claim, Claim]]]] = []
        for value in old:
            gone, new = old[value], fresh.get(value, [])
            if len(gone) == len(new) == 1 and gone == new:
                found.append((places[id(gone[0])], [(gone[0], new[0])]))
            elif new:
                same = _by(gone, values), _by(new, values)
                found += [
                    (places[id(mine[0])], _assign(mine, same[1][shared], _apart))
                    for shared, mine in same[0].items()
                    if shared in same[1]
                ]
        self._take(
            [pair for _, pairs in sorted(found, key=lambda group: group[0]) for pair in pairs]
        )

    def _take(self, found: list[tuple[Claim, Claim]]) -> None:
        taken = {id(claim) for pair in found for claim in pair}
        self.joined += found
        self.gone = [claim for claim in self.gone if id(claim) not in taken]
        self.new = [claim for claim in self.new if id(claim) not in taken]


def pairs(before: Iterable[Claim], after: Iterable[Claim], lens: Lens) -> Pairs:
    """Assign the claims of two readings; each is in the result once."""
    result = Pairs(gone=list(before), new=list(after))
    result.join_equal(lambda claim: (claim.kind, lens.key(claim)), lambda c: _flat(c, lens))
    result.join(lambda claim: (claim.kind, lens.key(claim)), lambda b, a: _fewest(b, a, lens))
    result.join(
        lambda claim: ("standard", claim.standard) if claim.kind == "standard" else None,
        lambda b, a: _fewest(b, a, lens),
    )
    result.join(
        lambda claim: ("note", lens.loosely(claim.value)) if claim.kind == "note" else None, _apart
    )
    result.join(
        lambda claim: ("note", claim.standard) if claim.kind == "note" else None,
        lambda b, a: _reworded(b, a, lens),
    )
    result.join(
        lambda claim: "note" if claim.kind == "note" else None, lambda b, a: _reworded(b, a, lens)
    )
    result.join(
        lambda claim: ("note", claim.standard) if claim.kind == "note" else None,
        lambda b, a: _rephrased(b, a, lens),
    )
    result.join(
        lambda claim: targets.target(claim.url) if claim.kind == "evidence" and claim.url else None,
        lambda b, a: 100 - fuzz.token_set_ratio(b.name or "", a.name or ""),
    )
    result.join(
        lambda claim: "evidence" if claim.kind == "evidence" else None,
        lambda b, a: _renamed(b, a, thresholds.SAME_DOCUMENT),
    )
    return result


def _by(claims: Iterable[Claim], of: Callable[[Claim], Hashable]) -> dict[Hashable, list[Claim]]:
    groups: dict[Hashable, list[Claim]] = defaultdict(list)
    for claim in claims:
        value = of(claim)
        if value is not None:
            groups[value].append(claim)
    return groups


def _assign(gone: list[Claim], new: list[Claim], cost: Cost | None) -> list[tuple[Claim, Claim]]:
    if cost is None or len(gone) * len(new) > thresholds.CROWD * thresholds.CROWD:
        return [
            (b, a)
            for b, a in zip(gone, new, strict=False)
            if cost is None or cost(b, a) is not None
        ]
    if len(gone) == len(new) == 1 and cost(gone[0], new[0]) is not None:
        return [(gone[0], new[0])]
    weighed = [
        (value, abs(i - j), i, j)
        for i, b in enumerate(gone)
        for j, a in enumerate(new)
        if (value := cost(b, a)) is not None
    ]
    found: list[tuple[int, int]] = []
    seen: tuple[set[int], set[int]] = (set(), set())
    for _, _, i, j in sorted(weighed):
        if i not in seen[0] and j not in seen[1]:
            found.append((i, j))
            seen[0].add(i)
            seen[1].add(j)
    return [(gone[i], new[j]) for i, j in sorted(found)]


def _flat(claim: Claim, lens: Lens) -> tuple[str, ...]:
    return tuple(map(str, fields.comparable(claim, lens).values()))


def _apart(before: Claim, after: Claim) -> float:
    """Return how far apart two equal claims stand: another sentence, another section."""
    return (before.text != after.text) * 2.0 + (before.source.section != after.source.section)


def _fewest(before: Claim, after: Claim, lens: Lens) -> float | None:
    old, new = fields.comparable(before, lens), fields.comparable(after, lens)
    differ = [name for name in old if old[name] != new[name]]
    if (
        "basis" in differ
        and {before.stance, after.stance} - {"claimed", "supports", None}
        and "stance" in differ
    ):
        differ.remove("basis")  # what is merely planned was granted on no basis
    # A plan for a level that came true is nearer than another level that was held,
    # and a plan than a denial.
    nearer = (
        0.02 * abs(_status(before) - _status(after)) + 0.3 * ("level" in differ)
        if before.kind == "standard"
        else 0.0
    )
    return float(len(differ)) + 0.1 * _apart(before, after) + nearer


def _status(claim: Claim) -> int:
    return STANCES.index(claim.stance or "claimed")


def _reworded(before: Claim, after: Claim, lens: Lens) -> float | None:
    """Return the unlikeness of two notes.

    None when they do not say nearly the same in nearly the same words.
    """
    old, new = lens.loosely(before.value), lens.loosely(after.value)
    likeness = alignment.likeness(old, new)
    if (
        likeness < thresholds.SAME_NOTE
        and before.standard == after.standard
        and before.source.section == after.source.section
    ):
        # A note that was shortened or drawn out in its place is the same note.
        likeness = fuzz.token_set_ratio(_words(old), _words(new)) - thresholds.SHORTENED
    return 100 - likeness if likeness >= thresholds.SAME_NOTE else None


def _rephrased(before: Claim, after: Claim, lens: Lens) -> float | None:
    """Return the unlikeness of two notes under one heading that say much the same in other words.

    None when they do not.
    """
    heads = [claim.source.section[-1] if claim.source.section else "" for claim in (before, after)]
    old, new = (
        stems.of_text(lens.loosely(claim.value)) - {word[: thresholds.STEM] for word in lens.own}
        for claim in (before, after)
    )
    shared = len(old & new)
    alike = shared >= thresholds.REPHRASED and shared >= thresholds.REPHRASED_SHARE * min(
        len(old), len(new)
    )
    return (
        100 * (1 - shared / len(old | new))
        if alike and (heads[0] == heads[1] or fuzz.ratio(*heads) >= thresholds.HEADING)
        else None
    )


def _words(text: str) -> str:
    return " ".join(word for word in words.tokens(text) if word[0].isalnum() or word[0] == "\x01")


def _renamed(before: Claim, after: Claim, least: float) -> float | None:
    likeness = fuzz.token_set_ratio(before.name or "", after.name or "")
    # A number tells the documents of two standards apart; of one standard's,
    # it is the year or the version.
    other = _other_number(before.name or "", after.name or "") and not (
        before.standards and before.standards == after.standards
    )
    return 100 - likeness if likeness >= least and not other else None


def _other_number(before: str, after: str) -> bool:
    """Say whether two document names differ by a number alone:
    the ISO 27017 and the ISO 27018 certificate are two.
    """
    old, new = (
        {word for word in name.split() if any(char.isdigit() for char in word)}
        for name in (before, after)
    )
    return bool(old - new and new - old)
