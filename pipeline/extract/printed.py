"""Document → the name that it prints most: whom a page speaks for
when no sentence has it for its subject.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

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
    for name, owns, inside, acts in _names(text, common):
        tokens = name.split()
        forms = [
            form
            for form in (" ".join(tokens[: length + 1]) for length in range(len(tokens)))
            if not _ACRONYM.fullmatch(form)
        ]
        found.update(forms)
        within.update(forms if inside or "." in name or _is_coined(name) else ())
        owners.update(forms if owns else ())
        acting.update(forms if owns or acts else ())
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


def _names(text: str, common: frozenset[str]) -> Iterator[tuple[str, bool, bool, bool]]:
    """Yield the names of a text, with whether each owns something
    and whether it stands inside a sentence.
    """
    small = set(re.findall(r"(?<![\w@./-])[a-z][\w-]*(?![\w@]|\.\w)", text))
    for found in _NAME.finditer(text):
        tokens = found[0].removesuffix(found["owns"] or "").split()
        start = found.start()
        while tokens and _is_word(tokens[0], small, common):
            start += len(tokens.pop(0)) + 1
        if tokens and not supplied(text, start):
            inside = re.search(r"[\w,;)]\s\Z", text[max(start - 2, 0) : start]) is not None
            yield (
                " ".join(tokens),
                bool(found["owns"]),
                inside,
                _ACTS.match(text, found.end()) is not None,
            )


def supplied(text: str, start: int) -> bool:
    """Return whether the name that begins at `start` is told
    to be a supplier's ("hosted on", "provided by").
    """
    *_, last, behind = ("", *text[max(start - 60, 0) : start].rsplit(" ", 2))
    may = not behind and last.lower() in _LEADS
    return may and _SUPPLIES.search(text, max(start - 60, 0), start) is not None


def _is_word(word: str, small: set[str], common: frozenset[str]) -> bool:
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
