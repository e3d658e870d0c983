"""A request → refused before anything reads it, or passed on;
an answer → the same with the headers that keep it harmless.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from pipeline.web import access
from pipeline.web.access import Access, Person

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = dict[bytes, bytes]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # Not "no-referrer": a browser then calls the origin of our own forms "null".
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
MOST = 1_000_000
"""No form is as long; a body is read whole before it is understood."""
READING = ("GET", "HEAD")
FREE = ("/sign-in", "/static/", "/-/static/")
"""What everybody may see who can reach the page: where one signs in, and how it looks."""
_OURS = ("/-/static/", "/-/static-plugins/", "/-/logout")
_FORWARDED = (b"x-forwarded-for", b"forwarded", b"x-forwarded-host", b"x-real-ip")
Refusal = tuple[int, str]


class Guard:
    """An ASGI application in front of another.

    `who` says who signed in, by the request's cookies.
    """

    def __init__(self, app: Asgi, allowed: Access, who: Callable[[Scope], Person | None]) -> None:
        self.app, self.allowed, self.who = app, allowed, who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers: Headers = dict(scope["headers"])
        sent = _guarded(send, keeps=scope["path"].startswith("/static/"))
        if (refusal := self.refusal(scope, headers)) is not None:
            await _refuse(sent, refusal)
        elif self._unknown(scope, headers):
            await _lead(sent, scope)
        else:
            await self.app(scope, receive, sent)

    def refusal(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Return why a request is refused, whoever makes it; None where it is not."""
        host = headers.get(b"host", b"").decode("latin-1")
        if not self.allowed.answers_to(host):
            return 421, "this page does not answer to that host; add it to serve.hosts"
        if scope["path"].startswith("/-/") and not scope["path"].startswith(_OURS):
            return 404, "there is no such page"
        if scope["method"] in READING:
            return None
        if scope["method"] != "POST":
            return 405, "only GET and POST are answered"
        return _foreign(headers, host) or _oversized(headers)

    def _unknown(self, scope: Scope, headers: Headers) -> bool:
        """Say whether somebody has to sign in to go on: anybody who may sit at another machine."""
        if scope["path"].startswith(FREE) or self.who(scope) is not None:
            return False
        local = access.is_local(access.name_of(headers.get(b"host", b"").decode("latin-1")))
        passed_on = any(name in headers for name in _FORWARDED)
        return not (self.allowed.is_open and local) or passed_on


def _foreign(headers: Headers, host: str) -> Refusal | None:
    """Return why a form is refused that a page of another site sent."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    site = headers.get(b"sec-fetch-site", b"same-origin")
    if (origin and urlsplit(origin).netloc.lower() != host.lower()) or site not in (
        b"same-origin",
        b"none",
    ):
        return 403, "the form was sent by a page of another site"
    return None


def _oversized(headers: Headers) -> Refusal | None:
    length = headers.get(b"content-length", b"")
    if not length.isdigit():
        return 411, "a form says how long it is"
    return (413, "the form is too long") if int(length) > MOST else None


def _guarded(send: Send, *, keeps: bool) -> Send:
    """Return what sends an answer with our headers; a page may have a policy of its own,
    of which the styles differ.
    """

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [(name.lower(), value) for name, value in message["headers"]]
            names = {name for name, _ in given}
            more = [pair for pair in _ALWAYS if pair[0] not in names]
            if b"content-security-policy" not in names:
                more.append((b"content-security-policy", POLICY.encode()))
            given = [pair for pair in given if pair[0] != b"cache-control"]
            more.append((b"cache-control", b"max-age=3600" if keeps else b"no-store"))
            message = {**message, "headers": [*given, *more]}
        await send(message)

    return sent


async def _refuse(send: Send, refusal: Refusal) -> None:
    status, said = refusal
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"claimwatch: {said}\n".encode()})


async def _lead(send: Send, scope: Scope) -> None:
    """Lead somebody unknown to where one signs in; a program is only refused."""
    reads = scope["method"] in READING and "." not in scope["path"].rpartition("/")[2]
    if not reads:
        await _refuse(send, (401, "sign in first, at /sign-in"))
        return
    headers = [(b"location", b"/sign-in"), (b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b"claimwatch: sign in first\n"})
