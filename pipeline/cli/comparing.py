"""`matrix`, `search`: who holds what, and what the pages say together; words found again.

Only reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

import click

from pipeline import words
from pipeline.cli import answering, filters, options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.history import Database

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
LINES = ("vendor", "subject", "standard", "edition", "level", "status", "as_of", "notes")
FOUND = ("id", "page", "kind", "standard", "since", "until", "text")


@click.command()
@click.option("--vendor", multiple=True, help="Of this vendor.")
@click.option("--standard", multiple=True, help="Of this standard: its id, as iso-27001, or name.")
@click.option("--at", metavar="DATE", help="As it stood on that day.")
@options.form("table", "json", "csv", "html")
@options.settings
def matrix(
    settings: options.Settings,
    form: str,
    vendor: tuple[str, ...],
    standard: tuple[str, ...],
    at: str | None,
) -> int:
    """Show who holds which standard.

    A row for each vendor and product, a column for each standard; a narrow window lists the
    standards of each. Footnotes say what is no longer claimed, which editions are superseded, what
    contradicts, and which dates have passed. JSON and CSV give the reason for every blank cell;
    HTML is a page to open or hand on.
    """
    from pipeline import history
    from pipeline.cli import printing, tables
    from pipeline.report import matrix as drawn

    config = settings.load()
    db, catalogue = answering.database(config), options.catalogue(config)
    zone = config.schedule.timezone
    when = history.When(datetime.now(UTC), options.moment(at, str(zone)))
    asked = {"vendor": vendor, "standard": standard}
    rows, said = history.overview(db, catalogue, when, zone=str(zone))
    found, together = (list(_narrowed(config, db, one, asked)) for one in (rows, said))

    if form == "html":
        page = drawn.html(found, together, made_at=when.now, at=when.at, zone=zone)
        printing.document(page, form)
    elif form != "table":
        tables.data(found, form, (*MATRIX, *MORE), zone)
    elif printing.piped() or not found:
        _listed(found, zone)
    else:
        _drawn(found, together, zone)
    return 0


def _narrowed(
    config: Config, db: Database, rows: list[Row], asked: dict[str, tuple[str, ...]]
) -> Iterator[Row]:
    """Yield the rows of the vendors and standards asked for.

    Raise NotFound for a name that nobody has.
    """
    wanted: dict[str, set[str]] = {}
    for kind, names in asked.items():
        for name in names:
            filters.exist(config, db, {kind: name})
            kept = filters.named(config, db, {kind: name})[kind]
            wanted.setdefault(kind, set()).add(words.fold(kept))
    for row in rows:
        if all(words.fold(row[kind] or "") in names for kind, names in wanted.items()):
            yield row


def _listed(found: list[Row], zone: tzinfo) -> None:
    """Print a line for each cell that says anything."""
    from pipeline.cli import blocks, tables
    from pipeline.report import matrix as words_of

    nothing = "No standards are claimed yet: claimwatch run"
    rows = [
        {
            **row,
            "standard": row["standard_name"] or row["standard"],
            "status": words_of.said(row),
            "notes": list(words_of.notes(row)),
        }
        for row in found
        if row["stance"] is not None or row["why"] != words_of.SAYS_NOTHING
    ]
    tables.listing(rows, tables.View(LINES, blocks.claim, nothing=nothing, zone=zone))


def _drawn(found: list[Row], together: list[Row], zone: tzinfo) -> None:
    """Draw the matrix; below its footnotes what the pages say together that belongs to no cell."""
    from pipeline.cli import grid, screen
    from pipeline.report import matrix as words_of

    out = screen.console()
    drawn = grid.show(out, found, zone)
    for row in together:
        if words_of.said_of(row) not in drawn.notes:
            out.print(grid.beside(row))


# --------------------------------------------------------------------------- words


@click.command()
@click.argument("text", nargs=-1, required=True, metavar="WORD...")
@click.option("--vendor", help="Of this vendor.")
@click.option("--page", shell_complete=options.completing("page"), help="On this page (its id).")
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
    **wanted: Any,
) -> int:
    """Find sentences by their words.

    Searches claims, notes and wording, present and past, newest first (--best weighs all hits
    instead, which takes longer). All words must occur, in any form; "words in quotes" stand
    together, and resid* finds every word that begins so.
    """
    from pipeline import history
    from pipeline.cli import blocks, tables

    config = settings.load()
    zone = str(config.schedule.timezone)
    wanted["since"] = options.moment(wanted["since"], zone, opening=True)
    wanted["until"] = options.moment(wanted["until"], zone)
    db = answering.database(config)
    asked = filters.named(config, db, wanted)
    found = history.search(db, " ".join(text), **asked)
    if not found:
        filters.exist(config, db, asked)
    if form == "table":
        nothing = "No sentence has all these words."
        view = tables.View(FOUND, blocks.found, ("text",), nothing, zone=config.schedule.timezone)
        tables.listing(found, view)
    else:
        tables.data(found, form, FOUND, config.schedule.timezone)
    return 0
