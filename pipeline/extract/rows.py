"""A table row about a standard → its claim: the label names it,
the other cells say how it is held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline import words
from pipeline.extract import (
    attributes,
    headers,
    reasons,
    remarks,
    services,
    vocabulary,
    weighed,
)
from pipeline.extract.attributes import Statement
from pipeline.extract.clauses import Clause
from pipeline.extract.context import Context
from pipeline.extract.headers import header
from pipeline.extract.judged import CLAIMED
from pipeline.extract.judgement import Judgement
from pipeline.extract.outline import Outline, Unit
from pipeline.model import STANCES, Block, Cell, Claim, Source, Stance
from pipeline.standards import Mention

_STATUS_WORDS = 5
"""How many words a status has at most: what is longer tells a story."""


@dataclass
class Tables:
    """What tables say, gathered in page order, and what of them was not understood."""

    claims: list[Claim] = field(default_factory=list)
    not_understood: list[str] = field(default_factory=list)
    parts: set[str] = field(default_factory=set)
    """Services whose own stance a table tells: the page's parts,
    for none of which it speaks as a whole.
    """
    remarks: list[Unit] = field(default_factory=list)
    """Sentences that rows print beside or below the name of their standard:
    some of them are notes.
    """


def at(block: Block) -> str:
    return f"line {block.line}: " if block.line else ""


def row(outline: Outline, index: int, block: Block, found: Tables) -> None:
    """Read a row about a standard: its label, then what the other cells say of it."""
    context = outline.context
    label = _label(context, block)
    if label is None:
        return
    said = _stance(outline, index, block, label, found)
    if said is None:
        return
    marks: dict[str, str] = {}
    for cell in block.cells:
        if cell is not label:
            marks |= headers.attributes_of(cell)
    told = list(remarks.beside(outline, index, block, label))
    found.remarks += told
    marks |= _dated(told)
    if said.stance == "claimed":
        found.claims += _products(context, block, label)
    found.claims += [
        _claim(m, said, marks | _printed(context, block, label, m), block, label)
        for m in _levels(context, label.text)
    ]


def _dated(told: list[Unit]) -> dict[str, str]:
    """Return until when a row's sentences say that its certificate is valid, where one does."""
    dates = [valid for unit in told if (valid := attributes.validity(unit.text))]
    return {"valid": dates[0]} if len(dates) == 1 else {}


STATED = 0.5
"""From which chance on the stance of a status column's cell is known:
"Phase two" is a status that nobody has told us of.
"""


@dataclass(frozen=True, slots=True)
class Said:
    """How a row's standard is held, by which cell, and how sure that is."""

    stance: Stance
    cell: Cell
    judged: Judgement


def _stance(outline: Outline, index: int, block: Block, label: Cell, found: Tables) -> Said | None:
    """Return what a row says of its standard: its status column, else the surest of its cells.

    None for nothing.
    """
    others = [cell for cell in block.cells if cell is not label and cell.text]
    status = [
        cell
        for cell in others
        if headers.STATUS.search(header(cell))
        and not headers.ASSESSOR.search(header(cell))
        and (not headers.PAPERS.search(header(cell)) or headers.answers(cell.text))
    ]
    if any(vocabulary.BLANK.match(cell.text) for cell in status[:1]):
        return None
    named = _said(label, _judged(outline, index, block, label, label))
    if named and named.stance in ("not_claimed", "planned") and _says_more(outline, label):
        return named  # "PCI DSS 3.2.1 (expired)"
    best: Said | None = None
    for cell in status or others:
        if headers.REFERENCE.search(header(cell)) or (not status and headers.is_when(cell)):
            continue
        judged = _judged(outline, index, block, cell, label)
        said = _said(cell, judged)
        if said and cell in status and judged.of(said.stance) < STATED:
            said = None
        unknown = cell in status and (said is None or said.stance == "unknown")
        if unknown and len(cell.text.split()) <= _STATUS_WORDS:
            found.not_understood.append(f"{at(block)}status “{cell.text}” is not known")
            best = best or Said("unknown", cell, judged)
        elif said and (best is None or said.judged.of(said.stance) > best.judged.of(best.stance)):
            best = said
    if best is None and not status and _documented(outline, others):
        return named or Said("claimed", label, _judged(outline, index, block, label, label))
    return best or (None if status else named)


def _says_more(outline: Outline, label: Cell) -> bool:
    """Return whether a label has a word of its own beside the names that it prints."""
    rest = label.text
    for mention in reversed(outline.context.mentions(label.text)):
        rest = rest[: mention.start] + rest[mention.end :]
    return any(char.isalpha() for char in rest)


def _documented(outline: Outline, cells: list[Cell]) -> bool:
    """Return whether a cell links to a paper below a column of papers:
    who has its report was examined.
    """
    return any(
        cell.links and any(tag.name == "paper" for tag in outline.line(header(cell)).tags)
        for cell in cells
    )


def _said(cell: Cell, judged: Judgement) -> Said | None:
    stance = max(STANCES, key=lambda stance: judged.of(stance))
    return Said(stance, cell, judged) if judged.of(*STANCES) >= CLAIMED else None


