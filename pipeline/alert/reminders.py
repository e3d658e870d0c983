"""Situation → what a recipient is reminded of, each once: days that come or have passed, what
waits for a verdict, what is required and claimed nowhere. Pure; `alarms` has what is wrong with
claimwatch itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from pipeline import rules
from pipeline.alert import alarms, entries
from pipeline.model import (
    SEVERITIES,
    Dated,
    Gone,
    Listed,
    Need,
    Reminder,
    Run,
    Severity,
    Situation,
    Told,
)
from pipeline.report import phrases
from pipeline.rules import Alert

AHEAD = (90, 60, 30)
"""So many days before a validity ends it is told, once each; and once more when it has ended."""
SOON = 30
FIRST, AGAIN, TIMES = timedelta(days=3), timedelta(days=7), 4
"""After how long a critical change that nobody reviewed is told again, then every so often,
so many times in all.
"""
PATIENCE = timedelta(days=3)
"""So long it waits for another message to go with: it is no news, and a quiet day stays quiet."""


def due(run: Run, alerts: list[Alert], situation: Situation) -> tuple[Reminder, ...]:
    """Return what a recipient with those alerts is to be reminded of
    and was not yet, most severe first.
    """
    if not alerts:
        return ()
    said = {one.id for one in situation.said if one.recipient == alerts[0].recipient}
    found = [
        one
        for one in _all(run, alerts[0].recipient, situation, said)
        if one.id not in said and any(_takes(alert, one) for alert in alerts)
    ]
    return tuple(sorted(found, key=lambda one: SEVERITIES.index(one.severity)))


def alone(found: tuple[Reminder, ...], *, with_more: bool) -> tuple[Reminder, ...]:
    """Return what a recipient is reminded of now: all of it where its message says more,
    or where some of it waits no longer; else nothing yet.
    """
    return found if with_more or not all(one.waits for one in found) else ()


def _takes(alert: Alert, one: Reminder) -> bool:
    if SEVERITIES.index(one.severity) > SEVERITIES.index(alert.severity):
        return False
    if one.page is None:
        # What is wrong with claimwatch itself, or is required of all,
        # is for those who hear of everything.
        return not alert.only
    only = dict(alert.only)
    kinds, standards = only.get("kind", ("standard",)), only.get("standard", (one.standard,))
    return "standard" in kinds and one.standard in standards and rules.watches(alert, one.page)


def _all(run: Run, recipient: str, situation: Situation, said: set[str]) -> Iterator[Reminder]:
    on = run.finished_at.astimezone(situation.zone).date()
    for day in situation.dated:
        yield from _of_day(day, on)
    for item in situation.waiting:
        yield from _unreviewed(item, run)
    for need in situation.needs:
        yield from _required(need, said)
    yield from map(_gone, situation.gone)
    yield from map(_listed, situation.listed)
    yield from alarms.alarms(run, recipient, situation)


def _gone(one: Gone) -> Reminder:
    """Return that the link to a document leads nowhere: a report or certificate may have been
    withdrawn, or moved.
    """
    key = f"link {one.page.id} {one.url} {one.since.isoformat()}"
    said = f"The link to “{one.name}” leads nowhere (HTTP {one.status})"
    return Reminder(key, "low", said, one.page, reason=one.url)


def _listed(one: Listed) -> Reminder:
    """Return that a site has a new page, which nobody watches yet."""
    said = f"A new page is in a watched sitemap: {one.url}"
    todo = f"claimwatch preview {one.url}; then claimwatch add {one.url}"
    return Reminder(f"listed {one.sitemap} {one.url}", "medium", said, reason=todo)


def _of_day(day: Dated, on: date) -> Iterator[Reminder]:
    """Yield what a day has come to, if that is since the page said so:
    what was so at first is in the report of that look.
    """
    left = (day.day - on).days
    if left < 0:
        crossed, step, severity = day.day + timedelta(days=1), 0, _PASSED[day.what]
        said = _ENDED[day.what].format(name=day.name, day=day.day)
    elif day.what == "validity" and (reached := [ahead for ahead in AHEAD if left <= ahead]):
        step = min(reached)
        crossed = day.day - timedelta(days=step)
        severity = "high" if step <= SOON else "medium"
        said = f"{day.name}: valid until {day.day}, {phrases.count(left, 'day')} from now"
    else:
        return
    if crossed > day.since:
        key = f"{day.what} {day.claim} {day.day} {step}"
        yield Reminder(key, severity, said, day.page, day.standard, f"the page says: {day.text}")


_PASSED: dict[str, Severity] = {"validity": "high", "planned": "medium", "superseded": "medium"}
_ENDED = {
    "validity": "{name}: its validity ended on {day}, and the page still claims it",
    "planned": "{name}: planned for {day}, which has passed, and the page still says so",
    "superseded": "{name}: the edition was to be replaced by {day}, and the page still claims it",
}


def _unreviewed(item: Told, run: Run) -> Iterator[Reminder]:
    waited = run.finished_at - item.first_seen
    if not FIRST <= waited < FIRST + AGAIN * TIMES:
        return
    time = (waited - FIRST) // AGAIN
    page = item.page
    yield Reminder(
        f"unreviewed {item.id} {time}",
        "critical",
        f"{entries.title(item)}: nobody has reviewed this for {phrases.count(waited.days, 'day')}",
        page,
        item.change.standard,
        f"claimwatch review {item.id} --accept | --dismiss | --ask",
        waits=waited - FIRST - time * AGAIN < PATIENCE,
    )


def _required(need: Need, said: Iterable[str]) -> Iterator[Reminder]:
    """Yield that what is required is claimed nowhere, or is again:
    each as often as it comes to be so.
    """
    lost, met = f"required {need.requirement} ", f"required again {need.requirement} "
    times, again = (sum(one.startswith(key) for one in said) for key in (lost, met))
    if not need.met and times == again:
        yield Reminder(
            f"{lost}{times + 1}", "high", f"No page claims what you require: {need.requirement}"
        )
    if need.met and times > again:
        yield Reminder(
            f"{met}{again + 1}", "high", f"A page claims again what you require: {need.requirement}"
        )
