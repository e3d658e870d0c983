"""What only time brings about: days that come, verdicts that do not,
what is required and claimed nowhere; each told once.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from test_alert import BEFORE, GRC, NOW, PAGES, STANDING, failed, run, told
from test_track import START, Desk, catalogue

from pipeline import alert, history, standards
from pipeline.model import Dated, Dead, Message, Need, Run, Said, Situation
from pipeline.rules import Alert

__all__ = ["catalogue"]
TODAY = NOW.date()
NONE = replace(STANDING, standing=())


def certificate(days: int, since: int = 400, what: str = "validity") -> Dated:
    """Return a day that many days from now that the page names since so many days."""
    return Dated(
        what,  # type: ignore[arg-type]
        PAGES["trust"],
        "c1",
        "iso-27001",
        "Acme Cloud, ISO/IEC 27001",
        TODAY + timedelta(days=days),
        TODAY - timedelta(days=since),
        "The certificate is valid until then.",
    )


def reminded(*messages: Message) -> list[str]:
    return [
        one["summary"] for message in messages for one in json.loads(message.payload)["reminders"]
    ]


def of(situation: Situation, *alerts: Alert, at: Run | None = None) -> list[str]:
    return reminded(*alert.messages(at or run(), alerts or (GRC,), situation))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (91, []),
        (90, ["90 days from now"]),
        (61, ["61 days from now"]),
        (30, ["30 days from now"]),
        (1, ["1 day from now"]),
        (0, ["0 days from now"]),
        (-1, ["its validity ended on 2026-11-21, and the page still claims it"]),
    ],
)
def test_a_validity_that_runs_out_is_told(days: int, expected: list[str]) -> None:
    got = of(replace(NONE, dated=(certificate(days),)))
    assert len(got) == len(expected)
    assert all(said.endswith(end) for said, end in zip(got, expected, strict=True))


def test_it_is_told_four_times_in_a_year_and_never_again() -> None:
    ends, found = TODAY + timedelta(days=200), []
    said: tuple[Said, ...] = ()
    for day in range(400):
        at = NOW + timedelta(days=day)
        one = replace(certificate(0), day=ends)
        situation = replace(NONE, dated=(one,), said=said)
        for message in alert.messages(replace(run(), finished_at=at), (GRC,), situation):
            found.append((ends - at.date()).days)
            said += tuple(
                Said(GRC.recipient, item["id"]) for item in json.loads(message.payload)["reminders"]
            )
    assert found == [90, 60, 30, -1]


@given(st.integers(-50, 120), st.integers(0, 120))
def test_what_was_so_when_the_page_was_first_seen_is_not_told(left: int, since: int) -> None:
    """The report of that look has it; only what a day came to since then is news."""
    got = of(replace(NONE, dated=(certificate(left, since),)))
    steps = [step for step in (90, 60, 30) if left <= step] if left >= 0 else [-1]
    crossed = min(steps, default=None)
    assert bool(got) == (crossed is not None and left - crossed + since > 0)


@pytest.mark.parametrize(
    ("what", "said"),
    [("planned", "which has passed"), ("superseded", "was to be replaced by 2026-11-21")],
)
def test_a_day_that_has_passed_is_told(what: str, said: str) -> None:
    (got,) = of(replace(NONE, dated=(certificate(-1, what=what),)))
    assert said in got
    assert of(replace(NONE, dated=(certificate(1, what=what),))) == []


def test_an_alert_for_other_pages_or_kinds_is_not_reminded() -> None:
    situation = replace(NONE, dated=(certificate(-1),), needs=(Need("iso-27001", met=False),))
    for only, count in (
        ((("page", ("legal",)),), 0),
        ((("kind", ("service",)),), 0),
        ((("standard", ("soc-2",)),), 0),
        ((("vendor", ("Acme Cloud",)),), 1),
        ((), 2),
    ):
        assert len(of(situation, replace(GRC, only=only))) == count
    assert of(situation, replace(GRC, severity="critical")) == []


# ----------------------------------------------------------------- verdicts, requirements, channels


def test_a_critical_change_that_nobody_reviews_is_told_again_four_times() -> None:
    item = told("critical")
    said: tuple[Said, ...] = ()
    days = []
    for day in range(60):
        at = replace(run(), finished_at=item.first_seen + timedelta(days=day))
        (*messages,) = alert.messages(at, (GRC,), replace(NONE, waiting=(item,), said=said))
        for message in messages:
            days.append(day)
            (one,) = json.loads(message.payload)["reminders"]
            assert f"claimwatch review {item.id} --accept" in message.text
            said += (Said(GRC.recipient, one["id"]),)
    # By themselves; see below.
    assert days == [6, 13, 20, 27]


def test_a_reminder_of_a_verdict_goes_with_another_message_or_waits() -> None:
    item = told("critical")
    due = replace(NONE, waiting=(item,))
    at = replace(run(), finished_at=item.first_seen + timedelta(days=3))
    assert of(due, at=at) == []
    assert len(of(due, replace(GRC, daily=True), at=at)) == 1
    assert len(of(replace(due, needs=(Need("iso-27001", met=False),)), at=at)) == 2
    weekly = replace(due, last_run_at=NOW - timedelta(days=9))
    assert of(weekly, replace(GRC, digest="weekly"), at=at) == []


@given(st.lists(st.booleans(), max_size=12))
def test_what_is_required_is_told_when_it_comes_or_goes(met: list[bool]) -> None:
    said: tuple[Said, ...] = ()
    found = []
    for now in met:
        situation = replace(NONE, needs=(Need("Desk: iso-27001", now),), said=said)
        for message in alert.messages(run(), (GRC,), situation):
            (one,) = json.loads(message.payload)["reminders"]
            found.append("again" in one["summary"])
            said += (Said(GRC.recipient, one["id"]),)
    expected = [now for before, now in zip([True, *met], met, strict=False) if now != before]
    assert found == expected


def test_a_dead_channel_is_told_to_all_others_once() -> None:
    other = replace(GRC, to="mailto:b@example.org", name="b")
    dead = Dead("b", "m1", BEFORE, 3, "the webhook answered HTTP 404 Not Found; make a new one")
    situation = replace(NONE, dead=(dead,))
    (message,) = alert.messages(run(), (GRC, other), situation)
    assert message.to == GRC.recipient
    assert "b cannot be reached since 2026-11-21 06:00 UTC; 3 messages given up" in message.text
    assert "make a new one. Correct that, then: claimwatch deliver" in message.text
    again = replace(situation, said=(Said(GRC.recipient, "channel m1"),))
    assert of(again, GRC, other) == []


def test_nothing_at_all_was_read_of_several_sites() -> None:
    one, two = failed("legal", 1), failed("trust", 1)
    assert of(STANDING, at=run(one, two)) == []
    elsewhere = replace(
        two, look=replace(two.look, page=replace(two.look.page, url="https://halden.example/trust"))
    )
    (message,) = alert.messages(run(one, elsewhere), (GRC,), STANDING)
    assert message.subject == "claimwatch: critical: None of 2 pages could be read"
    said = Said(GRC.recipient, json.loads(message.payload)["reminders"][0]["id"])
    assert of(replace(STANDING, said=(said,)), at=run(one, elsewhere)) == []


@pytest.mark.parametrize(
    ("hours", "said"), [(25, []), (26, ["1 day and 2 hours"]), (72, ["3 days"])]
)
def test_a_run_that_comes_late_says_so_once(hours: int, said: list[str]) -> None:
    last = NOW - timedelta(hours=hours)
    situation = replace(NONE, last_run_at=last, every=timedelta(hours=25))
    got = of(situation)
    assert got == [f"There was no run for {gap}" for gap in said]
    assert of(replace(situation, every=None)) == []
    again = replace(situation, said=(Said(GRC.recipient, f"late {last.isoformat()}"),))
    assert of(again) == []


def test_who_gets_a_digest_alone_is_reminded_in_it() -> None:
    weekly = replace(GRC, digest="weekly")
    situation = replace(NONE, dated=(certificate(-1),), last_run_at=NOW - timedelta(days=9))
    (message,) = alert.messages(run(), (weekly,), situation)
    assert json.loads(message.payload)["digest"]
    assert reminded(message)
    assert of(replace(situation, last_run_at=NOW), weekly) == []


# --------------------------------------------------------------------------- from the record

PAGE = """# Northwind trust centre

