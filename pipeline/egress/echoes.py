"""A secret and what a server said → is it in there, in whatever letters? Knows nothing
of pages and webhooks.

What goes out with a secret may come back with it: a debug page prints the request, a redirect takes
a token along. A page escapes what it prints, so that a secret is looked for plain, with its letters
escaped for HTML, JSON, scripts and addresses, one way in the other, and packed as base64 or in
hexadecimal digits.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5

from pipeline import visible

ROUNDS = 8
"""How often a text may be escaped over and over; nobody prints what needs more."""
LEAST = 8
"""Characters of a packed secret below which it may stand in a text by chance."""
_ESCAPED = re.compile(
    r"[%\\&](?:"
    r"(?<=%)(?:u([0-9a-f]{4})|([0-9a-f]{2}))"
    r"|(?<=\\)\\*(?:u([0-9a-f]{4})|x([0-9a-f]{2})|u\{([0-9a-f]{1,6})\})"
    r"|(?<=&)\#x([0-9a-f]{1,8});?|(?<=&)\#([0-9]{1,10});?"
    r"|(?<=&)([a-z][a-z0-9]{1,30};)"
    r"|(?<=\\)\\*([^\w\s]|[nrt])?)",
    re.IGNORECASE,
)
"""Begun with what any escape begins with, which is looked for fast."""
_TAG = re.compile(r"<[^<>]*>")
_BETWEEN = dict.fromkeys(map(ord, " \t\r\n+/_-"))
"""What base64 has two alphabets for, and what its lines are broken with."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What may not be repeated: names, each with the values that it stands for."""

    named: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(), repr=False)

    def repeated(self, *said: str | bytes) -> str | None:
        """Return the name of the first secret that one of the texts holds, None where none does."""
        if not self.named:
            return None
        read = [form for one in said for form in _forms(one)]
        packed = [_packed_form(text) for text in read]
        for name, values in self.named:
            if any(_stands(value, read, packed) for value in values):
                return name
        return None

    def hidden(self, reason: str) -> str:
        """Return a reason that may quote a server, with the name of the secret
        in place of any value.
        """
        for name, values in self.named:
            for value in sorted(values, key=len, reverse=True):
                reason = reason.replace(value, f"[{name}]")
        left = self.repeated(reason)
        return reason if left is None else f"what came back repeats the value of {left}"


def _stands(value: str, read: list[str], packed: list[str]) -> bool:
    spellings = {value, _unescaped(value)}
    return any(one in text for one in spellings for text in read) or any(
        one in text for one in _packings(value) for text in packed
    )


def _forms(said: str | bytes) -> Iterator[str]:
    """Yield a text as it came, as it is read, and as it is read
    without the tags between its letters.
    """
    text = said if isinstance(said, str) else said.replace(b"\0", b"").decode("utf-8", "replace")
    yield text
    yield _unescaped(text)
    if "<" in text:
        yield _unescaped(_TAG.sub("", text))


def _unescaped(text: str) -> str:
    for _ in range(ROUNDS):
        before, text = text, _ESCAPED.sub(_letter, text)
        if text == before:
            break
    return visible.text(text).replace("+", " ")


def _letter(found: re.Match[str]) -> str:
    *coded, decimal, name, plain = found.groups()
    number = next((int(digits, 16) for digits in coded if digits), None)
    if decimal:
        number = int(decimal)
    if number is not None:
        return chr(number) if number < 0x110000 else found[0]
    if name:
        return html5.get(name) or html5.get(name.lower()) or found[0]
    return {"n": "\n", "r": "\n", "t": "\t"}.get(plain or "", plain or "")


def _packings(value: str) -> set[str]:
    """Return what of a value's base64 stands in a longer text's, wherever it begins there,
    and its hexadecimal digits.
    """
    raw = value.encode()
    found = {raw.hex()}
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + raw).decode()
        found.add(_packed_form(whole[(0, 2, 3)[before] : (before + len(raw)) * 8 // 6]))
    return {one for one in found if len(one) >= LEAST}


def _packed_form(text: str) -> str:
    return text.translate(_BETWEEN).lower()
