"""The config file's tables as pydantic models: which keys there are, and what each may hold.

Resolves no path, reads no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.config import kinds
from pipeline.config.building import OWNER
from pipeline.model import ChangeKind, ChangeWord, Severity


class Table(BaseModel):
    """A table of the file: unknown keys and values of another type are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @classmethod
    def clashes(cls, given: dict[str, object]) -> Iterator[str]:
        """Yield what is wrong with keys that are given together,
        whether or not each by itself is right.
        """
        yield from ()


class Store(Table):
    """`[store]`: where things are kept, relative to the config file."""

    database: kinds.Text = "claims.db"
    snapshots: kinds.Text = "snapshots"
    reports: kinds.Text = "reports"


class Schedule(Table):
    """`[schedule]`: when `watch` runs; `cron` or `every`, not both."""

    cron: kinds.Fields | None = None
    every: kinds.Words | None = None
    timezone: kinds.Zone = "UTC"
    jitter: kinds.Span | None = None
    blackouts: kinds.Blackouts = []

    @classmethod
    def clashes(cls, given: dict[str, object]) -> Iterator[str]:
        """Yield that there are two schedules."""
        if "cron" in given and "every" in given:
            yield "has both cron and every; keep one of them"


class Standards(Table):
    """`[standards]`: the user's own entries beside the catalogue."""

    extra: kinds.Text | None = None


class Fetch(Table):
    """`[fetch]`: what a request may cost, who we say we are,
    and which private hosts may be reached.
    """

    timeout: kinds.Seconds = 30.0
    total: kinds.Seconds = 120.0
    read_seconds: kinds.Seconds = 30.0
    max_bytes: Annotated[int, Field(ge=1024, le=1_000_000_000)] = 20_000_000
    max_redirects: Annotated[int, Field(ge=0, le=50)] = 10
    retries: Annotated[int, Field(ge=0, le=3)] = 2
    delay: Annotated[float, Field(ge=0, le=600)] = 0.5
    per_host: Annotated[int, Field(ge=1, le=16)] = 1
    robots: bool = True
    proxy_env: kinds.Variable | None = None
    user_agent: kinds.Sent | None = None
    contact: kinds.Sent | None = None
    full_every: kinds.Span = "14 days"
    allow: list[kinds.Host] = []


class Engine(Table):
    """`[engine]`: where pages are looked at and read."""

    executor: kinds.Executor = "local"


class Guard(Table):
    """`[guard]`: from how many lost claims, and which share of a page's claims,
    a loss is held back.
    """

    min_claims: Annotated[int, Field(ge=1)] = 10
    share: Annotated[float, Field(gt=0, le=1)] = 0.5


class Smtp(Table):
    """`[smtp]`: the mail server; user name and password are
    in the environment variables named here.
    """

    host: kinds.Host
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    sender: kinds.Sender
    starttls: bool = False
    username_env: kinds.Variable | None = None
    password_env: kinds.Variable | None = None
    timeout: kinds.Seconds = 30.0


class Review(Table):
    """`[review]`: who reviews, unless the command or the environment says otherwise."""

    reviewer: kinds.Name | None = None


class Page(Table):
    """`[[pages]]`: a page to watch."""

    id: kinds.Slug
    url: kinds.Address
    vendor: kinds.Name | None = None
    product: kinds.Name | None = None
    owner: kinds.Name | None = None
    tier: kinds.Name | None = None
    ref: kinds.Name | None = None
    format: Literal["markdown", "html", "text", "csv", "json", "pdf", "rst"] | None = None
    selector: kinds.Css | None = None
    ignore: list[kinds.Css] = []
    schedule: kinds.FieldsOrWords | None = None
    browser: bool = False
    full_every: kinds.Span | None = None
    headers_env: dict[kinds.HeaderName, kinds.Variable] = {}
    cookies_env: dict[kinds.CookieName, kinds.Variable] = {}
    confirm: bool | None = None

    @classmethod
    def clashes(cls, given: dict[str, object]) -> Iterator[str]:
        """Yield each key that only a page of the web can have, of one that is a file."""
        if "://" in str(given.get("url", "://")):
            return
        for key in ("browser", "full_every", "headers_env", "cookies_env"):
            if given.get(key):
                yield f"has {key}, but its url is a file; take one of them out"


