"""Units → the claims, notes and doubts that the learned judges make of them.

Who holds a claim is `holders`' to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.extract import attributes, holders, questions, reasons, suppliers, weighed
from pipeline.extract.attributes import Statement
from pipeline.extract.clauses import Clause
from pipeline.extract.outline import Outline, Unit, is_name
from pipeline.extract.weighed import Weighed
from pipeline.model import STANCES, Block, Claim, Source, Stance
from pipeline.standards import Mention

CLAIMED = 0.45
"""From which chance on a unit is a claim; chosen on vendors that were left out of the training."""
CARD = 0.75
"""The same for a heading or a list's entry that only names a standard, where nothing but the
headings above it can tell: "SOC 3" below "Resources".
"""
INHERITED = 0.7
"""The same for a standard that only a heading above names,
where no sentence below it says more by name.
"""
DENIED = 0.55
"""From which chance on a sentence that names a standard denies it: a mention taken for a denial
would alert at once ("This is no statement about HIPAA").
"""
EXPECTED = 0.4
"""From which chance on a sentence that names a standard plans it: what has come true reads nearly
so ("In 2024 the certification was transitioned to the 2022 edition").
"""
DOUBTED = 0.35
"""From which chance on a unit that is not told as a claim is named as not understood."""
_OPENING, _CLOSING = '“„«"', '”“»"'
"""Quotation marks, as the languages that are read print them."""

Place = tuple[str | None, tuple[str, ...]]
"""A standard and the section that speaks of it."""


@dataclass
class Judged:
    """What was made of a document's units: claims in page order,
    and sentences that left a doubt.
    """

    claims: list[Claim] = field(default_factory=list)
    not_understood: list[str] = field(default_factory=list)
    inherited: set[Claim] = field(default_factory=set)
    leads: set[tuple[str, str | None]] = field(default_factory=set)
    """Texts that name a standard of which what they lead to says how it is held:
    "SOC 2" above "Under audit".
    """


def read(outline: Outline) -> Judged:
    """Judge every unit of a page but its tables."""
    found = Judged()
    cards: list[Claim] = []
    for unit in outline.units:
        if not (unit.mentions or unit.topic) or unit.text.endswith("?") or _is_quoted(unit.text):
            continue
        if suppliers.is_about_one(outline, unit):
            continue
        if unit.kind != "heading":
            for one in weighed.standards(outline, unit):
                _judge(outline, unit, one, found)
        elif is_name(unit.text, unit.mentions) and unit.over:
            cards += _named(outline, unit)
    answered = _sections(found.claims)
    found.inherited |= {card for card in cards if _place(card) not in answered}
    own = [claim for claim in found.claims if claim not in found.inherited]
    answered = _sections(own)
    kept = [c for c in found.claims if c not in found.inherited or _place(c) not in answered]
    kept += [card for card in cards if card in found.inherited]
    kept = [claim for claim in kept if (claim.text, claim.standard) not in found.leads]
    found.claims = _dated(outline, _without_denied_plans(kept))
    return found


def _place(claim: Claim) -> Place:
    return claim.standard, claim.source.section


def _sections(said: list[Claim]) -> set[Place]:
    """Return for each claim its section and those around it,
    where its standard has been spoken of.
    """
    found: set[Place] = set()
    for claim in said:
        section = claim.source.section
        found |= {(claim.standard, section[:depth]) for depth in range(len(section) + 1)}
    return found


def _without_denied_plans(said: list[Claim]) -> list[Claim]:
    """Return claims without denials that are half a plan:
    "Not yet. We expect the certificate in May."
    """
    planned = {_place(claim) for claim in said if claim.stance == "planned"}
    return [c for c in said if c.stance != "not_claimed" or _place(c) not in planned]


def _dated(outline: Outline, said: list[Claim]) -> list[Claim]:
    """Return claims with the validity that the sentence behind them tells:
    "The certificate is valid until 23 April 2025."
    """
    dated = {claim: claim for claim in said}
    last: list[Claim] = []
    texts: dict[str, list[Claim]] = {}
    for claim in said:
        texts.setdefault(claim.text, []).append(claim)
    over: tuple[str, ...] = ()
    for unit in outline.units:
        if unit.over != over:
            over, last = unit.over, []
        if unit.text in texts:
            last = texts[unit.text]
        elif len(last) == 1 and not unit.mentions and not last[0].valid:
            valid = attributes.validity(unit.text) if _points_back(outline, unit) else None
            dated[last[0]] = replace(last[0], valid=valid)
    return [dated[claim] for claim in said]


def _points_back(outline: Outline, unit: Unit) -> bool:
    """Return whether a sentence begins with the paper of the one
    before it ("The certificate …", "Our report …").
    """
    return any(tag.name == "paper" and tag.start < 3 for tag in outline.line(unit.text).tags)


def _is_quoted(text: str) -> bool:
    """Return whether a text is what somebody else said: a customer's praise in quotation marks."""
    return text[:1] in _OPENING and len(text.split()) > 3 and text.rstrip()[-1:] in _CLOSING


