"""Values from the environment: whatever a server does with them, none is told in a capture,
a failure or another place's log.
"""

from __future__ import annotations

import base64
import html
import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from loopback import answering

from pipeline import sources
from pipeline.egress import Limits
from pipeline.model import Known, Look, Page

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
TOKEN = 'S3cr3t&to"ken/<42>'
SESSION = "sess-%41-0123456789"
PASSWORD = "hunter2-hunter2"
ENVIRON = {
    "TOKEN": f"Bearer {TOKEN}",
    "SESSION": SESSION,
    "BASIC": f"Basic {base64.b64encode(f'ana:{PASSWORD}'.encode()).decode()}",
}
OWN = {
    "headers_env": (("authorization", "TOKEN"), ("x-basic", "BASIC")),
    "cookies_env": (("sid", "SESSION"),),
}
PROSE = (
    "<!doctype html><html><body><h1>Trust</h1><p>Acme Cloud is certified to ISO 27001.</p>"
    "</body></html>"
)


def answer(body: str = PROSE, status: str = "200 OK", **headers: str) -> bytes:
    told = {
        "Content-Type": "text/html",
        "Content-Length": str(len(body.encode())),
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n{body}".encode()


def look(url: str, known: Known | None = None) -> Look:
    limits = Limits(delay=0.0, retries=0, robots=False, allow=("127.0.0.1", "localhost"))
    with sources.Client(limits, environ=ENVIRON, sleep=lambda _: None) as client:
        return sources.fetch(Page("trust", url, **OWN), known or Known(), now=NOW, client=client)


SPELLINGS = {
    "plain": TOKEN,
    "html": html.escape(TOKEN),
    "numbers": TOKEN.replace("&", "&#38;").replace("<", "&#x3C;"),
    "address": quote(TOKEN),
    "address in full": quote(TOKEN, safe=""),
    "address twice": quote(quote(TOKEN, safe=""), safe=""),
    "json": json.dumps(TOKEN),
    "json slashes": json.dumps(TOKEN).replace("/", "\\/"),
    "json codes": TOKEN.replace("<", "\\u003c").replace("&", "\\u0026"),
    "letters as numbers": "".join(f"&#{ord(one)};" for one in TOKEN),
    "letters as json codes": "".join(f"\\u{ord(one):04x}" for one in SESSION),
    "letters as in an address": "".join(f"%{ord(one):02X}" for one in SESSION),
    "letters, mixed": f"&#x{ord(SESSION[0]):x};\\u{ord(SESSION[1]):04x}{SESSION[2:]}",
    "packed": base64.b64encode(f"sid={SESSION}; x".encode()).decode(),
    "cookie": SESSION,
    "basic, packed": ENVIRON["BASIC"].split()[1],
    "basic, unpacked": PASSWORD,
}
ECHOES = {
    **{f"body, {name}": (answer(f"{PROSE}<p>{told}</p>"),) for name, told in SPELLINGS.items()},
    "header": (answer(X_Echo=ENVIRON["TOKEN"]),),
    "header, letters as numbers": (answer(X_Echo="".join(f"&#{ord(one)};" for one in SESSION)),),
    "header, packed": (answer(X_Echo=base64.b64encode(SESSION.encode()).decode()),),
    "etag": (answer(ETag=f'"{SESSION}"'),),
    "reason": (answer(status=f"500 Not {SESSION}"),),
    "retry later": (answer(status="503 Busy", Retry_After=SESSION),),
    "error": (answer(f"<p>{TOKEN}", status="401 No"),),
    "on the way": (
        answer("", "302 Found", Location=f"/x?token={quote(TOKEN)}"),
        answer("", "302 Found", Location="/y"),
        answer(),
    ),
    "path on the way": (
        answer("", "302 Found", Location=f"/{SESSION}/x"),
        answer("", "302 Found", Location="/y"),
        answer(),
    ),
    "host": (answer("", "302 Found", Location=f"http://{SESSION}.invalid/"),),
    "scheme": (answer("", "302 Found", Location=f"x:{SESSION}"),),
}


@pytest.mark.parametrize("name", ECHOES)
def test_an_answer_that_repeats_a_value_is_not_kept(name: str) -> None:
    with answering(*ECHOES[name]) as (port, _):
        got = look(f"http://127.0.0.1:{port}/legal/trust")
    assert got.failure is not None, name
    assert got.failure.reason.startswith("the answer repeats the value of "), got.failure
    assert got.snapshot is None


@pytest.mark.parametrize(
    "broken",
    [
        f"HTTP/1.1 200 OK\r\nX: {SESSION}\0\r\n\r\n",
        f"HTTP/1.1 200 OK\r\n{SESSION}\r\n\r\n",
        f"HTTP/1.1 {SESSION}\r\n\r\n",
    ],
)
def test_an_error_that_quotes_a_server_quotes_no_value(broken: str) -> None:
    with answering(broken.encode()) as (port, _):
        got = look(f"http://127.0.0.1:{port}/legal/trust")
    assert got.failure is not None
    assert SESSION not in got.failure.reason
    assert "[SESSION]" in got.failure.reason


def test_a_session_that_is_set_again_is_no_echo() -> None:
    with answering(answer(Set_Cookie=f"sid={SESSION}; Path=/")) as (port, _):
        got = look(f"http://127.0.0.1:{port}/legal/trust")
    assert got.snapshot is not None, got.failure
    assert SESSION not in repr(got)


@pytest.mark.parametrize(
    "where", ["http://localhost:{port}/trust", "http://127.0.0.1:{port}/trust"]
)
def test_another_host_or_port_is_told_nothing(where: str) -> None:
    with (
        answering(answer()) as (other, heard),
        answering(answer("", "302 Found", Location=where.format(port=other))) as (port, _),
    ):
        got = look(f"http://127.0.0.1:{port}/legal/trust")
    assert got.snapshot is not None, got.failure
    assert len(heard) == 1
    assert not any(value in heard[0] for value in (b"S3cr3t", b"sess-", b"Basic"))


@pytest.mark.parametrize(
    "validator", ['"é"', '"€"', '"\x01"', '"a\r\nX: y"', '"' + "x" * 5000 + '"']
)
def test_a_validator_that_cannot_be_sent_is_left_out(validator: str) -> None:
    with answering(answer()) as (port, asked):
        got = look(
            f"http://127.0.0.1:{port}/legal/trust",
            Known(etag=validator, last_modified=validator, full_at=NOW),
        )
    assert got.snapshot is not None, got.failure
    assert b"if-" not in asked[0].lower()
