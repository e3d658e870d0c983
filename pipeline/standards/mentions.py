"""Text → the standards it names, left to right.

Does not say whether a name is a claim: an explanation is a mention too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.standards import asides, entries, planting, series, spellings, tails
from pipeline.standards.spellings import Alias, Hit

_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_CLOSE = re.compile(r"[®™\"'\s]*\)")
_INSIDE = re.compile(r"[^()]{0,120}")
_YEAR_OF_LAW = re.compile(
    r"\s{1,4}(?:\(EU\)|\(EC\))?\s{0,4}(?:No\.?\s{0,4})?(?:of\s{1,4}(?:19|20)\d\d"
    r"|\d{4}/\d{2,4}(?:/E[CU])?)(?!\d)"
)
_NUMBERED = re.compile(r"[\s/-]{0,4}(?:IEC)?[\s/:-]{0,4}(?:no\.?\s{0,4})?\d", re.IGNORECASE)


class Mention(NamedTuple):
    """A standard named in a text: `text` is `text[start:end]`, with what is attached.

    `name` is the catalogue's.
    """

    standard: str
    start: int
    end: int
    text: str
    edition: str | None = None
    level: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Scan:
    """One walk over a text: the standards that weak aliases count for,
    and those of which a decoy stood before.
    """

    text: str
    context: Collection[str]
    decoyed: set[str] = field(default_factory=set)


class Recogniser:
    """A trie of all spellings by folded word, and the tail grammar of each standard."""

    def __init__(
        self, standards: tuple[entries.Standard, ...], families: tuple[entries.Family, ...]
    ) -> None:
        self._standards = {standard.id: standard for standard in standards}
        self._trie = planting.trie(standards, families)
        self._numbers = planting.numbers(standards, families)
        self._umbrellas = {family.umbrella for family in families}
        self._grammar = cache(lambda name: tails.Grammar(self._standards[name]))
        self._number_form = cache(lambda family: planting.number_form(self._numbers[family]))
        # The next capture of a page prints nearly all of its texts again.
        self._found = lru_cache(maxsize=8192)(self._find)
        self._leveled = lru_cache(maxsize=8192)(self._levels)

    def mentions(self, text: str, context: Collection[str] = ()) -> tuple[Mention, ...]:
        """Return the mentions, left to right, never overlapping but for several levels of one name.

        Those share one span, one mention each ("FedRAMP Moderate and High"). Weak aliases ("the
        CSF", "STAR") count only for the standards whose ids are in `context`, or in their
        company. Addresses of pages and mail are not read.
        """
        return self._found(text, frozenset(context))

    def _find(self, text: str, context: frozenset[str]) -> tuple[Mention, ...]:
        if _INVISIBLE.search(text):
            return self._through_invisible(text, context)
        level = spellings.even(text)
        return tuple(self._scan(text, level, context)) if self._trie.begins_in(level) else ()

    def _through_invisible(self, text: str, context: Collection[str]) -> tuple[Mention, ...]:
        kept = [place for place, char in enumerate(text) if not _INVISIBLE.match(char)]
        found = self.mentions("".join(text[place] for place in kept), context)
        spans = [(kept[mention.start], kept[mention.end - 1] + 1) for mention in found]
        return tuple(
            m._replace(start=start, end=end, text=text[start:end])
            for m, (start, end) in zip(found, spans, strict=True)
        )

    def levels(self, text: str, standard: str) -> tuple[Mention, ...]:
        """Return a mention for each level of a standard that a text prints apart from its name."""
        return self._leveled(text, standard)

    def _levels(self, text: str, standard: str) -> tuple[Mention, ...]:
        name = self._standards[standard].name
        found = self._grammar(standard).levels(spellings.even(text))
        return tuple(
            Mention(standard, start, end, text[start:end], level=level, name=name)
            for start, end, level in found
        )

    # ------------------------------------------------------------------ the scan

    def _scan(self, printed: str, text: str, context: Collection[str]) -> Iterator[Mention]:
        tokens, scan = spellings.tokens(text), _Scan(text, context)
        floor, waiting = 0, None
        for at, token in enumerate(tokens):
            if token.start < floor or not self._trie.begins(token.folded):
                continue
            found, after = self._best(scan, token.start, self._trie.hits(text, tokens, at), floor)
            for one in found:
                if waiting and (joint := _joint(text, waiting, one)):
                    waiting = joint
                else:
                    yield from self._told(printed, waiting)
                    waiting = one
                floor = one[1]
            floor = max(floor, after)
        yield from self._told(printed, waiting)

    def _told(self, printed: str, found: _Found | None) -> Iterator[Mention]:
        if found is not None:
            start, end, standard, editions, levels = found
            text, name = printed[start:end], self._standards[standard].name
            for edition in editions or (None,):
                for level in levels or (None,):
                    yield Mention(standard, start, end, text, edition, level, name)

    def _best(
        self, scan: _Scan, start: int, hits: Iterable[Hit], floor: int
    ) -> tuple[list[_Found], int]:
        """Return what begins at this place, longest alias first, and the place up
        to which the text is used up.
        """
        for hit in sorted(
            hits,
            key=lambda hit: (
                -hit.end,
                hit.alias.decoy_of is not None,
                hit.alias.family is None,
                hit.alias.words is None,
            ),
        ):
            alias = hit.alias
            if alias.decoy_of is not None:
                scan.decoyed.add(alias.decoy_of)
                return [], hit.end
            if alias.weak and not _in_its_place(alias, scan.text, scan.context):
                continue
            if alias.family is not None:
                if listed := self._numbered(scan.text, start, hit, floor):
                    return listed, listed[-1][1]
            elif found := self._named(scan, start, hit, floor):
                return [found], found[1]
        return [], floor

    def _named(self, scan: _Scan, start: int, hit: Hit, floor: int) -> _Found | None:
        text, standard = scan.text, hit.alias.standard
        assert standard is not None
        if hit.alias.words is not None and standard in scan.decoyed:
            return None
        if standard in self._umbrellas and _NUMBERED.match(text, hit.end):
            return None
        grammar, end = self._grammar(standard), hit.end
        if (law := _YEAR_OF_LAW.match(text, end)) and self._standards[standard].kind == "law":
            end = law.end()
        tail = grammar.tail(text, end)
        if not tail.levels:
            # "IL4", "EAL4+", "Tier III": the name is part of the level.
            whole = grammar.tail(text, start)
            tail = whole if whole.levels and whole.end >= end else tail
        if hit.alias.needs_tail and not (tail.editions or tail.levels):
            return None
        tail = self._with_brackets(standard, text, start, tail)
        return self._with_level_ahead(standard, text, start, floor, tail)

    def _with_level_ahead(
        self, standard: str, text: str, start: int, floor: int, tail: tails.Tail
    ) -> _Found:
        begin, level = (
            (start, None) if tail.levels else self._grammar(standard).ahead(text, start, floor)
        )
        return (begin, tail.end, standard, tail.editions, (level,) if level else tail.levels)

    # ------------------------------------------------------------------ brackets behind a name

    def _with_brackets(self, standard: str, text: str, start: int, tail: tails.Tail) -> tails.Tail:
        """Take in "(HIPAA)" behind the long name, "(Spain)" behind the scheme's,
        and what follows the bracket.
        """
        inner = self._bracket(standard, text, start, tail.end)
        if inner is None:
            return tail
        outer = self._grammar(standard).tail(text, inner.end)
        editions, levels = (
            tail.editions or inner.editions or outer.editions,
            tail.levels or inner.levels or outer.levels,
        )
        return tails.Tail(max(inner.end, outer.end), editions, levels)

    def _bracket(self, standard: str, text: str, start: int, at: int) -> tails.Tail | None:
        if (opened := asides.OPEN.match(text, at)) is None:
            return None
        inside = _INSIDE.match(text, opened.end())[0]  # type: ignore[index]
        tail = self._bracketed(standard, inside, text[start:at])
        close = _CLOSE.match(text, opened.end() + tail.end) if tail else None
        return replace(tail, end=close.end()) if tail and close else None

    def _bracketed(self, standard: str, inside: str, name: str) -> tails.Tail | None:
        """Return what a bracket says if it begins with the standard again,
        its initials, or its country.
        """
        again = [
            mention
            for mention in self._scan(inside, inside, (standard,))
            if mention.start == 0 and mention.standard == standard
        ]
        if again:
            editions, levels = (
                tuple(dict.fromkeys(filter(None, values)))
                for values in zip(*((m.edition, m.level) for m in again), strict=True)
            )
            return tails.Tail(again[0].end, editions, levels)
        end = asides.end(inside, name, self._standards[standard].region)
        return None if end is None else tails.Tail(end)

    # ------------------------------------------------------------------ heads and numbers

    def _numbered(self, text: str, start: int, hit: Hit, floor: int) -> list[_Found]:
        """Return one find for each number behind a family's head: "SOC 1, 2 and 3",
        "ISO 27001:2013, 27017:2015".
        """
        family = hit.alias.family
        assert family is not None
        form = self._number_form(family)
        number = series.first(form, family, text, hit.end)
        found: list[_Found] = []
        while number is not None:
            standard = self._numbers[family][number["number"].lower()]
            begin = number.start("number") if found else start
            tail = self._with_brackets(
                standard, text, begin, self._grammar(standard).tail(text, number.end())
            )
            one = self._with_level_ahead(standard, text, begin, floor, tail)
            found.append((begin, *one[1:]) if found else one)
            known = self._numbers[family]
            if short := series.shortened(known, text, tail.end, number["number"]):
                found += [(begin, end, standard, (), ()) for begin, end, standard in short]
                break
            number = series.following(form, text, tail.end)
        return self._shared_level(found)

    def _shared_level(self, found: list[_Found]) -> list[_Found]:
        """Give the only level of a list under one head to all of it that can have one:
        "SOC 1 and 2 Type II".
        """
        levels = {levels for *_, levels in found if levels}
        if len(found) < 2 or len(levels) != 1 or not (found[0][4] or found[-1][4]):
            return found
        shared = next(iter(levels))
        return [
            (*one[:4], shared if set(shared) <= set(self._standards[one[2]].levels) else one[4])
            for one in found
        ]


def _in_its_place(alias: Alias, text: str, context: Collection[str]) -> bool:
    """Return whether a weak alias stands where it can only mean its standard."""
    if alias.standard in context:
        return True
    return alias.company is not None and alias.company.search(text) is not None


_Found = tuple[int, int, str, tuple[str, ...], tuple[str, ...]]


def _joint(text: str, before: _Found, after: _Found) -> _Found | None:
    """Return one find for two names of one standard side by side ("HIPAA BAA",
    "CCPA/CPRA"), None if they are two.
    """
    close = before[2] == after[2] and text[before[1] : after[0]].strip() in ("", "/", "-")
    if not close or (any(before[3:]) and any(after[3:])):
        return None
    return (before[0], after[1], before[2], before[3] or after[3], before[4] or after[4])
