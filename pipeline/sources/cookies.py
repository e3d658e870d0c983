"""Set-Cookie → Cookie, for one look: a site that counts its visitors sends each on
until the cookie comes back.

Forgotten with the look. Nothing of it is stored, journaled or logged,
and what one origin set no other is sent.
"""

from __future__ import annotations

from email.message import Message
from http.cookiejar import CookieJar
from urllib.request import Request

from pipeline.egress import Answer
from pipeline.sources.credentials import origin

MOST, LONGEST = 50, 4096
"""Cookies of one origin, and characters of one, that a browser keeps too."""


class Cookies:
    """The cookies that were set in one look, by origin; their paths,
    ages and flags are kept as a browser keeps them.
    """

    def __init__(self) -> None:
        self._jars: dict[str, CookieJar] = {}

    def keep(self, answer: Answer) -> None:
        """Take what an answer sets."""
        told = [value for name, value in answer.headers if name == "set-cookie"]
        if not told:
            return
        sent = [value for value in told if len(value) <= LONGEST][:MOST]
        jar = self._jars.setdefault(origin(answer.url), CookieJar())
        if sent and len(jar) < MOST:
            jar.extract_cookies(_Told(sent), Request(answer.url))  # type: ignore[arg-type]

    def of(self, url: str) -> str:
        """Return the header to send to an address, "" where its origin set none for it."""
        if not self._jars or (jar := self._jars.get(origin(url))) is None:
            return ""
        request = Request(url)
        jar.add_cookie_header(request)
        return request.get_header("Cookie") or ""


class _Told:
    """What the jar asks of an answer."""

    def __init__(self, values: list[str]) -> None:
        self._headers = Message()
        for value in values:
            self._headers["Set-Cookie"] = value

    def info(self) -> Message:
        return self._headers


def joined(first: str, then: str) -> str:
    """Return one header of two; where both have a cookie of one name, the second stands."""
    pairs = {pair.partition("=")[0]: pair for pair in (*_pairs(first), *_pairs(then))}
    return "; ".join(pairs.values())


def _pairs(header: str) -> list[str]:
    return [pair for pair in header.split("; ") if pair]
