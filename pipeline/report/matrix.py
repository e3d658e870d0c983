"""Rows of the matrix → its words (symbols, notes, holders), and the whole as one HTML page.

Draws; finds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any

from pipeline.report import drawing, phrases

Row = dict[str, Any]

SYMBOLS = {"claimed": "●", "supports": "◐", "planned": "○", "unknown": "?", "not_claimed": "✗"}
GONE, BLANK = "†", "–"
KINDS = {
    "superseded": "superseded",
    "passed": "date has passed",
    "expired": "expired",
    "contradiction": "contradiction",
    "gap": "gap",
}
SAYS_NOTHING = "no page says so"
STALE = 30
"""Days after which the last good look is an old one."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one holder's pages say of one standard.

    `rows` are without those that say less than another.
    """

    rows: tuple[Row, ...]

    @property
    def silent(self) -> bool:
        """Return whether there is nothing to say."""
        return all(row["stance"] is None and row["why"] == SAYS_NOTHING for row in self.rows)

    @property
    def flagged(self) -> bool:
        """Return whether somebody has to look at it: superseded, expired,
        contradicted, past its date.
        """
        return any(row["flags"] for row in self.rows)

    @property
    def tone(self) -> str:
        """Return the status that colours the cell: the strongest there is."""
        stances = {row["stance"] for row in self.rows}
        gone = any(_is_gone(row) for row in self.rows)
        return next((one for one in SYMBOLS if one in stances), "gone" if gone else "blank")


@dataclass(frozen=True, slots=True)
class Grid:
    """The matrix: standards with their names, and a line for each holder.

    `legend` has the symbols that are used, with their words.
    """

    standards: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str | None, tuple[Cell, ...], Row | None], ...]
    legend: tuple[tuple[str, str, str], ...]


def grid(rows: Sequence[Row]) -> Grid:
    """Return the matrix of rows: holders by name, standards that most of them speak of first,
    each line with the row whose good look is the oldest.
    """
    names = {row["standard"]: row["standard_name"] or row["standard"] for row in rows}
    spoken = {(row["standard"], holder(row)) for row in rows if row["stance"]}
    often = Counter(standard for standard, _ in spoken)
    standards = sorted(names.items(), key=lambda pair: (-often[pair[0]], pair[1].casefold()))
    lines: dict[str, dict[str, list[Row]]] = {}
    for row in sorted(rows, key=lambda row: (holder(row).casefold(), row["edition"] or "")):
        lines.setdefault(holder(row), {}).setdefault(row["standard"], []).append(row)
    return Grid(
        tuple(standards),
        tuple(
            (name, _vendor(cells), _cells(cells, names, standards), _oldest(cells))
            for name, cells in lines.items()
        ),
        tuple(_legend(rows)),
    )


def html(
    rows: Sequence[Row],
    findings: Sequence[Row],
    *,
    made_at: datetime,
    at: datetime | None = None,
    zone: tzinfo = UTC,
) -> str:
    """Return the matrix as one self-contained HTML page: no script, no outside resource."""
    return (
        drawing.pages(zone)
        .get_template("matrix.html")
        .render(
            grid=grid(rows),
            findings=findings,
            made_at=made_at,
            at=at or made_at,
            words=words(zone),
            **drawing.style("style.css", "matrix.css"),
        )
    )


FINDINGS, TEXTS = 200, 6
"""So many of what the pages say together are listed, each with so many of its sentences."""


def words(zone: tzinfo = UTC) -> dict[str, Any]:
    """Return what the templates of the matrix call things, with days of that time zone."""
    mine = {"symbol": symbol, "said": said, "notes": notes, "said_of": said_of}
    return mine | {
        "most": FINDINGS,
        "texts": TEXTS,
        "stale": STALE,
        "day": partial(phrases.day, zone=zone),
    }


def _vendor(cells: dict[str, list[Row]]) -> str | None:
    return next((row["vendor"] for rows in cells.values() for row in rows if row["vendor"]), None)


def _cells(
    cells: dict[str, list[Row]], names: dict[str, str], standards: list[tuple[str, str]]
) -> tuple[Cell, ...]:
    nothing: Row = {
        "stance": None,
        "why": SAYS_NOTHING,
        "edition": None,
        "level": None,
        "flags": [],
    }
    return tuple(
        Cell(tuple(distinct(cells.get(one, [nothing | {"standard_name": names[one]}]))))
        for one, _ in standards
    )


def _oldest(cells: dict[str, list[Row]]) -> Row | None:
    read = [row for rows in cells.values() for row in rows if row["as_of"]]
    return min(read, key=lambda row: str(row["as_of"]), default=None)


def _legend(rows: Sequence[Row]) -> Iterator[tuple[str, str, str]]:
    """Yield the symbols that are used, each with its word and its tone."""
    used = {row["stance"] for row in rows}
    for stance, mark in SYMBOLS.items():
        if stance in used:
            yield mark, phrases.status(stance), stance
    if any(_is_gone(row) for row in rows):
        yield GONE, "no longer claimed", "gone"
    yield BLANK, SAYS_NOTHING, "blank"


# --------------------------------------------------------------------------- the words of a cell


def _is_gone(row: Row) -> bool:
    return row["stance"] is None and str(row["why"]).startswith("no longer")


def symbol(row: Row) -> str:
    """Return the symbol of a row."""
    if row["stance"] is not None:
        return SYMBOLS.get(row["stance"], SYMBOLS["unknown"])
    return GONE if _is_gone(row) else BLANK


def said(row: Row) -> str:
    """Return a row's status in words."""
    if row["stance"] is not None:
        return phrases.status(row["stance"])
    return "no longer claimed" if _is_gone(row) else SAYS_NOTHING


def notes(row: Row) -> Iterator[str]:
    """Yield what is noted of a row: why it is blank, how long a validity lasts,
    what the pages say together.
    """
    if row["stance"] is None:
        if row["why"] != SAYS_NOTHING:
            yield phrases.capital(row["why"])
        return
    expired = any(flag["kind"] == "expired" for flag in row["flags"])
    if (left := row["days_left"]) is not None and not expired:
        days = phrases.count(abs(left), "day")
        yield f"Validity: {days} left" if left >= 0 else f"Validity: expired {days} ago"
    for flag in row["flags"]:
        yield said_of(flag)
    if mark := row.get("correction"):
        yield f"Our reading was corrected by {mark['by'] or 'somebody'}"


def said_of(finding: Row) -> str:
    """Return what the pages say together, as a note."""
    return f"{phrases.capital(KINDS[finding['kind']])}: {finding['summary']}"


def distinct(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a cell without those that say less than another:
    "held" beside "2022 held" adds nothing.
    """
    kept: list[Row] = []
    for row in sorted(rows, key=lambda row: not (row["edition"] or row["level"])):
        if not any(_less(row, other) for other in kept):
            kept.append(row)
    return kept


def _less(row: Row, other: Row) -> bool:
    if row["stance"] != other["stance"] or list(notes(row)) != list(notes(other)):
        bare = row["stance"] == other["stance"] and not list(notes(row))
        if not bare:
            return False
    return all(row[name] in (None, other[name]) for name in ("edition", "level"))


def holder(row: Row) -> str:
    """Return whose a row is: vendor and product, the vendor alone,
    or the page where neither is known.
    """
    vendor, subject = row["vendor"] or "", row["subject"] or ""
    both = subject if vendor in subject else f"{vendor} · {subject}" if subject else vendor
    return both or str(row["page"] or "")
