"""Who may read and who may review: names and passwords, a token that works once, hosts.

Knows no request and no store.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.config import User
from pipeline.errors import ServeError

SHORTEST = 12
"""So many characters a password has at least: it may be tried from elsewhere."""
_COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26, "dklen": 32}
_NOBODY = f"scrypt${'0' * 32}${'0' * 64}"


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in, by what name, and as what: `viewer` or `reviewer`."""

    name: str
    role: str

    @property
    def may_review(self) -> bool:
        """Return whether verdicts may be given."""
        return self.role == "reviewer"


def hashed(password: str) -> str:
    """Return what the config keeps of a password; raise ServeError where it is too short."""
    if len(password) < SHORTEST:
        raise ServeError(f"the password is too short; take at least {SHORTEST} characters")
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_digest(password, salt)}"


def _digest(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, **_COST).hex()


def is_local(host: str) -> bool:
    """Say whether a host, without a port, is this machine and can be reached from no other."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def name_of(host: str) -> str:
    """Return a host without its port, in lower case."""
    text = host.strip().lower()
    if text.startswith("["):
        return text.partition("]")[0] + "]"
    return text.partition(":")[0]


@dataclass(slots=True)
class Access:
    """Who may do what on the page that listens at `host`.

    Reading needs nothing on this machine; `token` lets one person review, once. Where others can
    reach the page, by the host it listens at or by one of the `hosts` that it answers to, everybody
    signs in with a password.
    """

    host: str
    hosts: tuple[str, ...] = ()
    users: tuple[User, ...] = ()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def __post_init__(self) -> None:
        elsewhere = [name for name in (self.host, *self.hosts) if not is_local(name_of(name))]
        if elsewhere and not self.users:
            raise ServeError(
                f"others can reach the page at {elsewhere[0]}, and nobody has a password: "
                "add [[users]] to the config (claimwatch serve --hash), or leave it on 127.0.0.1"
            )

    @property
    def is_open(self) -> bool:
        """Return whether the page listens where this machine alone can reach it."""
        return is_local(name_of(self.host))

    def answers_to(self, host: str) -> bool:
        """Say whether a request may name that host: any other is a page elsewhere
        that had its name point here.
        """
        name = name_of(host)
        return is_local(name) or name in {name_of(one) for one in (self.host, *self.hosts)}

    def redeemed(self, token: str) -> bool:
        """Say whether a token is the one, which from now on is none: on this machine alone."""
        if not (self.is_open and self.token and hmac.compare_digest(token, self.token)):
            return False
        self.token = ""
        return True

    def known(self, name: str, password: str) -> Person | None:
        """Return who has that name and password; it takes as long where nobody has the name."""
        user = _first(self.users, name)
        _, salt, digest = (user.password if user else _NOBODY).split("$")
        fits = hmac.compare_digest(_digest(password, bytes.fromhex(salt)), digest)
        return Person(user.name, user.role) if user and fits else None


def _first(users: Iterable[User], name: str) -> User | None:
    return next((user for user in users if user.name.casefold() == name.strip().casefold()), None)
