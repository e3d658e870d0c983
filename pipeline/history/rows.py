"""Values ↔ rows of the tables: plain dicts of text, numbers and None,
ready for SQLite and for JSON.

Decides nothing and touches no database.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from pipeline import model

if TYPE_CHECKING:
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
_LIST_PLACES = tuple(map(CLAIM.index, _LISTS))
_MISMATCH = CLAIM.index("mismatch")
_CLAIM_OF = attrgetter(*CLAIM)
_ENCODED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
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


def shown(at: str | None) -> str | None:
    """Return a stored instant as JSON has it."""
    return at.replace("+00:00", "Z") if at else None


def instant(at: str | None) -> datetime | None:
    """Return the instant that a row has."""
    return datetime.fromisoformat(at) if at else None


def listed(values: tuple[Any, ...]) -> str:
    """Return a tuple as a row has it."""
    return _ENCODED(values) if values else "[]"


@lru_cache(maxsize=4096)
def unlisted(text: str) -> tuple[Any, ...]:
    """Return the tuple that a row has; those of sections and reasons come again and again."""
    return tuple(json.loads(text))


def claim_values(claim: Claim) -> tuple[Any, ...]:
    """Return a claim's attributes as a row has them, in the order of `CLAIM`."""
    values = list(_CLAIM_OF(claim))
    for place in _LIST_PLACES:
        values[place] = listed(values[place])
    values[_MISMATCH] = int(values[_MISMATCH])
    return tuple(values)


def to_claim(row: Row) -> Claim:
    """Return the claim of a state's row that has its wording too."""
    values = {name: row[name] for name in CLAIM}
    for name in _LISTS:
        values[name] = unlisted(values[name] or "[]")
    values["mismatch"] = bool(values["mismatch"])
    return model.Claim(
        source=model.Source(row["text"], unlisted(row["section"]), row["line"]), **values
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
    return model.Change(
        **{name: row[name] for name in (*_SAME, *_MORE)},
        from_value=row["from"],
        to_value=row["to"],
        source_before=_to_source(row["text_before"], row["section_before"], row["line_before"]),
        source_after=_to_source(row["text_after"], row["section_after"], row["line_after"]),
        marks=_marked(row["marks"]),
        examples=unlisted(row["examples"]),
        read=unlisted(row["read"] or "[]"),
    )


def _marked(text: str) -> tuple[Mark, ...]:
    return tuple(model.Mark(op, words) for op, words in json.loads(text)) if text != "[]" else ()


def page(page: Page) -> Row:
    """Return what the config says of a page as a row."""
    return {name: getattr(page, name) for name in PAGE}


def to_page(row: Row) -> Page:
    """Return the page of a row."""
    return model.Page(**{name: row[name] for name in PAGE})


def _source(side: str, source: Source | None) -> Row:
    return {
        f"text_{side}": source.text if source else None,
        f"section_{side}": listed(source.section) if source else None,
        f"line_{side}": source.line if source else None,
    }


def _to_source(text: str | None, section: str, line: int | None) -> Source | None:
    return None if text is None else model.Source(text, unlisted(section), line)
