"""Reading → its texts, each with what it needs to be understood: a list's lead,
a row's heads, its whole section.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.catalogue import Catalogue
from pipeline.diff.claims import caveats
from pipeline.diff.names.lens import Lens
from pipeline.diff.texts import units
from pipeline.diff.texts.units import Unit
from pipeline.model import Claim, Reading

PROSE = ("paragraph", "note", "definition")
ROWS = ("row", "header")
Key = tuple[object, ...]


class Surroundings:
    """A reading's texts, each with what surrounds it."""

    def __init__(self, reading: Reading, lens: Lens, catalogue: Catalogue) -> None:
        self.reading, self.lens = reading, lens
        self._units = units.of(reading.document)
        self._title = self._outermost(catalogue)
        self.by_text: dict[str, list[Unit]] = defaultdict(list)
        self._by_cell: dict[str, list[Unit]] = defaultdict(list)
        self._texts = {id(unit): lens.same(unit.unnumbered) for unit in self._units}
        self._paths: dict[tuple[str, ...], tuple[str, ...]] = {}
        for unit in self._units:
            self.by_text[self.text(unit)].append(unit)
            for cell in unit.cells:
                self._by_cell[lens.same(cell.text)].append(unit)

    @cached_property
    def around(self) -> Mapping[Key, list[Unit]]:
        """Return the texts by what they need to be understood; prose that speaks needs none of
        it."""
        found: dict[Key, list[Unit]] = defaultdict(list)
        for unit in self._units:
            found[self.around_of(unit)].append(unit)
        return found

    def text(self, unit: Unit) -> str:
        """Return a text in the form in which two pages print the same."""
        return self._texts[id(unit)]

    def units_of(self, claim: Claim) -> list[Unit]:
        """Return the texts that a claim stands in: a unit, a cell's row, or several sentences.

        None where it is unknown.
        """
        text = self.lens.same(claim.text)
        for index in (self.by_text, self._by_cell):
            if index.get(text):
                return [min(index[text], key=lambda unit: _far(unit, claim))]
        parts = [self.lens.same(part) for part in words.sentences(claim.text)]
        if len(parts) > 1 and all(self.by_text.get(part) for part in parts):
            return [min(self.by_text[part], key=lambda unit: _far(unit, claim)) for part in parts]
        return []

    def around_of(self, unit: Unit) -> Key:
        """Return a text with what it needs to be understood: its column's headings,
        its list's lead, its whole section.
        """
        path = self._path(unit)
        if unit.kind in ROWS:
            cells = frozenset(
                (self.lens.same(head), self.lens.same(text)) for head, text in unit.bound
            )
            return "row", path, cells or self.text(unit)
        if unit.kind == "item":
            return "item", path, self._leads[id(unit)], self.text(unit)
        return "section", path, self.text(unit), self._sections[unit.section]

    def _outermost(self, catalogue: Catalogue) -> str | None:
        """Return the page's title where it is nothing but one:
        a standard's name in it is said of all that stands below.
        """
        first = next((u for u in self._units if u.kind == "heading" and 1 in u.shape), None)
        return first.text if first and not catalogue.mentions(first.text) else None

    def _path(self, unit: Unit) -> tuple[str, ...]:
        """Return the headings over a text without the page's title, folded."""
        if unit.section not in self._paths:
            titled = unit.section[:1] == (self._title,)
            bare = unit.section[1:] if titled else unit.section
            self._paths[unit.section] = tuple(map(self.lens.same, bare))
        return self._paths[unit.section]

    @cached_property
    def _sections(self) -> dict[tuple[str, ...], bytes]:
        """Return what two sections of the same texts have in common,
        short enough to be compared for each of them.
        """
        found: dict[tuple[str, ...], Any] = defaultdict(hashlib.sha256)
        for unit in self._units:
            found[unit.section].update(self.text(unit).encode() + b"\0")
        return {section: made.digest() for section, made in found.items()}

    @cached_property
    def _leads(self) -> dict[int, str]:
        """Return for each text the one that may introduce it, by the identity of its unit."""
        found: dict[int, str] = {}
        leads: list[Unit] = []
        for unit in self._units:
            while leads and not _leads(leads[-1], unit):
                leads.pop()
            found[id(unit)] = self.text(leads[-1]) if leads else ""
            leads.append(unit)
        return found


def speaks(unit: Unit) -> bool:
    """Say whether a text says by itself what it says.

    What a question or a lead says stands behind it.
    """
    whole = unit.kind in PROSE and not unit.text.rstrip("\"”’'*_ ").endswith(("?", ":"))
    return whole and len(words.tokens(unit.text)) >= thresholds.SENTENCE


def _leads(lead: Unit, unit: Unit) -> bool:
    """Say whether a text before an item may introduce it: what is no item,
    or an item of a list around it.
    """
    if lead.section != unit.section:
        return False
    return lead.kind != "item" or (unit.kind == "item" and lead.level < unit.level)


def _far(unit: Unit, claim: Claim) -> tuple[bool, int]:
    return unit.section != claim.source.section, abs((unit.line or 0) - (claim.source.line or 0))


def heading(unit: Unit) -> str:
    return words.fold(unit.section[-1]) if unit.section else ""


def turned(one: Unit, other: Unit) -> bool:
    """Say whether the headings over two texts differ in a word that turns what stands below:
    "former", "planned", "not".
    """
    differ = set(words.tokens(heading(one))) ^ set(words.tokens(heading(other)))
    return bool(differ & caveats.BINDING)
