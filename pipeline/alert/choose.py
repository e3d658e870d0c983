"""Run, alerts, situation → Messages: who is told what. Pure: the same record gives the same
messages with the same ids.

confirming  what waits for a second look, and what that says
digests     what changed since the last digest, for the first run of a day or week
outages     which pages could not be read, and are read again
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from pipeline import rules
from pipeline.alert import compose, confirming, digests, outages, reminders, times
from pipeline.alert.news import News, Tally, Trouble
from pipeline.model import (
    SEVERITIES,
    Failed,
    First,
    HeldBack,
    Message,
    Run,
    Situation,
    Told,
)
from pipeline.rules import Alert


def messages(run: Run, alerts: Iterable[Alert], situation: Situation) -> tuple[Message, ...]:
    """Return what each recipient is to be told of a run: changes that an alert of it is for,
    outages, its daily line.

    A recipient with several alerts gets one message, and each change once. What an alert collects
    for a digest comes with the first run of a day or week. A page that may have lost most of its
    claims is told at once to everybody who hears of that page, as critical and unconfirmed.

    What is told of outages follows from how they stand in the record and from what the recipient
    was told already, so that a run that died told nothing twice, and nothing that it should have
    told is lost. Only what the page itself changed is told, never our re-reading or a backfill.
    Nobody is told that nothing happened, but for a daily line, once a day.
    """
    tally = _tally(run, situation)
    by_recipient: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_recipient.setdefault(alert.recipient, []).append(alert)
    sent: list[Message] = []
    for its in by_recipient.values():
        sent += _at_once(run, its, situation, tally)
        sent += _digests(run, its, situation, tally)
    return tuple({message.id: message for message in sent}.values())


def _at_once(
    run: Run, alerts: list[Alert], situation: Situation, tally: Tally
) -> Iterator[Message]:
    """Yield the message that a recipient gets of a run, if there is something to tell it."""
    at_once = [alert for alert in alerts if not alert.digest]
    now = confirming.now(run.told, alerts[0].recipient, situation.confirmation)
    told, because = chosen(now, at_once)
    # Who only gets a digest is told at once of what cannot wait: that a page may have lost all.
    troubles = tuple(
        trouble for trouble in _troubles(situation, alerts) if at_once or trouble.kind == "doubted"
    )
    daily = any(alert.daily for alert in alerts)
    reminded = reminders.alone(
        reminders.due(run, at_once, situation), with_more=bool(told or troubles or daily)
    )
    news = News(tally, told, troubles, run.finished_at, reminded, because=because)
    if told or troubles or reminded or daily:
        yield written(alerts[0], _with_more(news, run, situation, daily=daily))
    for settled in confirming.follow_ups(alerts[0].recipient, situation.confirmation):
        told = tuple(sorted(settled.told, key=lambda item: SEVERITIES.index(item.severity)))
        word = News(tally, told, (), run.finished_at, settled=settled)
        yield written(alerts[0], _with_more(word, run, situation, daily=False))


def _troubles(situation: Situation, alerts: list[Alert]) -> list[Trouble]:
    """Return what a recipient is to be told of outages of the pages that its alerts are for."""
    return [
        trouble
        for trouble in outages.troubles(situation, alerts[0].recipient)
        if any(rules.watches(alert, trouble.page) for alert in alerts)
    ]


def _digests(
    run: Run, alerts: list[Alert], situation: Situation, tally: Tally
) -> Iterator[Message]:
    """Yield the digests of a recipient that are due, without what it was told at once."""
    at_once = [alert for alert in alerts if not alert.digest]
    for of in digests.SPANS:
        its = [alert for alert in alerts if alert.digest == of]
        since = digests.due(of, alerts[0].recipient, run, situation) if its else None
        if since is None:
            continue
        recent = [one.told for one in situation.recent if one.closed_at > since]
        found = {item.id: item for item in (*recent, *run.told)}
        told, because = chosen(
            [item for item in found.values() if not any(rules.takes(a, item) for a in at_once)], its
        )
        # What is told at once to nobody here comes with the digest.
        reminded = () if at_once else reminders.due(run, its, situation)
        troubles = tuple(
            trouble
            for trouble in ([] if at_once else _troubles(situation, its))
            if trouble.kind != "doubted"
        )
        reminded = reminders.alone(reminded, with_more=bool(told or troubles))
        news = News(
            tally,
            told,
            troubles,
            run.finished_at,
            reminded,
            because=because,
            digest=of,
            since=since,
        )
        if told or troubles or reminded:
            yield written(its[0], _with_more(news, run, situation, daily=False))


def chosen(
    told: Iterable[Told], alerts: Sequence[Alert]
) -> tuple[tuple[Told, ...], dict[str, Alert]]:
    """Return the changes that one of those alerts is for, most severe first, and which it is by
    their ids.
    """
    due: list[Told] = []
    because: dict[str, Alert] = {}
    for item in told:
        by = next((alert for alert in alerts if rules.takes(alert, item)), None)
        if by is not None and item.change.cause == "page":
            due.append(item)
            because[item.id] = by
    return tuple(sorted(due, key=lambda item: SEVERITIES.index(item.severity))), because


def trial(recipient: str, at: datetime, zone: tzinfo = UTC) -> Message:
    """Return a message by which somebody sees whether a recipient can be reached."""
    subject = "claimwatch: a trial message"
    text = (
        f"Somebody asked for this on {times.when(at, zone)}, to see that it arrives. "
        "Nothing changed.\n"
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


def _with_more(news: News, run: Run, situation: Situation, *, daily: bool) -> News:
    """Return the news with all that is said of the pages it speaks of: of every page that was not
    read, once a day.
    """
    pages = {trouble.page.id for trouble in news.troubles}
    held = tuple(held for held in run.held if daily or held.page.id in pages)
    failed = tuple(outcome for outcome in run.outcomes if isinstance(outcome, Failed) and daily)
    news = replace(news, held=held, failed=failed, accepted=run.accepted)
    doubted = confirming.unconfirmed(news.changes, situation.confirmation)
    news = replace(news, head=run.head, report=situation.report)
    news = replace(news, site=situation.site, zone=situation.zone)
    return replace(news, unconfirmed=frozenset() if news.settled else doubted)


def _tally(run: Run, situation: Situation) -> Tally:
    # A page without any good look is older than all others.
    oldest = min(
        ((stands.page.id, stands.last_good_at) for stands in situation.standing),
        key=lambda item: (item[1] is not None, item[1] or run.started_at, item[0]),
        default=None,
    )
    failed, held = (
        sum(isinstance(outcome, kind) for outcome in run.outcomes) for kind in (Failed, HeldBack)
    )
    first = sum(isinstance(outcome, First) for outcome in run.outcomes)
    return Tally(len(run.outcomes) - failed - held, failed, held, oldest, first, situation.claims)


def written(alert: Alert, news: News) -> Message:
    """Return the message that tells a recipient the news."""
    return compose.message(_id(alert, news), alert.recipient, news)


def _id(alert: Alert, news: News) -> str:
    """Return an id that the same news to the same recipient has again, when a run is repeated after
    a crash.
    """
    parts = [item.id for item in news.changes] + [trouble.id for trouble in news.troubles]
    parts += [one.id for one in news.reminders]
    content = parts or [f"daily {news.at.date()}"]
    if news.settled:
        content.append(news.settled.word)
    if news.digest:
        content.append(f"{news.digest} digest")
    return hashlib.sha256("\n".join((alert.to, *sorted(content))).encode()).hexdigest()[:16]
