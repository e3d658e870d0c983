"""`show`: one change, claim or capture whole; a capture's exact bytes. Only reads."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from pipeline import errors
from pipeline.cli import answering, options

if TYPE_CHECKING:
    from pipeline.archive import Archive
    from pipeline.config import Config
    from pipeline.history import Database
    from pipeline.model import Reading, Snapshot

Row = dict[str, Any]
CAPTURE = (
    "digest",
    "page",
    "vendor",
    "url",
    "captured_at",
    "recorded_at",
    "origin",
    "status",
    "media_type",
    "result",
    "file",
)

RELATED = ("id", "first_seen", "severity", "summary", "status")


@click.command()
@click.argument(
    "target",
    metavar="CHANGE|CLAIM|DIGEST",
    shell_complete=options.completing("change", "claim"),
)
@click.option("--raw", is_flag=True, help="Of a capture: its exact bytes, for a file or a pipe.")
@options.form("table", "json")
@options.settings
def show(settings: options.Settings, target: str, raw: bool, form: str) -> int:
    """Show one change, claim or capture whole.

    Of a change, its words marked, when both states were seen, why it has its severity, the verdicts
    on it, and both captures with their digests and files. Of a claim, its sentence and its
    captures. Of a capture, which is named by its digest or the first eight letters of it, the
    readable text with its claims marked; with --raw, its exact bytes.
    """
    from pipeline import history
    from pipeline.archive import Archive

    config = settings.load()
    db, archive = answering.database(config), Archive(config.snapshots)
    captures = history.captures(db, target)
    if raw:
        return _raw(archive, captures, target)
    if captures:
        _capture(config, db, archive, captures, form)
        return 0
    kind, row = history.find(db, target)
    if kind == "page":
        raise errors.NotFound(
            f'"{target}" is a page, and no change, claim or capture; see: claimwatch claims '
            f"--page {target}, claimwatch changes --page {target}"
        )
    (_change if kind == "change" else _claim)(config, db, archive, row, form)
    return 0


def _raw(archive: Archive, captures: Sequence[Row], target: str) -> int:
    from pipeline.cli.printing import Stream

    if not captures:
        raise errors.NotFound(
            f'no capture has the digest "{target}"; `claimwatch show CHANGE` prints those of both '
            "its captures, and --raw takes one of them"
        )
    body = archive.body(captures[0]["digest"], captures[0]["page"])
    if sys.stdout.isatty():
        raise click.UsageError(
            "--raw writes exact bytes, which a terminal cannot show: "
            "send them to a file, as > page.html"
        )
    if isinstance(sys.stdout, Stream):
        sys.stdout.bytes(body)
    return 0


# --------------------------------------------------------------------------- a change, a claim


def _change(config: Config, db: Database, archive: Archive, row: Row, form: str) -> None:
    from pipeline import history, report
    from pipeline.cli import screen, sheets

    shown = history.shown(db, row["id"], config.in_force)
    told = shown.told
    whole = {
        **report.told(told, config.serve.url),
        **{name: shown.row[name] for name in ("claim", "owner", "ref", "due", "reviews")},
        "captures": {
            "before": _placed(archive, history.capture(db, told.page.id, row["seen_until"])),
            "after": _placed(archive, history.capture(db, told.page.id, row["first_seen"])),
        },
        "related": [{name: one[name] for name in RELATED} for one in shown.related],
    }
    if form == "json":
        _json(whole)
    else:
        sheets.change(screen.console(), told, whole, config.schedule.timezone)


def _claim(config: Config, db: Database, archive: Archive, row: Row, form: str) -> None:
    from pipeline import history
    from pipeline.cli import asking, screen, sheets

    life = history.history(db, row["id"])
    zone, last = config.schedule.timezone, life[-1]
    whole = {
        **last,
        "life": life,
        "captures": {
            "first": _placed(archive, history.capture(db, last["page"], last["seen_since"])),
            "last": _placed(archive, history.capture(db, last["page"], last["seen_until"])),
        },
    }
    if form == "json":
        _json(whole)
    else:
        sheets.claim(screen.console(), asking.in_words(last, zone), whole, zone)


def _placed(archive: Archive, capture: Row | None) -> Row | None:
    """Return a capture with the file that has its bytes."""
    if capture is None:
        return None
    found = {name: capture[name] for name in CAPTURE if name != "file"}
    return found | {"file": str(archive.place(capture["digest"]))}


def _json(whole: Row) -> None:
    from pipeline.cli import printing, tables

    printing.document(tables.as_json(whole), "json")


# --------------------------------------------------------------------------- a capture


def _capture(
    config: Config, db: Database, archive: Archive, captures: Sequence[Row], form: str
) -> None:
    from pipeline import history
    from pipeline.cli import screen, sheets
    from pipeline.cli.marked import Text

    first, last = captures[0], captures[-1]
    reading = read(config, snapshot(config, archive, first))
    claims = [
        row
        for row in history.claims(
            db, page=last["page"], at=datetime.fromisoformat(last["captured_at"])
        )
        if last["result"] in ("first", "unchanged", "changed")
    ]
    text = Text(reading.document, claims)
    whole = {
        **(_placed(archive, first) or {}),
        "captured": [row["captured_at"] for row in captures],
        "reason": last["reason"],
        "claims": claims,
        "text": list(text.lines()),
    }
    if form == "json":
        _json(whole)
    else:
        sheets.capture(screen.console(), text, whole, config.schedule.timezone)


def snapshot(config: Config, archive: Archive, row: Row) -> Snapshot:
    """Return the capture of a look's row, with its bytes."""
    from pipeline.model import Page, Snapshot

    page = config.page(row["page"]) or Page(row["page"], row["url"], row["vendor"])
    return Snapshot(
        page=page,
        captured_at=datetime.fromisoformat(row["captured_at"]),
        recorded_at=datetime.fromisoformat(row["recorded_at"]),
        origin=row["origin"],
        url=row["url"],
        media_type=row["media_type"],
        body=archive.body(row["digest"], row["page"]),
        status=row["status"],
        headers=tuple((name, value) for name, value in json.loads(row["headers"])),
        redirects=tuple(json.loads(row["redirects"])),
        revision=row["revision"],
    )


def read(config: Config, snapshot: Snapshot) -> Reading:
    """Return what a capture says, read in a process with a budget, as a run does.

    Raise NotFound where it is no text.
    """
    from pipeline.cli import apart
    from pipeline.model import Failure

    found = apart.shown(snapshot, snapshot.page, options.catalogue(config), config.budget)
    if isinstance(found, Failure):
        raise errors.NotFound(
            f"{snapshot.digest}: cannot be shown as text: {found.reason}; "
            f"its exact bytes: claimwatch show {snapshot.digest} --raw"
        )
    return found[1]
