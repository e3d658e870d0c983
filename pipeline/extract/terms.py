"""Lines that say until when, for which period or by whom → the claim of their card, entry or
section.

"Valid until: June 2027" says nothing of a standard by itself. What it is of is told by what stands
over it: the entry that it hangs below, the name of its card, the sentence before it, else its
heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline import words
from pipeline.extract import attributes, labels
from pipeline.extract.context import Context
from pipeline.model import Block, Claim
from pipeline.standards import Mention

_ROLES = {"until": "valid", "period": "valid", "assessor": "assessor"}
_DATED = re.compile(r"\d{4}|\d\d?\.\d\d?\.\d\d")
_PAPER = re.compile(
    r"^(?:(?:the|this|our|its|das|die|dieses|unser|le|ce|el|la|il) )?(?:\w+ )?(?:it"
    r"|certificat\w*|certification|report|attestation|audit|examination"
    r"|zertifikat|bericht|rapport|certificado|er|es|elle|il)\b"
    r"|^(?:expires?|valid|gültig|valable|válid[oa])\b",
    re.IGNORECASE,
)
"""How a sentence begins that speaks of the paper of the one before it, or only dates it."""
_EXPLAINS = re.compile(
    r"^(?:how|why)\b(?!.*\?)|\b(?:explained|examples?|sample|glossary)\b", re.IGNORECASE
)
"""How a section is headed that shows what a certificate looks like."""
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Term:
    """What a line adds to a claim: which attribute, its value, in which sentence or line, of which
    standards."""

    name: str
    value: str
    text: str
    mentions: tuple[Mention, ...]
    block: Block


def bound(terms: list[Term], claims: list[Claim]) -> list[Claim]:
    """Return claims with what the lines around them say of validity and assessor.

    Nothing printed is replaced.
    """
    found = list(claims)
    for term in terms:
        for place in _claims_of(term, found):
            claim = found[place]
            if term.name == "valid":
                found[place] = replace(claim, valid=claim.valid or term.value)
            else:
                found[place] = replace(claim, assessor=claim.assessor or term.value)
    return found


def dated(context: Context, claims: list[Claim]) -> list[Claim]:
    """Return claims with the validity that their own sentence tells of its only standard:
    "Yes (valid until May 2027)".
    """
    return [_dated(claim) if _is_alone(context, claim) else claim for claim in claims]


def _is_alone(context: Context, claim: Claim) -> bool:
    held = claim.stance == "claimed" and claim.valid is None
    return held and len({mention.standard for mention in context.mentions(claim.text)}) <= 1


def _dated(claim: Claim) -> Claim:
    valid = attributes.validity(claim.text)
    return replace(claim, valid=valid) if valid and _DATED.search(valid) else claim


def find(context: Context) -> list[Term]:
    """Return what the lines of a page say of validity and assessors, in page order."""
    found: list[Term] = []
    for index, block in context.indexed("paragraph", "item", "definition", "note"):
        if block.section and _EXPLAINS.search(block.section[-1]):
            continue
        said = labels.lines(context, index)
        found += [
            Term(name, line.value, line.text, labels.standards(context, index, line.text), block)
            for line in said
            if (name := _ROLES.get(line.role)) and _is_value(name, line.value)
        ]
        told = {line.text for line in said}
        for sentence in words.sentences(block.text):
            valid = None if sentence in told else _of_sentence(context, sentence)
            if valid and (near := _spoken_of(context, index)):
                found.append(Term("valid", valid, sentence, near, block))
    return found


def _is_value(name: str, value: str) -> bool:
    short = len(value.split()) <= _LONGEST
    return short and (name != "valid" or _DATED.search(value) is not None)


def _of_sentence(context: Context, sentence: str) -> str | None:
    """Return the validity that a sentence tells of a paper, its standard unnamed: "It is valid
    until …"."""
    if not _PAPER.match(sentence) or context.mentions(sentence):
        return None
    valid = attributes.validity(sentence)
    return valid if valid and _DATED.search(valid) else None


def _spoken_of(context: Context, index: int) -> tuple[Mention, ...]:
    """Return the standard that a block's own sentences name, else what its card or section is
    about."""
    block = context.blocks[index]
    own = context.topic_of(block.text)
    if own:
        return own if len(own) == 1 else ()
    near = labels.standards(context, index)
    return near if len(near) == 1 else ()


def _claims_of(term: Term, claims: list[Claim]) -> list[int]:
    """Return the places of the claims that a term is of: in its block or section, the nearest one
    of each standard."""
    found = []
    for mention in term.mentions:
        same = [
            (place, claim)
            for place, claim in enumerate(claims)
            if claim.standard == mention.standard
            and claim.stance == "claimed"
            and _together(claim.source.section, term.block.section)
        ]
        found += [place for place, _ in _nearest(same, term)]
    return found


def _nearest(same: list[tuple[int, Claim]], term: Term) -> list[tuple[int, Claim]]:
    """Return the one claim of several that a term is of: the last before it in its block, else its
    section's only one."""
    text = term.block.text
    others = [pair for pair in same if pair[1].text != term.text] or same
    beside = [pair for pair in others if pair[1].text in text.partition(term.text)[0]]
    if beside:
        return [max(beside, key=lambda pair: text.rfind(pair[1].text))]
    here = [pair for pair in others if pair[1].source.section == term.block.section]
    narrowed = here if len(others) > 1 else others
    # Each label of a card may have been read as its claim, and its badge
    # beside its name: they are one.
    fuller = [pair for pair in narrowed if pair[1].edition or pair[1].level] or narrowed
    kinds = {(c.subject, c.edition, c.level) for _, c in fuller}
    return narrowed if len(kinds) == 1 else []


def _together(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether two sections are one, or one stands within the other."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]
