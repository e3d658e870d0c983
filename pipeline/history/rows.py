"""Values ↔ rows of the tables: plain dicts of text, numbers and None, ready for SQLite and for JSON.

Decides nothing and touches no database.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pipeline.model import Change, Claim, Mark, Page, Source

Row = dict[str, Any]

CLAIM = (
    *(
        "kind",
        "subject",
        "standard",
        "standard_name",
        "edition",
        "level",
        "stance",
        "basis",
        "authority",
        "assessor",
        "valid",
        "cadence",
    ),
    *(
        "service",
        "scope",
        "group",
        "members",
        "condition",
        "alias",
        "name",
        "url",
        "document",
        "standards",
        "mismatch",
        "value",
        "purpose",
        "location",
        "standard_names",
    ),
    *("note_kind", "why", "margin"),
)
_LISTS = ("members", "standards", "standard_names", "why")
_SAME = (
    "kind",
    "change",
    "field",
    "severity",
    "why",
    "summary",
    "standard",
    "standard_name",
    "subject",
    "before",
    "after",
    "name",
)
_MORE = ("count", "confidence", "reason", "cause", "batch")
PAGE = ("id", "url", "vendor", "product", "owner", "tier", "ref", "format")


def text(at: datetime) -> str:
    """Return an aware instant as the tables have it: UTC, sortable."""
    return at.astimezone(UTC).isoformat()


def stored(at: str | None) -> str | None:
    """Return an instant as JSON has it as the tables have it."""
    return at.replace("Z", "+00:00") if at else None


def instant(at: str | None) -> datetime | None:
    """Return the instant that a row has."""
    return datetime.fromisoformat(at) if at else None


def listed(values: tuple[Any, ...]) -> str:
    """Return a tuple as a row has it."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def claim(claim: Claim) -> Row:
    """Return a claim's attributes as a row."""
    row: Row = {name: getattr(claim, name) for name in CLAIM}
    return row | {name: listed(row[name]) for name in _LISTS} | {"mismatch": int(claim.mismatch)}


def to_claim(row: Row) -> Claim:
    """Return the claim of a state's row that has its wording too."""
    values = {name: row[name] for name in CLAIM}
    values |= {name: tuple(json.loads(values[name] or "[]")) for name in _LISTS} | {
        "mismatch": bool(values["mismatch"])
    }
    return Claim(
        source=Source(row["text"], tuple(json.loads(row["section"])), row["line"]), **values
    )


def change(change: Change) -> Row:
    """Return what a change says as a row."""
    row: Row = {name: getattr(change, name) for name in (*_SAME, *_MORE)}
    return row | {
        "from": change.from_value,
        "to": change.to_value,
        **_source("before", change.source_before),
        **_source("after", change.source_after),
        "marks": listed(tuple((mark.op, mark.text) for mark in change.marks)),
        "examples": listed(change.examples),
        "read": listed(change.reasons),
    }


def to_change(row: Row) -> Change:
    """Return the change of a row, without the claims it was told from."""
    return Change(
        **{name: row[name] for name in (*_SAME, *_MORE)},
        from_value=row["from"],
        to_value=row["to"],
        source_before=_to_source("before", row),
        source_after=_to_source("after", row),
        marks=tuple(Mark(op, words) for op, words in json.loads(row["marks"])),
        examples=tuple(json.loads(row["examples"])),
        read=tuple(json.loads(row["read"] or "[]")),
    )


def page(page: Page) -> Row:
    """Return what the config says of a page as a row."""
    return {name: getattr(page, name) for name in PAGE}


def to_page(row: Row) -> Page:
    """Return the page of a row."""
    return Page(**{name: row[name] for name in PAGE})


def _source(side: str, source: Source | None) -> Row:
    return {
        f"text_{side}": source.text if source else None,
        f"section_{side}": listed(source.section) if source else None,
        f"line_{side}": source.line if source else None,
    }


def _to_source(side: str, row: Row) -> Source | None:
    if row[f"text_{side}"] is None:
        return None
    return Source(
        row[f"text_{side}"], tuple(json.loads(row[f"section_{side}"])), row[f"line_{side}"]
    )
