"""Cards, bullets, terms and lines that name a supplier each, below a heading or lead
that says so → suppliers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.extract.outline import Outline
from pipeline.extract.suppliers import described, headings, lexis, phrases
from pipeline.extract.suppliers.described import Told
from pipeline.extract.suppliers.headings import Listing
from pipeline.model import Block, Claim

_SEPARATOR = re.compile(
    r"\s[–—|·-]\s|:\s|,\s(?!(?:Inc|LLC|L\.L\.C|Ltd|Limited|Corp|GmbH|S\.?A|B\.?V|PBC|Co)\b)|\s\("
)
_OPENS = re.compile(rf"^({lexis.NAME})\s(?=[a-zà-ÿ])")
_SPEAKER = re.compile(
    r"\W*(?:we|our|you|your|it|this|these|please|wir|unser\w*|sie|ihr\w*|nous|notre|nos|vous"
    r"|nuestr\w*|usted)\b",
    re.IGNORECASE,
)
_BRIEF = 14
"""Words of a line that describes a supplier in a few."""
_DEEP = 4
"""Blocks of a card that are looked at for what it says."""


@dataclass(slots=True)
class Entry:
    """A supplier in the making, and the blocks that tell of it."""

    name: str
    told: Told
    block: Block
    blocks: list[int]
    bare: bool = False
    text: str | None = None


def entries(outline: Outline) -> list[Entry]:
    """Return the suppliers that cards, lists, terms and lines name, in page order."""
    found = _forms(outline)
    blocks = outline.context.blocks
    taken = {index for entry in found for index in entry.blocks}
    index = 0
    while index < len(blocks):
        end = _end(blocks, index)
        above = headings.above(outline, index, blocks[index]) if index not in taken else None
        if above is not None:
            more = _read(outline, index, end, above)
            if more and blocks[index].kind == "heading":
                end = _end_of_card(blocks, index)
            found += more
        index = end
    return found


def _read(outline: Outline, start: int, end: int, above: Listing) -> list[Entry]:
    """Return the suppliers of a run of blocks of one kind."""
    match outline.context.blocks[start].kind:
        case "heading":
            return list(_card(outline, start, above))
        case "item":
            return _items(outline, start, end, above)
        case "term" | "definition":
            return _terms(outline, start, end, above)
        case "paragraph":
            return _lines(outline, start, end, above)
    return []


def _end_of_card(blocks: tuple[Block, ...], start: int) -> int:
    """Return where what stands below a heading ends:
    what is said there is said of whom it names."""
    section = blocks[start].section
    end = start + 1
    while end < len(blocks) and blocks[end].section == section:
        end += 1
    return end


def _forms(outline: Outline) -> list[Entry]:
    """Return the suppliers of forms, as agreements annex them: "Name: …", "Address: …",
    "Description of processing: …"."""
    found: list[Entry] = []
    entry: Entry | None = None
    for index, block in enumerate(outline.context.blocks):
        if block.kind not in ("item", "paragraph"):
            entry = None
            continue
        if name := described.named(block.text):
            above = headings.above(outline, index, block)
            sure = above is not None and above.sure and lexis.is_name(lexis.bare(name))
            entry = Entry(name, Told(), block, [index]) if sure else None
            found += [entry] if entry else []
        elif entry and described.is_labelled(block.text):
            entry.told += described.told(outline.context, block.text)
            entry.blocks.append(index)
    return [one for one in found if one.told]


def _end(blocks: tuple[Block, ...], start: int) -> int:
    """Return where the run of blocks ends that make up one list, one list of terms,
    or one stretch of lines."""
    first = blocks[start]
    kinds = {
        "item": ("item",),
        "term": ("term", "definition"),
        "definition": ("term", "definition"),
        "paragraph": ("paragraph",),
    }.get(first.kind, ())
    end = start + 1
    while end < len(blocks) and blocks[end].kind in kinds and blocks[end].section == first.section:
        end += 1
    return end


def _card(outline: Outline, index: int, above: Listing) -> Iterator[Entry]:
    """Yield the supplier that a heading names, where what stands below tells what it does,
    where, or what it holds."""
    blocks = outline.context.blocks
    heading = blocks[index]
    direct = len(heading.section) == above.depth + 2
    if not _is_name(outline, heading.text) or not (direct or _grouped(heading, above)):
        return
    entry = Entry(heading.text, Told(), heading, [index])
    for place in range(index + 1, min(index + 1 + _DEEP, len(blocks))):
        block = blocks[place]
        if block.section[: len(heading.section)] != heading.section or block.kind == "heading":
            break
        if not _SPEAKER.match(block.text):
            entry.blocks.append(place)
            more = described.told(outline.context, _labelled(blocks, place))
            again = entry.told.purpose and not described.is_labelled(_labelled(blocks, place))
            entry.told += replace(more, purpose=None) if again else more
    if shows(entry.told):
        yield _grouping(entry, above)


def _grouped(heading: Block, above: Listing) -> bool:
    """Return whether a heading stands below one that groups suppliers by what they do:
    "Sub-processors", "Payments", "Acme"."""
    return len(heading.section) == above.depth + 3 and lexis.is_doing(heading.section[-2])


def _labelled(blocks: tuple[Block, ...], place: int) -> str:
    """Return a block's text, behind its term or label where it has one: "Purpose: hosting"."""
    block, before = blocks[place], blocks[place - 1]
    if block.kind == "row" and len(block.cells) == 2:
        return f"{block.cells[0].text}: {block.cells[1].text}"
    if block.kind == "definition" and before.kind == "term":
        return f"{before.text.rstrip(':')}: {block.text}"
    return "" if block.kind == "term" else block.text


