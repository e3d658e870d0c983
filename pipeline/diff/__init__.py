"""Reading, Reading, Catalogue → Comparison: what changed, told once and as a person would; the rest is form.

The flow: find what was renamed → pair the claims → tell what differs in a pair, what came and what went → tell every text
that no claim told. It fetches nothing, knows no config and no history.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline import words
from pipeline.diff import (
    batches,
    fields,
    holdings,
    listings,
    naming,
    notes,
    pairing,
    passages,
    prose,
    renames,
    reread,
    services,
    spoken,
    stretches,
    supply,
    tell,
    thresholds,
    units,
)
from pipeline.diff.catalogue import Catalogue
from pipeline.diff.lens import Lens
from pipeline.diff.marks import marks
from pipeline.model import SEVERITIES, Change, Claim, Comparison, Reading

_CLAUSES = re.compile(r"[,;.] (?:and|but|or) |[;.](?: |$)")

__all__ = ["comparison", "marks", "unaccounted"]


def comparison(before: Reading, after: Reading, catalogue: Catalogue) -> Comparison:
    """Compare two readings of one page; each change once, most severe first, then in page order."""
    if before.document == after.document and before.claims == after.claims:
        return Comparison(pairs=tuple(zip(before.claims, after.claims, strict=True)))
    lens = renames.lens(before, after, catalogue)
    left, right = units.of(before.document), units.of(after.document)
    aligned = units.align(left, right, lens.same)
    reread_ = reread.alike(before, after, aligned, lens, catalogue)
    told, completed = _claims(reread_.before, reread_.after, aligned, lens, catalogue)
    told = [reread_.sourced(change) for change in told if not _printed(change, aligned, catalogue)]
    pairs = reread_.restored(completed)
    places = passages.Places(left, right, aligned)
    told, form = prose.changes(aligned, told, _quiet(pairs, before, after, catalogue), places, lens)
    return Comparison(
        _ordered(batches.batched(told), before, after),
        form,
        pairs,
        stretches.of(aligned, places) if told else (),
    )


def _printed(change: Change, aligned: units.Alignment, catalogue: Catalogue) -> bool:
    """Say whether an edition or level that is said to have come or gone stands in the reworded sentence too."""
    field, value = change.field or "", change.before or change.after
    lost = field in ("edition", "level") and value and not (change.before and change.after)
    source = change.source_before if change.before else change.source_after
    if change.kind != "standard" or not lost or source is None:
        return False
    side = 0 if change.before else 1
    return any(
        mention.standard == change.standard
        and fields.degree(getattr(mention, field)) == fields.degree(value)
        for pair in aligned.reworded
        if source.text in pair[side].text
        for mention in catalogue.mentions(pair[1 - side].text)
    )


def _quiet(
    pairs: Sequence[pairing.Pair], before: Reading, after: Reading, catalogue: Catalogue
) -> tuple[set[str], set[str]]:
    """Return the texts, before and after, whose difference is form: of lists and suppliers that are laid out another way."""
    regrouped = listings.regrouped(pairs)
    moved = supply.laid_out(pairs, (before.document, after.document), catalogue)
    return regrouped[0] | moved[0], regrouped[1] | moved[1]


def _claims(
    before: Reading, after: Reading, aligned: units.Alignment, lens: Lens, catalogue: Catalogue
) -> tuple[list[Change], tuple[pairing.Pair, ...]]:
    old, old_repeats = holdings.split(before.claims, lens, catalogue)
    new, new_repeats = holdings.split(after.claims, lens, catalogue)
    pairs = pairing.pairs(old, new, lens)
    said = renames.statements(before, after)
    renamed = services.settle(pairs, before.claims, after.claims, lens, said)
    supply.settle(pairs, said)
    told = list(_products(pairs, before, after, lens))
    told += holdings.changes(pairs, before, after, lens, catalogue, said)
    handed = {
        words.fold(name or "")
        for change in told
        if change.field == "subject"
        for name in (change.before, change.after)
    }
    told = [
        change
        for change in told
        if change.kind != "product"
        or change.change == "renamed"
        or words.fold(change.subject or "") not in handed
    ]
    told += supply.changes(pairs, lens)
    told += listings.changes(pairs, renamed, before.claims, after.claims, lens)
    told = [*holdings.with_services(told, before, after), *holdings.postponed(pairs, aligned)]
    limits = [change for change in notes.changes(pairs, lens) if not _said(change, told)]
    reread_alone = before.document == after.document
    told += limits if reread_alone else _limits(limits, before, after, lens)
    papers = list(notes.documents(pairs, lens))
    told = [change for change in told if not _as_paper(change, papers, before, after)] + papers
    told += notes.facts(pairs, before.document.front_matter, after.document.front_matter, lens)
    again = holdings.repeats(old_repeats, new_repeats, lens)
    singles = [(claim, None) for claim in (*pairs.gone, *again.gone)] + [
        (None, claim) for claim in (*pairs.new, *again.new)
    ]
    return told, (*pairs.joined, *again.joined, *singles)


def _products(
    pairs: pairing.Pairs, before: Reading, after: Reading, lens: Lens
) -> Iterable[Change]:
    """Tell the products that were renamed, each with its reason, and those the page began or ceased to speak for."""
    for rename in lens.renames:
        if rename.spoken:
            b, a = _product(pairs, rename.before, 0), _product(pairs, rename.after, 1)
            told = tell.renamed(
                rename.before,
                rename.after,
                b,
                a,
                rename.confidence,
                rename.reason,
                max(rename.count, 1),
            )
            yield replace(told, examples=rename.examples)
    renamed = {
        words.fold(name) for rename in lens.renames for name in (rename.before, rename.after)
    }
    for gone, claims, here, there in (
        (True, pairs.gone, before, after),
        (False, pairs.new, after, before),
    ):
        for claim in claims:
            known = words.fold(claim.subject or "") in renamed or spoken.prints(
                there, claim.subject
            )
            known |= any(
                naming.drawn_out(name, claim.subject or "") and name not in here.products
                for name in there.products
            )
            if claim.kind == "product" and not known and spoken.speaks(here, claim.subject):
                yield (
                    tell.change("product", "removed", claim, None)
                    if gone
                    else tell.change("product", "added", None, claim)
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


def _as_paper(change: Change, papers: Iterable[Change], before: Reading, after: Reading) -> bool:
    """Say whether a standard came or went with the name of a paper alone, while the page claims it on: the paper tells it."""
    word, claim = change.change, change.claim_before or change.claim_after
    if change.kind != "standard" or word not in ("added", "removed") or claim is None:
        return False
    if claim.stance == "not_claimed":
        return False
    names = (paper.before or paper.after or "" for paper in papers if paper.change == word)
    text = words.fold(claim.text)
    named = any(
        words.fold(name) in text and len(name) >= thresholds.NAMING * len(text) for name in names
    )
    other = after if word == "removed" else before
    return named and any(
        one.kind == "standard"
        and one.standard == claim.standard
        and fields.degree(claim.level) in ("", fields.degree(one.level))
        and fields.degree(claim.edition) in ("", fields.degree(one.edition))
        for one in other.claims
    )


def _said(note: Change, told: list[Change]) -> bool:
    """Say whether a standard's change told this note's sentence already."""
    mine = {words.fold(source.text) for source in (note.source_before, note.source_after) if source}
    for change in told:
        if _with(note, change):
            return True
        # "Example Maps (not in Europe)" is a service and its condition; only a sentence of its own is a note besides.
        claim = change.claim_after or change.claim_before
        if change.kind == "service":
            # A footnote is the condition of the services that it marks, and is told with them.
            conditions = {
                words.fold(side.condition or "")
                for side in (change.claim_before, change.claim_after)
                if side
            } - {""}
            if mine <= conditions:
                return True
        listed = change.kind == "service" and claim is not None and claim.scope == "in"
        if change.kind in ("standard", "note") or listed:
            theirs = {
                words.fold(source.text)
                for source in (change.source_before, change.source_after)
                if source
            }
            if theirs and mine <= theirs:
                return True
    return False


def _with(note: Change, change: Change) -> bool:
    """Say whether a note came or went with a plan or a denial that it limits: the change of status tells it."""
    if change.field != "stance" or note.change not in ("added", "removed"):
        return False
    limit, status = (
        (note.claim_before, change.claim_before)
        if note.change == "removed"
        else (note.claim_after, change.claim_after)
    )
    if limit is None or status is None or status.stance not in ("planned", "not_claimed"):
        return False
    return limit.standard == status.standard and limit.source.section == status.source.section


def _limits(told: list[Change], before: Reading, after: Reading, lens: Lens) -> list[Change]:
    """Return the changes of notes without those whose clauses stand on both pages: there only the surroundings changed."""
    pages = (
        [
            [notes.bare(unit.text, lens) for unit in units.of(reading.document)]
            for reading in (before, after)
        ]
        if told
        else []
    )
    return [change for change in told if not _stays(change, pages, lens)]


def _stays(note: Change, pages: list[list[str]], lens: Lens) -> bool:
    """Say whether each clause of a note stands on both pages, word for word and as often."""
    clauses = [
        notes.bare(clause, lens)
        for text in (note.before, note.after)
        for clause in _CLAUSES.split(lens.same(text))
        if clause
    ]
    counts = [
        tuple(sum(clause in text for text in page) for page in pages)
        for clause in clauses
        if clause.count(" ") > 3
    ]
    return len(counts) == len(clauses) > 0 and all(old == new > 0 for old, new in counts)


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
    """Return the texts of either page that are neither on the other page nor in a change: none, if nothing was lost."""
    lens = renames.lens(before, after, catalogue)
    aligned = units.align(units.of(before.document), units.of(after.document), lens.same)
    quiet = _quiet(found.pairs, before, after, catalogue)
    first, second = (
        prose.Told(
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
