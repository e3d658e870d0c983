"""A webhook's address is its own secret: neither it nor what its server makes
of it is told anywhere.
"""

from __future__ import annotations

import base64
import html
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from loopback import answering

from pipeline import alert, config, egress, errors
from pipeline.egress import Limits
from pipeline.model import Message
from pipeline.rules import Alert

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
TOKEN = "xoxb-Kq7vT2mN9pLd"
KEY = "a-signing-key-of-ours"
PATH = f"/services/T0AB/{TOKEN}?key={TOKEN[::-1]}"
ONE = Message("id-1", "hook", "subject", "text", "<p>text", "{}")

ANSWERS = {
    "reason": "HTTP/1.1 404 no {said}\r\nContent-Length: 0\r\n\r\n",
    "moved": "HTTP/1.1 302 Found\r\nLocation: {said}\r\nContent-Length: 0\r\n\r\n",
    "body": "HTTP/1.1 500 x\r\nContent-Length: {length}\r\n\r\n{said}",
    "no status": "HTTP/1.1 {said}\r\n\r\n",
    "no header": "HTTP/1.1 200 OK\r\n{said}\r\n\r\n",
    "no http": "{said}",
    "broken header": "HTTP/1.1 200 OK\r\nX: {said}\0\r\n\r\n",
    "broken body": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{said}\r\n",
    "packed body": "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    "Content-Length: {length}\r\n\r\n{said}",
}
SPELL: dict[str, Callable[[str], str]] = {
    "plain": str,
    "address": lambda text: quote(text, safe=""),
    "html": lambda text: html.escape("".join(f"&#{ord(one)};" for one in text)),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
}
FORBIDDEN = ("T0AB", TOKEN, TOKEN[::-1], KEY, *(SPELL[way](TOKEN) for way in SPELL))


def deliver(to: Alert, **environ: str) -> str:
    with (
        egress.Client(Limits(allow=("127.0.0.1",), timeout=5)) as client,
        pytest.raises(errors.DeliveryError) as caught,
    ):
        alert.deliver(ONE, (to,), alert.Means(None, client, environ, NOW))
    assert caught.value.__cause__ is None
    return str(caught.value)


@pytest.mark.parametrize("way", SPELL)
@pytest.mark.parametrize("kind", ANSWERS)
def test_no_reason_tells_a_webhook_s_address(
    kind: str, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = SPELL[way](f"{PATH} {TOKEN} {KEY}")
    answer = ANSWERS[kind].format(said=said, length=len(said)).encode()
    with answering(answer) as (port, asked):
        to = Alert(f"http://127.0.0.1:{port}{PATH}", name="hook", secret_env="KEY")
        reason = deliver(to, KEY=KEY)
    assert asked
    assert reason.startswith("hook: ")
    assert not any(one in reason + caplog.text for one in FORBIDDEN), reason


def test_a_status_is_told_in_our_words() -> None:
    with answering(b"HTTP/1.1 404 It is gone for good\r\nContent-Length: 0\r\n\r\n") as (port, _):
        to = Alert(f"http://127.0.0.1:{port}/hook", name="hook")
        assert deliver(to).startswith(
            "hook: the webhook answered HTTP 404 Not Found; there is no such"
        )
    with answering(b"HTTP/1.1 599 Weird\r\nContent-Length: 0\r\n\r\n") as (port, _):
        to = Alert(f"http://127.0.0.1:{port}/hook", name="hook")
        assert deliver(to) == "hook: the webhook answered HTTP 599"


def names(tmp_path: Path, to: str) -> tuple[str, ...]:
    path = tmp_path / "config.toml"
    path.write_text(f"[[alerts]]\nto = '{to}'\n")
    return tuple(one.name for one in config.load(path).alerts)


@pytest.mark.parametrize("rest", [f"/{TOKEN}", f"/a/b?token={TOKEN}", f"?token={TOKEN}"])
def test_a_webhook_is_called_by_its_host(tmp_path: Path, rest: str) -> None:
    (name,) = names(tmp_path, f"https://hooks.vendor.example{rest}")
    assert name.startswith("https://hooks.vendor.example #")
    assert TOKEN not in name


@pytest.mark.parametrize(
    "to",
    [
        f"hooks.vendor.example/{TOKEN}",
        f"htps://hooks.vendor.example/{TOKEN}",
        f"https://hooks.vendor.example\\{TOKEN}/x",
        f"https:/hooks.vendor.example/{TOKEN}",
        f"https://me:{TOKEN}@hooks.vendor.example/x",
        f"https://hooks vendor.example/{TOKEN}",
        f"mailto:https://hooks.vendor.example/{TOKEN}",
    ],
)
def test_a_webhook_that_was_copied_badly_is_not_quoted(tmp_path: Path, to: str) -> None:
    with pytest.raises(errors.ConfigError) as caught:
        names(tmp_path, to)
    assert "alerts[0].to: " in str(caught.value)
    assert TOKEN not in str(caught.value)
