"""Sentences that name somebody who hosts or processes for the vendor → suppliers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

from pipeline import words
from pipeline.extract import weighed
from pipeline.extract.outline import Outline, Unit
from pipeline.extract.suppliers import cards, described, headings, lexis, phrases
from pipeline.extract.suppliers.described import Told
from pipeline.model import Block, Claim

_IN = re.compile(
    r",?\s(?:in|à"
    r"|en)\s(?P<place>(?:the\s)?[A-ZÀ-Þ][\w-]+(?:\s[A-ZÀ-Þ][\w-]+){0,2}"
    r"(?:,\s[A-ZÀ-Þ][\w-]+(?:\s[A-ZÀ-Þ][\w-]+)?)?)"
)
"""Where somebody is that a sentence names: "with Acme in Frankfurt"."""
_BRIEF = 6
"""Words of what a sentence says a supplier does; more are the story around it."""
_LONGEST = 700
"""Letters beyond which a text runs on, and is no sentence."""
_SUBJECT = 24
"""Up to which letter of a sentence a name is its subject: "Our payment provider Acme …"."""
_WE = re.compile(
    r"\b(?:we|wir|nous|nosotros)\b|[,;:]\s(?:(?:and|but|while|und|et|y)\s)?(?:our|unser\w*"
    r"|notre|nos|nuestr\w*)\b",
    re.IGNORECASE,
)
"""Where a sentence goes on about the vendor: "Acme processes payments, and we are certified"."""
_BEGINS = re.compile(r"(?:\w+ )?[\w-]+(?: are)?:? ?")
"""How a sentence begins that lists: "Sub-processors: …", "Our sub-processors are …"."""
_BRACKET = re.compile(r"(.+)\s\(([^()]+)\)$")
_LEADING = re.compile(
    r"^(?:.*\b(?:the|that|all|our|your)\s)?(?:(?:an?|les|la|le|los|las|die|der|das)\s)?",
    re.IGNORECASE,
)
"""Words before what a supplier does: "for that reason, all card payments"."""
_QUOTED = '“„«"'
_NUMBERED = re.compile(r"^\W*\d+(?:\.\d+)*[.)]?\s+(?=[A-Z])")
_OWNED = re.compile(r"(?:['’]s?)?(?:\s|,|$)")
_THEIRS = 0.3
"""From which chance on a standard in a sentence about a supplier is the supplier's."""


@dataclass(frozen=True, slots=True)
class Named:
    """A supplier that a sentence names: where the name stands, and what is said of it."""

    name: str
    told: Told
    unit: Unit
    start: int


def find(outline: Outline, known: set[str], read: frozenset[int]) -> list[Named]:
    """Return the suppliers that running text names, in page order.

    `known` are the folded names that lists gave already, `read` the blocks
    that they were read from.
    """
    found: dict[tuple[str, str, int], Named] = {}
    names = set(known)
    others = cache(_are_others)
    listing = cache(partial(_is_listing, outline))
    for unit in outline.units:
        if not _may_name(unit, read) or others(unit.over):
            continue
        for named in (
            *_listed(outline, unit, listing(unit.block)),
            *_spoken(outline, unit),
            *_again(outline, unit, names),
        ):
            if found.setdefault((named.name, unit.text, unit.block), named) is named:
                names.add(words.fold(named.name))
    return list(found.values())


def _may_name(unit: Unit, read: frozenset[int]) -> bool:
    """Return whether a unit is a sentence of the page's own that no list was read from."""
    is_text = unit.kind in ("paragraph", "item", "definition") and unit.block not in read
    return is_text and len(unit.text) <= _LONGEST and unit.text[:1] not in _QUOTED


def _are_others(over: tuple[str, ...]) -> bool:
    """Return whether others than suppliers are named below these headings."""
    heads = [head for head in over if len(head.split()) <= 9 and not phrases.says("listing", head)]
    return any(map(lexis.is_others, heads))


def _is_listing(outline: Outline, index: int) -> bool:
    """Return whether what stands above a block says that it lists suppliers."""
    above = headings.above(outline, index, outline.context.blocks[index])
    return above is not None and above.sure


def _listed(outline: Outline, unit: Unit, listing: bool) -> Iterator[Named]:
    """Yield the names of a sentence below a heading that lists suppliers,
    each with what stands in brackets behind it.
    """
    label = None if listing else _BEGINS.match(unit.text)
    if not listing and not (label and phrases.says("listing", label[0])):
        return
    for match in lexis.BRACKETED.finditer(unit.text):
        if '"' in words.plain(match["told"]):
            continue  # a defined term: "Acme (the “Processor”)"
        told, name = described.told(outline.context, match["told"]), _bare(match["names"])
        if cards.shows(told) and lexis.is_name(name) and _own(outline, name):
            yield Named(name, told, unit, match.start())


