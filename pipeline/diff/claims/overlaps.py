"""Changes, and what tells them already → whether a change is news:
another change or an unchanged text may say it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.catalogue import Catalogue
from pipeline.diff.claims import caveats, fields
from pipeline.diff.names.lens import Lens
from pipeline.diff.sides import Sides
from pipeline.diff.texts import alignment, units
from pipeline.model import Change, Document

_CLAUSES = re.compile(r"[,;.] (?:and|but|or) |[;.](?: |$)")


def printed(change: Change, aligned: alignment.Alignment, catalogue: Catalogue) -> bool:
    """Say whether an edition or level that is said to have come or gone stands
    in the reworded sentence too.
    """
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
    """Say whether a standard came or went with the name of a paper alone,
    while the page claims it on: the paper tells it.
    """
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


class _Known:
    """Changes that are told already, asked whether they tell a note's sentence too."""

    def __init__(self, known: Iterable[Change]) -> None:
        self._statuses = []
        self._texts: dict[str, list[frozenset[str]]] = defaultdict(list)
        for change in known:
            if change.field == "stance":
                self._statuses.append(change)
            for texts in _told(change):
                for text in texts:
                    self._texts[text].append(texts)

    def tell(self, note: Change) -> bool:
        """Say whether a standard's change told this note's sentence already."""
        sources = (note.source_before, note.source_after)
        mine = {words.fold(source.text) for source in sources if source}
        near = self._texts.get(next(iter(mine)), ())
        return any(mine <= texts for texts in near) or any(
            _with(note, change) for change in self._statuses
        )


def _told(change: Change) -> Iterator[frozenset[str]]:
    """Yield what a change shows as a whole: the conditions of a service, and its sentences.

    "Example Maps (not in Europe)" is a service and its condition; only a sentence of its own is a
    note besides. A footnote is the condition of the services that it marks, and is told with them.
    """
    claims = [claim for claim in (change.claim_before, change.claim_after) if claim]
    if change.kind == "service":
        yield frozenset(words.fold(claim.condition) for claim in claims if claim.condition)
    listed = change.kind == "service" and bool(claims) and claims[-1].scope == "in"
    if change.kind in ("standard", "note") or listed:
        sources = (change.source_before, change.source_after)
        yield frozenset(words.fold(source.text) for source in sources if source)


def _with(note: Change, change: Change) -> bool:
    """Say whether a note came or went with a plan or a denial that it limits:
    the change of status tells it.
    """
    if note.change not in ("added", "removed"):
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
    """Return the changes of notes that no known change says,
    and whose clauses do not all stand on both pages.

    Where they stand only the surroundings changed;
    of two readings of one document every difference is kept.
    """
    told = _Known(known)
    changes = [change for change in found if not told.tell(change)]
    if not changes or sides.one_document:
        return changes
    before, after = sides.before.document, sides.after.document
    forms = [_Pages(made(before), made(after), sides.lens) for made in (_texts, _labelled)]
    return [
        change
        for change in changes
        if not any(_stays(change, pages, sides.lens) for pages in forms)
    ]


def _texts(document: Document) -> list[str]:
    return [unit.text for unit in units.of(document)]


def _labelled(document: Document) -> list[str]:
    """Return a document's texts, each cell of a table behind its column:
    "Scope: Omaha and Tulsa" became one of those.
    """
    found: list[str] = []
    for unit in units.of(document):
        cells = [f"{' '.join(cell.headers)}: {cell.text}" for cell in unit.cells]
        found += cells or [unit.text]
    return found


class _Pages:
    """The texts of two pages as their plain words: what stands on both alike, and the rest, for
    most texts stand on both."""

    def __init__(self, before: list[str], after: list[str], lens: Lens) -> None:
        old, new = (Counter(map(lens.same, texts)) for texts in (before, after))
        self._rest = _Texts(old - new), _Texts(new - old)
        self._common = old & new

    @cached_property
    def _alike(self) -> _Texts:
        return _Texts(self._common)

    def stands(self, clause: str) -> bool:
        """Say whether a clause of some words stands on both pages, word for word and as often."""
        gone, came = (texts.count(clause) for texts in self._rest)
        return gone == came and (gone > 0 or self._alike.count(clause) > 0)


class _Texts:
    """Texts as seen through the lens, each as its plain words: in how many of them a clause
    stands."""

    def __init__(self, texts: Counter[str]) -> None:
        self._texts: list[tuple[str, int]] = []
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, (text, times) in enumerate(texts.items()):
            plain = caveats.flat(text)
            self._texts.append((plain, times))
            for word in set(plain.split()):
                self._having[word].append(number)

    def count(self, clause: str) -> int:
        """Return in how many texts a clause stands."""
        rarest = min((self._having.get(word, []) for word in clause.split()), key=len)
        return sum(times for text, times in map(self._texts.__getitem__, rarest) if clause in text)


def _stays(note: Change, pages: _Pages, lens: Lens) -> bool:
    """Say whether each clause of a note stands on both pages."""
    clauses = [
        caveats.bare(clause, lens)
        for text in (note.before, note.after)
        for clause in _CLAUSES.split(lens.same(text))
        if clause
    ]
    long = [clause for clause in clauses if clause.count(" ") > 3]
    return len(long) == len(clauses) > 0 and all(map(pages.stands, long))
