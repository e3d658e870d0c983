"""Page of a PDF → its lines, each with its height, its place and whether it is bold.

Measures; names nothing.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from pipeline import words
from pipeline.parse import tree

HEAVY = 600
GAP = 1.2
"""Times a line's height that nothing stands between two letters: then they are in two cells."""
_SYMBOLS = {
    **dict.fromkeys((0xF0FD, 0xF0FE, 0xF052, 0xF053, 0xF054), "☒"),
    **dict.fromkeys((0xF06F, 0xF071, 0xF072, 0xF0A8), "☐"),
    0xF0FC: "✔",
}
"""Boxes and ticks of the symbol fonts in which forms print them,
whose letters have no other meaning.
"""
_BOLD = re.compile(rb"bold|black|heavy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter and its box, in points from the page's lower left;
    `hyphen` marks one that only breaks a word.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    bold: bool
    hyphen: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `cells` are its texts where wide gaps part them, each beginning at one of `lefts`.

    `broken` says that its last word goes on in the next line.
    """

    page: int
    cells: tuple[str, ...]
    height: float
    left: float
    right: float
    bottom: float
    top: float
    bold: bool
    broken: bool
    lefts: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """Return the whole line."""
        return " ".join(self.cells)


def lines(page: Any, number: int) -> list[Line]:
    """Return the lines of a page in the order of its text."""
    found: list[list[Letter]] = [[]]
    for letter in _letters(page):
        if letter.text in "\r\n":
            found.append([])
        else:
            found[-1].append(letter)
    return [line for group in found if (line := _line(group, number))]


def joined(group: Sequence[Line]) -> str:
    """Return lines as one text, with words put together that a line's end had parted."""
    text = ""
    for line in group:
        text += line.text + ("" if line.broken else " ")
    return text.strip()


def _paired(text: str) -> str:
    """Return the text with its surrogate pairs, which PDFium hands over half
    by half, as characters.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _letters(page: Any) -> list[Letter]:
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    edges = [ctypes.c_double() for _ in range(4)]
    box = pdfium.FS_RECTF()
    found = []
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, index)
        pdfium.FPDFText_GetCharBox(text, index, *edges)
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        hyphen = pdfium.FPDFText_IsHyphen(text, index) == 1
        bold = pdfium.FPDFText_GetFontWeight(text, index) >= HEAVY or _named_bold(
            pdfium, text, index
        )
        left, right = edges[0].value, edges[1].value
        found.append(
            Letter(
                _SYMBOLS.get(code) or (chr(code) if code < 0x110000 else ""),
                *(left, right, box.bottom, box.top, bold, hyphen),
            )
        )
    return found


def _named_bold(pdfium: Any, text: Any, index: int) -> bool:
    name = ctypes.create_string_buffer(96)
    pdfium.FPDFText_GetFontInfo(text, index, name, len(name), ctypes.c_int())
    return _BOLD.search(name.value) is not None


def _line(group: Sequence[Letter], page: int) -> Line | None:
    seen = [letter for letter in group if letter.text.strip() and letter.top > letter.bottom]
    if not seen:
        return None
    height = median(letter.top - letter.bottom for letter in seen)
    cells, lefts, last = [""], [seen[0].left], seen[0]
    for letter in group:
        inked = letter.text.strip() != "" and letter.top > letter.bottom
        if inked and letter.left - last.right > GAP * height:
            cells.append("")
            lefts.append(letter.left)
        cells[-1] += "" if letter.hyphen else letter.text
        last = letter if inked else last
    said = [words.squeeze(tree.seen(_paired(text))) for text in cells]
    return Line(
        page=page,
        cells=tuple(cell for cell in said if cell),
        lefts=tuple(left for cell, left in zip(said, lefts, strict=True) if cell),
        height=height,
        left=seen[0].left,
        right=max(letter.right for letter in seen),
        bottom=min(letter.bottom for letter in seen),
        top=max(letter.top for letter in seen),
        bold=sum(letter.bold for letter in seen) > len(seen) / 2,
        broken=group[-1].hyphen
        or next((letter.hyphen for letter in reversed(group) if letter.text.strip()), False),
    )
