"""A unit, and a standard that it may speak of → the features by which it is judged.

Knows no outcome.

Features are readable names, for the reasons of a judgement are made of them:
`w` a word, `p` a word at a distance before (-) or behind (+) the standard's name, `#` what the
lexicon says of a word, `l` of the lead, `h` of the heading above, `t` of the title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline.extract import leads, neighbours
from pipeline.extract.judgement import Features
from pipeline.extract.lines import TARGET, Line
from pipeline.extract.neighbours import Worded
from pipeline.extract.outline import Outline, Unit
from pipeline.standards import Mention

_AGAIN = 5
"""How often one standard is looked at in one unit;
a text that repeats it more often is no sentence.
"""
LIMITS = frozenset(
    re.findall(
        r"\w+",
        """only exclude region tier part condition validity period available responsible change data
        store level money privacy legal cover paper certified audited comply contract hold achieve
        customer we own supplier assessor not deny_word duty conditional can will instruct explain
        underway plan expect held_word""",
    )
)
"""The tags that are paired in judging notes: limits, and what they limit."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A standard that a unit may speak of, where it is named ("text", "lead",
    "heading"), and its features.
    """

    mention: Mention
    source: str
    features: Features


def of_unit(outline: Outline, unit: Unit) -> list[Frame]:
    """Return the frames of a unit, one for each place where a standard is named, in their order."""
    line = outline.line(unit.text, unit.mentions)
    found: list[Frame] = []
    made: dict[tuple[int, str], Features] = {}
    around: dict[tuple[str, str], set[str]] = {}
    named: Counter[tuple[str, str | None, str | None]] = Counter()
    for index, (mention, source) in enumerate(unit.candidates):
        named[mention.standard, mention.level, mention.edition] += 1
        if named[mention.standard, mention.level, mention.edition] > _AGAIN:
            continue
        place = line.places[index] if source == "text" else -1
        if (place, source) not in made:
            first = TARGET if place == 0 else "".join(line.words[:1])
            if (source, first) not in around:
                around[source, first] = leads.surroundings(outline, unit, source, first)
            made[place, source] = _made(unit, line, place, source, around[source, first])
        found.append(Frame(mention, source, made[place, source]))
    return found


def for_note(outline: Outline, unit: Unit) -> Features:
    """Return the features by which a unit is judged as a note."""
    line = outline.line(unit.text, unit.mentions)
    around = leads.surroundings(outline, unit, "note", "".join(line.words[:1]))
    return _made(unit, line, -1, "note", around)


def _made(unit: Unit, line: Line, place: int, source: str, around: set[str]) -> Features:
    """Return the features of a unit about the mention at a place, those `around` it among them."""
    words = list(line.words)
    if place >= 0:
        words[place] = TARGET
    plain = around.union(_shape(unit, words, place, source), neighbours.names_beside(line, place))
    plain.update(neighbours.begun(line, place))
    worded = line.around(place)
    names = line.names
    worded["#&"] = neighbours.pairs(names & neighbours.MAIN)
    if place >= 0:
        worded["#"] = {tag.name for tag in line.tags if tag.start != place}
        plain.update(neighbours.tags_about(line, place, worded))
        plain.update(neighbours.own_part(line, words, place, worded))
        plain.update(neighbours.holder(line, place))
    else:
        worded["#"] = worded["#0"] = names
    if source == "note":
        plain.update(_limits(line, words, unit, worded))
    return Features(plain, worded)


def _shape(unit: Unit, words: list[str], place: int, source: str) -> Iterator[str]:
    kind = "item" if unit.kind in ("item", "heading", "term") else "text"
    yield f"kind {kind}"
    yield f"kind {kind} {source}"
    yield f"others {min(4, words.count('£'))}"
    yield f"length {min(8, len(words) // 4)}"
    yield f"ends {words[-1] if words and not words[-1][0].isalnum() else 'word'}"
    yield f"begins {'_'.join(words[:2])}"
    for index, word in enumerate(words[:3]):
        yield f"begins{index} {word}"
    if place < 0:
        yield "unnamed"
        return
    before = words[place - 1] if place else "^"
    behind = words[place + 1] if place + 1 < len(words) else "$"
    yield f"between {before}_{behind}"
    yield f"before {min(place, 6)}"
    yield f"behind {min(len(words) - 1 - place, 6)}"


def _limits(line: Line, words: list[str], unit: Unit, worded: Worded) -> Iterator[str]:
    """Say what a unit limits: pairs of limits in their order,
    and whether it names a standard.
    """
    named = "named" if "£" in words else unit.topic_from or "nothing"
    yield f"about {named}"
    order = [tag.name for tag in line.tags if tag.name in LIMITS]
    names = set(order)
    for name in names:
        yield f"about {named} {name}"
    worded["#n&"], worded["#n>"] = neighbours.pairs(names), set(pairwise(order))