def _items(outline: Outline, start: int, end: int, above: Listing) -> list[Entry]:
    """Return the suppliers of a list, where most of its items name one."""
    blocks = outline.context.blocks
    found: list[Entry] = []
    others = 0
    for index in range(start, end):
        block = blocks[index]
        deeper = found and block.level > found[-1].block.level
        if deeper or (found and described.is_labelled(block.text)):
            found[-1].told += described.told(outline.context, block.text)
            found[-1].blocks.append(index)
        elif (entry := _entry(outline, index, above)) is not None:
            lead = outline.context.lead(index)
            if not entry.told.purpose and lexis.is_doing(lead):
                entry.told += Told(lead.strip(" :"))
            found.append(entry)
        elif not lexis.is_doing(block.text):
            others += 1
    bare = [entry for entry in found if entry.bare and not entry.told]
    if others > len(found) or (len(bare) == len(found) and others):
        return []
    kept = [entry for entry in found if entry.told or (above.sure and above.near)]
    return [_grouping(e, above) for e in kept if above.sure or shows(e.told)]


def _terms(outline: Outline, start: int, end: int, above: Listing) -> list[Entry]:
    """Return the suppliers that a list of terms names, each with what defines it."""
    blocks = outline.context.blocks
    found: list[Entry] = []
    for index in range(start, end):
        block = blocks[index]
        if block.kind == "term" and lexis.is_name(block.text) and lexis.role(block.text) is None:
            found.append(Entry(block.text, Told(), block, [index]))
        elif block.kind == "definition" and found:
            found[-1].told += described.told(outline.context, _labelled_term(blocks, index))
            found[-1].blocks.append(index)
    return [_grouping(e, above) for e in found if (above.sure and e.told) or shows(e.told)]


def _labelled_term(blocks: tuple[Block, ...], index: int) -> str:
    before = blocks[index - 1]
    labels = before.kind == "term" and lexis.role(before.text.rstrip(" :")) is not None
    return _labelled(blocks, index) if labels else blocks[index].text


