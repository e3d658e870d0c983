"""Text → words, and the catalogue's spellings that begin at one of them.

Knows nothing of editions, levels or claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from pipeline.words import HIRAGANA, KATAKANA

UNSPACED = "\u2e80-\ud7ff\uf900-\uffef"
"""Letters of scripts that put no spaces between words:
a name may begin and end right beside them.
"""
_TOKEN = re.compile(
    rf"[^\W\d_{UNSPACED}]\d+(?![^\W_{UNSPACED}])|[^\W\d_{UNSPACED}]+"
    rf"|[{HIRAGANA}]+|[{KATAKANA}]+|(?:(?![{HIRAGANA}{KATAKANA}])[{UNSPACED}])+|\d+|[(),]"
)
_ASCII_TOKEN = re.compile(r"[a-z]\d+(?![a-z\d])|[a-z]+|\d+|[(),]", re.ASCII)
"""The same for a text of plain small letters, as most are."""
_UNSPACED = re.compile(f"[{UNSPACED}]")
_LINK = re.compile(
    r"(?<![\w+.-])[a-z][a-z0-9+.-]{0,20}://[^\s<>\"')\]]+|\bwww\.[^\s<>\"')\]]+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"
    r"|(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:com|org|net|gov|mil|edu|io|eu|info|cloud|co|uk"
    r"|de|fr|es|it|nl|jp|au|ca|sg|in)\b(?:/[^\s<>\"')\]]*)?"
    r"|(?<![\w)])\.{0,2}/[\w-]+[/#?][\w.#?=&%/-]*",
    re.IGNORECASE,
)
_MAY_LINK = re.compile(r"[\w-]\.[\w-]|[/@]")
_EVEN = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys(
            "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
            "\u2007\u2008\u2009\u200a\u202f\u205f\u3000⁰¹²³⁴⁵⁶⁷⁸⁹†‡",
            " ",
        ),
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        "⁄": "/",
        "∕": "/",
        "Ⅰ": "1",
        "Ⅱ": "2",
        "Ⅲ": "3",
    }
)
_GAPS = frozenset(("", "-", "/", "®", "™", "'", "&", '"', "®-", ":", "®:", "§"))
_SHORTENED = frozenset(("no", "pub", "sec", "art", "reg", "publ"))


@dataclass(frozen=True, slots=True)
class Alias:
    """One spelling in the trie. `standard` is None for a decoy; a `family` head wants a number.

    A `weak` one counts in its context, or where its `company` stands in the same text.
    """

    standard: str | None
    words: tuple[str, ...] | None = None
    weak: bool = False
    company: re.Pattern[str] | None = None
    needs_tail: bool = False
    family: str | None = None
    decoy_of: str | None = None


class Token(NamedTuple):
    text: str
    folded: str
    start: int
    end: int


class Hit(NamedTuple):
    """An alias found: the token behind it, and the place behind it in the text."""

    alias: Alias
    after: int
    end: int


_Node = dict[str, "_Node | list[Alias]"]


class Trie:
    """All spellings, by folded word."""

    def __init__(self) -> None:
        self._root: _Node = {}

    def plant(self, spelling: str, alias: Alias) -> None:
        """Add a spelling; several may share it."""
        node = self._root
        for word in words(spelling):
            following = node.setdefault(word.lower(), {})
            assert isinstance(following, dict)
            node = following
        ends = node.setdefault("", [])
        assert isinstance(ends, list)
        ends.append(alias)

    def begins(self, word: str) -> bool:
        """Return whether a spelling begins with this folded word."""
        return word in self._root

    def begins_in(self, text: str) -> bool:
        """Return whether any spelling may begin in a text:
        most texts name no standard, and cost one look.

        Many spellings begin with a word as common as "the": the next one,
        or a bracket, must fit too.
        """
        lower = text.lower()
        found = (_ASCII_TOKEN if lower.isascii() else _TOKEN).findall(lower)
        if self._root.keys().isdisjoint(found):
            return False
        for one, other in pairwise((*found, "")):
            node = self._root.get(one)
            if node is not None and ("" in node or other == "(" or other in node):
                return True
        return False

    def hits(self, text: str, tokens: list[Token], at: int) -> Iterator[Hit]:
        """Yield every spelling that begins at token `at`, shorter ones first;
        typography and an acronym in brackets do not matter.
        """
        node, place = self._root, at
        if tokens[at].folded not in node or not _begins(text, tokens[at].start):
            return
        while place < len(tokens):
            if place > at and not _joins(text, tokens[place - 1], tokens[place]):
                return
            following = node.get(tokens[place].folded)
            if following is None:
                place = _past_acronym(tokens, place)
                if (
                    not place
                    or place >= len(tokens)
                    or (following := node.get(tokens[place].folded)) is None
                ):
                    return
            assert isinstance(following, dict)
            node, place = following, place + 1
            end = tokens[place - 1].end
            for alias in node.get("", ()):
                assert isinstance(alias, Alias)
                glued = end < len(text) and goes_on(text[end])
                if (not glued or alias.family or alias.needs_tail) and alias.words in (
                    None,
                    tuple(t.text for t in tokens[at:place]),
                ):
                    yield Hit(alias, place, end)


def even(text: str) -> str:
    """Return the text with plain dashes, quotes and spaces, and with addresses blanked:
    as long as it was, place by place.
    """
    level = text if text.isascii() else text.translate(_EVEN)
    marked = "." in level[:-1] or "/" in level or "@" in level
    return _LINK.sub(_blanked, level) if marked and _MAY_LINK.search(level) else level


def _blanked(found: re.Match[str]) -> str:
    return "\0" * len(found[0])


def words(spelling: str) -> tuple[str, ...]:
    """Return the words of a spelling, as written."""
    return tuple(_TOKEN.findall(spelling.translate(_EVEN)))


def tokens(text: str) -> list[Token]:
    """Return the words, numbers, brackets and commas of a text that is `even`."""
    return [
        Token(found[0], found[0].lower(), found.start(), found.end())
        for found in _TOKEN.finditer(text)
    ]


def spelled(alias: str) -> tuple[str, ...]:
    """Return the folded words of an alias: two aliases
    with equal ones are one to the recogniser.
    """
    return tuple(word.lower() for word in words(alias))


def _begins(text: str, start: int) -> bool:
    return start == 0 or not goes_on(text[start - 1])


def goes_on(char: str) -> bool:
    """Return whether a character beside a name belongs to the same word."""
    return char == "_" or (char.isalnum() and not _UNSPACED.match(char))


def _joins(text: str, before: Token, after: Token) -> bool:
    gap = text[before.end : after.start].strip()
    if gap in _GAPS:
        return True
    numbers = (
        before.text[-1].isdigit() and after.text[0].isdigit() and after.start == before.end + 1
    )
    return gap == "." and (numbers or len(before.text) == 1 or before.folded in _SHORTENED)


def _past_acronym(tokens: list[Token], place: int) -> int:
    """Return the place behind "(PCI)" in "Payment Card Industry (PCI) Data Security Standard", 0 if
    there is none.
    """
    if tokens[place].text != "(":
        return 0
    for close in range(place + 2, min(place + 5, len(tokens))):
        if tokens[close].text == ")":
            return (
                close + 1
                if all(token.text[:1].isupper() for token in tokens[place + 1 : close])
                else 0
            )
    return 0
