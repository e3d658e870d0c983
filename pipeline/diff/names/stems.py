"""Names → their telling words: stems, how much each says of which thing is meant,
and how alike two names are in them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.names import naming

_WORD = re.compile(r"\w+")


def weights(every: Iterable[str]) -> dict[str, float]:
    """Return how telling each word is: a word of many names (the vendor's) says little
    of which service is meant.
    """
    counts = Counter(word for name in every for word in set(of_name(name)))
    return {word: 1 / (1 + math.log2(max(count / 2, 1))) ** 2 for word, count in counts.items()}


def of_name(name: str) -> list[str]:
    """Return the stems of a name's words, in order, without those that any name may have."""
    return [
        word[:-1] if len(word) > 3 and word.endswith("s") else word
        for word in _WORD.findall(name)
        if word not in naming.PLAIN
    ]


def behind(old: str, new: str) -> tuple[list[str], list[str]]:
    """Return the telling words of two names, without those that they begin with alike
    if these say nothing.

    A family's first word ("SQL") says nothing, nor does what stands before a purpose:
    "Sentry for Mail", "Sentry for Files".
    """
    a, b = old.split(), new.split()
    head = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    quiet = len(of_name(" ".join(a[:head]))) <= 1 or a[head - 1] in naming.PLAIN
    cut = head if quiet else 0
    return of_name(" ".join(a[cut:])), of_name(" ".join(b[cut:]))


def neighbours(stems: list[str]) -> set[tuple[str, str]]:
    return set(pairwise(stems))


def kin(old: str, new: str) -> bool:
    """Say whether one name has a word of the other's stem: "Store" and "Storage"."""
    x, y = set(old.split()), set(new.split())
    return any(
        fuzz.ratio(one, other) >= thresholds.KIN
        for one in x - y
        for other in y - x
        if min(len(one), len(other)) >= 5
    )


def spelt(old: str, new: str) -> float:
    """Return how alike the words are that two names do not share, spaces apart:
    "PowerDesk" and "Power Desk" are one.
    """
    x, y = old.split(), new.split()
    apart = (
        "".join(word for word in x if word not in y),
        "".join(word for word in y if word not in x),
    )
    return fuzz.ratio(*apart) / 100 if min(map(len, apart)) >= 4 else 0.0


def of_text(text: str) -> set[str]:
    """Return how the telling words of a text begin: "responsible" and "responsibility" are one."""
    return {
        word[: thresholds.STEM] for word in words.tokens(text) if len(word) > 3 and word.isalpha()
    }
