"""A table of services and how each stands → services in and out of scope, and the stance of those
that are on their way.

"Service | Impact level | Status" of a marketplace, or a column for each status with a mark in one
of them. The standard is named by the status itself, by its column, or by what stands right above
the table; no row's label names one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.extract import reasons, rows, services, vocabulary, weighed
from pipeline.extract.headers import header
from pipeline.extract.judged import CLAIMED
from pipeline.extract.judgement import Judgement
from pipeline.extract.outline import Outline, Unit
from pipeline.extract.rows import Tables
from pipeline.model import STANCES, Block, Cell, Claim, Source, Stance
from pipeline.standards import Mention

_SERVICE = re.compile(
    r"\b(?:services?|products?|offerings?|applications?|platforms?|solutions?|modules?"
    r"|systems?|environments?)\b",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"\b(?:status|state|standing|designation|progress|stage|stand)\b", re.IGNORECASE
)
_LEVEL = re.compile(r"\b(?:level|impact|baseline|tier|class)\b", re.IGNORECASE)
_STEP = re.compile(
    r"\b(?:authori[sz]ed|certified|attested|compliant|in process|in progress|ready|planned"
    r"|pending|under review|achieved"
    r"|(?:in|under) (?:audit|review|assessment|preparation)|roadmap|expected|scheduled"
    r"|submitted|zertifiziert|geplant|in vorbereitung"
    r"|certifiée?s?|en cours|prévue?s?)\b",
    re.IGNORECASE,
)
"""What a column is called that marks one status."""
_RELEASED = re.compile(
    r"^(?:(?:generally|publicly|now) )?(?:available|ga|preview|beta|alpha|deprecated|retired"
    r"|live|online|supported)\b",
    re.IGNORECASE,
)
"""How far a feature is in its own life, which says nothing of a standard."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A service of one row, what its status is called, and of which standard and level."""

    service: Cell
    status: str
    column: str
    mention: Mention
    level: str | None


def read(outline: Outline, body: list[tuple[int, Block]], found: Tables) -> bool:
    """Read a table of services by status; return whether it is one."""
    standings = [
        (index, block, standing)
        for index, block in body
        if (standing := _standing(outline, index, block))
    ]
    if not standings or len(standings) < 0.5 * len(body):
        return False
    for index, block, standing in standings:
        judged = _judged(outline, index, block, standing)
        stance = max(STANCES, key=lambda stance: judged.of(stance))
        if judged.of(*STANCES) < CLAIMED:
            found.not_understood.append(f"{rows.at(block)}status “{standing.status}” is not known")
            continue
        found.claims += _claims(block, standing, stance, judged)
        found.parts.add(services.service(standing.service.text).name)
    return True


def _standing(outline: Outline, index: int, block: Block) -> Standing | None:
    context = outline.context
    service = next((c for c in block.cells if c.text and _SERVICE.search(header(c))), None)
    if service is None or context.topic_of(service.text) or not services.nameable(service.text):
        return None
    status, column = _status(block)
    if not status or _RELEASED.match(status) or len(status.split()) > 6:
        return None
    above = (status, column, context.lead(index), *block.section[-1:])
    named = next((found for text in above if (found := context.topic_of(text))), ())
    if len(named) != 1:
        return None
    return Standing(service, status, column, named[0], _level(outline, block, named[0]))


def _status(block: Block) -> tuple[str, str]:
    """Return what a row's status is called, and its column: the text below "Status", or the column
    that is marked."""
    for cell in block.cells:
        if _STATUS.search(header(cell)) and cell.text and not vocabulary.BLANK.match(cell.text):
            return cell.text, header(cell)
    steps = [cell for cell in block.cells if _STEP.search(header(cell))]
    marked = [cell for cell in steps if vocabulary.TICK.match(cell.text)]
    return (header(marked[0]), "") if len(steps) > 1 and len(marked) == 1 else ("", "")


def _level(outline: Outline, block: Block, mention: Mention) -> str | None:
    """Return the level of a row: of its own column, else the one that the status names."""
    for cell in block.cells:
        if _LEVEL.search(header(cell)) and not _SERVICE.search(header(cell)):
            levels = outline.context.catalogue.levels(cell.text, mention.standard)
            return levels[0].level if levels else None
    return mention.level


def _judged(outline: Outline, index: int, block: Block, standing: Standing) -> Judgement:
    """Return the judgement of a status, read as the status of its standard."""
    context, text = outline.context, standing.status
    lead = " · ".join(part for part in (standing.column, standing.mention.name) if part)
    unit = Unit(
        *(index, "item", text, lead, block.section),
        *(context.mentions(text), (standing.mention,), "lead"),
    )
    return max(
        (one.judged for one in weighed.standards(outline, unit)),
        key=lambda judged: judged.of(*STANCES),
    )


def _claims(block: Block, standing: Standing, stance: Stance, judged: Judgement) -> Iterator[Claim]:
    """Yield what a row claims: a service in scope or out of it, and its stance where it has a level
    or is on its way."""
    name = standing.service.text
    if stance in ("claimed", "not_claimed"):
        yield from services.listed(
            services.Entry(name, block, group=standing.level, notes=standing.service.notes),
            (standing.mention,),
            "in" if stance == "claimed" else "out",
        )
    if stance == "not_claimed" or (stance == "claimed" and standing.level is None):
        return
    yield Claim(
        kind="standard",
        source=Source(standing.status, block.section, block.line),
        subject=services.service(name).name,
        standard=standing.mention.standard,
        standard_name=standing.mention.name,
        edition=standing.mention.edition,
        level=standing.level,
        stance=stance,
        basis="listed",
        why=reasons.words("standard", judged, stance),
        margin=round(judged.of(stance), 2),
    )
