"""Two documents' units → how they lie side by side.

Aligns text only; it knows no claim and decides no severity.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from pipeline.diff import thresholds
from pipeline.diff.texts import layouts
from pipeline.diff.texts.units import Fold, Unit

Pairs = list[tuple[int, int]]
Hunk = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Alignment:
    """How two lists of units lie side by side: alike (moved or not), reworded, gone, new.

    Each unit is in one of them.

    `shown` are rows and what shows the same on the other page, a card or a line:
    each text of it with the row.
    """

    same: tuple[tuple[Unit, Unit], ...] = ()
    moved: tuple[tuple[Unit, Unit], ...] = ()
    reworded: tuple[tuple[Unit, Unit], ...] = ()
    gone: tuple[Unit, ...] = ()
    new: tuple[Unit, ...] = ()
    shown: tuple[tuple[Unit, Unit], ...] = ()


def align(before: Sequence[Unit], after: Sequence[Unit], fold: Fold) -> Alignment:
    """Lay two lists of units side by side: equal ones in order,
    then moved ones, then reworded ones.

    `fold` gives the form in which two texts count as the same.
    """
    left, right = [[fold(unit.unnumbered) for unit in side] for side in (before, after)]
    same, hunks = _opcodes(left, right)
    gone = [i for hunk in hunks for i in hunk[0]]
    new = [j for hunk in hunks for j in hunk[1]]
    moved = _matches(gone, new, lambda i: left[i], lambda j: right[j])
    rest = _without(gone, moved, 0), _without(new, moved, 1)
    moved += _matches(*rest, *_bindings(before, after, fold))
    shown = _cards(before, after, _without(gone, moved, 0), _without(new, moved, 1), fold)
    reworded = _reworded(hunks, [*moved, *shown], left, right)
    known = [*moved, *shown, *reworded]
    return Alignment(
        tuple((before[i], after[j]) for i, j in same),
        tuple((before[i], after[j]) for i, j in sorted(moved)),
        tuple((before[i], after[j]) for i, j in sorted(reworded)),
        tuple(before[i] for i in _without(gone, known, 0)),
        tuple(after[j] for j in _without(new, known, 1)),
        tuple((before[i], after[j]) for i, j in sorted(shown)),
    )


def _reworded(hunks: list[Hunk], known: Pairs, left: list[str], right: list[str]) -> Pairs:
    """Pair what stands in the place of another in other words, then what moved besides."""
    found: Pairs = []
    for gone, new in hunks:
        rest = _without(gone, known, 0), _without(new, known, 1)
        # What stands alone in the place of another is its new wording,
        # unless hardly a word of it stayed.
        alone = len(rest[0]) == len(rest[1]) == 1
        cutoff = thresholds.ALONE if alone else thresholds.IN_PLACE
        found += _alike(*rest, left, right, cutoff=cutoff)
    if len(hunks) > 1:
        rest = (
            _without([i for hunk in hunks for i in hunk[0]], [*known, *found], 0),
            _without([j for hunk in hunks for j in hunk[1]], [*known, *found], 1),
        )
        found += _alike(*rest, left, right, cutoff=thresholds.MOVED)
    return found


def _cards(
    before: Sequence[Unit], after: Sequence[Unit], gone: list[int], new: list[int], fold: Fold
) -> list[tuple[int, int]]:
    """Pair the rows that went with the texts of the cards that came, or the other way round."""
    sides = [
        layouts.Texts(
            [(u[i].unnumbered, u[i].cells if u[i].kind == "row" else ()) for i in rest], fold
        )
        for u, rest in ((before, gone), (after, new))
    ]
    shown = [(gone[i], new[j]) for old, fresh in layouts.pairs(*sides) for i in old for j in fresh]
    return [*shown, *_heads(before, gone, shown, 0), *_heads(after, new, shown, 1)]


def _heads(
    page: Sequence[Unit], rest: list[int], shown: list[tuple[int, int]], side: int
) -> list[tuple[int, int]]:
    """Pair the head of a table with the first of its cards, where all its rows
    that differ are shown as cards.
    """
    cards_of = {pair[side]: pair for pair in shown}
    rows = defaultdict(list)
    for place in rest:
        if page[place].kind == "row":
            rows[page[place].group].append(place)
    return [
        (place, cards_of[mine[0]][1]) if side == 0 else (cards_of[mine[0]][0], place)
        for place in rest
        if page[place].kind == "header"
        and (mine := rows[page[place].group])
        and all(row in cards_of for row in mine)
    ]


def _opcodes(
    left: list[str], right: list[str]
) -> tuple[list[tuple[int, int]], list[tuple[list[int], list[int]]]]:
    """Return the equal places of two lists, and the hunks between them;
    of several ways to lay them, the same one from either side.
    """
    if left > right:
        turned, apart = _opcodes(right, left)
        return [(i, j) for j, i in turned], [(gone, new) for new, gone in apart]
    same = list(_equal(left, right))
    hunks: list[tuple[list[int], list[int]]] = []
    i = j = 0
    for after_i, after_j in [*same, (len(left), len(right))]:
        if (i, j) != (after_i, after_j):
            hunks.append((list(range(i, after_i)), list(range(j, after_j))))
        i, j = after_i + 1, after_j + 1
    return same, hunks


def _equal(left: list[str], right: list[str]) -> Iterable[tuple[int, int]]:
    """Yield the places of two lists that hold the same, in order."""
    start_left = start_right = 0
    for i, j in [*_anchors(left, right), (len(left), len(right))]:
        part, other = left[start_left:i], right[start_right:j]
        # What stays so large between the anchors has hardly a text in common.
        for code in (
            Indel.opcodes(part, other) if len(part) * len(other) <= thresholds.LARGE else ()
        ):
            if code.tag == "equal":
                for step in range(code.src_end - code.src_start):
                    yield start_left + code.src_start + step, start_right + code.dest_start + step
        if i < len(left):
            yield i, j
        start_left, start_right = i + 1, j + 1


def _anchors(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """Return the places of texts that stand once in either of two long lists,
    as many as stand in the same order; else none.
    """
    if len(left) * len(right) <= thresholds.LARGE:
        return []
    counts = Counter(left), Counter(right)
    places = {text: j for j, text in enumerate(right) if counts[0][text] == counts[1][text] == 1}
    pairs = [(i, places[text]) for i, text in enumerate(left) if text in places]
    # The longest run of ascending places: each pair knows the one before it,
    # `ends` the best end of each length.
    ends: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j, key=lambda end: pairs[end][1])
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [number]
    found, at = [], ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _matches(
    gone: list[int], new: list[int], left: Callable[[int], object], right: Callable[[int], object]
) -> list[tuple[int, int]]:
    """Pair equal values wherever they stand, first with first."""
    places: dict[object, list[int]] = defaultdict(list)
    for j in reversed(new):
        places[right(j)].append(j)
    return [(i, places[left(i)].pop()) for i in gone if left(i) and places.get(left(i))]


def _bindings(
    before: Sequence[Unit], after: Sequence[Unit], fold: Fold
) -> tuple[Callable[[int], object], Callable[[int], object]]:
    """Return what makes two rows the same whatever the order of their columns:
    each cell with its column's heading.
    """

    def bound(unit: Unit) -> object:
        return (
            tuple(sorted((fold(head), fold(text)) for head, text in unit.bound))
            if len(unit.bound) > 1
            else None
        )

    return lambda i: bound(before[i]), lambda j: bound(after[j])


def _without(places: list[int], pairs: list[tuple[int, int]], side: int) -> list[int]:
    taken = {pair[side] for pair in pairs}
    return [place for place in places if place not in taken]


def _alike(
    gone: list[int], new: list[int], left: list[str], right: list[str], *, cutoff: float
) -> list[tuple[int, int]]:
    """Pair the units that are most alike, best first; within a window,
    so that a rewrite stays linear.
    """
    found = []
    for start in range(0, len(gone), thresholds.WINDOW):
        choices = {j: right[j] for j in new[start : start + thresholds.WINDOW]}
        ordered = {j: _ordered(text) for j, text in choices.items()}
        for i in gone[start : start + thresholds.WINDOW]:
            scores = {
                j: score
                for _, score, j in process.extract(
                    left[i], choices, scorer=fuzz.ratio, score_cutoff=cutoff, limit=None
                )
            }
            for _, score, j in process.extract(
                _ordered(left[i]),
                ordered,
                scorer=fuzz.ratio,
                score_cutoff=cutoff / thresholds.ANY_ORDER,
                limit=None,
            ):
                scores[j] = max(scores.get(j, 0.0), thresholds.ANY_ORDER * score)
            # Ties are broken alike from either side,
            # so that the other way round finds the same pairs.
            found += [
                (-score, abs(i - j), i + j, min(left[i], right[j]), i, j)
                for j, score in scores.items()
            ]
    pairs: list[tuple[int, int]] = []
    seen: tuple[set[int], set[int]] = (set(), set())
    for *_, i, j in sorted(found):
        if i not in seen[0] and j not in seen[1]:
            pairs.append((i, j))
            seen[0].add(i)
            seen[1].add(j)
    return pairs


def likeness(a: str, b: str) -> float:
    """Return 0 to 100: how alike two texts are, by characters or by their words in any order."""
    return max(fuzz.ratio(a, b), thresholds.ANY_ORDER * fuzz.token_sort_ratio(a, b))


def _ordered(text: str) -> str:
    return " ".join(sorted(text.split()))
