"""Run, situation → what is wrong with claimwatch itself, or seems to be, each once: recipients that
cannot be reached, nothing read at all, runs that came late, a canary that did not come through, and
pages that stand still. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from pipeline.alert.times import when
from pipeline.model import Failed, HeldBack, Reminder, Rhythm, Run, Situation
from pipeline.report import phrases

GAPS = 5
"""So many gaps between changes a page must have had for its rhythm to be known."""
USUAL, LONGEST, LEAST = 7, 2, timedelta(days=30)
"""A page stands still when it has not changed for so many times its usual gap (by chance once in a
thousand), so many times its longest, and so long."""


def alarms(run: Run, recipient: str, situation: Situation) -> Iterator[Reminder]:
    """Yield what a recipient is to be alarmed by at the end of a run."""
    yield from _dead(recipient, situation)
    yield from _unreadable(run, situation)
    yield from _late(run, situation)
    yield from _canary(run, situation)
    for rhythm in situation.rhythms:
        yield from _still(rhythm, run.finished_at)


def _dead(recipient: str, situation: Situation) -> Iterator[Reminder]:
    for channel in situation.dead:
        if channel.recipient != recipient:
            yield Reminder(
                f"channel {channel.id}",
                "high",
                f"{channel.recipient} cannot be reached since "
                f"{when(channel.since, situation.zone)}; "
                f"{phrases.count(channel.messages, 'message')} given up",
                reason=f"{channel.reason}. Correct that, then: claimwatch deliver",
            )


def _unreadable(run: Run, situation: Situation) -> Iterator[Reminder]:
    """Yield that nothing at all was read, of several sites: that is rarely the pages' doing."""
    pages = [outcome.look.page for outcome in run.outcomes]
    bad = all(isinstance(outcome, Failed | HeldBack) for outcome in run.outcomes)
    if not bad or len({urlsplit(page.url).hostname for page in pages}) < 2:
        return
    good = [stands.last_good_at for stands in situation.standing if stands.last_good_at]
    last = max(good, default=None)
    yield Reminder(
        f"unreadable {last.isoformat() if last else 'ever'}",
        "critical",
        f"None of {phrases.count(len(pages), 'page')} could be read",
        reason=f"Last good look: {when(last, situation.zone)}. "
        "Look at the network, the proxy and [fetch]",
    )


def _late(run: Run, situation: Situation) -> Iterator[Reminder]:
    """Yield that there was no run for longer than the config allows: what changed in the meantime
    was seen late.
    """
    last, every = situation.last_run_at, situation.every
    if last is None or every is None or run.started_at - last <= every:
        return
    gap = timedelta(hours=round((run.started_at - last) / timedelta(hours=1)))
    days, hours = gap.days, gap.seconds // 3600
    parts = [phrases.count(days, "day")] * bool(days) + [phrases.count(hours, "hour")] * bool(hours)
    yield Reminder(
        f"late {last.isoformat()}",
        "high",
        f"There was no run for {phrases.listing(tuple(parts)) or 'less than an hour'}",
        reason=f"The run before this one ended {when(last, situation.zone)}. "
        "Look at what starts claimwatch",
    )


def _canary(run: Run, situation: Situation) -> Iterator[Reminder]:
    """Yield that our own page's change of this day was not found or sent: nothing else may be."""
    if run.canary is None:
        return
    day = run.finished_at.astimezone(situation.zone).date()
    yield Reminder(
        f"canary {day}",
        "critical",
        f"The canary did not come through: {run.canary}",
        reason="It is looked at, read, compared and sent as every page is: until this is "
        "corrected, silence does not mean that nothing changed",
    )


def _still(rhythm: Rhythm, at: datetime) -> Iterator[Reminder]:
    """Yield that a page that is read well has not changed for far longer than it ever did: what
    its server sends may be old, or the page may be kept up to date elsewhere.
    """
    gaps = [after - before for before, after in pairwise(rhythm.changed)]
    last, good = rhythm.changed[-1], rhythm.last_good_at
    if len(gaps) < GAPS or good is None or at - good > timedelta(days=7):
        return
    usual, longest = sum(gaps, timedelta()) / len(gaps), max(gaps)
    still = at - last
    if still > max(USUAL * usual, LONGEST * longest, LEAST):
        yield Reminder(
            f"still {rhythm.page.id} {last.isoformat()}",
            "medium",
            f"{rhythm.page.id} has not changed for {_days(still)}; before, it changed every "
            f"{_days(usual)} or so, and never stood still for more than {_days(longest)}",
            rhythm.page,
            reason="Look whether this is still the page that its vendor keeps up to date",
        )


def _days(span: timedelta) -> str:
    return phrases.count(max(round(span / timedelta(days=1)), 1), "day")
