"""Changes, and what tells them already → whether a change is news: another change or an unchanged text may say it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.catalogue import Catalogue
from pipeline.diff.claims import caveats, fields
from pipeline.diff.names.lens import Lens
from pipeline.diff.sides import Sides
from pipeline.diff.texts import alignment, units
from pipeline.model import Change

_CLAUSES = re.compile(r"[,;.] (?:and|but|or) |[;.](?: |$)")


def printed(change: Change, aligned: alignment.Alignment, catalogue: Catalogue) -> bool:
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


def as_paper(change: Change, papers: Iterable[Change], sides: Sides) -> bool:
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
    return named and any(
        one.kind == "standard"
        and one.standard == claim.standard
        and fields.degree(claim.level) in ("", fields.degree(one.level))
        and fields.degree(claim.edition) in ("", fields.degree(one.edition))
        for one in sides.other(word).claims
    )


def _repeated(note: Change, known: list[Change]) -> bool:
    """Say whether a standard's change told this note's sentence already."""
    mine = {words.fold(source.text) for source in (note.source_before, note.source_after) if source}
    for change in known:
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


def news(found: Iterable[Change], known: list[Change], sides: Sides) -> list[Change]:
    """Return the changes of notes that no known change says, and whose clauses do not all stand on both pages.

    Where they stand only the surroundings changed; of two readings of one document every difference is kept.
    """
    changes = [change for change in found if not _repeated(change, known)]
    if not changes or sides.one_document:
        return changes
    pages = [
        [caveats.bare(unit.text, sides.lens) for unit in units.of(reading.document)]
        for reading in (sides.before, sides.after)
    ]
    return [change for change in changes if not _stays(change, pages, sides.lens)]


def _stays(note: Change, pages: list[list[str]], lens: Lens) -> bool:
    """Say whether each clause of a note stands on both pages, word for word and as often."""
    clauses = [
        caveats.bare(clause, lens)
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
