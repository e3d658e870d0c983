"""`status`: how every page stands, and what a person has to see to. Only reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli import answering, options

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pipeline.config import Config
    from pipeline.history import Database
    from pipeline.model import Held

Row = dict[str, Any]

COLUMNS = (
    "page",
    "vendor",
    "result",
    "last_good_at",
    "next_look_at",
    "claims",
    "open_changes",
    "failures",
)
CSV = (
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
LABELS = {
    "last_good_at": "last good look",
    "next_look_at": "next look",
    "open_changes": "open",
}
RESULTS = {"first": "first look"}
UNREAD = ("failed", "held back")


@click.command()
@options.form()
@options.settings
def status(settings: options.Settings, form: str) -> int:
    """Show every page: last good look, next look, what is open."""
    from pipeline import history
    from pipeline.cli import tables

    config = settings.load()
    db = answering.database(config)
    held = {one.page.id: one for one in history.held_back(db, config.in_force)}
    rows = list(_standing(config, db))
    for told in _undone(db):
        click.echo(f"claimwatch: {told}", err=True)
    zone = config.schedule.timezone
    if form == "table":
        _shown(config, rows, held)
    else:
        told_rows = [row | _held(held.get(row["page"]), form) for row in rows]
        tables.data(told_rows, form, CSV, zone)
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


def _undone(db: Database) -> Iterator[str]:
    """Yield what a person has to see to: verdicts that match nothing any more,
    messages that were not delivered.
    """
    from pipeline import history

    for row in history.reviews(db):
        if row["detached"]:
            said = f"what was said of {row['target']} ({row['verdict']}, {row['at'][:10]})"
            yield f"{said} matches nothing any more{': ' + row['note'] if row['note'] else ''}"
    yield from _untaken(history.outbox(db))


def _untaken(outbox: list[Row]) -> Iterator[str]:
    """Yield the messages that were not taken: those that are tried again,
    and for each recipient those that are given up.
    """
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
    """Return what a row says of a page that is held back: all of it as JSON, the least as CSV."""
    from pipeline import report

    if form == "json":
        return {"held": report.held(held) if held else None}
    return {"held_since": held.since.isoformat(), "would_change": len(held.changes)} if held else {}


# --------------------------------------------------------------------------- for people


def _shown(config: Config, rows: Sequence[Row], held: dict[str, Held]) -> None:
    """Print how the pages stand, then why those could not be read that were not,
    and the sum of it last.
    """
    from pipeline.cli import printing, tables

    zone = config.schedule.timezone
    view = tables.View(
        COLUMNS,
        _block,
        nothing=f"{config.path} names no pages yet: claimwatch add URL",
        labels=LABELS,
        zone=zone,
    )
    tables.listing([_in_words(row) for row in rows], view)
    well = rows and not held and not any(row["last_result"] in UNREAD for row in rows)
    if well and printing.piped():
        print(f"\n{_sum(rows)}")
    else:
        _explained(rows, held, zone)


def _block(row: Mapping[str, Any], zone: tzinfo) -> RenderableType:
    from pipeline.cli import blocks  # no pipe is shown any

    return blocks.page(row, zone)


def _explained(rows: Sequence[Row], held: dict[str, Held], zone: tzinfo) -> None:
    """Print why pages could not be read that were not, and the sum of all."""
    from rich.text import Text

    from pipeline.cli import screen, tables

    out = screen.console()
    for row in rows:
        if row["last_result"] in UNREAD and row["page"] not in held:
            said = f"  {tables.safe(row.get('reason') or row.get('fault') or 'not read')}"
            out.print(Text.assemble("\n", (tables.safe(row["page"]), "bold red"), said))
    for one in held.values():
        from pipeline.cli import waiting

        out.print()
        waiting.show(out, one, zone)
    if rows:
        out.print(Text(f"\n{_sum(rows)}", "bold"))


def _in_words(row: Row) -> Row:
    return row | {"result": RESULTS.get(row["last_result"], row["last_result"])}


def _sum(rows: Sequence[Row]) -> str:
    """Return in a sentence how many pages there are, how many are not read,
    and how many changes wait.
    """
    from pipeline.report import phrases

    failed = sum(row["last_result"] == "failed" for row in rows)
    held = sum(row["last_result"] == "held back" for row in rows)
    never = sum(row["last_good_at"] is None and row["last_result"] not in UNREAD for row in rows)
    waiting = sum(row["open_changes"] for row in rows)
    parts = (
        phrases.count(len(rows), "page"),
        f"{failed} could not be read" if failed else "",
        f"{held} held back" if held else "",
        f"{never} never looked at" if never else "",
        f"{phrases.count(waiting, 'open change')} of medium severity or above"
        if waiting
        else "no open changes of medium severity or above",
    )
    return f"{', '.join(part for part in parts if part)}."
