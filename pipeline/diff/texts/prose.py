"""Aligned text, changes told so far → the rest: what is wording, what is form,
what was told already. Loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz

from pipeline import words
from pipeline.diff import drafting, thresholds
from pipeline.diff.names.lens import Lens
from pipeline.diff.texts import grid, linking, passages
from pipeline.diff.texts.alignment import Alignment
from pipeline.diff.texts.passages import Bit
from pipeline.diff.texts.units import Unit
from pipeline.model import Change, Source


class Shown:
    """The texts that changes already show, on one side;
    asked whether a further text is among them.
    """

    def __init__(self, texts: Iterable[str | None], lens: Lens) -> None:
        self._lens = lens
        whole = [text for text in texts if text]
        self._texts = {lens.same(part) for text in whole for part in (text, *words.sentences(text))}
        self._all = "\n".join(self._texts)
        self._begin: dict[str, list[str]] = {}
        for text in self._texts:
            self._begin.setdefault(text.partition(" ")[0], []).append(text)

    def has(self, text: str) -> bool:
        """Say whether the text was shown, by itself or within another,
        or is little more than one that was.
        """
        folded = self._lens.same(text)
        if folded in self._texts or (len(folded) > 3 and folded in self._all):
            return True
        # Only texts that begin with a word of this one can be within it:
        # pages have thousands of either.
        return any(
            thresholds.SHOWN_WHOLE * len(folded) <= len(known) <= len(folded) and known in folded
            for word in set(folded.split(" "))
            for known in self._begin.get(word, ())
        )

    def holds(self, text: str) -> bool:
        """Say whether the text was shown, be it as short as a list's number."""
        return self.has(text) or f" {self._lens.same(text)} " in f" {' '.join(self._all.split())} "


def changes(
    aligned: Alignment,
    known: list[Change],
    quiet_texts: tuple[set[str], set[str]],
    places: passages.Places,
    lens: Lens,
) -> tuple[list[Change], int]:
    """Return every text that changed and is in no change yet; return `told` with them,
    and the count of form.

    A reworded sentence of which only one half was told gets its other half in that change.
    `quiet_texts` are texts, before and after, whose difference is form. What a person reads as one
    passage is one change.
    """
    shown = _Both(known, quiet_texts, lens)
    tabled = grid.Tables(aligned, known)
    result = tabled.changes
    bits: list[Bit] = []
    for b, a in aligned.reworded:
        parts = tabled.unshown(b, a, *_parts(b, a, shown))
        result, bit = _reworded((b, a), parts, shown, result)
        bits += [bit] if bit else []
    bits += [Bit(u, None, u.text, "") for u in aligned.gone if not shown.has_unit(u, 0)]
    bits += [Bit(None, u, "", u.text) for u in aligned.new if not shown.has_unit(u, 1)]
    homes: dict[int, int] = {}
    for passage in passages.of(bits, places):
        texts = [unit for bit in passage for unit in (bit.before, bit.after) if unit]
        homes |= {id(unit): len(result) for unit in texts}
        result.append(passages.drafted(passage, places))
    result, respelt = linking.linked(aligned, result, homes)
    return result, _form(aligned) + respelt


class _Both:
    """What changes show of either page: whole texts, and in documents
    and page facts their values alone.
    """

    def __init__(
        self, changes: list[Change], quiet_texts: tuple[set[str], set[str]], lens: Lens
    ) -> None:
        loud = [change for change in changes if change.kind not in ("evidence", "metadata")]
        quiet = [change for change in changes if change.kind in ("evidence", "metadata")]
        self.texts = [
            Shown((*quiet_texts[side], *(text for c in loud for text in _shown(c, side))), lens)
            for side in (0, 1)
        ]
        self.values = [Shown([(c.before, c.after)[side] for c in quiet], lens) for side in (0, 1)]

    def has(self, parts: list[str], side: int) -> bool:
        """Say whether each of some texts is shown."""
        return all(self.texts[side].has(part) or self.values[side].has(part) for part in parts)

    def has_unit(self, unit: Unit, side: int) -> bool:
        """Say whether a unit is shown, a row by any of its cells."""
        if not grid.is_row(unit):
            return self.has([unit.text], side)
        cells = grid.cells(unit)
        return any(self.texts[side].has(cell) for cell in cells) or all(
            self.values[side].has(cell) for cell in cells
        )


