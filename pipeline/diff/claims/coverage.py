"""Claim, claim → whether the one says what the other says: repeats, weaker words, other names of one subject. Tells no change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

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
        for claim in same:
            others = (other for other in same if other is not claim and id(other) not in repeats)
            if (standard in numbered and claim.stance != "not_claimed") or any(
                includes(other, claim, lens) for other in others
            ):
                repeats.add(id(claim))
    return [claim for claim in claims if id(claim) not in repeats], [
        claim for claim in held if id(claim) in repeats
    ]


def includes(rich: Claim, poor: Claim, lens: Lens) -> bool:
    """Say whether what `poor` says is said by `rich` too: the same subject, edition and level, held as firmly or more."""
    subjects = {lens.same(rich.subject), lens.same(poor.subject)} - {""}
    return (
        len(subjects) <= 1
        and degree(poor.edition) in ("", degree(rich.edition))
        and degree(poor.level) in ("", degree(rich.level))
        and _firm(rich, poor)
    )


def _firm(rich: Claim, poor: Claim) -> bool:
    held = ("claimed", "supports")
    strong, weak = rich.stance or "claimed", poor.stance or "claimed"
    return strong == weak or (
        strong in held and weak in held and STANCES.index(strong) <= STANCES.index(weak)
    )


def by_one_name(claims: Iterable[Claim]) -> list[tuple[Claim, tuple[str, ...]]]:
    """Return claims, each with the sentences that say the same of one subject under a longer or a shorter name."""
    kept: list[tuple[Claim, tuple[str, ...]]] = []
    for claim in claims:
        place = next((n for n, (other, _) in enumerate(kept) if _repeated(other, claim)), None)
        if place is None:
            kept.append((claim, ()))
        else:
            other, texts = kept[place]
            kept[place] = other, (*texts, claim.text)
    return kept


def _repeated(one: Claim, other: Claim) -> bool:
    first, again = (replace(claim, subject=None, basis=None) for claim in (one, other))
    return first == again and one_name(one.subject or "", other.subject or "", both=False)


def rank(claim: Claim) -> int:
    return STANCES.index(claim.stance or "claimed")


def unheld(claim: Claim) -> bool:
    return claim.stance in ("planned", "unknown", "not_claimed")


def suits(firm: Claim, weak: Claim, lens: Lens) -> bool:
    """Say whether what is held is what was merely planned or denied: the same subject and level, where the page names them."""
    return includes(firm, replace(weak, stance=firm.stance, edition=None), lens)


def one_name(old: str, new: str, *, both: bool) -> bool:
    """Say whether two subjects are one under a longer and a shorter name, which no page tells apart as two products."""
    if naming.short_form(old, new) or naming.plainly(old, new):
        return True
    return naming.drawn_out(old, new) and not both


def covers(other: Claim, claim: Claim, lens: Lens, both: set[str]) -> bool:
    """Say whether a claim of the other page says the same.

    Of a subject that only one page speaks for, any subject's claim will do: that the subject came or went is told as
    such, and not again for each standard that the page claims as before.
    """
    if other.kind != "standard" or other.standard != claim.standard:
        return False
    return includes(
        other, claim if lens.same(claim.subject) in both else replace(claim, subject=None), lens
    )


def numbered(umbrella: Claim, others: Iterable[Claim], catalogue: Catalogue) -> bool:
    """Say whether the other page holds numbered standards under an umbrella more firmly: then those that came or went say it."""
    under = (
        c
        for c in others
        if (entry := catalogue.get(c.standard or "")) and entry.umbrella == umbrella.standard
    )
    return any(
        c.kind == "standard" and c.stance != umbrella.stance and _firm(c, umbrella) for c in under
    )


def repeats(before: Iterable[Claim], after: Iterable[Claim], lens: Lens) -> Pairs:
    """Assign the claims that only repeat others to each other, for their history; nothing of them is told."""
    result = Pairs(gone=list(before), new=list(after))
    result.join(lambda claim: (claim.standard, lens.same(claim.text)))
    result.join(lambda claim: (claim.standard, lens.same(claim.subject)))
    result.join(lambda claim: claim.standard)
    return result
