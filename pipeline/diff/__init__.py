"""Reading, Reading, Catalogue → Comparison: what changed, told once and
as a person would; the rest is form.

The flow: find what was renamed → pair the claims → tell what differs in a pair, what came and what
went → tell every text that no claim told. It fetches nothing, knows no config and no history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline import words
from pipeline.diff import batches
from pipeline.diff.catalogue import Catalogue
from pipeline.diff.claims import (
    caveats,
    coverage,
    documents,
    holdings,
    listings,
    overlaps,
    pairing,
    plans,
    products,
    reread,
    supply,
)
from pipeline.diff.names import renames, service_names
from pipeline.diff.sides import Sides
from pipeline.diff.texts import alignment, passages, prose, stretches, units
from pipeline.diff.texts.marks import marks
from pipeline.model import SEVERITIES, Change, Comparison, Reading, Stretch

__all__ = ["comparison", "marks", "unaccounted", "whole"]


def comparison(before: Reading, after: Reading, catalogue: Catalogue) -> Comparison:
    """Compare two readings of one page; each change once, most severe first, then in page order."""
    if before.document == after.document and before.claims == after.claims:
        return Comparison(pairs=tuple(zip(before.claims, after.claims, strict=True)))
    sides = _sides(before, after, catalogue)
    lens, aligned = sides.lens, sides.aligned
    completed = reread.alike(sides)
    changes, every = _claims(replace(sides, before=completed.before, after=completed.after))
    changes = [
        completed.sourced(change)
        for change in changes
        if not overlaps.printed(change, aligned, catalogue)
    ]
    pairs = completed.restored(every)
    places = passages.Places(units.of(before.document), units.of(after.document), aligned)
    quiet = _quiet(pairs, before, after, catalogue)
    changes, form = prose.changes(aligned, changes, quiet, places, lens)
    return Comparison(
        _ordered(batches.batched(changes), before, after),
        form,
        pairs,
        stretches.of(aligned, places) if changes else (),
    )


def whole(before: Reading, after: Reading, catalogue: Catalogue) -> tuple[Stretch, ...]:
    """Return all of two pages side by side, what differs marked."""
    aligned = _sides(before, after, catalogue).aligned
    places = passages.Places(units.of(before.document), units.of(after.document), aligned)
    return stretches.of(aligned, places, whole=True)


def _sides(before: Reading, after: Reading, catalogue: Catalogue) -> Sides:
    stated = renames.statements(before, after)
    pages = units.of(before.document), units.of(after.document)
    rough = alignment.align(*pages, words.fold)
    lens = renames.lens(before, after, catalogue, rough, stated)
    aligned = alignment.align(*pages, lens.same) if lens.renames else rough
    return Sides(before, after, lens, aligned, catalogue, stated)


def _quiet(
    pairs: Sequence[pairing.Pair], before: Reading, after: Reading, catalogue: Catalogue
) -> tuple[set[str], set[str]]:
    """Return the texts, before and after, whose difference is form:
    of lists and suppliers that are laid out another way.
    """
    regrouped = listings.regrouped(pairs)
    moved = supply.laid_out(pairs, (before.document, after.document), catalogue)
    return regrouped[0] | moved[0], regrouped[1] | moved[1]


def _claims(sides: Sides) -> tuple[list[Change], tuple[pairing.Pair, ...]]:
    """Return what became of the claims, and which of them are the same."""
    lens, before, after = sides.lens, sides.before, sides.after
    old, old_repeats = coverage.split(before.claims, lens, sides.catalogue)
    new, new_repeats = coverage.split(after.claims, lens, sides.catalogue)
    pairs = pairing.pairs(old, new, lens)
    renamed = service_names.settle(pairs, sides)
    supply.settle(pairs, sides.stated)
    changes = _once_handed([*products.changes(pairs, sides), *holdings.changes(pairs, sides)])
    changes += supply.changes(pairs, lens)
    changes += listings.changes(pairs, renamed, sides)
    changes = [*holdings.with_services(changes, sides), *plans.postponed(pairs, sides.aligned)]
    changes += overlaps.news(caveats.changes(pairs, lens), changes, sides)
    papers = list(documents.documents(pairs, lens))
    changes = [c for c in changes if not overlaps.as_paper(c, papers, sides)] + papers
    changes += documents.facts(
        pairs, before.document.front_matter, after.document.front_matter, lens
    )
    again = coverage.repeats(old_repeats, new_repeats, lens)
    gone = [(claim, None) for claim in (*pairs.gone, *again.gone)]
    came = [(None, claim) for claim in (*pairs.new, *again.new)]
    return changes, (*pairs.joined, *again.joined, *gone, *came)


def _once_handed(changes: list[Change]) -> list[Change]:
    """Return the changes without the products that came or went as a claim was handed
    from one to the other.
    """
    handed = {
        words.fold(name or "")
        for change in changes
        if change.field == "subject"
        for name in (change.before, change.after)
    }
    return [
        change
        for change in changes
        if change.kind != "product"
        or change.change == "renamed"
        or words.fold(change.subject or "") not in handed
    ]


def _ordered(told: list[Change], before: Reading, after: Reading) -> tuple[Change, ...]:
    places = [
        {
            words.fold(unit.text): place
            for place, unit in reversed(list(enumerate(units.of(r.document))))
        }
        for r in (before, after)
    ]

    def place(change: Change) -> tuple[int, float]:
        for source, known in ((change.source_after, places[1]), (change.source_before, places[0])):
            if source:
                return SEVERITIES.index(change.severity), known.get(
                    words.fold(source.text), source.line or 0
                )
        return SEVERITIES.index(change.severity), -1.0

    return tuple(sorted(told, key=place))


def unaccounted(
    before: Reading, after: Reading, found: Comparison, catalogue: Catalogue
) -> tuple[str, ...]:
    """Return the texts of either page that are neither on the other page nor in a change:
    none, if nothing was lost.
    """
    sides = _sides(before, after, catalogue)
    lens, aligned = sides.lens, sides.aligned
    quiet = _quiet(found.pairs, before, after, catalogue)
    first, second = (
        prose.Shown(
            (
                *quiet[side],
                *(text for change in found.changes for text in prose.every(change, side)),
            ),
            lens,
        )
        for side in (0, 1)
    )
    rest = [(unit, 0) for unit in (*aligned.gone, *(b for b, _ in aligned.reworded))]
    rest += [(unit, 1) for unit in (*aligned.new, *(a for _, a in aligned.reworded))]
    return tuple(
        unit.text for unit, side in rest if not prose.accounted(unit, (first, second), side)
    )
