"""Label lines of a page → what they say, and of which standard: "Scope: Vault, Relay", "Valid
until: June 2027".

A label says nothing of a standard by itself; it is of the card, list entry or section that it
stands in. What labels mean is told by their words, on papers and on pages alike: see `papers.role`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import words
from pipeline.extract import papers
from pipeline.extract.context import Context
from pipeline.extract.outline import is_name
from pipeline.model import Block
from pipeline.standards import Mention

_NEAR = 6
"""How many blocks a label may stand below the name of its standard."""


@dataclass(frozen=True, slots=True)
class Line:
    """A label with its value, and the sentence or definition that prints them."""

    role: str
    value: str
    text: str
    block: Block


def lines(context: Context, index: int) -> list[Line]:
    """Return the label lines of the block at an index, a sentence each; of a definition its term is
    the label."""
    block = context.blocks[index]
    before = context.blocks[index - 1] if index else None
    term = before.text if block.kind == "definition" and before and before.kind == "term" else ""
    if term and (asked := papers.role(_own(context, term))):
        return [Line(asked, block.text.strip(" ."), block.text, block)]
    found = []
    for sentence in words.sentences(block.text) if ":" in block.text else ():
        label, value = papers.labelled(sentence)
        if value and (asked := papers.role(_own(context, label))):
            found.append(Line(asked, value.strip(" ."), sentence, block))
    return found


def _own(context: Context, label: str) -> str:
    """Return a label without the standards that it names ("SOC 2 scope")."""
    for mention in reversed(context.mentions(label)):
        label = f"{label[: mention.start]}{label[mention.end :]}"
    return label.strip(" -–—")


def standards(context: Context, index: int, text: str = "") -> tuple[Mention, ...]:
    """Return the standards that a label line is about: of its label, its entry, its card, else its
    section.

    `text` is the line, the whole block where it is empty.
    """
    block = context.blocks[index]
    label, _ = papers.labelled(text or block.text)
    for text in (label, context.lead(index)):
        if found := context.topic_of(text):
            return found
    for place in range(index - 1, max(index - 1 - _NEAR, -1), -1):
        near = context.blocks[place]
        if near.section != block.section or near.kind == "heading":
            break
        if near.text.endswith("?"):
            # An accordion prints its questions as plain lines: each opens a panel of its own.
            return context.topic_of(near.text) or context.topic(block)
        if (found := context.topic_of(near.text)) and _is_of_card(context, near):
            return found
    return context.topic(block)


def _is_of_card(context: Context, block: Block) -> bool:
    """Return whether a block names the standard of its card: it is little more than the name, or a
    label of it."""
    label, value = papers.labelled(block.text)
    named = bool(value) and papers.role(label) == "standard"
    return named or is_name(block.text, context.mentions(block.text))
