"""`claims`, `history`: what stands, what stood, and one claim's life. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

import click

from pipeline import errors
from pipeline.cli import answering, filters, options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.history import Database

Row = dict[str, Any]

CSV = (
    "id",
    "page",
    "kind",
    "subject",
    "standard_name",
    "edition",
    "level",
    "stance",
    "service",
    "scope",
    "name",
    "purpose",
    "location",
    "standards",
    "seen_since",
    "seen_until",
    "text",
)
STANDING = ("id", "page", "claim", "corrected", "seen_since", "seen_until", "text")
LIFE = ("seen_since", "seen_until", "first_absent", "claim", "corrected", "text", "began_with")
SENTENCES = ("claim", "corrected", "text", "began_with")


@click.command()
@click.option("--vendor", help="Of this vendor.")
@click.option("--page", shell_complete=options.completing("page"), help="On this page (its id).")
@click.option("--product", help="Of this product.")
@click.option("--standard", help="About this standard: its id, as iso-27001, or its name.")
@click.option("--service", help="About services whose name contains this.")
@click.option("--kind", type=click.Choice(options.KINDS), help="Of this kind.")
@click.option("--stance", type=click.Choice(options.STANCES), help="With this status.")
@click.option("--edition", help="Of this edition, as 2013 or 4.0.")
@click.option("--level", help='Of this level, as "Type 2" or Moderate.')
@click.option("--owner", help="On pages of this owner.")
@click.option("--at", metavar="DATE", help="As they stood on that day.")
@click.option("--known-at", metavar="DATE", help="As they were known on that day.")
@options.form()
@options.settings
def claims(
    settings: options.Settings,
    /,
    form: str,
    at: str | None,
    known_at: str | None,
    **wanted: str | None,
) -> int:
    """List the claims that stand now, or stood on a day.

    DATE is YYYY-MM-DD (the end of that day in the config's time zone) or an ISO instant.
    """
    from pipeline import history
    from pipeline.cli import tables

    config, db = _opened(settings)
    zone = str(config.schedule.timezone)
    wanted = filters.named(config, db, wanted)
    then = options.moment(at, zone)
    asked = {name: value for name, value in wanted.items() if name not in filters.BESIDE}
    found = filters.narrowed(
        config,
        history.claims(db, at=then, known_at=options.moment(known_at, zone), **asked),
        wanted,
    )
    if not found:
        filters.exist(config, db, wanted)
        for told in filters.once(db, wanted, then or datetime.now(UTC)):
            click.echo(f"claimwatch: {told}", err=True)
    if form == "table":
        _shown(found, STANDING, config.schedule.timezone)
    else:
        tables.data(found, form, CSV, config.schedule.timezone)
    return 0


def _shown(found: Sequence[Row], columns: tuple[str, ...], zone: tzinfo) -> None:
    from pipeline.cli import blocks, tables

    view = tables.View(columns, blocks.claim, SENTENCES, "No claims match.", zone=zone)
    tables.listing([in_words(row, zone) for row in found], view)


def in_words(row: Row, zone: tzinfo) -> Row:
    """Return the row with the claim in a line, and the changes that began it as their sentences."""
    from pipeline.cli import claims, tables
    from pipeline.report import phrases

    claim = claims.claim_of(row)
    began = [change["summary"] for change in row.get("began_with", ())]
    sort, said = phrases.KINDS.get(claim.kind, claim.kind), claims.phrase(claim).plain
    until = row["seen_until"]
    if since := row.get("disputed_since"):
        until = f"{tables.cell(until, zone)}, disputed since {tables.cell(since, zone)}"
    return {
        **row,
        "sort": sort,
        "said": said,
        "claim": f"{sort}: {said}",
        "corrected": _corrected(row, zone),
        "began_with": began,
        "seen_until": until,
    }


def _corrected(row: Row, zone: tzinfo) -> str | None:
    """Return who corrected our reading, when and how; or that a correction asks
    to be looked at again.
    """
    mark = row.get("correction") or row.get("asks_again")
    if mark is None:
        return None
    on = datetime.fromisoformat(mark["at"]).astimezone(zone)
    who = f"{mark['by'] or 'somebody'}, {on:%Y-%m-%d}"
    if row.get("correction") is None:
        return f"look again: corrected by {who}, but the sentence changed since"
    read = "; ".join(
        f"{name} {value or 'none'}, not {mark['was'].get(name) or 'none'}"
        for name, value in mark["should_be"].items()
    )
    return f"{read or 'no such claim'} ({who})"


@click.command()
@click.argument("claim", shell_complete=options.completing("claim"))
@options.form()
@options.settings
def history(settings: options.Settings, form: str, claim: str) -> int:
    """Show one claim's life. CLAIM is its id, or the first letters of it."""
    from pipeline.cli import tables

    config, db = _opened(settings)
    life, zone = _life(db, claim), config.schedule.timezone
    if form == "table":
        _shown(life, LIFE, zone)
    else:
        tables.data(life, form, LIFE, zone)
    return 0


def _life(db: Database, claim: str) -> list[Row]:
    from pipeline import history

    kind, row = history.find(db, claim)
    if kind != "claim":
        raise errors.NotFound(f'"{claim}" is a {kind}, and no claim; `claims` lists those')
    return history.history(db, row["id"])


def _opened(settings: options.Settings) -> tuple[Config, Database]:
    config = settings.load()
    return config, answering.database(config)
