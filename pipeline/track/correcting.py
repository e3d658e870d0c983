"""What a person says that a claim should read → checked values, for a verdict of `wrong`.

Keeps nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline import history, words
from pipeline.errors import NotFound, Unclear
from pipeline.model import STANCES
from pipeline.standards import Catalogue

ALLOWED: dict[str, tuple[str, ...]] = {"stance": tuple(STANCES), "scope": ("in", "out")}
"""The fields that have no values but these."""


def should_be(said: Iterable[tuple[str, str]], catalogue: Catalogue) -> dict[str, str | None]:
    """Return the fields with their values, None for an empty one; a standard comes with its name.

    Raise Unclear where no claim has such a field or value, NotFound for a standard
    that the catalogue does not have.
    """
    found: dict[str, str | None] = {}
    for field, value in said:
        if field not in history.FIELDS:
            there = ", ".join(history.FIELDS)
            raise Unclear(f"{field!r} is no field of a claim; there are {there}")
        if field in ALLOWED and value not in ALLOWED[field]:
            raise Unclear(f"{field} is one of {', '.join(ALLOWED[field])}, not {value!r}")
        if field == "standard":
            found["standard_name"] = _name(value, catalogue)
        found[field] = value or None
    return found


def _name(standard: str, catalogue: Catalogue) -> str:
    known = catalogue.get(standard)
    if known is not None:
        return known.name
    near = words.nearest(standard, catalogue.ids) or tuple(catalogue.ids)[:5]
    raise NotFound(f'no standard has the id "{standard}"; near it: {", ".join(near)}')
