"""Document → the name that it prints most: whom a page speaks for
when no sentence has it for its subject.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache, partial
from itertools import accumulate
from typing import NamedTuple

_WORD = r"(?:[A-Z][\w&+]*|[a-z]+\d[a-z]\w*|\w[\w-]*\.(?:ai|app|cloud|com|dev|gov|io|net|org|sh))"
_NAME = re.compile(
    rf"(?<![\w@/.-]){_WORD}(?: (?:[A-Z0-9][\w&+]*))*(?!\w|-[a-z])(?P<owns>['’]s?\b)?"
)
_ACRONYM = re.compile(r"[A-Z][a-z]?aaS|(?:[A-Z]{1,6}\d*s?|\d+)(?: (?:[A-Z]{1,6}\d*s?|\d+))*")
_SUPPLIES = re.compile(
    r"\b(?:run|runs|running|hosted|hosts?|hosting|built|provided|operated|supplied|received"
    r"|audited|certified|performed|conducted|migrated)"
    r" (?:\w+ ){0,2}?(?:on|in|by|with|at|to|from) (?:the )?(?:\w+ and )?\Z",
    re.IGNORECASE,
)
"""Words before the name of one that the page builds on, which it does not speak for."""
_LEADS = frozenset(["on", "in", "by", "with", "at", "to", "from", "the", "and"])
"""The last of those words: most names have another before them."""
_ENDS = re.compile(
    r"\b(?:for|at|of|in|with) (?:the )?(?P<name>[A-Z][\w.&+-]*(?: (?:[A-Z0-9][\w.&+-]*"
    r"|for|on|of))*)$"
)
_ACTS = re.compile(
    r" (?:also |now |currently |will |can |regularly )?(?:is|has|does|provides|offers|uses"
    r"|maintains|holds|complies|supports|signs|adheres|undergoes|operates|runs|stores|"
    r"engages|encrypts|processes|commits|takes|helps|lets|enables|ensures|makes|keeps|follows"
    r"|hosts|protects|allows)\b"
    r"| (?:customers?|users?|accounts?|employees|subscribers)\b"
)
"""What stands behind the name of one that does something, or whom others are
with ("a Larkfield customer").
"""
_SMALL = re.compile(r"(?<![\w@./-])[a-z][\w-]*(?![\w@]|\.\w)")
_INSIDE = re.compile(r"[\w,;)]\s")
"""What stands right before a name within a sentence."""
_BRAND = re.compile(r"\s[|–—·-]\s")
PLACE = re.compile(
    r"\s(?:(?:trust|security|compliance|privacy|help|legal) )+(?:cent(?:er|re)|portal|hub"
    r"|pages?|docs)$",
    re.IGNORECASE,
)


def most(text: str, heads: tuple[str, ...], common: frozenset[str], claims: bool) -> str | None:
    """Return the name that a text prints most, its longest form.

    None when none is printed twice and owns or heads anything.

    `claims` says whether the page makes any: where it makes none, as a regulator's, only who owns
    or does something or heads the page counts. A word that the text prints in small letters too is
    no name, nor is one of `common`.
    """
    found: Counter[str] = Counter()
    within: Counter[str] = Counter()
    acting: Counter[str] = Counter()
    owners = set[str]()
    for (name, owns, inside, acts), times in Counter(_names(text, common)).items():
        named = inside or "." in name or _is_coined(name)
        for form in _forms(name):
            found[form] += times
            if named:
                within[form] += times
            if owns or acts:
                acting[form] += times
            if owns:
                owners.add(form)
    known = {
        name
        for name in found
        if name in owners or "." in name or any(name in head for head in heads)
    }
    told = {
        name for name in {*within, *owners} if name in known or within[name] >= 3 - name.count(" ")
    }
    # Who owns or does something is spoken of; what is only printed often changes with every list.
    spoken_of = {
        name for name in told if claims or acting[name] or "." in name or name in heads[-1]
    }
    counted = [
        (acting[name] > 0, found[name], name)
        for name in spoken_of
        if found[name] >= 2 and len(name) > 1
    ]
    if not counted:
        return None
    _, top, best = max(counted)
    longer = [
        name for _, count, name in counted if name.startswith(f"{best} ") and count >= 0.75 * top
    ]
    return max(longer, key=len, default=best)


@lru_cache(maxsize=4096)
def _forms(name: str) -> tuple[str, ...]:
    """Return a name's first word, its first two, and so on, acronyms apart."""
    forms = accumulate(name.split(), "{} {}".format)
    return tuple(form for form in forms if not _ACRONYM.fullmatch(form))


