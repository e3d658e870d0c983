"""What a request may cost, and what comes back: the values of the way out.

Imports nothing that could send one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost, and which private hosts it may reach.

    `timeout` bounds each wait for the server, `total` a whole request, both in seconds. `max_bytes`
    bounds a body as received and as decompressed. `allow` holds hosts, or `host:port`, exempt from
    the rule that only public addresses are reached. `proxy_env` names the environment variable with
    the proxy's address. Kept by `sources` are `retries`, `delay` (seconds between requests to one
    host), `per_host` (requests to one host at a time), `robots`, `max_redirects`, and `full_every`,
    how often a page is asked for without validators.
    """

    timeout: float = 30.0
    total: float = 120.0
    max_bytes: int = 20_000_000
    max_redirects: int = 10
    retries: int = 2
    delay: float = 0.5
    user_agent: str = "claimwatch/0.1"
    allow: tuple[str, ...] = ()
    per_host: int = 1
    robots: bool = True
    proxy_env: str | None = None
    full_every: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer; header names are in lower case, the body is decompressed.

    `version` is HTTP's, as `HTTP/2`.
    """

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    version: str = ""

    def header(self, name: str) -> str | None:
        """Return the first header of that lower-case name."""
        return next((value for key, value in self.headers if key == name), None)
