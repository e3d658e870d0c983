"""Standards → the spellings by which their names begin, and the numbers
that follow a family's head.

Reads no text of a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.standards import spellings
from pipeline.standards.entries import Family, Standard
from pipeline.standards.spellings import Alias, Trie


def trie(standards: Iterable[Standard], families: Iterable[Family]) -> Trie:
    """Return a trie of all spellings of the standards, and of the heads of their families."""
    planted = Trie()
    for standard in standards:
        _plant(planted, standard)
    for family in families:
        for head in family.heads:
            planted.plant(head, Alias(None, family=family.id))
    return planted


def _plant(planted: Trie, standard: Standard) -> None:
    for alias in standard.aliases:
        planted.plant(alias, Alias(standard.id))
    for alias in standard.cased:
        planted.plant(alias, Alias(standard.id, spellings.words(alias)))
    company = _company(standard.company)
    for alias in standard.weak:
        planted.plant(alias, Alias(standard.id, _capitals(alias), True, company))
    for alias in standard.with_level:
        weak = company is not None
        planted.plant(alias, Alias(standard.id, _capitals(alias), weak, company, needs_tail=True))
    for alias in standard.decoys:
        planted.plant(alias, Alias(None, decoy_of=standard.id))


def _company(words: Iterable[str]) -> re.Pattern[str] | None:
    """Return the pattern of any of these words, `*` for any ending; None if there are none."""
    ways = [re.escape(word).replace("\\*", r"\w*") for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE) if ways else None


def _capitals(alias: str) -> tuple[str, ...] | None:
    """Return the words that an alias in capitals has to be written with, None for another one."""
    return spellings.words(alias) if alias.isupper() else None


def numbers(standards: Iterable[Standard], families: Iterable[Family]) -> dict[str, dict[str, str]]:
    """Return the standard of each number in lower case, by the family whose head it follows."""
    found: dict[str, dict[str, str]] = {family.id: {} for family in families}
    for standard in standards:
        for number in standard.numbers:
            found[standard.family or ""][number.lower()] = standard.id
    return found


def number_form(known: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of what follows a family's head: one of the numbers, named `number`."""
    ways = "|".join(_way(number) for number in sorted(known, key=len, reverse=True))
    return re.compile(
        r"(?:\s{0,4}[®™])*[\s:-]{0,4}(?:(?:standard|certification|no\.?)\s{1,4})?(?:SP\s{1,4})?"
        rf"(?P<number>{ways})(?:(?=r\d)|(?![^\W_{spellings.UNSPACED}])(?!\.\d))",
        re.IGNORECASE,
    )


def _way(number: str) -> str:
    if number == "i":  # "SOC I report", but not "the SOC I manage"
        return r"(?-i:I)(?!\s{1,4}(?!audit|report|type|compl|attest|certif|exam|and\b|or\b)[a-z])"
    return re.escape(number).replace("\\-", r"\s?-\s?") if len(number) > 3 else re.escape(number)
