"""`report`: what was found, written again from the store, to be handed on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from pipeline.cli import answering, filters, options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.history import Database, When
    from pipeline.model import Told


@click.command()
@click.option("--vendor", help="This vendor's profile, to be signed.")
@click.option("--since", metavar="DATE", help="Changes first seen on this day or later.")
@click.option("--at", metavar="DATE", help="Changes first seen up to this day, as known then.")
@options.output("html", "markdown", "json")
@options.settings
def report(
    settings: options.Settings,
    output: options.Output,
    vendor: str | None,
    since: str | None,
    at: str | None,
) -> int:
    """Write a report again from the store.

    Reports the changes between two days, with today's verdicts. With --vendor, it is
    that vendor's profile: its claims as of --at with their sentences, changes since --since and who
    reviewed them, open questions, gaps, and the digests of the captures; made to be printed and
    signed. DATE is YYYY-MM-DD in the config's time zone, or an ISO instant.
    """
    from pipeline import history, report
    from pipeline.model import SEVERITIES, Run

    config = settings.load()
    db = answering.database(config)
    zone = str(config.schedule.timezone)
    opening, now = options.moment(since, zone, opening=True), datetime.now(UTC)
    until = options.moment(at, zone) or now
    if vendor is not None:
        filters.exist(config, db, {"vendor": vendor})
        vendor = filters.named(config, db, {"vendor": vendor})["vendor"]
        return _profile(db, config, vendor, history.When(now, until, opening), output)
    told = tuple(_told(db, config, opening, until))
    done = Run(
        opening or min((item.first_seen for item in told), default=until),
        until,
        (),
        tuple(sorted(told, key=lambda item: SEVERITIES.index(item.severity))),
        heads=history.named_heads(db),
        zone=config.schedule.timezone,
        site=config.serve.url,
    )
    draw = {"html": report.html, "markdown": report.markdown, "json": report.json}[output.form]
    output.write(draw(done), f"{len(told)} changes.")
    return 0


def _profile(
    db: Database,
    config: Config,
    vendor: str,
    when: When,
    output: options.Output,
) -> int:
    from pipeline import history
    from pipeline.report import profile

    if output.form == "markdown":
        raise click.UsageError("a vendor's profile is written as html or json")
    found = history.profile(db, options.catalogue(config), vendor, when, config.in_force)
    as_json, zone = output.form == "json", config.schedule.timezone
    text = profile.json(found) if as_json else profile.html(found, zone)
    output.write(text, f"{len(found['claims'])} claims.")
    return 0


def _told(db: Database, config: Config, since: datetime | None, until: datetime) -> Iterator[Told]:
    from pipeline import history

    wanted = {row["id"]: row["page"] for row in history.changes(db, since=since, until=until)}
    for page in dict.fromkeys(wanted.values()):
        yield from (
            told
            for told in history.told(db, history.changes_of(db, page), config.in_force)
            if told.id in wanted
        )