def _names(text: str, common: frozenset[str]) -> Iterator[tuple[str, bool, bool, bool]]:
    """Yield the names of a text, with whether each owns something,
    whether it stands inside a sentence, and whether it does something.
    """
    lines = text.split("\n")
    known = list(map(_printed, lines))
    small = frozenset[str]().union(*(line.small for line in known))
    is_word = cache(partial(_is_word, small=small, common=common))
    before = ""
    for line, (_, names) in zip(lines, known, strict=True):
        for start, name, owns, acts in names:
            while name and is_word(first := name.partition(" ")[0]):
                start += len(first) + 1
                name = name[len(first) + 1 :]
            if name and not supplied(line, start):
                ahead = line[start - 2 : start] if start > 1 else "" if start else f"{before}\n"
                yield name, owns, _INSIDE.fullmatch(ahead) is not None, acts
        before = line[-1:]


class _Printed(NamedTuple):
    """What a line prints: words in small letters, and what may be names: where each begins,
    whether it owns something, and whether it does something.
    """

    small: frozenset[str]
    names: tuple[tuple[int, str, bool, bool], ...]


@lru_cache(maxsize=8192)
def _printed(line: str) -> _Printed:
    # The next capture of a page prints nearly all of its lines again.
    names: list[tuple[int, str, bool, bool]] = []
    for found in _NAME.finditer(line):
        name, owns = found[0], found["owns"] or ""
        acts = line.startswith(" ", found.end()) and _ACTS.match(line, found.end()) is not None
        names.append((found.start(), name.removesuffix(owns), bool(owns), acts))
    return _Printed(frozenset(_SMALL.findall(line)), tuple(names))


def supplied(text: str, start: int) -> bool:
    """Return whether the name that begins at `start` is told
    to be a supplier's ("hosted on", "provided by").
    """
    *_, last, behind = ("", *text[max(start - 60, 0) : start].rsplit(" ", 2))
    may = not behind and last.lower() in _LEADS
    return may and _SUPPLIES.search(text, max(start - 60, 0), start) is not None


def _is_word(word: str, small: frozenset[str], common: frozenset[str]) -> bool:
    return word.lower() in common or (
        word.lower() in small and "." not in word and not _is_coined(word)
    )


def _is_coined(word: str) -> bool:
    """Return whether a name is written in small letters itself ("n0w")."""
    return bool(re.fullmatch(r"[a-z]+\d[a-z]\w*", word))


def headed(head: str, text: str, common: frozenset[str]) -> str | None:
    """Return the name that a heading ends in ("Compliance validation for Acme Store"),
    when the text knows its first word for a name.
    """
    found = _ENDS.search(head)
    first = found["name"].split()[0] if found else ""
    known = first and first.lower() not in common and re.search(rf"\b{re.escape(first)}\b", text)
    return (
        found["name"]
        if found and known and not re.search(rf"\b{re.escape(first.lower())}\b", text)
        else None
    )


def brand(title: str, common: frozenset[str]) -> str | None:
    """Return the name beside a title's subject ("Security | Acme"), the last one first."""
    pieces = _BRAND.split(title)
    names = (
        (PLACE.sub("", piece.strip()) for piece in reversed(pieces))
        if len(pieces) > 1
        else iter(())
    )
    return next(
        (
            n
            for n in names
            if re.fullmatch(rf"{_WORD}(?: {_WORD}){{0,3}}", n)
            and not {w.lower() for w in n.split()} <= common
        ),
        None,
    )
