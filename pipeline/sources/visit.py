"""Address → the answer at the end of the way, as a visitor's browser gets it:
redirects, cookies, pages that only refresh.

One visit is one look; what was set on its way ends with it.
Every step goes out through the client, so that it is guarded like the page itself.
"""

from __future__ import annotations

from datetime import datetime
from email.message import Message
from urllib.parse import urljoin, urlsplit

from pipeline import errors
from pipeline.egress import Answer
from pipeline.model import Page, Snapshot
from pipeline.sources import cookies, file
from pipeline.sources.client import Client
from pipeline.sources.credentials import Credentials

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
_VAGUE = ("", "text/plain", "application/octet-stream", "binary/octet-stream")


class Visit:
    """What one look brings along from step to step: the page's own credentials,
    and the cookies that it is given.
    """

    def __init__(self, own: Credentials, client: Client, now: datetime) -> None:
        self.own = own
        self.client = client
        self.now = now
        self._cookies = cookies.Cookies()

    def of(self, url: str) -> dict[str, str]:
        """Return the headers that this address alone is sent:
        credentials and cookies of its own origin.
        """
        headers = self.own.of(url)
        sent = cookies.joined(headers.get("cookie", ""), self._cookies.of(url))
        return {**headers, "cookie": sent} if sent else headers

    def asked(self, url: str, headers: dict[str, str]) -> Answer:
        """Return the answer of one address.

        Raise EgressError where there is none, or it repeats a secret of ours.
        """
        return self._kept(self.client.get(url, {**headers, **self.of(url)}, now=self.now))

    def part(self, method: str, url: str, headers: dict[str, str], content: bytes | None) -> Answer:
        """Return the answer to what a script of the page asks for.

        Raise EgressError as `asked` does.
        """
        sent = {**headers, **self.of(url)}
        return self._kept(self.client.part(method, url, sent, content, now=self.now))

    def _kept(self, answer: Answer) -> Answer:
        if variable := self.own.betrayed(answer):
            raise errors.EgressError(f"the answer repeats the value of {variable}; it is not kept")
        self._cookies.keep(answer)
        return answer

    def followed(self, url: str, headers: dict[str, str]) -> tuple[Answer, tuple[str, ...]]:
        """Return the answer at the end of the way, and the addresses passed,
        each with why it leads on.
        """
        passed: list[str] = []
        url = url.partition("#")[0]
        seen: set[tuple[str, str]] = set()
        while True:
            try:
                step = (url, self._cookies.of(url))
                answer = None if step in seen else self.asked(url, headers)
            except errors.EgressError as error:
                raise (_on_the_way(error, passed, url) if passed else error) from error
            if answer is None:
                raise errors.EgressError(f"redirects in a circle, back to {_shown(url)}")
            seen.add(step)
            onward = self._onward(answer, seen)
            if onward is None:
                return answer, tuple(passed)
            passed.append(f"{onward[0]} {url}")
            url = onward[1]
            if len(passed) > self.client.limits.max_redirects:
                most = self.client.limits.max_redirects
                raise errors.EgressError(f"more than {most} redirects (fetch.max_redirects)")

    def _onward(self, answer: Answer, seen: set[tuple[str, str]]) -> tuple[str, str] | None:
        """Return why and where an answer leads on, None where the way ends.

        A redirect leads anywhere, a page that only sends its readers on within its site
        and to no step a second time: what is not followed is judged as it stands.
        """
        location = answer.header("location")
        if answer.status in REDIRECTS:
            return (str(answer.status), _target(answer.url, location)) if location else None
        if not 200 <= answer.status < 300:
            return None
        if answer.header("refresh") is None and b"refresh" not in answer.body.lower():
            return None  # what reads pages is not loaded for one that sends nobody on
        from pipeline import health

        onward = health.sent_on(snapshot(Page("", answer.url), answer, (), self.now))
        if onward is None or not same_site(answer.url, onward):
            return None
        return None if (onward, self._cookies.of(onward)) in seen else ("refresh", onward)


def same_site(one: str, other: str) -> bool:
    """Say whether two addresses are of one site: of one host,
    or of one that stands below the other.
    """
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other)]
    below, above = sorted(hosts, key=len, reverse=True)
    return below == above or (below.endswith(f".{above}") and "." in above)


def snapshot(page: Page, answer: Answer, redirects: tuple[str, ...], now: datetime) -> Snapshot:
    """Return the capture that an answer is, without cookies and credentials."""
    headers = tuple(pair for pair in answer.headers if pair[0] not in SECRET)
    kind = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    if kind in _VAGUE:  # code hosts serve every source as text/plain
        name = _attached(answer) or answer.url.partition("?")[0].rpartition("/")[2]
        kind = file.media_type(name, answer.body)
    return Snapshot(
        page, now, now, "live", answer.url, kind, answer.body, answer.status, headers, redirects
    )


def _attached(answer: Answer) -> str:
    """Return the name under which a server offers a file, "" where it does not."""
    told = Message()
    told["content-disposition"] = (answer.header("content-disposition") or "").replace("\n", " ")
    return told.get_filename("")


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
    # A sign-in redirect carries its state, sometimes a token, in user name and query:
    # neither is for a journal.
    before, _, rest = url.partition("://")
    return f"{before}://{rest.partition('?')[0].rpartition('@')[2]}"[:200]
