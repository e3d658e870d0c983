"""Host → connection to a checked address, and nothing waits past the request's deadline.

A name is resolved once, and the connection goes to that very address:
a name that answers differently a second time gains nothing.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore2

from pipeline import errors
from pipeline.egress import addresses


class Guard(httpcore2.NetworkBackend):
    """Connects to checked addresses only, and holds every wait
    on a connection within the request's deadline.

    `proxy` is the host and port of the config's proxy, the one host that needs no other leave:
    whoever runs us named it.
    """

    def __init__(
        self,
        total: float,
        allow: tuple[str, ...],
        clock: Callable[[], float],
        proxy: tuple[str, int] | None,
    ) -> None:
        self._total = total
        self._allow = allow
        self._clock = clock
        self._proxy = proxy
        self._local = threading.local()
        self._backend = httpcore2.SyncBackend()

    @contextmanager
    def deadline(self) -> Iterator[None]:
        """Bound all that this thread does on the network in here."""
        self._local.until = self._clock() + self._total
        yield

    def spent(self) -> bool:
        """Say whether the deadline has passed."""
        return bool(self._clock() >= self._local.until)

    def within(self, timeout: float | None) -> float:
        """Return how long one wait may take."""
        left: float = self._local.until - self._clock()
        if left <= 0:
            raise errors.EgressError(f"not finished within {self._total:g} s (fetch.total)")
        return left if timeout is None else min(timeout, left)

    def ask(self, host: str, port: int) -> None:
        """Check a target that the proxy will connect to: by its own addresses,
        where its name has any here.
        """
        if self._proxy is None or addresses.allowed(host, port, self._allow):
            return
        try:
            # Some resolvers take "127.0.0.1." and "localhost." for names;
            # a proxy may take them for what they are.
            known = addresses.found(host.rstrip("."), port)
        except errors.EgressError:  # behind a proxy there often is no name service for the outside
            if not addresses.public_name(host):
                raise errors.EgressError(
                    f"{host} is not a public name; name {host}:{port} in fetch.allow if you mean it"
                ) from None
            return
        addresses.reachable(host, port, known, self._allow)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore2.NetworkStream:
        known = addresses.found(host, port)
        if (host, port) != self._proxy:
            addresses.reachable(host, port, known, self._allow)
        for last, address in enumerate(known, 1 - len(known)):
            try:
                stream = self._backend.connect_tcp(
                    address, port, self.within(timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if not last:
                    raise
            else:
                return Stream(stream, self)
        raise errors.EgressError(f"{host} has no address")


class Stream(httpcore2.NetworkStream):
    """A connection whose every wait ends at the deadline of the request in hand,
    however slowly bytes drip in.
    """

    def __init__(self, stream: httpcore2.NetworkStream, guard: Guard) -> None:
        self._stream = stream
        self._guard = guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._guard.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._guard.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        return Stream(
            self._stream.start_tls(ssl_context, server_hostname, self._guard.within(timeout)),
            self._guard,
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
