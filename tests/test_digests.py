"""Digests: what changed in a day or week, each change once, from what the record has."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from test_alert import DOUBT, GRC, NOW, STANDING, after, notice, outage, run, told
from test_choosing import changes_of
from test_track import A, B, Desk, catalogue

from pipeline import alert, history, standards
from pipeline.model import Digest, Message, Recent, Situation
from pipeline.rules import Alert

__all__ = ["catalogue"]

BERLIN = ZoneInfo("Europe/Berlin")
WEEKLY = replace(GRC, digest="weekly")


def digest_at(at: datetime, situation: Situation, *alerts: Alert) -> tuple[Message, ...]:
    return alert.messages(
        replace(run(), finished_at=at), alerts or (WEEKLY,), replace(situation, zone=BERLIN)
    )


def test_a_digest_comes_once_a_week_with_all_that_changed() -> None:
    monday = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    recent = tuple(
        Recent(NOW - timedelta(days=day), told("medium", f"c{day}")) for day in (1, 2, 3)
    )
    later = replace(STANDING, last_run_at=NOW, recent=recent)
    (mail,) = digest_at(monday, later)
    assert mail.subject == "claimwatch: weekly digest: medium: Acme Cloud: c1 (and 2 more)"
    assert mail.text.startswith("What changed from 2026-11-16 00:00 CET to 2026-11-23 06:00 CET.\n")
    assert json.loads(mail.payload)["digest"]["of"] == "weekly"
    assert digest_at(monday + timedelta(days=1), replace(later, last_run_at=monday)) == ()
    since = replace(later, digests=(Digest(GRC.recipient, "weekly", NOW - timedelta(hours=30)),))
    (mail,) = digest_at(monday, since)
    assert changes_of(mail) == ["medium"]


def test_a_digest_leaves_out_what_was_told_at_once_and_a_quiet_week() -> None:
    monday = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    at_once = replace(GRC, severity="critical")
    recent = (Recent(NOW, told("critical", "a")), Recent(NOW, told("medium", "b")))
    (mail,) = digest_at(monday, replace(STANDING, last_run_at=NOW, recent=recent), at_once, WEEKLY)
    assert changes_of(mail) == ["medium"]
    assert (
        digest_at(monday, replace(STANDING, last_run_at=NOW, recent=recent[:1]), at_once, WEEKLY)
        == ()
    )


def test_a_digest_has_the_outages_and_what_cannot_wait_comes_at_once() -> None:
    monday = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    down = after(outage(3, doubt=DOUBT))
    (mail,) = digest_at(NOW, replace(down, last_run_at=NOW - timedelta(hours=1)))
    assert [one.get("confirmed") for one in json.loads(mail.payload)["unread"]] == [False]
    told_of = after(outage(4), notice("doubted"))
    assert digest_at(NOW, replace(told_of, last_run_at=NOW - timedelta(hours=1))) == ()
    (mail,) = digest_at(monday, replace(told_of, last_run_at=NOW))
    assert mail.subject == "claimwatch: weekly digest: legal could not be read 4 times in a row"
    over = after(notice("doubted"), notice("unread"))
    assert digest_at(NOW, replace(over, last_run_at=NOW - timedelta(hours=1))) == ()
    (mail,) = digest_at(monday, replace(over, last_run_at=NOW))
    assert "legal is read again" in mail.text


@given(st.lists(st.integers(0, 200), min_size=2, max_size=12), st.sampled_from(["daily", "weekly"]))
def test_every_change_is_in_one_digest(hours: list[int], of: str) -> None:
    """Runs at whatever hours: what each found is collected once, by the next run
    that a digest comes with.
    """
    to = replace(GRC, digest=of)
    found, closed, last = [], [], Situation()
    start = datetime(2026, 10, 1, tzinfo=UTC)
    times = [start + timedelta(hours=sum(hours[: n + 1]), minutes=n) for n in range(len(hours))]
    times.append(times[-1] + timedelta(days=15))
    for number, at in enumerate(times):
        item = told("high", f"change {number}")
        situation = replace(last, recent=tuple(closed))
        sent = alert.messages(replace(run(changes=(item,)), finished_at=at), (to,), situation)
        found += [change["id"] for one in sent for change in json.loads(one.payload)["changes"]]
        digests = tuple(Digest(one.to, of, at) for one in sent)
        last = Situation(last_run_at=at, digests=digests or last.digests)
        closed.append(Recent(at, item))
    assert len(found) == len(set(found)) == len(times)


def test_a_digest_is_collected_from_the_record(
    tmp_path: Path, catalogue: standards.Catalogue, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook").respond_with_data("ok")
    hook = f'[[alerts]]\nto = "{httpserver.url_for("/hook")}"\nname = "grc"\ndigest = "weekly"\n'
    desk = Desk(tmp_path, catalogue, hook)
    for day, text in enumerate((A, B, B, A, A, A, A, A, A, A, B, B, B, B, B, B, B)):
        desk.run(text, day)
    sent = [json.loads(request.get_data()) for request, _ in httpserver.log]
    told = [change["id"] for one in sent for change in one["changes"]]
    loud = [
        row["id"]
        for row in desk.ask(history.changes)
        if row["severity"] in ("critical", "high", "medium")
    ]
    assert sorted(told) == sorted(set(told)) == sorted(loud)
    assert all(a["digest"]["until"] <= b["digest"]["since"] for a, b in pairwise(sent))
    before = desk.everything()
    desk.rebuild()
    assert desk.everything() == before
