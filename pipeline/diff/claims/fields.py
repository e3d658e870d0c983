"""Claim, Claim → the attributes in which they differ, by DeepDiff.

Decides nothing of what a difference is worth.

Only pairs that are not equal come here: DeepDiff is thorough, and a hundred times slower than `==`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from deepdiff import DeepDiff

from pipeline import targets
from pipeline.diff.names.lens import Lens
from pipeline.model import Claim

COMPARED: dict[str, tuple[str, ...]] = {
    "product": (),
    "standard": (
        "subject",
        "edition",
        "level",
        "stance",
        "basis",
        "authority",
        "assessor",
        "valid",
        "cadence",
    ),
    "service": ("standard", "service", "scope", "group", "members", "condition", "alias"),
    "note": ("standard", "value"),
    "evidence": ("name", "url"),
    "supplier": (),
    "metadata": ("value",),
}
SIZE = re.compile(
    r"\s*[\[(](?:PDF|XLSX?|EXCEL|DOCX?|WORD|PPTX?|ZIP|CSV)\b[^\])]*[\])]", re.IGNORECASE
)
"""What many pages print behind a document's name: its kind of file, and how large it is."""

_UNTIL = re.compile(
    r"^(?:(?:report(?:ing)?|audit) )?(?:valid(?:ity)?|period|expir\w+|gültig\w*|valable"
    r"|válid[oa]|vigente)\b"
    r"(?: (?:until|through|till|to|on|from|date|covered|bis|jusqu'au|hasta))*:?\s*",
    re.IGNORECASE,
)
"""What a card or a cell prints before the dates of a validity, which the other leaves
to its label or column.
"""
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute of two paired claims; values as printed, None where the page prints none."""

    field: str
    before: Any
    after: Any


def differences(before: Claim, after: Claim, lens: Lens) -> tuple[Difference, ...]:
    """Return the attributes that differ by more than form and the renames of the lens,
    in the order of the contract.
    """
    tree = DeepDiff(
        comparable(before, lens),
        comparable(after, lens),
        view="tree",
        ignore_type_in_groups=[(str, type(None))],
    )
    names = {level.path(output_format="list")[0] for kind in tree.values() for level in kind}
    return tuple(
        Difference(name, getattr(before, name), getattr(after, name))
        for name in COMPARED[before.kind]
        if name in names
    )


def comparable(claim: Claim, lens: Lens) -> dict[str, Any]:
    """Return the attributes of a claim that count, each in the form in
    which form makes no difference.
    """
    values = {name: getattr(claim, name) for name in COMPARED[claim.kind]}
    return {name: _shape(name, value, lens) for name, value in values.items()}


@lru_cache(maxsize=4096)
def degree(value: str | None) -> str:
    """Return an edition or level in one spelling: "Type II" is "type 2", "version 4.0" is "4.0"."""
    text = re.sub(
        r"^(?:version|ver\.?|v(?=[\d.])|edition)\s*", "", (value or "").casefold().strip()
    )
    return " ".join(_ROMAN.get(word, word) for word in text.replace("-", " ").split())


def _shape(name: str, value: Any, lens: Lens) -> Any:
    if not value and name != "url":
        return [] if value == () else ""
    if isinstance(value, tuple):
        return sorted(lens.same(item) for item in value)
    if name in ("edition", "level"):
        return degree(value)
    if name in ("authority", "assessor") and isinstance(value, str):
        # The same department with and without dots in "U.S."
        return re.sub(r"(?<=\b\w)\.", "", lens.same(value))
    if name == "valid" and isinstance(value, str):
        return " ".join(re.findall(r"\w+", _UNTIL.sub("", lens.same(value))))
    if name == "name":
        return lens.loosely(SIZE.sub("", value or "").strip() or value)
    if name == "url":
        return targets.target(value or "")
    return lens.same(value) if isinstance(value, str) else value or ""
