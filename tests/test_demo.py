"""The demo: what the story promises is in the store, the reports and the alerts;
and it is the pages that make it so.
"""

from __future__ import annotations

import email
import email.policy
import json
import shutil
import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from pipeline import config, demo, history
from pipeline.demo import Step
from pipeline.model import Changed, Failed, First

RUNS = {
    "2024-01-15",
    "2024-02-12",
    "2024-03-11",
    "2024-04-15",
    "2024-05-13",
    "2024-06-17",
    "2024-07-15",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def steps(folder: Path) -> Sequence[Step]:
    heard: list[Step] = []
    played = demo.play(folder, heard.append)
    assert list(played) == heard
    return played


def on(steps: Sequence[Step], day: str) -> Step:
    return next(step for step in steps if step.state.on == date.fromisoformat(day))


def loud(step: Step) -> set[tuple[str, str, str, str | None]]:
    return {
        (told.page.id, told.change.change, told.change.kind, told.change.field)
        for told in step.run.told
        if told.severity in ("critical", "high", "medium")
    }


def stored(folder: Path) -> list[dict[str, Any]]:
    return history.changes(history.open(config.load(folder / "config.toml").database))


# --------------------------------------------------------------------------- the story


def test_it_begins_with_a_baseline_that_alerts_nobody(steps: Sequence[Step]) -> None:
    first = on(steps, "2024-01-15")
    assert all(isinstance(outcome, First) for outcome in first.run.outcomes)
    assert (first.run.told, first.sent) == ((), ())
    assert {step.state.on.isoformat() for step in steps} == RUNS


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (
            "2024-02-12",
            {("desk-compliance", "added", "note", None), ("hipaa", "added", "service", None)},
        ),
        ("2024-03-11", set()),
        (
            "2024-04-15",
            {
                ("desk-compliance", "changed", "standard", "edition"),
                ("iso-27001", "changed", "standard", "edition"),
            },
        ),
        (
            "2024-05-13",
            {
                ("iso-27001", "renamed", "service", None),
                ("services-in-scope", "renamed", "service", None),
            },
        ),
        (
            "2024-06-17",
            {
                ("desk-compliance", "renamed", "product", None),
                ("hipaa", "renamed", "service", None),
            },
        ),
        (
            "2024-07-15",
            {
                ("desk-compliance", "removed", "note", None),
                ("hipaa", "removed", "service", None),
                ("iso-27001", "changed", "standard", "stance"),
            },
        ),
    ],
)
def test_each_state_is_told_as_it_is(
    steps: Sequence[Step], day: str, expected: set[tuple[str, str, str, str | None]]
) -> None:
    assert loud(on(steps, day)) == expected


def test_a_new_design_reports_nothing_at_all(steps: Sequence[Step]) -> None:
    step = on(steps, "2024-03-11")
    assert (step.run.told, step.sent) == ((), ())
    assert not any(isinstance(outcome, Changed) for outcome in step.run.outcomes)


def test_a_page_that_answers_503_loses_nothing(steps: Sequence[Step], folder: Path) -> None:
    failed = [
        outcome for outcome in on(steps, "2024-05-13").run.outcomes if isinstance(outcome, Failed)
    ]
    assert [outcome.look.page.id for outcome in failed] == ["hipaa"]
    assert "503" in failed[0].failure.reason
    db = history.open(config.load(folder / "config.toml").database)
    before = history.claims(db, page="hipaa", at=datetime(2024, 4, 20, tzinfo=UTC))
    during = history.claims(db, page="hipaa", at=datetime(2024, 5, 20, tzinfo=UTC))
    assert before
    assert [claim["id"] for claim in during] == [claim["id"] for claim in before]


def test_the_alerts_say_what_the_runs_found(steps: Sequence[Step]) -> None:
    for step in steps:
        sent = {change["id"] for message in step.sent for change in message["changes"]}
        assert sent == {
            told.id for told in step.run.told if told.severity in ("critical", "high", "medium")
        }


def test_the_store_and_the_reports_have_the_same_changes(
    steps: Sequence[Step], folder: Path
) -> None:
    told = {told.id for step in steps for told in step.run.told}
    assert {row["id"] for row in stored(folder)} == told
    reported = {
        change["id"]
        for path in (folder / "reports").rglob("*.json")
        for change in json.loads(path.read_bytes()).get("changes", [])
    }
    assert reported == told
    assert (folder / "reports" / "index.html").exists()


# ------------------------------------------------------------------ it is the pages that make it so


class Inbox:
    """A mail server's handler that keeps every mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(
            email.message_from_bytes(
                envelope.content, _class=EmailMessage, policy=email.policy.default
            )
        )
        return "250 OK"

    def texts(self) -> list[str]:
        bodies = [mail.get_body(("plain",)) for mail in self.mails]
        return [body.get_content() for body in bodies if body]


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    """Return a real mail server's inbox, and what a config says to send mail to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Inbox()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    alerts = (
        f'\n[smtp]\nhost = "127.0.0.1"\nport = {port}\nfrom = "claimwatch@desk.example"\n\n'
        '[[alerts]]\nto = "mailto:grc@desk.example"\n'
    )
    try:
        yield handler, alerts
    finally:
        controller.stop()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo.SITE, tmp_path / "site"))


def played(tmp_path: Path, site: Path, alerts: str = "") -> tuple[Path, Sequence[Step]]:
    folder = tmp_path / "store"
    folder.mkdir()
    return folder, demo.play(folder, lambda step: None, site=site, alerts=alerts)


def test_one_altered_sentence_is_in_store_report_and_mail(
    tmp_path: Path, copy: Path, inbox: tuple[Inbox, str]
) -> None:
    page = (copy / "2024-01-15" / "payments.md").read_text(encoding="utf-8")
    altered = page.replace(
        "compliant with PCI DSS 4.0 as a Level 1", "compliant with PCI DSS 4.0.1 as a Level 1"
    )
    assert altered != page
    (copy / "2024-04-15" / "payments.md").write_text(altered, encoding="utf-8")
    folder, steps = played(tmp_path, copy, inbox[1])
    wanted = ("payments", "changed", "standard", "edition")
    assert wanted in loud(on(steps, "2024-04-15"))
    row = next(row for row in stored(folder) if row["page"] == "payments")
    assert (row["before"], row["after"], row["first_seen"]) == (
        "4.0",
        "4.0.1",
        "2024-04-15T06:00:00Z",
    )
    assert any(
        row["id"] in path.read_text(encoding="utf-8")
        for path in (folder / "reports").rglob("*.html")
    )
    assert [text for text in inbox[0].texts() if row["id"] in text and "4.0.1" in text]


def test_two_swapped_states_tell_another_story(tmp_path: Path, copy: Path) -> None:
    (copy / "2024-04-15").rename(copy / "aside")
    (copy / "2024-07-15").rename(copy / "2024-04-15")
    (copy / "aside").rename(copy / "2024-07-15")
    _, steps = played(tmp_path, copy)
    april, may = on(steps, "2024-04-15"), on(steps, "2024-05-13")
    assert ("desk-compliance", "renamed", "product", None) in loud(april)
    assert ("iso-27001", "changed", "standard", "stance") in loud(april)
    back = [
        told
        for told in may.run.told
        if told.page.id == "iso-27001" and told.change.kind == "standard"
    ]
    assert [(told.change.field, told.severity) for told in back] == [("stance", "critical")]
