"""Who holds what, now or on a day; and the life of one claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from datasette.utils.asgi import Response

from pipeline import history, words
from pipeline.errors import NotFound, Unclear
from pipeline.report import matrix as drawn
from pipeline.web import correcting, drawing
from pipeline.web.asked import Asked

Row = dict[str, Any]


def moment(asked: Asked) -> datetime | None:
    """Return the instant that the address asks about, None for now:
    a date is its end in the schedule's time zone.
    """
    if not (given := asked.arg("at")):
        return None
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise Unclear(f"{given!r} is no date; write it as 2024-05-01") from None
    if len(given) == len("2024-05-01"):
        at = datetime.combine(at, time.max)
    return at if at.tzinfo else at.replace(tzinfo=asked.site.config.schedule.timezone)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The matrix as it is shown: drawing a thousand cells takes longer
    than finding them, and is done once.
    """

    table: str
    beside: str
    size: tuple[int, int]
    vendors: tuple[str, ...]
    standards: tuple[tuple[str, str], ...]


async def matrix(asked: Asked) -> Response:
    """Show who holds which standard."""
    site, at = asked.site, moment(asked)
    # To the hour: an answer that is asked for twice in one is kept, and ages are of days.
    now = site.now().replace(minute=0, second=0, microsecond=0)
    vendor, standard = asked.arg("vendor"), asked.arg("standard")
    zone = site.config.schedule.timezone
    held = await site.ask(_held, catalogue=site.catalogue, when=history.When(now, at), zone=zone)
    found = await site.ask(_drawn, held=held, narrowed=(vendor, standard), zone=zone)
    return asked.page(
        "holdings.html",
        found=found,
        at=at or now,
        asked_at=asked.arg("at"),
        vendor=vendor,
        standard=standard,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Who holds what, and what the pages say together: of all vendors,
    for whatever of it is drawn.
    """

    rows: list[Row]
    together: list[Row]


def _held(db: history.Database, *, zone: ZoneInfo, **named: Any) -> Held:
    return Held(*history.overview(db, **named, zone=str(zone)))


def _drawn(_: history.Database, *, held: Held, narrowed: tuple[str, str], zone: ZoneInfo) -> Drawn:
    rows = held.rows
    grid = drawn.grid([row for row in rows if _fits(row, *narrowed)])
    together = [row for row in held.together if _fits(row, *narrowed)]
    names = {row["standard"]: row["standard_name"] or row["standard"] for row in rows}
    said = drawn.words(zone)
    macros: Any = drawing.templates(zone).get_template("grid.html").module
    return Drawn(
        macros.table(grid, said, True, said["day"]) if grid.lines else "",
        macros.beside(together, said),
        (len(grid.lines), len(grid.standards)),
        tuple(sorted({row["vendor"] for row in rows if row["vendor"]}, key=str.casefold)),
        tuple(sorted(names.items(), key=lambda pair: pair[1].casefold())),
    )


def _fits(row: Row, vendor: str, standard: str) -> bool:
    asked = not vendor or words.fold(vendor) == words.fold(row["vendor"] or "")
    return asked and standard in ("", row["standard"])


async def claim(asked: Asked) -> Response:
    """Show the life of a claim, and what changed of it; an id of before leads
    to the one it has now.
    """
    given = asked.part("id")
    kind, row = await asked.site.ask(history.find, shown_id=given)
    if kind != "claim":
        raise NotFound(f'"{given}" is a {kind}, no claim')
    if row["id"] != given:
        return Response.redirect(f"/claims/{row['id']}")
    life = await asked.site.ask(history.history, claim_id=row["id"])
    rows = await asked.site.ask(history.changes, rules=asked.site.config.in_force, page=row["page"])
    related = [one for one in rows if one["claim"] == row["id"]]
    said = await asked.site.ask(history.said_of, claim_id=row["id"])
    return asked.page(
        "claim.html",
        life=life,
        last=life[-1],
        related=related,
        said=said,
        fields=correcting.fields(life[-1], asked.site.catalogue),
        seen=correcting.mark(life),
    )
