"""Words → what they say of a standard, of its holder or of a limit.

Decides nothing: tags are features of a judgement.

Each language is a TOML file: tags, each with its phrases. A phrase is one or more folded words; `*`
at a word's end stands for any ending. Labelled sentences are the phrases' examples: a test removes
each phrase and expects some sentence to be judged worse without it, so a phrase that nobody misses
cannot stay.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, partial
from importlib import resources
from itertools import islice
from typing import NamedTuple

from pipeline.words import HAN, HIRAGANA, KATAKANA

_REMEMBERED = 20_000
"""Of how many words it is remembered whether a phrase may begin with each."""
LANGUAGES = ("en", "de", "fr", "es", "nl", "it", "pt", "ja")
"""The languages that have a lexicon, the commonest first:
it is taken where a text is too short to say.
"""


_KINDS = (HIRAGANA, KATAKANA, HAN)
"""The kinds of letters of scripts that put no spaces between words."""
_UNSPACED = re.compile(f"[{''.join(_KINDS)}]")
_RUN = re.compile("|".join((*(f"[{kind}]+" for kind in _KINDS), rf"[^\s{''.join(_KINDS)}]+")))


class Tag(NamedTuple):
    """A phrase found at `words[start:end]`, and what it says."""

    start: int
    end: int
    name: str


_Phrase = tuple[tuple[str, ...], str | None, str]
"""The words of a phrase behind its first, the second one where it has one form, and the tag."""


class Lexicon:
    """The phrases of one language by their first word.

    `form` is the pattern of a word in a script that puts no spaces between words, None in others.
    """

    def __init__(
        self,
        code: str,
        name: str,
        phrases: Iterable[tuple[str, str]],
        form: re.Pattern[str] | None = None,
    ) -> None:
        self.code, self.name, self.form = code, name, form
        self._whole: dict[str, list[_Phrase]] = {}
        self._begun: dict[str, list[_Phrase]] = {}
        for tag, phrase in phrases:
            first, *rest = phrase.split()
            planted = self._begun if first.endswith("*") else self._whole
            second = rest[0] if rest and not rest[0].endswith("*") else None
            planted.setdefault(first.rstrip("*"), []).append((tuple(rest), second, tag))
        self._shortest = min(map(len, self._begun), default=1)
        self._starting = cache(self._find)
        self._opening = cache(lambda names: _Opening(self, names))

    def _find(self, word: str) -> tuple[_Phrase, ...]:
        found = list(self._whole.get(word, ()))
        for end in range(self._shortest, len(word) + 1):
            found += self._begun.get(word[:end], ())
        return tuple(found)

    def may_tag(self, words: Iterable[str], names: frozenset[str]) -> bool:
        """Return whether a phrase of these tags may begin at any of these folded words."""
        return any(map(self._opening(names).__getitem__, words))

    def tags_of(self, word: str) -> frozenset[str]:
        """Return the tags whose phrases may begin with a folded word."""
        return frozenset(tag for *_, tag in self._starting(word))

    def tags(self, words: Sequence[str]) -> list[Tag]:
        """Return the tags of folded words by their start; of one tag's phrases
        at one place the longest.
        """
        found: list[Tag] = []
        for start, starting in enumerate(map(self._starting, words)):
            if not starting:
                continue
            longest: dict[str, int] = {}
            behind = start + 1
            following = words[behind] if behind < len(words) else ""
            for rest, second, tag in starting:
                if second is not None and second != following:
                    continue
                end = behind + len(rest)
                if end > longest.get(tag, 0) and (not rest or _continues(rest, words[behind:end])):
                    longest[tag] = end
            found += [_tag((start, end, tag)) for tag, end in longest.items()]
        return found


class _Opening(dict[str, bool]):
    """Folded words → whether phrases of these tags may begin with each:
    most texts have no such word.
    """

    def __init__(self, lexicon: Lexicon, names: frozenset[str]) -> None:
        super().__init__()
        self._lexicon, self._names = lexicon, names

    def __missing__(self, word: str) -> bool:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[word] = not self._names.isdisjoint(self._lexicon.tags_of(word))
        return found


_tag = partial(tuple.__new__, Tag)
"""Makes a tag of its parts in half of the time."""


def _continues(rest: tuple[str, ...], words: Sequence[str]) -> bool:
    return len(rest) == len(words) and all(map(_is_form, rest, words))


def _is_form(form: str, word: str) -> bool:
    return form == word or (form.endswith("*") and word.startswith(form[:-1]))


def phrases(code: str) -> list[tuple[str, str]]:
    """Return the (tag, phrase) pairs of a language, in the order of its file."""
    return [(tag, phrase) for tag, listed in _file(code)["tags"].items() for phrase in listed]


@cache
def load(code: str) -> Lexicon:
    """Return the lexicon of a language of `LANGUAGES`."""
    form = _form(code) if _file(code).get("unspaced") else None
    return Lexicon(code, _file(code)["language"], phrases(code), form)


def cut(text: str, most: int) -> list[str]:
    """Return the first words of a text; where scripts put no spaces between words,
    a run of one kind of letters is one.
    """
    if text.isascii() or not _UNSPACED.search(text):
        return text.split(None, most)[:most]
    return [found[0] for found in islice(_RUN.finditer(text), most)]


def _form(code: str) -> re.Pattern[str]:
    """Return the pattern that cuts a text at the words that the lexicon knows,
    and where the kind of letters changes.
    """
    known = {word for _, phrase in phrases(code) for word in phrase.split()}
    ways = "|".join(map(re.escape, sorted(known, key=lambda word: (-len(word), word))))
    runs = "|".join(f"[{kind}]+?(?={ways}|[^{kind}]|$)" for kind in _KINDS)
    return re.compile(rf"{ways}|{runs}|[^\W{''.join(_KINDS)}]+(?:[-.]\w+)*|[^\w\s]")


@cache
def _file(code: str) -> dict:  # type: ignore[type-arg]
    text = resources.files("pipeline.lexicon").joinpath(f"{code}.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    """The commonest words of each language → the languages that use them."""
    found: dict[str, tuple[str, ...]] = {}
    for code in LANGUAGES:
        for word in _file(code)["signs"]:
            found[word] = (*found.get(word, ()), code)
    return found


def detect(words: Iterable[str]) -> str:
    """Return the language of a text's folded words by the commonest ones among them,
    English for too few.
    """
    counts: Counter[str] = Counter()
    signs = _signs()
    for word, count in Counter(words).items():
        for code in signs.get(word, ()):
            counts[code] += count
    best = max(LANGUAGES, key=lambda code: counts[code])
    return best if best == "en" or counts[best] >= max(2, counts["en"] + 1) else "en"


def common(words: Iterable[str], code: str) -> int:
    """Return how many of a text's folded words are among the commonest of a language."""
    signs = _signs()
    return sum(count for word, count in Counter(words).items() if code in signs.get(word, ()))
