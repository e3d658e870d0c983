"""words.toml → its phrases, and whether a text has one of a table's."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

_ENDING = (
    r"(?:s|es|e|y|ies|ed|d|t|ing|ings|ting|age|ages|ation|ations|tion|tions|ment|ments|al"
    r"|er|ers|or|ors"
    r"|en|n|ant|ants|a|as|o|os|ée|ées|é|és|aires?|iv[eo]s?)?"
)
_WORDS = re.compile(r"\w+")
_FIRST = re.compile(r"(?P<word>[\w*]+)(?P<rest>.*)", re.DOTALL)
"""A phrase's first word, as far as its ending is fixed, and what follows."""
_REMEMBERED = 20_000
"""Of how many words it is remembered whether a table's phrases begin with them."""


@cache
def _data() -> dict:  # type: ignore[type-arg]
    text = resources.files("pipeline.extract.suppliers").joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)


def listed(path: str) -> list[str]:
    """Return a table's phrases in all languages, as they are written."""
    data = _data()
    for key in path.split("."):
        data = data[key]
    return [phrase for phrases in data.values() for phrase in phrases]


@cache
def words(path: str) -> re.Pattern[str]:
    """Return the pattern of a table's phrases in all languages."""
    forms = {
        re.escape(phrase).replace(r"\*", r"\w*").replace(r"\~", _ENDING).replace(r"\ ", r"[\s‑-]+")
        for phrase in listed(path)
    }
    longest = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=8192)
def says(path: str, text: str) -> bool:
    """Return whether a text has a phrase of a table; most have no word that any
    of them begins with.
    """
    begins = _opening(path).__getitem__
    if not any(map(begins, _WORDS.findall(text))):
        return False
    starts = (word.start() for word in _WORDS.finditer(text) if begins(word[0]))
    return any(words(path).match(text, start) for start in starts)


class _Opening(dict[str, bool]):
    """A word as printed → whether a phrase may begin with it. `firsts` matches what those do."""

    def __init__(self, firsts: re.Pattern[str]) -> None:
        super().__init__()
        self._firsts = firsts

    def __missing__(self, word: str) -> bool:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[word] = self._firsts.fullmatch(word) is not None
        return found


@cache
def _opening(path: str) -> _Opening:
    firsts = {_FIRST.sub(_first, phrase).replace("*", r"\w*") for phrase in listed(path)}
    return _Opening(re.compile("|".join(sorted(firsts)), re.IGNORECASE))


def _first(phrase: re.Match[str]) -> str:
    return f"{phrase['word']}*" if phrase["rest"].startswith("~") else phrase["word"]
