"""A unit, and a standard that it may speak of → the features by which it is judged.

Knows no outcome.

Features are readable names, for the reasons of a judgement are made of them:
`w` a word, `p` a word at a distance before (-) or behind (+) the standard's name, `#` what the
lexicon says of a word, `l` of the lead, `h` of the heading above, `t` of the title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise

from pipeline.extract.judgement import Features
from pipeline.extract.lines import TARGET, Line, bucket, stem
from pipeline.extract.outline import Outline, Unit
from pipeline.lexicon import Tag
from pipeline.standards import Mention

_LEADING = 12
"""How many words at a lead's end say what its list is; a long one speaks of other things before."""
_LEAD = 40
"""How many words of a lead are looked at."""
_SENTENCE = 7
"""Words and marks from which on a unit is no name or status but says something by itself."""
_AGAIN = 5
"""How often one standard is looked at in one unit;
a text that repeats it more often is no sentence.
"""
MAIN = frozenset(
    re.findall(
        r"\w+",
        """hold achieve certified audited paper comply contract participate cover held_word support
        tooling design align ready doubt plan underway expect will not deny_word lapse we own
        customer supplier assessor person testimony explain duty conditional instruct question news
        offer commend only exclude available""",
    )
)
"""The tags that are paired with each other: what is held, how, and by whom."""
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
                around[source, first] = set(_surroundings(outline, unit, source, first))
            own = _own(unit, line, place, source)
            own |= around[source, first]
            made[place, source] = Features(own, line.around(place))
        found.append(Frame(mention, source, made[place, source]))
    return found


def for_note(outline: Outline, unit: Unit) -> Features:
    """Return the features by which a unit is judged as a note."""
    line = outline.line(unit.text, unit.mentions)
    own = _own(unit, line, -1, "note")
    own.update(_surroundings(outline, unit, "note", "".join(line.words[:1])))
    return Features(own, line.around(-1))


def _own(unit: Unit, line: Line, place: int, source: str) -> set[str]:
    """Return the features of a unit's own text that are more than its words."""
    words = list(line.words)
    if place >= 0:
        words[place] = TARGET
    found = set(_shape(unit, words, place, source))
    found.update(_tags(line, place))
    if place >= 0:
        found.update(line.near(place))
        found.update(_own_part(line.tags, words, place))
        found.update(_holder(line, place))
    if source == "note":
        found.update(_limits(line.tags, words, unit))
    found.update(_names(line, place))
    return found


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


_JOINS = frozenset(
    (
        ",",
        "and",
        "or",
        "&",
        "/",
        "(",
        ")",
        "|",
        "·",
        "•",
        "und",
        "oder",
        "et",
        "ou",
        "y",
        "o",
        "e",
        "en",
        "of",
    )
)
_PART = 12
"""How many words before and behind a list of standards are its own part of a sentence."""


def _own_part(tags: tuple[Tag, ...], words: list[str], place: int) -> Iterator[str]:
    """Yield what stands between the standards before and behind:
    "ISO 27001 certified, and a SOC 2 audit is on its way".

    Standards that follow each other as a list share their part.
    """
    marks = ("£", TARGET)
    first = last = place
    at = place - 1
    while at >= 0 and (words[at] in _JOINS or words[at] in marks):
        first = at if words[at] in marks else first
        at -= 1
    at = place + 1
    while at < len(words) and (words[at] in _JOINS or words[at] in marks):
        last = at if words[at] in marks else last
        at += 1
    start, end = first, last + 1
    while start > max(0, first - _PART) and words[start - 1] not in marks:
        start -= 1
    while end < min(len(words), last + 1 + _PART) and words[end] not in marks:
        end += 1
    for side, part in (("-", words[start:first]), ("+", words[last + 1 : end])):
        stems = [stem(word) for word in part if word != "."]
        yield from (f"r{side} {stem}" for stem in stems)
        yield from (f"rr{side} {one}_{other}" for one, other in pairwise(stems))
    before = [tag.name for tag in tags if start <= tag.start < first]
    behind = [tag.name for tag in tags if last < tag.start < end]
    yield from (f"#r- {name}" for name in before)
    yield from (f"#r+ {name}" for name in behind)
    main = [[name for name in part if name in MAIN] for part in (before, behind)]
    yield f"#rr {main[0][-1] if main[0] else ''}|{main[1][0] if main[1] else ''}"
    yield from _pairs("#r&", sorted({*main[0], *main[1]}))
    yield f"run {min(4, sum(word in marks for word in words[first : last + 1]))}"