This page describes how Northwind protects the accounts of its customers, and which assessments it has passed.

## Certifications

Northwind Desk is certified to ISO/IEC 27001:2022. The certificate is valid until {ends}.

Northwind Desk has completed a SOC 2 Type 2 audit.
"""


def test_days_and_requirements_are_found_in_the_record(
    tmp_path: Path, catalogue: standards.Catalogue, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook").respond_with_data("ok")
    more = f'[[alerts]]\nto = "{httpserver.url_for("/hook")}"\nname = "grc"\n'
    more += '[[requirements]]\nstandards = ["pci-dss", "soc-2"]\nvendor = "Northwind"\n'
    desk = Desk(tmp_path, catalogue, more)
    ends = START.date() + timedelta(days=100)
    text = PAGE.format(ends=f"{ends.day} {ends:%B} {ends.year}")
    for day in (0, 5, 9, 12, 50, 69, 71, 99, 102, 140):
        desk.run(text, day)
    sent = [json.loads(request.get_data()) for request, _ in httpserver.log]
    told = [one["summary"] for message in sent for one in message["reminders"]]
    assert told[0] == "No page claims what you require: pci-dss, soc-2 of Northwind: pci-dss"
    assert [said.rpartition(", ")[2] for said in told[1:]] == [
        "88 days from now",
        "50 days from now",
        "29 days from now",
        "and the page still claims it",
    ]
    with_database = desk.ask(history.said)
    desk.config.database.unlink()
    desk.rebuild()
    assert desk.ask(history.said) == with_database


def test_days_are_those_of_the_schedule_s_zone() -> None:
    late = replace(run(), finished_at=NOW.replace(hour=23))
    one = replace(certificate(0), day=date(2026, 11, 22))
    assert "0 days" in of(replace(NONE, dated=(one,)), at=late)[0]
    tokyo = replace(NONE, dated=(one,), zone=ZoneInfo("Asia/Tokyo"))
    assert "ended on" in of(tokyo, at=late)[0]
