"""Request → Answer: the one way out to the network, for pages, their redirects and webhooks.

Follows no redirect, retries nothing, keeps no cookie and reads no proxy setting: what leaves is one bounded request to an
address that was checked at the moment of connecting. A name is resolved once and the connection goes to that very
address, so a name that answers differently a second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpcore2
import httpx2

from pipeline import errors

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SCHEMES = ("http", "https")
# An IPv4 address travels in the last 32 bits of these: translated (RFC 6052, RFC 2765) and IPv4-compatible addresses.
_EMBEDDING = tuple(ipaddress.IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96"))


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost, and which private hosts it may reach.

    `timeout` bounds each wait for the server, `total` a whole request, both in seconds. `max_bytes` bounds a body as
    received and as decompressed. `allow` holds hosts, or `host:port`, exempt from the rule that only public addresses
    are reached. `retries`, `delay` (seconds between requests to one host) and `max_redirects` are kept by `sources`.
    """

    timeout: float = 30.0
    total: float = 120.0
    max_bytes: int = 20_000_000
    max_redirects: int = 10
    retries: int = 2
    delay: float = 0.5
    user_agent: str = "claimwatch/0.1"
    allow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer; header names are in lower case, the body is decompressed."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the first header of that lower-case name."""
        return next((value for key, value in self.headers if key == name), None)


def allowed(host: str, port: int, allow: Iterable[str]) -> bool:
    """Say whether the config names this host, or this host and port, as one that may be private."""
    name = host.lower().strip("[]").rstrip(".")
    spellings = {name, f"{name}:{port}", f"[{name}]", f"[{name}]:{port}"}
    return any(entry.lower() in spellings for entry in allow)


def public(address: Address) -> bool:
    """Say whether an address lies in the public internet, whatever IPv6 form it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def checked(url: str) -> httpx2.URL:
    """Return the parsed address; raise EgressError for another scheme, credentials in the address, or no host."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise errors.EgressError(f"the address cannot be parsed: {error}") from error
    if parsed.scheme not in SCHEMES:
        raise errors.EgressError(f'the scheme "{parsed.scheme}" is not allowed; only http and https are')
    if parsed.userinfo:
        raise errors.EgressError("the address holds a user name or password; take it out")
    if not parsed.host:
        raise errors.EgressError("the address has no host")
    return parsed