def _shown(change: Change, side: int) -> tuple[str | None, ...]:
    source = (change.source_before, change.source_after)[side]
    claim = (change.claim_before, change.claim_after)[side]
    value = (change.before, change.after)[side] if change.kind in ("note", "supplier") else None
    values = (
        source.text if source else None,
        value,
        *((claim.value, claim.condition) if claim else ()),
        *(
            (claim.name, claim.purpose, claim.location)
            if claim and claim.kind == "supplier"
            else ()
        ),
    )
    return (*values, *(change.examples if change.kind == "standard" else ()))


def _reworded(
    pair: tuple[Unit, Unit], parts: tuple[list[str], list[str]], shown: _Both, result: list[Change]
) -> tuple[list[Change], Bit | None]:
    """Return the changes, one of them completed where it showed one half of the text,
    and what is left to show of `parts`.
    """
    (b, a), (old, new) = pair, parts
    known = [not part or shown.has(part, side) for side, part in enumerate(parts)]
    if all(known):
        return result, None
    if known[0] == known[1] or not (old and new):
        return result, Bit(b, a, " | ".join(old), " | ".join(new))
    like = fuzz.ratio(words.fold(b.text), words.fold(a.text)) >= thresholds.HALF
    place = _half(b, a, result) if like else None
    if place is None:
        return result, Bit(None, a, "", a.text) if known[0] else Bit(b, None, b.text, "")
    half = result[place]
    whole = drafting.again(
        half,
        source_before=half.source_before or _source(b),
        source_after=half.source_after or _source(a),
    )
    completed = [*result[:place], whole, *result[place + 1 :]]
    if half.kind == "note":
        return completed, None
    one, other = (a, b) if known[0] else (b, a)
    rest = _content(one.text) - _content(other.text)
    # What a claim that went does not explain is told too:
    # "certified and a viable host" → "a great home".
    return completed, Bit(b, a, b.text, a.text) if len(rest) >= 2 else None


def _parts(b: Unit, a: Unit, shown: _Both) -> tuple[list[str], list[str]]:
    """Return what of a reworded unit to show: the cells of a row that differ, else all of it."""
    if not (grid.is_row(b) and grid.is_row(a)):
        return [b.text], [a.text]
    named = shown.texts[0].has(grid.cells(b)[0]) or shown.texts[1].has(grid.cells(a)[0])
    return grid.parts(b, a, ticks=not named)


def _half(b: Unit, a: Unit, result: list[Change]) -> int | None:
    """Return the place of the change that shows one half of a reworded sentence.

    None where no change does.
    """
    for place, change in enumerate(result):
        if (
            change.source_before
            and not change.source_after
            and _within(change.source_before.text, b.text)
        ):
            return place
        if (
            change.source_after
            and not change.source_before
            and _within(change.source_after.text, a.text)
        ):
            return place
    return None


def _content(text: str) -> set[str]:
    return {word for word in words.tokens(words.fold(text)) if len(word) > 3}


def _within(one: str, other: str) -> bool:
    x, y = words.fold(one), words.fold(other)
    return x in y or y in x


def every(change: Change, side: int) -> tuple[str | None, ...]:
    """Return all the texts of one side that a change shows."""
    return (*_shown(change, side), (change.before, change.after)[side])


def accounted(unit: Unit, shown: tuple[Shown, Shown], side: int) -> bool:
    """Say whether a unit's text is shown: a row by any of its cells,
    since unchanged cells need no telling.
    """
    here = grid.is_row(unit) and any(
        known.has(cell) for known in shown for cell in grid.cells(unit)
    )
    return here or shown[side].holds(unit.text)


def _source(unit: Unit) -> Source:
    return Source(unit.text, unit.section, unit.line)


def _form(aligned: Alignment) -> int:
    """Count differences of form: texts that moved, are set another way,
    or are written with other signs.
    """
    return (
        len(aligned.moved)
        + len(aligned.shown)
        + sum(
            b.shape != a.shape
            or (
                b.text != a.text
                and words.squeeze(b.text) != words.squeeze(a.text)
                and words.fold(b.text) == words.fold(a.text)
            )
            for b, a in aligned.same
        )
    )
