"""Standards that gave way to others → changes: a new name or a successor,
and an umbrella for the numbers under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.diff import drafting, summaries
from pipeline.diff.catalogue import Catalogue
from pipeline.diff.claims.pairing import Pairs
from pipeline.diff.sides import Sides
from pipeline.model import Change, Claim


def renamed(pairs: Pairs, sides: Sides) -> Iterator[Change]:
    """Yield and join the standards of which the page says that the one is now called,
    or succeeded by, the other.
    """
    ids = {
        (old.standard, new.standard)
        for b, a in sides.stated
        for old in sides.catalogue.mentions(b)
        for new in sides.catalogue.mentions(a)
    }
    ids |= {(new, old) for old, new in ids}
    went = {claim.standard for claim in pairs.gone} - {a.standard for _, a in pairs.joined}
    came = {claim.standard for claim in pairs.new} - {b.standard for b, _ in pairs.joined}
    for old, new in sorted(
        (old, new) for old, new in ids if old != new and old in went and new in came
    ):
        befores = [
            claim for claim in pairs.gone if claim.kind == "standard" and claim.standard == old
        ]
        afters = [
            claim for claim in pairs.new if claim.kind == "standard" and claim.standard == new
        ]
        joined = list(zip(befores, afters, strict=False))
        taken = {id(claim) for pair in joined for claim in pair}
        pairs.gone = [claim for claim in pairs.gone if id(claim) not in taken]
        pairs.new = [claim for claim in pairs.new if id(claim) not in taken]
        pairs.joined += joined
        for b, a in joined[:1]:
            yield drafting.change(
                "standard", "renamed", b, a, confidence=0.95, reason="the page says so"
            )


def umbrellas(
    gone: list[Claim], new: list[Claim], catalogue: Catalogue
) -> Iterator[tuple[Change, list[Claim]]]:
    """Yield an umbrella ("ISO certifications") that gave way to numbered standards,
    or they to it, as one change.
    """
    for umbrellas, numbered, forwards in ((gone, new, True), (new, gone, False)):
        for one in umbrellas:
            under = [
                c
                for c in numbered
                if (entry := catalogue.get(c.standard or ""))
                and entry.umbrella == one.standard
                and c.stance == one.stance
            ]
            if under:
                names = ", ".join(dict.fromkeys(summaries.title(claim) for claim in under))
                before, after = (one, under[0]) if forwards else (under[0], one)
                values = (
                    (summaries.title(one), names) if forwards else (names, summaries.title(one))
                )
                texts = tuple(dict.fromkeys(claim.text for claim in under))
                more: dict[str, Any] = {
                    "old": values[0],
                    "new": values[1],
                    "count": len(under),
                    "examples": texts,
                }
                every_ = drafting.change(
                    "standard", "changed", before, after, field="standard", **more
                )
                yield every_, [one, *under]
