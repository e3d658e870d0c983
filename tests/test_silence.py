"""Each part is killed in turn and raises its own alarm: fetcher, reader, mailer, schedule, canary;
and a page that stands still.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from test_alert import GRC, NOW, PAGES, STANDING, run
from test_reminders import of
from test_track import START, A, B, Desk, catalogue

from pipeline import config, errors, sources, standards
from pipeline.alert import webhook
from pipeline.model import Failure, Look, Rhythm, Said
from pipeline.standards import Catalogue
from pipeline.track import canary

__all__ = ["catalogue"]
DAY = timedelta(days=1)


class Guarded(Desk):
    """A watched page, an alert, and a canary whose messages come to a watchdog of their own."""

    def __init__(self, folder: Path, catalogue: Catalogue, server: HTTPServer) -> None:
        for name in ("grc", "watchdog"):
            server.expect_request(f"/{name}").respond_with_data("ok")
        self.server = server
        more = f'[[alerts]]\nto = "{server.url_for("/grc")}"\nname = "grc"\n'
        more += '[monitor]\nheartbeat = "beat.json"\nevery = "25 hours"\n'
        super().__init__(folder, catalogue, f'{more}canary = "{server.url_for("/watchdog")}"\n')

    def sent(self, name: str) -> list[dict[str, Any]]:
        log = self.server.log
        return [json.loads(asked.get_data()) for asked, _ in log if asked.path == f"/{name}"]

    def alarms(self) -> list[str]:
        return [one["summary"] for sent in self.sent("grc") for one in sent["reminders"]]

    @property
    def well(self) -> bool:
        return bool(json.loads((self.folder / "beat.json").read_text())["well"])


@pytest.fixture
def guarded(tmp_path: Path, catalogue: Catalogue, httpserver: HTTPServer) -> Guarded:
    return Guarded(tmp_path, catalogue, httpserver)


def test_while_all_is_well_only_the_watchdog_hears_of_the_canary(guarded: Guarded) -> None:
    for day in (0, 0.2, 1, 1.1, 2):
        assert guarded.run(A, day).canary is None
    days = [sent["changes"][0]["after"] for sent in guarded.sent("watchdog")]
    assert len(days) == len(set(days)) == 3
    assert all("alert 0" not in sent["text"] for sent in guarded.sent("watchdog"))
    assert guarded.sent("grc") == []
    assert guarded.well
    with_canary = {row["page"] for row in guarded.everything()["answers"][2]}
    assert with_canary == {"desk"}


def test_the_fetcher_is_killed(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    guarded.run(A, 0)
    dead = Failure("fetch", "there is no route to the network")
    monkeypatch.setattr(sources, "fetch", lambda page, _, now, **__: Look(page, now, failure=dead))
    guarded.run(A, 1)
    [said] = guarded.alarms()
    assert said == (
        "The canary did not come through: its page could not be read: "
        "there is no route to the network"
    )
    assert not guarded.well


def test_the_reader_is_killed(guarded: Guarded) -> None:
    guarded.run(A, 0)
    guarded.catalogue = standards.Catalogue(())
    guarded.run(A, 1)
    assert guarded.alarms() == [
        "The canary did not come through: what had changed on its page was not found"
    ]


def test_the_mailer_is_killed(guarded: Guarded) -> None:
    guarded.run(A, 0)
    guarded.server.clear_all_handlers()
    guarded.server.expect_request("/grc").respond_with_data("ok")
    guarded.server.expect_request("/watchdog").respond_with_data("", status=503)
    guarded.run(A, 1)
    [said] = guarded.alarms()
    assert "its message was not taken" in said
    assert "503 Service Unavailable" in said
    assert guarded.server.url_for("/watchdog") not in said
    guarded.server.expect_request("/watchdog").respond_with_data("ok")


def test_every_recipient_is_killed_and_the_heartbeat_says_so(guarded: Guarded) -> None:
    guarded.server.clear_all_handlers()
    guarded.server.expect_request("/grc").respond_with_data("", status=503)
    guarded.server.expect_request("/watchdog").respond_with_data("", status=503)
    guarded.run(A, 0)
    guarded.run(B, 0.1)
    beat = json.loads((guarded.folder / "beat.json").read_text())
    assert beat["not_delivered"] > 0
    guarded.run(B, 1)
    assert not guarded.well


def test_the_schedule_is_killed(guarded: Guarded) -> None:
    guarded.run(A, 0)
    guarded.run(A, 3)
    assert guarded.alarms() == ["There was no run for 3 days"]


def test_the_canary_is_killed(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    def dead() -> None:
        raise OSError("no port is free")

    monkeypatch.setattr(canary, "_serving", dead)
    guarded.run(A, 0)
    assert guarded.alarms() == [
        "The canary did not come through: a bug of ours: OSError: no port is free"
    ]
    guarded.run(A, 0.1)
    assert len(guarded.alarms()) == 1


def test_a_canary_by_mail_needs_a_server(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for to, said in (("mailto:watch@example.org", "mail needs a server"), ("owner", "no owner")):
        path.write_text(f'[monitor]\ncanary = "{to}"\n')
        with pytest.raises(errors.ConfigError, match=rf"monitor\.canary: .*{said}"):
            config.load(path)


@pytest.mark.parametrize(
    ("monitor", "said"),
    [
        ('canary = "http://watchdog.example/x"', "canary: http is not encrypted; write https, or"),
        ('canary_secret_env = "KEY"', "canary_secret_env: signs the canary's webhook; add canary"),
        (
            'canary = "mailto:a@example.org"\ncanary_secret_env = "KEY"',
            "canary_secret_env: signs webhooks, not mail",
        ),
    ],
)
def test_a_canary_has_the_manners_of_other_recipients(
    tmp_path: Path, monitor: str, said: str
) -> None:
    path = tmp_path / "config.toml"
    smtp = '[smtp]\nhost = "mail.example.org"\nfrom = "a@example.org"\n'
    path.write_text(f"[monitor]\n{monitor}\n{smtp}")
    with pytest.raises(errors.ConfigError, match=rf"monitor\.{said}"):
        config.load(path)
    path.write_text(f'[monitor]\n{monitor}\n[fetch]\nallow = ["watchdog.example"]\n{smtp}')
    if "http:" in monitor:
        assert config.load(path).monitor.canary is not None


def test_the_canary_s_webhook_is_signed_as_others_are(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_KEY", "a key")
    to = guarded.server.url_for("/watchdog")
    guarded.write(f'[monitor]\ncanary = "{to}"\ncanary_secret_env = "WATCHDOG_KEY"\n')
    assert guarded.run(A, 0).canary is None
    (request,) = [asked for asked, _ in guarded.server.log if asked.path == "/watchdog"]
    at = datetime.fromtimestamp(int(request.headers["webhook-timestamp"]), UTC)
    signed = webhook.signature("a key", request.headers["webhook-id"], at, request.get_data())
    assert request.headers["webhook-signature"] == signed


# --------------------------------------------------------------------------- still

Days = Callable[[int], timedelta]


@pytest.mark.parametrize(
    ("gaps", "still", "alarms"),
    [
        ((7, 7, 8, 6, 7), 50, 1),
        ((7, 7, 8, 6, 7), 48, 0),  # seven times as long as usual, and not longer
        ((7, 7, 8, 6), 400, 0),  # too few to know
        ((1, 1, 1, 1, 1), 29, 0),  # a month is nothing, for any page
        ((1, 1, 1, 40, 1), 70, 0),  # it stood still before
        ((1, 1, 1, 40, 1), 81, 1),
    ],
)
def test_a_page_that_stands_still_for_far_longer_than_ever(
    gaps: tuple[int, ...], still: int, alarms: int
) -> None:
    changed = [NOW - still * DAY]
    for gap in gaps:
        changed.insert(0, changed[0] - gap * DAY)
    one = Rhythm(PAGES["trust"], tuple(changed), NOW)
    said = of(replace(STANDING, rhythms=(one,)))
    assert len(said) == alarms
    assert all(f"trust has not changed for {still} days" in line for line in said)
    unread = replace(one, last_good_at=NOW - 8 * DAY)
    assert of(replace(STANDING, rhythms=(unread,))) == []
    known = Said(GRC.recipient, f"still trust {changed[-1].isoformat()}")
    assert of(replace(STANDING, rhythms=(one,), said=(known,))) == []


def test_when_a_page_changed_is_in_the_record(tmp_path: Path, catalogue: Catalogue) -> None:
    desk = Desk(tmp_path, catalogue, '[[alerts]]\nto = "https://example.invalid/x"\nname = "x"\n')
    for day, text in enumerate((A, B, A, A, B)):
        desk.run(text, day)
    from pipeline import history

    [found] = desk.ask(history.rhythms)
    assert [(at - START).days for at in found.changed] == [1, 2, 4]
    assert found.last_good_at == START + 4 * DAY
    assert run().canary is None
