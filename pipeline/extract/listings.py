"""Sentences and list entries → standard claims, and which sentences they told."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline import words
from pipeline.extract import attributes, vocabulary
from pipeline.extract.attributes import Statement
from pipeline.extract.clauses import Clause
from pipeline.extract.context import Context, standing_of
from pipeline.extract.statements import spoken, statements
from pipeline.model import Block, Claim, Source, Stance
from pipeline.standards import Mention

_ANTECEDENT = re.compile(
    r"^(?:these|they|this|those|such|examples?|among (?:these|them))\b[^.]{0,40}?\b(?:include|are|comprise|cover|including)\b",
    re.IGNORECASE,
)
_PROGRAMS = re.compile(
    r"\b(?:compliance|assurance|certification|attestation)s? (?:programs?|programmes?|frameworks?|standards?|offerings?|certifications?|reports?)\b|\bcertifications\b|\battestations\b|\baccreditations\b",
    re.IGNORECASE,
)


_BADGE = re.compile(r"[✓✔✅☑⚙][️\s]*([^✓✔✅☑⚙]*[^✓✔✅☑⚙\s])")
_SHORT = 8
"""How many words a sentence has at most that may go without a subject ("Full compliance with …")."""
_SAYS_HELD = re.compile(
    r"[\s-]+(?:compliant|certified|attested|accredited|authori[sz]ed|registered|validated)\s*$",
    re.IGNORECASE,
)
_TYPE = re.compile(r"^(?:our |the |a )?(?P<type>type (?:1|2|i{1,2})\b)", re.IGNORECASE)
_HOLDS = re.compile(
    r"^(?:type (?:1|2|i{1,2})|certificate|report|attestation|certification|certified|audited|attested)\b",
    re.IGNORECASE,
)
_STATUS = re.compile(r"^\W*(?:current )?status\W*:\W*", re.IGNORECASE)
_ASKS = re.compile(
    r"^(?:is|are|does|do|has|have)\s+(?!there\b|i\b|my\b|an?\b|any\b|all\b|every\b|customers?\b|having\b|using\b|the certification\b|it\b)",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"^(?:(?P<yes>yes|certainly|absolutely|correct|indeed)|(?P<no>no|not yet|not currently|not at this time))\b",
    re.IGNORECASE,
)


def claims(context: Context) -> list[Claim]:
    """Return the standard claims of sentences, headings, questions and list entries, in page order, repeats included."""
    found: list[Claim] = []
    for index, block in enumerate(context.blocks):
        if block.kind in ("paragraph", "item", "definition", "note", "term", "heading"):
            made = (
                _of_heading(context, block)
                if block.kind == "heading"
                else _of_block(context, index, block)
            )
            found += made or _of_question(context, index, block) or _of_label(context, index, block)
    return found


def _of_block(context: Context, index: int, block: Block) -> list[Claim]:
    made: list[Claim] = []
    before: tuple[Statement, ...] = ()
    earlier = ""
    elliptic = block.kind in ("item", "term", "definition") or len(block.text.split()) <= 12
    for sentence in _pieces(block.text):
        short = elliptic or len(sentence.split()) <= _SHORT
        said = _labelled(context, sentence) or statements(
            sentence, context.mentions(sentence), elliptic=short
        )
        if not said:
            said = (
                _antecedent(context, sentence, earlier)
                or _programs(context, sentence)
                or _typed(context, block, sentence)
            )
        made += [
            _claim(
                replace(s, level=s.level or context.level_in(sentence, s.mention.standard)),
                block,
                sentence,
            )
            for s in said
        ]
        before, earlier = said or before, sentence
    if (
        (block.kind == "item" or _is_fragment(block))
        and not made
        and len(words.sentences(block.text)) <= 2
    ):
        made = _bare(context, index, block)
    return made


def _pieces(text: str) -> list[str]:
    """Return a text's sentences, and the badges of a line that marks each of them with a tick or gear."""
    return [
        piece
        for sentence in words.sentences(text)
        for piece in (_BADGE.findall(sentence) if len(_BADGE.findall(sentence)) > 1 else [sentence])
    ]


def _labelled(context: Context, sentence: str) -> tuple[Statement, ...]:
    """Read "ISO 27001: Acme follows the ISO 27001 standard" without the name before its colon."""
    label, _, rest = sentence.partition(": ")
    named = {mention.standard for mention in context.mentions(label)} if len(label) <= 60 else set()
    again = context.mentions(rest) if named else ()
    return statements(rest, again) if any(mention.standard in named for mention in again) else ()


