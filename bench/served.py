"""Made-up pages of about 50 kB on loopback, with validators:
what a program is measured on that looks at many pages.

    python bench/served.py --pages 1000       prints the address,
                                              then serves until its standard input is closed

GET /page/7.html is page 7 in the state that stands; GET /state/3 makes state 3 stand, in which
every tenth page has a paragraph more, new in each state. One process and one thread, so that it
costs the other processor alone.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
import sys
from functools import lru_cache

VOCABULARY = """
access account admin agreement alert analysis application audit backup browser build calendar
change client cloud code connection control copy customer dashboard data delivery device
document domain draft editor email event export feature field file folder form gateway group
guide history image import index install invoice job key label language layout library link list
locale log mailbox manager message method model network note number object offer option order
page panel partner password path payment person plan policy portal preview price process product
profile project query queue record region release report request response result role rule
sample schedule screen search server service session setting share site size source space stage
state step storage support sync system table tag task team template test text theme thread
ticket time token tool topic trial update upload user value version view volume widget window
workflow zone
"""
WORDS = VOCABULARY.split()
CLAIMS = (
    "{name} is certified to ISO/IEC 27001:2022.",
    "{name} holds a SOC 2 Type 2 report, which is available under NDA.",
    "{name} is compliant with GDPR.",
    "{name} is certified to ISO/IEC 27017.",
    "{name} supports customers who are subject to HIPAA.",
    "{name} is PCI DSS Level 1 certified.",
)
PARAGRAPHS = 110
"""Of a page of 45 kB; how many there are may be said on the command line."""


def page(number: int, state: int = 0, paragraphs: int = PARAGRAPHS) -> bytes:
    """Return a page; every tenth one says something new in each state but the first."""
    changed = state if state and number % 10 == 3 else 0
    chance = random.Random(number)
    name = f"Product {number}"
    prose = [_sentences(chance) for _ in range(paragraphs)]
    for place, claim in enumerate(chance.sample(CLAIMS, 4)):
        prose.insert((place + 1) * paragraphs // 5, claim.format(name=name))
    if changed:
        prose.insert(
            PARAGRAPHS // 2, f"In notice {changed} we say: {_sentences(random.Random(changed))}"
        )
    menu = "".join(f'<li><a href="/page/{n}.html">{WORDS[n]}</a></li>' for n in range(40))
    body = "".join(
        f"<h2>{chance.choice(WORDS).title()}</h2>\n<p>{text}</p>\n"
        if place % 6 == 0
        else f"<p>{text}</p>\n"
        for place, text in enumerate(prose)
    )
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{name}: trust</title>"
        f"<style>{'.a{margin:0;padding:0}' * 60}</style></head><body><nav><ul>{menu}</ul></nav>"
        f"<main><h1>{name}: trust and compliance</h1>\n{body}</main>"
        f"<footer>{menu}</footer><script>{'var a=1;' * 200}</script></body></html>"
    ).encode()


def _sentences(chance: random.Random) -> str:
    return " ".join(
        " ".join(chance.choices(WORDS, k=chance.randint(8, 20))).capitalize() + "."
        for _ in range(chance.randint(2, 5))
    )


class Serving(asyncio.Protocol):
    """One connection; requests of one follow each other."""

    state = 0
    paragraphs = PARAGRAPHS

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.waiting = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            request, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
            self.transport.write(answer(request))


def answer(request: bytes) -> bytes:
    """Return what is sent for a request's head."""
    first, *lines = request.split(b"\r\n")
    path = first.split(b" ")[1].decode()
    kind, _, rest = path.strip("/").partition("/")
    if kind == "state":
        Serving.state = int(rest)
        return _sent(b"200 OK", b"ok", b'"state"')
    if kind != "page":
        return _sent(b"404 Not Found", b"no such page", b'"none"')
    body, tag = _tagged(int(rest.removesuffix(".html")), Serving.state)
    headers = dict(line.lower().split(b": ", 1) for line in lines if b": " in line)
    if headers.get(b"if-none-match") == tag:
        return b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n"
    return _sent(b"200 OK", body, tag)


@lru_cache(maxsize=8192)
def _tagged(number: int, state: int) -> tuple[bytes, bytes]:
    body = page(number, state, Serving.paragraphs)
    return body, b'"%s"' % hashlib.sha256(body).hexdigest()[:16].encode()


def _sent(status: bytes, body: bytes, tag: bytes) -> bytes:
    head = (
        b"HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n"
        b"ETag: %s\r\n\r\n"
    )
    return head % (status, len(body), tag) + body


async def _serve(pages: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Serving, "127.0.0.1", 0)
    for number in range(pages):
        _tagged(number, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    given = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    given.add_argument("--pages", type=int, default=1000)
    given.add_argument("--paragraphs", type=int, default=PARAGRAPHS)
    chosen = given.parse_args()
    Serving.paragraphs = chosen.paragraphs
    asyncio.run(_serve(chosen.pages))
