"""Blocks → the words that tell their language, and whether it is one that is read."""

from __future__ import annotations

from pipeline import lexicon, words
from pipeline.model import Block

_BLOCKS = 400
"""How many blocks of a page are looked at."""
_SAMPLE = 3000
"""How many words of them tell the language."""
_FOREIGN = 0.4
"""Which share of a page's letters may be of other scripts than the Latin one,
names and addresses apart.
"""
_ENOUGH = 50
"""How many words of prose a page must have before its language can be called unknown."""
_COMMON_SHARE = 0.1
"""Which share of prose the commonest words of its language make up at least;
in English it is about a third.
"""


def sample(blocks: tuple[Block, ...]) -> list[str]:
    """Return the folded words that tell a page's language, in page order."""
    texts = " ".join(block.text for block in blocks[:_BLOCKS])
    return list(map(words.fold, lexicon.cut(texts, _SAMPLE)))


def is_known(blocks: tuple[Block, ...], found: list[str], code: str) -> bool:
    """Return whether a language has a lexicon; a text too short to tell has.

    `found` is the sample, `code` what it was taken for.
    Scripts that put no spaces between words are known by their letters.
    """
    if lexicon.load(code).form is not None:
        return True
    if _is_foreign("".join(found)):
        return False
    prose = [word for block in blocks[:_BLOCKS] for word in _prose(block)]
    return len(prose) < _ENOUGH or lexicon.common(prose, code) >= _COMMON_SHARE * len(prose)


def _is_foreign(text: str) -> bool:
    """Return whether many letters of a text are of other scripts than the Latin one."""
    if text.isascii():
        return False
    letters = [char for char in text if char.isalpha()]
    return sum(char > "\u024f" for char in letters) > _FOREIGN * len(letters)


def _prose(block: Block) -> list[str]:
    """Return the folded words of a block that runs on as sentences do, none of a list's names."""
    found = block.text.split() if block.kind in ("paragraph", "item", "definition") else []
    return list(map(words.fold, found)) if len(found) > 7 else []
