"""Sentences and admonitions that qualify a claim → notes. Tells nothing that a standard or service claim tells already."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline import words
from pipeline.extract import limits, vocabulary
from pipeline.extract.context import Context
from pipeline.model import Block, Claim, Source
from pipeline.standards import Mention

_CONDITION = re.compile(r"to\s[^,]+,\s(?:(?:you|your|customers?)\b|[^,]*\bmust\b)", re.IGNORECASE)
"""How a sentence begins that tells who may have something: no instruction."""

_NOTE = re.compile(r"(?:please )?note\s?:\s", re.IGNORECASE)


def claims(context: Context, told: set[str]) -> Iterator[Claim]:
    """Yield the notes of a page in order; `told` holds the folded sentences that standard claims tell already."""
    for block in context.blocks:
        if block.kind == "note":
            yield from _of_admonition(context, block)
        elif block.kind in ("paragraph", "item", "definition"):
            for sentence in words.sentences(block.text):
                if words.fold(sentence) not in told and _qualifies(context, block, sentence):
                    yield note(context, block, sentence)
        elif block.kind == "row":
            for text in dict.fromkeys(text for cell in block.cells for text in cell.notes):
                yield note(context, block, text)


def _of_admonition(context: Context, block: Block) -> Iterator[Claim]:
    text = block.text
    about = (
        context.mentions(text)
        or limits.SUBJECT_MATTER.search(text)
        or (limits.qualifies(text) and context.topic(block))
    )
    if (
        about
        and not (limits.HOUSEKEEPING.search(text) and not context.mentions(text))
        and not _is_link_only(block)
    ):
        yield note(context, block, text)


def _is_link_only(block: Block) -> bool:
    return len(words.fold(" ".join(link.text for link in block.links))) >= 0.8 * len(
        words.fold(block.text)
    )


def _qualifies(context: Context, block: Block, sentence: str) -> bool:
    if (
        sentence.endswith("?")
        or len(sentence.split()) < 5
        or not (_NOTE.match(sentence) or limits.qualifies(sentence))
    ):
        return False
    instructs = vocabulary.IMPERATIVE.match(_NOTE.sub("", sentence))
    if limits.HOUSEKEEPING.search(words.straight(sentence)) or (
        instructs and not _CONDITION.match(sentence)
    ):
        return False
    return bool(
        context.mentions(sentence)
        or limits.SUBJECT_MATTER.search(sentence)
        or _nearby(context, block)
    )


def _nearby(context: Context, block: Block) -> tuple[Mention, ...]:
    for heading in reversed(block.section[1:]):
        if found := context.topic_of(heading):
            return found
    return ()


def note(context: Context, block: Block, text: str) -> Claim:
    """Make a note of a text, tied to the standard it names first, else to its section's or the page's only one."""
    mentions = context.topic_of(text) or _nearby(context, block) or context.page_topic
    mention = mentions[0] if mentions and (len(mentions) == 1 or context.topic_of(text)) else None
    return Claim(
        kind="note",
        source=Source(text, block.section, block.line),
        standard=mention.standard if mention else None,
        standard_name=mention.name if mention else None,
        value=text,
    )