def answers(outline: Outline, body: list[tuple[int, Block]]) -> Judged:
    """Judge the answers in a table of questions."""
    made = Judged()
    for index, block in body:
        answered = sentences(outline, list(questions.units(outline, index, block)))
        made.claims += answered.claims
        made.not_understood += answered.not_understood
    made.claims = _without_denied_plans(made.claims)
    return made


def sentences(outline: Outline, units: list[Unit]) -> Judged:
    """Judge the sentences below a standard's name; one that names a standard outweighs those that
    do not."""
    made = Judged()
    asked = [(unit, one) for unit in units for one in weighed.standards(outline, unit)]
    named = {one.mention.standard for _, one in asked if one.source == "text"}
    for unit, one in asked:
        if one.source == "text" or one.mention.standard not in named:
            _judge(outline, unit, one, made)
    return made


def _named(outline: Outline, unit: Unit) -> list[Claim]:
    """Return what a standard's bare name claims: a card's heading,
    below one that says that such are held.
    """
    found: list[Claim] = []
    for one in weighed.standards(outline, unit):
        if one.judged.of("claimed") >= CARD:
            found.append(_claim(outline, unit, one, _boxed(outline, unit, "claimed")))
    return found


def _boxed(outline: Outline, unit: Unit, stance: Stance) -> Stance:
    """Return the stance of an entry, which is a plan behind an open box of a task list,
    as roadmaps have them ("- [ ] SOC 2 Type II report").
    """
    is_open = outline.context.blocks[unit.block].label == "unchecked"
    return "planned" if is_open and stance in ("claimed", "supports") else stance


def _needed(unit: Unit, one: Weighed) -> float:
    """Return from which chance on a unit is a claim."""
    if one.source == "heading":
        return INHERITED
    bare = unit.kind == "item" and not unit.lead and is_name(unit.text, unit.mentions)
    return CARD if bare else CLAIMED


def _judge(outline: Outline, unit: Unit, one: Weighed, found: Judged) -> None:
    judged = one.judged
    chance = judged.of(*STANCES)
    stance = max(STANCES, key=lambda stance: judged.of(stance))
    if chance >= _needed(unit, one) and not _is_faint(unit, one, stance):
        claim = _claim(outline, unit, one, _boxed(outline, unit, stance))
        found.claims.append(claim)
        if one.source == "heading":
            found.inherited.add(claim)
        if one.source == "lead" or (stance != "claimed" and _title(outline, unit, one)):
            found.leads.add((unit.lead, one.mention.standard))
    elif chance >= DOUBTED and one.source == "text":
        line = outline.context.blocks[unit.block].line
        where = f"line {line}: " if line else ""
        found.not_understood.append(
            f"{where}not sure what “{unit.text}” says of {one.mention.name}"
        )


def _is_faint(unit: Unit, one: Weighed, stance: Stance) -> bool:
    """Return whether a sentence is too unsure a denial or plan; below a title that is a standard's
    name a denial speaks of that standard, sure or not.
    """
    if one.source != "text" or stance not in ("planned", "not_claimed"):
        return False
    if stance == "planned":
        return one.judged.of(stance) < EXPECTED
    named = {mention.standard for mention in unit.topic} if unit.topic_from == "lead" else set()
    return one.judged.of(stance) < DENIED and one.mention.standard not in named


def _title(outline: Outline, unit: Unit, one: Weighed) -> Mention | None:
    """Return the bare name above a sentence of the standard
    that the sentence names itself: a card's title.
    """
    if one.source != "text" or unit.topic_from != "lead":
        return None
    over = (mention for mention in unit.topic if mention.standard == one.mention.standard)
    bare = is_name(unit.lead, outline.context.mentions(unit.lead))
    return next(over, None) if bare else None


def _claim(outline: Outline, unit: Unit, one: Weighed, stance: Stance) -> Claim:
    block, mention, judged = outline.context.blocks[unit.block], one.mention, one.judged
    level = mention.level or outline.context.level_in(unit.text, mention.standard)
    if title := _title(outline, unit, one):
        level = level or title.level
        mention = mention._replace(edition=mention.edition or title.edition)
    if one.source != "text":
        mention = mention._replace(start=0, end=0)
    said = attributes.completed(Statement(mention, stance, None, level=level), Clause(0, unit.text))
    return Claim(
        kind="standard",
        source=Source(unit.text, block.section, block.line),
        subject=holders.subject(outline, unit, mention),
        standard=mention.standard,
        standard_name=mention.name,
        edition=mention.edition,
        level=said.level,
        stance=stance,
        basis=said.basis or "listed",
        authority=said.authority,
        assessor=said.assessor,
        valid=said.valid,
        cadence=said.cadence,
        why=reasons.words("standard", judged, stance),
        margin=round(judged.of(stance), 2),
    )
