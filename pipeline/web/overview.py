"""All vendors, all suppliers, all pages, all runs: what there is, how it stands,
and words found in it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from pipeline import history, words
from pipeline.errors import NotFound
from pipeline.report import phrases
from pipeline.report import profile as profiles
from pipeline.web import holdings
from pipeline.web.asked import Asked

Row = dict[str, Any]
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_REPORT = re.compile(r"[0-9TZ-]+\.html")
SHOWN, ROWS = 200, 50
"""So many rows of a list are on one page, and of each section of a profile."""


async def vendors(asked: Asked) -> Response:
    """List the vendors, each with its pages, what it holds and what is open."""
    status = await asked.site.ask(history.status)
    claims = await asked.site.ask(history.claims, kind="standard", stance="claimed")
    held = {vendor: set[str]() for vendor in {row["vendor"] for row in status}}
    for claim in claims:
        if claim["vendor"] in held and history.counts(claim):
            held[claim["vendor"]].add(claim["standard_name"] or claim["standard"])
    rows = [
        _vendor(name, status, held[name]) for name in sorted(filter(None, held), key=str.casefold)
    ]
    return asked.page("vendors.html", rows=rows, without=sum(not row["vendor"] for row in status))


def _vendor(name: str, status: list[Row], held: set[str]) -> Row:
    theirs = [row for row in status if row["vendor"] == name]
    good = [row["last_good_at"] for row in theirs if row["last_good_at"]]
    return {
        "name": name,
        "pages": len(theirs),
        "failing": sum(bool(row["failures"]) for row in theirs),
        "open": sum(row["open_changes"] for row in theirs),
        "held": sorted(held, key=str.casefold),
        "oldest": min(good, default=None),
    }


async def vendor(asked: Asked) -> Response:
    """Show a vendor's profile, now or on a day: the first rows of each section, or the whole
    as a person signs it.
    """
    site, whole = asked.site, bool(asked.arg("whole"))
    # What is only looked at is kept for an hour; what is signed says the minute it was made.
    now = site.now().replace(second=0, microsecond=0)
    when = history.When(now if whole else now.replace(minute=0), holdings.moment(asked))
    drawn, left = await site.ask(
        _profile,
        catalogue=site.catalogue,
        vendor=asked.arg("name"),
        when=when,
        in_force=site.config.in_force,
        most=None if whole else ROWS,
        zone=site.config.schedule.timezone,
    )
    return asked.page("vendor.html", left=left, whole=whole, asked_at=asked.arg("at"), **drawn)


def _profile(
    db: history.Database, *, most: int | None, zone: tzinfo, **named: Any
) -> tuple[Row, int]:
    drawn = profiles.values(history.profile(db, **named), zone)
    return profiles.cut(drawn, most) if most else (drawn, profiles.cut(drawn, ROWS)[1])


async def suppliers(asked: Asked) -> Response:
    """List the suppliers that all pages name."""
    claims, named = await asked.site.ask(_suppliers)
    text = words.fold(asked.arg("text"))
    rows = [row for said, row in claims if text in said]
    return asked.page(
        "suppliers.html",
        page=paged(asked, rows),
        text=asked.arg("text"),
        total=len(claims),
        named=named,
    )


def _suppliers(db: history.Database) -> tuple[list[tuple[str, Row]], int]:
    """Return all suppliers by name, each with what it can be found by,
    and how many names there are.
    """
    names = ("name", "purpose", "location", "vendor", "page")
    rows = history.claims(db, kind="supplier")
    rows.sort(key=lambda row: (str(row["name"]).casefold(), str(row["vendor"]).casefold()))
    said = [words.fold(" ".join(str(row.get(name) or "") for name in names)) for row in rows]
    return list(zip(said, rows, strict=True)), len({words.fold(str(row["name"])) for row in rows})


@dataclass(frozen=True, slots=True)
class Paged:
    """Some of the rows of a list: those from `start` on, of `total`;
    `back` and `on` lead to those before and after.
    """

    rows: list[Row]
    start: int
    total: int
    back: str | None
    on: str | None


def paged(asked: Asked, rows: list[Row]) -> Paged:
    """Return the rows that the address asks for, from a place on."""
    start = int(asked.arg("from")) if asked.arg("from").isdigit() else 0

    def at(place: int) -> str:
        given = {
            name: asked.arg(name) for name in asked.request.args if name not in ("done", "from")
        }
        return f"{asked.request.path}?{urlencode({**given, 'from': place})}"

    after = start + SHOWN
    return Paged(
        rows[start:after],
        start,
        len(rows),
        at(max(0, start - SHOWN)) if start else None,
        at(after) if after < len(rows) else None,
    )


async def health(asked: Asked) -> Response:
    """List the pages that are watched: the last good look, what failed,
    when the next look is due, what waits to be sent.
    """
    site = asked.site
    status = await site.ask(history.status)
    outbox = await site.ask(history.undelivered)
    schedule, now = site.config.schedule, site.now()
    for_next = {
        one.id: schedule.of(one).after(now, schedule.timezone).astimezone(UTC)
        for one in site.config.pages
    }
    rows = sorted(
        status, key=lambda row: (-row["failures"], row["last_good_at"] or "", row["page"])
    )
    wanted = words.fold(asked.arg("text"))
    fitting = [row for row in rows if wanted in words.fold(f"{row['page']} {row['vendor'] or ''}")]
    return asked.page(
        "health.html",
        page=paged(asked, fitting),
        total=len(rows),
        failing=sum(bool(row["failures"]) for row in rows),
        text=asked.arg("text"),
        outbox=outbox,
        due=for_next,
    )


async def runs(asked: Asked) -> Response:
    """List the runs, newest first, each with its report, what it found and what of that is open;
    of a month or a vendor where that is asked.
    """
    rows = await asked.site.ask(history.runs)
    month, only, vendor = asked.arg("month"), asked.arg("only"), asked.arg("vendor")
    zone = asked.site.config.schedule.timezone
    month_of = {row["id"]: _month(row["finished_at"], zone) for row in rows}
    months = sorted({*month_of.values()} - {""}, reverse=True)
    rows = [row for row in rows if month in ("", month_of[row["id"]])]
    found = await asked.site.ask(_found, runs=tuple(row["id"] for row in rows), vendor=vendor)
    if only or vendor:
        rows = [row for row in rows if found.get(row["id"], (0, 0))[only == "open"]]
    choices = await asked.site.ask(history.choices)
    return asked.page(
        "runs.html",
        page=paged(asked, rows),
        found=found,
        months=[(one, phrases.month(one)) for one in months],
        month=month,
        only=only,
        vendor=vendor,
        vendors=[value for value, _ in choices["vendor"]],
    )


def _month(at: str | None, zone: tzinfo) -> str:
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m}" if at else ""


def _found(
    db: history.Database, *, runs: tuple[str, ...], vendor: str
) -> dict[str, tuple[int, int]]:
    return history.changes_of_runs(db, runs, vendor)


async def report(asked: Asked) -> Response:
    """Show the report of a run as it was written, under a policy
    that lets its own style sheet be and nothing else.
    """
    name = asked.part("file")
    path = asked.site.config.reports / name
    if not _REPORT.fullmatch(name) or not path.is_file():
        raise NotFound(f"there is no report {name}")
    text = path.read_text(encoding="utf-8")
    style = _STYLE.search(text)
    digest = base64.b64encode(
        hashlib.sha256((style[1] if style else "").encode()).digest()
    ).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return Response.html(
        text, headers={"content-security-policy": f"{policy}; frame-ancestors 'none'"}
    )


async def search(asked: Asked) -> Response:
    """Show the sentences, of now and of before, that hold all words of a text."""
    text = asked.arg("text")
    found = await asked.site.ask(history.search, text=text) if text else []
    return asked.page("search.html", text=text, rows=found)
