"""Request → Answer, one at a time and bounded, over connections that are kept for reuse.

Judges no status.
"""

from __future__ import annotations

import logging
import os
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore2
import httpx2

from pipeline import errors
from pipeline.egress import packed, transport
from pipeline.egress.addresses import checked
from pipeline.egress.guard import Guard
from pipeline.egress.limits import Answer, Limits

for name in ("httpx2", "httpcore2"):
    # They log whole addresses and headers, which hold the tokens of webhooks and pages;
    # a program around us may listen.
    logging.getLogger(name).setLevel(logging.CRITICAL)

RATIO, SMALL = 200, 2_000_000
"""No page of real text packs this well; what unpacks to little is let be."""
BROKEN = (
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
)


class Client:
    """Sends guarded requests and keeps connections for reuse; close it, or use it in a `with`.

    `clock` counts seconds and never goes back; `tls` replaces the default certificate checks (for a
    server's own CA).
    """

    def __init__(
        self,
        limits: Limits,
        *,
        clock: Callable[[], float] = time.monotonic,
        tls: ssl.SSLContext | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.limits = limits
        self._unusable: errors.EgressError | None = None
        proxy = None
        try:
            proxy = transport.proxy(limits.proxy_env, environ)
        except (
            errors.EgressError
        ) as error:  # told of each request: to go out without it would be worse than not at all
            self._unusable = error
        self._guard = Guard(limits.total, limits.allow, clock, proxy[1] if proxy else None)
        carrier = transport.Transport(self._guard, tls, proxy[0] if proxy else None)
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        self._http = httpx2.Client(
            transport=carrier, cookies=no_cookies, follow_redirects=False, trust_env=False
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Send one request and return the answer, whatever its status.

        Raise EgressError when there is none to use.
        """
        address = checked(url)
        if self._unusable is not None:
            raise self._unusable
        sent = {
            "user-agent": self.limits.user_agent,
            "accept-encoding": "gzip, deflate, br, zstd",
            **(headers or {}),
        }
        timeout = httpx2.Timeout(self.limits.timeout)
        with self._guard.deadline(), self._told():
            request = self._http.build_request(
                method, address, headers=sent, content=content, timeout=timeout
            )
            response = self._http.send(request, stream=True)
            try:
                body = self._bounded(response)
            finally:
                response.close()
        pairs = tuple((name.lower(), value) for name, value in response.headers.multi_items())
        return Answer(
            url, response.status_code, response.reason_phrase, pairs, body, response.http_version
        )

    def _bounded(self, response: httpx2.Response) -> bytes:
        # Not httpx2's own decoders: they take a gzip or brotli stream that was cut for a whole one.
        # Pieces are small, so that a decompression bomb is stopped where it passes the limit.
        body = bytearray()
        for piece in packed.unpacked(
            response.iter_raw(), response.headers.get("content-encoding", "").split(",")
        ):
            body += piece
            came = response.num_bytes_downloaded
            if len(body) > self.limits.max_bytes or came > self.limits.max_bytes:
                raise errors.EgressError(
                    f"the page is larger than {self.limits.max_bytes:,} bytes (fetch.max_bytes)"
                )
            if len(body) > SMALL and len(body) > RATIO * came:
                raise errors.EgressError(
                    f"the body unpacks to more than {RATIO} times its size: a decompression bomb"
                )
        return bytes(body)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except BROKEN as error:
            raise self._named(error) from error

    def _named(self, error: Exception) -> errors.EgressError:
        """Say in a person's words what went wrong."""
        root = _root(error)
        if isinstance(error, httpcore2.TimeoutException):
            if self._guard.spent():
                return errors.EgressError(
                    f"not finished within {self.limits.total:g} s (fetch.total)"
                )
            doing = "no connection" if isinstance(error, httpcore2.ConnectTimeout) else "no answer"
            return errors.EgressError(
                f"{doing} within {self.limits.timeout:g} s (fetch.timeout)", transient=True
            )
        if isinstance(root, ssl.SSLCertVerificationError):
            return errors.EgressError(
                f"the server's certificate is not valid: {root.verify_message}"
            )
        if isinstance(root, ssl.SSLError):
            return errors.EgressError(f"no secure connection: {root.reason or root}")
        if isinstance(error, httpcore2.ProxyError):
            return errors.EgressError("the proxy did not let us through", said=str(error))
        if isinstance(root, ConnectionRefusedError):
            return errors.EgressError("the server refused the connection")
        if isinstance(error, httpcore2.ConnectError):
            return errors.EgressError(f"no connection: {root}")
        return errors.EgressError("the connection broke off", transient=True, said=str(root))


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__ or error
    return error
