"""Document → its units: each sentence, entry or heading once, with what stands over it
and the standards it may speak of.

A unit is what one judgement is about. What introduces it (a lead, a question, a card's title) and
the headings above it go with it, for "In audit" says something only below "SOC 2". Nothing is
judged here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from pipeline import lexicon
from pipeline.extract import clauses, languages, lines, vocabulary
from pipeline.extract.context import Context
from pipeline.extract.lines import Line
from pipeline.model import Block, Note
from pipeline.standards import Mention

_POINTS = re.compile(
    r"(?:these|they|this|those|such|it|both|among (?:them|these)|examples|dies|ils|elles"
    r"|estos|estas)\b",
    re.IGNORECASE,
)
_LABEL = 3
"""Words of a line that says what the badges below it are."""
_ROW = 12
"""How many badges may stand below such a line."""
_REMEMBERED = 4_000
"""Of how many texts the words are remembered before a page: some six pages,
or all captures of one."""
_LONG_LEAD = 30
"""Words of a lead beyond which it is a text of its own,
whose standards the units below it do not speak of."""


class Unit(NamedTuple):
    """A sentence, entry, heading or cell, and what it is read with.

    `block` is its place among the context's blocks. `over` are the headings above it, H1 first.
    `lead` introduces it: the sentence before a list, the question it answers, the name of its card
    or row and column. `earlier` is the sentence before it where it points back to that ("These
    include …").
    """

    block: int
    kind: str
    text: str
    lead: str
    over: tuple[str, ...]
    mentions: tuple[Mention, ...]
    topic: tuple[Mention, ...] = ()
    topic_from: str = ""
    earlier: str = ""

    @property
    def candidates(self) -> tuple[tuple[Mention, str], ...]:
        """Return the standards that it may speak of and where each is named:
        its own text, its lead, its heading."""
        own = tuple((mention, "text") for mention in self.mentions)
        named = {mention.standard for mention in self.mentions}
        rest = ((m, self.topic_from) for m in self.topic if m.standard not in named)
        return (*own, *rest)


class _Place(NamedTuple):
    """What the units of one block have in common: see `Unit`."""

    block: int
    kind: str
    lead: str
    over: tuple[str, ...]
    topic: tuple[Mention, ...]
    topic_from: str


class Outline:
    """The units of a document, and the words of their texts, each looked at once."""

    def __init__(self, context: Context, names: tuple[str, ...] = ()) -> None:
        self.context = context
        self._names = names
        self._once: dict[tuple[str, str], frozenset[str]] = {}
        self.weighed: dict[bytes, Note | None] = {}

    @cached_property
    def _sample(self) -> list[str]:
        return languages.sample(self.context.blocks)

    @cached_property
    def key(self) -> str:
        """Return what of a page a judgement of one of its units rests on beside the unit, alike in
        every process."""
        context = self.context
        names, about = sorted(self.brands), sorted(context.about)
        title = context.document.title or ""
        return repr((names, title, self.language.code, about, context.catalogue.stamp))

    @cached_property
    def language(self) -> lexicon.Lexicon:
        """Return the lexicon of the page's language."""
        return lexicon.load(lexicon.detect(self._sample))

    @property
    def is_understood(self) -> bool:
        """Return whether the page's language has a lexicon."""
        return languages.is_known(self.context.blocks, self._sample, self.language.code)

    @cached_property
    def brands(self) -> frozenset[str]:
        """Return the folded words by which the page calls its vendor: of its title,
        its H1, its site's name and the config."""
        heads = [b.text for b in self.context.blocks if b.kind == "heading" and b.level == 1][:1]
        document = self.context.document
        texts = (*self._names, *document.names, document.title or "", *heads)
        found = set()
        for text in texts:
            for mention in reversed(self.context.mentions(text)):
                text = f"{text[: mention.start]} {text[mention.end :]}"
            for word in re.findall(r"\w[\w.&-]*", text):
                folded = word.casefold().removesuffix("'s")
                name = len(word) > 2 and not word.islower() and not word.isdigit()
                if (
                    name
                    and folded not in vocabulary.BESIDE_BRANDS
                    and not self.language.tags((folded,))
                ):
                    found.add(folded)
        return frozenset(found)

    def once(self, key: tuple[str, str], made: Callable[[], Iterable[str]]) -> frozenset[str]:
        """Return what is made of a text that stands over many units,
        made the first time it is asked for."""
        found = self._once.get(key)
        if found is None:
            found = self._once[key] = frozenset(made())
        return found

    def line(self, text: str, mentions: tuple[Mention, ...] | None = None) -> Line:
        """Return the words of a text of this page."""
        known = self.context.mentions(text) if mentions is None else mentions
        found = self._lines.get((text, known))
        if found is None:
            found = self._lines[text, known] = self._read(text, known)
        return found

    def _read(self, text: str, mentions: tuple[Mention, ...]) -> Line:
        classes, language = self._classes, self.language
        if not mentions:
            return lines.read(text, (), classes, language)
        pieces: list[str] = []
        spans: list[int] = []
        at = 0
        index: dict[int, int] = {}
        for mention in mentions:
            if mention.start >= at:
                pieces += [text[at : mention.start], " £ "]
                at = mention.end
                index[mention.start] = len(index)
            spans.append(index.get(mention.start, max(0, len(index) - 1)))
        return lines.read("".join((*pieces, text[at:])), spans, classes, language)

    @cached_property
    def _lines(self) -> dict[tuple[str, tuple[Mention, ...]], Line]:
        found = _remembered(self.brands, self.language)
        if len(found) >= _REMEMBERED:
            found.clear()
        return found

    @cached_property
    def _classes(self) -> lines.Classes:
        return lines.Classes(self.brands)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Return the units of paragraphs, entries, notes and headings in page order;
        tables have their own layouts."""
        return tuple(self._units())

    def _units(self) -> Iterator[Unit]:
        for index, block in enumerate(self.context.blocks):
            if block.kind in ("paragraph", "item", "definition", "note", "term"):
                stands = self._place(index, block, block.section)
                earlier = ""
                for sentence in clauses.sentences(block.text):
                    yield self._unit(stands, sentence, earlier)
                    earlier = sentence
            elif block.kind == "heading":
                stands = self._place(index, block, block.section[:-1])
                yield self._unit(stands, block.text)

    def _place(self, index: int, block: Block, over: tuple[str, ...]) -> _Place:
        lead = self._lead(index, block)
        topic, source = self._topic(lead, over)
        return _Place(index, block.kind, lead, over, topic, source)

    def _unit(self, stands: _Place, text: str, earlier: str = "") -> Unit:
        index, kind, lead, over, topic, source = stands
        mentions = self.context.mentions(text)
        if kind == "heading" or text.endswith("?"):
            topic = ()
        elif mentions or topic:
            mentions = self.leveled(text, mentions, topic if source == "lead" else topic[:1])
        earlier = earlier if _POINTS.match(text) else ""
        return Unit(index, kind, text, lead, over, mentions, topic, source, earlier)

    def leveled(
        self, text: str, mentions: tuple[Mention, ...], topic: tuple[Mention, ...]
    ) -> tuple[Mention, ...]:
        """Return the mentions with the levels that stand apart from their names.

        A level of a standard that a text names without one completes that mention; any other is a
        mention of its own: "Type I done, Type II under way" speaks of both, below a heading or a
        column that names the standard.
        """
        found = list(mentions)
        for standard in dict.fromkeys(mention.standard for mention in (*mentions, *topic)):
            apart = [
                level
                for level in self.context.catalogue.levels(text, standard)
                if all(level.end <= m.start or level.start >= m.end for m in found)
            ]
            bare = [m for m in found if m.standard == standard and not m.level]
            if len(bare) == 1 and len(apart) == 1:
                place = found.index(bare[0])
                found[place] = bare[0]._replace(level=apart[0].level)
            else:
                over = next((m.edition for m in topic if m.standard == standard), None)
                found += apart if bare else [m._replace(edition=over) for m in apart]
        return tuple(sorted(found, key=lambda mention: mention.start))

    def _lead(self, index: int, block: Block) -> str:
        if block.kind == "item":
            return self.context.lead(index)
        if block.kind == "heading" or not index:
            return ""
        before = self.context.blocks[index - 1]
        if before.kind == "heading" and block.section[-1:] != (before.text,):
            return ""  # a footer behind a section's last heading is no text of that section
        if before.kind in ("term", "heading") or (before.kind == "paragraph" and before.strong):
            return before.text
        if before.kind == "paragraph" and before.text.endswith(("?", ":")):
            return before.text
        if label := self._label(index, block):
            return label
        # A card without a heading: "HIPAA" in one box, "Compliant" in the next.
        names = self.context.mentions(before.text) if before.kind == block.kind else ()
        return (
            before.text if before.section == block.section and is_name(before.text, names) else ""
        )

    def _label(self, index: int, block: Block) -> str:
        """Return the short line above a row of bare names:
        "Certificates" above badges that are boxes of their own."""
        if block.kind != "paragraph" or not self._is_bare(block):
            return ""
        for above in reversed(self.context.blocks[max(0, index - _ROW) : index]):
            if above.kind != "paragraph" or above.section != block.section:
                return ""
            if not self._is_bare(above):
                short = len(above.text.split()) <= _LABEL and above.text[-1].isalpha()
                return above.text if short and not self.context.mentions(above.text) else ""
        return ""

    def _is_bare(self, block: Block) -> bool:
        return is_name(block.text, self.context.mentions(block.text))

    def _topic(self, lead: str, over: tuple[str, ...]) -> tuple[tuple[Mention, ...], str]:
        if lead and len(lead.split()) <= _LONG_LEAD and (found := self.context.topic_of(lead)):
            return found, "lead"
        for heading in (*reversed(over[1:]), *over[:1]):
            if found := self.context.topic_of(heading):
                return found, "heading"
        return (), ""


@lru_cache(maxsize=8)
def _remembered(
    brands: frozenset[str], language: lexicon.Lexicon
) -> dict[tuple[str, tuple[Mention, ...]], Line]:
    """Return the lines of texts that pages of one vendor had: the next capture has nearly all."""
    return {}


def forget_lines() -> None:
    """Forget the words of every text, as at the start of a process."""
    _remembered.cache_clear()


def is_name(text: str, mentions: tuple[Mention, ...]) -> bool:
    """Return whether a text is little more than the names of standards."""
    return sum({m.start: m.end - m.start for m in mentions}.values()) >= 0.6 * len(text)
