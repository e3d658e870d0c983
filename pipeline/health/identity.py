"""Readings of the last good captures, Reading → is this still *that page*? However small it is, for
it counts no claims.

A page that drops its standards still reads as before: its title, its headings, the sentences around
the claims. A page that stands in its place has nothing of them. So a sentence that makes a claim
only ever speaks for a page, never against it; and where the title or first heading is another, what
a site puts around all its pages speaks for none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline import words
from pipeline.health import language, pieces
from pipeline.health.pieces import WORD, Pieces, Text
from pipeline.model import Document, Page, Reading

# What is measured, and what it rests on; `pieces` has when a sentence is kept.
# The "steps" are 751 from one revision of a real page to the next.
STILL = 0.5
"""A page of which half still stands is that page. All steps but 16 were above; of other pages of
one site, and of what was put in a page's place, none was."""
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
"""A title or heading is kept where half of its words are, names of the vendor and small words
aside; or where a third is, and hardly anything else is in the new one: "Security and ISO 27001"
that becomes "Security"."""
SUFFIX = 3
"""Letters of what stands before a country's letters in a public suffix: co.uk, com.au."""
_ASIDE = frozenset(word for text in language.SMALL.values() for word in text.split())

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a page, and how much of what it shows now never stood there; in characters.

    `kept` and `lost` are of headings and sentences, `kept_text` and `lost_text` of sentences alone;
    all but `kept` leave those aside that make claims, of which `gone` is what went. `known` and
    `new` are of the sentences shown now.
    """

    kept: float = 0.0
    lost: float = 0.0
    kept_text: float = 0.0
    lost_text: float = 0.0
    gone: float = 0.0
    known: float = 0.0
    new: float = 0.0

    @property
    def share(self) -> float:
        """Return the share that is left of what stood beside the claims."""
        return self.kept / (self.kept + self.lost) if self.kept or self.lost else 1.0

    @property
    def much(self) -> bool:
        """Say whether enough is left to know a page by, whatever it is called now."""
        return self.share >= STILL or (self.kept >= PLENTY and self.share >= PART)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two captures of an address share: all of it,
    and what is within their common bar and foot.

    `head` says whether title and first heading are the same, None where that cannot be said.
    `stood` says whether claims stand in the bar and foot, or none went.
    """

    head: bool | None
    whole: Left
    inner: Left
    stood: bool

    @property
    def same(self) -> bool:
        """Say whether this is that page: it stands still, was shortened, or rewritten in part."""
        if self.head is False:
            return self._under_another_head(self.inner)
        left = self.whole
        if self._replaced:
            return False
        if left.known and (left.much or left.known > left.new):
            return True
        if self.head is None:
            return not left.lost_text and left.new < MUCH
        return left.share >= SOME if left.lost_text else self.stood or left.new < LONG

    def _under_another_head(self, left: Left) -> bool:
        if left.known and (left.known > left.new or (left.kept_text and left.much)):
            return True
        return self.stood and not left.lost_text and left.new < MUCH

    @property
    def _replaced(self) -> bool:
        """Say whether all between bar and foot is other and longer:
        a gate under the page's name.
        """
        left = self.inner
        longer = left.new > left.lost_text + left.gone
        return bool(left.lost_text and longer and not left.kept and not self.stood)

    @property
    def reason(self) -> str:
        """Return what is missing, for a person."""
        left = self.inner if self.head is False or self._replaced else self.whole
        amount = "nothing" if left.share < LITTLE else "hardly anything"
        parts = "text of earlier captures is left under its title"
        if not self.head:
            parts = "title, headings and text of earlier captures is left"
        return f"{amount} of the {parts}"


def likeness(
    before: Reading, after: Reading, names: Names, standing: Sequence[Reading] = ()
) -> Likeness:
    """Measure what is left of a page.

    `standing` are readings of other good captures: what stood in few of them counts less, and what
    stood in any is not new.
    """
    old, new = pieces.of(before), pieces.of(after)
    others = [Text(pieces.of(reading)) for reading in (before, *standing)]
    head = _head(before.document, after.document, names)
    if head and not _named(before, after, names):
        head = None
    inside, shown = pieces.inner(old, new)
    whole, inner = _left(old, new, others), _left(inside, shown, others)
    claims = sum(piece.claims for piece in old)
    stood = sum(piece.claims for piece in inside) < claims or not inner.gone
    return Likeness(head, whole, inner, stood)


def _left(old: Pieces, new: Pieces, others: Sequence[Text]) -> Left:
    """Measure pieces: what stood in all captures counts whole."""
    now, sums = Text(new), dict.fromkeys(Left.__slots__, 0.0)
    for piece in old:
        size = piece.size * sum(piece.text in other.texts for other in others) / len(others)
        share = now.share(piece)
        sums["kept"] += size * share
        if piece.claims:
            sums["gone"] += size * (not share)
            continue
        sums["lost"] += size * (1 - share)
        if not piece.heading:
            sums["kept_text"] += size * share
            sums["lost_text"] += size * (1 - share)
    for piece in new:
        if not piece.heading:
            share = max(other.share(piece) for other in others)
            sums["known"] += piece.size * share
            sums["new"] += piece.size * (1 - share)
    return Left(**sums)


def names(page: Page, before: Reading) -> Names:
    """Return the words of the names that stand on all pages of a site: vendor, product, host."""
    labels = (urlsplit(page.url).hostname or "").split(".")
    last = -3 if len(labels) > 2 and len(labels[-2]) <= SUFFIX else -2
    site = labels[max(last, -len(labels))]
    return _words(" ".join((page.vendor or "", page.product or "", *before.products, site)))


def cut(before: Reading, after: Reading) -> bool:
    """Say whether a page stops within a sentence that went on, and on after that: a body that did
    not come whole."""
    old, new = (tuple(piece.text for piece in pieces.of(reading)) for reading in (before, after))
    last = len(new) - 1
    return (
        0 <= last < len(old) - 2
        and new[:last] == old[:last]
        and new[last] != old[last]
        and old[last].startswith(new[last])
        and not new[last].endswith((".", "!", "?", ":", "。"))
    )


# -------------------------------------------------------------------------- title and first heading


def _head(before: Document, after: Document, names: Names) -> bool | None:
    """Say whether title and first heading are kept; None where there is neither, or the title alone
    has changed.

    A heading that went is another page's, whatever the title:
    a script's page keeps its title before every wall.
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
    """Say whether a page that bore a name of its own bears it still: another vendor's page is
    called "Compliance" too."""
    own = _found(before, names - _ASIDE)
    return not own or bool(_found(after, own))


def _found(reading: Reading, names: Names) -> Names:
    """Return which of some words stand on a page."""
    missing, document = names, reading.document
    for text in (*_titles(document), *(block.text for block in document.blocks)):
        if not missing:
            break
        folded = words.fold(text)
        if any(name in folded for name in missing):
            missing -= _words(text)
    return names - missing


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
