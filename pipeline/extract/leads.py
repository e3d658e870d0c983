"""What stands over a unit (its lead, the headings, the title) → features.

Knows no outcome; `frames` explains the features' names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise, product

from pipeline.extract import neighbours
from pipeline.extract.lines import Line, stem
from pipeline.extract.outline import Outline, Unit
from pipeline.lexicon import Tag

_LEADING = 12
"""How many words at a lead's end say what its list is; a long one speaks of other things before."""
_LEAD = 40
"""How many words of a lead are looked at."""
_SENTENCE = 7
"""Words and marks from which on a unit is no name or status but says something by itself."""
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "the a an of and or for in at to on by with our your de la le du und der die das y e et i",
    )
)
"""Words of a title that say nothing of what the page is."""


def surroundings(outline: Outline, unit: Unit, source: str, first: str) -> set[str]:
    line = outline.line(unit.text, unit.mentions)
    found = {f"lead {bool(unit.lead)}"}
    if unit.earlier:
        found.update([f"earlier# {name}" for name in outline.line(unit.earlier).names])
    if unit.lead:
        found |= outline.once((unit.lead, source), partial(_lead, outline, unit.lead, source))
        lead = outline.line(unit.lead)
        found.add(f"l^ {first}|{'_'.join(lead.words[:2])}")
        found.add(f"l? {first}|{'_'.join(lead.words[:1])}")
        both = product(
            {tag.name for tag in _ending(lead)} & neighbours.MAIN, line.names & neighbours.MAIN
        )
        found.update([f"l#& {name}&{other}" for name, other in both])
    # A sentence says what it says wherever it stands:
    # a page that is retitled has changed none of them.
    whole = len(line.words) >= _SENTENCE
    kind = "tags" if whole and source == "text" else "words"
    for heading in (*unit.over[-1:], *(unit.over[-2:-1] if len(unit.over) > 2 else ())):
        if heading and heading != unit.lead:
            found |= outline.once((heading, kind), partial(_above, outline, heading, kind))
    if not whole:
        title = outline.context.document.title or (unit.over[0] if unit.over else "")
        found |= outline.once((title, "t"), partial(_titled, outline, title))
    return found


def _ending(lead: Line) -> list[Tag]:
    """Return the tags of what a lead says last, which is what its list is."""
    last = len(lead.words) - _LEADING
    return [tag for tag in lead.tags if tag.start >= last]


def _lead(outline: Outline, text: str, source: str) -> Iterator[str]:
    lead = outline.line(text)
    stems = [stem(word) for word in lead.words[: _LEAD + 1]]
    yield from (f"l {word}" for word in stems[:_LEAD])
    yield from (f"l{source} {word}" for word in stems[:_LEAD])
    yield from (f"ll {one}_{other}" for one, other in pairwise(stems))
    yield f"l$ {lead.words[-1] if lead.words else ''}"
    for tag in _ending(lead):
        yield f"le# {tag.name}"
        yield f"l# {tag.name}"
        yield f"l#{source} {tag.name}"


def _above(outline: Outline, text: str, kind: str) -> Iterator[str]:
    heading = outline.line(text)
    if kind == "words":
        yield from (f"h {stem(word)}" for word in heading.words)
    yield from (f"h# {tag.name}" for tag in heading.tags)


def _titled(outline: Outline, text: str) -> Iterator[str]:
    words = outline.line(text).words
    yield from (f"t {stem(word)}" for word in words if word not in _SMALL)
