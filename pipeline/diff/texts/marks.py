"""Two texts → word marks: which words are in both, which went, which came.

Marks words; judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rapidfuzz.distance import Indel

from pipeline import words
from pipeline.diff import thresholds
from pipeline.model import Mark

_PIECE = re.compile(r"\s*(?:\w+(?:[.'’/&+-]\w+)*|[^\w\s])")

_DATED = re.compile(
    r"\d|\b(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|spring|summer|autumn|fall"
    r"|winter|early|mid|late|quarter|half|end|year|month|soon)\b",
    re.IGNORECASE,
)
Run = tuple[list[str], list[str]]


def marks(before: str, after: str) -> tuple[Mark, ...]:
    """Mark the words of two texts; the "same" and "gone" runs joined give `before`,
    but for outer space.

    A changed run is told as one: words gone, then words new,
    also where a single short word between them stayed.
    """
    left, right = _PIECE.findall(before), _PIECE.findall(after)
    made: list[Mark] = []
    for gone, new, same in _runs(left, right):
        first = not made
        for op, pieces in _named(gone, new, same):
            # What a text begins with has no space before it: nor has what stands in its place.
            begins = first and (op != "same" or not made)
            made += (
                [Mark(op, "".join(pieces).lstrip() if begins else "".join(pieces))]
                if pieces
                else []
            )
    return tuple(made)


def _named(
    gone: list[str], new: list[str], same: list[str]
) -> tuple[tuple[Literal["gone", "new", "same"], list[str]], ...]:
    return ("gone", gone), ("new", new), ("same", same)


def differing(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """Return the words that only one of two lists has, in order."""
    gone: list[str] = []
    new: list[str] = []
    for code in Indel.opcodes(before, after):
        if code.tag == "delete":
            gone += before[code.src_start : code.src_end]
        elif code.tag == "insert":
            new += after[code.dest_start : code.dest_end]
    return gone, new


def slipped(before: str, after: str) -> bool:
    """Say whether two sentences differ in a date or number that both have:
    one that the other has not was not moved.
    """
    gone, new = differing(words.tokens(before), words.tokens(after))
    return any(_DATED.search(word) for word in gone) and any(_DATED.search(word) for word in new)


def _runs(left: list[str], right: list[str]) -> list[tuple[list[str], list[str], list[str]]]:
    """Return runs of (gone, new, same) pieces that spell both texts."""
    a, b = [piece.strip() for piece in left], [piece.strip() for piece in right]
    runs: list[tuple[list[str], list[str], list[str]]] = [([], [], [])]
    for tag, i1, i2, j1, j2 in _opcodes(a, b):
        if tag == "equal":
            runs[-1][2].extend(left[i1:i2])
            runs.append(([], [], []))
            continue
        if len(runs) > 1 and _slight(runs[-2], runs[-1]):
            between = runs[-2][2]
            runs.pop()
            runs[-1] = ([*runs[-1][0], *between], [*runs[-1][1], *between], [])
        runs[-1][0].extend(left[i1:i2])
        runs[-1][1].extend(right[j1:j2])
    return [run for run in runs if any(run)]


def _slight(
    last: tuple[list[str], list[str], list[str]], here: tuple[list[str], list[str], list[str]]
) -> bool:
    """Say whether what two changed runs have between them is too little to read as unchanged."""
    return (
        bool(last[0] and last[1])
        and not any(here)
        and len(last[2]) == 1
        and len(last[2][0].strip()) <= 3
    )


def _opcodes(a: list[str], b: list[str]) -> list[tuple[str, int, int, int, int]]:
    if len(a) + len(b) <= thresholds.MARKED_WINDOW:
        return [
            (code.tag, code.src_start, code.src_end, code.dest_start, code.dest_end)
            for code in Indel.opcodes(a, b)
        ]
    head, tail = ends(a, b)
    codes = [
        ("equal", 0, head, 0, head),
        ("delete", head, len(a) - tail, head, head),
        ("insert", head, head, head, len(b) - tail),
    ]
    return [
        code
        for code in (*codes, ("equal", len(a) - tail, len(a), len(b) - tail, len(b)))
        if code[1] != code[2] or code[3] != code[4]
    ]


def ends(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    """Return how many words two texts begin with alike, and how many they end
    with alike after those.
    """
    head = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    short = min(len(a), len(b)) - head
    return head, next((i for i in range(short) if a[-1 - i] != b[-1 - i]), short)


def excerpts(before: str, after: str, longest: int, context: int = 3) -> tuple[str, str]:
    """Return what two texts differ in with a few words around it, each cut to a length;
    both whole where they are short.
    """
    a, b = before.split(), after.split()
    if len(before) + len(after) <= longest:
        return " ".join(a), " ".join(b)
    head, tail = ends(a, b)
    if head + tail in (len(a), len(b)):
        context = 0
    start, end = max(head - context, 0), max(tail - context, 0)
    before, after = (_cut(side[start : len(side) - end], start, end, longest) for side in (a, b))
    return before, after


def _cut(piece: list[str], start: int, end: int, longest: int) -> str:
    text = " ".join(piece)
    if len(text) > longest:
        text, end = text[:longest].rsplit(" ", 1)[0], 1
    return ("… " if start and text else "") + text + (" …" if end and text else "")
