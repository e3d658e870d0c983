"""Outline → whom a page lists as processing or hosting for the vendor.

What they hold is theirs, never the vendor's.

    columns (tables) | cards (cards, lists, terms, lines) | running (sentences) → each supplier once

words.toml holds the words, by language; layout is code. Customers,
partners and integrations are no suppliers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline import words
from pipeline.extract.outline import Outline, Unit
from pipeline.extract.suppliers import cards, columns, headings, lexis, phrases, running
from pipeline.extract.suppliers.described import Told
from pipeline.model import Block, Claim

__all__ = ["are_listed", "claims", "is_about_one"]

_BRIEF = 5
"""Words of a heading that names who the cards below it are about; a longer one tells a story."""
_LISTS = 12
"""Words of a text above a table that says whom it lists."""


@dataclass(frozen=True)
class _Read:
    """The suppliers of a page, and where they are spoken of: whole blocks,
    and sentences whose subject one is.
    """

    claims: tuple[Claim, ...]
    blocks: frozenset[int]
    texts: frozenset[str]


def claims(outline: Outline) -> tuple[Claim, ...]:
    """Return the suppliers that a page lists, each once, in page order."""
    return _read(outline).claims


def are_listed(outline: Outline, body: list[tuple[int, Block]]) -> bool:
    """Return whether a table lists suppliers: a header,
    its lead or the heading above it says so.
    """
    index, first = body[0]
    if _lists(outline, body):
        return True
    head = " ".join(first.cells[0].headers) if first.cells else ""
    texts = (head, outline.context.lead(index), *first.section[-1:])
    return any(text and _names_suppliers(outline, text) for text in texts)


def _lists(outline: Outline, body: list[tuple[int, Block]]) -> bool:
    """Return whether a table names suppliers: a header says so,
    or what stands above it does where no header says otherwise.
    """
    index, first = body[0]
    heads = [columns.head(cell) for cell in first.cells]
    named = next((text for text in heads if text and lexis.role(text) == "name"), "")
    tells = columns.of(outline, body).tells
    if named and phrases.says("listing", named):
        return tells or len(heads) == 1
    above = headings.above(outline, index, first)
    if above is None or lexis.is_others(heads[0] if heads else ""):
        return False
    if above.sure:
        return True
    if not named or not tells:
        return False
    told = columns.of(outline, body)
    sited = told.location is not None or bool(told.standards)
    plain = any(phrases.says("column.plainly", heads[place]) for place in told.purpose)
    return (above.depth > 0 and (sited or plain)) or (sited and phrases.says("supplier", named))


def is_about_one(outline: Outline, unit: Unit) -> bool:
    """Return whether a unit is about a supplier, and not about the vendor."""
    read = _read(outline)
    listed = unit.block in read.blocks or unit.text in read.texts
    if not listed and not _stand_over(outline, unit.over):
        return False
    line = outline.line(unit.text)
    return "BRAND" not in line.words and (listed or all(tag.name != "we" for tag in line.tags))


@lru_cache(maxsize=64)
def _stand_over(outline: Outline, over: tuple[str, ...]) -> bool:
    """Return whether a heading above a unit, the page's own apart, names suppliers."""
    return any(_names_suppliers(outline, head, _BRIEF) for head in over[1:])


def _names_suppliers(outline: Outline, text: str, most: int = _LISTS) -> bool:
    """Return whether a short text is about suppliers, and not about what suppliers
    of services hold for customers.

    `most` is the number of words that count as short. "Our data centres" may be the vendor's own,
    and are taken for that.
    """
    if len(text.split()) > most:
        return False
    tags = {tag.name for tag in outline.line(text).tags}
    own = "we" in tags and phrases.says("sites", text) and not phrases.says("supplier", text)
    return "suppliers" in tags and not own


@lru_cache(maxsize=2)
def _read(outline: Outline) -> _Read:
    # What is read of a page is asked for by each of its units: it is read once.
    bodies: dict[int, list[tuple[int, Block]]] = defaultdict(list)
    for index, block in outline.context.indexed("row"):
        bodies[block.group].append((index, block))
    listed = [body for body in bodies.values() if _lists(outline, body)]
    rows = [claim for body in listed for claim in columns.claims(outline, body)]
    entries = cards.entries(outline)
    known = {words.fold(claim.name or "") for claim in (*rows, *cards.claims(entries))}
    blocks = frozenset(index for entry in entries for index in entry.blocks)
    named = running.find(outline, known, blocks)
    found = [*rows, *cards.claims(entries), *running.claims(outline, named)]
    return _Read(
        tuple(_named(outline, claim) for claim in _once(found)),
        blocks,
        frozenset(one.unit.text for one in named if running.is_subject(one)),
    )


def _once(found: list[Claim]) -> list[Claim]:
    """Return each supplier once, with all that is said of it in different places."""
    first: dict[str, Claim] = {}
    for claim in found:
        key = words.fold(lexis.core(claim.name or ""))
        known = first.get(key)
        if known is None:
            first[key] = claim
            continue
        told = _told(known) + _told(claim)
        first[key] = replace(
            known, purpose=told.purpose, location=told.location, standards=told.standards
        )
    return list(first.values())


def _named(outline: Outline, claim: Claim) -> Claim:
    known = (outline.context.catalogue.get(standard) for standard in claim.standards)
    return replace(claim, standard_names=tuple(standard.name for standard in known if standard))


def _told(claim: Claim) -> Told:
    return Told(claim.purpose, claim.location, claim.standards)
