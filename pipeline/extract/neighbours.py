"""What stands before and behind a standard's name in its sentence → features.

Knows no outcome; `frames` explains the features' names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import combinations, pairwise

from pipeline.extract.judgement import Word
from pipeline.extract.lines import TARGET, Line, bucket

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
Worded = dict[str, Collection[Word]]
"""Words by the kinds of features that they are."""

_JOINS = frozenset(
    re.findall(r"\S+", ", and or & / ( ) | · • ・ 、 und oder et ou y o e en of と および 及び")
)
_PART = 12
"""How many words before and behind a list of standards are its own part of a sentence."""


def own_part(line: Line, words: list[str], place: int, worded: Worded) -> Iterator[str]:
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
    worded["#r&"] = pairs({*main[0], *main[1]})
    yield f"#rr {main[0][-1] if main[0] else ''}|{main[1][0] if main[1] else ''}"
    yield f"run {min(4, sum(word in marks for word in words[first : last + 1]))}"


def begun(line: Line, place: int) -> Iterator[str]:
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


def tags_about(line: Line, place: int, worded: Worded) -> Iterator[str]:
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
    worded["#c&"] = pairs(near)
    nearest = [min(side)[1] if side else "" for side in (left, right)]
    yield f"#near- {nearest[0]}"
    yield f"#near+ {nearest[1]}"
    yield f"#near {nearest[0]}|{nearest[1]}"


def pairs(names: Collection[str]) -> list[Word]:
    return list(combinations(sorted(names), 2))


def names_beside(line: Line, place: int) -> Iterator[str]:
    """Yield whether the vendor, or a name that is not the vendor's, stands before
    or behind the standard.
    """
    for who, places in (("vendor", line.vendors), ("other", line.others)):
        if places and place < 0:
            yield f"name0 {who}"
        elif places:
            yield from (f"name- {who}",) if places[0] < place else ()
            yield from (f"name+ {who}",) if places[-1] > place else ()


_HOLDERS = frozenset(("we", "own", "customer", "supplier", "assessor", "person", "testimony"))
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
_REACH = 5
"""How far behind a standard's name the thing may stand that its status belongs to:
"SOC 2 certified hosting".
"""


def holder(line: Line, place: int) -> Iterator[str]:
    """Yield who stands nearest before the standard, who begins the sentence,
    and what its status is said of.
    """
    named: dict[int, str] = {}
    for tag in line.tags:
        if tag.name in _HOLDERS and tag.start != place:
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
