"""A unit, and a standard that it may speak of → the features by which it is judged.

Knows no outcome.

Features are readable names, for the reasons of a judgement are made of them:
`w` a word, `p` a word at a distance before (-) or behind (+) the standard's name, `#` what the
lexicon says of a word, `l` of the lead, `h` of the heading above, `t` of the title.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise, product

from pipeline.extract.judgement import Features, Word
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


Worded = dict[str, Collection[Word]]
"""Words by the kinds of features that they are."""


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
                around[source, first] = _surroundings(outline, unit, source, first)
            made[place, source] = _made(unit, line, place, source, around[source, first])
        found.append(Frame(mention, source, made[place, source]))
    return found


def for_note(outline: Outline, unit: Unit) -> Features:
    """Return the features by which a unit is judged as a note."""
    line = outline.line(unit.text, unit.mentions)
    around = _surroundings(outline, unit, "note", "".join(line.words[:1]))
    return _made(unit, line, -1, "note", around)


def _made(unit: Unit, line: Line, place: int, source: str, around: set[str]) -> Features:
    """Return the features of a unit about the mention at a place, those `around` it among them."""
    words = list(line.words)
    if place >= 0:
        words[place] = TARGET
    plain = around.union(_shape(unit, words, place, source), _names(line, place))
    plain.update(_begun(line, place))
    worded = line.around(place)
    names = line.names
    worded["#&"] = _pairs(names & MAIN)
    if place >= 0:
        worded["#"] = {tag.name for tag in line.tags if tag.start != place}
        plain.update(_tags_about(line, place, worded))
        plain.update(_own_part(line, words, place, worded))
        plain.update(_holder(line, place))
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


def _own_part(line: Line, words: list[str], place: int, worded: Worded) -> Iterator[str]:
    """Say what stands between the standards before and behind:
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
    left, right = line.part(start, first), line.part(last + 1, end)
    worded["r-"], worded["rr-"] = set(left), set(pairwise(left))
    worded["r+"], worded["rr+"] = set(right), set(pairwise(right))
    before = [tag.name for tag in line.tags if start <= tag.start < first]
    behind = [tag.name for tag in line.tags if last < tag.start < end]
    worded["#r-"], worded["#r+"] = set(before), set(behind)
    main = [[name for name in part if name in MAIN] for part in (before, behind)]
    worded["#r&"] = _pairs({*main[0], *main[1]})
    yield f"#rr {main[0][-1] if main[0] else ''}|{main[1][0] if main[1] else ''}"
    yield f"run {min(4, sum(word in marks for word in words[first : last + 1]))}"


def _begun(line: Line, place: int) -> Iterator[str]:
    """Yield what the words say with which a unit begins."""
    for tag in line.tags:  # by their start
        if tag.start > 1:
            return
        if tag.start != place:
            yield f"#begins{tag.start} {tag.name}"


_FAR = 9
_CLAUSES = {
    (True, True): "#clause-",
    (False, True): "#clause+",
    (True, False): "#outside-",
    (False, False): "#outside+",
}
_BEFORE = tuple(f"#-{bucket(distance)}" for distance in range(_FAR + 1))
_BEHIND = tuple(f"#+{bucket(distance)}" for distance in range(_FAR + 1))


def _tags_about(line: Line, place: int, worded: Worded) -> Iterator[str]:
    """Say on which side of the mention, how far and in whose clause tags stand,
    and which of the main ones is next.
    """
    start, end = line.clause(place)
    near: set[str] = set()
    left: list[tuple[int, str]] = []
    right: list[tuple[int, str]] = []
    about: defaultdict[str, set[Word]] = defaultdict(set)
    for at, until, name in line.tags:
        if at == place:
            continue
        before, same = at < place, start <= at < end
        distance = abs(place - until + 1) if before else at - place
        about["#-" if before else "#+"].add(name)
        about[(_BEFORE if before else _BEHIND)[min(distance, _FAR)]].add(name)
        about[_CLAUSES[before, same]].add(name)
        if name in MAIN:
            (left if before else right).append((distance, name))
            if same:
                near.add(f"-{name}" if before else f"+{name}")
    worded.update(about)
    worded["#c&"] = _pairs(near)
    nearest = [min(side)[1] if side else "" for side in (left, right)]
    yield f"#near- {nearest[0]}"
    yield f"#near+ {nearest[1]}"
    yield f"#near {nearest[0]}|{nearest[1]}"


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
    worded["#n&"], worded["#n>"] = _pairs(names), set(pairwise(order))


def _pairs(names: Collection[str]) -> list[Word]:
    return list(combinations(sorted(names), 2))


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


def _surroundings(outline: Outline, unit: Unit, source: str, first: str) -> set[str]:
    line = outline.line(unit.text, unit.mentions)
    found = {f"lead {bool(unit.lead)}"}
    if unit.earlier:
        found.update([f"earlier# {name}" for name in outline.line(unit.earlier).names])
    if unit.lead:
        found |= outline.once((unit.lead, source), partial(_lead, outline, unit.lead, source))
        lead = outline.line(unit.lead)
        found.add(f"l^ {first}|{'_'.join(lead.words[:2])}")
        found.add(f"l? {first}|{'_'.join(lead.words[:1])}")
        both = product({tag.name for tag in _ending(lead)} & MAIN, line.names & MAIN)
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
