"""Situation → what a recipient is to be told of outages: once that a page is not read,
once that it is read again. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from pipeline.alert.news import Trouble
from pipeline.model import Notice, Outage, Situation

PATIENCE = 3
"""A page that could not be read this many times in a row is told, once;
and once more when it is read again.
"""


def troubles(situation: Situation, recipient: str) -> Iterator[Trouble]:
    """Yield what a recipient has not been told of outages yet,
    and that one it was told of is over.
    """
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
    """Say whether what the n-th look showed is to be told: while it goes on;
    when it is over, if no run lived to tell it.
    """
    return not outage.over or look > outage.looks - outage.fresh


def _ended(
    situation: Situation, begun: Iterable[Trouble], notices: Iterable[Notice]
) -> Iterator[Trouble]:
    """Yield that pages are read again of which the recipient was, or is now,
    told that they were not.
    """
    pages = {stands.page.id: stands.page for stands in situation.standing}
    over = {(outage.page.id, outage.since): outage for outage in situation.outages if outage.over}
    on = {(outage.page.id, outage.since) for outage in situation.outages if not outage.over}
    known: dict[tuple[str, datetime], Notice | Trouble] = {
        **{(notice.page, notice.since): notice for notice in notices},
        **{(trouble.page.id, trouble.since): trouble for trouble in begun},
    }
    for (page, since), last in known.items():
        if page in pages and (page, since) not in on:
            # An outage whose captures were let go, or are judged otherwise now,
            # is none any more: only the notice knows it.
            looks = over[page, since].looks if (page, since) in over else last.looks
            yield Trouble("recovered", pages[page], since, looks, last.last_good_at)
