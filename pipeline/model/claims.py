"""What a page claims, and what a reader made of one capture."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Literal

from pipeline import words
from pipeline.model.texts import Document

ClaimKind = Literal["product", "standard", "service", "note", "evidence", "supplier", "metadata"]
Stance = Literal["claimed", "supports", "planned", "unknown", "not_claimed"]
STANCES: tuple[Stance, ...] = ("claimed", "supports", "planned", "unknown", "not_claimed")
"""Strong to weak; `unknown` is a status that the reader does not know and never counts as held."""
STATUS: dict[str, str] = {
    "claimed": "held",
    "supports": "helps customers comply",
    "planned": "planned",
    "unknown": "unclear",
    "not_claimed": "not held",
}
"""The words that people see for a stance."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a claim stands: the exact sentence or cell, the path of headings, the 1-based line."""

    text: str
    section: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something a page says, as of one capture, about what somebody holds
    with regard to a standard.

    The attributes are those of the contract's table. `value` is a note's text or a metadata value.
    `standards` are all the standards of a document, of which `standard` is the first, or those that
    the page says a supplier holds; `name`, `purpose` and `location` are the supplier's as printed,
    and `standard_names` are what people call its standards. `why` (short reasons) and `margin` (0
    to 1) are for people. They and `source` are no part of equality.
    """

    kind: ClaimKind
    source: Source = attribute(compare=False)
    subject: str | None = None
    standard: str | None = None
    standard_name: str | None = attribute(default=None, compare=False)
    edition: str | None = None
    level: str | None = None
    stance: Stance | None = None
    basis: str | None = None
    authority: str | None = None
    assessor: str | None = None
    valid: str | None = None
    cadence: str | None = None
    service: str | None = None
    scope: Literal["in", "out"] | None = None
    group: str | None = None
    members: tuple[str, ...] = ()
    condition: str | None = None
    alias: str | None = None
    name: str | None = None
    url: str | None = None
    document: str | None = None
    standards: tuple[str, ...] = ()
    mismatch: bool = False
    value: str | None = None
    purpose: str | None = None
    location: str | None = None
    standard_names: tuple[str, ...] = attribute(default=(), compare=False)
    note_kind: str | None = attribute(default=None, compare=False)
    why: tuple[str, ...] = attribute(default=(), compare=False)
    margin: float | None = attribute(default=None, compare=False)

    @property
    def text(self) -> str:
        """Return the exact sentence or cell that makes the claim."""
        return self.source.text

    @property
    def key(self) -> tuple[str, ...]:
        """Return what says which claims of two readings may be the same.

        Never an edition, level, stance, group or scope. Keys may repeat within a reading.
        """
        parts: dict[str, tuple[str | None, ...]] = {
            "product": (self.subject,),
            "standard": (self.standard, self.subject),
            "service": (self.standard, self.service),
            "note": (self.standard, self.value),
            "evidence": (self.name,),
            "supplier": (self.name,),
            "metadata": (self.name,),
        }
        return (self.kind, *(words.fold(part or "") for part in parts[self.kind]))


@dataclass(frozen=True, slots=True)
class Remark:
    """Something an analyst should know of a claim that is no change:
    a superseded edition, a mismatched document.
    """

    kind: Literal["superseded", "mismatch"]
    claim: Claim
    text: str
    reference: str | None = None


Note = tuple[str, float, tuple[str, ...]]
"""What a sentence is as a note: its kind, by how much it is one, and why, in words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one capture: the text, the claims in page order,
    and what it did not understand.

    `products` are the subjects the page speaks for, the main one first. `not_understood` are
    sentences for a person ("line 12: status \"phase two\" is not known"). `stamp` names the reader
    (code, catalogue, page rules). `weighed` says of each sentence, by a mark, which note it is,
    None for none: the next reading of the page need not weigh it again. No two readings differ by
    that.
    """

    document: Document
    claims: tuple[Claim, ...] = ()
    products: tuple[str, ...] = ()
    not_understood: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    stamp: str = ""
    weighed: tuple[tuple[bytes, Note | None], ...] = attribute(
        default=(), compare=False, repr=False
    )
