"""Reading, name → what the page itself says of the name: whether it prints it,
speaks of it, hands a claim over to it.

A reading takes some name for the product even where no sentence has a subject; what it merely
inferred may differ from one capture to the next, and is no change of the page.
"""

from __future__ import annotations

import re

from pipeline import words
from pipeline.diff.names import naming
from pipeline.diff.texts import units
from pipeline.model import Claim, Document, Reading
from pipeline.recent import Remembered


def text(reading: Reading) -> str:
    """Return everything the page prints, folded, one unit a line."""
    return _text(reading.document)


@Remembered
def _text(document: Document) -> str:
    return "\n".join(words.fold(unit.text) for unit in units.of(document))


def gave_way(old: str, new: str, before: str, after: str) -> bool:
    """Say whether the old name is gone from the new text and the new name was not
    in the old one, but inside each other.
    """
    return before.replace(old, "").count(new) == 0 and after.replace(new, "").count(old) == 0


def prints(reading: Reading, name: str | None) -> bool:
    """Say whether the page prints the name anywhere: then it is the same product,
    of which one page merely says more.
    """
    return words.fold(name or "") in text(reading) or any(
        naming.plainly(name or "", own) for own in reading.products
    )


def speaks(reading: Reading, name: str | None) -> bool:
    """Say whether the page speaks of the name: in its title, a claim's own sentence,
    or as the subject of a sentence or heading.
    """
    named = (
        claim.text for claim in reading.claims if claim.kind != "product" and claim.subject == name
    )
    if any(_names(place, name) for place in (*_titles(reading), *named)):
        return True
    subject = re.compile(rf"[\W_]*(?:(?:the|our) )?{re.escape(words.fold(name or ''))}(?!\w)")
    return any(subject.match(words.fold(unit.text)) for unit in units.of(reading.document))


def handed_over(b: Claim, a: Claim, before: Reading, after: Reading) -> bool:
    """Say whether the pages hand a claim from one subject to the other:
    what names the one no longer names the other.
    """
    stays = words.fold(b.text) == words.fold(a.text)
    places = [_place(claim, reading, aside=stays) for claim, reading in ((b, before), (a, after))]
    return all(places) and gave_way(
        words.fold(b.subject or ""), words.fold(a.subject or ""), *map(words.fold, places)
    )


def _place(claim: Claim, reading: Reading, *, aside: bool) -> str:
    """Return what names a claim's subject: its sentence, the nearest heading over it or the title.

    Nothing if none does.

    A sentence that stands on both pages is put `aside`: it hands nothing over.
    """
    places = (*(() if aside else (claim.text,)), *reversed(claim.source.section), *_titles(reading))
    return next((place for place in places if _names(place, claim.subject)), "")


def _titles(reading: Reading) -> tuple[str, ...]:
    heads = [
        unit.text
        for unit in units.of(reading.document)
        if unit.kind == "heading" and 1 in unit.shape
    ]
    facts = [
        value for key, value in reading.document.front_matter if key in ("title", "description")
    ]
    return (reading.document.title or "", *facts, *heads[:1])


def _names(place: str, name: str | None) -> bool:
    return (
        bool(name)
        and re.search(rf"(?<!\w){re.escape(words.fold(name or ''))}(?!\w)", words.fold(place))
        is not None
    )
