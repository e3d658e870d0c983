"""Who holds what, now or on a day; and the life of one claim."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from datasette.utils.asgi import Response

from pipeline import history, words
from pipeline.errors import NotFound, Unclear
from pipeline.report import matrix as drawn
from pipeline.web.asked import Asked

Row = dict[str, Any]


def moment(asked: Asked) -> datetime | None:
    """Return the instant that the address asks about, None for now: a date is its end in the schedule's time zone."""
    if not (given := asked.arg("at")):
        return None
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise Unclear(f"{given!r} is no date; write it as 2024-05-01") from None
    if len(given) == len("2024-05-01"):
        at = datetime.combine(at, time.max)
    return at if at.tzinfo else at.replace(tzinfo=asked.site.config.schedule.timezone)


async def matrix(asked: Asked) -> Response:
    """Show who holds which standard."""
    site, at = asked.site, moment(asked)
    # To the minute: an answer that is asked for twice in one is kept.
    now = site.now().replace(second=0, microsecond=0)
    zone = str(site.config.schedule.timezone)
    named = {"catalogue": site.catalogue, "now": now, "at": at}
    rows = await site.ask(history.matrix, **named, zone=zone)
    together = await site.ask(history.findings, **named)
    vendor, standard = asked.arg("vendor"), asked.arg("standard")
    fitting = [row for row in rows if _fits(row, vendor, standard)]
    names = {row["standard"]: row["standard_name"] or row["standard"] for row in rows}
    return asked.page(
        "holdings.html",
        grid=drawn.grid(fitting),
        words=drawn.words(site.config.schedule.timezone),
        findings=[row for row in together if _fits(row, vendor, standard)],
        at=at or now,
        asked_at=asked.arg("at"),
        vendor=vendor,
        standard=standard,
        vendors=sorted({row["vendor"] for row in rows if row["vendor"]}, key=str.casefold),
        standards=sorted(names.items(), key=lambda pair: pair[1].casefold()),
    )


def _fits(row: Row, vendor: str, standard: str) -> bool:
    asked = not vendor or words.fold(vendor) == words.fold(row["vendor"] or "")
    return asked and standard in ("", row["standard"])


async def claim(asked: Asked) -> Response:
    """Show the life of a claim, and what changed of it; an id of before leads to the one it has now."""
    given = asked.part("id")
    kind, row = await asked.site.ask(history.find, shown_id=given)
    if kind != "claim":
        raise NotFound(f'"{given}" is a {kind}, no claim')
    if row["id"] != given:
        return Response.redirect(f"/claims/{row['id']}")
    life = await asked.site.ask(history.history, claim_id=row["id"])
    rows = await asked.site.ask(history.changes, rules=asked.site.config.rules, page=row["page"])
    related = [one for one in rows if one["claim"] == row["id"]]
    return asked.page("claim.html", life=life, last=life[-1], related=related)
