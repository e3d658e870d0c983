"""Every fault of the real web, against the whole pipeline: named rightly, no claim lost,
recovery noticed, real news told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import faults
import pytest

from pipeline import config, history, standards, track
from pipeline.model import Run

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
NAMES = tuple(faults.all_of(faults.Server()))


class Watched:
    """A page on the misbehaving server, watched by the whole pipeline;
    every look is an hour after the one before.
    """

    def __init__(self, folder: Path, server: faults.Server, more: str = "") -> None:
        self.server = server
        self.good = faults.says(faults.answer(faults.page()))
        self.faults = faults.all_of(server)
        self.looks = 0
        self.path = folder / "config.toml"
        self.path.write_text(
            "[fetch]\ntimeout = 0.3\ntotal = 0.6\nretries = 0\ndelay = 0\n"
            "max_bytes = 3000000\nmax_redirects = 5\n"
            'allow = ["127.0.0.1"]\n[[pages]]\nid = "trust"\n'
            f'url = "http://127.0.0.1:{server.port}/legal/trust"\n'
            f'product = "Acme Cloud"\nselector = "main"\n{more}'
        )
        self.config = config.load(self.path)
        self.catalogue = standards.load()

    def run(self, act: faults.Act | None = None, robots: bytes | None = None) -> Run:
        self.server.act = act or self.good
        self.server.robots = robots or faults.answer(status="404 Not Found")
        self.looks += 1
        return track.run(
            self.config,
            self.catalogue,
            now=lambda: START + timedelta(hours=self.looks),
            hooks=track.Hooks(environ={}),
        )

    def fault(self, name: str) -> Run:
        return self.run(self.faults[name].act, self.faults[name].robots)

    def status(self) -> dict[str, object]:
        with track.open(self.config) as store:
            return dict(history.status(store.db)[0])

    def changes(self) -> list[tuple[str, str, str | None]]:
        with track.open(self.config) as store:
            return [
                (row["change"], row["kind"], row["standard"]) for row in history.changes(store.db)
            ]

    def disputed(self) -> set[str | None]:
        with track.open(self.config) as store:
            return {row.get("disputed_since") for row in history.claims(store.db)}

    def held(self) -> list[str]:
        with track.open(self.config) as store:
            return sorted(row["standard"] for row in history.claims(store.db, kind="standard"))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with faults.Server() as server:
        found = Watched(tmp_path_factory.mktemp("watched"), server)
        found.run()
        assert len(found.held()) == len(faults.STANDARDS)
        yield found


def test_there_are_enough_faults() -> None:
    assert len(NAMES) >= 40


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_is_named_and_takes_nothing_away(watched: Watched, name: str) -> None:
    before, fault = watched.held(), watched.faults[name]
    watched.fault(name)
    stands = watched.status()
    assert (stands["last_result"], stands["fault"]) == (fault.result, fault.name), stands["reason"]
    assert fault.reason in str(stands["reason"])
    assert (watched.changes(), watched.held()) == ([], before)
    watched.run()
    stands = watched.status()
    assert (stands["last_result"], stands["failures"]) == ("unchanged", 0), stands["reason"]
    assert watched.changes() == []


@pytest.mark.parametrize(
    "name", ["503 Service Unavailable", "challenge", "most claims gone", "german", "silent"]
)
def test_a_standard_that_goes_between_two_faults_is_told_at_once(tmp_path: Path, name: str) -> None:
    with faults.Server() as server:
        watched = Watched(tmp_path, server)
        watched.run()
        watched.fault(name)
        watched.good = faults.says(faults.answer(faults.page("ISO 9001")))
        told = [
            (item.change.change, item.change.kind, item.change.standard, item.severity)
            for item in watched.run().told
        ]
        assert ("removed", "standard", "iso-9001", "critical") in told
        assert [one[2] for one in told if one[1] == "standard"] == ["iso-9001"]
        watched.fault(name)
        assert watched.run().told == ()
        assert [standard for change, kind, standard in watched.changes() if kind == "standard"] == [
            "iso-9001"
        ]


def test_a_mass_loss_is_told_at_once_as_unconfirmed(tmp_path: Path) -> None:
    with faults.Server() as server:
        watched = Watched(
            tmp_path,
            server,
            f'[[alerts]]\nto = "http://127.0.0.1:{server.port}/hook"\nseverity = "critical"\n',
        )
        watched.run()
        assert watched.disputed() == {None}
        watched.fault("most claims gone")
        assert watched.disputed() == {"2026-03-01T08:00:00Z"}
        watched.run()
        assert watched.disputed() == {None}
        told = [json.loads(body) for body in server.posted]
    assert [one["subject"] for one in told] == [
        "claimwatch: trust may have changed as a whole (critical, unconfirmed)",
        "claimwatch: trust is read again, after 1 look without a good one",
    ]
    [doubt] = told[0]["unread"]
    assert (doubt["severity"], doubt["confirmed"], len(doubt["captures"])) == ("critical", False, 2)
    assert "claims would go at once" in doubt["reason"]


def test_a_page_that_stays_unread_is_told_once_and_so_is_its_recovery(tmp_path: Path) -> None:
    with faults.Server() as server:
        watched = Watched(
            tmp_path, server, f'[[alerts]]\nto = "http://127.0.0.1:{server.port}/hook"\n'
        )
        watched.run()
        for _ in range(5):
            watched.fault("404 Not Found")
        assert watched.status()["failures"] == 5
        watched.run()
        watched.run()
        subjects = [json.loads(body)["subject"] for body in server.posted]
    assert subjects == [
        "claimwatch: trust could not be read 3 times in a row",
        "claimwatch: trust is read again, after 5 looks without a good one",
    ]


@pytest.mark.parametrize("status", ["301 Moved Permanently", "308 Permanent Redirect"])
def test_a_page_that_moved_for_good_is_told_once(tmp_path: Path, status: str) -> None:
    with faults.Server() as server:
        watched = Watched(tmp_path, server)
        watched.run()
        moved = faults.moves("/trust-centre", status, faults.answer(faults.page()))
        told = watched.run(moved).told
        before, after = (
            f"http://127.0.0.1:{server.port}/{path}" for path in ("legal/trust", "trust-centre")
        )
        assert [
            (
                item.change.kind,
                item.change.change,
                item.change.name,
                item.change.before,
                item.change.after,
            )
            for item in told
        ] == [("metadata", "renamed", "url", before, after)]
        assert watched.run(moved).told == ()
        watched.fault("soft 404")
        assert watched.run(moved).told == ()
        later = watched.run(
            faults.moves("/trust-centre", status, faults.answer(faults.page("ISO 9001")))
        ).told
        assert ("removed", "standard") in {(item.change.change, item.change.kind) for item in later}
        assert [item for item in later if item.change.name == "url"] == []
        stood = watched.changes()
        track.rebuild(watched.config, watched.catalogue, now=lambda: START)
        assert watched.changes() == stood


def test_a_detour_is_no_move(tmp_path: Path) -> None:
    with faults.Server() as server:
        watched = Watched(tmp_path, server)
        watched.run()
        for status in ("302 Found", "307 Temporary Redirect"):
            assert (
                watched.run(
                    faults.moves("/trust-centre", status, faults.answer(faults.page()))
                ).told
                == ()
            )
