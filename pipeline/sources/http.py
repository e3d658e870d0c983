"""http(s) page → Look: asks whether it changed, and follows redirects hop by hop.

Every hop goes out through the client, so a redirect is guarded like the page itself. Reads no clock of the wall.
"""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urljoin

from pipeline import errors, health
from pipeline.egress import Answer
from pipeline.model import Failure, Known, Look, Page, Snapshot
from pipeline.sources import browser, credentials, file
from pipeline.sources.client import Client
from pipeline.sources.credentials import Credentials

ACCEPT = "text/html,application/xhtml+xml,text/markdown,text/plain,*/*;q=0.5"
HTML = ("text/html", "application/xhtml+xml")
REDIRECTS = (301, 302, 303, 307, 308)
SECRET = {
    "set-cookie",
    "set-cookie2",
    "cookie",
    "authorization",
    "proxy-authorization",
    "authentication-info",
    "proxy-authentication-info",
    "x-auth-token",
    "x-api-key",
    "x-csrf-token",
}
_SENDABLE = re.compile(r"[\x20-\x7e]{1,1000}")
"""What a validator may hold that we send back; some servers have put anything there."""
_VAGUE = ("", "text/plain", "application/octet-stream", "binary/octet-stream")


def look(page: Page, known: Known, *, now: datetime, client: Client) -> Look:
    """Fetch the page as it is now, or learn that it did not change."""
    # A shell stays the same while its scripts fetch something new: there is no "not modified" for a browser's page.
    validators = {} if page.browser else _validators(known)
    own = Credentials("")
    try:
        own = credentials.of(page, client.environ)
        answer, redirects = _followed(page.url, validators, own, now, client)
    except errors.EgressError as error:
        stage = "robots" if isinstance(error, errors.RobotsError) else "fetch"
        return Look(page, now, failure=Failure(stage, own.hidden(str(error))))
    if answer.status == 304 and validators:
        return Look(page, now, not_modified=True)
    snapshot = _snapshot(page, answer, redirects, now)
    if 200 <= answer.status < 300:
        if known.digest not in (None, snapshot.digest) and _missing(snapshot, known, client):
            return Look(
                page,
                now,
                failure=Failure(
                    "missing", "the site shows the same text for an address that does not exist"
                ),
            )
        return (
            _in_browser(snapshot, own, client)
            if page.browser and snapshot.media_type in HTML
            else Look(page, now, snapshot)
        )
    return Look(page, now, failure=Failure("fetch", _status(answer, snapshot)))


def _missing(snapshot: Snapshot, known: Known, client: Client) -> bool:
    """Say whether the site answers for a page that cannot exist as it does for this one.

    Asked only where little is shown, and nothing else says what it is: an application answers every address with its shell.
    """
    if not health.little(snapshot) or not health.verdict(snapshot, known).ok:
        return False
    nowhere = urljoin(snapshot.url, f"{snapshot.digest[:16]}-is-not-here")
    try:
        answer = client.get(
            nowhere, {"accept": ACCEPT, "accept-language": "en"}, now=snapshot.captured_at
        )
    except errors.EgressError:  # not to be asked, or not to be had: nothing is known then
        return False
    return answer.status == 200 and health.alike(
        snapshot, _snapshot(snapshot.page, answer, (), snapshot.captured_at)
    )


def _in_browser(snapshot: Snapshot, own: Credentials, client: Client) -> Look:
    page, now = snapshot.page, snapshot.captured_at
    try:
        return Look(page, now, browser.rendered(snapshot, own, client))
    except errors.EgressError as error:
        return Look(page, now, failure=Failure("browser", str(error)))


def _followed(
    url: str, validators: dict[str, str], own: Credentials, now: datetime, client: Client
) -> tuple[Answer, tuple[str, ...]]:
    headers = {"accept": ACCEPT, "accept-language": "en", **validators}
    passed: list[str] = []
    url = url.partition("#")[0]
    seen = {url}
    while True:
        try:
            answer = client.get(url, {**headers, **own.of(url)}, now=now)
        except errors.EgressError as error:
            raise (_on_the_way(error, passed, url) if passed else error) from error
        if variable := own.betrayed(answer):
            raise errors.EgressError(f"the answer repeats the value of {variable}; it is not kept")
        location = answer.header("location")
        if answer.status not in REDIRECTS or location is None:
            return answer, tuple(passed)
        passed.append(f"{answer.status} {url}")
        url = _target(url, location)
        if url in seen:
            raise errors.EgressError(f"redirects in a circle, back to {_shown(url)}")
        if len(passed) > client.limits.max_redirects:
            raise errors.EgressError(
                f"more than {client.limits.max_redirects} redirects (fetch.max_redirects)"
            )
        seen.add(url)


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location.strip()).partition("#")[0]
    except ValueError as error:
        raise errors.EgressError(
            f"redirects to an address that cannot be parsed: {error}"
        ) from error


def _on_the_way(error: errors.EgressError, passed: list[str], url: str) -> errors.EgressError:
    return type(error)(
        f"after {len(passed)} redirect(s), to {_shown(url)}: {error}", transient=error.transient
    )


def _shown(url: str) -> str:
    # A sign-in redirect carries its state, sometimes a token, in user name and query: neither is for a journal.
    before, _, rest = url.partition("://")
    return f"{before}://{rest.partition('?')[0].rpartition('@')[2]}"[:200]


def _validators(known: Known) -> dict[str, str]:
    pairs = (("if-none-match", known.etag), ("if-modified-since", known.last_modified))
    return {name: value for name, value in pairs if value and _SENDABLE.fullmatch(value)}


def _snapshot(page: Page, answer: Answer, redirects: tuple[str, ...], now: datetime) -> Snapshot:
    headers = tuple(pair for pair in answer.headers if pair[0] not in SECRET)
    kind = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    if kind in _VAGUE:  # code hosts serve every source as text/plain
        kind = file.media_type(answer.url.partition("?")[0].rpartition("/")[2], answer.body)
    return Snapshot(
        page, now, now, "live", answer.url, kind, answer.body, answer.status, headers, redirects
    )


def _status(answer: Answer, snapshot: Snapshot) -> str:
    """Say what an error status means: the server's words, when to come back, and the wall that its body shows."""
    parts = [f"HTTP {answer.status} {answer.reason}".strip()]
    later = answer.header("retry-after")
    if later:
        parts.append(f"Retry-After {later[:40]}")
    wall = health.wall(snapshot)
    if wall is not None:
        parts.append(wall.reason)
    return ", ".join(parts)
