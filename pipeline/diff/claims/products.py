"""Pairs of product claims → changes of whom the page speaks for."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline import words
from pipeline.diff import drafting
from pipeline.diff.claims import pairing
from pipeline.diff.names import naming, presence
from pipeline.diff.sides import Sides
from pipeline.model import Change, Claim


def changes(pairs: pairing.Pairs, sides: Sides) -> Iterable[Change]:
    """Yield the products that were renamed, each with its reason,
    and those the page began or ceased to speak for.
    """
    before, after, lens = sides.before, sides.after, sides.lens
    for rename in lens.renames:
        if rename.is_product:
            b, a = _product(pairs, rename.before, 0), _product(pairs, rename.after, 1)
            yield drafting.renamed(rename, b, a)
    renamed = {
        words.fold(name) for rename in lens.renames for name in (rename.before, rename.after)
    }
    for gone, claims, here, there in (
        (True, pairs.gone, before, after),
        (False, pairs.new, after, before),
    ):
        for claim in claims:
            if claim.kind != "product":
                continue
            known = words.fold(claim.subject or "") in renamed or presence.prints(
                there, claim.subject
            )
            known |= any(
                naming.drawn_out(name, claim.subject or "") and name not in here.products
                for name in there.products
            )
            if not known and presence.speaks(here, claim.subject):
                yield (
                    drafting.change("product", "removed", claim, None)
                    if gone
                    else drafting.change("product", "added", None, claim)
                )


def _product(pairs: pairing.Pairs, name: str, side: int) -> Claim | None:
    joined = (pair[side] for pair in pairs.joined)
    return next(
        (
            c
            for c in joined
            if c.kind == "product" and words.fold(c.subject or "") == words.fold(name)
        ),
        None,
    )
