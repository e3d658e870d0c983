"""Webhooks by the Standard Webhooks scheme, chats through Apprise,
and what becomes of a channel that cannot work.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_httpserver import HTTPServer
from test_alert import GRC, NOW, deliver, hook, message
from test_track import A, B, Desk, catalogue

from pipeline import chats, errors, history, standards, track
from pipeline.alert import trying, webhook
from pipeline.cli.command import run as command
from pipeline.rules import Alert
from pipeline.track import delivering

__all__ = ["catalogue"]
KEY = b"0123456789abcdef01234567"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


def test_a_signature_is_that_of_the_scheme_s_own_example() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = webhook.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_webhook_is_signed_over_its_id_time_and_body(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook/secret-token").respond_with_data("ok")
    to = hook(httpserver, secret_env="KEY")
    one = message(to=to)
    deliver(one, to, environ={"KEY": SECRET})
    ((request, _),) = httpserver.log
    assert request.headers["webhook-id"] == one.id
    assert request.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    signed = f"{one.id}.{int(NOW.timestamp())}.".encode() + request.get_data()
    digest = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{digest}"


def test_a_secret_that_was_cut_off_is_named(httpserver: HTTPServer) -> None:
    to = hook(httpserver, secret_env="KEY")
    with pytest.raises(errors.DeliveryError, match="not base64 behind it") as caught:
        deliver(message(to=to), to, environ={"KEY": "whsec_abc"})
    assert caught.value.lasting


@pytest.mark.parametrize(
    ("status", "lasting", "fix"),
    [
        (400, True, "another form|form of message"),
        (401, True, "secret or token is wrong"),
        (404, True, "make a new one"),
        (410, True, "make a new one"),
        (429, False, "429"),
        (503, False, "503"),
    ],
)
def test_what_lasts_says_what_to_correct(
    status: int, lasting: bool, fix: str, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook/secret-token").respond_with_data("no", status=status)
    with pytest.raises(errors.DeliveryError, match=fix) as caught:
        deliver(message(), Alert(httpserver.url_for("/hook/secret-token"), name=GRC.name))
    assert caught.value.lasting is lasting


# --------------------------------------------------------------------------- chats


def chat(server: HTTPServer, path: str) -> Alert:
    parts = urlsplit(server.url_for(path))
    return Alert(f"json://{parts.netloc}{parts.path}", name="chat")


def test_a_chat_gets_the_subject_and_the_words(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/room", method="POST").respond_with_data("ok")
    to = chat(httpserver, "/room")
    one = message(to=to)
    deliver(one, to)
    ((request, _),) = httpserver.log
    said = json.loads(request.get_data())
    assert said["title"] == one.subject
    assert "ISO/IEC 27001: edition 2013 → 2022" in said["message"]
    assert not said["message"].startswith(one.subject)


@pytest.mark.parametrize(("status", "lasting"), [(401, True), (404, True), (500, False)])
def test_a_chat_that_refuses_is_told_without_its_token(
    status: int, lasting: bool, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    httpserver.expect_request("/room/a-long-token").respond_with_data("no", status=status)
    to = chat(httpserver, "/room/a-long-token")
    with pytest.raises(errors.DeliveryError, match=f"answered HTTP {status}") as caught:
        deliver(message(to=to), to)
    assert caught.value.lasting is lasting
    logged = [one.getMessage() for one in caplog.records if one.name != "werkzeug"]
    assert "a-long-token" not in f"{caught.value} {logged}"


def test_an_address_of_no_chat_is_found_before_it_is_used() -> None:
    assert chats.problem("json://127.0.0.1/room") is None
    for address in ("htps://hooks.example.org/x", "slack://", "mailto://me:pass@example.org"):
        assert "no address of a chat" in (chats.problem(address) or "")


def test_without_the_extra_a_chat_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert 'pip install "claimwatch[chat]"' in (chats.problem("slack://a/b/c") or "")


# --------------------------------------------------------------------------- until it was taken


def tries(lasting: bool, every: timedelta) -> tuple[list[timedelta], str]:
    """Return after how long a message is tried that nobody takes, in runs that far apart,
    and what becomes of it.
    """
    status: trying.Status = "waiting"
    at, tried_at, found = NOW, None, list[timedelta]()
    for _ in range(3000):
        if trying.is_due(status, len(found), tried_at, at):
            found.append(at - NOW)
            tried_at = at
            status = trying.after(lasting=lasting, attempts=len(found), age=at - NOW)
        at += every
    return found, status


@pytest.mark.parametrize("every", [timedelta(minutes=5), timedelta(hours=6), timedelta(days=1)])
@pytest.mark.parametrize("lasting", [True, False])
def test_nothing_is_tried_for_ever(lasting: bool, every: timedelta) -> None:
    found, status = tries(lasting, every)
    assert status == "dead"
    assert 4 <= len(found) <= 16
    assert found[-1] >= timedelta(days=1 if lasting else 3)
    waits = [later - earlier for earlier, later in itertools.pairwise(found)]
    assert waits == sorted(waits)


def test_a_clock_that_was_set_back_keeps_nothing_waiting() -> None:
    assert trying.is_due("failed", 9, NOW + timedelta(days=900), NOW)


@pytest.fixture
def desk(tmp_path: Path, catalogue: standards.Catalogue, httpserver: HTTPServer) -> Desk:
    return Desk(
        tmp_path, catalogue, f'[[alerts]]\nto = "{httpserver.url_for("/hook")}"\nname = "grc"\n'
    )


def state(desk: Desk) -> list[tuple[str, int]]:
    return [(row["status"], row["attempts"]) for row in desk.ask(history.outbox)]


def test_a_channel_that_is_gone_ends_in_the_list_of_the_dead_and_status_says_so(
    desk: Desk, httpserver: HTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    httpserver.expect_request("/hook").respond_with_data("no", status=404)
    desk.run(A, 0)
    for day in range(1, 10):
        desk.run(B, day)
    assert state(desk) == [("dead", 4)]
    assert len(httpserver.log) == 4
    assert any("given up; correct the cause, then: claimwatch deliver" in one for one in desk.told)
    command(["--config", str(desk.config.path), "status"])
    said = capsys.readouterr().err
    assert "grc: 1 message is given up" in said
    assert "there is no such webhook (any more)" in said
    before = desk.everything()
    desk.config.database.unlink()
    desk.rebuild()
    assert desk.everything() == before


def dead(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data("no", status=404)
    for day, text in enumerate((A, B, B, B, B)):
        desk.run(text, day)
    assert state(desk) == [("dead", 4)]
    httpserver.clear()
    httpserver.expect_request("/hook").respond_with_data("ok")


def test_what_was_given_up_comes_with_the_next_that_is_taken(
    desk: Desk, httpserver: HTTPServer
) -> None:
    dead(desk, httpserver)
    desk.run(B, 6)
    assert httpserver.log == []
    desk.run(A, 7)
    assert [status for status, _ in state(desk)] == ["sent", "sent"]
    assert len({request.headers["webhook-id"] for request, _ in httpserver.log}) == 2


def test_a_person_sends_again_what_was_given_up(
    desk: Desk, httpserver: HTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    dead(desk, httpserver)
    ours = ["--config", str(desk.config.path), "deliver"]
    assert command([*ours, "nobody"]) == 2
    assert 'no recipient is called "nobody"; there are: grc' in capsys.readouterr().err
    assert command([*ours, "grc"]) == 0
    assert capsys.readouterr().out == "1 of 1 message sent.\n"
    assert state(desk) == [("sent", 5)]
    assert command(ours) == 0
    assert capsys.readouterr().out == "Nothing waits to be sent.\n"


def test_a_person_discards_what_nobody_is_to_get(desk: Desk, httpserver: HTTPServer) -> None:
    dead(desk, httpserver)
    with track.open(desk.config) as store:
        assert delivering.discard(store, (), lambda: NOW) == 1
    desk.run(A, 8)
    assert [status for status, _ in state(desk)] == ["discarded", "sent"]


def test_a_trial_says_who_can_be_reached_and_records_nothing(
    desk: Desk, httpserver: HTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    httpserver.expect_ordered_request("/hook").respond_with_data("ok")
    httpserver.expect_ordered_request("/hook").respond_with_data("no", status=401)
    ours = ["--config", str(desk.config.path), "deliver", "--trial"]
    assert command(ours) == 0
    assert capsys.readouterr().out == "grc: taken.\n"
    assert "trial message" in json.loads(httpserver.log[0][0].get_data())["text"]
    assert command(ours) == 1
    assert "secret or token is wrong" in capsys.readouterr().err
    assert state(desk) == []
