"""Pairs of supplier claims → changes of whom a page lists: who came, went,
has a new name, and what of them changed.

A supplier is known by its name. Another name is a rename only where a text says so, or where the
names share what tells them apart from others and the supplier does the same at the same place: one
payment processor in the place of another is no rename.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

from pipeline import words
from pipeline.diff import drafting, thresholds
from pipeline.diff.catalogue import Catalogue
from pipeline.diff.claims.pairing import Pair, Pairs
from pipeline.diff.names import naming
from pipeline.diff.names.lens import Lens
from pipeline.model import Block, Change, Claim, Document

FIELDS = ("location", "standards", "purpose")
_COMPANY = re.compile(
    r"[\s,]+(?:inc|incorporated|llc|l\.l\.c|ltd|limited|llp|corp|corporation|co|plc|pbc|gmbh"
    r"|mbh|ag|se|kg|ug"
    r"|s\.?a\.?s?|sarl|s\.?à ?r\.?l|s\.?l\.?u?|b\.?v|n\.?v|a/s|aps|ab|as|oy|pty|ulc|s\.?p\.?a"
    r"|s\.?r\.?l|k\.k|pte)"
    r"\.?(?=$|[\s,(])"
)
"""The form of a company behind its name: "Acme" and "Acme, Inc." are one."""
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_ITEMS = re.compile(r"\s*(?:[,;/&|+·]|\s(?:and|or|und|oder|et|ou|y|o)\s)\s*")
_PLACES = {
    **dict.fromkeys(
        ("us", "u.s.", "u.s", "usa", "u.s.a.", "united states of america"), "united states"
    ),
    **dict.fromkeys(("uk", "u.k.", "u.k", "great britain"), "united kingdom"),
    **dict.fromkeys(("eu", "e.u."), "european union"),
}
"""Short and long forms of one place."""
_LABEL = re.compile(r"^[^\W\d][\w /’'-]{1,40}?\s*:\s+")
"""What a line calls the value behind it: "Location: Ireland"."""
_PLAIN = frozenset(
    (
        "the",
        "and",
        "for",
        "services",
        "service",
        "cloud",
        "platform",
        "group",
        "software",
        "systems",
    )
)
"""Words that names of different companies share."""
_RENAMED = re.compile(
    r"\b(?:formerly|previously|now|renamed|rebranded|fka|f/k/a|ehemals|vormals|früher|jetzt"
    r"|anciennement|désormais|antes|anteriormente|ahora)\b"
)


def settle(pairs: Pairs, stated: frozenset[tuple[str, str]]) -> None:
    """Pair what is left of the suppliers: one whose name is set another way,
    then one that has a new name.
    """
    pairs.join(lambda claim: core(claim.name) if claim.kind == "supplier" else None)
    staying = frozenset(
        word
        for pair in pairs.joined
        for claim in pair
        if claim.kind == "supplier"
        for word in core(claim.name).split()
    )

    def cost(before: Claim, after: Claim) -> float | None:
        return _renamed(before, after, stated, staying)

    pairs.join(lambda claim: "supplier" if claim.kind == "supplier" else None, cost)


def changes(pairs: Pairs, lens: Lens) -> Iterator[Change]:
    """Yield what became of each supplier: a new name, and every attribute that says something else;
    who came and who went.
    """
    for before, after in pairs.joined:
        if before.kind == "supplier":
            if core(before.name) != core(after.name) and lens.same(before.name) != lens.same(
                after.name
            ):
                yield drafting.change("supplier", "renamed", before, after)
            yield from _changed(before, after)
    for claim in pairs.gone:
        if claim.kind == "supplier":
            yield drafting.change("supplier", "removed", claim, None)
    for claim in pairs.new:
        if claim.kind == "supplier":
            yield drafting.change("supplier", "added", None, claim)


def _changed(before: Claim, after: Claim) -> Iterator[Change]:
    for field in FIELDS:
        old, new = getattr(before, field), getattr(after, field)
        if _items(field, old) != _items(field, new):
            yield drafting.change(
                "supplier",
                "changed",
                before,
                after,
                field=field,
                old=_printed(before, field),
                new=_printed(after, field),
            )


def laid_out(
    pairs: Iterable[Pair], pages: tuple[Document, Document], catalogue: Catalogue
) -> tuple[set[str], set[str]]:
    """Return the texts, before and after, that say no more than a supplier's claim:
    the claims tell what of them differs.

    Those are its line or row where it is laid out another way, and the lines
    and cells around it with a value of it alone.
    """
    found: tuple[set[str], set[str]] = (set(), set())
    around = tuple(_Around(page, catalogue) for page in pages)
    for pair in pairs:
        claims = [claim for claim in pair if claim]
        if claims[0].kind != "supplier":
            continue
        moved = len(claims) == 2 and words.fold(claims[0].text) != words.fold(claims[1].text)
        for side, claim in enumerate(pair):
            if claim:
                found[side].update(around[side].lines(claim, moved))
    return found


class _Around:
    """A page's blocks by what they stand with: those of a card by their headings,
    rows by their text, heads by their table.
    """

    def __init__(self, page: Document, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._cards: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self._values: dict[tuple[str, ...], _Values] = {}
        self._rows: dict[str, Block] = {}
        self._heads: dict[int, list[str]] = defaultdict(list)
        for block in page.blocks:
            if block.kind == "row":
                self._rows.setdefault(block.text, block)
            elif block.kind == "header":
                self._heads[block.group].append(block.text)
            elif block.kind != "heading":
                self._cards[block.section].append(block.text)

    def lines(self, claim: Claim, moved: bool) -> Iterator[str]:
        """Yield the texts with a supplier that say no more than its claim.

        `moved` says that it is laid out another way.
        """
        row = self._rows.get(claim.text)
        if moved:
            yield from texts(claim)
            yield from self._heads[row.group] if row else ()
        near = self._near(claim.source.section) if row is None else self._cells(row)
        yield from near.no_more_than(claim)

    def _cells(self, row: Block) -> _Values:
        return _Values((cell.text for cell in row.cells), self._catalogue)

    def _near(self, section: tuple[str, ...]) -> _Values:
        if section not in self._values:
            self._values[section] = _Values(self._cards[section], self._catalogue)
        return self._values[section]


class _Values:
    """Texts by the value that they give, and those of them that do nothing but name standards."""

    def __init__(self, near: Iterable[str], catalogue: Catalogue) -> None:
        self._by_value: dict[str, list[str]] = defaultdict(list)
        self._naming: list[tuple[str, set[str]]] = []
        for text in near:
            self._by_value[words.fold(_LABEL.sub("", text))].append(text)
            named = {mention.standard for mention in catalogue.mentions(text)}
            if named and len(text.split()) <= thresholds.NAMES_ALONE * len(named):
                self._naming.append((text, named))

    def no_more_than(self, claim: Claim) -> Iterator[str]:
        """Yield the texts that say no more than a supplier's claim."""
        for value in {words.fold(known) for known in texts(claim)}:
            yield from self._by_value.get(value, ())
        if claim.standards:
            held = set(claim.standards)
            yield from (text for text, named in self._naming if named <= held)


