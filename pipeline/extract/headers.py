"""A table's column → what its header says of the cells below it.

Knows no standard and makes no claim.
"""

from __future__ import annotations

import re

from pipeline.extract import (
    attributes,
    papers,
    vocabulary,
)
from pipeline.model import Cell

STATUS = re.compile(
    r"\b(?:status|state|certified|compliant|held|available|availability|achieved|coverage"
    r"|supported|result|progress|stage|in place|implemented|fulfilled|erfüllt)\b",
    re.IGNORECASE,
)
STANDARDS = re.compile(
    r"\b(?:standards?|certifications?|frameworks?|compliance|regulations?|programs?"
    r"|programmes?|attestations?|accreditations?|schemes?|assurance|title|law|reports?|audits?)\b",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"\b(?:link|mapping|reference|control|requirement|clause|section|article|question|answer)\b",
    re.IGNORECASE,
)
PRODUCTS = re.compile(
    r"^(?:(?:covered|in-scope|applicable|certified|our) )?(?:products?|services?|platforms?"
    r"|applies to|offerings?)(?: covered| in scope| included)?$",
    re.IGNORECASE,
)
DESCRIBES = re.compile(
    r"\b(?:descriptions?|details?|notes?|comments?|meaning|purpose|examples?)\b", re.IGNORECASE
)
_EDITION = re.compile(r"\b(?:edition|version|revision|year)\b", re.IGNORECASE)
_LEVEL = re.compile(r"\b(?:level|impact|type|tier|class|grade)\b", re.IGNORECASE)
_VALID = re.compile(
    r"\b(?:valid|validity|expir\w*|until|period|renewal|expires|gültig\w*|ablauf\w*|validité"
    r"|valable|vigencia|válido|validità|geldig)\b",
    re.IGNORECASE,
)
ASSESSOR = re.compile(
    r"\b(?:auditor|assessor|certif\w+ body|registrar|3pao|audited by|assessed by|audit firm"
    r"|certified by|certification body|zertifizier(?:er|ungsstelle)|prüfer"
    r"|organisme certificateur)\b",
    re.IGNORECASE,
)
PAPERS = re.compile(
    r"\b(?:evidence|artifacts?|artefacts?|documents?|documentation|reports?)\b", re.IGNORECASE
)
"""Columns of what backs a claim, which tell no status of their own ("Evidence available")."""
_AUTHORITY = re.compile(
    r"\b(?:authority|authori[sz]ing|sponsor|granted by|issued by|issuer|accreditation body)\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    rf"{vocabulary.PLANNED_LEAD.pattern}|\b(?:expected|scheduled|under|submitted|pursuing"
    r"|target(?:ed|ing)|not yet)\b|\b[QH][1-4]\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"(?:[^\W\d]+\.? )?(?:19|20)\d\d(?:-\d\d){0,2}")
_CADENCE = re.compile(r"\b(?:frequency|cadence|how often|interval|cycle)\b", re.IGNORECASE)


def header(cell: Cell) -> str:
    """Return a cell's column as one text."""
    return " ".join(dict.fromkeys(cell.headers))


def is_when(cell: Cell) -> bool:
    """Return whether a cell only says when, and no plan: "2024 | SOC 2 Type I report completed"."""
    return bool(_WHEN.fullmatch(cell.text)) and not _TO_COME.search(header(cell))


def answers(text: str) -> bool:
    return any(
        pattern.match(text) for pattern in (vocabulary.TICK, vocabulary.NO, vocabulary.BLANK)
    )


def attributes_of(cell: Cell) -> dict[str, str]:
    name, text = header(cell), cell.text
    if (
        not text
        or vocabulary.BLANK.match(text)
        or vocabulary.TICK.match(text)
        or len(text.split()) > 8
    ):
        return {}
    for key, pattern in (
        ("assessor", ASSESSOR),
        ("authority", _AUTHORITY),
        ("valid", _VALID),
        ("cadence", _CADENCE),
        ("edition", _EDITION),
        ("level", _LEVEL),
    ):
        if pattern.search(name) and (pattern is ASSESSOR or not STATUS.search(name)):
            return {key: _until(text) if key == "valid" else text}
    return {}


def _until(text: str) -> str:
    """Return a cell of a column of validity without the words that repeat the column: "Valid until
    May 2027", "Period: 2025"."""
    label, value = papers.labelled(text)
    of_validity = value and papers.role(label) in ("until", "period")
    return attributes.validity(text) or (value if of_validity else text)
