"""What changed between two readings of a page."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Literal

from pipeline.model.claims import Claim, Source
from pipeline.model.texts import BlockKind

Severity = Literal["critical", "high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
ALERTING: tuple[Severity, ...] = ("critical", "high", "medium")

ChangeKind = Literal[
    "product", "standard", "service", "note", "evidence", "supplier", "metadata", "wording"
]
ChangeWord = Literal["added", "removed", "changed", "renamed"]
Cause = Literal["page", "reader", "config", "backfill"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of words of a marked text: in both, only before, or only after.

    In a table's marks, `row` begins a row, and `cell` a cell under the column heading that is its
    text.
    """

    op: Literal["same", "gone", "new", "row", "cell"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in claims between two captures of a page, told once.

    `before`, `after`, `from_value` and `to_value` are as the contract fixes them (`from`/`to` in
    JSON: the field's values of a changed service). `source_before`/`source_after` are the whole
    sentences; `marks` mark their words. `claim_before`/`claim_after` are the claims it is about,
    None for wording. `count` and `examples` tell a change that shows in many places alike.
    `severity` is the contract's default; rules of the config never rewrite it. `batch` is a
    sentence shared by the many changes of one cause ("40 services added for FedRAMP"), for views to
    fold them under. `read` is kept of why its claim was read so; it is no part of equality.
    """

    kind: ChangeKind
    change: ChangeWord
    severity: Severity
    why: str
    summary: str
    field: str | None = None
    standard: str | None = None
    standard_name: str | None = None
    subject: str | None = None
    before: str | None = None
    after: str | None = None
    from_value: str | None = None
    to_value: str | None = None
    name: str | None = None
    source_before: Source | None = None
    source_after: Source | None = None
    marks: tuple[Mark, ...] = ()
    claim_before: Claim | None = attribute(default=None, repr=False)
    claim_after: Claim | None = attribute(default=None, repr=False)
    count: int = 1
    examples: tuple[str, ...] = ()
    confidence: float | None = None
    reason: str | None = None
    cause: Cause = "page"
    batch: str | None = None
    read: tuple[str, ...] = attribute(default=(), compare=False)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return why its claim was read so: what is kept of it, or what the claim itself says."""
        claim = self.claim_after or self.claim_before
        return self.read or (claim.why if claim else ())


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, item or row of two pages side by side, in marks;
    where all are `same` it is context.
    """

    marks: tuple[Mark, ...]
    kind: BlockKind = "paragraph"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring lines of two pages of which some differ;
    `skipped` lines before them are alike and not shown.
    """

    section: tuple[str, ...]
    lines: tuple[Line, ...]
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two readings, and which claims are the same.

    `changes` by severity, then page order. `form` counts differences of form alone. `pairs` holds
    every claim of both readings once: (before, after), with None where a claim came or went; what
    is paired is one claim for history, whatever of it changed. `stretches` are the two pages side
    by side, where they differ.
    """

    changes: tuple[Change, ...] = ()
    form: int = 0
    pairs: tuple[tuple[Claim | None, Claim | None], ...] = ()
    stretches: tuple[Stretch, ...] = attribute(default=(), compare=False, repr=False)
