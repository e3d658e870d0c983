"""`export`: claims, changes and looks as files for other programs; evidence that proves itself.

Only reads the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import errors, files
from pipeline.cli import answering, asking, changing, filters, options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.history import Database

Row = dict[str, Any]
LOOKS = (
    "page",
    "vendor",
    "captured_at",
    "recorded_at",
    "origin",
    "url",
    "status",
    "result",
    "fault",
    "reason",
    "digest",
)
COLUMNS = {"claims": asking.CSV, "changes": changing.CSV, "looks": LOOKS}


@click.command()
@click.argument(
    "what",
    metavar="claims|changes|looks|CHANGE|CLAIM",
    required=False,
    shell_complete=options.completing("change", "claim"),
)
@click.option(
    "--evidence",
    is_flag=True,
    help="A zip that proves itself: of the change or claim, or of --vendor.",
)
@click.option("--vendor", help="Of this vendor.")
@click.option("--page", shell_complete=options.completing("page"), help="On this page (its id).")
@click.option("--since", metavar="DATE", help="First seen, or looked at, on this day or later.")
@click.option("--until", metavar="DATE", help="The same, on this day or before; claims as of then.")
@options.output(
    *("csv", "json", "xlsx"),
    written="Write to this file; standard output by default, but for xlsx and evidence.",
    how="How to write claims, changes or looks; xlsx needs the extra xlsx.",
)
@options.settings
def export(
    settings: options.Settings,
    /,
    what: str | None,
    evidence: bool,
    output: options.Output,
    **wanted: str | None,
) -> int:
    """Write claims, changes, looks or evidence to a file.

    `export claims`, `export changes` and `export looks` write all of them, or those that the
    options narrow to. No cell can run as a formula. With --evidence, one zip holds the captures
    with their headers and readable text, the claims and changes with their sentences, dates and
    reviews, the journals of the pages, a summary to print, and verify.py, which proves all of it
    offline with Python alone. DATE is YYYY-MM-DD in the config's time zone, or an ISO instant.
    """
    config = settings.load()
    db = answering.database(config)
    wanted = filters.named(config, db, wanted)
    filters.exist(config, db, wanted)
    if evidence:
        return _evidence(config, db, what, wanted, _named(output.path, "a zip, as evidence.zip"))
    if what not in COLUMNS:
        raise click.UsageError("say what to write: claims, changes or looks; or give --evidence")
    rows = _rows(config, db, what, wanted)
    if output.form == "xlsx":
        path = _named(output.path, "a workbook, as claims.xlsx")
        _workbook(rows, what, config, path)
        click.echo(f"Wrote {path}: {len(rows)} {what}.", err=True)
    else:
        output.write(_text(rows, what, output.form, config), f"{len(rows)} {what}.")
    return 0


def _named(output: Path | None, what: str) -> Path:
    if output is None:
        raise click.UsageError(f"name the file with --output: {what}")
    return output


def _rows(config: Config, db: Database, what: str, wanted: Row) -> list[Row]:
    from pipeline import history

    zone = str(config.schedule.timezone)
    of = {name: wanted[name] for name in ("vendor", "page")}
    since = options.moment(wanted["since"], zone, opening=True)
    until = options.moment(wanted["until"], zone)
    if what == "claims":
        return history.claims(db, at=until, **of)
    if what == "changes":
        return history.changes(db, since=since, until=until, rules=config.in_force, **of)
    return history.looks(db, since=since, until=until, **of)


def _text(rows: Sequence[Row], what: str, form: str, config: Config) -> str:
    from pipeline.cli import tables

    if form == "json":
        return tables.as_json(list(rows))
    return tables.as_csv(rows, COLUMNS[what], config.schedule.timezone)


def _workbook(rows: Sequence[Row], what: str, config: Config, output: Path) -> None:
    """Write rows as a workbook in which every text is a text, whatever it begins with."""
    from pipeline.cli import tables

    try:
        import xlsxwriter
    except ImportError:
        raise errors.ConfigError(
            ("a workbook needs the extra xlsx: pip install 'claimwatch[xlsx]', or take csv",)
        ) from None
    names = [*COLUMNS[what], *sorted({key for row in rows for key in row} - set(COLUMNS[what]))]
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(output), safe) as book:
        sheet = book.add_worksheet(what)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, 1):
            for column, name in enumerate(names):
                value = tables.exported(row.get(name), config.schedule.timezone)
                if isinstance(value, str):
                    sheet.write_string(number, column, tables.safe(value)[:LONGEST])
                else:
                    sheet.write_number(number, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(names) - 1)


LONGEST = 32_767
"""A cell of a workbook holds so many characters."""


# --------------------------------------------------------------------------- evidence


def _evidence(config: Config, db: Database, what: str | None, wanted: Row, output: Path) -> int:
    from pipeline.cli import gathering

    if (what is None) == (wanted["vendor"] is None) or what in COLUMNS:
        raise click.UsageError("--evidence is of one change or claim, or of one --vendor")
    zone = str(config.schedule.timezone)
    period = (
        options.moment(wanted["since"], zone, opening=True),
        options.moment(wanted["until"], zone) or datetime.now(UTC),
    )
    now = datetime.now(UTC)
    chosen = (
        gathering.of_id(config, db, what)
        if what
        else gathering.of_vendor(config, db, str(wanted["vendor"]), period, made_at=now)
    )
    packed, holds = gathering.packed(config, db, chosen, made_at=now)
    with files.named(output):
        output.write_bytes(packed)
    click.echo(f"Wrote {output}: {holds}. To prove it: unzip it, then python verify.py", err=True)
    return 0
