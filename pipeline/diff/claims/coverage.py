"""Claim, claim → whether the one says what the other says: repeats, weaker words,
other names of one subject. Tells no change.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from pipeline.diff.catalogue import Catalogue
from pipeline.diff.claims.fields import degree
from pipeline.diff.claims.pairing import Pairs
from pipeline.diff.names import naming
from pipeline.diff.names.lens import Lens
from pipeline.model import STANCES, Claim


def split(
    claims: Sequence[Claim], lens: Lens, catalogue: Catalogue
) -> tuple[list[Claim], list[Claim]]:
    """Return the claims to compare, and the standard claims that only repeat one of them."""
    held = [claim for claim in claims if claim.kind == "standard"]
    by_standard: dict[str | None, list[Claim]] = defaultdict(list)
    for claim in held:
        by_standard[claim.standard].append(claim)
    numbered = {
        entry.umbrella
        for claim in held
        if (entry := catalogue.get(claim.standard or "")) and entry.umbrella
    }
    repeats: set[int] = set()
    for standard, same in by_standard.items():
        left = Index(lens, same)
        for claim in same:
            under = standard in numbered and claim.stance != "not_claimed"
            if under or left.including(claim) > 1:  # it includes itself
                repeats.add(id(claim))
                left.remove(claim)
    return [claim for claim in claims if id(claim) not in repeats], [
        claim for claim in held if id(claim) in repeats
    ]


class Index:
    """Standard claims by what they say: how many of them include another is looked up, not asked of
    each.
    """

    def __init__(self, lens: Lens, claims: Iterable[Claim]) -> None:
        self._lens = lens
        self._counts: Counter[tuple[str | None, ...]] = Counter()
        for claim in claims:
            self._counts.update(self._keys(claim))

    def remove(self, claim: Claim) -> None:
        """Forget one of the claims."""
        self._counts.subtract(self._keys(claim))

    def including(self, poor: Claim, *, anybody: bool = False) -> int:
        """Return how many claims `includes` holds for; with `anybody`,
        whatever subject either is said of.
        """
        subject = "" if anybody else self._lens.same(poor.subject)
        said = degree(poor.edition) or None, degree(poor.level) or None
        return sum(
            self._counts[poor.standard, whom, *said, stance]
            for whom in ((subject, "") if subject else (None,))
            for stance in STANCES
            if _as_firm(stance, poor.stance)
        )

    def _keys(self, claim: Claim) -> Iterator[tuple[str | None, ...]]:
        """Yield what a claim is found by: all that it says,
        and the same with parts left open, as None.
        """
        stance = claim.stance or "claimed"
        said = self._lens.same(claim.subject), degree(claim.edition), degree(claim.level)
        for parts in product(*((part, None) for part in said)):
            yield claim.standard, *parts, stance


def includes(rich: Claim, poor: Claim, lens: Lens) -> bool:
    """Say whether what `poor` says is said by `rich` too: the same subject,
    edition and level, held as firmly or more.
    """
    subjects = {lens.same(rich.subject), lens.same(poor.subject)} - {""}
    return (
        len(subjects) <= 1
        and degree(poor.edition) in ("", degree(rich.edition))
        and degree(poor.level) in ("", degree(rich.level))
        and _firm(rich, poor)
    )


def _firm(rich: Claim, poor: Claim) -> bool:
    return _as_firm(rich.stance, poor.stance)


def _as_firm(rich: str | None, poor: str | None) -> bool:
    held = ("claimed", "supports")
    strong, weak = rich or "claimed", poor or "claimed"
    return strong == weak or (
        strong in held and weak in held and STANCES.index(strong) <= STANCES.index(weak)
    )


def by_one_name(claims: Iterable[Claim]) -> list[tuple[Claim, tuple[str, ...]]]:
    """Return claims, each with the sentences that say the same
    of one subject under a longer or a shorter name.
    """
    kept: list[tuple[Claim, tuple[str, ...]]] = []
    alike: dict[Claim, list[int]] = defaultdict(list)
    for claim in claims:
        places = alike[replace(claim, subject=None, basis=None)]
        place = next((n for n in places if _of_one(kept[n][0], claim)), None)
        if place is None:
            places.append(len(kept))
            kept.append((claim, ()))
        else:
            other, texts = kept[place]
            kept[place] = other, (*texts, claim.text)
    return kept


def _of_one(one: Claim, other: Claim) -> bool:
    return one_name(one.subject or "", other.subject or "", both=False)


def rank(claim: Claim) -> int:
    return STANCES.index(claim.stance or "claimed")


def unheld(claim: Claim) -> bool:
    return claim.stance in ("planned", "unknown", "not_claimed")


def suits(firm: Claim, weak: Claim, lens: Lens) -> bool:
    """Say whether what is held is what was merely planned or denied:
    the same subject and level, where the page names them.
    """
    return includes(firm, replace(weak, stance=firm.stance, edition=None), lens)


def one_name(old: str, new: str, *, both: bool) -> bool:
    """Say whether two subjects are one under a longer and a shorter name,
    which no page tells apart as two products.
    """
    if naming.short_form(old, new) or naming.plainly(old, new):
        return True
    return naming.drawn_out(old, new) and not both


class Said:
    """What a page says of standards, asked whether it says what a claim of the other page does."""

    def __init__(self, claims: Sequence[Claim], both: set[str], lens: Lens, catalogue: Catalogue):
        held = [claim for claim in claims if claim.kind == "standard"]
        self._index, self._both, self._lens = Index(lens, held), both, lens
        self._under: dict[str | None, set[str | None]] = defaultdict(set)
        for claim in held:
            if entry := catalogue.get(claim.standard or ""):
                self._under[entry.umbrella].add(claim.stance)

    def covers(self, claim: Claim) -> bool:
        """Say whether a claim of the page says the same.

        Of a subject that only one page speaks for, any subject's claim will do: that the subject
        came or went is told as such, and not again for each standard that the page claims as
        before.
        """
        anybody = self._lens.same(claim.subject) not in self._both
        return self._index.including(claim, anybody=anybody) > 0

    def numbers(self, umbrella: Claim) -> bool:
        """Say whether the page holds numbered standards under an umbrella more firmly:
        those that came or went say it.
        """
        return any(
            stance != umbrella.stance and _as_firm(stance, umbrella.stance)
            for stance in self._under.get(umbrella.standard, ())
        )


def repeats(before: Iterable[Claim], after: Iterable[Claim], lens: Lens) -> Pairs:
    """Assign the claims that only repeat others to each other, for their history.

    Nothing of them is told.
    """
    result = Pairs(gone=list(before), new=list(after))
    result.join(lambda claim: (claim.standard, lens.same(claim.text)))
    result.join(lambda claim: (claim.standard, lens.same(claim.subject)))
    result.join(lambda claim: claim.standard)
    return result
