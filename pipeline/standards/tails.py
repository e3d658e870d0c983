"""Text behind a standard's name → its edition and levels. Only what is directly attached counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pipeline.standards import entries
from pipeline.standards.spellings import UNSPACED

_DIGITS = {
    "1": "1|I|one",
    "2": "2|II|two",
    "3": "3|III|three",
    "4": "4|IV|four",
    "5": "5|V|five",
    "6": "6|VI|six",
}
_LEVEL_WORDS = {
    "Type": "(?:Type|Typ|Tipo)",
    "Level": "(?:Level|Niveau|Nivel|Nível|Livello|Stufe)",
    "Class": "(?:Class|Klasse|Classe|Clase)",
}
"""How pages in other languages print the word for a numbered level."""
_BESIDE = re.compile(
    r"[\s-]{1,2}(?:impact|levels?|baselines?|authori[sz]ations?|status|tier)\b", re.IGNORECASE
)
_AHEAD = re.compile(
    r"\b(?:at|level|nivel|categor[ií]a|category|impact|baseline|categorie"
    r"|niveau)\s+(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
_MARK = r"(?:\s{0,4}(?:[®™]|\((?:R|TM)\)))*"
_LEAD = _MARK + r"\s{0,4}(?P<lead>[,:(\[-]\s{0,4}|,?\s{0,4}\(\s{0,4}|-\s{1,4})?"
_FILLER = (
    r"(?:(?:certified|compliant|compliance|certification|certificate|authori[sz]ed"
    r"|authori[sz]ations?|accredited|accreditation|assessed|"
    r"assessments?|validated|validation|attested|attestation|audited|audits?|examinations?"
    r"|reports?|reporting|standard|framework|"
    r"P-?ATO|ATO|agency|security|impact|baseline|merchant|service provider|as an?|provider"
    r"|status|label|listing|ready|equivalen(?:t|cy)|"
    r"registry|self-assessment|at|to|for|under|with|the|an?):?\s{1,4}){0,5}"
)
_JOIN = r"\s{0,4}(?:,\s{0,4}(?:and|or|&)\s{1,4}|,|/|&|\+|\band\b|\bor\b|\bthrough\b)\s{0,4}"
_END = rf"(?![^\W_{UNSPACED}])(?!\.\d)"
_OFTEN = (
    r"\s{1,4}(?i:others?|more|additional|further|new|different|of|separate|days?|weeks?|months?"
    r"|years?|times?|people|percent|type|level)\b"
)
_VERSION = (
    r"(?:\b(?:version|ver\.?)\s{0,4}|\b(?P<v>[vV])\.?\s?)(?P<version>\d+(?:\.\d+)*)"
    + _END
    + r"|(?P<dotted>\d+\.\d+(?:\.\d+)*)"
    + _END
)
_EDITIONS = {
    "version": _VERSION,
    "revision": r"(?:\b(?:revision|rev)\b\.?\s{0,4}|(?<![^\W\d_])[rR])(?P<revision>\d+(?:\.\d+)?)"
    + _END,
    "number": r"(?P<number>[vV]?\d{1,2})" + _END + rf"(?!{_OFTEN})",
}
_LEVEL_GROUP = re.compile(r"[lb]\d+(?:_\d+)?")
_YEAR = r"(?:19|20)\d\d"
_AMENDMENT = r"(?:\s{0,4}[/+]\s{0,4}(?:Amd|Cor|AC?)\.?\s{0,4}\d*(?::\d{4})?)*"


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the attached words end, and the editions and levels among them, in order."""

    end: int
    editions: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


def bare(edition: str) -> str:
    """Return an edition or level so that "v4.0" and "4.0", "Type II" and "Type 2" are equal."""
    text = re.sub(
        r"\b(i{1,3}|iv)\b",
        lambda found: {"i": "1", "ii": "2", "iii": "3", "iv": "4"}[found[1]],
        edition.casefold(),
    )
    return re.sub(r"^(?:version|ver|v|revision|rev|r)[\s.]{0,4}(?=\d)", "", text).replace(" ", "")


