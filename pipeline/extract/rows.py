"""A table row about a standard → its claim: the label names it, the other cells say how it is held."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipeline import words
from pipeline.extract import attributes, services, vocabulary
from pipeline.extract.attributes import Statement
from pipeline.extract.clauses import Clause
from pipeline.extract.context import Context
from pipeline.extract.statements import spoken, statements
from pipeline.model import Block, Cell, Claim, Source, Stance
from pipeline.standards import Mention

STATUS = re.compile(
    r"\b(?:status|state|certified|compliant|held|available|availability|achieved|coverage|supported|result|progress|stage)\b",
    re.IGNORECASE,
)
STANDARDS = re.compile(
    r"\b(?:standards?|certifications?|frameworks?|compliance|regulations?|programs?|programmes?|attestations?|accreditations?|schemes?|assurance|title|law|reports?|audits?)\b",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"\b(?:link|mapping|reference|control|requirement|clause|section|article|question|answer)\b",
    re.IGNORECASE,
)
PRODUCTS = re.compile(
    r"^(?:(?:covered|in-scope|applicable|certified|our) )?(?:products?|services?|platforms?|applies to|offerings?)(?: covered| in scope| included)?$",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(
    r"\b(?:descriptions?|details?|notes?|comments?|meaning|purpose|examples?)\b", re.IGNORECASE
)
_EDITION = re.compile(r"\b(?:edition|version|revision|year)\b", re.IGNORECASE)
_LEVEL = re.compile(r"\b(?:level|impact|type|tier|class|grade)\b", re.IGNORECASE)
_VALID = re.compile(r"\b(?:valid|validity|expir\w*|until|period|renewal|expires)\b", re.IGNORECASE)
_ASSESSOR = re.compile(
    r"\b(?:auditor|assessor|certif\w+ body|registrar|3pao|audited by|assessed by|audit firm|certified by)\b",
    re.IGNORECASE,
)
_CERTIFIED_BY = re.compile(r"\b(?:certified|audited|assessed|attested|issued) by\b", re.IGNORECASE)
_PAPERS = re.compile(
    r"\b(?:evidence|artifacts?|artefacts?|documents?|documentation|reports?)\b", re.IGNORECASE
)
"""Columns of what backs a claim, which tell no status of their own ("Evidence available")."""
_AUTHORITY = re.compile(
    r"\b(?:authority|authori[sz]ing|sponsor|granted by|issued by|issuer|accreditation body)\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    rf"{vocabulary.PLANNED_LEAD.pattern}|\b(?:expected|scheduled|under|submitted|pursuing|target(?:ed|ing)|not yet)\b|\b[QH][1-4]\b",
    re.IGNORECASE,
)
_EXAMINED = re.compile(r"\b(?:review|assessment)\b", re.IGNORECASE)
"""What is still to come where a status says no more than this; "Completed the self-assessment" does."""
_VALID_STILL = re.compile(r"\bvalid (?:until|through|till|to|for)\b", re.IGNORECASE)
_CADENCE = re.compile(r"\b(?:frequency|cadence|how often|interval|cycle)\b", re.IGNORECASE)


@dataclass
class Tables:
    """What tables say, gathered in page order, and what of them was not understood."""

    claims: list[Claim] = field(default_factory=list)
    not_understood: list[str] = field(default_factory=list)


def header(cell: Cell) -> str:
    """Return a cell's column as one text."""
    return " ".join(dict.fromkeys(cell.headers))


def at(block: Block) -> str:
    return f"line {block.line}: " if block.line else ""


def row(context: Context, index: int, block: Block, found: Tables) -> None:
    """Read a row about a standard: its label, then what the other cells say of it."""
    label = _label(context, block)
    if label is None:
        return
    lead, told = context.standing(index)
    stance: Stance | None = lead
    said: Statement | None = None
    marks: dict[str, str] = {}
    for cell in (c for c in block.cells if c is not label):
        status, mark = _status(cell, found, block, lead)
        stance = status or stance
        if mark == "none":
            return
        marks |= _attributes(cell)
        said = said or _described(context, cell, label)
    if said and not any(STATUS.search(header(cell)) for cell in block.cells):
        stance = said.stance if stance in (None, "claimed", "supports") else stance
    own = statements(label.text, context.mentions(label.text), elliptic=True)
    stance = "not_claimed" if vocabulary.GONE.search(label.text) else stance
    if stance is None and (own or _documents(block)):
        stance = own[0].stance if own else "claimed"
    if stance is None or (told and lead is None and said is None and not own):
        return
    if stance == "claimed":
        found.claims += _products(context, block, label)
    found.claims += [
        _claim(m, stance, said, marks | _printed(context, block, label, m), block, label)
        for m in _levels(context, label.text)
    ]


def ticked(context: Context, block: Block, label: Cell) -> list[Claim]:
    """Return the claims of a row that ticks say to be held, with the editions and levels that its label prints."""
    return [
        _claim(mention, "claimed", None, {}, block, label)
        for mention in _levels(context, label.text)
    ]


def _products(context: Context, block: Block, label: Cell) -> Iterator[Claim]:
    """Yield the services that the row's "Products" cell puts into the standard's scope."""
    for cell in block.cells:
        if cell is not label and PRODUCTS.match(header(cell)):
            for name in services.split(cell.text, sentence=True):
                if services.nameable(name):
                    yield from services.listed(
                        name, context.topic_of(label.text), "in", block, notes=cell.notes
                    )


def _label(context: Context, block: Block) -> Cell | None:
    """Return the cell that names the row's standard: below "Standard", "Title" …, else the first that names one."""
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
        if STANDARDS.search(header(cell)) and not REFERENCE.search(header(cell))
    ]
    label = next(iter(headed or named), None)
    if label is None or label is block.cells[0]:
        return label
    return None if REFERENCE.search(header(label)) or _DESCRIBES.search(header(label)) else label


