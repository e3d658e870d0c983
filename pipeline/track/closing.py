"""Outcomes → Run, its report and its messages.

The run's end is one line of the top journal with all that was to be sent, so that a crash either
tells nothing yet or loses no message and never sends the same news under two ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from pipeline import alert, history
from pipeline.errors import StoreError
from pipeline.history.rows import Row
from pipeline.model import (
    Changed,
    Failed,
    First,
    Held,
    HeldBack,
    Message,
    Outcome,
    Run,
)
from pipeline.standards import Catalogue
from pipeline.track import feeding, foreseeing, publishing, resuming, situations
from pipeline.track.desk import Desk
from pipeline.track.store import Store


def run_id(store: Store, started_at: datetime) -> str:
    """Return the id of a run that starts: its time, numbered where two start
    at the same instant.
    """
    first = started_at.isoformat()
    number, found = 1, first
    while history.has_run(store.db, found):
        number += 1
        found = f"{first}#{number}"
    return found


def close(store: Store, desk: Desk, begun: Run) -> Run:
    """Return a run that has looked at its pages, with what it found,
    its report written and its messages kept.

    Runs that died before this are told with it, each in a report of its own;
    one line of the journal says it of all of them.
    """
    foreseeing.foresee(store, desk)
    zone, site = store.config.schedule.timezone, store.config.serve.url
    begun = replace(begun, zone=zone, site=site)
    pages = (outcome.look.page.id for outcome in begun.outcomes)
    begun = replace(begun, heads=store.note_heads(begun.id, pages))
    died = tuple(
        replace(run, heads=begun.heads, zone=zone, site=site)
        for run in resuming.died(store, desk, begun.id)
    )
    mine = _rows(store, begun.id, {run.id for run in died})
    earlier = tuple(
        _found(store, desk, run, history.changes_seen(store.db, run.id)) for run in died
    )
    found = replace(_found(store, desk, begun, mine), earlier=earlier)
    news = any(map(publishing.has_news, (found, *earlier)))
    if news:
        store.archive.sync()  # what is shown names the head of the record
    opened = partial(_opened, store)
    report = publishing.publish(store.config.reports, found, opened)
    messages = _messages(store, desk.catalogue, found, report)
    if messages and not news:
        store.archive.sync()
    also = {row["run"] for row in mine if row["run"]} - {found.id}
    store.note(
        "run",
        {
            **_facts(found, report),
            "also": [
                *(
                    _facts(run, publishing.publish(store.config.reports, run, opened))
                    for run in earlier
                ),
                *({"id": run_id, "cut_off": True} for run_id in sorted(also)),
            ],
            "messages": [asdict(message) for message in messages],
        },
    )
    feeding.publish(store.config, store.db, (*earlier, found))
    return found


def _opened(store: Store, runs: Iterable[str]) -> dict[str, int]:
    return {run: still for run, (_, still) in history.changes_of_runs(store.db, runs).items()}


def _messages(
    store: Store, catalogue: Catalogue, found: Run, report: str | None
) -> tuple[Message, ...]:
    config = store.config
    if not config.alerts:
        return ()
    told = replace(found, told=situations.told(store, history.due(store.db)))
    situation = situations.of(store, catalogue, found, report)
    return alert.messages(told, config.alerts, situation)


def _rows(store: Store, run_id: str, died: set[str]) -> list[Row]:
    """Return the rows of what a run tells: what it saw, and what nobody told yet,
    but for what runs told that are told apart.
    """
    db = store.db
    rows = (*history.changes_seen(db, run_id), *history.due(db), *history.untold(db))
    return list({row["id"]: row for row in rows if row["run"] not in died}.values())


def _found(store: Store, desk: Desk, run: Run, rows: list[Row]) -> Run:
    told = situations.told(store, rows)
    findings = publishing.findings(store.db, desk.catalogue, replace(run, told=told))
    return replace(run, told=told, findings=findings, held=tuple(_held(store, run)))


def _held(store: Store, run: Run) -> Iterator[Held]:
    """Yield what there is to say of the captures that a run held back.

    One that stands no more in its place is not said more of.
    """
    looks = {one.look.page.id: one.look for one in run.outcomes if isinstance(one, HeldBack)}
    for held in history.held_back(store.db, store.config.in_force):
        look = looks.get(held.page.id)
        if look and look.snapshot and look.snapshot.digest == held.digest:
            yield held


def _facts(run: Run, name: str | None) -> dict[str, object]:
    outcomes = run.outcomes
    failed, held = (sum(isinstance(one, kind) for one in outcomes) for kind in (Failed, HeldBack))
    return {
        "id": run.id,
        "finished_at": run.finished_at.isoformat(),
        "pages": len(outcomes),
        "read": len(outcomes) - failed - held,
        "failed": failed,
        "held_back": held,
        "changes": len(run.told),
        "report": name,
        "cut_off": run.cut_off,
    }


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
    """Open the database that a rebuild replaces, for the ids that it showed.

    None where it is missing or of no use.
    """
    if not database.exists():
        return None
    try:
        return history.open(database)
    except StoreError:
        return None