class Grammar:
    """How editions and levels of one standard are printed; made from its entry, at first need."""

    def __init__(self, standard: entries.Standard) -> None:
        self.standard = standard
        spellings = dict(standard.forms)
        self._spellings = {
            level: sorted((level, *spellings.get(level, ())), key=len, reverse=True)
            for level in standard.levels
        }

    def tail(self, text: str, at: int) -> Tail:
        """Return what is attached behind `at`, in any order: "3.1 Level 1", "(r2)"."""
        end, opened, editions, levels = at, False, list[str](), list[str]()
        while True:
            found = None if editions else self._edition(text, end)
            if found is not None:
                editions, lead = found[1], found[2]
            else:
                found = None if levels or not self.standard.levels else self._level(text, end)
                if found is None:
                    break
                levels, lead = found[1], found[2]
            opened = opened or lead.strip(" ,") in ("(", "[")
            end = found[0]
        if opened and (
            close := re.compile(
                r"\s{0,4}(?:(?:impact|level|baseline|edition|only)\s{0,4})*[)\]]"
            ).match(text, end)
        ):
            end = close.end()
        return Tail(end, tuple(editions), tuple(levels))

    def ahead(self, text: str, start: int, floor: int) -> tuple[int, str | None]:
        """Return where the mention begins, with a level that is before it ("Type 2 SOC 2")."""
        if (
            self._before is None
            or (found := self._before.search(text, max(floor, start - 40), start)) is None
        ):
            return start, None
        return found.start(), self._level_of(found)

    def levels(self, text: str) -> list[tuple[int, int, str]]:
        """Return start, end and name of every level that a text prints apart
        from the standard's name.

        A level that is an everyday word ("High") counts at the text's start,
        or beside a word such as "impact".
        """
        found: list[tuple[int, int, str]] = []
        for match in self._anywhere.finditer(text) if self.standard.levels else ():
            level = self._level_of(match)
            plain = level.replace(" ", "").isalpha() and not match[0].isupper()
            beside = _BESIDE.match(text, match.end()) or _AHEAD.search(text, 0, match.start())
            if not plain or not match.start() or beside:
                found.append((match.start(), match.end(), level))
        return found

    @cached_property
    def _anywhere(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w.-])(?:{self._alternatives})")

    # ------------------------------------------------------------------ editions

    def _edition(self, text: str, at: int) -> tuple[int, list[str], str] | None:
        if self._edition_form is None or (found := self._edition_form.match(text, at)) is None:
            return None
        editions, end = [self._named(found)], found.end()
        while (more := self._next_edition.match(text, end)) and self._named(more) not in editions:
            editions.append(self._named(more))
            end = more.end()
        return end, editions, found.groupdict().get("late") or found.groupdict().get("lead") or ""

    def _named(self, found: re.Match[str]) -> str:
        """Return an edition as printed.

        One that is part of the standard's number with it ("140-3").
        """
        part = found.groupdict().get("part")
        return f"{self.standard.numbers[0]}-{part}" if part else _printed(found)

    @cached_property
    def _edition_form(self) -> re.Pattern[str] | None:
        forms, ways = self.standard.edition, list[str]()
        loose = [_EDITIONS[form] for form in forms if form in _EDITIONS]
        if loose:
            ways.append(
                _LEAD + r"(?:(?:standard|framework|certification|compliance|controls?"
                r"|requirements):?\s{1,4})?(?P<late>\(\s{0,4})?(?:" + "|".join(loose) + ")"
            )
        if "year" in forms:
            ways.append(rf"{_MARK}\s{{0,4}}[:\-]\s{{0,4}}(?P<year>{_YEAR}){_AMENDMENT}{_END}")
            known = "|".join(self.standard.years)
            ways += (
                [
                    r"\s{0,4}(?P<open>\()?(?:\s{0,4}"
                    rf"|\s{{1,4}})(?P<known>{known})(?(open)(?:\s{{1,4}}edition)?\)|{_END})"
                ]
                if known
                else []
            )
        if "dash" in forms or "part" in forms:
            ways.append(rf"\s?-\s?(?P<{'part' if 'part' in forms else 'dash'}>\d){_END}")
        return re.compile("|".join(f"(?:{way})" for way in ways), re.IGNORECASE) if ways else None

    @cached_property
    def _next_edition(self) -> re.Pattern[str]:
        ways = []
        if "version" in self.standard.edition:
            ways.append(_VERSION)
        if "revision" in self.standard.edition:
            ways.append(_EDITIONS["revision"])
        if "year" in self.standard.edition:
            ways.append(rf":\s?(?P<year>{_YEAR}){_END}")
        if "dash" in self.standard.edition:
            ways.append(rf"(?<=/)(?P<dash>\d){_END}")
        if "part" in self.standard.edition:
            ways.append(rf"(?:(?<=/)|{self.standard.numbers[0]}-)(?P<part>\d){_END}")
        return re.compile(_JOIN + "(?:" + "|".join(ways) + ")" if ways else r"(?!)", re.IGNORECASE)

    # ------------------------------------------------------------------ levels

    def _level(self, text: str, at: int) -> tuple[int, list[str], str] | None:
        if (found := self._first_level.match(text, at)) is None:
            return None
        levels, end = [self._level_of(found)], found.end()
        while (more := self._next_level.match(text, end)) and self._level_of(more) not in levels:
            levels.append(self._level_of(more))
            end = more.end()
        return end, levels, found.groupdict().get("late") or found.groupdict().get("lead") or ""

    def _level_of(self, found: re.Match[str]) -> str:
        name = next(
            name
            for name, value in found.groupdict().items()
            if value is not None and _LEVEL_GROUP.fullmatch(name)
        )
        return self.standard.levels[int(name[1:].split("_")[0])]

    @cached_property
    def _alternatives(self) -> str:
        ranked = [
            (spelling, index)
            for index, level in enumerate(self.standard.levels)
            for spelling in self._spellings[level]
        ]
        ranked.sort(key=lambda pair: -len(pair[0]))
        return "|".join(
            rf"(?P<l{index}_{rank}>{_spelling(spelling)}{_END})"
            for rank, (spelling, index) in enumerate(ranked)
        )

    @cached_property
    def _first_level(self) -> re.Pattern[str]:
        return re.compile(rf"{_LEAD}(?i:{_FILLER})(?P<late>\(\s{{0,4}})?(?:{self._alternatives})")

    @cached_property
    def _next_level(self) -> re.Pattern[str]:
        numbered = [
            (index, level[-1])
            for index, level in enumerate(self.standard.levels)
            if level[-1] in _DIGITS
        ]
        plain = "|".join(
            rf"(?P<b{index}>(?:{_DIGITS[digit]}){_END}(?!{_OFTEN}))" for index, digit in numbered
        )
        return re.compile(rf"{_JOIN}(?:{self._alternatives}{'|' + plain if plain else ''})")

    @cached_property
    def _before(self) -> re.Pattern[str] | None:
        ways = [
            rf"(?P<l{index}>{_spelling(level)})"
            for index, level in enumerate(self.standard.levels)
            if re.fullmatch(r"[A-Za-z]+ \d", level)
        ]
        return (
            re.compile(
                rf"(?<![^\W_])(?:{'|'.join(ways)})[\s-]{{1,4}}(?i:(?:certified"
                r"|compliant)\s{1,4})?\Z"
            )
            if ways
            else None
        )


def _spelling(level: str) -> str:
    """Return the expression of a level: one with a number in any case, others also in capitals."""
    words = re.findall(r"[^\W\d_]+|\d+|[^\w\s-]", level)
    parts = [_part(word) for word in words]
    numbered = len(words) > 1 and words[-1] in _DIGITS
    if numbered and len(words[-2]) > 3:
        parts[-2] += "s?"
    body = r"[\s-]{0,4}".join(parts)
    return f"(?i:{body})" if numbered else f"(?:{body}|{body.upper()})" if level.isalpha() else body


def _part(word: str) -> str:
    if word in _DIGITS:
        return rf"(?:{_DIGITS[word]})"
    return _LEVEL_WORDS.get(word, re.escape(word))


def _printed(found: re.Match[str]) -> str:
    values = {name: value for name, value in found.groupdict().items() if value is not None}
    if "revision" in values:
        return f"Rev. {values['revision']}"
    if "version" in values:
        return ("v" if "v" in values else "") + values["version"]
    return next(
        values[name] for name in ("dotted", "number", "year", "known", "dash") if name in values
    ).lower()
