"""Units → their judgements, each made once a process:
the next capture of a page says nearly all of it again.

A judgement rests on the unit, on what stands over it, and on how the page names its vendor and its
subject: all of that is the key under which it is remembered. Where a unit stands is not part of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from pipeline.extract import frames, judgement
from pipeline.extract.judgement import Judgement
from pipeline.extract.outline import Outline, Unit, forget_lines
from pipeline.model import Note
from pipeline.standards import Mention

_REMEMBERED = 6_000
"""How many units are remembered by each judge: some ten pages, or all captures of one."""
_MARK = 16
"""Bytes of a mark: nobody makes two sentences that have the same."""
_MARKS = 20_000
"""Of how many units it is remembered, by their marks, what they are as notes: some fifty pages."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A standard that a unit may speak of, where it is named ("text", "lead", "heading"), and what
    is judged of it."""

    mention: Mention
    source: str
    judged: Judgement


Made = TypeVar("Made")

_standards: dict[Hashable, tuple[Weighed, ...]] = {}
_notes: dict[Hashable, Judgement] = {}
_known: dict[bytes, Note | None] = {}


def standards(outline: Outline, unit: Unit) -> tuple[Weighed, ...]:
    """Return what is judged of each standard that a unit may speak of,
    in the order of their names.
    """
    return _remembered(_standards, outline, unit, _each)


def note(outline: Outline, unit: Unit) -> Judgement:
    """Return the judgement of a unit as a note."""
    return _remembered(_notes, outline, unit, _as_note)


def forget() -> None:
    """Forget every judgement, as at the start of a process."""
    forget_lines()
    _standards.clear()
    _notes.clear()
    _known.clear()


def mark(outline: Outline, unit: Unit) -> bytes:
    """Return what tells a unit, with all that its judgement rests on, from any other, in any
    process."""
    marked = _of_page(outline.key).copy()
    marked.update(repr(unit[1:]).encode("utf-8", "surrogatepass"))
    return marked.digest()


@lru_cache(maxsize=8)
def _of_page(key: str) -> hashlib.blake2b:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_MARK)


def once(outline: Outline, unit: Unit, made: Callable[[Outline, Unit], Note | None]) -> Note | None:
    """Return what a unit is as a note, made where no reading has found it out that is
    remembered."""
    marked = mark(outline, unit)
    if marked not in _known:
        recall(((marked, made(outline, unit)),))
    found = outline.weighed[marked] = _known[marked]
    return found


def recall(found: Collection[tuple[bytes, Note | None]]) -> None:
    """Remember what units are as notes: those of the page's last reading, in whatever process."""
    if len(_known) + len(found) > _MARKS:
        _known.clear()
    _known.update(islice(found, _MARKS))


def _remembered(
    known: dict[Hashable, Made],
    outline: Outline,
    unit: Unit,
    made: Callable[[Outline, Unit], Made],
) -> Made:
    key = (unit[1:], outline.key)
    found = known.get(key)
    if found is None:
        if len(known) >= _REMEMBERED:
            known.clear()
        found = known[key] = made(outline, unit)
    return found


def _each(outline: Outline, unit: Unit) -> tuple[Weighed, ...]:
    judge = judgement.load("standard").judge
    return tuple(
        Weighed(frame.mention, frame.source, judge(frame.features))
        for frame in frames.of_unit(outline, unit)
    )


def _as_note(outline: Outline, unit: Unit) -> Judgement:
    return judgement.load("note").judge(frames.for_note(outline, unit))
