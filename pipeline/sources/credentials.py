"""Page → the headers that only its own origin may see. Their values come from the environment and go nowhere else.

No error, log or capture ever holds a value: what is told is the variable's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    """A page's own headers, and the origin that they are for."""

    origin: str
    headers: tuple[tuple[str, str], ...] = ()
    secrets: tuple[tuple[str, str], ...] = ()

    def of(self, url: str) -> dict[str, str]:
        """Return the headers to send to an address: none to another host, port or scheme than the page's."""
        return dict(self.headers) if origin(url) == self.origin else {}

    def betrayed(self, answer: Answer) -> str | None:
        """Return the name of the variable whose value a server sent back to us, if any."""
        said = "\n".join((answer.url, *(value for _, value in answer.headers)))
        for variable, value in self.secrets:
            if len(value) >= TELLING and (value in said or value.encode() in answer.body):
                return variable
        return None


def of(page: Page, environ: Mapping[str, str]) -> Credentials:
    """Return a page's credentials; raise EgressError naming the variable that is missing or cannot be sent."""
    headers = [(name.lower(), _value(variable, environ, _SENDABLE)) for name, variable in page.headers_env]
    cookies = [(name, _value(variable, environ, _COOKIE)) for name, variable in page.cookies_env]
    if cookies:
        headers.append(("cookie", "; ".join(f"{name}={value}" for name, value in cookies)))
    secrets = tuple((variable, environ[variable]) for _, variable in (*page.headers_env, *page.cookies_env))
    return Credentials(origin(page.url), tuple(headers), secrets)


def origin(url: str) -> str:
    """Return an address's scheme, host and port, as the way out reads them; raise EgressError where it would go nowhere."""
    address = egress.checked(url)
    return f"{address.scheme}://{address.host}:{address.port or (443 if address.scheme == 'https' else 80)}"


def _value(variable: str, environ: Mapping[str, str], sendable: re.Pattern[str]) -> str:
    value = environ.get(variable)
    if not value:
        raise errors.EgressError(f"the environment variable {variable} is not set; the page's headers_env or cookies_env names it")
    if not sendable.fullmatch(value):
        raise errors.EgressError(f"the environment variable {variable} holds characters that a header cannot carry")
    return value
