"""Page → the headers that only its own origin may see.

Their values come from the environment and go nowhere else.

No error, log or capture ever holds a value: what is told is the variable's name.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from pipeline import egress, errors
from pipeline.egress import Answer, Secrets
from pipeline.model import Page

TELLING = 8
"""A value of fewer characters may stand in a page by chance."""
_SENDABLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_COOKIE = re.compile(r"[\x21-\x3a\x3c-\x7e]+")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A page's own headers, the origin that they are for,
    and what would betray a value of theirs.
    """

    origin: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secrets: Secrets = field(default_factory=Secrets)

    def of(self, url: str) -> dict[str, str]:
        """Return the headers to send to an address: none to another host,
        port or scheme than the page's.
        """
        return dict(self.headers) if origin(url) == self.origin else {}

    def betrayed(self, answer: Answer) -> str | None:
        """Return the name of the variable whose value a server sent back to us, if any."""
        # A server that sets our session's cookie again betrays nothing: that header is never kept.
        kept = (f"{name}: {value}" for name, value in answer.headers if name != "set-cookie")
        return self.secrets.repeated("\n".join((answer.url, answer.reason, *kept)), answer.body)

    def hidden(self, reason: str) -> str:
        """Return a reason that quotes what a server said, with the name of the variable
        in place of any value.
        """
        return self.secrets.hidden(reason)


def of(page: Page, environ: Mapping[str, str]) -> Credentials:
    """Return a page's credentials.

    Raise EgressError naming the variable that is missing or cannot be sent.
    """
    headers = [
        (name.lower(), _value(variable, environ, _SENDABLE)) for name, variable in page.headers_env
    ]
    cookies = [(name, _value(variable, environ, _COOKIE)) for name, variable in page.cookies_env]
    if cookies:
        headers.append(("cookie", "; ".join(f"{name}={value}" for name, value in cookies)))
    named = dict.fromkeys(variable for _, variable in (*page.headers_env, *page.cookies_env))
    told = ((variable, _tellings(environ[variable])) for variable in named)
    secrets = Secrets(tuple((variable, parts) for variable, parts in told if parts))
    return Credentials(origin(page.url), tuple(headers), secrets)


def _tellings(value: str) -> tuple[str, ...]:
    """Return what of a value may not be told: the whole, the word behind its scheme,
    and what a Basic header wraps.
    """
    parts = {value, value.rpartition(" ")[2]}
    if value.lower().startswith("basic "):
        with suppress(ValueError):  # no Basic header after all
            parts.update(base64.b64decode(value[6:]).decode("utf-8", "replace").split(":", 1))
    return tuple(sorted(part for part in parts if len(part) >= TELLING))


def origin(url: str) -> str:
    """Return an address's scheme, host and port, as the way out reads them.

    Raise EgressError where it would go nowhere.
    """
    address = egress.checked(url)
    port = address.port or (443 if address.scheme == "https" else 80)
    return f"{address.scheme}://{address.host}:{port}"


def _value(variable: str, environ: Mapping[str, str], sendable: re.Pattern[str]) -> str:
    value = environ.get(variable)
    if not value:
        raise errors.EgressError(
            f"the environment variable {variable} is not set; "
            "the page's headers_env or cookies_env names it"
        )
    if not sendable.fullmatch(value):
        raise errors.EgressError(
            f"the environment variable {variable} holds characters that a header cannot carry"
        )
    return value
