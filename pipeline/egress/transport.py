"""httpx2 over a connection pool of our own, since only httpcore2's pool takes a network backend
openly.
"""

from __future__ import annotations

import importlib.util
import ssl
from collections.abc import Iterator, Mapping

import httpcore2
import httpx2

from pipeline import errors
from pipeline.egress import addresses
from pipeline.egress.guard import Guard


class Transport(httpx2.BaseTransport):
    """Sends requests through the guard, by the proxy where there is one;
    HTTP/2 where the extra `http2` is installed.
    """

    def __init__(
        self, guard: Guard, tls: ssl.SSLContext | None, proxy: httpcore2.Proxy | None
    ) -> None:
        http2 = importlib.util.find_spec("h2") is not None
        self._guard = guard
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls, network_backend=guard, proxy=proxy, http2=http2, max_connections=32
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        assert isinstance(request.stream, httpx2.SyncByteStream)
        url = request.url
        self._guard.ask(
            url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)
        )
        target = httpcore2.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        sent = httpcore2.Request(
            method=request.method,
            url=target,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        got = self._pool.handle_request(sent)
        return httpx2.Response(
            got.status, headers=got.headers, stream=_Body(got), extensions=got.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


def proxy(
    variable: str | None, environ: Mapping[str, str]
) -> tuple[httpcore2.Proxy, tuple[str, int]] | None:
    """Return the proxy that an environment variable holds, and its host and port;
    no error tells what it holds.
    """
    if variable is None:
        return None
    try:
        url = httpx2.URL(environ[variable])
    except KeyError:
        raise errors.EgressError(
            f"the environment variable {variable} (fetch.proxy_env) is not set"
        ) from None
    except (httpx2.InvalidURL, UnicodeError):
        url = httpx2.URL("")
    if url.scheme not in addresses.SCHEMES or not url.host:
        raise errors.EgressError(
            f"the environment variable {variable} (fetch.proxy_env) holds no proxy; "
            "write http://host:port"
        )
    port = url.port or (443 if url.scheme == "https" else 80)
    place = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=port, target=b"/")
    auth = (url.username, url.password) if url.username else None
    return httpcore2.Proxy(place, auth=auth), (url.host, port)
