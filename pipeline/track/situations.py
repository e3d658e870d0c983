"""Store → what alerts follow from beside a run. Only reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline import history
from pipeline.history.rows import Row
from pipeline.model import SEVERITIES, Recent, Run, Situation, Told
from pipeline.standards import Catalogue
from pipeline.track.store import Store

COLLECTED = timedelta(days=14)
"""How far a first digest may look back: over the week before the one that a run is in."""
WAITED = timedelta(days=40)
"""For how long a change that nobody reviewed may be told again."""


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
    )
    if any(alert.daily for alert in config.alerts):
        claims = sum(row["claims"] or 0 for row in history.status(store.db))
        found = replace(found, claims=claims)
    if any(alert.digest for alert in config.alerts):
        found = _collected(store, found, run.finished_at)
    days = [at and at.astimezone(found.zone).date() for at in (found.last_run_at, run.finished_at)]
    # What only time changes is looked for once a day, for all claims have to be read for it.
    return found if days[0] == days[1] else _reminded(store, catalogue, found, run.finished_at)


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
        needs=history.needs(store.db, config.requirements),
        waiting=tuple(
            item for item in seen if item.severity == "critical" and item.status == "open"
        ),
    )


def told(store: Store, rows: list[Row]) -> tuple[Told, ...]:
    """Return changes as they are told, most severe first."""
    told = history.told(store.db, history.folded(store.db, rows), store.config.in_force)
    return tuple(sorted(told, key=lambda item: SEVERITIES.index(item.severity)))
