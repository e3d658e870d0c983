"""Document → its units: each sentence, entry or heading once, with what stands over it and the standards it may speak of.

A unit is what one judgement is about. What introduces it (a lead, a question, a card's title) and the headings above it
go with it, for "In audit" says something only below "SOC 2". Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from pipeline import lexicon, words
from pipeline.extract.context import Context
from pipeline.extract.lines import Line
from pipeline.model import Block
from pipeline.standards import Mention

_BADGE = re.compile(r"[✓✔✅☑⚙][️\s]*([^✓✔✅☑⚙]*[^✓✔✅☑⚙\s])")
_WORD = re.compile(
    r"[§£]|[^\W\d_]+n['’]t\b|\w+(?:[-.]\w+)*|['’](?:s|re|ve|ll|d|m)\b|[^\w\s]", re.IGNORECASE
)
_PLAIN_WORD = re.compile(r"\w+(?:[-.]\w+)*|[^\w\s]")
"""The same in a text without apostrophes."""
_POINTS = re.compile(
    r"(?:these|they|this|those|such|it|both|among (?:them|these)|examples|dies|ils|elles|estos|estas)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUARTER = re.compile(r"[qh][1-4]")
_MONTHS = frozenset(
    re.findall(
        r"\w+",
        """january february march april may june july august september october november december jan feb mar apr jun jul
        aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet
        août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre
        noviembre diciembre""",
    )
)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """the a an of and for in at to on by with cloud data security platform trust service services center centre portal
        systems system group software health page policy privacy compliance faq help docs guide care bank online for our
        der die das und für de la le et del los las y est is are what how why your you it und da do""",
    )
)
_FOREIGN = 0.4
"""Which share of a page's letters may be of other scripts than the Latin one, names and addresses apart."""
_ENOUGH = 50
"""How many words of prose a page must have before its language can be called unknown."""
_COMMON_SHARE = 0.1
"""Which share of prose the commonest words of its language make up at least; in English it is about a third."""
_LABEL = 3
"""Words of a line that says what the badges below it are."""
_ROW = 12
"""How many badges may stand below such a line."""
_LONG_LEAD = 30
"""Words of a lead beyond which it is a text of its own, whose standards the units below it do not speak of."""


