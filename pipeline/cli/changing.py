"""`changes`: what changed, newest first, and what became of it. Only reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

import click

from pipeline import errors
from pipeline.cli import answering, filters, options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.history import Database
    from pipeline.model import Held

Row = dict[str, Any]

COLUMNS = ("id", "severity", "first_seen", "page", "summary", "state", "owner", "due")
CSV = (
    "id",
    "first_seen",
    "page",
    "severity",
    "summary",
    "status",
    "cause",
    "seen_until",
    "owner",
    "batch",
    "due",
)
SHARED = ("batch", "page", "severity", "status", "cause", "first_seen")
"""What the changes of one batch have in common."""


@click.command()
@click.option("--vendor", help="Of this vendor.")
@click.option("--page", shell_complete=options.completing("page"), help="On this page (its id).")
@click.option("--standard", help="About this standard: its id, as iso-27001, or its name.")
@click.option("--kind", type=click.Choice((*options.KINDS, "wording")), help="Of this kind.")
@click.option("--status", type=click.Choice(options.REVIEWED), help="With this status.")
@click.option(
    "--reviewed/--not-reviewed",
    default=None,
    help="Only those that somebody has reviewed, or that nobody has.",
)
@click.option("--owner", help="Followed up by this person, or on a page of theirs.")
@click.option(
    "--due",
    metavar="DATE",
    help="Open or asked, and due on this day or before; also `today`.",
)
@click.option("--tier", help="On pages of this tier.")
@click.option(
    "--batch",
    metavar="CHANGE",
    shell_complete=options.completing("change"),
    help="All changes of one cause with this one.",
)
@click.option(
    "--run",
    metavar="RUN",
    shell_complete=options.completing("run"),
    help="Found by this run; `last` is the last.",
)
@click.option(
    "--cause",
    type=click.Choice(options.CAUSES),
    help="The page itself, our re-reading, our configuration, or earlier captures.",
)
@click.option("--since", metavar="DATE", help="First seen on this day or later.")
@click.option("--until", metavar="DATE", help="First seen on this day or before.")
@options.listed_gate
@options.form()
@options.settings
def changes(
    settings: options.Settings,
    /,
    form: str,
    gate: options.Gate,
    **wanted: Any,
) -> int:
    """List the changes, newest first.

    Each has the id to review it by, and the severity that the config's rules give it. Changes of
    one cause are folded into one on a terminal; --batch lists them all. DATE is YYYY-MM-DD in the
    config's time zone, or an ISO instant.
    """
    from pipeline import history
    from pipeline.cli import tables

    config = settings.load()
    db = answering.database(config)
    wanted = filters.named(config, db, wanted)
    found = listed(config, db, wanted | {"severity": gate.severity})
    if not found:
        filters.exist(config, db, wanted)
    zone = config.schedule.timezone
    if form == "table":
        shown(found, zone, whole=wanted["batch"] is not None)
    else:
        tables.data(found, form, CSV, zone)
    for held in history.held_back(db, config.in_force):
        if _concerns(held, wanted):
            click.echo(f"claimwatch: {_waiting(held, zone)}", err=True)
    return gate.status(row["severity"] for row in found)


def listed(config: Config, db: Database, wanted: filters.Wanted) -> list[Row]:
    """Return the changes that filters ask for, newest first;
    any filter of `changes` may be there, by its name.
    """
    from pipeline import history

    zone = str(config.schedule.timezone)
    names = ("vendor", "page", "standard", "kind", "severity", "status", "cause")
    asked = {name: wanted.get(name) for name in names}
    since, until = wanted.get("since"), wanted.get("until")
    found = history.changes(
        db,
        since=options.moment(since, zone, opening=True),
        until=options.moment(until, zone),
        rules=config.in_force,
        **asked,
    )
    if (due := wanted.get("due")) is not None:
        found = [row for row in found if _is_due(row, _day(due, config.schedule.timezone))]
    if (batch := wanted.get("batch")) is not None:
        found = list(_together(db, found, batch))
    if (run := wanted.get("run")) is not None:
        ids = {row["id"] for row in history.changes_seen(db, history.named_run(db, run))}
        found = [row for row in found if row["id"] in ids]
    if (reviewed := wanted.get("reviewed")) is not None:
        found = [row for row in found if (row["status"] != "open") is reviewed]
    return filters.narrowed(config, found, wanted)


def _day(text: str, zone: tzinfo) -> str:
    """Return the day that `--due` names, as rows have it.

    Raise BadParameter where it names none.
    """
    if text == "today":
        return datetime.now(zone).date().isoformat()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise click.BadParameter(f"{text!r} is neither YYYY-MM-DD nor today") from None


def _is_due(row: Row, day: str) -> bool:
    """Say whether a change waits for somebody, and was to be followed up by a day."""
    return row["status"] in ("open", "asked") and "" < (row["due"] or "") <= day


def _together(db: Database, found: Sequence[Row], change: str) -> Iterator[Row]:
    """Yield the changes that were found with one as of one cause, at one look;
    that one alone where it has no batch.
    """
    from pipeline import history

    kind, one = history.find(db, change)
    if kind != "change":
        raise errors.NotFound(f'"{change}" is a {kind}, and no change; `changes` lists those')
    first_seen = datetime.fromisoformat(one["first_seen"])
    for row in found:
        same = (row.get("batch"), row["page"]) == (one["batch"], one["page"])
        at_once = datetime.fromisoformat(row["first_seen"]) == first_seen
        if row["id"] == one["id"] or (one["batch"] and same and at_once):
            yield row


# --------------------------------------------------------------------------- for people


def shown(found: Sequence[Row], zone: tzinfo, *, whole: bool) -> None:
    """Print changes for people; `whole` lists each of a batch, which is else folded in a window."""
    from pipeline.cli import blocks, printing, tables

    view = tables.View(
        COLUMNS, blocks.change, ("summary",), "No changes match.", {"state": "status"}, zone
    )
    rows = [row | {"state": state(row)} for row in found]
    tables.listing(rows if whole or printing.piped() else list(_folded(rows)), view)


def state(row: Row) -> str:
    """Return what became of a change: open, or what was said of it and by whom."""
    said = [review for review in row["reviews"] if review["verdict"] != "note"]
    who = said[-1]["who"] if said else None
    return f"{row['status']} by {who}" if who and row["status"] != "open" else str(row["status"])


def _folded(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows, those of one batch as their first with the sentence
    that they share and how many follow.
    """
    batches: dict[tuple[Any, ...], list[Row]] = {}
    for number, row in enumerate(rows):
        alike = tuple(row.get(name) for name in SHARED)
        batches.setdefault(alike if row.get("batch") else (number,), []).append(row)
    for same in batches.values():
        first, more = same[0], len(same) - 1
        yield first | {"summary": _said_of(first, more)} if more else first


def _said_of(first: Row, more: int) -> str:
    from pipeline.report import phrases

    all_of_it = f"{phrases.count(more, 'more id')}: claimwatch changes --batch {first['id']}"
    return f"{phrases.capital(first['batch'])} ({all_of_it})"


def _concerns(held: Held, wanted: filters.Wanted) -> bool:
    """Say whether a list of changes that was asked for would have those
    of a page that is held back.
    """
    page, vendor = wanted.get("page"), wanted.get("vendor")
    of_vendor = vendor is None or vendor.casefold() == (held.page.vendor or "").casefold()
    return of_vendor and page in (None, held.page.id)


def _waiting(held: Held, zone: tzinfo) -> str:
    from pipeline.report import holding

    return (
        f"{held.page.id}: {holding.opening(held, zone)} {holding.outlook(held)} See: "
        "claimwatch status"
    )
