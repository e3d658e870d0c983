"""The numbers that follow one family's head: "SOC 1, 2 and 3", "ISO 27001/17/18",
"ISO certificates: 27001 with 27017".

Knows no standard but by its number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.standards import asides

_LISTED = re.compile(
    r"\s{0,4}(?:,\s{0,4}(?:and|or|&|und|et|y|e|en)\s{1,4}|[,/&+;·|]"
    r"|\b(?:and|or|as well as|und|oder|sowie|et|ou|y|o|e|en)\b"
    r"|\(?\b(?:with|including|incl\.|con|avec|mit|plus)\b)\s{0,4}"
    r"(?:(?:the|la|le|il|die|linee guida|guidelines|extensions?|estensioni|estensione alle)"
    r"\s{1,4}){0,3}"
)
_FULL = 5
"""The digits of a number whose followers may be printed short."""
_SHORT = re.compile(r"/\s?(\d\d)(?!\d)")
_CERTIFICATES = re.compile(
    r"\s{1,4}(?:(?:certified|certifications?|certificates?|standards?|compliance|compliant"
    r"|reports?|audits?)\s{0,4}){1,2}[:(]?\s{0,4}"
)
_INITIALS = re.compile(r"[A-Z-]{2,8}\s{0,4}\)")
_COUNTED = re.compile(
    r"\s{1,4}(?:other|others|more|additional|further|new|different|of|days?|weeks?|months?"
    r"|years?|times?|people|percent|-)\b|%"
)


def first(form: re.Pattern[str], family: str, text: str, at: int) -> re.Match[str] | None:
    """Return the number behind a family's head that ends at `at`, None if there is none.

    `form` is the family's (`planting.number_form`). "(ISO)" and, for certificates,
    "certificates:" may stand between.
    """
    opened = asides.OPEN.match(text, at)
    if opened and (initials := _INITIALS.match(text, opened.end())):
        at = initials.end()
    number = form.match(text, at)
    if number is None and family == "iso" and (words := _CERTIFICATES.match(text, at)):
        return form.match(text, words.end())
    return number


def following(form: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """Return the next number of a list whose last one ends at `at`;
    None where the list ends: "ISO 9001 and 20000 others".
    """
    joined = _LISTED.match(text, at)
    number = form.match(text, joined.end()) if joined else None
    return None if number is not None and _COUNTED.match(text, number.end()) else number


def shortened(
    known: Mapping[str, str], text: str, at: int, number: str
) -> list[tuple[int, int, str]]:
    """Return start, end and standard of each number behind `number` that is printed
    by its last two digits: "ISO 27001/17/18"; empty unless all are `known`.
    """
    found: list[tuple[int, int, str]] = []
    while short := _SHORT.match(text, at):
        standard = known.get(number[:-2] + short[1])
        if len(number) != _FULL or standard is None:
            return []
        at = short.end()
        found.append((short.start(1), at, standard))
    return found
