"""http(s) page → Look: asks whether it changed, follows redirects hop by hop, tries again what may pass.

Every hop goes out through `egress`, so a redirect is guarded like the page itself. Reads no clock of the wall.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from pipeline import egress, errors, health
from pipeline.egress import Answer, Limits
from pipeline.model import Failure, Known, Look, Page, Snapshot
from pipeline.sources import file

REDIRECTS = (301, 302, 303, 307, 308)
TRANSIENT = (429, 502, 503, 504)
BACKOFF = (1.0, 4.0, 10.0)
PATIENCE = 15.0
"""The longest Retry-After, in seconds, that we wait for within a look; a longer one is told and left to the next look."""

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
_VAGUE = ("", "text/plain", "application/octet-stream", "binary/octet-stream")


class Client:
    """Fetches politely for one run: one request at a time and a pause between two to one host, and bounded retries.

    Threads may share it; they wait for their turn with a host. `sleep` waits that many seconds and `clock` counts them;
    both are for tests to replace.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits
        self._out = egress.Client(limits, clock=clock, tls=tls)
        self._sleep = sleep
        self._clock = clock
        self._free_at: dict[str, float] = {}
        self._turns: dict[str, threading.Lock] = {}

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._out.close()

    def get(self, url: str, headers: dict[str, str]) -> Answer:
        """Return the answer to one hop, trying again what is transient; raise EgressError when there is none."""
        for pause in BACKOFF[: self.limits.retries]:
            try:
                answer = self._once(url, headers)
            except errors.EgressError as error:
                if not error.transient:
                    raise
                self._sleep(pause)
                continue
            asked = _seconds(answer.header("retry-after"))
            if answer.status not in TRANSIENT or asked > PATIENCE:
                return answer
            self._sleep(max(pause, asked))
        return self._once(url, headers)

    def _once(self, url: str, headers: dict[str, str]) -> Answer:
        host = egress.checked(url).host
        with self._turns.setdefault(host, threading.Lock()):
            wait = self._free_at.get(host, 0.0) - self._clock()
            if wait > 0:
                self._sleep(wait)
            try:
                return self._out.request("GET", url, headers=headers)
            finally:
                self._free_at[host] = self._clock() + self.limits.delay


def look(page: Page, known: Known, *, now: datetime, client: Client) -> Look:
    """Fetch the page as it is now, or learn that it did not change."""
    validators = _validators(known)
    try:
        answer, redirects = _followed(page.url, validators, client)
    except errors.EgressError as error:
        return Look(page, now, failure=Failure("fetch", str(error)))
    if answer.status == 304 and validators:
        return Look(page, now, not_modified=True)
    snapshot = _snapshot(page, answer, redirects, now)
    if 200 <= answer.status < 300:
        return Look(page, now, snapshot=snapshot)
    return Look(page, now, failure=Failure("fetch", _status(answer, snapshot)))


def _followed(url: str, validators: dict[str, str], client: Client) -> tuple[Answer, tuple[str, ...]]:
    headers = {"accept": "text/html,application/xhtml+xml,text/markdown,text/plain,*/*;q=0.5", "accept-language": "en", **validators}
    passed: list[str] = []
    url = url.partition("#")[0]
    seen = {url}
    while True:
        try:
            answer = client.get(url, headers)
        except errors.EgressError as error:
            raise (_on_the_way(error, passed, url) if passed else error) from error
        location = answer.header("location")
        if answer.status not in REDIRECTS or location is None:
            return answer, tuple(passed)
        passed.append(f"{answer.status} {url}")
        url = _target(url, location)
        if url in seen:
            raise errors.EgressError(f"redirects in a circle, back to {_shown(url)}")
        if len(passed) > client.limits.max_redirects:
            raise errors.EgressError(f"more than {client.limits.max_redirects} redirects (fetch.max_redirects)")
        seen.add(url)


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location.strip()).partition("#")[0]
    except ValueError as error:
        raise errors.EgressError(f"redirects to an address that cannot be parsed: {error}") from error


def _on_the_way(error: errors.EgressError, passed: list[str], url: str) -> errors.EgressError:
    return errors.EgressError(f"after {len(passed)} redirect(s), to {_shown(url)}: {error}", transient=error.transient)


def _shown(url: str) -> str:
    # A sign-in redirect carries its state, sometimes a token, in user name and query: neither is for a journal.
    before, _, rest = url.partition("://")
    return f"{before}://{rest.partition('?')[0].rpartition('@')[2]}"[:200]


def _validators(known: Known) -> dict[str, str]:
    pairs = (("if-none-match", known.etag), ("if-modified-since", known.last_modified))
    return {name: value for name, value in pairs if value}


def _snapshot(page: Page, answer: Answer, redirects: tuple[str, ...], now: datetime) -> Snapshot:
    headers = tuple(pair for pair in answer.headers if pair[0] not in SECRET)
    kind = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    if kind in _VAGUE:  # code hosts serve every source as text/plain
        kind = file.media_type(answer.url.partition("?")[0].rpartition("/")[2], answer.body)
    return Snapshot(page, now, now, "live", answer.url, kind, answer.body, answer.status, headers, redirects)


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


def _seconds(retry_after: str | None) -> float:
    """Return a Retry-After in seconds; 0 without one; for a date, which needs a wall clock, more than our patience."""
    if retry_after is None:
        return 0.0
    try:
        return float(int(retry_after))
    except ValueError:
        pass
    try:
        parsedate_to_datetime(retry_after)
    except ValueError:  # neither seconds nor a date: as if it had not been sent
        return 0.0
    return PATIENCE + 1
