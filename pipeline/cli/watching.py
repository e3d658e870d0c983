"""`run`, `rebuild`, `verify`, `pack`: looking at pages, and keeping the record whole."""

from __future__ import annotations

import re
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from pipeline import errors
from pipeline.cli import options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.model import Run
    from pipeline.rules import Rule
    from pipeline.standards import Catalogue

PARTLY = 1
_sleep = time.sleep
_HEAD = re.compile(r"[0-9a-f]{12,64}", re.IGNORECASE)


def _now() -> datetime:
    return datetime.now(UTC)


# --------------------------------------------------------------------------- looking


@click.command()
@click.argument("pages", nargs=-1, metavar="[PAGE]...", shell_complete=options.completing("page"))
@click.option(
    "--wait",
    is_flag=True,
    help="Stay for a second look at pages that have to confirm what they changed.",
)
@options.gate
@options.form("table", "json")
@options.settings
def run(
    settings: options.Settings,
    pages: tuple[str, ...],
    form: str,
    gate: options.Gate,
    wait: bool,
) -> int:
    """Look at the pages once, and report what changed.

    Looks at all configured pages, or those named. What is found is recorded, reported, and sent to
    the recipients in the config. Exits 1 if a page failed or was held back. Changes that wait for a
    second look get it at the next run, or with --wait a quarter of an hour later.
    """
    if wait and form == "json":
        raise click.UsageError("--wait may make two runs; take --format table")
    config, catalogue = _opened(settings)
    done = [_once(config, catalogue, pages, form)]
    if wait and (again := _again(config, done[0])):
        done.append(_once(config, catalogue, again, form))
    every = [one for last in done for one in (*last.earlier, last)]
    told = [told.severity for each in every for told in each.told]
    for last in done:
        if last.canary:
            click.echo(f"claimwatch: the canary did not come through: {last.canary}", err=True)
        if stale := _unpinned(config, last):
            raise errors.ConfigError(stale)
    failed = any(_unread(last) or last.canary for last in done)
    return PARTLY if failed else gate.status(told)


def _once(config: Config, catalogue: Catalogue, pages: tuple[str, ...], form: str) -> Run:
    """Run all pages or those named, and print what came of it."""
    from pipeline import report, track
    from pipeline.cli import printing, progress, runs, screen
    from pipeline.track import linking, mapping

    with progress.shown() as tell:
        done = track.run(config, catalogue, now=_now, pages=pages or None, hooks=track.Hooks(tell))
        if not pages:
            linking.try_links(config, _now)
            mapping.read_sitemaps(config, _now, tell)
    if form == "json":
        printing.document(report.json(done), form)
        return done
    out = screen.console()
    for each in (*done.earlier, done):
        runs.run(out, each, config.schedule.timezone)
    if any(track.has_news(each) for each in (*done.earlier, done)):
        sys.stdout.flush()
        click.echo(f"Report: {(config.reports / 'index.html').as_uri()}", err=True)
    for each in (*done.earlier, done):
        runs.headline(out, each)
    return done


def _again(config: Config, done: Run) -> tuple[str, ...]:
    """Return the pages that a run leaves to a second look, once it is time for that."""
    from pipeline import history
    from pipeline.report import phrases
    from pipeline.track import situations

    found = situations.again(config, history.open(config.database), done)
    if found:
        at = config.schedule.allowed(max(when for when, _ in found))
        ids = phrases.listing(tuple(page.id for _, page in found))
        shown = phrases.instant(at, config.schedule.timezone)
        click.echo(f"claimwatch: a second look at {ids} follows at {shown}", err=True)
        sys.stdout.flush()
        _sleep(max(0.0, (at - _now()).total_seconds()))
    return tuple(page.id for _, page in found)


def _unpinned(config: Config, done: Run) -> tuple[str, ...]:
    """Return a line for each rule whose pinned words are on none of its pages;
    the run that saw them go told that as a change.
    """
    if not any(rule.text for rule in config.rules):
        return ()
    from pipeline import parse, rules, track, words
    from pipeline.track import preparing

    looked = {outcome.look.page.id for outcome in done.outcomes}
    with track.open(config) as store:
        known = [
            (page, preparing.with_capture(store, page, known).snapshot)
            for page in config.pages
            if (known := store.known(page)).digest
        ]
        read = [(page, parse.document(snapshot)) for page, snapshot in known if snapshot]
    return tuple(
        f"{config.path}: rules[{place}].text: "
        f'"{rule.text}" stands in no sentence of {_whose(rule)}; '
        "correct the words as the page has them, or take the rule out"
        for place, rule in rules.unpinned(config.rules, read)
        if (rule.page is None or words.fold(rule.page) in looked)
        and not any(rules.applies(rule, told.change, told.page) for told in done.told)
    )


