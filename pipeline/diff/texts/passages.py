"""Untold differences of text → passages that a person reads as one: a paragraph,
a list, neighbouring lines of a section.

Decides nothing of what was told. The other way round finds the same passages.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline import words
from pipeline.diff import drafting, thresholds
from pipeline.diff.texts import grid, marks
from pipeline.diff.texts.alignment import Alignment
from pipeline.diff.texts.units import Unit
from pipeline.model import Change, Mark, Source


@dataclass(frozen=True, slots=True)
class Bit:
    """One difference of text that no claim told; `old` and `new` are what to show of its units."""

    before: Unit | None
    after: Unit | None
    old: str
    new: str

    @property
    def size(self) -> int:
        """Return how many characters there are to read."""
        return len(self.old) + len(self.new)


class Places:
    """Where units stand on either page, and between which texts that are on both pages alike."""

    def __init__(self, before: Sequence[Unit], after: Sequence[Unit], aligned: Alignment) -> None:
        self._index = {
            id(unit): place for units in (before, after) for place, unit in enumerate(units)
        }
        self._same = [[self._index[id(pair[side])] for pair in aligned.same] for side in (0, 1)]

    def of(self, unit: Unit) -> int:
        """Return the unit's place on its page."""
        return self._index[id(unit)]

    def gap(self, unit: Unit, side: int) -> tuple[int, int]:
        """Return how many texts of both pages stand before the unit,
        and how far behind the last of them it stands.
        """
        place = self.of(unit)
        number = bisect_left(self._same[side], place)
        return number, place - (self._same[side][number - 1] if number else -1)


def of(bits: Iterable[Bit], places: Places) -> list[list[Bit]]:
    """Return the differences grouped into passages, in the order of the pages."""
    found: list[list[Bit]] = []
    for bit in sorted(bits, key=lambda bit: _order(bit, places)):
        home = next(
            (
                passage
                for passage in reversed(found[-thresholds.NEAR :])
                if _belongs(bit, passage, places)
            ),
            None,
        )
        if home is None:
            found.append([bit])
        else:
            home.append(bit)
    return found


def _order(bit: Bit, places: Places) -> tuple[float, float, str]:
    gaps = [places.gap(unit, side) for side, unit in enumerate((bit.before, bit.after)) if unit]
    numbers, offsets = zip(*gaps, strict=True)
    return (
        sum(numbers) / len(gaps),
        sum(offsets) / len(gaps),
        min(bit.old or bit.new, bit.new or bit.old),
    )


def _belongs(bit: Bit, passage: list[Bit], places: Places) -> bool:
    last = passage[-thresholds.NEAR :]
    if any(_shared(bit, other, "block") for other in last):
        return True
    if bit.size + sum(other.size for other in passage) > thresholds.PASSAGE:
        return False
    return any(
        _shared(bit, other, "group")
        or (_gap(bit, places) == _gap(other, places) and _one_section(bit, other))
        for other in last
    )


def _shared(bit: Bit, other: Bit, name: str) -> bool:
    pairs = ((bit.before, other.before), (bit.after, other.after))
    return any(
        getattr(x, name) and getattr(x, name) == getattr(y, name) for x, y in pairs if x and y
    )


def _gap(bit: Bit, places: Places) -> object:
    """Return the stretch between unchanged texts in which a difference lies.

    Nothing equals one that moved meanwhile.
    """
    gaps = {places.gap(unit, side)[0] for side, unit in enumerate((bit.before, bit.after)) if unit}
    return gaps.pop() if len(gaps) == 1 else bit


def _one_section(bit: Bit, other: Bit) -> bool:
    pairs = [(x, y) for x, y in ((bit.before, other.before), (bit.after, other.after)) if x and y]
    if pairs:
        return any(x.section == y.section for x, y in pairs)
    x, y = bit.before or bit.after, other.before or other.after
    return x is not None and y is not None and _heading(x) == _heading(y)


