"""Run, alerts, situation → Messages: who is told what. Pure: the same record gives the same messages with the same ids."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from pipeline.alert import compose
from pipeline.alert.news import News, Tally, Trouble
from pipeline.model import (
    SEVERITIES,
    Failed,
    First,
    HeldBack,
    Message,
    Notice,
    Outage,
    Run,
    Severity,
    Situation,
    Standing,
    Told,
)
from pipeline.rules import Alert

PATIENCE = 3
"""A page that could not be read this many times in a row is told, once; and once more when it is read again."""


def messages(run: Run, alerts: Iterable[Alert], situation: Situation) -> tuple[Message, ...]:
    """Return what each recipient is to be told of a run: changes at its severity or above, outages, its daily line.

    A page that may have lost most of its claims is told at once to everybody, as critical and unconfirmed.

    What is told of outages follows from how they stand in the record and from what the recipient was told already, so that a
    run that died told nothing twice, and nothing that it should have told is lost. Only what the page itself changed is told,
    never our re-reading or a backfill. Nobody is told that nothing happened, but for a daily line, once a day.
    """
    tally = _tally(run, situation.standing)
    sent = []
    for alert in alerts:
        troubles = tuple(_troubles(situation, alert.name or alert.to))
        news = News(tally, _due(run.told, alert.severity), troubles, run.finished_at)
        if news.changes or news.troubles or alert.daily:
            sent.append(_message(alert, _with_more(news, run, daily=alert.daily)))
    return tuple({message.id: message for message in sent}.values())


def trial(recipient: str, at: datetime) -> Message:
    """Return a message by which somebody sees whether a recipient can be reached."""
    subject = "claimwatch: a trial message"
    text = (
        f"Somebody asked for this on {compose.when(at)}, to see that it arrives. Nothing changed.\n"
    )
    message_id = hashlib.sha256(f"trial {recipient} {at.isoformat()}".encode()).hexdigest()[:16]
    return Message(
        message_id,
        recipient,
        subject,
        text,
        f"<p>{html.escape(text)}</p>",
        json.dumps({"id": message_id, "subject": subject, "text": f"{subject}\n\n{text}"}),
    )


def _with_more(news: News, run: Run, *, daily: bool) -> News:
    """Return the news with all that is said of the pages it speaks of: of every page that was not read, once a day."""
    pages = {trouble.page.id for trouble in news.troubles}
    held = tuple(held for held in run.held if daily or held.page.id in pages)
    failed = tuple(outcome for outcome in run.outcomes if isinstance(outcome, Failed) and daily)
    return replace(news, held=held, failed=failed, accepted=run.accepted, head=run.head)


def _due(told: Iterable[Told], severity: Severity) -> tuple[Told, ...]:
    least = SEVERITIES.index(severity)
    due = (
        item
        for item in told
        if item.change.cause == "page" and SEVERITIES.index(item.severity) <= least
    )
    return tuple(sorted(due, key=lambda item: SEVERITIES.index(item.severity)))


def _troubles(situation: Situation, recipient: str) -> Iterator[Trouble]:
    """Yield what a recipient has not been told of outages yet, and that one it was told of is over."""
    notices = [notice for notice in situation.notices if notice.recipient == recipient]
    told = {(notice.kind, notice.page, notice.since) for notice in notices}
    begun = [
        trouble
        for outage in situation.outages
        for trouble in _begun(outage)
        if (trouble.kind, trouble.page.id, trouble.since) not in told
    ]
    yield from begun
    for trouble in _ended(situation, begun, notices):
        if (trouble.kind, trouble.page.id, trouble.since) not in told:
            yield trouble


def _begun(outage: Outage) -> Iterator[Trouble]:
    page, since = outage.page, outage.since
    if outage.doubt and _is_news(outage, outage.doubt.look):
        doubt = outage.doubt
        yield Trouble(
            "doubted",
            page,
            since,
            doubt.look,
            outage.last_good_at,
            doubt.reason,
            doubt.captures,
        )
    if outage.looks >= PATIENCE and _is_news(outage, PATIENCE):
        yield Trouble("unread", page, since, outage.looks, outage.last_good_at, outage.reason)


def _is_news(outage: Outage, look: int) -> bool:
    """Say whether what the n-th look showed is to be told: while it goes on; when it is over, if no run lived to tell it."""
    return not outage.over or look > outage.looks - outage.fresh


def _ended(
    situation: Situation, begun: Iterable[Trouble], notices: Iterable[Notice]
) -> Iterator[Trouble]:
    """Yield that pages are read again of which the recipient was, or is now, told that they were not."""
    pages = {stands.page.id: stands.page for stands in situation.standing}
    over = {(outage.page.id, outage.since): outage for outage in situation.outages if outage.over}
    on = {(outage.page.id, outage.since) for outage in situation.outages if not outage.over}
    known: dict[tuple[str, datetime], Notice | Trouble] = {
        **{(notice.page, notice.since): notice for notice in notices},
        **{(trouble.page.id, trouble.since): trouble for trouble in begun},
    }
    for (page, since), last in known.items():
        if page in pages and (page, since) not in on:
            # An outage whose captures were let go, or are judged otherwise now, is none any more: only the notice knows it.
            looks = over[page, since].looks if (page, since) in over else last.looks
            yield Trouble("recovered", pages[page], since, looks, last.last_good_at)


def _tally(run: Run, standing: Iterable[Standing]) -> Tally:
    # A page without any good look is older than all others.
    oldest = min(
        ((stands.page.id, stands.last_good_at) for stands in standing),
        key=lambda item: (item[1] is not None, item[1] or run.started_at, item[0]),
        default=None,
    )
    failed, held = (
        sum(isinstance(outcome, kind) for outcome in run.outcomes) for kind in (Failed, HeldBack)
    )
    first = sum(isinstance(outcome, First) for outcome in run.outcomes)
    return Tally(len(run.outcomes) - failed - held, failed, held, oldest, first)


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
    parts = [item.id for item in news.changes] + [trouble.id for trouble in news.troubles]
    content = parts or [f"daily {news.at.date()}"]
    return hashlib.sha256("\n".join((alert.to, *sorted(content))).encode()).hexdigest()[:16]
