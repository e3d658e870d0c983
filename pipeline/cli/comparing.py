"""`matrix`, `search`: who holds what, and what the pages say together; words found again. Only reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from pipeline.cli import answering, filters, options

Row = dict[str, Any]

MATRIX = (
    "vendor",
    "subject",
    "page",
    "standard",
    "standard_name",
    "edition",
    "level",
    "stance",
    "seen_since",
    "seen_until",
    "as_of",
)
MORE = ("age_days", "valid", "days_left", "why", "flags", "correction", "id", "text")
FINDINGS = ("kind", "summary", "texts", "reference")
FOUND = ("since", "until", "page", "kind", "id", "standard", "text")
KINDS = {
    "superseded": "superseded",
    "passed": "date has passed",
    "expired": "expired",
    "contradiction": "contradiction",
    "gap": "gap",
}


@click.command()
@click.option("--vendor", help="Of this vendor.")
@click.option("--at", metavar="DATE", help="As it stood then.")
@options.form()
@options.settings
def matrix(settings: options.Settings, form: str, vendor: str | None, at: str | None) -> int:
    """Show who holds which standard.

    A row for each standard, a column for each vendor and product; below, what the pages say together: superseded editions,
    contradictions, products missing from a list, dates that have passed. JSON and CSV say of every blank cell why.
    """
    from pipeline import history
    from pipeline.cli import tables

    config = settings.load()
    db, catalogue, now = answering.database(config), options.catalogue(config), datetime.now(UTC)
    zone = str(config.schedule.timezone)
    then = options.moment(at, zone)
    vendor = filters.named(config, db, {"vendor": vendor})["vendor"]
    found = history.matrix(db, catalogue, now=now, at=then, vendor=vendor, zone=zone)
    if not found:
        filters.exist(config, db, {"vendor": vendor})
    if form != "table":
        tables.listing(found, form, (*MATRIX, *MORE), nothing="")
        return 0
    holders = dict.fromkeys(map(_holder, found))
    tables.listing(
        _pivoted(found),
        form,
        ("standard", *holders),
        nothing="No standards are claimed yet: claimwatch run",
    )
    together = history.findings(db, catalogue, now=now, at=then, vendor=vendor)
    if together:
        click.echo()
        tables.listing([_shown(row) for row in together], form, FINDINGS, nothing="")
    return 0


def _shown(row: Row) -> Row:
    sentences = [f"{text['page']}: “{text['text']}”" for text in row["texts"]]
    return {**row, "kind": KINDS[row["kind"]], "texts": sentences}


def _pivoted(found: list[Row]) -> list[Row]:
    """Return a row for each standard with a cell for each holder, and a last one with the age of what is known."""
    cells: dict[str, Row] = {}
    for row in sorted(found, key=lambda row: len(_cell(row)), reverse=True):
        line = cells.setdefault(
            row["standard"], {"standard": row["standard_name"] or row["standard"]}
        )
        said = line.setdefault(_holder(row), [])
        # A page that says "held" adds nothing to another that says "2022 held".
        if not any(more.endswith(_cell(row)) for more in said):
            said.append(_cell(row))
    ages = {_holder(row): f"{row['age_days']} days old ({row['as_of'][:10]})" for row in found}
    return (
        [
            *sorted(cells.values(), key=lambda line: str(line["standard"])),
            {"standard": "last good look", **ages},
        ]
        if cells
        else []
    )


def _holder(row: Row) -> str:
    vendor, subject = row["vendor"] or "", row["subject"] or ""
    return (
        subject if vendor in subject else f"{vendor} · {subject}" if subject else vendor
    ) or str(row["page"] or "")


def _validity(left: int | None) -> tuple[str, ...]:
    if left is None:
        return ()
    return (f"{left} days left",) if left >= 0 else (f"expired {-left} days ago",)


def _cell(row: Row) -> str:
    from pipeline.report import phrases

    if row["stance"] is None:
        return "—" if row["why"] == "no page says so" else f"— {row['why']}"
    kinds = dict.fromkeys(flag["kind"] for flag in row["flags"])
    # How long ago a validity ended stands there already.
    marks = [KINDS[kind] for kind in kinds if kind != "expired"]
    corrected = ["corrected"] if row.get("correction") else []
    more = (*_validity(row["days_left"]), *marks, *corrected)
    notes = f" ({', '.join(more)})" if more else ""
    return (
        " ".join(filter(None, (row["edition"], row["level"], phrases.status(row["stance"]))))
        + notes
    )


# --------------------------------------------------------------------------- words


@click.command()
@click.argument("text", nargs=-1, required=True, metavar="WORD...")
@click.option("--vendor", help="Of this vendor.")
@click.option("--page", help="On this page (its id).")
@click.option(
    "--kind", type=click.Choice((*options.KINDS, "change")), help="Claims of this kind, or changes."
)
@click.option("--since", metavar="DATE", help="First seen on this day or later.")
@click.option("--until", metavar="DATE", help="First seen on this day or before.")
@click.option(
    "--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many."
)
@click.option("--best", is_flag=True, help="The best matches first, not the newest.")
@options.form()
@options.settings
def search(
    settings: options.Settings,
    /,
    form: str,
    text: tuple[str, ...],
    limit: int,
    since: str | None,
    until: str | None,
    best: bool,
    **wanted: str,
) -> int:
    """Find sentences by their words.

    Looks through claims, notes and wording, of now and of the past, newest first (with --best, all hits are weighed, which
    takes longer). All words must be there, in any of
    their forms; "words in quotes" stand together, and resid* finds what begins so.
    """
    from pipeline import history
    from pipeline.cli import tables

    config = settings.load()
    zone = str(config.schedule.timezone)
    opening, ending = options.moment(since, zone, opening=True), options.moment(until, zone)
    db = answering.database(config)
    asked = filters.named(config, db, wanted)
    found = history.search(
        db,
        " ".join(text),
        since=opening,
        until=ending,
        limit=limit,
        best=best,
        **asked,
    )
    if not found:
        filters.exist(config, db, asked)
    tables.listing(found, form, FOUND, nothing="No sentence has all these words.")
    return 0
