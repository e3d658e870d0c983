"""Two pages side by side → the stretches that differ, each with a little of what stands around it.

Judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pipeline.diff import thresholds
from pipeline.diff.texts import grid, marks
from pipeline.diff.texts.alignment import Alignment
from pipeline.diff.texts.passages import Places
from pipeline.diff.texts.units import Unit
from pipeline.model import Line, Mark, Stretch

Pair = tuple[Unit | None, Unit | None]


def of(aligned: Alignment, places: Places, *, whole: bool = False) -> tuple[Stretch, ...]:
    """Return the stretches that differ, in the order of the pages.

    What merely moved is not among them.

    The `whole` of both pages is one stretch.
    """
    lines = [tuple(line) for _, line in groupby(_pairs(aligned, places), key=_line)]
    alike = {(id(b), id(a)) for b, a in aligned.same}
    near: set[int] = set()
    for place, line in enumerate(lines):
        if whole or any((id(b), id(a)) not in alike for b, a in line):
            near |= set(range(place - thresholds.LINES, place + thresholds.LINES + 1))
    found: list[Stretch] = []
    skipped = 0
    for shown, group in groupby(enumerate(lines), key=lambda entry: entry[0] in near):
        here = [line for _, line in group]
        if shown:
            unit = here[0][0][1] or here[0][0][0]
            found.append(
                Stretch(unit.section if unit else (), tuple(_drawn(line) for line in here), skipped)
            )
        skipped = 0 if shown else len(here)
    return tuple(found)


def _pairs(aligned: Alignment, places: Places) -> Iterator[Pair]:
    """Yield the units of both pages in one order: what differs stands between the texts
    that both pages have.
    """
    found: list[tuple[tuple[int, int, int, int], Pair]] = []
    found += [((places.gap(a, 1)[0], 1, 0, 0), (b, a)) for b, a in aligned.same]
    found += [
        ((places.gap(a, 1)[0], 0, places.gap(a, 1)[1], 0), (b, a)) for b, a in aligned.reworded
    ]
    found += [((places.gap(b, 0)[0], 0, places.gap(b, 0)[1], 0), (b, None)) for b in aligned.gone]
    found += [((places.gap(a, 1)[0], 0, places.gap(a, 1)[1], 1), (None, a)) for a in aligned.new]
    yield from (pair for _, pair in sorted(found, key=lambda entry: entry[0]))


def _line(pair: Pair) -> tuple[int, int]:
    """Return what the sentences of one paragraph have in common."""
    b, a = pair
    return b.block if b else 0, a.block if a else 0


def _drawn(line: tuple[Pair, ...]) -> Line:
    first = line[0][1] or line[0][0]
    found: list[Mark] = []
    for number, (b, a) in enumerate(line):
        own = tuple(_marks(b, a))
        lead = " " if number else ""
        found += [Mark(own[0].op, lead + own[0].text), *own[1:]] if own[0].op != "row" else own
    return Line(tuple(found), first.kind if first else "paragraph")


def _marks(b: Unit | None, a: Unit | None) -> tuple[Mark, ...]:
    unit = a or b
    if unit is not None and grid.is_row(unit):
        return tuple(grid.marks(b, a))
    if b is None or a is None:
        return (Mark("new", a.text),) if a else (Mark("gone", b.text if b else ""),)
    return (Mark("same", a.text),) if b.text == a.text else marks.marks(b.text, a.text)
