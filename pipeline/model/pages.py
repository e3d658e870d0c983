"""What we watch, and what one look brought back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from datetime import datetime, timedelta
from typing import Literal

Origin = Literal["live", "git", "warc", "wayback", "dir"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that the config asks us to watch; `url` is an http(s) URL or an absolute path.

    `headers_env` and `cookies_env` pair the name of a header or cookie with that of the environment
    variable that holds its value; `browser` says that a script fills the page in, `full_every` how
    often it is asked for whole, None as the others are. `confirm` says whether what changed waits
    for a second look, None where the page's history decides.
    """

    id: str
    url: str
    vendor: str | None = None
    product: str | None = None
    owner: str | None = None
    tier: str | None = None
    ref: str | None = None
    format: str | None = None
    selector: str | None = None
    ignore: tuple[str, ...] = ()
    schedule: str | None = None
    browser: bool = False
    full_every: timedelta | None = None
    headers_env: tuple[tuple[str, str], ...] = ()
    cookies_env: tuple[tuple[str, str], ...] = ()
    confirm: bool | None = None

    @property
    def rules(self) -> str:
        """Return what in the config decides how this page is read, as one comparable text."""
        return repr((self.format, self.selector, self.ignore, self.vendor, self.product))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One capture of a page: the exact bytes, when the page looked so, and when we came to know.

    `headers` are lower-case names in order, without cookies and credentials. `redirects` are the
    URLs passed on the way from the page's address to `url`, each with its status (`"301
    https://…"`). `revision` is the commit it was taken from, `screenshot` a JPEG of what a browser
    showed. `digest` is the SHA-256 of the body in hex, and follows from it.
    """

    page: Page
    captured_at: datetime
    recorded_at: datetime
    origin: Origin
    url: str
    media_type: str
    body: bytes = attribute(repr=False)
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    redirects: tuple[str, ...] = ()
    revision: str | None = None
    screenshot: bytes | None = attribute(default=None, repr=False, compare=False)
    digest: str = ""

    def __post_init__(self) -> None:
        if not self.digest:
            object.__setattr__(self, "digest", hashlib.sha256(self.body).hexdigest())

    def bare(self) -> Snapshot:
        """Return the same capture without its bytes, which the archive keeps:
        what is told of it when it was judged.
        """
        return replace(self, body=b"", screenshot=None)

    def header(self, name: str) -> str | None:
        """Return the first header of that lower-case name."""
        return next((value for key, value in self.headers if key == name), None)
