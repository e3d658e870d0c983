"""`review`: the analyst's verdict on changes, claims and pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from pipeline import errors, visible
from pipeline.cli import answering, asked, filters, options

if TYPE_CHECKING:
    from pipeline.standards import Catalogue
    from pipeline.track import Review, Store

Row = dict[str, Any]
DONE = {
    "accept": "accepted",
    "dismiss": "dismissed",
    "ask": "marked as asked",
    "wrong": "marked as read wrong",
    "no-change": "signed off",
    "reopen": "reopened",
    "note": "noted",
}
REJECTED = (
    " The capture that is held back is rejected: it stays held back while the page shows that text."
)
BESIDE = ("note", "owner", "ref", "due")
"""What is kept beside a verdict."""
SEVERAL = ("run", "page", "batch")
"""What names all open changes of a run, a page or a cause."""


def _due(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    from pipeline.report import due

    try:
        return due.parsed(text) if text is not None else None
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no date: write it as 2024-05-01, or none to clear it"
        ) from None


@click.command()
@click.argument(
    "targets",
    metavar="[CHANGE|CLAIM|PAGE]...",
    nargs=-1,
    shell_complete=options.completing("change", "page", "claim"),
)
@click.option(
    "--accept",
    "verdict",
    flag_value="accept",
    help="The change is fine; the page's held capture is the page; our reading is right.",
)
@click.option("--dismiss", "verdict", flag_value="dismiss", help="The change does not matter.")
@click.option(
    "--ask", "verdict", flag_value="ask", help="The vendor is asked: prints the mail to send."
)
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
    "--no-change",
    "verdict",
    flag_value="no-change",
    help="Of a page: looked at, nothing to report.",
)
@click.option(
    "--run",
    metavar="RUN",
    shell_complete=options.completing("run"),
    help="All open changes that a run found; `last` is the last.",
)
@click.option(
    "--page",
    metavar="PAGE",
    shell_complete=options.completing("page"),
    help="All open changes of a page.",
)
@click.option(
    "--batch",
    metavar="CHANGE",
    shell_complete=options.completing("change"),
    help="All open changes of one cause with this one.",
)
@click.option(
    "--severity",
    type=click.Choice(options.SEVERITIES),
    multiple=True,
    help="Only those of exactly this severity; may be given several times.",
)
@click.option("-m", "note", metavar="NOTE", help="Why; kept with the verdict.")
@click.option("--owner", metavar="NAME", help="Who follows it up.")
@click.option("--ref", metavar="TICKET", help="Your own number for it.")
@click.option(
    "--due",
    metavar="DATE",
    callback=_due,
    help="Of changes: until when it is to be followed up, as 2024-05-01; none clears it.",
)
@click.option("--as", "reviewer", metavar="NAME", help="Who says so; see above.")
@click.option("--dry-run", is_flag=True, help="Only list what would be settled.")
@click.option("--yes", is_flag=True, help="Do not ask before several changes are settled.")
@options.settings
def review(
    settings: options.Settings,
    /,
    targets: tuple[str, ...],
    verdict: str | None,
    should_be: tuple[str, ...],
    **more: Any,
) -> int:
    """Keep your verdict on changes, a claim or a page.

    Changes and claims are named by their id, or the first letters of it; --run, --page and --batch
    name all open changes of theirs, --severity narrows those. Several changes are listed first, and
    on a terminal you are asked before they are settled. Verdicts are kept for ever; the last one
    counts. Without a verdict, a note, owner, ticket or due date is kept beside the one there is.
    The vendor's words are never altered: --wrong corrects what we read in them, marked with your
    name and the date.

    Your name is that of --as, else of $CLAIMWATCH_REVIEWER,
    else `reviewer` under [review] in the config, else your login name.
    """
    from pipeline import track

    wide = {name: more[name] for name in SEVERAL if more[name] is not None}
    _proper(targets, verdict, should_be, more, wide)
    config = settings.load()
    catalogue = options.catalogue(config)
    beside = {name: more[name] for name in BESIDE}
    who = options.reviewer(config, more["reviewer"])
    given = track.Review(verdict or "note", datetime.now(UTC), who, **beside)
    with track.open(config, tell=_aloud) as store:
        store.fit()
        answering.warn(config, store.db)
        if wide or len(targets) > 1:
            rows = _chosen(store, targets, wide, more["severity"])
            return _several(
                store, rows, given, asks=bool(wide) and not more["yes"], dry=more["dry_run"]
            )
        if more["dry_run"]:
            raise click.UsageError("--dry-run lists several changes: give --run, --page or --batch")
        return _one(store, catalogue, targets[0], given, should_be)


def _aloud(text: str) -> None:
    click.echo(f"claimwatch: {visible.line(text)}", err=True)


def _proper(
    targets: Sequence[str],
    verdict: str | None,
    should_be: Sequence[str],
    more: Row,
    wide: Row,
) -> None:
    """Raise UsageError where options do not go together."""
    if verdict is None and more["due"] is None and not any(more[name] for name in BESIDE):
        raise click.UsageError(
            "say --accept, --dismiss, --ask or --reopen, or give a note (-m), --owner, "
            "--ref or --due"
        )
    if verdict in ("wrong", "no-change") and not more["note"]:
        raise click.UsageError(f"--{verdict} needs a note: -m NOTE")
    if should_be and verdict != "wrong":
        raise click.UsageError("--should-be belongs to --wrong")
    if verdict in ("wrong", "no-change") and (wide or len(targets) != 1):
        raise click.UsageError(f"--{verdict} is said of one thing: give its id alone")
    if targets and wide:
        raise click.UsageError("give either ids, or --run, --page or --batch")
    if not targets and not wide:
        raise click.UsageError("name what you review: ids, or --run, --page or --batch")
    if more["severity"] and not wide:
        raise click.UsageError("--severity narrows --run, --page or --batch; an id needs none")


# --------------------------------------------------------------------------- one thing


def _one(
    store: Store, catalogue: Catalogue, target: str, given: Review, should_be: Sequence[str]
) -> int:
    from pipeline import history, track
    from pipeline.cli import releasing
    from pipeline.model import Word
    from pipeline.track import correcting

    corrected = correcting.should_be(map(_pair, should_be), catalogue)
    kind, row = history.find(store.db, target)
    name = str(row["id"])
    if kind == "page" and given.verdict == "accept":
        return releasing.release(store, catalogue, Word(name, given.who, given.note))
    track.review(store, name, replace(given, should_be=corrected))
    rejected = given.verdict == "no-change" and any(
        held.page.id == name for held in history.held_back(store.db)
    )
    done = "rejected" if rejected else DONE[given.verdict]
    about = f" {row['summary']} ({row['page']})" if kind == "change" else ""
    click.echo(f"{name}: {done} by {given.who}.{about}{REJECTED if rejected else ''}")
    if given.verdict == "ask":
        asked.mails(store, (name,))
    return 0


# --------------------------------------------------------------------------- several changes


def _chosen(
    store: Store, targets: Sequence[str], wide: Row, severities: Sequence[str]
) -> list[Row]:
    """Return the changes that ids name, whatever their status, or the open ones
    of a run, page or cause.
    """
    from pipeline.cli import changing

    if targets:
        return list(_named(store, targets))
    filters.exist(store.config, store.db, {"page": wide.get("page")})
    found = changing.listed(store.config, store.db, {**wide, "status": "open"})
    return [row for row in found if not severities or row["severity"] in severities]


def _named(store: Store, targets: Sequence[str]) -> Iterator[Row]:
    """Yield the changes of ids in their order, each once.

    Raise NotFound for what is none before anything is settled.
    """
    from pipeline import history

    found: dict[str, Row] = {}
    for target in targets:
        kind, row = history.find(store.db, target)
        if kind != "change":
            raise errors.NotFound(
                f'"{target}" is a {kind}; several ids have to be changes: review it by itself'
            )
        found[row["id"]] = history.shown(store.db, row["id"], store.config.in_force).row
    yield from found.values()


def _several(store: Store, rows: list[Row], given: Review, *, asks: bool, dry: bool) -> int:
    """List changes, ask where a person can answer, settle all of them, and say what was settled."""
    from pipeline import track
    from pipeline.cli import changing
    from pipeline.report import phrases

    if not rows:
        click.echo("No open changes of that kind: nothing to settle.")
        return 0
    changing.shown(rows, store.config.schedule.timezone, whole=True)
    many = phrases.count(len(rows), "change")
    done = DONE[given.verdict]
    if dry:
        click.echo(f"{many} would be {done} by {given.who}; nothing was settled.")
        return 0
    if asks and sys.stdin.isatty():
        click.confirm(f"{many}: to be {done} by {given.who}?", abort=True, err=True)
    for row in rows:
        track.review(store, row["id"], given)
    click.echo(f"{many} {done} by {given.who}.")
    if given.verdict == "ask":
        asked.mails(store, (row["id"] for row in rows))
    return 0


def _pair(text: str) -> tuple[str, str]:
    """Return the field and the value that a correction gives."""
    field, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        raise click.BadParameter(f"{text!r} is not FIELD=VALUE, as edition=2022")
    return field, value
