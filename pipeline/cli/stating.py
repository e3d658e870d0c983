"""`statement`: what the record says of a vendor and a period, to be handed on. Only reads."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from pipeline.cli import answering, filters, options


@click.command()
@click.option("--vendor", required=True, help="Of this vendor.")
@click.option("--since", metavar="DATE", help="From this day on; the first look by default.")
@click.option("--until", metavar="DATE", help="To the end of this day; now by default.")
@options.output("text", "html", "json")
@options.settings
def statement(
    settings: options.Settings,
    output: options.Output,
    vendor: str,
    since: str | None,
    until: str | None,
) -> int:
    """State whether a vendor's claims changed in a period.

    Every look of the period is held against its line in the page's journal, up to the last look,
    and every capture against its SHA-256. Where the record does not reconcile, nothing is stated:
    the exit status is 1, and what is wrong is named. Looks that failed or were held back, and long
    times without a good one, are listed. As html it is made to be printed and signed. DATE is
    YYYY-MM-DD in the config's time zone, or an ISO instant.
    """
    from pipeline.report import statement as drawn
    from pipeline.track import stating

    config = settings.load()
    db = answering.database(config)
    filters.exist(config, db, {"vendor": vendor})
    vendor = filters.named(config, db, {"vendor": vendor})["vendor"]
    timezone, now = config.schedule.timezone, datetime.now(UTC)
    opening = options.moment(since, str(timezone), opening=True)
    period = stating.Period(opening, options.moment(until, str(timezone)) or now)
    said = stating.statement(config, db, vendor, period, made_at=now)
    draw = {"text": drawn.text, "html": drawn.html}.get(output.form)
    text = draw(said, timezone) if draw else drawn.json(said)
    output.write(text, drawn.headline(said))
    return int(said.verdict == "unknown")
