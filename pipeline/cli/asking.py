"""`status`, `claims`, `changes`, `history`: what the store answers. Only reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from pipeline import errors
from pipeline.cli import answering, filters, options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.history import Database
    from pipeline.model import Held

Row = dict[str, Any]

STATUS = (
    "page",
    "vendor",
    "last_result",
    "fault",
    "reason",
    "last_good_at",
    "failures",
    "held_since",
    "would_change",
    "next_look_at",
    "claims",
    "open_changes",
    "signed_off_at",
    "signed_off_by",
)
CLAIMS = (
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
CHANGES = (
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
)
LIFE = ("seen_since", "seen_until", "first_absent", "claim", "corrected", "text", "began_with")


@click.command()
@options.form()
@options.settings
def status(settings: options.Settings, form: str) -> int:
    """Show every page: last good look, next look, what is open."""
    from pipeline import history
    from pipeline.cli import screen, tables, waiting

    config, db = _opened(settings)
    held = {one.page.id: one for one in history.held_back(db, config.rules)}
    rows = [row | _held(held.get(row["page"]), form) for row in _standing(config, db)]
    for told in _undone(db):
        click.echo(f"claimwatch: {told}", err=True)
    tables.listing(
        rows, form, STATUS, nothing=f"{config.path} names no pages yet: claimwatch add URL"
    )
    if form == "table":
        out = screen.console()
        for one in held.values():
            out.print()
            waiting.show(out, one)
    return 0


def _standing(config: Config, db: Database) -> Iterator[Row]:
    """Yield how every page of the config stands."""
    from pipeline import history, schedule

    now = datetime.now(UTC)
    known = {row["page"]: row for row in history.status(db)}
    for page in config.pages:
        row = known.get(page.id, {})
        last = datetime.fromisoformat(row["last_look_at"]) if row.get("last_look_at") else None
        after = max(now, schedule.rests_until(row.get("failures", 0), last) or now)
        yield _status(page, row, schedule.next_run(config, after, page))


def _undone(db: Database) -> Iterator[str]:
    """Yield what a person has to see to: verdicts that match nothing any more, messages that nobody took."""
    from pipeline import history

    for row in history.reviews(db):
        if row["detached"]:
            said = f"what was said of {row['target']} ({row['verdict']}, {row['at'][:10]})"
            yield f"{said} matches nothing any more{': ' + row['note'] if row['note'] else ''}"
    yield from _untaken(history.outbox(db))


def _untaken(outbox: list[Row]) -> Iterator[str]:
    """Yield the messages that were not taken: those that are tried again, and for each recipient those that are given up."""
    dead: dict[str, list[Row]] = {}
    for message in outbox:
        said = f"tried {message['attempts']} times: {message['error']}"
        if message["status"] in ("failed", "refused"):
            yield f"not delivered to {message['recipient']}, {said}"
        elif message["status"] == "dead":
            dead.setdefault(message["recipient"], []).append(message)
    for recipient, messages in dead.items():
        many = "1 message is" if len(messages) == 1 else f"{len(messages)} messages are"
        yield (
            f"{recipient}: {many} given up, since {messages[0]['at'][:10]}: "
            f"{messages[-1]['error']}; correct that, then: claimwatch deliver"
        )


def _held(held: Held | None, form: str) -> Row:
    """Return what a row says of a page that is held back: all of it as JSON, the least in a table."""
    from pipeline import report

    if form == "json":
        return {"held": report.held(held) if held else None}
    if held is None:
        return {}
    if (
        form == "table"
    ):  # below it, the whole story of the page is told: here it would only squeeze the columns
        return {"fault": None, "reason": None}
    return {"held_since": held.since.isoformat(), "would_change": len(held.changes)}


def _status(page: Any, row: Row, next_look: datetime) -> Row:
    stands = {
        "page": page.id,
        "vendor": page.vendor,
        "url": page.url,
        "last_result": "never looked at",
        "last_good_at": None,
        "failures": 0,
    }
    return {
        **stands,
        "claims": 0,
        "open_changes": 0,
        **row,
        "next_look_at": next_look.isoformat().replace("+00:00", "Z"),
    }


@click.command()
@click.option("--vendor", help="Of this vendor.")
@click.option("--page", help="On this page (its id).")
@click.option("--product", help="Of this product.")
@click.option("--standard", help="About this standard: its id, as iso-27001, or its name.")
@click.option("--service", help="About services whose name contains this.")
@click.option("--kind", type=click.Choice(options.KINDS), help="Of this kind.")
@click.option("--stance", type=click.Choice(options.STANCES), help="With this status.")
@click.option("--at", metavar="DATE", help="As they stood then.")
@click.option("--known-at", metavar="DATE", help="As we knew it then.")
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
    """List the claims that stand now, or stood then.

    DATE is YYYY-MM-DD (the end of that day in the config's time zone) or an ISO instant.
    """
    from pipeline import history
    from pipeline.cli import tables

    config, db = _opened(settings)
    zone = str(config.schedule.timezone)
    wanted = filters.named(config, db, wanted)
    found = history.claims(
        db, at=options.moment(at, zone), known_at=options.moment(known_at, zone), **wanted
    )
    if not found:
        filters.exist(config, db, wanted)
        for told in filters.once(db, wanted, options.moment(at, zone) or datetime.now(UTC)):
            click.echo(f"claimwatch: {told}", err=True)
    if form == "table":
        tables.listing([_in_words(row) for row in found], form, STANDING, nothing="No such claims.")
    else:
        tables.listing(found, form, CLAIMS, nothing="")
    return 0


def _in_words(row: Row) -> Row:
    """Return the row with the claim in a line, and the changes that began it as their sentences."""
    from pipeline.cli import views
    from pipeline.model import Claim, Source
    from pipeline.report import phrases

    names = [field.name for field in fields(Claim) if field.name != "source"]
    given: dict[str, Any] = {
        name: tuple(row[name]) if isinstance(row[name], list) else row[name]
        for name in names
        if row.get(name) is not None
    }
    if row["kind"] == "metadata":
        given.setdefault("value", row["text"])
    claim = Claim(source=Source(row["text"]), **given)
    began = [change["summary"] for change in row.get("began_with", ())]
    said = f"{phrases.KINDS.get(claim.kind, claim.kind)}: {views.phrase(claim).plain}"
    until = (
        f"{row['seen_until']}, disputed since {row['disputed_since']}"
        if row.get("disputed_since")
        else row["seen_until"]
    )
    return {
        **row,
        "claim": said,
        "corrected": _corrected(row),
        "began_with": began,
        "seen_until": until,
    }


def _corrected(row: Row) -> str | None:
    """Return who corrected our reading, when and how; or that a correction asks to be looked at again."""
    mark = row.get("correction") or row.get("asks_again")
    if mark is None:
        return None
    who = f"{mark['by'] or 'somebody'}, {mark['at'][:10]}"
    if row.get("correction") is None:
        return f"look again: corrected by {who}, but the sentence changed since"
    read = "; ".join(
        f"{name} {value or 'none'}, not {mark['was'].get(name) or 'none'}"
        for name, value in mark["should_be"].items()
    )
    return f"{read or 'no such claim'} ({who})"


@click.command()
@click.option("--vendor", help="Of this vendor.")
@click.option("--page", help="On this page (its id).")
@click.option("--standard", help="About this standard: its id, as iso-27001, or its name.")
@click.option("--kind", type=click.Choice((*options.KINDS, "wording")), help="Of this kind.")
@click.option("--status", type=click.Choice(options.REVIEWED), help="Open, or settled so.")
@click.option(
    "--cause",
    type=click.Choice(options.CAUSES),
    help="The page itself, our re-reading, or earlier captures.",
)
@click.option("--since", metavar="DATE", help="First seen on this day or later.")
@click.option("--until", metavar="DATE", help="First seen on this day or before.")
@options.gate
@options.form()
@options.settings
def changes(
    settings: options.Settings,
    /,
    form: str,
    since: str | None,
    until: str | None,
    exit_code: bool,
    severity: str | None,
    **wanted: str | None,
) -> int:
    """List the changes, newest first.

    Each has the id to review it by, and the severity that the config's rules give it; --severity leaves out those below.
    DATE is YYYY-MM-DD in the config's
    time zone, or an ISO instant.
    """
    from pipeline import history
    from pipeline.cli import tables

    config, db = _opened(settings)
    zone = str(config.schedule.timezone)
    opening, ending = options.moment(since, zone, opening=True), options.moment(until, zone)
    wanted = filters.named(config, db, wanted)
    found = history.changes(
        db, since=opening, until=ending, severity=severity, rules=config.rules, **wanted
    )
    if not found:
        filters.exist(config, db, wanted)
    tables.listing(found, form, CHANGES, nothing="No such changes.")
    for held in history.held_back(db, config.rules):
        if _concerns(held, wanted):
            click.echo(f"claimwatch: {_waiting(held)}", err=True)
    return options.gated(exit_code, severity, (row["severity"] for row in found))


def _concerns(held: Held, wanted: dict[str, str | None]) -> bool:
    """Say whether a list of changes that was asked for would have those of a page that is held back."""
    page, vendor = wanted.get("page"), wanted.get("vendor")
    of_vendor = vendor is None or vendor.casefold() == (held.page.vendor or "").casefold()
    return of_vendor and page in (None, held.page.id)


def _waiting(held: Held) -> str:
    from pipeline.report import holding

    return f"{held.page.id}: {holding.opening(held)} {holding.outlook(held)} See: claimwatch status"


@click.command()
@click.argument("claim")
@options.form()
@options.settings
def history(settings: options.Settings, form: str, claim: str) -> int:
    """Show one claim's life. CLAIM is its id, or the first letters of it."""
    from pipeline.cli import tables

    _, db = _opened(settings)
    life = _life(db, claim)
    tables.listing(
        [_in_words(row) for row in life] if form == "table" else life, form, LIFE, nothing=""
    )
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
