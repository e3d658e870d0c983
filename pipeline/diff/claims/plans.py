"""Planned standards that stayed → the changes of their dates, where another cell or line than the
claim's own prints them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pipeline.diff import drafting
from pipeline.diff.claims.pairing import Pairs
from pipeline.diff.texts import marks
from pipeline.diff.texts.alignment import Alignment
from pipeline.diff.texts.units import Unit
from pipeline.model import Change, Claim


def postponed(pairs: Pairs, aligned: Alignment) -> Iterator[Change]:
    """Yield the plans whose date moved in another cell of their row, or in another line of their
    card."""
    beside: dict[str, list[tuple[Unit, Unit]]] = defaultdict(list)
    for old, new in aligned.reworded:
        for text in dict.fromkeys((*(cell.text for cell in old.cells), *old.section[-1:])):
            beside[text].append((old, new))
    for b, a in pairs.joined:
        if b.kind == "standard" and b.stance == a.stance == "planned" and b.text == a.text:
            for old, new in beside.get(b.text, ()):
                if _beside_of(old, b) and _beside_of(new, a) and marks.slipped(old.text, new.text):
                    yield drafting.change("note", "changed", b, a, old=old.text, new=new.text)
                    break


def _beside_of(unit: Unit, claim: Claim) -> bool:
    """Say whether a text stands in the claim's row, or under the heading that is the claim."""
    cells = [cell.text for cell in unit.cells]
    return claim.text in cells or (
        unit.section == claim.source.section and unit.section[-1:] == (claim.text,)
    )