class Unit(NamedTuple):
    """A sentence, entry, heading or cell, and what it is read with.

    `block` is its place among the context's blocks. `over` are the headings above it, H1 first. `lead` introduces it:
    the sentence before a list, the question it answers, the name of its card or row and column. `earlier` is the
    sentence before it where it points back to that ("These include …").
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
        """Return the standards that it may speak of and where each is named: its own text, its lead, its heading."""
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
        self._lines: dict[tuple[str, tuple[Mention, ...]], Line] = {}
        self._names = names
        self._once: dict[tuple[str, str], frozenset[str]] = {}

    @cached_property
    def _sample(self) -> list[str]:
        texts = " ".join(block.text for block in self.context.blocks[:400])
        return list(map(words.fold, texts.split()[:3000]))

    @cached_property
    def key(self) -> Hashable:
        """Return what of a page a judgement of one of its units rests on beside the unit."""
        context = self.context
        title = context.document.title or ""
        return self.brands, title, self.language, context.about, context.catalogue.stamp

    @cached_property
    def language(self) -> lexicon.Lexicon:
        """Return the lexicon of the page's language."""
        return lexicon.load(lexicon.detect(self._sample))

    @property
    def is_understood(self) -> bool:
        """Return whether the page's language has a lexicon; a text too short to tell has.

        Scripts that put no spaces between words are told by their letters.
        """
        prose = [word for block in self.context.blocks[:400] for word in _prose(block)]
        if _is_foreign("".join(self._sample)):
            return False
        common = lexicon.common(prose, self.language.code)
        return len(prose) < _ENOUGH or common >= _COMMON_SHARE * len(prose)

    @cached_property
    def brands(self) -> frozenset[str]:
        """Return the folded words by which the page calls its vendor: of its title, its H1, its site's name and the config."""
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
                if name and folded not in _COMMON and not self._tagged(folded):
                    found.add(folded)
        return frozenset(found)

    def _tagged(self, word: str) -> bool:
        return bool(self.language.tags((word,)))

    def once(self, key: tuple[str, str], made: Callable[[], Iterable[str]]) -> frozenset[str]:
        """Return what is made of a text that stands over many units, made the first time it is asked for."""
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
        if not mentions:
            return self._line(text, ())
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
        return self._line("".join((*pieces, text[at:])), spans)

    def _line(self, text: str, spans: Sequence[int]) -> Line:
        """Return the words of a text in which `£` stands for mentions; `spans` says for each the how manieth `£` it is."""
        form = _WORD if "'" in text or "’" in text else _PLAIN_WORD
        printed = tuple(form.findall(text))
        marks = [place for place, word in enumerate(printed) if word == "£"] if spans else []
        folded = tuple(map(self._classed.__getitem__, printed))
        places = tuple(marks[span] if span < len(marks) else -1 for span in spans)
        return Line(printed, folded, places, tuple(self.language.tags(folded)))

    @cached_property
    def _classed(self) -> _Classed:
        return _Classed(self.brands)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Return the units of paragraphs, entries, notes and headings in page order; tables have their own layouts."""
        return tuple(self._units())

    def _units(self) -> Iterator[Unit]:
        for index, block in enumerate(self.context.blocks):
            if block.kind in ("paragraph", "item", "definition", "note", "term"):
                stands = self._place(index, block, block.section)
                earlier = ""
                for sentence in sentences(block.text):
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

        A level of a standard that a text names without one completes that mention; any other is a mention of its own:
        "Type I done, Type II under way" speaks of both, below a heading or a column that names the standard.
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
                found[place] = replace(bare[0], level=apart[0].level)
            else:
                over = next((m.edition for m in topic if m.standard == standard), None)
                found += apart if bare else [replace(m, edition=over) for m in apart]
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
        """Return the short line above a row of bare names: "Certificates" above badges that are boxes of their own."""
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

    def _topic(
        self, lead: str, over: tuple[str, ...]
    ) -> tuple[tuple[Mention, ...], str]:
        if lead and len(lead.split()) <= _LONG_LEAD and (found := self.context.topic_of(lead)):
            return found, "lead"
        for heading in (*reversed(over[1:]), *over[:1]):
            if found := self.context.topic_of(heading):
                return found, "heading"
        return (), ""


class _Classed(dict[str, str]):
    """Words as printed → the class that stands for a brand, year, month or number; any other word folded."""

    def __init__(self, brands: frozenset[str]) -> None:
        super().__init__()
        self._brands = brands

    def __missing__(self, word: str) -> str:
        folded, kind = _classes(word)
        kind = self[word] = "BRAND" if folded in self._brands else kind
        return kind


@lru_cache(maxsize=32768)
def _classes(word: str) -> tuple[str, str]:
    """Return a word folded, and the class that stands for a year, month or number, the folded word for any other."""
    folded = word.casefold().replace("’", "'")
    if _YEAR.fullmatch(word):
        return folded, "YEAR"
    if _QUARTER.fullmatch(folded):
        return folded, "QUARTER"
    if folded in _MONTHS and not word.islower():
        return folded, "MONTH"
    return folded, "NUMBER" if word[0].isdigit() else folded


def is_name(text: str, mentions: tuple[Mention, ...]) -> bool:
    """Return whether a text is little more than the names of standards."""
    return sum(m.end - m.start for m in {m.start: m for m in mentions}.values()) >= 0.6 * len(text)


def _is_foreign(text: str) -> bool:
    """Return whether many letters of a text are of other scripts than the Latin one."""
    if text.isascii():
        return False
    letters = [char for char in text if char.isalpha()]
    return sum(char > "\u024f" for char in letters) > _FOREIGN * len(letters)


def _prose(block: Block) -> list[str]:
    """Return the folded words of a block that runs on as sentences do, none of a list's names."""
    found = block.text.split() if block.kind in ("paragraph", "item", "definition") else []
    return list(map(words.fold, found)) if len(found) > 7 else []


def sentences(text: str) -> list[str]:
    """Return a text's sentences, and the badges of a line that marks each of them with a tick or gear."""
    found: list[str] = []
    for sentence in words.sentences(text):
        badges = _BADGE.findall(sentence)
        found += badges if len(badges) > 1 else [sentence]
    return found
