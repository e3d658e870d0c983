"""Readings of the last good captures, Reading → is this still *that page*? However small it is, for it counts no claims.

A page that drops its standards still reads as before: its title, its headings, the sentences around the claims. A page that
stands in its place has nothing of them. So a sentence that makes a claim only ever speaks for a page, never against it; and
where the title or first heading is another, what a site puts around all its pages speaks for none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline import words
from pipeline.health import language, pieces
from pipeline.health.pieces import WORD, Piece, Text
from pipeline.model import Document, Page, Reading

# What is measured, and what it rests on; `pieces` has when a sentence is kept. The "steps" are 751 from one revision of a
# real page to the next.
STILL = 0.5
"""A page of which half still stands is that page. All steps but 16 were above; of other pages of one
site, and of what was put in a page's place, none was."""
SOME = 0.2
"""Under its own title and first heading, less is enough: nothing that stood there in a page's place
had more, and the least that an edit left was twice as much."""
PLENTY, PART = 600, 0.3
"""Characters that are enough under any heading, with this share: no bar and foot of a site left so
much of itself."""
MUCH = 60
"""Characters of new text that can stand in a page's place, a sentence of ten words; less is a note,
a label, a date."""
LONG = 400
"""Characters of new text that are more than a page of claims alone puts in their place: a few
sentences that say why they went."""
LITTLE = 0.02
"""What is called nothing."""
HEAD = 0.5
NARROWED = (0.3, 0.75)
"""A title or heading is kept where half of its words are, names of the vendor and small words aside; or where a third is, and
hardly anything else is in the new one: "Security and ISO 27001" that becomes "Security"."""
SUFFIX = 3
"""Letters of what stands before a country's letters in a public suffix: co.uk, com.au."""
_ASIDE = frozenset(word for text in language.SMALL.values() for word in text.split())

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a page, and how much of what it shows now never stood there; in characters.

    `kept` and `lost` are of headings and sentences, claims only among what is kept; `lost_text` leaves the headings aside.
    `known` and `new` are of the sentences shown now. `head` says whether title and first heading are the same, None where
    that cannot be said; where it is false, all amounts are without what surrounds both pages alike. `stood` says whether
    claims stand in that, or none went.
    """

    head: bool | None
    kept: float
    lost: float
    lost_text: float
    known: float
    new: float
    stood: bool

    @property
    def share(self) -> float:
        """Return the share that is left of what stood beside the claims."""
        return self.kept / (self.kept + self.lost) if self.kept or self.lost else 1.0

    @property
    def same(self) -> bool:
        """Say whether this is that page: it stands still, was shortened, or rewritten in part."""
        much = self.share >= STILL or (self.kept >= PLENTY and self.share >= PART)
        if self.kept and (much or self.known > self.new):
            return True
        if self.head is not True:
            return self.stood and not self.lost_text and self.new < MUCH
        return self.new < LONG if not self.lost_text else self.share >= SOME

    @property
    def reason(self) -> str:
        """Return what is missing, for a person."""
        amount = "nothing" if self.share < LITTLE else "hardly anything"
        parts = "text of earlier captures is left under its title"
        if not self.head:
            parts = "title, headings and text of earlier captures is left"
        return f"{amount} of the {parts}"


def left(before: Reading, after: Reading, names: Names, standing: Sequence[Reading] = ()) -> Left:
    """Measure what is left of a page.

    `standing` are readings of other good captures: what stood in few of them counts less, and what stood in any is not new.
    """
    old, new = pieces.of(before), pieces.of(after)
    head = _head(before.document, after.document, names)
    if head and not _named(before, after, names):
        head = None
    claims = sum(piece.claims for piece in old)
    if head is False:
        old, new = pieces.inner(old, new)
    others, now = [Text(pieces.of(reading)) for reading in (before, *standing)], Text(new)
    kept, lost, lost_text = _stood(old, now, others)
    known, fresh = _shown(new, others)
    inner = [piece for piece in old if piece.claims]
    stood = len(inner) < claims or all(now.share(piece) for piece in inner)
    return Left(head, kept, lost, lost_text, known, fresh, stood)


def names(page: Page, before: Reading) -> Names:
    """Return the words of the names that stand on all pages of a site: vendor, product, host."""
    labels = (urlsplit(page.url).hostname or "").split(".")
    last = -3 if len(labels) > 2 and len(labels[-2]) <= SUFFIX else -2
    site = labels[max(last, -len(labels))]
    return _words(" ".join((page.vendor or "", page.product or "", *before.products, site)))


def cut(before: Reading, after: Reading) -> bool:
    """Say whether a page stops within a sentence that went on, and on after that: a body that did not come whole."""
    old, new = (tuple(piece.text for piece in pieces.of(reading)) for reading in (before, after))
    last = len(new) - 1
    return (
        0 <= last < len(old) - 2
        and new[:last] == old[:last]
        and new[last] != old[last]
        and old[last].startswith(new[last])
        and not new[last].endswith((".", "!", "?", ":", "。"))
    )


def _stood(old: list[Piece], now: Text, others: Sequence[Text]) -> tuple[float, float, float]:
    """Return how much of what stood is kept, lost, and lost of its sentences: what stood in all captures counts whole."""
    kept = lost = lost_text = 0.0
    for piece in old:
        size = piece.size * sum(piece.text in other.texts for other in others) / len(others)
        share = now.share(piece)
        kept += size * share
        if not piece.claims:
            lost += size * (1 - share)
            lost_text += size * (1 - share) * (not piece.heading)
    return kept, lost, lost_text


def _shown(new: list[Piece], others: Sequence[Text]) -> tuple[float, float]:
    """Return how much of the sentences shown now stood there before, and how much is new."""
    known = fresh = 0.0
    for piece in new:
        if not piece.heading:
            share = max(other.share(piece) for other in others)
            known += piece.size * share
            fresh += piece.size * (1 - share)
    return known, fresh


# --------------------------------------------------------------------------- title and first heading


def _head(before: Document, after: Document, names: Names) -> bool | None:
    """Say whether title and first heading are kept; None where there is neither, or the title alone has changed.

    A heading that went is another page's, whatever the title: a script's page keeps its title before every wall.
    """
    heading, titles = _first(before, names), _titled(before, names)
    there = _first(after, names)
    shown = [*_titled(after, names), *([_said(there, names)] if there else [])]
    titled = all(_any(one, shown) for one in titles)
    if heading is None:
        return titled if titles else None
    if there is None or not _any(_said(heading, names), [_said(there, names)]):
        return False
    return True if titled else None


def _any(said: Names, others: Sequence[Names]) -> bool:
    return any(_same(said, other) for other in others)


def _same(one: Names, other: Names) -> bool:
    shared, (least, most) = len(one & other), NARROWED
    narrowed = shared >= least * len(one) and shared >= most * len(other)
    return shared >= HEAD * len(one) or (shared > 0 and narrowed)


def _named(before: Reading, after: Reading, names: Names) -> bool:
    """Say whether a page that bore a name of its own bears it still: another vendor's page is called "Compliance" too."""
    own = _all(before) & names - _ASIDE
    return not own or bool(own & _all(after))


def _all(reading: Reading) -> Names:
    texts = (*_titles(reading.document), *(block.text for block in reading.document.blocks))
    return frozenset(word for text in texts for word in _words(text))


def _first(document: Document, names: Names) -> str | None:
    """Return the first heading that says more than a name; one of the first level before others."""
    levels = [block for block in document.blocks if block.kind == "heading"]
    levels.sort(key=lambda block: block.level > 1)
    return next((block.text for block in levels if _said(block.text, names)), None)


def _titled(document: Document, names: Names) -> list[Names]:
    return [said for text in _titles(document) if (said := _said(text, names))]


def _titles(document: Document) -> list[str]:
    return [value for key, value in document.front_matter if key.lower() == "title"][:1]


def _said(text: str, names: Names) -> Names:
    return _words(text) - names - _ASIDE


def _words(text: str) -> Names:
    return frozenset(WORD.findall(words.fold(text)))
