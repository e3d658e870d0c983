"""A sentence → what it says of each standard that it names: stance, basis, subject, who granted and tested.

Explaining a standard, or naming it in passing, is no statement. Reads one sentence at a time and knows nothing of
lists, tables and headings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline import words
from pipeline.extract import attributes, clauses, holders, vocabulary
from pipeline.extract.attributes import Statement
from pipeline.extract.clauses import Clause
from pipeline.model import Stance
from pipeline.standards import Mention

_GRANTED_TO = re.compile(
    r"(?<!will be )(?<!be )\b(?:issued|granted|awarded|conferred)\b.{0,60}?\b(?i:authori[sz]ation|certificat\w+|attestation|accreditation|ATO|authority to operate|label|approval)\b.{0,30}?\b(?:for|to)\s+(?:the |our )?(?P<name>[\w.&-]*\w(?: [A-Z][\w.&-]*)*)",
)
_GRANTED = re.compile(
    r"\b(?:has|have|was) (?:also )?(?:granted|awarded|issued) (?:the )?(?P<name>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*)*) (?:an?|its|the)\b.{0,40}?\b(?i:authori[sz]ation|certificat\w+|attestation|accreditation|P?-?ATO|authority to operate|label|approval)\b",
)
_OTHERS = re.compile(
    r"^[\s-]*(?:compliant|certified|authori[sz]ed)\s(?:(?!via\b|by\b|with\b|through\b|for\b|and\b)[\w-]+\s){0,3}?(?:providers?|vendors?|partners?|processors?|hosts?|suppliers?)\b",
    re.IGNORECASE,
)
"""Words that make the named standard somebody else's: "uses PCI compliant hosting providers"."""
_WHICH_ARE = re.compile(
    r"\b(?:vendors?|providers?|partners?|suppliers?|sub-?processors?|hosts)\b (?:which|that|who) (?:are|is|have|hold)\b[^.;]*$",
    re.IGNORECASE,
)
"""Words before a mention that say which others are chosen, who hold it."""
_IF = re.compile(
    r"(?:if|once|when|whenever|where|unless|until) (?:an?|any|the|your|you|someone|agenc\w+|organi[sz]ations?)\b",
    re.IGNORECASE,
)
_ONCE = re.compile(r"(?:once|after|as soon as)\b", re.IGNORECASE)
_WILL = re.compile(r"\b(?:will|shall)\b|'ll\b", re.IGNORECASE)
_ADDED_TO = re.compile(r"\badd\w*\b.*\b(?:to|into) (?:our|its) (?:\w+ )?$", re.IGNORECASE)
"""Words between a plan and the standard that is held already: "we plan to add HIPAA to our SOC 2"."""
_MAY_SIGN = re.compile(
    r"\b(?:you|customers|users|clients|organi[sz]ations|accounts|teams)\b[^;]{0,60}?\b(?:may|can|are able to)\b(?: \w+)? "
    r"(?:sign|execute|enter into|request|obtain|get|accept|ask for)\b[^;]{0,30}$",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"^(?:(?:as an? )?(?:first|second|third|next|last|final)(?: step)?|finally|then|to (?:begin|start|get started)),\s+",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"\b(?:request|sign|execute|obtain|accept|get|download)\b[^.;]{0,30}$", re.IGNORECASE
)
_CONTRACT = re.compile(
    r"(?:[\w/ -]{0,20})?\b(?:BAAs?|business associate (?:agreement|addendum)s?)\b", re.IGNORECASE
)
_ANY = re.compile(r"\b(?:any|every|each|another|other)\s*$", re.IGNORECASE)
_STATUS_OF = re.compile(
    r"[\s-]*(?:compliant|certified|authori[sz]ed|validated|accredited|eligible)\b", re.IGNORECASE
)
_OTHERS_OWN = re.compile(r"\b(?:their|your) own(?: \w+)?\s*$", re.IGNORECASE)
_AS_DID = re.compile(
    r"^\s*(?:did|does|do|is|are|has|have)\s+(?P<name>.+?)(?:\s+(?:from|by|in|for)\b.*)?$",
    re.IGNORECASE,
)
_OWNED = re.compile(
    r"(?:\b(?:our|their own|its|the existing)|\b(?P<owner>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*)*)'s?)"
    r"(?:\s(?!(?:by|from|of|with|for|to|against|under|customers?|suppliers?|vendors?)\b)[\w,/&-]+){0,4}?\s$"
)
_DUTIES = re.compile(
    r"[\s-]+(?:\w+ )?(?:obligations?|requirements?|responsibilit\w+)\b", re.IGNORECASE
)
_FRONTED = re.compile(
    r"(?:in (?:full )?compliance with|(?:assessed|audited|examined|validated|tested|certified) (?:against|under|to|for))\b",
    re.IGNORECASE,
)
"""How a clause begins that says of the subject of the next one how it was examined."""
_LISTS_OUT = re.compile(
    r"(?=.*\b(?:following|these|below)\b).*(?:\bnot|n['’]t)\b.*:\s*$", re.IGNORECASE
)
"""A denial that goes on in the list below it: it leaves out what the list names, not the standard."""
_PART = re.compile(
    r"(?:our |any |all |the )?(?:(?:services|products|features|functionality|plans|accounts|regions|releases|versions|components|integrations)"
    r" (?:in|on|with|that|which|not|outside|under|during)|(?:[\w-]+ and )?(?:preview|beta|alpha|early[- ]access|experimental|trial|free|pre-?release|self-hosted|on-premises) \w+)\b",
    re.IGNORECASE,
)
"""Subjects that are a part of what a vendor offers: what they lack limits what is held, and denies nothing."""
_PLACE = re.compile(
    r"\W*(?:is|are)(?: \w+)?(?:n't| not)(?: yet| currently)? (?:supported|available|offered|covered) (?:on|in|for|with) (?:the |our )?[A-Z]"
)
"""What stands behind a standard's name that is denied in one place alone."""
_LEAVES_OUT = re.compile(
    r"\b(?:agreements?|addend(?:um|a)|contracts?)\b[^;]{0,20}?\b(?:leaves?|excludes?|omits?|never|not)\b",
    re.IGNORECASE,
)
"""What a contract does not cover says nothing of what it does."""
_EXAMINER = re.compile(r"(?:auditors?|assessors?)\b", re.IGNORECASE)
_POINTS = re.compile(r"^\W*(?:it|they|this|these|that|those)\b", re.IGNORECASE)
_GRANTS = re.compile(
    r"\b(?:authority to operate|P?-?ATO|authori[sz]ation|certificat\w+|attestation|accreditation)\b|^\s*(?:did|does|do|is|are|has|have)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Said:
    stance: Stance
    subject: str | None
    start: int
    end: int
    basis: str | None = None


def statements(
    sentence: str, mentions: tuple[Mention, ...], *, elliptic: bool = False
) -> tuple[Statement, ...]:
    """Return what the sentence says, in order of its mentions; empty when it explains, instructs, asks or mentions.

    `elliptic` allows a cue without a subject ("Certified to ISO 9001"), as in items, cells and captions.
    """
    if not mentions or sentence.rstrip().endswith("?") or _LISTS_OUT.match(sentence):
        return ()
    sentence = words.straight(sentence)
    if vocabulary.IMPERATIVE.match(_STEP.sub("", sentence.lstrip("*•- "))):
        return _offered(sentence, mentions)
    found: list[Statement] = []
    before: _Said | None = None
    carried: tuple[Mention, ...] = ()
    speaker: str | None = None
    for clause in clauses.split(sentence):
        inside = tuple(m for m in mentions if clause.start <= m.start < clause.end)
        bare = (
            elliptic
            or speaker is not None
            or (clause.start == 0 and clause.end < len(sentence) and _FRONTED.match(clause.text))
        )
        said = _as_did(clause, before, sentence) or _reading(clause, inside, before, bool(bare))
        if said is None and before is not None and inside and not _own_subject(clause, inside):
            said = _Said(before.stance, before.subject, clause.start, clause.start)
        if (
            said
            and clause.start
            and _ONCE.match(sentence)
            and said.stance != "not_claimed"
            and _WILL.search(clause.text)
        ):
            said = replace(said, stance="planned")
        if said and _IF.match(sentence) and _POINTS.match(clause.text):
            said = None  # what would be so of anybody that the sentence supposes
        if said is None:
            before = None if inside else before
            carried = inside or carried
            speaker = speaker if inside else holders.speaker(clause)
            continue
        said = replace(
            said,
            subject=said.subject
            or (
                speaker or None
                if not before and clauses.FINITE.match(clause.text.lstrip())
                else None
            ),
        )
        about = inside or (
            _carried(carried) if _GRANTS.search(clause.text) and said.subject else ()
        )
        found += [
            _statement(m, _own(m, said, clause), clause, sentence)
            for m in about
            if not _background(m, clause, said, inside)
        ]
        before = replace(said, basis=said.basis or attributes.basis(clause.text))
        carried = inside or carried
    return tuple(found)


def _own(mention: Mention, said: _Said, clause: Clause) -> _Said:
    """Return what is said of a mention: what a plan adds something to is held already."""
    added = said.stance == "planned" and _ADDED_TO.search(
        clause.text[: mention.start - clause.start]
    )
    return replace(said, stance="claimed") if added else said


def _offered(sentence: str, mentions: tuple[Mention, ...]) -> tuple[Statement, ...]:
    """Read "Download our ISO 27001 certificate", "request a signed BAA": an instruction says nothing but what is there to be had."""
    whole = Clause(0, sentence)
    found = (
        (mention, _possessive(whole, (mention,)) or _contract(whole, mention))
        for mention in mentions
    )
    return tuple(_statement(mention, said, whole, sentence) for mention, said in found if said)


def _as_did(clause: Clause, before: _Said | None, sentence: str) -> _Said | None:
    """Read "…, as did B from the Department of C": B holds what the clause before says."""
    found = _AS_DID.match(clause.text) if re.search(r"\bas\s+$", sentence[: clause.start]) else None
    name = holders.named(found["name"]) if found else None
    return (
        _Said(before.stance, name, clause.start, clause.start, before.basis)
        if before and name
        else None
    )


def _carried(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Return the standard that a clause without one speaks of: the last before it, whose level and edition are not its own."""
    return tuple(replace(mention, edition=None, level=None) for mention in mentions[-1:])


def spoken(sentence: str) -> Stance | None:
    """Return what a sentence says without naming its standard ("complies with this framework"), None when it says nothing."""
    if sentence.rstrip().endswith("?") or vocabulary.IMPERATIVE.match(sentence):
        return None
    said: Stance | None = None
    for clause in clauses.split(words.straight(sentence)):
        found = None if _POINTS.match(clause.text) else _reading(clause, (), None, elliptic=True)
        said = said or (found.stance if found else None)
    return said


def _own_subject(clause: Clause, inside: tuple[Mention, ...]) -> bool:
    """Return whether a clause without a cue begins with somebody of its own rather than with one more standard."""
    head = clause.text[: inside[0].start - clause.start].strip(" ,")
    return len(head.split()) > 3


def _reading(
    clause: Clause, inside: tuple[Mention, ...], before: _Said | None, elliptic: bool
) -> _Said | None:
    cues = clauses.cues(clause.text)
    if vocabulary.APPOSED_ASSESSOR.match(clause.text):
        return None
    if signed := next(
        (
            m
            for m in inside
            if _contract(clause, m) and _MAY_SIGN.search(clause.text[: m.start - clause.start])
        ),
        None,
    ):
        return _contract(clause, signed)
    if vocabulary.ADVICE.search(clause.text):
        return _possessive(clause, inside)
    if granted := _GRANTED_TO.search(clause.text) or _GRANTED.search(clause.text):
        name = granted["name"]
        return _Said(
            "claimed",
            None if name.lower() in ("us", "we", "our") else name,
            clause.start + granted.start(),
            clause.start + granted.end(),
        )
    if not cues:
        return _possessive(clause, inside)
    first = min(cues, key=lambda cue: cue[1])
    anchor = inside[0].start - clause.start if inside else len(clause.text)
    ahead = [
        cue for cue in cues if cue[1] < (inside[-1].end - clause.start if inside else anchor)
    ] or cues
    stance, start, end = clauses.governing(ahead, anchor)
    if stance == "not_claimed" and (
        _PART.match(clause.text)
        or _PLACE.match(clause.text[inside[0].end - clause.start :] if inside else "")
    ):
        return None
    examiner = _EXAMINER.match(clause.text[first[1] :])
    phrase = holders.subject_phrase(clause.text[: first[1]] + (examiner[0] if examiner else ""))
    verdict, name = holders.judged(phrase, clause, inside, elliptic or before is not None)
    if verdict == "inherit" and before is not None:
        name = before.subject
    if verdict == "no":
        possessive = _possessive(clause, inside)
        return (
            _Said(
                stance if stance in ("planned", "not_claimed") else possessive.stance,
                None,
                clause.start + start,
                clause.start + end,
            )
            if possessive
            else None
        )
    return _Said(stance, name, clause.start + start, clause.start + end)


def _possessive(clause: Clause, inside: tuple[Mention, ...]) -> _Said | None:
    """Read "our SOC 2 report" or "Acme's", whatever the sentence says of it: who has a report of their own was examined."""
    for mention in inside:
        owned = _OWNED.search(clause.text[: mention.start - clause.start])
        if owned and vocabulary.EVENT.search(
            mention.text[-12:] + clause.text[mention.end - clause.start :][:60]
        ):
            owner = holders.named(owned["owner"]) if owned["owner"] else None
            if (
                owner and not _LEAVES_OUT.search(clause.text[mention.end - clause.start :])
            ) or not owned["owner"]:
                return _Said("claimed", owner, mention.start, mention.start)
    return None


def _contract(clause: Clause, mention: Mention) -> _Said | None:
    """Read "Request a signed BAA": a contract that the reader is told to ask for is offered."""
    asked = _ASKED_FOR.search(clause.text[: mention.start - clause.start])
    contract = _CONTRACT.match(clause.text[mention.start - clause.start :])
    return (
        _Said("claimed", None, mention.start, mention.start, "contract")
        if asked and contract
        else None
    )


def _background(mention: Mention, clause: Clause, said: _Said, inside: tuple[Mention, ...]) -> bool:
    """Return whether the words right before a mention make it the background of something else.

    So does a bracket that opens right behind another mention: "SOC 1 (SSAE 18, ISAE 3402)".
    """
    gap = clause.text[: mention.start - clause.start][-60:]
    opened = clause.text.rfind("(", 0, mention.start - clause.start)
    closed = clause.text.find(")", max(opened, 0), mention.start - clause.start)
    if (
        opened >= 0
        and closed < 0
        and any(0 <= opened + clause.start - m.end <= 2 for m in inside if m is not mention)
    ):
        return True
    if said.stance in ("claimed", "planned") and _OTHERS_OWN.search(gap):
        return True
    if _ANY.search(gap) and _STATUS_OF.match(clause.text[mention.end - clause.start :]):
        return True  # "any FedRAMP-authorized offering" is nobody's
    if said.stance == "not_claimed" and _DUTIES.match(clause.text[mention.end - clause.start :]):
        return True
    if _WHICH_ARE.search(gap):
        return True
    status = " compliant" if mention.text.lower().endswith(("compliant", "certified")) else ""
    if _OTHERS.match(status + clause.text[mention.end - clause.start :]) and not re.search(
        r"\b(?:is|are|am|as|'re) (?:an? )?$", gap
    ):
        return True
    if said.stance == "supports" and not any(
        m.end <= mention.start and m.standard != mention.standard for m in inside
    ):
        return False  # "Our program is based on …" follows a standard; only a standard that is based on another has it for background
    if re.search(r"\bbased on\b", clause.text[: mention.start - clause.start]):
        return True
    found = vocabulary.BACKGROUND.search(gap.rstrip())
    return found is not None and said.end <= mention.start - (len(gap) - found.start())


def _statement(mention: Mention, said: _Said, clause: Clause, sentence: str) -> Statement:
    rest = "" if clause.start else sentence[clause.end :]
    return attributes.completed(
        Statement(mention, said.stance, said.basis, subject=said.subject, level=mention.level),
        clause,
        rest,
    )
