"""http(s) page → Look: asks whether it changed, and says what the answer
at the end of the way is.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urljoin

from pipeline import errors
from pipeline.egress import Answer, Limits
from pipeline.model import Failure, Known, Look, Page, Snapshot
from pipeline.sources import credentials
from pipeline.sources.client import Client
from pipeline.sources.credentials import Credentials
from pipeline.sources.visit import Visit, snapshot
from pipeline.workers import Stopped

ACCEPT = "text/html,application/xhtml+xml,text/markdown,text/plain,*/*;q=0.5"
ACCEPTS = {
    "json": "application/json,*/*;q=0.5",
    "csv": "text/csv,*/*;q=0.5",
    "text": "text/plain,*/*;q=0.5",
    "pdf": "application/pdf,*/*;q=0.5",
}
"""What is asked for by a page's format: some addresses answer people with a page,
and programs with its data.
"""
HTML = ("text/html", "application/xhtml+xml")
WALL = 100_000
"""Bytes of an answer that may be a wall; what is larger is not taken apart to say what it is."""
VALIDATORS = ("if-none-match", "if-modified-since")
_SENDABLE = re.compile(r"[\x20-\x7e]{1,1000}")
"""What a validator may hold that we send back; some servers have put anything there."""


def look(page: Page, known: Known, *, now: datetime, client: Client) -> Look:
    """Fetch the page as it is now, or learn that it did not change."""
    asking = _asking(page, known, now, client.limits)
    own = Credentials("")
    try:
        own = credentials.of(page, client.environ)
        visit = Visit(own, client, now)
        answer, passed = visit.followed(page.url, asking)
        if answer.status == 304 and not asking.keys().isdisjoint(VALIDATORS):
            return Look(page, now, not_modified=True)
        shot = snapshot(page, answer, passed, now)
        if not 200 <= answer.status < 300:
            return Look(page, now, failure=Failure("fetch", _status(answer, shot)))
        return _looked(shot, known, visit)
    except errors.EgressError as error:
        stage = "robots" if isinstance(error, errors.RobotsError) else "fetch"
        return Look(page, now, failure=Failure(stage, own.hidden(str(error))))


def _looked(shot: Snapshot, known: Known, visit: Visit) -> Look:
    """Return the look that a good answer makes."""
    page, now = shot.page, visit.now
    if known.digest not in (None, shot.digest) and _missing(shot, known, visit):
        told = "the site shows the same text for an address that does not exist"
        return Look(page, now, failure=Failure("missing", told))
    if not page.browser or shot.media_type not in HTML:
        return Look(page, now, shot)
    from pipeline.sources import browser

    try:
        return Look(page, now, browser.rendered(shot, visit))
    except errors.EgressError as error:
        return Look(page, now, failure=Failure("browser", visit.own.hidden(str(error))))


def _missing(shot: Snapshot, known: Known, visit: Visit) -> bool:
    """Say whether the site answers for a page that cannot exist as it does for this one.

    Asked only where little is shown, and nothing else says what it is:
    an application answers every address with its shell.
    """
    from pipeline import health

    nowhere = urljoin(shot.url, f"{shot.digest[:16]}-is-not-here")
    try:
        if not visit.client.apart(health.stub, shot, known):
            return False
        answer = visit.asked(nowhere, _plainly(shot.page))
        other = snapshot(shot.page, answer, (), shot.captured_at)
        return answer.status == 200 and visit.client.apart(health.alike, shot, other)
    except (
        errors.EgressError,
        Stopped,
    ):  # not to be asked, had or taken apart: nothing is known then
        return False


def _asking(page: Page, known: Known, now: datetime, limits: Limits) -> dict[str, str]:
    """Return the headers of a question: for what is new since the last good look,
    or for the whole page.
    """
    told = zip(VALIDATORS, (known.etag, known.last_modified), strict=True)
    validators = {name: value for name, value in told if value and _SENDABLE.fullmatch(value)}
    # A shell stays the same while its scripts fetch something new:
    # there is no "not modified" for a browser's page.
    asking = _plainly(page)
    if page.browser or not validators:
        return asking
    every = limits.full_every if page.full_every is None else page.full_every
    if known.full_at is None or not timedelta(0) <= now - known.full_at < every:
        # Some caches answer "not modified" for ever, whatever became of the page behind them.
        return {**asking, "cache-control": "no-cache"}
    return {**asking, **validators}


def _plainly(page: Page) -> dict[str, str]:
    return {"accept": ACCEPTS.get(page.format or "", ACCEPT), "accept-language": "en"}


def _status(answer: Answer, shot: Snapshot) -> str:
    """Say what an error status means: the server's words, when to come back,
    and the wall that its body shows.
    """
    parts = [f"HTTP {answer.status} {answer.reason}".strip()]
    later = answer.header("retry-after")
    if later:
        parts.append(f"Retry-After {later[:40]}")
    if len(shot.body) <= WALL:
        from pipeline import health

        wall = health.wall(shot)
        parts += [wall.reason] if wall is not None else []
    return ", ".join(parts)