class Client:
    """Sends guarded requests and keeps connections for reuse; close it, or use it in a `with`.

    `clock` counts seconds and never goes back; `tls` replaces the default certificate checks (for a server's own CA).
    """

    def __init__(self, limits: Limits, *, clock: Callable[[], float] = time.monotonic, tls: ssl.SSLContext | None = None) -> None:
        self.limits = limits
        self._guard = _Guard(limits, clock)
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        self._http = httpx2.Client(transport=_Transport(self._guard, tls), cookies=no_cookies, follow_redirects=False, trust_env=False)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def request(self, method: str, url: str, *, headers: dict[str, str] | None = None, content: bytes | None = None) -> Answer:
        """Send one request and return the answer, whatever its status; raise EgressError when there is none to use."""
        address = checked(url)
        sent = {"user-agent": self.limits.user_agent, "accept-encoding": "gzip, deflate, br, zstd", **(headers or {})}
        timeout = httpx2.Timeout(self.limits.timeout)
        with self._guard.deadline(), self._told():
            request = self._http.build_request(method, address, headers=sent, content=content, timeout=timeout)
            response = self._http.send(request, stream=True)
            try:
                body = self._bounded(response)
            finally:
                response.close()
        pairs = tuple((name.lower(), value) for name, value in response.headers.multi_items())
        return Answer(url, response.status_code, response.reason_phrase, pairs, body)

    def _bounded(self, response: httpx2.Response) -> bytes:
        # The codecs hand out a mebibyte at most at a time, so a decompression bomb is stopped where it passes the limit.
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > self.limits.max_bytes or response.num_bytes_downloaded > self.limits.max_bytes:
                raise errors.EgressError(f"the page is larger than {self.limits.max_bytes:,} bytes (fetch.max_bytes)")
        return bytes(body)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (httpx2.HTTPError, httpx2.InvalidURL, httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise self._named(error) from error

    def _named(self, error: Exception) -> errors.EgressError:
        """Say in a person's words what went wrong."""
        root = _root(error)
        if isinstance(error, httpcore2.TimeoutException):
            if self._guard.spent():
                return errors.EgressError(f"not finished within {self.limits.total:g} s (fetch.total)")
            doing = "no connection" if isinstance(error, httpcore2.ConnectTimeout) else "no answer"
            return errors.EgressError(f"{doing} within {self.limits.timeout:g} s (fetch.timeout)", transient=True)
        if isinstance(root, ssl.SSLCertVerificationError):
            return errors.EgressError(f"the server's certificate is not valid: {root.verify_message}")
        if isinstance(root, ssl.SSLError):
            return errors.EgressError(f"no secure connection: {root.reason or root}")
        if isinstance(root, ConnectionRefusedError):
            return errors.EgressError("the server refused the connection")
        if isinstance(error, httpx2.DecodingError):
            return errors.EgressError(f"the body cannot be decompressed: {error}")
        if isinstance(error, httpcore2.ConnectError):
            return errors.EgressError(f"no connection: {root}")
        return errors.EgressError(f"the connection broke off: {root}", transient=True)


class _Guard(httpcore2.NetworkBackend):
    """Connects to checked addresses only, and holds every wait on a connection within the request's deadline."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._local = threading.local()
        self._backend = httpcore2.SyncBackend()

    @contextmanager
    def deadline(self) -> Iterator[None]:
        """Bound all that this thread does on the network in here."""
        self._local.until = self._clock() + self._limits.total
        yield

    def spent(self) -> bool:
        """Say whether the deadline has passed."""
        return bool(self._clock() >= self._local.until)

    def within(self, timeout: float | None) -> float:
        """Return how long one wait may take."""
        left: float = self._local.until - self._clock()
        if left <= 0:
            raise errors.EgressError(f"not finished within {self._limits.total:g} s (fetch.total)")
        return left if timeout is None else min(timeout, left)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._resolved(host, port)
        for last, address in enumerate(addresses, 1 - len(addresses)):
            try:
                stream = self._backend.connect_tcp(address, port, self.within(timeout), local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if not last:
                    raise
            else:
                return _Stream(stream, self)
        raise errors.EgressError(f"{host} has no address")

    def _resolved(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not a host name"
            raise errors.EgressError(f"the name {host} cannot be resolved ({reason}); is it right, and is there a network?") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not allowed(host, port, self._limits.allow):
            for address in addresses:
                if not public(ipaddress.ip_address(address.partition("%")[0])):
                    at = "" if address == host else f" ({address})"
                    meant = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
                    raise errors.EgressError(f"{host}{at} is not a public address; name {meant} in fetch.allow if you mean it")
        return addresses


class _Stream(httpcore2.NetworkStream):
    """A connection whose every wait ends at the deadline of the request in hand, however slowly bytes drip in."""

    def __init__(self, stream: httpcore2.NetworkStream, guard: _Guard) -> None:
        self._stream = stream
        self._guard = guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._guard.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._guard.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._guard.within(timeout)), self._guard)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Transport(httpx2.BaseTransport):
    """httpx2 over a connection pool of our own, since only httpcore2's pool takes a network backend openly."""

    def __init__(self, guard: _Guard, tls: ssl.SSLContext | None) -> None:
        self._pool = httpcore2.ConnectionPool(ssl_context=tls, network_backend=guard)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        assert isinstance(request.stream, httpx2.SyncByteStream)
        url = request.url
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = httpcore2.Request(
            method=request.method, url=target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        got = self._pool.handle_request(sent)
        return httpx2.Response(got.status, headers=got.headers, stream=_Body(got), extensions=got.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    teredo = address.teredo
    wrapped = address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
    if wrapped is None and any(address in net for net in _EMBEDDING):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return wrapped


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__ or error
    return error
