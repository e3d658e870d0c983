"""`review`, `report`: the analyst's word on what was found, and what to hand on of it."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import files, visible
from pipeline.cli import answering, filters, options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.history import Database
    from pipeline.model import Told, Word
    from pipeline.standards import Catalogue
    from pipeline.track import Store


@click.command()
@click.argument("target", metavar="CHANGE|CLAIM|PAGE")
@click.option(
    "--accept",
    "verdict",
    flag_value="accept",
    help="The change is fine; the page's held capture is the page; our reading is right.",
)
@click.option("--dismiss", "verdict", flag_value="dismiss", help="The change does not matter.")
@click.option("--ask", "verdict", flag_value="ask", help="The vendor was asked.")
@click.option(
    "--reopen", "verdict", flag_value="reopen", help="Take the last verdict back: it is open again."
)
@click.option(
    "--wrong",
    "verdict",
    flag_value="wrong",
    help="Of a claim: we read it wrong, until its sentence changes.",
)
@click.option(
    "--should-be",
    metavar="FIELD=VALUE",
    multiple=True,
    help="With --wrong: how it should read; without, there is no claim.",
)
@click.option(
    "--no-change", "verdict", flag_value="no-change", help="Of a page: looked at, nothing to tell."
)
@click.option("-m", "note", metavar="NOTE", help="Why; kept with the verdict.")
@click.option("--owner", metavar="NAME", help="Who follows it up.")
@click.option("--ref", metavar="TICKET", help="Your own number for it.")
@options.settings
def review(
    settings: options.Settings,
    target: str,
    verdict: str | None,
    should_be: tuple[str, ...],
    note: str | None,
    owner: str | None,
    ref: str | None,
) -> int:
    """Keep your verdict on a change.

    Changes and claims are named by their id, or the first letters of it. Verdicts are kept for ever, the last one counts.
    Without a verdict, a note, owner or ticket is kept beside the one there is. The vendor's words are never altered:
    --wrong corrects what we read in them, marked with your name and the date.
    """
    from pipeline import history, track
    from pipeline.model import Word

    if verdict is None and not (note or owner or ref):
        raise click.UsageError(
            "say --accept, --dismiss, --ask or --reopen, or give a note (-m), --owner or --ref"
        )
    if (verdict == "wrong" or verdict == "no-change") and not note:
        raise click.UsageError(f"--{verdict} needs a note: -m NOTE")
    if should_be and verdict != "wrong":
        raise click.UsageError("--should-be belongs to --wrong")
    config = settings.load()
    catalogue = options.catalogue(config)
    corrected = dict(pair for text in should_be for pair in _pairs(text, catalogue))
    with track.open(config, tell=_aloud) as store:
        store.fit()
        answering.warn(config, store.db)
        target = str(history.find(store.db, target)[1]["id"])
        if config.page(target) is not None and verdict == "accept":
            return _release(store, catalogue, Word(target, getpass.getuser(), note))
        more = {"note": note, "owner": owner, "ref": ref, "who": getpass.getuser()}
        track.review(
            store,
            target,
            verdict or "note",
            at=datetime.now(UTC),
            should_be=corrected or None,
            **more,
        )
        rejected = verdict == "no-change" and any(
            held.page.id == target for held in history.held_back(store.db)
        )
    click.echo(f"{target}: {verdict or 'noted'}.{REJECTED if rejected else ''}")
    return 0


REJECTED = (
    " The capture that is held back is rejected: it stays held back while the page shows that text."
)


def _aloud(text: str) -> None:
    click.echo(f"claimwatch: {visible.line(text)}", err=True)


def _release(store: Store, catalogue: Catalogue, word: Word) -> int:
    """Accept the capture of a page that is held back, and show what that changed."""
    from pipeline import track
    from pipeline.cli import screen, views
    from pipeline.report import phrases

    done = track.release(store, catalogue, word, now=lambda: datetime.now(UTC))
    views.run(screen.console(), done)
    if track.has_news(done):
        index = store.config.reports / "index.html"
        click.echo(f"Report: {index.as_uri()}", err=True)
    click.echo(f"{word.page}: accept; {phrases.count(len(done.told), 'change')} reported.")
    return 0


def _pairs(text: str, catalogue: Catalogue) -> Iterator[tuple[str, str | None]]:
    """Yield the field and the value that a correction gives, nothing for an empty one; a standard comes with its name."""
    from pipeline import history

    field, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        raise click.BadParameter(f"{text!r} is not FIELD=VALUE, as edition=2022")
    if field not in history.FIELDS:
        raise click.BadParameter(
            f"{field!r} is no field of a claim; there are {', '.join(history.FIELDS)}"
        )
    allowed = {"stance": options.STANCES, "scope": ("in", "out")}.get(field)
    if allowed and value not in allowed:
        raise click.BadParameter(f"{field} is one of {', '.join(allowed)}, not {value!r}")
    if field == "standard":
        standard = catalogue.get(value)
        if standard is None:
            raise options.unknown(value, catalogue.ids, "standard")
        yield "standard_name", standard.name
    yield field, value or None


# --------------------------------------------------------------------------- reports again


@click.command()
@click.option("--vendor", help="This vendor's profile, to be signed.")
@click.option("--since", metavar="DATE", help="Changes first seen on this day or later.")
@click.option(
    "--at", metavar="DATE", help="As it was known then: changes first seen up to this day."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of standard output.",
)
@options.form("html", "markdown", "json")
@options.settings
def report(
    settings: options.Settings,
    form: str,
    vendor: str | None,
    since: str | None,
    at: str | None,
    output: Path | None,
) -> int:
    """Write a report again from the store.

    It tells the changes between two days, with the verdicts there are now. With --vendor, it is that vendor's profile: its
    claims as of --at with their sentences, changes since --since and who reviewed them, open questions, gaps, and the
    digests of the captures; made to be printed and signed. DATE is YYYY-MM-DD in the config's time zone, or an ISO instant.
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
        return _profile(db, config, vendor, (opening, until, now), form, output)
    told = tuple(_told(db, config, opening, until))
    done = Run(
        opening or min((item.first_seen for item in told), default=until),
        until,
        (),
        tuple(sorted(told, key=lambda item: SEVERITIES.index(item.severity))),
        heads=history.named_heads(db),
    )
    text = {"html": report.html, "markdown": report.markdown, "json": report.json}[form](done)
    _write(text, form, output, f"{len(told)} changes")
    return 0


def _profile(
    db: Database,
    config: Config,
    vendor: str,
    moments: tuple[datetime | None, datetime, datetime],
    form: str,
    output: Path | None,
) -> int:
    from pipeline import history
    from pipeline.report import profile

    if form == "markdown":
        raise click.UsageError("a vendor's profile is written as html or json")
    since, at, now = moments
    found = history.profile(
        db, options.catalogue(config), vendor, now=now, at=at, since=since, in_force=config.in_force
    )
    _write(
        {"html": profile.html, "json": profile.json}[form](found),
        form,
        output,
        f"{len(found['claims'])} claims",
    )
    return 0


def _write(text: str, form: str, output: Path | None, holds: str) -> None:
    from pipeline.cli import printing

    if output is None:
        printing.document(text, form)
    else:
        files.write(output, text)
        click.echo(f"Wrote {output}: {holds}.", err=True)


def _told(db: Database, config: Config, since: datetime | None, until: datetime) -> Iterator[Told]:
    from pipeline import history

    wanted = {row["id"]: row["page"] for row in history.changes(db, since=since, until=until)}
    for page in dict.fromkeys(wanted.values()):
        yield from (
            told
            for told in history.told(db, history.changes_of(db, page), config.in_force)
            if told.id in wanted
        )
