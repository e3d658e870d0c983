"""`extract`, `diff`, `preview`: one page or two, read and shown. Keeps nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from pipeline import errors, visible
from pipeline.cli import options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.model import Comparison, Failure, Page, Snapshot

Found = TypeVar("Found")

PARTLY = 1
CLAIM = (
    "kind",
    "subject",
    "standard",
    "standard_name",
    "edition",
    "level",
    "stance",
    "service",
    "scope",
    "group",
    "name",
    "url",
    "text",
)
CHANGE = (
    "severity",
    "change",
    "kind",
    "field",
    "standard",
    "subject",
    "before",
    "after",
    "summary",
    "why",
)


class Unreadable(Exception):
    """A source that could not be read: at which stage, and why."""

    def __init__(self, source: str, stage: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source, self.stage, self.reason = source, stage, reason


# --------------------------------------------------------------------------- commands


@click.command()
@click.argument("source")
@options.form()
def extract(source: str, form: str) -> int:
    """Show what a page claims, beside its sentences.

    SOURCE is a URL or a file. Each claim stands beside the sentence or cell it came from;
    what was not understood comes last. Needs no configuration and keeps nothing.
    """
    from pipeline import report
    from pipeline.cli import apart, claims, printing, screen, tables

    try:
        read = _known(source, apart.read(_open(source)))
    except Unreadable as error:
        return _unreadable(error, form)
    if form == "json":
        printing.document(tables.as_json(report.extract(source, read)), form)
    elif form == "csv":
        rows = [report.claim(claim) for claim in read.claims]
        printing.document(tables.as_csv(rows, CLAIM), form)
    else:
        claims.reading(screen.console(), source, read)
    return 0


@click.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "--side-by-side",
    "both",
    is_flag=True,
    help="Show the passages that differ, before and after, instead of the changes.",
)
@options.gate
@options.form()
def diff(old: str, new: str, both: bool, form: str, gate: options.Gate) -> int:
    """Show what changed between two pages.

    OLD and NEW are URLs or files. Needs no configuration and keeps nothing.
    """
    from pipeline import report
    from pipeline.cli import beside, changes, printing, screen, tables

    try:
        found = _compared(old, new)
    except Unreadable as error:
        return _unreadable(error, form)
    if form == "json":
        printing.document(tables.as_json(report.diff(old, new, found)), form)
    elif form == "csv":
        rows = [report.change(change) for change in found.changes]
        printing.document(tables.as_csv(rows, CHANGE), form)
    elif both:
        beside.show(screen.console(), found)
    else:
        changes.comparison(screen.console(), found)
    return gate.status(change.severity for change in found.changes)


@click.command()
@click.argument("page", shell_complete=options.completing("page"))
@options.form("table", "json")
@options.settings
def preview(settings: options.Settings, page: str, form: str) -> int:
    """Look at a page once and keep nothing.

    Shows how it was fetched, its health, its claims, and what was not understood.
    PAGE is the id of a configured page, a URL or a file.
    """
    from pipeline import report
    from pipeline.cli import apart, claims, printing, screen, tables

    config = settings.if_any()
    watched = config.page(page) if config else None
    budget = config.budget if config else apart.OWN
    try:
        snapshot = _look(watched, config) if watched and config else _open(page, config)
        found = apart.shown(snapshot, watched, options.catalogue(config), budget)
        verdict, read = _known(page, found)
    except Unreadable as error:
        return _unreadable(error, form)
    facts = {
        "fetched_with": _means(snapshot),
        "url": snapshot.url,
        "redirects": list(snapshot.redirects),
        "status": snapshot.status,
        "media_type": snapshot.media_type,
    }
    facts |= {
        "bytes": len(snapshot.body),
        "digest": snapshot.digest,
        "health": verdict.name,
        "health_reason": verdict.reason,
    }
    if form == "json":
        whole = {**report.extract(page, read), "fetched": facts}
        printing.document(tables.as_json(whole), form)
    else:
        out = screen.console()
        claims.facts(out, facts)
        claims.reading(out, page, read)
    return 0 if verdict.ok else PARTLY


# --------------------------------------------------------------------------- source → reading


def _known(source: str, found: Found | Failure) -> Found:
    """Return what was found in a source; raise Unreadable where it is a failure."""
    from pipeline.model import Failure

    if isinstance(found, Failure):
        raise Unreadable(source, found.stage, found.reason)
    return found


def _compared(old: str, new: str) -> Comparison:
    from pipeline.cli import apart

    before, after = _open(old), _open(new)
    found = apart.compared(before, after)
    if isinstance(found, tuple):
        snapshot, failure = found
        return _known(old if snapshot is before else new, failure)
    return found


def _open(source: str, config: Config | None = None) -> Snapshot:
    from pipeline import sources, words

    try:
        return sources.open(source, now=datetime.now(UTC), limits=config.limits if config else None)
    except errors.SourceError as error:
        unknown = ""
        if config and not Path(source).exists() and "://" not in source:
            near = words.nearest(source, (page.id for page in config.pages))
            alike = f" (near it: {', '.join(near)})" if near else ""
            unknown = f"no page of {config.path} has this id{alike}, and "
        raise Unreadable(source, "fetch", f"{unknown}{error}") from None


def _look(page: Page, config: Config) -> Snapshot:
    from pipeline import sources
    from pipeline.model import Known

    with sources.Client(config.limits) as client:
        look = sources.fetch(page, Known(), now=datetime.now(UTC), client=client)
    if look.snapshot is None:
        failure = look.failure
        raise Unreadable(
            page.url,
            failure.stage if failure else "fetch",
            failure.reason if failure else "the server sent no page",
        )
    return look.snapshot


def _means(snapshot: Snapshot) -> str:
    """Say how a page was fetched."""
    if snapshot.status is None:
        return "file"
    return "http, then shown in a browser" if snapshot.page.browser else "http"


def _unreadable(error: Unreadable, form: str) -> int:
    """Say what could not be read, on standard output for programs and on standard error
    for people; return the status.
    """
    from pipeline.cli import printing, tables

    if form == "json":
        fault = {"stage": error.stage, "reason": error.reason}
        printing.document(tables.as_json({"source": error.source, "error": fault}), form)
    else:
        click.echo(f"claimwatch: {visible.line(str(error))}", err=True)
    return PARTLY