def _tags(line: Line, place: int) -> Iterator[str]:
    names = {tag.name for tag in line.tags if tag.start != place}
    yield from (f"# {name}" for name in names)
    yield from _pairs("#&", sorted({tag.name for tag in line.tags} & MAIN))
    yield from (f"#begins{t.start} {t.name}" for t in line.tags if t.start < 2 and t.start != place)
    if place < 0:
        yield from (f"#0 {name}" for name in names)
    else:
        yield from _tags_about(line, place)


def _tags_about(line: Line, place: int) -> Iterator[str]:
    """Yield on which side of the mention, how far and in whose clause tags stand,
    and which of the main ones is next.
    """
    start, end = line.clause(place)
    near: set[str] = set()
    left: list[tuple[int, str]] = []
    right: list[tuple[int, str]] = []
    for tag in line.tags:
        if tag.start == place:
            continue
        side = "-" if tag.start < place else "+"
        distance = abs(place - tag.end + 1) if side == "-" else tag.start - place
        same = start <= tag.start < end
        yield f"#{side} {tag.name}"
        yield f"#{side}{bucket(distance)} {tag.name}"
        yield f"#{'clause' if same else 'outside'}{side} {tag.name}"
        if tag.name in MAIN:
            (left if side == "-" else right).append((distance, tag.name))
            if same:
                near.add(f"{side}{tag.name}")
    yield from _pairs("#c&", sorted(near))
    nearest = [min(side)[1] if side else "" for side in (left, right)]
    yield f"#near- {nearest[0]}"
    yield f"#near+ {nearest[1]}"
    yield f"#near {nearest[0]}|{nearest[1]}"


def _limits(tags: tuple[Tag, ...], words: list[str], unit: Unit) -> Iterator[str]:
    """Yield what says that a unit limits something: pairs of limits in their order,
    and whether it names a standard.
    """
    named = "named" if "£" in words else unit.topic_from or "nothing"
    yield f"about {named}"
    order = [tag.name for tag in tags if tag.name in LIMITS]
    for name in set(order):
        yield f"about {named} {name}"
    yield from _pairs("#n&", sorted(set(order)))
    for one, other in pairwise(order):
        yield f"#n> {one}>{other}"


def _pairs(name: str, tags: Iterable[str]) -> list[str]:
    return [f"{name} {one}&{other}" for one, other in combinations(tags, 2)]


def _names(line: Line, place: int) -> Iterator[str]:
    """Yield whether the vendor, or a name that is not the vendor's, stands before
    or behind the standard.
    """
    for who, places in (("vendor", line.vendors), ("other", line.others)):
        if places and place < 0:
            yield f"name0 {who}"
        elif places:
            yield from (f"name- {who}",) if places[0] < place else ()
            yield from (f"name+ {who}",) if places[-1] > place else ()


HOLDERS = frozenset(("we", "own", "customer", "supplier", "assessor", "person", "testimony"))
_STATES = frozenset(
    re.findall(
        r"\w+",
        """hold achieve certified audited comply contract plan underway lapse support design align
        not explain duty instruct paper""",
    )
)
_RELATIVE = frozenset(
    ("whose", "that", "which", "who", "where", "der", "die", "das", "qui", "dont", "que")
)
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "the a an of and or for in at to on by with our your de la le du und der die das y e et i",
    )
)
"""Words of a title that say nothing of what the page is."""
_REACH = 5
"""How far behind a standard's name the thing may stand that its status belongs to:
"SOC 2 certified hosting".
"""


