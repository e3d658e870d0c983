"""Units that limit, date or condition what is claimed → notes, each with its kind.

Whether one does is judged, not ruled.

A note qualifies a claim of its page: where a page claims nothing, nothing is qualified.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.extract import reasons, weighed
from pipeline.extract.context import Context
from pipeline.extract.judgement import Judgement
from pipeline.extract.outline import Outline, Unit, is_name
from pipeline.model import Block, Claim, Note, Source
from pipeline.standards import Mention

NOTED = 0.35
"""From which chance on a unit is a note; chosen on vendors kept aside,
where precision and recall meet.
"""
_ADMONISHED = 0.2
"""The same within a note that the page itself sets apart."""
_APART = 0.6
"""The same where only the page's own heading names a standard: "Do not put PHI into subject lines"
on a HIPAA page.
"""
_KINDS = (
    "region",
    "plan",
    "condition",
    "exclusion",
    "validity",
    "period",
    "availability",
    "responsibility",
    "announcement",
)


@dataclass(frozen=True, slots=True)
class Noted:
    """A unit that is a note: its kind, by how much it is one, and why."""

    unit: Unit
    kind: str
    margin: float
    why: tuple[str, ...]


_WORDS = 4
"""How many words a sentence has at least that is about a claim without naming it."""
_ABOUT = frozenset(
    ("certified", "audited", "paper", "comply", "contract", "cover", "period", "validity")
)
"""What a sentence that names no standard must speak of to be about a claim of its page."""


def find(outline: Outline, limits: frozenset[str], remarks: list[Unit]) -> list[Noted]:
    """Return the notes among a page's units, those of tables last.

    `limits` are sentences known to limit what is held, `remarks` the sentences of tables.
    """
    found: list[Noted] = []
    for unit in (*outline.units, *remarks):
        if unit.kind == "heading" or unit.text.endswith("?") or is_name(unit.text, unit.mentions):
            continue
        said: Note | None
        if unit.text in limits:
            said = _weighed(outline, unit, True) or _said(weighed.note(outline, unit), "exclusion")
        else:
            said = weighed.once(outline, unit, _weighed)
        if said is not None:
            found.append(Noted(unit, *said))
    return found


def _weighed(outline: Outline, unit: Unit, limited: bool = False) -> Note | None:
    """Return what a unit is as a note, None where it is none; one that is `limited` is about a
    claim."""
    about = limited or _is_about(outline, unit)
    if not about and not (unit.topic and len(outline.line(unit.text).words) >= _WORDS):
        return None
    judged = weighed.note(outline, unit)
    needed = _ADMONISHED if unit.kind == "note" else NOTED if about else _APART
    if 1 - judged.of("none") < needed:
        return None
    return _said(judged, max(_KINDS, key=lambda kind: judged.of(kind)))


def _said(judged: Judgement, kind: str) -> Note:
    return kind, round(1 - judged.of("none"), 2), reasons.words("note", judged, kind)


def _is_about(outline: Outline, unit: Unit) -> bool:
    """Return whether a unit may be about a claim: by what it names or speaks of,
    or by its lead or section.
    """
    if unit.mentions or unit.topic_from == "lead":
        return True
    line = outline.line(unit.text)
    if len(line.words) < _WORDS:
        return False
    if unit.topic and len(unit.over) > 1 and _nearby(outline.context, unit.over):
        return True
    return line.speaks(_ABOUT)


def claims(outline: Outline, noted: list[Noted], told: set[str]) -> Iterator[Claim]:
    """Yield the notes of a page; `told` holds the texts that standard claims tell whole already."""
    context = outline.context
    whole: set[int] = set()
    for note in noted:
        block = context.blocks[note.unit.block]
        if block.kind == "note" and note.unit.block not in whole:
            whole.add(note.unit.block)
            yield _claim(context, block, block.text, note)
        elif block.kind != "note" and note.unit.text not in told:
            yield _claim(context, block, note.unit.text, note)
    for index, block in enumerate(context.blocks):
        if block.kind == "note" and index not in whole and context.mentions(block.text):
            yield _claim(context, block, block.text)
        for text in dict.fromkeys(text for cell in block.cells for text in cell.notes):
            yield _claim(context, block, text)


def _claim(context: Context, block: Block, text: str, note: Noted | None = None) -> Claim:
    """Make a note of a text, tied to the standard it names first,
    else to its section's or the page's only one.
    """
    mentions = (
        context.topic_of(text)
        or (_before(context, note.unit.block, text) if note else ())
        or _nearby(context, block.section)
        or context.page_topic
    )
    mention = mentions[0] if mentions and (len(mentions) == 1 or context.topic_of(text)) else None
    return Claim(
        kind="note",
        source=Source(text, block.section, block.line),
        standard=mention.standard if mention else None,
        standard_name=mention.name if mention else None,
        value=text,
        note_kind=note.kind if note else None,
        why=note.why if note else (),
        margin=note.margin if note else None,
    )


def _before(context: Context, place: int, text: str) -> tuple[Mention, ...]:
    """Return the one standard that the sentences before a note name,
    in its own paragraph or the one above it.
    """
    block = context.blocks[place]
    head = block.text.partition(text)[0]
    above = context.blocks[place - 1] if place else None
    texts = [head] if head.strip() else []
    if not texts and above and above.kind == block.kind == "paragraph":
        texts = [above.text] if above.section == block.section else []
    named = {mention.standard: mention for text in texts for mention in context.topic_of(text)}
    return tuple(named.values()) if len(named) == 1 else ()


def _nearby(context: Context, section: tuple[str, ...]) -> tuple[Mention, ...]:
    for heading in reversed(section[1:]):
        if found := context.topic_of(heading):
            return found
    return ()