class Rule(Table):
    """`[[rules]]`: changes that meet all conditions are told at this severity.

    The first rule that applies wins.
    """

    severity: Severity
    kind: ChangeKind | None = None
    change: ChangeWord | None = None
    field: kinds.Name | None = None
    standard: kinds.Name | None = None
    vendor: kinds.Name | None = None
    page: kinds.Name | None = None
    text: kinds.Name | None = None

    @classmethod
    def clashes(cls, given: dict[str, object]) -> Iterator[str]:
        """Yield that there is no condition."""
        if not given.keys() - {"severity"}:
            names = ", ".join(name for name in cls.model_fields if name != "severity")
            yield f"has no condition; give one of {names}"


class Requirement(Table):
    """`[[requirements]]`: what vendors have to hold.

    What touches it is told one severity higher.
    """

    standards: kinds.Names | None = None
    editions: kinds.Names | None = None
    service: kinds.Name | None = None
    vendor: kinds.Name | None = None
    page: kinds.Name | None = None
    owner: kinds.Name | None = None

    @classmethod
    def clashes(cls, given: dict[str, object]) -> Iterator[str]:
        """Yield that nothing is required."""
        if not given.keys() & {"standards", "service"}:
            yield "requires nothing; give standards, service or both"
        if "editions" in given and "standards" not in given:
            yield "has editions without standards; give the standards that they are of"


class Alert(Table):
    """`[[alerts]]`: who is told what, and when."""

    to: kinds.Recipient
    severity: Severity = "medium"
    daily: bool = False
    digest: Literal["daily", "weekly"] | None = None
    name: kinds.Name | None = None
    secret_env: kinds.Variable | None = None
    kind: kinds.Kinds | None = None
    change: kinds.Changes | None = None
    standard: kinds.Names | None = None
    vendor: kinds.Names | None = None
    page: kinds.Names | None = None
    owner: kinds.Names | None = None
    tier: kinds.Names | None = None

    @classmethod
    def clashes(cls, given: dict[str, object]) -> Iterator[str]:
        """Yield what the owner of a page cannot have of other recipients."""
        if given.get("to") == OWNER:
            for key in ("name", "secret_env", "owner"):
                if key in given:
                    yield f"has {key}, but goes to the owner of each page; take one of them out"


class Monitor(Table):
    """`[monitor]`: what a run leaves behind by which somebody notices when runs stop."""

    heartbeat: kinds.Text | None = None
    metrics: kinds.Text | None = None
    ping: kinds.Ping | None = None
    canary: kinds.Recipient | None = None
    canary_secret_env: kinds.Variable | None = None
    every: kinds.Span | None = None


class Sitemap(Table):
    """`[[sitemaps]]`: a sitemap of which new addresses are reported."""

    url: kinds.Web
    match: kinds.Names | None = None


class Serve(Table):
    """`[serve]`: where the web page listens, and by which names it may be asked
    for beside those of this machine.
    """

    host: kinds.Host = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8001
    hosts: list[kinds.Host] = []
    url: kinds.Web | None = None


class User(Table):
    """`[[users]]`: who may sign in to the web page, and whether to read or to review."""

    name: kinds.Name
    password: kinds.Hashed
    role: Literal["viewer", "reviewer"] = "reviewer"


TABLES: dict[str, type[Table]] = {
    "store": Store,
    "schedule": Schedule,
    "standards": Standards,
    "fetch": Fetch,
    "engine": Engine,
    "guard": Guard,
    "smtp": Smtp,
    "review": Review,
    "pages": Page,
    "rules": Rule,
    "requirements": Requirement,
    "alerts": Alert,
    "monitor": Monitor,
    "sitemaps": Sitemap,
    "serve": Serve,
    "users": User,
}
LISTS = ("pages", "rules", "requirements", "alerts", "users", "sitemaps")
