"""Run → its label lines: "Certified by: X", "Scope: A, B", "Validity: 2027", one below the other in
one paragraph.

A card prints such lines with line breaks between them, or each label in bold. Read as one sentence,
they would say that the certifier, the scope and the dates are one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.parse.runs import BREAK, Run

_LABEL = re.compile(r"[ \t]*[^\W\d_a-z][^:\n\x0b.!?]{1,40}:[ \t\n]*[^\s/]")
_FEWEST = 2


def parts(run: Run) -> Iterator[Run]:
    """Yield the label lines of a run and what stands before them; the whole run where it has fewer
    than two."""
    raw = run.raw()
    starts = _broken(raw) if BREAK in raw else []
    starts = starts if len(starts) >= _FEWEST else _bold(run, raw)
    if len(starts) < _FEWEST or ":" not in raw:
        yield run
        return
    edges = [0, *(start for start in starts if start), run.length]
    yield from run.parts(pairwise(edges))


def _broken(raw: str) -> list[int]:
    """Return where lines that the page itself breaks begin with a label."""
    begins = [0, *(place + 1 for place, char in enumerate(raw) if char == BREAK)]
    return [place for place in begins if _LABEL.match(raw, place)]


def _bold(run: Run, raw: str) -> list[int]:
    """Return where bold labels begin: each of a run that begins with one,
    else those behind a line break.

    A plain line end counts for nothing: Markdown is rewrapped without changing what it says.
    """
    found = []
    for span in run.spans:
        label = raw[span.start : span.end].strip() if span.url is None else ""
        ends = label.endswith(":") or raw[span.end : span.end + 1] == ":"
        if 2 < len(label) <= 42 and ends:
            found.append(span.start)
    found.sort()
    if not found or not raw[: found[0]].strip():
        return found
    return [place for place in found if raw[:place].rstrip(" \t\n").endswith(BREAK)]
