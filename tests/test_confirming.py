"""Pages that are looked at twice: what is high waits, what is critical goes at once and is
confirmed or withdrawn.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from test_alert import GRC, STANDING, Inbox, deliver, inbox, run, smtp, told
from test_track import START, A, B, C, Desk, catalogue

from pipeline import alert, history, standards
from pipeline.model import Confirmation, Sent
from pipeline.rules import Smtp
from pipeline.track import situations

__all__ = ["catalogue", "inbox", "smtp"]
MINUTES = 15 / (24 * 60)
Sends = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def watched(
    tmp_path: Path, catalogue: standards.Catalogue, httpserver: HTTPServer
) -> tuple[Desk, Sends]:
    httpserver.expect_request("/hook").respond_with_data("ok")
    alerts = f'[[alerts]]\nto = "{httpserver.url_for("/hook")}"\nname = "grc"\n'
    desk = Desk(tmp_path, catalogue)
    desk.write(alerts, "confirm = true")

    def sent() -> list[dict[str, Any]]:
        return [json.loads(request.get_data()) for request, _ in httpserver.log]

    return desk, sent


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def looked(desk: Desk, *texts: str) -> None:
    """Look at the page at noon and a quarter past, day after day."""
    for number, text in enumerate(texts):
        desk.run(text, number // 2 + MINUTES * (number % 2))


def test_what_is_high_waits_for_a_second_look(watched: tuple[Desk, Sends]) -> None:
    desk, sent = watched
    looked(desk, A, A, B)
    assert sent() == []
    looked_again = desk.run(B, 1 + MINUTES)
    assert not looked_again.told
    [message] = sent()
    [change] = message["changes"]
    assert (change["before"], change["after"], change.get("confirmed")) == ("2013", "2022", None)
    digests = {"before": digest(A), "after": digest(B)}
    assert change["captures"] == digests
    assert digests["after"][:12] not in message["text"]  # a chat has no use for it
    desk.run(B, 2)
    assert len(sent()) == 1


def test_what_a_second_look_undid_is_sent_to_nobody(watched: tuple[Desk, Sends]) -> None:
    desk, sent = watched
    looked(desk, A, A, B, A, A, A)
    assert sent() == []
    assert len(desk.changes()) == 2


def test_what_is_critical_goes_at_once_and_is_confirmed_in_its_thread(
    watched: tuple[Desk, Sends],
) -> None:
    desk, sent = watched
    looked(desk, B, B, A, A)
    first, second = sent()
    assert [change["confirmed"] for change in first["changes"]] == [False]
    assert first["subject"].endswith("edition 2022 → 2013 (unconfirmed)")
    assert "The next good look confirms or withdraws it, in this thread." in first["text"]
    assert second["thread"] == first["id"]
    assert second["subject"].startswith("claimwatch: confirmed: critical: Northwind: ")
    assert second["changes"] == []
    assert [(one["id"], one["confirmed"]) for one in second["settled"]] == [
        (first["changes"][0]["id"], True)
    ]
    looked(desk, A, A)
    assert len(sent()) == 2


def test_what_was_critical_and_is_undone_is_withdrawn(watched: tuple[Desk, Sends]) -> None:
    desk, sent = watched
    looked(desk, B, B, A, B, B, B)
    first, second = sent()
    assert second["thread"] == first["id"]
    assert second["subject"].startswith("claimwatch: withdrawn: critical: Northwind: ")
    assert "1 change that was reported as unconfirmed is withdrawn." in second["text"]
    assert [one["confirmed"] for one in second["settled"]] == [False]


def test_a_page_that_cannot_be_read_confirms_nothing(watched: tuple[Desk, Sends]) -> None:
    desk, sent = watched
    looked(desk, A, A, B)
    desk.run(None, 1 + MINUTES)
    assert sent() == []
    desk.run(B, 2)
    assert [len(message["changes"]) for message in sent()] == [1]


def test_a_page_that_flapped_before_is_looked_at_twice(watched: tuple[Desk, Sends]) -> None:
    desk, sent = watched
    alerts = (desk.folder / "config.toml").read_text().split("confirm = true\n")[1]
    desk.write(alerts)
    for day, text in enumerate((A, B, B, B, A, A, A, B, B, B)):
        desk.run(text, day)
    before = len(sent())
    assert before == 3  # each at once
    desk.run(C, 10)
    assert len(sent()) == before
    desk.run(C, 10 + MINUTES)
    assert len(sent()) == before + 1
    desk.write(alerts, "confirm = false")
    desk.run(B, 11)
    assert len(sent()) == before + 2


def test_a_watch_looks_again_after_a_quarter_of_an_hour(watched: tuple[Desk, Sends]) -> None:
    desk, _ = watched
    desk.run(A, 0)
    for day, text, expected in ((1, B, ["desk"]), (1.01, C, []), (2, C, []), (3, B, ["desk"])):
        done = desk.run(text, day)
        due = desk.ask(lambda db, run=done: situations.again(desk.config, db, run))
        assert [page.id for _, page in due] == expected
        assert all(at == START + timedelta(days=day, minutes=15) for at, _ in due)


def test_who_was_sent_a_change_survives_a_rebuild(watched: tuple[Desk, Sends]) -> None:
    desk, sent = watched
    looked(desk, B, B, A)
    desk.config.database.unlink()
    desk.rebuild()
    desk.run(A, 1 + MINUTES)
    assert [message["thread"] for message in sent()] == [None, sent()[0]["id"]]
    ids = [row["id"] for row in desk.ask(history.changes)]
    found = desk.ask(lambda db: history.sent(db, ids, START))
    assert [(one.recipient, one.confirmed) for one in found] == [("grc", False)]


def test_whoever_was_told_at_once_is_told_that_it_was_undone() -> None:
    """The config was made to look twice in between: what was sent before was no doubt."""
    undone, undoing = told("high", "there"), told("high", "back")
    what = Confirmation(brief=((undoing.id, undone.id),))
    of = replace(STANDING, confirmation=what)
    assert alert.messages(run(changes=(undoing,)), (GRC,), of) == ()
    was = replace(what, sent=(Sent(GRC.recipient, undone.id, "m1", True),))
    assert len(alert.messages(run(changes=(undoing,)), (GRC,), replace(of, confirmation=was))) == 1


def test_a_mail_refers_to_the_one_that_it_says_more_of(inbox: Inbox, smtp: Smtp) -> None:
    item = told("critical")
    was = Confirmation(confirmed=(item,), sent=(Sent(GRC.recipient, item.id, "m1", False),))
    [message] = alert.messages(run(), (GRC,), replace(STANDING, confirmation=was))
    deliver(message, GRC, smtp=smtp)
    ((_, _, mail),) = inbox.mails
    assert mail["References"] == mail["In-Reply-To"] == "<m1@claimwatch>"