def _printed(context: Context, block: Block, label: Cell, mention: Mention) -> dict[str, str]:
    """Return the edition and level that the row's other cells print of its standard, where they agree."""
    others = [
        m
        for cell in block.cells
        if cell is not label and not REFERENCE.search(header(cell))
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
    """Return a label's standards; a level printed once behind joined names ("SOC 1 and SOC 2 Type 2") is the level of each."""
    mentions = {(m.standard, m.edition, m.level): m for m in context.mentions(text)}
    topics = {m.standard for m in context.topic_of(text)}
    kept = [m for m in mentions.values() if m.standard in topics]
    last = next((m.level for m in reversed(kept) if m.level), None)
    return tuple(
        replace(m, level=last)
        if last and m.level is None and _has_level(context, m.standard, last)
        else m
        for m in kept
    )


def _has_level(context: Context, standard: str, level: str) -> bool:
    known = context.catalogue.get(standard)
    return known is not None and level in known.levels


def _status(
    cell: Cell, found: Tables, block: Block, lead: Stance | None
) -> tuple[Stance | None, str]:
    """Return the stance of a status cell; "none" as mark when the cell says that there is nothing to claim.

    Where a lead tells the stance of the rows, a cell of many words tells how, and no other.
    """
    text = cell.text
    if (
        not STATUS.search(header(cell))
        or _ASSESSOR.search(header(cell))
        or (_PAPERS.search(header(cell)) and not _answers(text))
    ):
        return ("planned", "") if len(text.split()) <= 4 and _TO_COME.match(text) else (None, "")
    if vocabulary.BLANK.match(text):
        return None, "none"
    if vocabulary.NO.match(text) or vocabulary.OUT_OF_SCOPE.search(text):
        return "not_claimed", ""
    if _TO_COME.search(text) or (_EXAMINED.search(text) and not vocabulary.HELD_LEAD.match(text)):
        return "planned", ""
    if vocabulary.TICK.match(text) or _VALID_STILL.search(text):
        return "claimed", ""
    said = spoken(text)
    if said is not None:
        return said, ""
    if vocabulary.HELD_LEAD.search(text):
        return "claimed", ""
    if vocabulary.SUPPORTS_LEAD.match(text):
        return "supports", ""
    if lead and len(text.split()) > 6:
        return None, ""
    found.not_understood.append(f"{at(block)}status “{text}” is not known")
    return "unknown", ""


def _answers(text: str) -> bool:
    return any(
        pattern.match(text) for pattern in (vocabulary.TICK, vocabulary.NO, vocabulary.BLANK)
    )


def _described(context: Context, cell: Cell, label: Cell) -> Statement | None:
    """Return what a description says of the row's standard; the standard itself may go unnamed ("complies with this framework")."""
    wanted = {m.standard: m for m in context.topic_of(label.text)}
    for sentence in words.sentences(cell.text):
        for said in statements(sentence, context.mentions(sentence), elliptic=True):
            if said.mention.standard in wanted:
                return replace(
                    said, level=said.level or context.level_in(sentence, said.mention.standard)
                )
        unnamed = "claimed" if _VALID_STILL.search(sentence) else spoken(sentence)
        if unnamed and wanted and len(sentence.split()) > 3:
            mention = replace(next(iter(wanted.values())), start=0, end=0)
            said = Statement(
                mention, unnamed, None, level=context.level_in(sentence, mention.standard)
            )
            return attributes.completed(said, Clause(0, words.straight(sentence)))
    return None


def _documents(block: Block) -> bool:
    """Return whether the row names a document of what is held, or who certified it."""
    if any(
        _CERTIFIED_BY.search(header(cell)) and not vocabulary.BLANK.match(cell.text)
        for cell in block.cells
    ):
        return True
    return any(
        re.search(r"\b(?:certificate|report|attestation|letter)\b", header(cell), re.IGNORECASE)
        and cell.text
        for cell in block.cells
    )


def _attributes(cell: Cell) -> dict[str, str]:
    name, text = header(cell), cell.text
    if (
        not text
        or vocabulary.BLANK.match(text)
        or vocabulary.TICK.match(text)
        or len(text.split()) > 8
    ):
        return {}
    for key, pattern in (
        ("assessor", _ASSESSOR),
        ("authority", _AUTHORITY),
        ("valid", _VALID),
        ("cadence", _CADENCE),
        ("edition", _EDITION),
        ("level", _LEVEL),
    ):
        if pattern.search(name) and (pattern is _ASSESSOR or not STATUS.search(name)):
            return {key: text}
    return {}


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


def _claim(
    mention: Mention,
    stance: Stance,
    said: Statement | None,
    marks: dict[str, str],
    block: Block,
    label: Cell,
) -> Claim:
    mine = said if said and said.mention.standard == mention.standard else None
    return Claim(
        kind="standard",
        source=Source(label.text, block.section, block.line),
        subject=said.subject if said else None,
        standard=mention.standard,
        standard_name=mention.name,
        edition=mention.edition or (mine.mention.edition if mine else None) or marks.get("edition"),
        level=mention.level or (mine.level if mine else None) or marks.get("level"),
        stance=stance,
        basis=(said.basis if said else None) or "listed",
        authority=(said.authority if said else None) or marks.get("authority"),
        assessor=(said.assessor if said else None) or marks.get("assessor"),
        valid=(said.valid if said else None) or marks.get("valid"),
        cadence=(said.cadence if said else None) or marks.get("cadence"),
    )