def _heading(unit: Unit) -> str:
    return words.fold(unit.section[-1]) if unit.section else ""


# --------------------------------------------------------------------------- passage → change


def drafted(passage: Sequence[Bit], places: Places) -> Change:
    """Return the change that tells a passage; of a very long sentence it shows what differs,
    for the whole stands beside it.
    """
    passage = sorted(passage, key=lambda bit: _order(bit, places))
    sides = [_side(passage, side, places) for side in (0, 1)]
    old, new = (shown for _, shown in sides)
    marked = _table(passage) or (_marks(passage, places) if len(passage) > 1 else ())
    if old and new and not marked and len(old) + len(new) > 2 * thresholds.LONG:
        old, new = _passage(old, new)
    alone = [
        unit
        for bit in passage
        for unit in (bit.before, bit.after)
        if unit and not (bit.before and bit.after)
    ]
    urls = tuple(dict.fromkeys(link.url for unit in alone for link in unit.links))
    return drafting.wording(
        sides[0][0], sides[1][0], old=old or None, new=new or None, examples=urls, marks=marked
    )


def _side(passage: Sequence[Bit], side: int, places: Places) -> tuple[Source | None, str]:
    """Return one side's whole texts as a source, and what is shown of them."""
    found = [
        (unit, (bit.old, bit.new)[side])
        for bit in passage
        if (unit := (bit.before, bit.after)[side])
    ]
    found.sort(key=lambda entry: places.of(entry[0]))
    if not found:
        return None, ""
    first = found[0][0]
    whole = _joined([(unit, unit.text) for unit, _ in found], places)
    return Source(whole, first.section, first.line), _joined(
        [entry for entry in found if entry[1]], places
    )


def _joined(found: Sequence[tuple[Unit, str]], places: Places) -> str:
    """Join texts: sentences of a paragraph in a line, an ellipsis for what stayed between them,
    other blocks on their own lines.
    """
    text, last = "", None
    for unit, shown in found:
        if last is not None:
            near = places.of(unit) - places.of(last) == 1
            text += "\n" if unit.block != last.block else " " if near else " … "
        text, last = text + shown, unit
    return text


def _table(passage: Sequence[Bit]) -> tuple[Mark, ...]:
    """Return the marks of a passage with a table's rows in it, row by row and cell by cell.

    None for other text.
    """
    if not any(unit and grid.is_row(unit) for bit in passage for unit in (bit.before, bit.after)):
        return ()
    return tuple(mark for bit in passage for mark in grid.marks(bit.before, bit.after))


def _marks(passage: Sequence[Bit], places: Places) -> tuple[Mark, ...]:
    """Return the marks of several differences, each by itself:
    texts that share nothing are not woven into each other.
    """
    found: list[Mark] = []
    for last, bit in zip((None, *passage), passage, strict=False):
        own = (
            marks.marks(bit.old, bit.new)
            if bit.old and bit.new
            else (Mark("gone", bit.old) if bit.old else Mark("new", bit.new),)
        )
        lead = _between(last, bit, places) if last else ""
        found += [Mark(own[0].op, lead + own[0].text), *own[1:]]
    return tuple(found)


def _between(last: Bit, bit: Bit, places: Places) -> str:
    pairs = [(x, y) for x, y in ((last.before, bit.before), (last.after, bit.after)) if x and y]
    if not any(x.block == y.block for x, y in pairs):
        return "\n"
    return " " if all(places.of(y) - places.of(x) == 1 for x, y in pairs) else " … "


def _passage(old: str, new: str) -> tuple[str, str]:
    a, b = old.split(" "), new.split(" ")
    head, tail = marks.ends(a, b)
    start, end = max(head - thresholds.AROUND, 0), max(tail - thresholds.AROUND, 0)
    return _cut(a, start, end), _cut(b, start, end)


def _cut(text: list[str], start: int, end: int) -> str:
    return ("… " if start else "") + " ".join(text[start : len(text) - end]) + (" …" if end else "")
