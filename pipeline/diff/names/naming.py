"""Two names → whether they may name one thing. Knows no page and no vendor."""

from __future__ import annotations

import re

from pipeline import words

_PLACES = (
    "government gov govcloud gcc high dod us usa u.s eu uk germany german china france japan "
    "australia canada europe federal secret top "
    "commercial public sovereign preview beta free trial enterprise premium basic standard "
    "plan education edu global regional"
)
PLACES = frozenset(_PLACES.split())
"""Words that make another offering of a name, never another name of an offering."""
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\s*$")
_LIMIT = re.compile(
    r"\b(?:only|not|except|excludes|excluding|excluded|includes|including|limited|without"
    r"|unless|when|preview|beta)\b",
    re.I,
)
PLAIN = frozenset(("service", "services", "the", "for", "of", "and", "in", "with", "by", "a", "an"))
"""Words that any name may have, or lack."""


def other_place(old: str, new: str) -> bool:
    """Say whether two names differ by nothing but a place, a plan or an environment."""
    differ = set(words.fold(old).split()) ^ set(words.fold(new).split())
    return bool(differ) and all(token.strip("().,") in PLACES for token in differ)


def near_miss(old: str, new: str) -> bool:
    """Say whether two names are of two things: a longer name, another number,
    or another place or plan of the same one.
    """
    a, b = words.fold(old).split(), words.fold(new).split()
    less, more = sorted((set(a) - set(b), set(b) - set(a)), key=len)
    differ = less | more
    if not differ:
        return False
    if other_place(old, new):
        return True
    if {t for t in less if any(c.isdigit() for c in t)} != {
        t for t in more if any(c.isdigit() for c in t)
    } and _numberless(a) == _numberless(b):
        return True
    short, long = sorted((a, b), key=len)
    return long[: len(short)] == short and not set(long[len(short) :]) <= PLAIN


def plainly(one: str, other: str) -> bool:
    """Say whether two names differ by plain words alone:
    "Example" and "Example services" are one.
    """
    return set(words.fold(one).split()) ^ set(words.fold(other).split()) <= PLAIN


def bare(name: str) -> str:
    """Return a name without what stands in brackets behind it."""
    return _BRACKET.sub("", name)


def limits(name: str) -> str | None:
    """Return what stands in brackets behind a name, if it limits what is named:
    "Premium only", "excludes Logs".
    """
    found = _BRACKET.search(name)
    return found[1] if found and _LIMIT.search(found[1]) else None


def _numberless(tokens: list[str]) -> list[str]:
    return [token for token in tokens if not any(char.isdigit() for char in token)]


def short_form(one: str, other: str) -> bool:
    """Say whether one name is the other without the words it begins
    with ("Example Vault", "Vault").
    """
    short, long = sorted((words.fold(one), words.fold(other)), key=len)
    return long.endswith(f" {short}")


def first_words(one: str, other: str) -> bool:
    """Say whether one name is the other without the words it ends
    with ("Example Notes", "Example").
    """
    short, long = sorted((words.fold(one), words.fold(other)), key=len)
    return long.startswith(f"{short} ")


def drawn_out(one: str, other: str) -> bool:
    """Say whether one name is the other with more words behind it,
    of which none makes another offering of it.
    """
    return first_words(one, other) and near_miss(one, other) and not other_place(one, other)
