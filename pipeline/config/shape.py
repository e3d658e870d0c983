"""The config file's tables as pydantic models: which keys there are, and what each may hold.

Resolves no path, reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import soupsieve
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from pipeline import chats, egress, errors, visible
from pipeline.config import cron, spans
from pipeline.config.building import MAIL, OWNER
from pipeline.model import ChangeKind, ChangeWord, Severity

# A page's folder stands beside `blobs` in the archive.
_SLUG = re.compile(r"(?!blobs$)[a-z0-9]+(?:-+[a-z0-9]+)*")
_HOST = re.compile(r"(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.IGNORECASE)
_EXECUTOR = re.compile(r"local|dask://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+):\d{1,5}", re.IGNORECASE)
_CHAT = re.compile(r"(?!(?:https?|file|ftp)://)[a-z][a-z0-9+.-]+://[^\s\x00-\x1f]+", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s/@]+(?:/\S*)?", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OURS = (
    "host",
    "cookie",
    "connection",
    "content-length",
    "transfer-encoding",
    "te",
    "upgrade",
    "accept-encoding",
    "range",
)
_SENT = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_HASHED = re.compile(r"scrypt\$[0-9a-f]{32}\$[0-9a-f]{64}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def matching(pattern: re.Pattern[str], wanted: str) -> AfterValidator:
    """Return a check that a text has a form, with what to write when it has not."""

    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(wanted)
        return text

    return AfterValidator(check)


def parsing(parse: Callable[[str], object]) -> AfterValidator:
    """Return a check that a text parses; the parser's ValueError says what is wrong."""

    def check(text: str) -> str:
        parse(text)
        return text

    return AfterValidator(check)


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (
        OSError,
        ValueError,
        KeyError,
    ) as error:  # unknown, a folder of the zone data, or not a name at all
        raise ValueError('is no time zone; write a name as "UTC" or "Europe/Berlin"') from error


def _address(url: str) -> None:
    scheme = re.match(r"([a-z][a-z0-9+.-]+)://", url, re.IGNORECASE)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise ValueError(f'has the scheme "{scheme[1]}"; write an http(s) URL, or a path')
    if scheme and not _WEB.fullmatch(url):
        raise ValueError(
            "is no URL of a page: it needs a host, and no space, user name or password; "
            'write "https://…"'
        )


def _css(selector: str) -> None:
    try:
        soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError as error:
        raise ValueError(f"is no CSS selector: {str(error).splitlines()[0]}") from error


def _header(name: str) -> None:
    if not _TOKEN.fullmatch(name) or name.lower() in _OURS:
        raise ValueError(
            "is no header of yours to set: write a name such as authorization; "
            "cookies have cookies_env"
        )


def _recipient(to: str) -> None:
    if MAIL.fullmatch(to) or to == OWNER:
        return
    if _CHAT.fullmatch(to):
        if (problem := chats.problem(to)) is not None:
            raise ValueError(problem)
        return
    if not _WEB.fullmatch(to):
        raise ValueError(
            'is neither a mail address, a webhook nor a chat; write "mailto:name@example.org", '
            '"https://…", a chat as Apprise does, "slack://…", or "owner"'
        )
    try:
        egress.checked(to)
    except errors.EgressError as error:
        raise ValueError("is no address that a webhook can have; copy it again") from error


def _ping(to: str) -> None:
    try:
        if not _WEB.fullmatch(to):
            raise errors.EgressError("is no address of the web")
        egress.checked(to)
    except errors.EgressError as error:
        raise ValueError('is no address that can be pinged; write "https://…"') from error


def _seen(name: str) -> str:
    # A name that was pasted from a page may bring a soft hyphen or a direction mark along.
    if not (seen := visible.line(name)):
        raise ValueError("holds nothing that can be seen; write a value, or take the key out")
    return seen


def _listed(given: object) -> object:
    return [given] if isinstance(given, str) else given


