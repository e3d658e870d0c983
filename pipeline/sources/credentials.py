"""Page → the headers that only its own origin may see. Their values come from the environment and go nowhere else.

No error, log or capture ever holds a value: what is told is the variable's name.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from pipeline import egress, errors
from pipeline.egress import Answer
from pipeline.model import Page

TELLING = 8
"""A value of fewer characters may stand in a page by chance."""
_SENDABLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_COOKIE = re.compile(r"[\x21-\x3a\x3c-\x7e]+")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A page's own headers, the origin that they are for, and by variable what would betray a value."""

    origin: str
    headers: tuple[tuple[str, str], ...] = ()
    secrets: tuple[tuple[str, re.Pattern[bytes]], ...] = ()

    def of(self, url: str) -> dict[str, str]:
        """Return the headers to send to an address: none to another host, port or scheme than the page's."""
        return dict(self.headers) if origin(url) == self.origin else {}

    def betrayed(self, answer: Answer) -> str | None:
        """Return the name of the variable whose value a server sent back to us, if any."""
        if not self.secrets:
            return None
        # A server that sets our session's cookie again betrays nothing: that header is never kept.
        kept = (value for name, value in answer.headers if name != "set-cookie")
        said = "\n".join((answer.url, answer.reason, *kept)).encode("utf-8", "replace")
        return next(
            (
                variable
                for variable, told in self.secrets
                if told.search(said) or told.search(answer.body)
            ),
            None,
        )

    def hidden(self, reason: str) -> str:
        """Return a reason that quotes what a server said, with the name of the variable in place of any value."""
        text = reason.encode("utf-8", "replace")
        for variable, told in self.secrets:
            text = told.sub(f"[{variable}]".encode(), text)
        return text.decode("utf-8", "replace")


def of(page: Page, environ: Mapping[str, str]) -> Credentials:
    """Return a page's credentials; raise EgressError naming the variable that is missing or cannot be sent."""
    headers = [
        (name.lower(), _value(variable, environ, _SENDABLE)) for name, variable in page.headers_env
    ]
    cookies = [(name, _value(variable, environ, _COOKIE)) for name, variable in page.cookies_env]
    if cookies:
        headers.append(("cookie", "; ".join(f"{name}={value}" for name, value in cookies)))
    named = dict.fromkeys(variable for _, variable in (*page.headers_env, *page.cookies_env))
    told = (
        (variable, sorted(_tellings(environ[variable]), key=len, reverse=True))
        for variable in named
    )
    secrets = tuple(
        (variable, re.compile(b"|".join(map(_spelled, parts)))) for variable, parts in told if parts
    )
    return Credentials(origin(page.url), tuple(headers), secrets)


def _tellings(value: str) -> set[str]:
    """Return what of a value may not be told: the whole, the word behind its scheme, and what a Basic header wraps."""
    parts = {value, value.rpartition(" ")[2]}
    if value.lower().startswith("basic "):
        with suppress(ValueError):  # no Basic header after all
            parts.update(base64.b64decode(value[6:]).decode("utf-8", "replace").split(":", 1))
    return {part for part in parts if len(part) >= TELLING}


def _spelled(part: str) -> bytes:
    """Return a pattern of a value as a page may print it: plain, escaped for HTML or JSON, or in an address."""
    return "".join(
        one if one.isalnum() else "|".join(_spellings(one)).join(("(?:", ")")) for one in part
    ).encode()


def _spellings(mark: str) -> Iterator[str]:
    code = f"{ord(mark):02x}"
    yield rf"\\*{re.escape(mark)}"
    yield rf"(?i:%(?:25)*{code}|\\+u00{code}|&\#?\w{{2,8}};)"
    if mark == " ":
        yield r"\+"


def origin(url: str) -> str:
    """Return an address's scheme, host and port, as the way out reads them; raise EgressError where it would go nowhere."""
    address = egress.checked(url)
    return f"{address.scheme}://{address.host}:{address.port or (443 if address.scheme == 'https' else 80)}"


def _value(variable: str, environ: Mapping[str, str], sendable: re.Pattern[str]) -> str:
    value = environ.get(variable)
    if not value:
        raise errors.EgressError(
            f"the environment variable {variable} is not set; the page's headers_env or cookies_env names it"
        )
    if not sendable.fullmatch(value):
        raise errors.EgressError(
            f"the environment variable {variable} holds characters that a header cannot carry"
        )
    return value