def _lines(outline: Outline, start: int, end: int, above: Listing) -> list[Entry]:
    """Return the suppliers that a stretch of short lines names: a line each,
    or a line for each name and what it does."""
    blocks = outline.context.blocks
    found: list[Entry] = []
    entry: Entry | None = None
    for index in range(start, end):
        block = blocks[index]
        if len(block.text.split()) > _BRIEF * 2 or _SPEAKER.match(block.text):
            entry = None
        elif _is_name(outline, block.text) and (entry is None or entry.told):
            entry = Entry(block.text, Told(), block, [index], True)
            found.append(entry)
        elif (block.opening or above.sure) and (own := _entry(outline, index, above)) is not None:
            entry = own
            found.append(own)
        elif entry is not None and (entry.bare or described.is_labelled(block.text)):
            entry.told += described.told(outline.context, block.text)
            entry.blocks.append(index)
    return [_grouping(one, above) for one in found if shows(one.told)]


def _entry(outline: Outline, index: int, above: Listing) -> Entry | None:
    """Return the supplier that a line names, and what it says of it behind the name."""
    block = outline.context.blocks[index]
    text = block.text
    if lexis.is_place(text) or len(lexis.BRACKETED.findall(text)) > 1:
        return None
    for name, rest in _cuts(block):
        if not _is_name(outline, name):
            continue
        told = described.told(outline.context, rest)
        if text[len(name) :].startswith(", ") and lexis.is_name(rest):
            told = Told(location=rest)  # a city alone, as addresses print it: "Acme, Oslo"
        if phrases.says("listing", rest) and len(rest.split()) <= 2:
            return None  # a link to the list of another product: "Acme sub-processors"
        if told or above.sure:
            return Entry(name, told, block, [index])
    if _is_name(outline, text):
        return Entry(text, Told(), block, [index], bare=True)
    return None


def _cuts(block: Block) -> Iterator[tuple[str, str]]:
    """Yield the ways to part a line into a name and what is said of it, the likeliest first."""
    text, opening = block.text, block.opening
    if opening and not text[len(opening) :].lstrip().startswith("("):
        yield opening.strip(" :–—-,.("), text[len(opening) :].lstrip(" :–—-,·|")
    for found in _SEPARATOR.finditer(text):
        if found[0] == " (" and _is_short_form(text[found.end() :].partition(")")[0]):
            continue
        yield text[: found.start()], text[found.end() :]
    found_name = _OPENS.match(text) if block.kind == "item" else None
    if found_name:
        rest = text[found_name.end() :]
        if phrases.words("acting").match(rest):
            yield found_name[1], rest


def _is_short_form(text: str) -> bool:
    """Return whether what stands in brackets behind a name is another name:
    "Acme Web Services (AWS)"."""
    return (text.isupper() and not lexis.is_place(text)) or lexis.is_name(text)


def shows(told: Told) -> bool:
    """Return whether what is said is what is said of a supplier, and of nobody else."""
    purpose = told.purpose or ""
    does = len(purpose.split()) <= _BRIEF and phrases.says("doing", purpose)
    return bool(does or told.location or told.standards)


def _grouping(entry: Entry, above: Listing) -> Entry:
    """Return an entry with the heading that groups it for a purpose, where it says none itself."""
    over = entry.block.section[:-1] if entry.block.kind == "heading" else entry.block.section
    heads = over[above.depth + 1 :] if above.depth >= 0 else over[-1:]
    if not entry.told.purpose:
        purpose = next((head for head in reversed(heads) if lexis.is_doing(head)), None)
        entry.told += Told(purpose)
    return entry


def _is_name(outline: Outline, text: str) -> bool:
    """Return whether a line or heading is a name: none of a standard or of the vendor,
    and no word for those whom lists name."""
    bare = lexis.bare(text)
    others = ("listing", "hinting", "supplier")
    said = any(phrases.words(path).fullmatch(bare) for path in others)
    own = bare.casefold() in outline.brands
    return lexis.is_name(bare) and not said and not own and not outline.context.mentions(text)


def claims(found: list[Entry]) -> list[Claim]:
    """Return the claims of entries."""
    return [described.claim(entry.name, entry.told, entry.block, entry.text) for entry in found]
