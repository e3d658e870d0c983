"""Text → its words, its sentences, its comparable form. Knows nothing of claims or standards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pipeline import visible

HIRAGANA, KATAKANA, HAN = "\u3040-\u309f", "\u30a0-\u30ff", "\u3400-\u9fff々"
"""Ranges of letters that are written without spaces between words."""
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        "…": "...",
        # Where a script or an emoji needs them, they are still in the text.
        "\u200c": None,
        "\u200d": None,
    }
)
_STRAIGHT = str.maketrans(
    {
        **dict.fromkeys("‘’‛′`´", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑", "-"),
        "\u00a0": " ",
        "\u202f": " ",
    }
)
_LONGEST = 1500
_MOST = 8000
_END = re.compile(r"(?<=\w\w\w[.!?])\s+(?=[A-Z])")
_DOTTED_START = re.compile(r"(?<=\w\w[.!?])\s+(?=[a-z][\w-]*\.[a-z]{2,}\b)")
_INITIALS = re.compile(r"(?<=\w-)(?:[A-Z]\.){2,}")
_ORDINAL_DAY = re.compile(
    r"\b\d{1,2}\.(?= (?:Jan(?:uar|ner)|Jänner|Feb(?:ruar|er)|März|April|Mai|Jun[io]|Jul[io]|August"
    r"|September|Oktober|November|Dezember)\b)"
)
"""A day as German prints it, whose full stop ends no sentence ("bis zum 30. September 2027")."""
_NUMBERED = re.compile(r"\d\. ")
_STOP = re.compile(r"[.!?]\s")
"""What a text has that has such a day, or a sentence that begins with a name in lower case."""
_DOT = "\ue000"
_WORD = re.compile(r"\w+(?:[.'/&+-]\w+)*|[^\w\s]")


def squeeze(text: str) -> str:
    """Return the text on one line with single spaces and none at its ends."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """Return the text with typographic quotes, dashes and spaces as on a keyboard,
    single spaces, case kept.
    """
    seen = visible.text(text).translate(_TYPOGRAPHY)
    return squeeze(unicodedata.normalize("NFKC", seen).translate(_TYPOGRAPHY))


def straight(text: str) -> str:
    """Return the text with straight quotes, plain hyphens and spaces, letter for letter,
    so that positions stay.
    """
    return text if text.isascii() and "`" not in text else _straightened(text)


@lru_cache(maxsize=8192)
def _straightened(text: str) -> str:
    return text.translate(_STRAIGHT)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return the form in which two texts that differ only in typography,
    spacing or case are equal.
    """
    return plain(text).replace("- ", "-").replace(" -", "-").casefold()


def nearest(given: str, names: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Return the names that are most like the one given, whatever their case, the nearest first.

    None where none is like it.
    """
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(fold(name), name)
    wanted = fold(given)
    import difflib  # for one command line in a hundred

    like = difflib.get_close_matches(wanted, known, most, 0.5)
    # Somebody who gives a word of a long name means that name, though little of it is alike.
    part = [name for name in known if len(wanted) > 2 and wanted in name]
    word = [name for name in known if difflib.get_close_matches(wanted, name.split(), 1, 0.75)]
    return tuple(known[name] for name in dict.fromkeys((*like, *part, *word)))[:most]


def tokens(text: str) -> list[str]:
    """Return the words and punctuation marks of a text, in order, as printed."""
    return _WORD.findall(text)


@lru_cache(maxsize=16384)
def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, in order, each as printed and without outer spaces.

    A semicolon does not end a sentence. Abbreviations ("Inc.", "U.S.", "cert. no.") do not either.
    A sentence may begin with a lower-case name that holds a dot, as a site's does. What runs on for
    thousands of characters (a page without full stops, a dump on one line) is cut at commas and
    spaces, so that reading it stays linear.
    """
    return tuple(part for piece in _pieces(text) for part in _sentences(piece))


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in parts, each to the end of a sentence:
    the segmenter weighs every mark of a text with every other one.
    """
    start = 0
    while len(text) - start > _MOST:
        ends = list(_END.finditer(text, start + _MOST // 2, start + _MOST))
        cut = ends[-1].end() if ends else text.rfind(" ", start, start + _MOST) + 1
        cut = cut or start + _MOST
        yield text[start:cut]
        start = cut
    yield text[start:]


def _sentences(text: str) -> Iterator[str]:
    # The segmenter ends a sentence within "EU-U.S. Privacy Shield":
    # initials behind a hyphen are kept from it.
    whole = _INITIALS.sub(_undotted, text) if "-" in text else text
    whole = _ORDINAL_DAY.sub(_undotted, whole) if _NUMBERED.search(whole) else whole
    import sentencex

    for sentence in sentencex.segment("en", whole):
        for piece in _DOTTED_START.split(sentence) if _STOP.search(sentence) else (sentence,):
            found = squeeze(piece.replace(_DOT, "."))
            yield from _bounded(found) if len(found) > _LONGEST else (found,) if found else ()


def _undotted(found: re.Match[str]) -> str:
    return found[0].replace(".", _DOT)


def _bounded(sentence: str) -> Iterator[str]:
    while len(sentence) > _LONGEST:
        cut = (
            max(
                sentence.rfind(", ", 0, _LONGEST) + 1,
                sentence.rfind(" ", 0, _LONGEST) if ", " not in sentence[:_LONGEST] else 0,
            )
            or _LONGEST
        )
        yield from filter(None, (sentence[:cut].strip(),))
        sentence = sentence[cut:].strip()
    yield from filter(None, (sentence,))
