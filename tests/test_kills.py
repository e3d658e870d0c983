"""A run is killed at each named instant: whatever it died of, the runs after it tell
and report each thing exactly once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import told
from instants import Instants, Killed, Lost
from pytest_httpserver import HTTPServer

from pipeline import config, history, standards, track
from pipeline.archive import Archive
from pipeline.model import Word
from pipeline.standards import Catalogue
from pipeline.track import Store

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
MANY = "Ledger Archive Courier Beacon Anvil Prism Quarry Fathom Gable Harrow Inlet Juniper"


def page(edition: str = "2013", services: str = MANY) -> str:
    listed = "\n".join(f"- {service}" for service in services.split())
    return (
        f"# Northwind Desk\n\nNorthwind Desk is certified to ISO/IEC 27001:{edition}.\n\n"
        f"## Services in scope of SOC 2\n\n{listed}\n"
    )


A, B, FEW, GONE = page(), page("2022"), page(services="Ledger"), None


class Place:
    """Two pages, two recipients, a clock set by hand."""

    def __init__(self, folder: Path, catalogue: Catalogue, hook: HTTPServer) -> None:
        self.folder, self.catalogue, self.hook, self.looks = folder, catalogue, hook, 0
        recipients = "".join(
            f'[[alerts]]\nto = "{hook.url_for(f"/{name}")}"\nname = "{name}"\n' for name in "ab"
        )
        (folder / "config.toml").write_text(
            '[fetch]\nallow = ["127.0.0.1", "localhost"]\n'
            '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n'
            f'[[pages]]\nid = "other"\nurl = "other.md"\nvendor = "Northwind"\n{recipients}'
        )
        self.config = config.load(folder / "config.toml")
        (folder / "other.md").write_text(A)

    def run(
        self, text: str | None, pages: list[str] | None = None, store: track.Store | None = None
    ) -> None:
        path = self.folder / "desk.md"
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text)
        self.looks += 1
        at = START + timedelta(hours=self.looks)
        hooks = track.Hooks(environ={}, store=store)
        track.run(self.config, self.catalogue, now=lambda: at, pages=pages, hooks=hooks)

    def killed(self, text: str | None) -> None:
        with Lost(self.config, self.config.database, print) as store, pytest.raises(Killed):
            self._opened(store, text)

    def accept(self, error: type[BaseException] | None = None) -> None:
        """Accept the capture that is held back, or die of it."""
        at = START + timedelta(hours=self.looks, minutes=30)
        word = Word("desk", "ana", "it is so")
        with (
            Lost(self.config, self.config.database, print) as store,
            pytest.raises(error) if error else nullcontext(),
        ):
            track.release(store, self.catalogue, word, now=lambda: at, environ={})

    def reviewed(self) -> bool:
        with track.open(self.config) as store:
            return bool(history.reviews(store.db))

    def _opened(self, store: Store, text: str | None) -> None:
        store.watch()
        self.run(text, store=store)

    def expected(self) -> set[told.News]:
        """Return all that should have been told, from the journals and the changes alone."""
        with track.open(self.config) as store:
            changes = {
                ("change", row["page"], row["id"])
                for row in history.changes(store.db, severity="medium", cause="page")
            }
        return changes | {
            news for name in ("desk", "other") for news in told.outages(self.config.snapshots, name)
        }

    def told(self) -> dict[str, dict[told.News, set[str]]]:
        """Return all that was told, by recipient, each with the ids
        of the messages that told it.
        """
        found: dict[str, dict[told.News, set[str]]] = {name: defaultdict(set) for name in "ab"}
        for request, _ in self.hook.log:
            body = json.loads(request.get_data())
            assert request.headers["x-claimwatch-id"] == body["id"]
            for news in told.items(body):
                found[request.path.strip("/")][news].add(body["id"])
        return found

    def reported(self) -> list[str]:
        files = sorted(self.config.reports.glob("*.json"))
        for file in files:
            assert all(file.with_suffix(suffix).exists() for suffix in (".html", ".md"))
        return sorted(json.loads(file.read_text())["run"]["id"] for file in files)

    def to_report(self) -> list[str]:
        with track.open(self.config) as store:
            changed = {row["first_seen"] for row in history.changes(store.db)}
        return told.to_report(self.config.snapshots, ["desk", "other"], changed)


SCENARIOS: dict[str, tuple[tuple[str | None, ...], str | None, tuple[str | None, ...]]] = {
    "the first look": ((), A, (A, A)),
    "a change": ((A,), B, (B, B)),
    "a change that is undone": ((A,), B, (A, A)),
    "the third failure": ((A, GONE, GONE), GONE, (GONE, GONE)),
    "the third failure, and back at once": ((A, GONE, GONE), GONE, (A, A)),
    "back again, and gone": ((A, GONE, GONE, GONE), A, (GONE, GONE, GONE, A)),
    "a doubt": ((A,), FEW, (FEW,)),
    "a doubt that is over": ((A,), FEW, (A, A)),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return standards.load()


@pytest.fixture
def instants(monkeypatch: pytest.MonkeyPatch) -> Instants:
    return Instants(monkeypatch)


@pytest.fixture
def place(
    tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue, httpserver: HTTPServer
) -> Callable[[], Place]:
    for name in "ab":
        httpserver.expect_request(f"/{name}", method="POST").respond_with_data("yes")

    def made() -> Place:
        httpserver.clear_log()
        return Place(tmp_path_factory.mktemp("place"), catalogue, httpserver)

    return made


def instants_of(name: str, instants: Instants, place: Callable[[], Place]) -> list[str]:
    """Return the instants of the run that is to be killed."""
    before, during, _ = SCENARIOS[name]
    whole = place()
    for text in before:
        whole.run(text)
    instants.names.clear()
    whole.run(during)
    return list(instants.names)


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_a_killed_run_did_not_tell_the_next_ones_tell_once(
    name: str, instants: Instants, place: Callable[[], Place]
) -> None:
    before, during, after = SCENARIOS[name]
    passed = instants_of(name, instants, place)
    assert {"after a look", "before a commit", "after a line of a journal"} <= set(passed)
    for number, instant in enumerate(passed):
        one = place()
        for text in before:
            one.run(text)
        instants.names.clear()
        instants.at = number
        one.killed(during)
        instants.at = None
        for text in after:
            one.run(text)
        where = f"killed at instant {number}, {instant}"
        expected = one.expected()
        for recipient, got in one.told().items():
            assert set(got) == expected, f"{where}: {recipient}"
            assert {len(ids) for ids in got.values()} <= {1}, f"{where}: under two ids"
        assert one.reported() == one.to_report(), where


def test_what_a_killed_run_saw_of_one_page_is_told_by_a_run_over_another(
    instants: Instants, place: Callable[[], Place]
) -> None:
    one = place()
    one.run(A)
    instants.names.clear()
    whole = place()
    whole.run(A)
    instants.names.clear()
    whole.run(B)
    lines = [n for n, name in enumerate(instants.names) if name == "after a line of a journal"]
    for number in lines:
        one = place()
        one.run(A)
        instants.names.clear()
        instants.at = number
        one.killed(B)
        instants.at = None
        one.run(B, pages=["other"])
        seen = len(list(Archive(one.config.snapshots).looks("desk"))) == 2
        assert len(one.expected()) == seen, number
        assert [set(got) for got in one.told().values()] == [one.expected()] * 2
        assert one.reported() == one.to_report()


def test_a_report_that_was_made_later_says_so(
    instants: Instants, place: Callable[[], Place]
) -> None:
    names = instants_of("a change", instants, place)
    one = place()
    one.run(A)
    instants.names.clear()
    instants.at = names.index("after a file of a report")
    one.killed(B)
    instants.at = None
    one.run(GONE)
    first, cut, last = (
        json.loads(path.read_text())["run"] for path in sorted(one.config.reports.glob("*.json"))
    )
    assert [run["cut_off"] for run in (first, cut, last)] == [False, True, False]
    assert (cut["pages"], cut["changed"], cut["unchanged"]) == (2, 1, 1)
    assert (last["changed"], last["failed"], last["severities"]["high"]) == (0, 1, 0)
    [html] = one.config.reports.glob("2026-03-01T08*.html")
    assert "This run was cut off" in html.read_text()
    with track.open(one.config) as store:
        assert history.unclosed(store.db) == ()


def test_what_a_person_accepted_is_told_once_whenever_the_process_dies(
    instants: Instants, place: Callable[[], Place]
) -> None:
    def held() -> Place:
        one = place()
        one.run(A)
        one.run(FEW)
        instants.names.clear()
        return one

    held().accept()
    passed = list(instants.names)
    assert "after a message" in passed
    for number, instant in enumerate(passed):
        one = held()
        instants.at = number
        one.accept(Killed)
        instants.at = None
        one.run(FEW)
        where = f"killed at instant {number}, {instant}"
        assert len(one.expected()) == (13 if one.reviewed() else 1), where
        for got in one.told().values():
            assert set(got) == one.expected(), where
            assert {len(ids) for ids in got.values()} == {1}, where
        reported = [
            change["id"]
            for file in one.config.reports.glob("*.json")
            for change in json.loads(file.read_text())["changes"]
        ]
        with track.open(one.config) as store:
            changes = [row["id"] for row in history.changes(store.db)]
        assert sorted(reported) == sorted(changes), where
