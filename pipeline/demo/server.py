"""State → a site on loopback: pages with their ETags, and an inbox for the alerts that are sent.

Knows nothing of claims.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from threading import Thread
from typing import Any

from pipeline.demo.states import State

MEDIA = {".md": "text/markdown; charset=utf-8", ".html": "text/html; charset=utf-8"}


class Server(ThreadingHTTPServer):
    """The example site; whoever holds it sets `state`, and finds in `inbox` what was posted
    to `/inbox`, oldest first.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state: State | None = None
        self.inbox: list[Any] = []

    @property
    def host(self) -> str:
        """Return `127.0.0.1:port`, as the config's `fetch.allow` names it."""
        return f"127.0.0.1:{self.server_port}"


@contextmanager
def serving() -> Iterator[Server]:
    """Serve on a free port of loopback until the block ends."""
    with Server() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = PurePosixPath(self.path).name
        state = self.server.state
        if state is None or name not in state.files:
            self._answer(404, b"There is no such page.\n")
        elif name in state.unavailable:
            self._answer(503, b"Service Unavailable\n")
        else:
            self._page(name, state.files[name])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.inbox.append(json.loads(body))
        self._answer(204, b"")

    def _page(self, name: str, body: bytes) -> None:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, b"", ETag=etag)
        else:
            self._answer(200, body, MEDIA[PurePosixPath(name).suffix], ETag=etag)

    def _answer(
        self, status: int, body: bytes, media: str = "text/plain; charset=utf-8", **headers: str
    ) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": media,
            "Content-Length": str(len(body)),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: standard error is for people."""