def texts(claim: Claim) -> tuple[str, ...]:
    """Return the texts by which a page shows a supplier."""
    parts = (
        part for value in (claim.purpose, claim.location) if value for part in value.split("; ")
    )
    return tuple(text for text in (claim.text, claim.name, *parts) if text)


def core(name: str | None) -> str:
    """Return a supplier's name without the form of its company, folded."""
    whole = words.fold(name or "")
    return _COMPANY.sub("", whole).strip(" ,.") or whole


def _items(field: str, value: str | tuple[str, ...] | None) -> frozenset[str]:
    """Return what a value lists, in the form in which order, punctuation and short forms
    of places make no difference.
    """
    if isinstance(value, tuple):
        return frozenset(value)
    parts = (part.strip(" .") for part in _ITEMS.split(words.fold(value or "")))
    if field == "location":
        return frozenset(_PLACES.get(part, part) for part in parts if part)
    return frozenset(word for part in parts for word in part.split())


def _printed(claim: Claim, field: str) -> str | None:
    value = getattr(claim, field)
    return ", ".join(claim.standard_names or value) or None if field == "standards" else value


def _renamed(
    before: Claim, after: Claim, stated: frozenset[tuple[str, str]], staying: frozenset[str]
) -> float | None:
    """Return how unlike two names of one supplier are.

    None where nothing shows that they are of one.
    """
    old, new = core(before.name), core(after.name)
    # "Vault (Northwind)" and "Northwind (Vault)" are one.
    if _is_stated(before, after, stated) or (_telling(old) and _telling(old) == _telling(new)):
        return 0.0
    likeness = fuzz.ratio(old, new)
    if likeness >= thresholds.SAME_SUPPLIER and not naming.near_miss(
        before.name or "", after.name or ""
    ):
        return 100 - likeness
    shared = (_telling(old) & _telling(new)) - staying
    less = min(len(_telling(old)), len(_telling(new)))
    same = before.purpose and all(
        _items(field, getattr(before, field)) == _items(field, getattr(after, field))
        for field in ("purpose", "location")
    )
    if shared and same and 2 * len(shared) >= less:
        return 100 - likeness
    return None


def _is_stated(before: Claim, after: Claim, stated: frozenset[tuple[str, str]]) -> bool:
    """Return whether a text of either page says that one name is the other's new or former one."""
    old, new = core(before.name), core(after.name)
    plain = [_BRACKETS.sub("", name).strip() for name in (old, new)]
    if {(old, new), (new, old), (plain[0], plain[1]), (plain[1], plain[0])} & stated:
        return True
    sides = ((words.fold(after.text), plain[0]), (words.fold(before.text), plain[1]))
    return any(len(name) > 2 and name in text and _RENAMED.search(text) for text, name in sides)


def _telling(name: str) -> set[str]:
    return {word for word in re.findall(r"[\w.-]+", name) if len(word) > 2} - _PLAIN
