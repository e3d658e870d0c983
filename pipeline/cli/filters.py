"""The names that a filter gives → as they are kept; an error with the nearest names
where nobody ever had one.

An empty list says that there is no such thing now; of a name with a typing error,
it would say so of what was never asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipeline import errors
from pipeline.cli import options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.history import Database
    from pipeline.model import Page

CALLED = {"page": "has the id", "standard": "has the id or name"}
KINDS = ("vendor", "page", "product", "standard", "service", "owner", "tier")
BESIDE = ("edition", "level", "owner", "tier")
"""What rows are narrowed by after the store has answered: it keeps owners and tiers with pages,
and editions as printed.
"""
_NUMERALS = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
Wanted = Mapping[str, Any]
Row = dict[str, Any]


def named(config: Config, db: Database, wanted: Wanted) -> dict[str, Any]:
    """Return the filters with every name as it is kept, whatever its case and spaces.

    One that nobody has stays.
    """
    from pipeline import words

    found = dict(wanted)
    for kind in KINDS:
        if kind != "service" and (given := wanted.get(kind)) is not None:
            kept = dict(_spelled(config, db, kind))
            folded = {words.fold(name): id for name, id in kept.items()}
            found[kind] = kept.get(given) or folded.get(words.fold(given), given)
    return found


def exist(config: Config, db: Database, wanted: Wanted) -> None:
    """Raise NotFound, with a line for each, if filters name what nobody ever had,
    or a standard that nobody ever claimed.
    """
    problems = [
        str(missing)
        for kind in KINDS
        if (given := wanted.get(kind)) is not None
        for missing in _missing(config, db, kind, given)
    ]
    if problems:
        raise errors.NotFound("\n".join(problems))


def narrowed(config: Config, rows: Iterable[Row], wanted: Wanted) -> list[Row]:
    """Return the rows that have the edition and level asked for, and are of the owner and tier.

    Whoever follows a change up owns it, before the owner of its page.
    `Type II` is asked for as `Type 2`, too.
    """
    asked = {name: given for name in BESIDE if (given := wanted.get(name)) is not None}
    pages = {page.id: page for page in config.pages}
    return [
        row
        for row in rows
        if all(_folded(_has(row, name, pages)) == _folded(asked[name]) for name in asked)
    ]


def _has(row: Row, name: str, pages: Mapping[str, Page]) -> str | None:
    if row.get(name) is not None or name in ("edition", "level"):
        return row.get(name)
    page = pages.get(row["page"])
    return getattr(page, name) if page else None


def _folded(text: str | None) -> str:
    from pipeline import words

    return " ".join(_NUMERALS.get(part, part) for part in words.fold(text or "").split())


def once(db: Database, wanted: Wanted, at: datetime) -> Iterator[str]:
    """Yield the standards that were asked for and are claimed no longer:
    an empty list alone would not say so.
    """
    from pipeline import history

    if any(wanted[name] for name in ("service", "stance", *BESIDE[:3])):
        return
    if wanted["kind"] not in (None, "standard"):
        return
    for row in history.no_longer_claimed(db, (), at=at, vendor=wanted["vendor"]):
        given = (("page", row["page"]), ("product", row["subject"]), ("standard", row["standard"]))
        if all(wanted[name] in (None, value) for name, value in given):
            who = f" ({row['subject']})" if row["subject"] else ""
            said = f"{row['page']}: {row['standard_name'] or row['standard']}{who}"
            since = f"no longer claimed, first absent {row['first_absent'][:10]}"
            yield f"{said}: {since}; see: claimwatch history {row['id']}"


def _missing(config: Config, db: Database, kind: str, given: str) -> Iterator[errors.NotFound]:
    """Yield that there is nothing of that name, with the nearest names there are."""
    from pipeline import history

    names = dict(_spelled(config, db, kind))
    if not _among(names, kind, given):
        yield options.unknown(given, names.values(), kind, CALLED.get(kind, "is called"))
    elif kind == "standard" and not _among(dict(read := history.names(db, kind)), kind, given):
        yield options.unknown(given, (id for _, id in read), "page", "ever claimed the standard")


def _among(names: Iterable[str], kind: str, given: str) -> bool:
    from pipeline import words

    whole = words.fold(given)
    # A service is found by a part of its name.
    return any(
        whole in words.fold(name) if kind == "service" else whole == words.fold(name)
        for name in names
    )


def _spelled(config: Config, db: Database, kind: str) -> Iterator[tuple[str, str]]:
    """Yield how the names of a kind are spelled, each with how it is kept:
    those of the config, then those ever read.
    """
    from pipeline import history

    if kind == "standard":
        for known in options.catalogue(config).standards:
            yield known.name, known.id
            yield known.id, known.id
    elif kind != "service":
        own = (page.id if kind == "page" else getattr(page, kind) for page in config.pages)
        yield from ((name, name) for name in own if name)
    if kind == "owner":
        said = (review["owner"] for review in history.reviews(db))
        yield from ((name, name) for name in said if name)
    elif kind != "tier":
        yield from history.names(db, kind)
