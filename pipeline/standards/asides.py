"""What stands in brackets behind a name and says the same again: its country, its initials."""

from __future__ import annotations

import re

OPEN = re.compile(
    r"(?:\s{0,4}[®™])*\s{0,4}\(\s{0,4}(?:(?:the|or|aka|a\.k\.a\.|also known as|hereinafter"
    r"|formerly)\s{1,4})?[\"']?",
    re.IGNORECASE,
)
"""How a bracket begins behind a name."""
_ACRONYM = re.compile(r"[A-Z]{2,8}(?![\w-])")
_COUNTRIES = {
    "United States": "US|U\\.S\\.|USA",
    "United Kingdom": "UK|U\\.K\\.",
    "European Union": "EU|Europe",
    "South Korea": "Korea",
}


def end(inside: str, name: str, region: str) -> int | None:
    """Return where the country or the initials of a standard end that a bracket begins with.

    None where it begins with neither. `name` is the name as it is printed before the bracket.
    """
    countries = _COUNTRIES.get(region, re.escape(region))
    if place := re.compile(f"(?:{re.escape(region)}|{countries})(?!\\w)").match(inside):
        return place.end()
    short = _ACRONYM.match(inside)
    capitals = "".join(filter(str.isupper, name))
    return short.end() if short and _within(short[0], capitals) else None


def _within(letters: str, initials: str) -> bool:
    """Return whether the letters stand in the initials in that order."""
    rest = iter(initials)
    return all(letter in rest for letter in letters)