def _spoken(outline: Outline, unit: Unit) -> Iterator[Named]:
    """Yield the names that the phrases of a sentence, or the question above it,
    say to be suppliers.
    """
    text = _NUMBERED.sub("", words.straight(unit.text))
    if unit.kind == "definition" and unit.lead and not unit.lead.endswith("?"):
        text = f"{unit.lead.rstrip(' :')}: {text}"
    for match in (match for path in _forms(unit, text) for match in lexis.matches(path, text)):
        groups = match.groupdict()
        if _denies(text[: match.start("names")]) or not _speaks(outline, groups.get("subject")):
            continue
        if groups.get("serving") and not phrases.says("serving", groups["serving"]):
            continue
        printed = groups.get("purpose") or groups.get("serving")
        purpose = _purpose(printed) if printed else None
        if printed and not purpose:
            continue
        yield from _names(outline, unit, match, purpose)


def _forms(unit: Unit, text: str) -> Iterator[str]:
    """Yield the tables of forms that a text may have: an answer's,
    where the question above a unit asks for a supplier.
    """
    may = lexis.names_within(text) or lexis.matches("sentence", text)
    if may and phrases.says("cue", text):
        yield "sentence"
    if ": " in text:
        yield "line"
    asked = unit.lead or (unit.over[-1] if unit.over else "")
    if asked.endswith("?") and phrases.says("asking", asked):
        yield "answer"
        if phrases.says("supplier", asked):
            yield "answer_of_one"


def _speaks(outline: Outline, subject: str | None) -> bool:
    """Return whether who uses somebody is the vendor: "we", or its name."""
    return subject is None or subject.casefold() in ("we", *outline.brands)


def _denies(head: str) -> bool:
    return bool(lexis.matches("unless", head))


def _purpose(printed: str) -> str | None:
    """Return what a sentence says a supplier does, without the words that lead to it.

    None where that is no such thing.
    """
    text = _LEADING.sub("", printed).strip(" -,")
    does = phrases.says("doing", text) or phrases.says("supplier", text)
    return text if does and len(text.split()) <= _BRIEF else None


def _names(
    outline: Outline, unit: Unit, match: re.Match[str], purpose: str | None
) -> Iterator[Named]:
    names = [bare for name in lexis.names(match["names"]) if (bare := _bare(name))]
    for name in names:
        start = unit.text.find(name.split(" ")[0])
        if lexis.is_name(name) and _own(outline, name) and start >= 0:
            until = [unit.text.find(other) for other in names]
            end = min((place for place in until if place > start), default=len(unit.text))
            place = _IN.match(unit.text, start + len(name))
            where = place["place"] if place and len(names) == 1 else match.groupdict().get("place")
            yield Named(
                name, Told(purpose, where, _standards(outline, unit, start, end)), unit, start
            )


def _bare(name: str) -> str:
    """Return a name without the words with a capital that a sentence begins with ("With Acme"),
    and a city in brackets.
    """
    bracketed = _BRACKET.match(name)
    tokens = (bracketed[1] if bracketed and not bracketed[2].isupper() else name).split()
    while len(tokens) > 1 and lexis.is_common(tokens[0]):
        tokens.pop(0)
    return " ".join(tokens)


def _own(outline: Outline, name: str) -> bool:
    """Return whether a name is another's: not the vendor's own, and no standard's."""
    printed = {word.casefold() for word in re.findall(r"\w[\w.&-]*", name)}
    own = printed & outline.brands or words.fold(name) in {
        words.fold(known) for known in outline.context.document.names
    }
    return not own and not outline.context.mentions(name)


def _again(outline: Outline, unit: Unit, names: set[str]) -> Iterator[Named]:
    """Yield a supplier that was named before and that a sentence begins with:
    what it holds is said there.
    """
    if not unit.mentions:
        return
    for name in _subjects(outline, unit, names):
        alone = not _WE.search(unit.text)
        standards = _standards(outline, unit, 0, len(unit.text), held=alone)
        if standards:
            yield Named(name, Told(standards=standards), unit, 0)


def _subjects(outline: Outline, unit: Unit, names: set[str]) -> Iterator[str]:
    text = words.straight(unit.text)
    for match in re.finditer(rf"^(?:\w+\s){{0,2}}?({lexis.NAME})", text):
        if words.fold(match[1]) in names and _OWNED.match(text[match.end() :]):
            yield match[1]


def is_subject(named: Named) -> bool:
    """Return whether a sentence is about a supplier alone: it begins with the name,
    and says no more of the vendor behind it.
    """
    behind = named.unit.text[named.start + len(named.name) :]
    return named.start <= _SUBJECT and not _WE.search(behind)


def _standards(
    outline: Outline, unit: Unit, start: int, end: int, *, held: bool = False
) -> tuple[str, ...]:
    """Return the standards behind a name that the sentence says its bearer holds.

    `held` says that the bearer is the sentence's one subject: what reads as held is held by it.
    """
    outcomes = ("third_party", "mention", "explains", *(("claimed",) if held else ()))
    theirs = [
        one.mention
        for one in weighed.standards(outline, unit)
        if one.source == "text"
        and start <= one.mention.start < end
        and one.judged.of(*outcomes) >= _THEIRS
    ]
    return described.held(outline.context, unit.text, theirs)


def claims(outline: Outline, found: list[Named]) -> list[Claim]:
    """Return the claims of names in running text."""
    return [
        described.claim(one.name, one.told, _block(outline, one.unit), one.unit.text)
        for one in found
    ]


def _block(outline: Outline, unit: Unit) -> Block:
    return outline.context.blocks[unit.block]
