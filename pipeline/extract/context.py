"""Document → where each block stands: its section's standards, its list's lead.

Decides nothing about claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Literal
from urllib.parse import urlsplit

from pipeline import words
from pipeline.extract import vocabulary
from pipeline.model import Block, Document, Stance
from pipeline.standards import Catalogue, Mention

Lead = Stance | None
_POINTS = re.compile(
    r"(?:For [^.,]+, )?(?:please )?(?:see|refer to|check|consult|visit) ", re.IGNORECASE
)


def host(url: str) -> str:
    """Return an address's host in lower case, without "www."."""
    return urlsplit(url).netloc.lower().removeprefix("www.")


@cache
def _level(level: str) -> re.Pattern[str]:
    name = re.escape(level)
    # "as a level 1 service provider", not "as a high priority"
    numbered = rf"|\bas an? {name}\b" if level[-1].isdigit() else ""
    return re.compile(
        rf"\bat (?:the |a |an )?(?:\w+ )?{name}\b"
        rf"|\b{name}(?:[- ]impact)?[- ](?:impact )?(?:level|baseline|authori[sz]ation"
        rf"|impact)\b{numbered}",
        re.IGNORECASE,
    )


@lru_cache(maxsize=8192)
def _only_level(levels: tuple[str, ...], sentence: str) -> str | None:
    folded = sentence.casefold()
    printed = (level for level in levels if level.casefold() in folded)
    found = [level for level in printed if _level(level).search(sentence)]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4)
def _issuers(catalogue: Catalogue) -> frozenset[str]:
    """The hosts on which the standards themselves are published."""
    return frozenset(host(standard.href) for standard in catalogue.standards)


@dataclass(frozen=True, eq=False)
class Context:
    """A document with its catalogue: answers what a block's surroundings say.

    Each is equal to itself alone.
    """

    document: Document
    catalogue: Catalogue

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks that may make claims, in page order."""
        return tuple(
            block for block in self.document.blocks if block.kind not in ("code", "include")
        )

    @cached_property
    def page_topic(self) -> tuple[Mention, ...]:
        """Return the standards that the page is about: those of its H1, else of its title."""
        heading = next(
            (block.text for block in self.blocks if block.kind == "heading" and block.level == 1),
            "",
        )
        return self.topic_of(heading) or self.topic_of(self.document.title or "")

    @cached_property
    def about(self) -> frozenset[str]:
        """Return the standards that headings name: weak aliases ("CSF") count for them."""
        heads = [block.text for block in self.blocks if block.kind == "heading"]
        return frozenset(
            m.standard
            for text in (self.document.title or "", *heads)
            for m in self.catalogue.mentions(text)
        )

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the standards named in a text of this page, left to right."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self.catalogue.mentions(text, self.about)
        return found

    @cached_property
    def _known(self) -> dict[str, tuple[Mention, ...]]:
        """The texts recognised so far: headings and sentences are asked about many times."""
        return {}

    def issues(self, name: str) -> bool:
        """Return whether a host publishes standards rather than a vendor's papers."""
        return name.removeprefix("www.") in _issuers(self.catalogue)

    def level_in(self, sentence: str, standard: str) -> str | None:
        """Return the one level of a standard that a sentence names apart
        from it ("at the Moderate impact level"), None for none or several.
        """
        known = self.catalogue.get(standard)
        return _only_level(known.levels, sentence) if known and known.levels else None

    def topic_of(self, text: str) -> tuple[Mention, ...]:
        """Return one mention for each standard that a heading or lead names,
        without umbrellas and companions of others.
        """
        mentions = self.mentions(text)
        if len(mentions) < 2:
            return mentions
        known = self._topics.get(text)
        if known is None:
            known = self._topics[text] = self._topic_of(mentions)
        return known

    @cached_property
    def _topics(self) -> dict[str, tuple[Mention, ...]]:
        """The same for texts that name several standards."""
        return {}

    def _topic_of(self, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
        found: dict[str, Mention] = {}
        for mention in mentions:
            found.setdefault(mention.standard, mention)
        return tuple(m for m in found.values() if not self._swallowed(m, found))

    def _swallowed(self, mention: Mention, others: dict[str, Mention]) -> bool:
        own = self.catalogue.get(mention.standard)
        known = (self.catalogue.get(other) for other in others if other != mention.standard)
        return bool(own and own.companion_of in others) or any(
            other.umbrella == mention.standard for other in known if other
        )

    def topic(self, block: Block) -> tuple[Mention, ...]:
        """Return the standards of the innermost heading above a block
        that names one, else of the page.
        """
        for heading in reversed(block.section):
            found = self.topic_of(heading)
            if found:
                return found
        return self.page_topic

    @cached_property
    def _leads(self) -> dict[int, str]:
        leads: dict[int, str] = {}
        before: list[Block] = []
        for index, block in enumerate(self.blocks):
            if block.kind in ("item", "row", "header"):
                leads[index] = self._lead(block, before)
            before = [*before[-40:], block]
        return leads

    def _lead(self, block: Block, before: list[Block]) -> str:
        for earlier in reversed(before):
            if earlier.section != block.section or earlier.kind in ("heading", "note"):
                return ""
            if earlier.kind == "item" and block.kind == "item" and earlier.level < block.level:
                return earlier.text
            if (
                earlier.kind == "paragraph"
                and earlier.level < max(block.level, 1)
                and (earlier.text.endswith((":", "…")) or earlier.strong)
            ):
                return earlier.text
            if earlier.kind == "paragraph" and earlier.level < max(block.level, 1):
                return words.sentences(earlier.text)[-1] if len(earlier.text) < 400 else ""
        return ""

    def lead(self, index: int) -> str:
        """Return the text that introduces the list or table of the block at that index,
        "" when nothing does.
        """
        return self._leads.get(index, "")

    def standing(self, index: int) -> tuple[Lead, bool]:
        """Return what the lead, or the nearest telling heading, says of bare names in a list,
        and whether anything did.

        `(None, True)` is an aside (resources, what-is, responsibilities);
        `(None, False)` says that nothing tells.
        """
        block = self.blocks[index]
        lead = self.lead(index)
        texts = [
            text for text in (*words.sentences(lead)[-1:], lead, *reversed(block.section)) if text
        ]
        for text in texts:
            verdict = standing_of(text)
            if verdict is not None:
                return (None, True) if verdict == "aside" else (verdict, True)
        return None, False

    def indexed(self, *kinds: str) -> Iterator[tuple[int, Block]]:
        """Yield the blocks of these kinds with their indices."""
        return ((index, block) for index, block in enumerate(self.blocks) if block.kind in kinds)


def standing_of(text: str) -> Stance | Literal["aside"] | None:
    """Return the stance that a lead or heading gives to bare names below it,
    "aside" for none, None when it does not tell.
    """
    if _POINTS.match(text):
        return None
    if vocabulary.NOT_LEAD.search(text):
        return "not_claimed"
    if vocabulary.UNDER_LEAD.search(text):
        return "aside"
    held = vocabulary.HELD_LEAD.search(text)
    aside = vocabulary.ASIDE_LEAD.search(text)
    if aside and (not held or aside.start() < held.start()):
        return "aside"
    if vocabulary.PLANNED_LEAD.search(text):
        return "planned"
    if held:
        return "supports" if vocabulary.SUPPORTS_LEAD.search(text[: held.start()]) else "claimed"
    return "supports" if vocabulary.SUPPORTS_LEAD.search(text) else None