def _is_fragment(block: Block) -> bool:
    """Return whether a paragraph is a bare name below a heading that says how such names are held."""
    telling = bool(block.section) and standing_of(block.section[-1]) not in (None, "aside")
    return (
        block.kind == "paragraph"
        and telling
        and len(block.text.split()) <= 10
        and not block.text.endswith(":")
        and not vocabulary.IMPERATIVE.match(block.text)
    )


def _of_heading(context: Context, block: Block) -> list[Claim]:
    """Read a heading that is a standard's name below one that says that such are held: a card of a trust centre."""
    mentions = context.mentions(block.text)
    if (
        mentions
        and _SAYS_HELD.match(block.text, mentions[-1].end)
        and _is_bare(block.text, mentions)
    ):
        return [_claim(Statement(m, "claimed", "listed"), block, block.text) for m in mentions]
    stance = (
        standing_of(block.section[-2])
        if len(block.section) > 1 and mentions and _is_bare(block.text, mentions)
        else None
    )
    if (
        stance is None
        or stance == "aside"
        or context.topic_of(block.section[-2])
        or block.text.endswith("?")
        or standing_of(block.text) == "aside"
    ):
        return []
    kept = {m.standard for m in context.topic_of(block.text)}
    return [
        _claim(Statement(m, stance, "listed"), block, block.text)
        for m in mentions
        if m.standard in kept
    ]


def _of_question(context: Context, index: int, block: Block) -> list[Claim]:
    """Read "Is … certified?" with the "Yes" or "No" that answers it."""
    mentions = context.topic_of(block.text)
    if (
        not block.text.endswith("?")
        or not mentions
        or index + 1 >= len(context.blocks)
        or not _ASKS.match(block.text)
    ):
        return []
    answer = " ".join(words.sentences(context.blocks[index + 1].text)[:2])
    found = _ANSWER.match(answer)
    if not found:
        return []
    stance: Stance = "supports" if standing_of(block.text) == "supports" else "claimed"
    if found["no"]:
        stance = "planned" if vocabulary.plans(answer) else "not_claimed"
    return [_claim(Statement(m, stance, "listed"), block, block.text) for m in mentions]


def _of_label(context: Context, index: int, block: Block) -> list[Claim]:
    """Read a standard's name that the text below it speaks of without naming it again: a term, a card's heading, a bold line."""
    mentions = context.mentions(block.text)
    if (
        not mentions
        or vocabulary.IMPERATIVE.match(block.text)
        or not _is_bare(block.text, mentions)
        or index + 1 >= len(context.blocks)
    ):
        return []
    below = context.blocks[index + 1]
    sentence = next(iter(words.sentences(below.text)), "")
    status = _STATUS.match(sentence)
    labelled = block.kind in ("term", "heading") or (
        block.kind == "paragraph" and (block.strong or status)
    )
    read = below.kind in ("definition", "paragraph") or status
    if not labelled or not read or context.mentions(sentence) or standing_of(block.text) == "aside":
        return []
    stance = _stance_below(sentence)
    if stance is None:
        return []
    whole = context.mentions(f"{block.text} {sentence}")
    clause, kept = (
        Clause(0, words.straight(sentence)),
        {m.standard for m in context.topic_of(block.text)},
    )
    said = (
        attributes.completed(Statement(m, stance, None, level=m.level), clause)
        for m in whole
        if m.standard in kept
    )
    return [_claim(one, below, sentence) for one in said]


def _stance_below(sentence: str) -> Stance | None:
    """Return what a text says of the standard whose name stands above it, None for an explanation."""
    if status := _STATUS.match(sentence):
        sentence = sentence[status.end() :]
        if vocabulary.TICK.match(sentence) or vocabulary.HELD_LEAD.match(sentence):
            return "claimed"
    if vocabulary.NO.match(sentence):
        return "not_claimed"
    if vocabulary.PLANNED_LEAD.match(sentence):
        return "planned"
    said = "claimed" if _HOLDS.match(sentence) else spoken(sentence)
    return said or ("planned" if vocabulary.plans(sentence) else None)


def _antecedent(context: Context, sentence: str, earlier: str) -> tuple[Statement, ...]:
    """Read "These include SOC, PCI and HIPAA" after a sentence that says that such programs are held."""
    if not earlier or not _ANTECEDENT.match(sentence) or not _PROGRAMS.search(earlier):
        return ()
    if not any(
        pattern.search(earlier) for stance, pattern in vocabulary.CUES if stance == "claimed"
    ):
        return ()
    return tuple(Statement(m, "claimed", "listed") for m in context.mentions(sentence))


