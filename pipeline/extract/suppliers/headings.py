"""Headings and leads → what lists the suppliers among which a block stands."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.extract.outline import Outline
from pipeline.extract.suppliers import lexis, phrases
from pipeline.model import Block

_HEADING = 9
"""Words of a heading that names whom it lists; a longer one tells a story."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A heading or lead that lists suppliers: `sure` says so by itself,
    at `depth` in the path of headings (-1: the lead).

    `near` says that no heading stands between it and its entries but those that group them.
    """

    sure: bool
    depth: int
    near: bool


def above(outline: Outline, index: int, block: Block) -> Listing | None:
    """Return what lists the suppliers among which a block stands, None where nothing does."""
    over = block.section[:-1] if block.kind == "heading" else block.section
    lead = outline.context.lead(index) if block.kind in ("item", "row", "header") else ""
    if lead and len(lead.split()) <= 40 and phrases.says("listing", lead):
        return Listing(True, -1, True)
    hint: Listing | None = None
    for depth in range(len(over) - 1, -1, -1):
        head, near = over[depth], all(map(lexis.is_doing, over[depth + 1 :]))
        if phrases.says("about", head):
            return hint
        if phrases.says("listing", head):
            return Listing(True, depth, near)
        if lexis.is_others(head):
            return hint
        sites = block.kind == "row" and phrases.says("sites", head)
        if (depth or block.kind == "row") and (_hints(head) or sites):
            hint = hint or Listing(False, depth, near)
    return hint


def _hints(head: str) -> bool:
    return phrases.says("hinting", head) and len(head.split()) <= _HEADING
