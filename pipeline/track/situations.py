"""Store → what alerts follow from beside a run. Only reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline import history
from pipeline.config import Config
from pipeline.history.rows import Row
from pipeline.model import SEVERITIES, Confirmation, Page, Recent, Run, Situation, Told
from pipeline.standards import Catalogue
from pipeline.track.store import Store

COLLECTED = timedelta(days=14)
"""How far a first digest may look back: over the week before the one that a run is in."""
WAITED = timedelta(days=40)
"""For how long a change that nobody reviewed may be told again."""
DOUBTED = timedelta(days=14)
"""For how long a change may wait for a second look: a page that is down longer is news itself."""
AGAIN, CALM = timedelta(minutes=15), timedelta(hours=2)
"""When a changed page is looked at a second time, if it did not change for so long before."""


def of(store: Store, catalogue: Catalogue, run: Run, report: str | None) -> Situation:
    """Return what alerts follow from at the end of a run whose report has
    that name, None without one.
    """
    config = store.config
    found = replace(
        history.situation(store.db),
        last_run_at=history.last_run_at(store.db),
        report=f"{config.reports.name}/{report}" if report else None,
        dead=history.dead(store.db),
        said=history.said(store.db),
        zone=config.schedule.timezone,
        every=config.monitor.every,
        site=config.serve.url,
        confirmation=_confirmation(store, run.finished_at),
    )
    if any(alert.daily for alert in config.alerts):
        claims = sum(row["claims"] or 0 for row in history.status(store.db))
        found = replace(found, claims=claims)
    if any(alert.digest for alert in config.alerts):
        found = _collected(store, found, run.finished_at)
    days = [at and at.astimezone(found.zone).date() for at in (found.last_run_at, run.finished_at)]
    # What only time changes is looked for once a day, for all claims have to be read for it.
    return found if days[0] == days[1] else _reminded(store, catalogue, found, run.finished_at)


def _confirmation(store: Store, at: datetime) -> Confirmation:
    db, since = store.db, at - DOUBTED
    found = history.twice(db, {page.id: page.confirm for page in store.config.pages}, since)
    if found == history.Twice():
        return Confirmation()
    ids = {row["id"] for row in (*found.confirmed, *found.withdrawn)}
    return Confirmation(
        frozenset(row["id"] for row in found.awaited),
        told(store, list(found.confirmed)),
        told(store, list(found.withdrawn)),
        found.brief,
        history.sent(db, ids | {undone for _, undone in found.brief}, since),
    )


def again(config: Config, db: history.Database, run: Run) -> tuple[tuple[datetime, Page], ...]:
    """Return the pages of which changes that a run saw wait for a second look, and when to look.

    One that changes at each look, as a page that shows something else to each visitor does, is
    left to its schedule.
    """
    pages = {page.id: page for page in config.pages}
    wanted = {page.id: page.confirm for page in config.pages}
    until = run.started_at - timedelta(microseconds=1)
    restless = {row["page"] for row in history.seen_between(db, until - CALM, until)}
    waiting = {
        row["page"]
        for row in history.twice(db, wanted, until).awaited
        if row["run"] == run.id and row["severity"] in ("critical", "high", "medium")
    }
    return tuple((run.finished_at + AGAIN, pages[page]) for page in sorted(waiting - restless))


def _collected(store: Store, found: Situation, at: datetime) -> Situation:
    digests = history.digests(store.db)
    since = min([at - COLLECTED, *(digest.until for digest in digests)])
    rows = history.told_since(store.db, since)
    closed = {row["id"]: datetime.fromisoformat(row.pop("closed_at")) for row in rows}
    recent = tuple(Recent(closed[one.id], one) for one in told(store, rows) if one.id in closed)
    return replace(found, digests=digests, recent=recent)


def _reminded(store: Store, catalogue: Catalogue, found: Situation, at: datetime) -> Situation:
    config = store.config
    seen = told(store, history.seen_between(store.db, at - WAITED, at))
    return replace(
        found,
        dated=history.dated(store.db, catalogue, config.schedule.timezone),
        rhythms=history.rhythms(store.db),
        gone=history.gone(store.db),
        listed=history.newly_listed(store.db, at - COLLECTED),
        needs=history.needs(store.db, config.requirements),
        waiting=tuple(
            item for item in seen if item.severity == "critical" and item.status == "open"
        ),
    )


def told(store: Store, rows: list[Row]) -> tuple[Told, ...]:
    """Return changes as they are told, with their captures, most severe first."""
    told = history.told(store.db, history.folded(store.db, rows), store.config.in_force)
    captures = history.captures_of(store.db, (item.id for item in told))
    shown = (replace(item, captures=captures[item.id]) for item in told)
    return tuple(sorted(shown, key=lambda item: SEVERITIES.index(item.severity)))