def _typed(context: Context, block: Block, sentence: str) -> tuple[Statement, ...]:
    """Read "Type II auditing is under way" in a section about the standard that has such a type."""
    topic = context.topic(block)
    if not _TYPE.match(sentence) or len(topic) != 1:
        return ()
    whole = f"{topic[0].name} {_TYPE.sub(lambda found: found['type'], sentence, count=1)}"
    return statements(whole, context.mentions(whole))


def _programs(context: Context, sentence: str) -> tuple[Statement, ...]:
    """Read "auditors assess … as part of compliance programs, such as SOC and PCI"."""
    auditors = re.search(
        r"\bauditors?\b.{0,40}\b(?:assess|audit|examine|review|evaluate)\w*\b",
        sentence,
        re.IGNORECASE,
    )
    found = _PROGRAMS.search(sentence)
    if not auditors or not found:
        return ()
    return tuple(
        Statement(m, "claimed", "audited")
        for m in context.mentions(sentence)
        if m.start > found.start()
    )


def _bare(context: Context, index: int, block: Block) -> list[Claim]:
    """Read a bare name in a list that its lead or heading says to be held, planned, supported or denied."""
    mentions = context.mentions(block.text)
    if not mentions or not _is_bare(block.text, mentions) or block.label == "unchecked":
        return []
    stance, told = context.standing(index)
    if stance is None and (told or not _compliance_page(context)):
        return []
    own = standing_words(block.text[mentions[-1].end :])
    stance = own or stance or "claimed"
    kept = {m.standard for m in context.topic_of(block.text)}
    clause = Clause(0, words.straight(block.text))
    said = (
        attributes.completed(Statement(m, stance, "listed", level=m.level), clause)
        for m in mentions
        if m.standard in kept
    )
    return [_claim(one, block, block.text) for one in said]


def standing_words(text: str) -> Stance | None:
    """Return the stance of the words behind a name ("– in progress", "(planned)"), None when they say nothing of it."""
    if vocabulary.PLANNED_LEAD.search(text):
        return "planned"
    return (
        "not_claimed" if vocabulary.NOT_LEAD.search(text) or vocabulary.GONE.search(text) else None
    )


def _is_bare(text: str, mentions: tuple[Mention, ...]) -> bool:
    """Return whether a list entry is a standard's name, perhaps with its kind or a short explanation behind a dash."""
    text = _GRANTED.sub("", text)
    head = re.split(r"\s[–—-]\s|:\s", text, maxsplit=1)[0]
    start, mentions = (
        mentions[0].start,
        tuple(m for m in mentions if m.end <= len(text)) or mentions,
    )
    text = re.sub(r"\([^()]{12,}\)", "", text) if start < text.find("(") else text
    covered = sum(m.end - m.start for m in {m.start: m for m in mentions}.values())
    if start > 40:
        return False
    if len(head) < len(text) and mentions[0].start < len(head):
        return len(head) - sum(m.end - m.start for m in mentions if m.end <= len(head)) <= 30
    rest = [word for word in re.findall(r"\w+", text) if word.lower() not in _KINDS]
    names = [word for m in mentions for word in re.findall(r"\w+", text[m.start : m.end])]
    return covered >= 0.4 * len(text) or len(rest) - len(names) <= 4


_GRANTED = re.compile(r"(?<=\w|\))\s(?:issued|granted|awarded|sponsored) by\b.*$")
_KINDS = frozenset(
    re.findall(
        r"\w+",
        """
        certification certifications certified compliance compliant attestation report reports coverage covered standard standards
        various the and of for level type act audit authorization authorized authority provisional operate to ato p pa accreditation
        framework a an with by
        """,
    )
)


def _compliance_page(context: Context) -> bool:
    """Return whether the page's title or H1 says that it is about what is held."""
    heading = next((block.text for block in context.blocks if block.kind == "heading"), "")
    return bool(
        re.search(
            r"\b(?:compliance|certifications?|attestations?|accreditations?|trust|security|assurance)\b",
            f"{heading} {context.document.title or ''}",
            re.IGNORECASE,
        )
    )


def _claim(said: Statement, block: Block, sentence: str) -> Claim:
    return Claim(
        kind="standard",
        source=Source(sentence, block.section, block.line),
        subject=said.subject,
        standard=said.mention.standard,
        standard_name=said.mention.name,
        edition=said.mention.edition,
        level=said.level or said.mention.level,
        stance=said.stance,
        basis=said.basis,
        authority=said.authority,
        assessor=said.assessor,
        valid=said.valid,
        cadence=said.cadence,
    )