Text = Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f]*$")]
Name = Annotated[Text, AfterValidator(_seen)]
Names = Annotated[list[Name], Field(min_length=1), BeforeValidator(_listed)]
"""One name or several."""
Slug = Annotated[
    str,
    Field(max_length=128),
    matching(
        _SLUG, "is no slug; write lower-case letters and digits, joined by hyphens, but not blobs"
    ),
]
Variable = Annotated[
    str,
    matching(_VARIABLE, "names no environment variable; write its name, never the secret itself"),
]
Sent = Annotated[
    Text,
    matching(
        _SENT, "goes into a header: write it in plain ASCII letters, without a space at its ends"
    ),
]
Hashed = Annotated[
    str,
    matching(_HASHED, "is no hashed password; write what `claimwatch serve --hash` prints"),
]
Css = Annotated[str, Field(min_length=1), parsing(_css)]
HeaderName = Annotated[str, parsing(_header)]
CookieName = Annotated[str, matching(_TOKEN, "is no name of a cookie")]
Host = Annotated[
    str, matching(_HOST, 'is no host; write "host" or "host:port", without http:// and path')
]
Fields = Annotated[str, parsing(cron.parse)]
Words = Annotated[str, parsing(cron.every)]
FieldsOrWords = Annotated[str, parsing(cron.either)]
Span = Annotated[str, parsing(spans.span)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


def is_id(text: str) -> bool:
    """Say whether a text can be the id of a page."""
    return len(text) <= 128 and _SLUG.fullmatch(text) is not None


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

    database: Text = "claims.db"
    snapshots: Text = "snapshots"
    reports: Text = "reports"


class Schedule(Table):
    """`[schedule]`: when `watch` runs; `cron` or `every`, not both."""

    cron: Fields | None = None
    every: Words | None = None
    timezone: Annotated[str, parsing(_zone)] = "UTC"

    @classmethod
    def clashes(cls, given: dict[str, object]) -> Iterator[str]:
        """Yield that there are two schedules."""
        if "cron" in given and "every" in given:
            yield "has both cron and every; keep one of them"


class Standards(Table):
    """`[standards]`: the user's own entries beside the catalogue."""

    extra: Text | None = None


class Fetch(Table):
    """`[fetch]`: what a request may cost, who we say we are,
    and which private hosts may be reached.
    """

    timeout: Seconds = 30.0
    total: Seconds = 120.0
    read_seconds: Seconds = 30.0
    max_bytes: Annotated[int, Field(ge=1024, le=1_000_000_000)] = 20_000_000
    max_redirects: Annotated[int, Field(ge=0, le=50)] = 10
    retries: Annotated[int, Field(ge=0, le=3)] = 2
    delay: Annotated[float, Field(ge=0, le=600)] = 0.5
    per_host: Annotated[int, Field(ge=1, le=16)] = 1
    robots: bool = True
    proxy_env: Variable | None = None
    user_agent: Sent | None = None
    contact: Sent | None = None
    full_every: Span = "14 days"
    allow: list[Host] = []


class Engine(Table):
    """`[engine]`: where pages are looked at and read."""

    executor: Annotated[
        str,
        matching(_EXECUTOR, 'is neither "local" nor a Dask scheduler; write "dask://host:8786"'),
    ] = "local"


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

    host: Host
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    sender: Annotated[
        Text,
        Field(alias="from"),
        matching(
            re.compile(r"[^\s@<>]+@[^\s@<>]+"), 'is no mail address; write "name@example.org"'
        ),
    ]
    starttls: bool = False
    username_env: Variable | None = None
    password_env: Variable | None = None
    timeout: Seconds = 30.0


class Review(Table):
    """`[review]`: who reviews, unless the command or the environment says otherwise."""

    reviewer: Name | None = None


class Page(Table):
    """`[[pages]]`: a page to watch."""

    id: Slug
    url: Annotated[Text, parsing(_address)]
    vendor: Name | None = None
    product: Name | None = None
    owner: Name | None = None
    tier: Name | None = None
    ref: Name | None = None
    format: Literal["markdown", "html", "text", "csv", "json", "pdf", "rst"] | None = None
    selector: Css | None = None
    ignore: list[Css] = []
    schedule: FieldsOrWords | None = None
    browser: bool = False
    full_every: Span | None = None
    headers_env: dict[HeaderName, Variable] = {}
    cookies_env: dict[CookieName, Variable] = {}

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
    field: Name | None = None
    standard: Name | None = None
    vendor: Name | None = None
    page: Name | None = None
    text: Name | None = None

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

    standards: Names | None = None
    editions: Names | None = None
    service: Name | None = None
    vendor: Name | None = None
    page: Name | None = None
    owner: Name | None = None

    @classmethod
    def clashes(cls, given: dict[str, object]) -> Iterator[str]:
        """Yield that nothing is required."""
        if not given.keys() & {"standards", "service"}:
            yield "requires nothing; give standards, service or both"
        if "editions" in given and "standards" not in given:
            yield "has editions without standards; give the standards that they are of"


class Alert(Table):
    """`[[alerts]]`: who is told what, and when."""

    to: Annotated[Text, parsing(_recipient)]
    severity: Severity = "medium"
    daily: bool = False
    digest: Literal["daily", "weekly"] | None = None
    name: Name | None = None
    secret_env: Variable | None = None
    kind: Annotated[list[ChangeKind], Field(min_length=1), BeforeValidator(_listed)] | None = None
    change: Annotated[list[ChangeWord], Field(min_length=1), BeforeValidator(_listed)] | None = None
    standard: Names | None = None
    vendor: Names | None = None
    page: Names | None = None
    owner: Names | None = None
    tier: Names | None = None

    @classmethod
    def clashes(cls, given: dict[str, object]) -> Iterator[str]:
        """Yield what the owner of a page cannot have of other recipients."""
        if given.get("to") == OWNER:
            for key in ("name", "secret_env", "owner"):
                if key in given:
                    yield f"has {key}, but goes to the owner of each page; take one of them out"


class Monitor(Table):
    """`[monitor]`: what a run leaves behind by which somebody notices when runs stop."""

    heartbeat: Text | None = None
    metrics: Text | None = None
    ping: Annotated[Text, parsing(_ping)] | None = None
    every: Span | None = None


class Serve(Table):
    """`[serve]`: where the web page listens, and by which names it may be asked
    for beside those of this machine.
    """

    host: Host = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8001
    hosts: list[Host] = []
    url: Annotated[Text, matching(_WEB, 'is no address; write "https://…"')] | None = None


class User(Table):
    """`[[users]]`: who may sign in to the web page, and whether to read or to review."""

    name: Name
    password: Hashed
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
    "serve": Serve,
    "users": User,
}
LISTS = ("pages", "rules", "requirements", "alerts", "users")
