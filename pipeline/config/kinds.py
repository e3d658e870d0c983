"""What a key of the config file may hold, each kind with what to write where a value is none of it.

Knows no table; resolves no path, reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated
from zoneinfo import ZoneInfo

import soupsieve
from pydantic import AfterValidator, BeforeValidator, Field

from pipeline import chats, egress, errors, visible
from pipeline.config import blackouts, cron, spans
from pipeline.config.building import MAIL, OWNER
from pipeline.model import ChangeKind, ChangeWord

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
_MAILBOX = re.compile(r"[^\s@<>]+@[^\s@<>]+")
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
    # Unknown, a folder of the zone data, or not a name at all.
    except (OSError, ValueError, KeyError) as error:
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


def _ending(texts: list[str]) -> list[str]:
    blackouts.check(texts)
    return texts


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
Blackouts = Annotated[
    list[Annotated[str, parsing(blackouts.parse)]],
    AfterValidator(_ending),
    BeforeValidator(_listed),
]
Zone = Annotated[str, parsing(_zone)]
Address = Annotated[Text, parsing(_address)]
Web = Annotated[Text, matching(_WEB, 'is no address; write "https://…"')]
Recipient = Annotated[Text, parsing(_recipient)]
Ping = Annotated[Text, parsing(_ping)]
Sender = Annotated[
    Text,
    Field(alias="from"),
    matching(_MAILBOX, 'is no mail address; write "name@example.org"'),
]
Executor = Annotated[
    str,
    matching(_EXECUTOR, 'is neither "local" nor a Dask scheduler; write "dask://host:8786"'),
]
Kinds = Annotated[list[ChangeKind], Field(min_length=1), BeforeValidator(_listed)]
Changes = Annotated[list[ChangeWord], Field(min_length=1), BeforeValidator(_listed)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


def is_id(text: str) -> bool:
    """Say whether a text can be the id of a page."""
    return len(text) <= 128 and _SLUG.fullmatch(text) is not None
