"""Run, alerts, standing → Messages: who is told what. Pure: the same run gives the same messages with the same ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pipeline.alert import compose
from pipeline.alert.news import News, Tally, Trouble
from pipeline.model import (
    SEVERITIES,
    Changed,
    Failed,
    First,
    HeldBack,
    Message,
    Outcome,
    Run,
    Severity,
    Standing,
    Told,
    Unchanged,
)
from pipeline.rules import Alert

PATIENCE = 3
"""A page that could not be read this many times in a row is told, once; and once more when it is read again."""


def messages(
    run: Run, alerts: Iterable[Alert], standing: Iterable[Standing]
) -> tuple[Message, ...]:
    """Return what each recipient is to be told of a run: changes at its severity or above, troubles, its daily line.

    A page that may have lost most of its claims is told at once to everybody, as critical and unconfirmed.

    `standing` is how every page stood before the run. Only what the page itself changed is told, never our re-reading or
    a backfill. Nobody is told that nothing happened, but for a daily line, once a day.
    """
    before = {stood.page: stood for stood in standing}
    troubles = tuple(trouble for outcome in run.outcomes if (trouble := _trouble(outcome, before)))
    tally = _tally(run, before)
    sent = []
    for alert in alerts:
        news = News(tally, _due(run.told, alert.severity), troubles, run.finished_at)
        if news.changes or news.troubles or alert.daily:
            sent.append(_message(alert, news))
    return tuple({message.id: message for message in sent}.values())


def _due(told: Iterable[Told], severity: Severity) -> tuple[Told, ...]:
    least = SEVERITIES.index(severity)
    due = (
        item
        for item in told
        if item.change.cause == "page" and SEVERITIES.index(item.severity) <= least
    )
    return tuple(sorted(due, key=lambda item: SEVERITIES.index(item.severity)))


def _trouble(outcome: Outcome, before: dict[str, Standing]) -> Trouble | None:
    page = outcome.look.page
    stood = before.get(page.id, Standing(page.id))
    if isinstance(outcome, First | Unchanged | Changed):
        return (
            Trouble(page, stood.unread, stood.last_good_at)
            if stood.unread >= PATIENCE or stood.doubted
            else None
        )
    if isinstance(outcome, HeldBack) and outcome.good is not None:
        doubted = (outcome.good, outcome.look.snapshot.digest if outcome.look.snapshot else "")
        return (
            Trouble(page, 1, stood.last_good_at, outcome.verdict.reason, doubted)
            if outcome.since is None
            else None
        )
    looks = outcome.in_a_row if isinstance(outcome, Failed) else stood.unread + 1
    return Trouble(page, looks, stood.last_good_at, _reason(outcome)) if looks == PATIENCE else None


def _reason(outcome: Failed | HeldBack) -> str:
    return (
        outcome.failure.reason
        if isinstance(outcome, Failed)
        else f"held back: {outcome.verdict.reason}"
    )


def _tally(run: Run, before: dict[str, Standing]) -> Tally:
    good = {page: stood.last_good_at for page, stood in before.items()}
    good |= {outcome.look.page.id: good.get(outcome.look.page.id) for outcome in run.outcomes}
    read = [
        outcome.look for outcome in run.outcomes if isinstance(outcome, First | Unchanged | Changed)
    ]
    good |= {look.page.id: look.looked_at for look in read}
    # A page without any good look is older than all others.
    oldest = min(
        good.items(),
        key=lambda item: (item[1] is not None, item[1] or run.started_at, item[0]),
        default=None,
    )
    return Tally(len(read), len(run.outcomes), oldest)


def _message(alert: Alert, news: News) -> Message:
    message_id = _id(alert, news)
    return Message(
        message_id,
        alert.name or alert.to,
        compose.subject(news),
        compose.text(news),
        compose.html(news),
        compose.payload(message_id, news),
    )


def _id(alert: Alert, news: News) -> str:
    """Return an id that the same news to the same recipient has again, when a run is repeated after a crash."""
    parts = [item.id for item in news.changes]
    parts += [
        f"{trouble.page.id} {trouble.doubted or trouble.reason is None} {trouble.last_good_at}"
        for trouble in news.troubles
    ]
    content = parts or [f"daily {news.at.date()}"]
    return hashlib.sha256("\n".join((alert.to, *sorted(content))).encode()).hexdigest()[:16]