def _whose(rule: Rule) -> str:
    if rule.page:
        return f"the page {rule.page}"
    return f"the pages of {rule.vendor}" if rule.vendor else "any page"


def _unread(done: Run) -> bool:
    from pipeline.model import Failed, HeldBack

    return any(isinstance(outcome, Failed | HeldBack) for outcome in done.outcomes)


# --------------------------------------------------------------------------- the record


@click.command()
@options.settings
def rebuild(settings: options.Settings) -> int:
    """Rebuild the database from snapshots/.

    Everything in it is derived from there: claims, changes and their ids, reviews, deliveries.
    """
    from pipeline import track
    from pipeline.cli import progress

    config, catalogue = _opened(settings)
    with progress.shown() as tell:
        pages = track.rebuild(config, catalogue, now=_now, tell=tell)
    click.echo(f"{config.database}: rebuilt from {config.snapshots}, {pages} pages.")
    return 0


@click.command()
@click.option(
    "--head",
    "heads",
    metavar="HEAD",
    multiple=True,
    help="A head printed by a report, a mail or an earlier verify; it must still be there.",
)
@options.settings
def verify(settings: options.Settings, heads: tuple[str, ...]) -> int:
    """Prove that nothing in snapshots/ was altered.

    Reads every journal's chain and every body again, and holds them against the database, both
    ways. Prints the head of each journal, the SHA-256 of its last line; keep the first one
    elsewhere, to prove by it later all that was recorded. Exits 1 if anything does not fit.
    """
    from pipeline import track

    for given in heads:
        if not _HEAD.fullmatch(given.strip()):
            raise click.BadParameter(
                f"{given!r} is no head: give its 64 hexadecimal digits, or at least the first 12"
            )
    config = settings.load()
    proof = track.verify(config, heads)
    for problem in proof.problems:
        click.echo(f"claimwatch: {problem}", err=True)
    for lag in proof.behind:
        click.echo(f"claimwatch: {lag}", err=True)
    if not config.database.exists():
        click.echo(
            f"claimwatch: {config.database} is missing: nothing proves the last line of "
            f"{config.snapshots / 'journal.jsonl'}; `claimwatch rebuild` makes it again",
            err=True,
        )
    for head in proof.heads:
        click.echo(f"{head.chain}  {head.journal} ({head.lines} line{'s' * (head.lines != 1)})")
    number = len(proof.problems)
    found = f"{number} problem{'s' * (number != 1)}" if number else "all intact"
    looks = f"{proof.looks} look{'s' * (proof.looks != 1)}"
    bodies = f"{proof.bodies} {'body' if proof.bodies == 1 else 'bodies'}"
    click.echo(f"{looks} and {bodies}: {found}.")
    return PARTLY if proof.problems else 0


def _opened(settings: options.Settings) -> tuple[Config, Catalogue]:
    config = settings.load()
    return config, options.catalogue(config)


@click.command()
@options.settings
def pack(settings: options.Settings) -> int:
    """Compress the captures of an earlier version.

    A body that was stored whole is replaced by its difference from the page's body before, once the
    difference is proved to restore it; the first of a page and every 128th stay whole. New captures
    are stored like that at once. You may stop it at any time; call it again to go on. Exits 1 if a
    body cannot be read, which stays as it is.
    """
    from pipeline.archive import Archive
    from pipeline.cli import progress
    from pipeline.track import locking

    config = settings.load()
    with progress.shown() as tell, locking.lock(config.snapshots):
        packed = Archive(config.snapshots, tell).pack()
    for problem in packed.problems:
        click.echo(f"claimwatch: {problem}", err=True)
    click.echo(
        f"{packed.bodies} {'body' if packed.bodies == 1 else 'bodies'} packed: "
        f"{packed.before:,} bytes before, {packed.after:,} now."
    )
    return PARTLY if packed.problems else 0
