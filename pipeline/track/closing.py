"""Outcomes → Run, its report, its messages, and their delivery.

The run's end is one line of the top journal with all that was to be sent, so that a crash either tells nothing yet or loses
no message and never sends the same news under two ids.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline import alert, egress, history, report
from pipeline.errors import DeliveryError, StoreError
from pipeline.model import (
    SEVERITIES,
    Changed,
    Document,
    Failed,
    Finding,
    First,
    HeldBack,
    Message,
    Outcome,
    Reading,
    Run,
    Standing,
    Told,
    Unchanged,
)
from pipeline.standards import Catalogue
from pipeline.track.store import Store


def run_id(store: Store, started_at: datetime) -> str:
    """Return the id of a run that starts: its time, numbered where two start at the same instant."""
    first = started_at.isoformat()
    number, found = 1, first
    while history.has_run(store.db, found):
        number += 1
        found = f"{first}#{number}"
    return found


def kept(outcome: Outcome) -> Outcome:
    """Return what a run keeps of a page that it has settled: what is told of it, and not the page.

    Bodies and texts lie in the archive by then; a run over thousands of pages that held on to them would grow with each.
    """
    snapshot = outcome.look.snapshot
    look = replace(outcome.look, snapshot=snapshot.bare() if snapshot else None)
    if isinstance(outcome, First):
        return replace(
            outcome,
            look=look,
            reading=replace(outcome.reading, document=Document(outcome.reading.document.title)),
        )
    if isinstance(outcome, Changed):
        before, after = (
            Reading(Document(reading.document.title)) for reading in (outcome.before, outcome.after)
        )
        return replace(
            outcome,
            look=look,
            before=before,
            after=after,
            comparison=replace(outcome.comparison, pairs=()),
        )
    if isinstance(outcome, Unchanged):
        return Unchanged(look, outcome.form)
    return replace(outcome, look=look)


def close(
    store: Store,
    catalogue: Catalogue,
    run_id: str,
    span: tuple[datetime, datetime],
    outcomes: tuple[Outcome, ...],
    stood: tuple[Standing, ...],
) -> Run:
    """Return what a run did from and to, with its report written and its messages kept; `stood` is how the pages stood before."""
    config, (started_at, finished_at) = store.config, span
    due = history.due(store.db)
    rows = {
        row["id"]: row
        for row in (*history.changes_seen(store.db, run_id), *due, *history.untold(store.db))
    }
    told = _loudest_first(
        history.told(store.db, history.folded(store.db, rows.values()), config.rules)
    )
    found = Run(
        started_at,
        finished_at,
        outcomes,
        told,
        _findings(store, catalogue, outcomes, told, finished_at),
    )
    may_alert = {row["id"] for row in due}
    alerting = replace(found, told=tuple(item for item in told if item.id in may_alert))
    messages = alert.messages(alerting, config.alerts, stood)
    name = publish(config.reports, found)
    store.note(
        "run",
        {
            "id": run_id,
            "finished_at": finished_at.isoformat(),
            "pages": len(outcomes),
            "read": sum(isinstance(outcome, First | Unchanged | Changed) for outcome in outcomes),
            "failed": sum(isinstance(outcome, Failed) for outcome in outcomes),
            "held_back": sum(isinstance(outcome, HeldBack) for outcome in outcomes),
            "changes": len(told),
            "report": name,
            "also": sorted({row["run"] for row in rows.values() if row["run"]} - {run_id}),
            "messages": [asdict(message) for message in messages],
        },
    )
    return found


def _findings(
    store: Store,
    catalogue: Catalogue,
    outcomes: tuple[Outcome, ...],
    told: tuple[Told, ...],
    now: datetime,
) -> tuple[Finding, ...]:
    """Return what the vendors' pages say together, where a page that changed or is new has a part in it.

    What stands on pages that nothing happened to was told before, and is not told with every run.
    """
    new = {
        outcome.look.page.id: outcome.look.page
        for outcome in outcomes
        if isinstance(outcome, First)
    }
    touched = new | {item.page.id: item.page for item in told if item.change.cause == "page"}
    # Pages speak together where they are one vendor's; the claims of all vendors at once would be too much to hold.
    asked = dict.fromkeys(
        (page.vendor, None if page.vendor else page.id) for page in touched.values()
    )
    rows = (
        row
        for vendor, page in asked
        for row in history.findings(store.db, catalogue, now=now, vendor=vendor, page=page)
    )
    found = (
        Finding(
            row["kind"],
            row["summary"],
            tuple((at["page"], at["text"]) for at in row["texts"]),
            row["reference"],
        )
        for row in rows
    )
    # A baseline flags its superseded editions itself.
    return tuple(
        item
        for item in found
        if touched.keys() & {page for page, _ in item.said}
        and not (item.kind == "superseded" and item.said[0][0] in new)
    )


def _loudest_first(told: Iterable[Told]) -> tuple[Told, ...]:
    return tuple(sorted(told, key=lambda item: SEVERITIES.index(item.severity)))


def publish(folder: Path, run: Run) -> str | None:
    """Write the report of a run that has something to tell, and the index; return the report's name."""
    if not run.told and not any(isinstance(outcome, First) for outcome in run.outcomes):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    name = _free_name(folder, run.started_at)
    for suffix, drawn in (("html", report.html), ("md", report.markdown), ("json", report.json)):
        _write(folder / f"{name}.{suffix}", drawn(run))
    entries = tuple(
        report.entry(f"{path.stem}.html", path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.json"))
    )
    _write(folder / "index.html", report.index(entries))
    return f"{name}.html"


def _free_name(folder: Path, at: datetime) -> str:
    first = f"{at:%Y-%m-%dT%H%M%SZ}"
    number, name = 1, first
    while (folder / f"{name}.html").exists():
        number += 1
        name = f"{first}-{number}"
    return name


def _write(path: Path, text: str) -> None:
    temp = path.with_name(f".{path.name}.new")
    temp.write_text(text, encoding="utf-8")
    temp.replace(path)


# --------------------------------------------------------------------------- telling


def deliver(
    store: Store,
    now: Callable[[], datetime],
    environ: Mapping[str, str],
    tell: Callable[[str], None],
) -> None:
    """Hand over every message that is waiting, or could not be handed over before; keep and tell what went wrong."""
    waiting = [row for row in history.outbox(store.db) if row["status"] in ("waiting", "failed")]
    if not waiting:
        return
    with egress.Client(store.config.limits) as client:
        for row in waiting:
            error = _handed_over(
                store, Message(**json.loads(row["message"])), client, environ, now()
            )
            status = "failed" if error else "sent"
            store.note(
                "delivery",
                {
                    "id": row["id"],
                    "at": now().astimezone(UTC).isoformat(),
                    "status": status,
                    "error": error,
                },
            )
            if error:
                tell(f"not delivered, it is tried again at the next run: {error}")


def _handed_over(
    store: Store, message: Message, client: egress.Client, environ: Mapping[str, str], now: datetime
) -> str | None:
    config = store.config
    try:
        alert.deliver(
            message, config.alerts, smtp=config.smtp, client=client, environ=environ, now=now
        )
    except DeliveryError as error:
        return str(error)
    return None


def line(outcome: Outcome, number: int, pages: int) -> str:
    """Return what is told of a page while the run goes on."""
    return f"{number} of {pages} pages: {outcome.look.page.id}: {_result(outcome)}"


def _result(outcome: Outcome) -> str:
    if isinstance(outcome, First):
        return f"first look, {len(outcome.reading.claims)} claims"
    if isinstance(outcome, Changed):
        return f"changed ({len(outcome.comparison.changes)})"
    if isinstance(outcome, HeldBack):
        return f"held back: {outcome.verdict.reason}"
    if isinstance(outcome, Failed):
        return f"could not be read: {outcome.failure.reason}"
    return "unchanged"


def earlier(database: Path) -> history.Database | None:
    """Open the database that a rebuild replaces, for the ids that it showed; None where it is missing or of no use."""
    if not database.exists():
        return None
    try:
        return history.open(database)
    except StoreError:
        return None