def _judged(outline: Outline, index: int, block: Block, cell: Cell, label: Cell) -> Judgement:
    """Return the judgement of a cell, read with its column and its row's label
    as what leads to it.
    """
    context, own = outline.context, cell is label
    lead = "" if own else " · ".join(part for part in (header(cell), label.text) if part)
    topic = () if own else context.topic_of(label.text)
    mentions = outline.leveled(cell.text, context.mentions(cell.text), topic)
    unit = Unit(index, "item", cell.text, lead, block.section, mentions, topic, "lead")
    wanted = {mention.standard for mention in context.topic_of(label.text)}
    judgements = [
        one.judged for one in weighed.standards(outline, unit) if one.mention.standard in wanted
    ]
    return max(judgements, key=lambda judged: judged.of(*STANCES))


def ticked(context: Context, block: Block, label: Cell) -> list[Claim]:
    """Return the claims of a row that ticks say to be held, with the editions
    and levels that its label prints.
    """
    return [listed(mention, block, label.text) for mention in _levels(context, label.text)]


def _products(context: Context, block: Block, label: Cell) -> Iterator[Claim]:
    """Yield the services that the row's "Products" cell puts into the standard's scope."""
    for cell in block.cells:
        if cell is not label and headers.PRODUCTS.match(header(cell)):
            for name in services.split(cell.text, sentence=True):
                if services.nameable(name):
                    yield from services.listed(
                        services.Entry(name, block, notes=cell.notes),
                        context.topic_of(label.text),
                        "in",
                    )


def _label(context: Context, block: Block) -> Cell | None:
    """Return the cell that names the row's standard: below "Standard", "Title" …,
    else the first that names one.
    """
    named = [
        c
        for c in block.cells[:3]
        if context.topic_of(c.text)
        and len(c.text.split()) <= 24
        and not vocabulary.IMPERATIVE.match(c.text)
    ]
    headed = [
        cell
        for cell in named
        if headers.STANDARDS.search(header(cell)) and not headers.REFERENCE.search(header(cell))
    ]
    label = next(iter(headed or named), None)
    if label is None or label is block.cells[0]:
        return label
    return (
        None
        if headers.REFERENCE.search(header(label)) or headers.DESCRIBES.search(header(label))
        else label
    )


def _printed(context: Context, block: Block, label: Cell, mention: Mention) -> dict[str, str]:
    """Return the edition and level that the row's other cells print
    of its standard, where they agree.
    """
    others = [
        m
        for cell in block.cells
        if cell is not label and not headers.REFERENCE.search(header(cell))
        for m in context.mentions(cell.text)
    ]
    found: dict[str, str] = {}
    for key in ("edition", "level"):
        values = {
            getattr(m, key) for m in others if m.standard == mention.standard and getattr(m, key)
        }
        if len(values) == 1:
            found[key] = values.pop()
    return found


def _levels(context: Context, text: str) -> tuple[Mention, ...]:
    """Return a label's standards; a level printed once behind joined names ("SOC 1 and SOC 2 Type
    2") is the level of each.
    """
    mentions = {(m.standard, m.edition, m.level): m for m in context.mentions(text)}
    topics = {m.standard for m in context.topic_of(text)}
    kept = [m for m in mentions.values() if m.standard in topics]
    last = next((m.level for m in reversed(kept) if m.level), None)
    return tuple(
        m._replace(level=last)
        if last and m.level is None and _has_level(context, m.standard, last)
        else m
        for m in kept
    )


def _has_level(context: Context, standard: str, level: str) -> bool:
    known = context.catalogue.get(standard)
    return known is not None and level in known.levels


def listed(mention: Mention, block: Block, text: str) -> Claim:
    """Make the claim that a list or column of a standard makes without a sentence of its own."""
    return Claim(
        kind="standard",
        source=Source(text, block.section, block.line),
        standard=mention.standard,
        standard_name=mention.name,
        edition=mention.edition,
        level=mention.level,
        stance="claimed",
        basis="listed",
    )


def _claim(mention: Mention, said: Said, marks: dict[str, str], block: Block, label: Cell) -> Claim:
    clause = Clause(0, words.straight(said.cell.text))
    placed = mention._replace(start=0, end=0) if said.cell is not label else mention
    told = attributes.completed(Statement(placed, said.stance, None), clause)
    return Claim(
        kind="standard",
        source=Source(label.text, block.section, block.line),
        standard=mention.standard,
        standard_name=mention.name,
        edition=mention.edition or marks.get("edition"),
        level=mention.level or marks.get("level"),
        stance=said.stance,
        basis=told.basis or "listed",
        authority=told.authority or marks.get("authority"),
        assessor=told.assessor or marks.get("assessor"),
        valid=told.valid or marks.get("valid"),
        cadence=told.cadence or marks.get("cadence"),
        why=reasons.words("standard", said.judged, said.stance),
        margin=round(said.judged.of(said.stance), 2),
    )