def _holder(line: Line, place: int) -> Iterator[str]:
    """Yield who stands nearest before the standard, who begins the sentence,
    and what its status is said of.
    """
    named: dict[int, str] = {}
    for tag in line.tags:
        if tag.name in HOLDERS and tag.start != place:
            named.setdefault(tag.start, tag.name)
    for index, word in enumerate(line.words):
        if word == "BRAND":
            named[index] = "vendor"
        elif index and line.printed[index][0].isupper() and word.islower():
            named.setdefault(index, "name")
    before = [named[index] for index in sorted(named) if index < place]
    nearest, first = (before[-1], before[0]) if before else ("nobody", "nobody")
    yield f"holder {nearest}"
    yield f"holders {first}>{nearest}"
    relative = any(word in _RELATIVE for word in line.words[:place])
    yield f"holder {nearest} {'relative' if relative else 'plain'}"
    behind = [
        named[i] for i in range(place + 1, min(place + _REACH, len(line.words))) if i in named
    ]
    yield f"held by {behind[0] if behind else 'nothing'}"
    state = [tag.name for tag in line.tags if tag.name in _STATES and tag.start < place]
    yield f"holder {nearest} state {state[-1] if state else 'none'}"
    yield f"holders {first}>{nearest}>{behind[0] if behind else 'nothing'}"


def _surroundings(outline: Outline, unit: Unit, source: str, first: str) -> Iterator[str]:
    line = outline.line(unit.text, unit.mentions)
    yield f"lead {bool(unit.lead)}"
    if unit.earlier:
        yield from (f"earlier# {tag.name}" for tag in outline.line(unit.earlier).tags)
    if unit.lead:
        yield from outline.once((unit.lead, source), lambda: _lead(outline.line(unit.lead), source))
        lead = outline.line(unit.lead)
        yield f"l^ {first}|{'_'.join(lead.words[:2])}"
        yield f"l? {first}|{'_'.join(lead.words[:1])}"
        own = {tag.name for tag in line.tags} & MAIN
        for name in {tag.name for tag in _ending(lead)} & MAIN:
            for other in own:
                yield f"l#& {name}&{other}"
    # A sentence says what it says wherever it stands:
    # a page that is retitled has changed none of them.
    whole = len(line.words) >= _SENTENCE
    kind = "tags" if whole and source == "text" else "words"
    for heading in (*unit.over[-1:], *(unit.over[-2:-1] if len(unit.over) > 2 else ())):
        if heading and heading != unit.lead:
            yield from outline.once((heading, kind), partial(_above, outline.line(heading), kind))
    if not whole:
        title = outline.context.document.title or (unit.over[0] if unit.over else "")
        yield from outline.once((title, "t"), lambda: _titled(outline.line(title)))


def _ending(lead: Line) -> list[Tag]:
    """Return the tags of what a lead says last, which is what its list is."""
    last = len(lead.words) - _LEADING
    return [tag for tag in lead.tags if tag.start >= last]


def _lead(lead: Line, source: str) -> Iterator[str]:
    stems = [stem(word) for word in lead.words[: _LEAD + 1]]
    yield from (f"l {word}" for word in stems[:_LEAD])
    yield from (f"l{source} {word}" for word in stems[:_LEAD])
    yield from (f"ll {one}_{other}" for one, other in pairwise(stems))
    yield f"l$ {lead.words[-1] if lead.words else ''}"
    for tag in _ending(lead):
        yield f"le# {tag.name}"
        yield f"l# {tag.name}"
        yield f"l#{source} {tag.name}"


def _above(heading: Line, kind: str) -> Iterator[str]:
    if kind == "words":
        yield from (f"h {stem(word)}" for word in heading.words)
    yield from (f"h# {tag.name}" for tag in heading.tags)


def _titled(title: Line) -> Iterator[str]:
    yield from (f"t {stem(word)}" for word in title.words if word not in _SMALL)
