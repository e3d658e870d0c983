"""A capture that is held back, from the first look at it to a person's word:
one story, and nothing of it in silence.
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

from pipeline import config, errors, history, standards, track
from pipeline.model import Changed, First, Held, HeldBack, Run, Unchanged, Word
from pipeline.standards import Catalogue

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
MANY = "Ledger Archive Courier Beacon Anvil Prism Quarry Fathom Gable Harrow Inlet Juniper"
SHELL = (
    "<!doctype html><html><head><title>Trust</title></head><body><div id=root></div></body></html>"
)


def page(services: str = MANY, edition: str = "2013") -> str:
    listed = "\n".join(f"- {service}" for service in services.split())
    return (
        f"# Northwind Desk\n\nNorthwind Desk is certified to ISO/IEC 27001:{edition}.\n\n"
        f"## Services in scope of SOC 2\n\n{listed}\n"
    )


A, FEW, OTHER = page(), page("Ledger", "2022"), page("Ledger", "2025")


class Desk:
    """One page, one recipient, a clock set by hand."""

    def __init__(self, folder: Path, catalogue: Catalogue, hook: HTTPServer) -> None:
        hook.expect_request("/hook", method="POST").respond_with_data("yes")
        self.folder, self.catalogue, self.hook = folder, catalogue, hook
        self.day = 0.0
        self.write()

    def write(self, more: str = "") -> None:
        (self.folder / "config.toml").write_text(
            '[fetch]\nallow = ["127.0.0.1", "localhost"]\n[[pages]]\nid = "desk"\nurl = "desk.md"\n'
            f'vendor = "Northwind"\n[[alerts]]\nto = "{self.hook.url_for("/hook")}"\n{more}'
        )
        self.config = config.load(self.folder / "config.toml")

    def now(self) -> datetime:
        return START + timedelta(days=self.day)

    def run(self, text: str | None, day: float) -> Run:
        self.day = day
        path = self.folder / "desk.md"
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text)
        return track.run(self.config, self.catalogue, now=self.now, hooks=track.Hooks(environ={}))

    def accept(self, day: float) -> Run:
        self.day = day
        with track.open(self.config) as store:
            word = Word("desk", "ana", "it is so")
            return track.release(store, self.catalogue, word, now=self.now, environ={})

    def say(self, verdict: str, day: float) -> None:
        self.day = day
        with track.open(self.config) as store:
            track.review(
                store, "desk", track.Review(verdict, self.now(), who="ana", note="a glitch")
            )

    def held(self) -> Held | None:
        with track.open(self.config) as store:
            return next(iter(history.held_back(store.db, self.config.rules)), None)

    def ask(self, question: Callable[..., Any], **wanted: Any) -> Any:
        with track.open(self.config) as store:
            return question(store.db, **wanted)

    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(request.get_data()) for request, _ in self.hook.log]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return standards.load()


@pytest.fixture
def desk(tmp_path: Path, catalogue: Catalogue, httpserver: HTTPServer) -> Desk:
    return Desk(tmp_path, catalogue, httpserver)


def said(items: Any) -> list[tuple[str, str, str | None, str]]:
    return sorted(
        (item.change.summary, item.change.kind, item.change.field, item.severity) for item in items
    )


def test_what_is_foreseen_is_what_accepting_tells(desk: Desk) -> None:
    desk.run(A, 0)
    found = desk.run(FEW, 1)
    [held] = found.held
    assert held == desk.held()
    assert (held.since, held.captured_at, held.last_good_at) == (desk.now(), desk.now(), START)
    assert held.verdict.name == "mass-change"
    done = desk.accept(1.5)
    assert isinstance(done.outcomes[0], Changed)
    assert said(done.told) == said(held.changes)
    assert len(done.told) > 10
    assert desk.held() is None


def test_what_is_accepted_is_reported_and_sent(desk: Desk) -> None:
    desk.run(A, 0)
    desk.run(FEW, 1)
    done = desk.accept(1.5)
    doubt, told = desk.sent()
    assert [one["page"] for one in doubt["held"]] == ["desk"]
    loud = {item.id for item in done.told if item.severity in ("critical", "high", "medium")}
    assert {change["id"] for change in told["changes"]} == loud
    assert [one["page"] for one in told["recovered"]] == ["desk"]
    assert told["held"] == []
    [report] = desk.config.reports.glob("2026-03-02T18*.html")
    assert "held back since 2 March 2026 06:00 UTC is accepted by ana: “it is so”" in (
        report.read_text()
    )
    [row] = desk.ask(history.reviews)
    assert (row["verdict"], row["who"]) == ("accept", "ana")
    assert desk.run(FEW, 2).told == ()
    assert len(desk.sent()) == 2
    before = desk.ask(history.changes)
    track.rebuild(desk.config, desk.catalogue, now=desk.now)
    assert desk.ask(history.changes) == before
    assert desk.run(FEW, 3).told == ()
    assert len(desk.sent()) == 2


def test_an_acceptance_whose_run_died_is_told_by_the_next(desk: Desk) -> None:
    """A bare review, as is left where the process dies behind it."""
    desk.run(A, 0)
    desk.run(FEW, 1)
    desk.say("accept", 1.5)
    done = desk.run(FEW, 2)
    [late] = done.earlier
    assert late.accepted is not None
    assert (late.accepted.word.who, late.cut_off, done.told) == ("ana", True, ())
    assert "ISO/IEC 27001: edition 2013 → 2022" in {item.change.summary for item in late.told}
    assert len(desk.sent()[-1]["changes"]) > 10
    assert len(desk.sent()) == 2


def test_only_the_looks_that_were_let_go_are_told_anew(desk: Desk) -> None:
    """The text was the page before, and told then:
    to let its new capture go tells the way back alone.
    """
    desk.run(FEW, 0)
    desk.run(A, 1)
    desk.run(A, 2.5)
    before = {row["id"] for row in desk.ask(history.changes)}
    assert before
    assert isinstance(desk.run(FEW, 3).outcomes[0], HeldBack)
    desk.accept(3.5)
    assert not before & {change["id"] for change in desk.sent()[-1]["changes"]}
    assert before < {row["id"] for row in desk.ask(history.changes)}


def test_accepting_nothing_or_what_cannot_be_read_is_refused(desk: Desk) -> None:
    desk.run(A, 0)
    with pytest.raises(errors.NotFound, match="no capture is held back since its last good look"):
        desk.accept(0.5)
    assert desk.ask(history.reviews) == []


def test_what_is_rejected_stays_held_back_while_the_page_shows_it(desk: Desk) -> None:
    desk.run(A, 0)
    desk.run(FEW, 1)
    desk.say("no-change", 1.1)
    for day in (2.5, 5, 9):
        assert isinstance(desk.run(f"<!-- {day} -->\n\n{FEW}", day).outcomes[0], HeldBack), day
    held = desk.held()
    assert held is not None
    assert held.rejected == Word("desk", "ana", "a glitch", START + timedelta(days=1.1))
    assert held.since == START + timedelta(days=1)
    track.rebuild(desk.config, desk.catalogue, now=desk.now)
    assert desk.held() == held
    # Another text is another matter: it is let go as any other is, counted from its own first look.
    assert isinstance(desk.run(OTHER, 9.5).outcomes[0], HeldBack)
    assert isinstance(desk.run(OTHER, 11).outcomes[0], Changed)


def test_the_last_word_counts(desk: Desk) -> None:
    desk.run(A, 0)
    desk.run(FEW, 1)
    desk.say("no-change", 1.1)
    desk.accept(1.2)
    assert desk.held() is None
    assert isinstance(desk.run(A, 2).outcomes[0], HeldBack)
    assert isinstance(desk.run(A, 2.5).outcomes[0], Changed)
    assert isinstance(desk.run(FEW, 3).outcomes[0], Unchanged | Changed), "it was accepted once"


def test_a_page_that_was_let_go_by_time_and_later_rejected_keeps_its_past(desk: Desk) -> None:
    desk.run(A, 0)
    desk.run(FEW, 1)
    assert isinstance(desk.run(FEW, 2.5).outcomes[0], Changed)
    desk.run(A, 4)
    desk.run(A, 4.5)
    changes = desk.ask(history.changes)
    desk.run(f"{FEW}\n", 6)
    desk.say("no-change", 6.1)
    track.rebuild(desk.config, desk.catalogue, now=desk.now)
    assert desk.ask(history.changes) == changes
    assert desk.held() is not None


def test_a_first_look_that_is_held_back_says_what_its_baseline_would_be(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "shell.html").write_text(SHELL)
    desk.write('[[pages]]\nid = "shell"\nurl = "shell.html"\n')
    [held] = desk.run(A, 0).held
    assert (held.page.id, held.good, held.changes, held.unsaid) == ("shell", None, (), None)
    with track.open(desk.config) as store:
        word = Word("shell", "ana")
        done = track.release(store, desk.catalogue, word, now=desk.now, environ={})
    assert isinstance(done.outcomes[0], First)


def test_a_held_page_that_could_not_be_fetched_since_is_still_held_back(desk: Desk) -> None:
    desk.run(A, 0)
    desk.run(FEW, 1)
    assert desk.run(None, 2).held == ()
    held = desk.held()
    assert held is not None
    assert held.captured_at == START + timedelta(days=1)
    assert len(desk.accept(2.5).told) > 10


def test_rules_give_what_is_foreseen_its_severity(desk: Desk) -> None:
    desk.write('[[rules]]\nkind = "service"\nseverity = "low"\n')
    desk.run(A, 0)
    [held] = desk.run(FEW, 1).held
    assert {item.severity for item in held.changes if item.change.kind == "service"} == {"low"}
    assert "by rule 1" in next(one.why for one in held.changes if one.change.kind == "service")


def test_what_an_earlier_version_held_back_is_foreseen_by_the_next_run(desk: Desk) -> None:
    desk.run(A, 0)
    held = replace(desk.run(FEW, 1).held[0])
    with track.open(desk.config) as store, history.transaction(store.db):
        store.db.conn.execute("DELETE FROM foreseen")
    bare = desk.held()
    assert bare is not None
    assert bare.unsaid == "it was not compared yet; the next run does"
    desk.run(FEW, 1.2)
    again = desk.held()
    assert again is not None
    assert again.changes == held.changes


def test_a_run_that_read_nothing_writes_a_report(desk: Desk) -> None:
    desk.run(A, 0)
    for day, text in ((1, None), (2, FEW)):
        desk.run(text, day)
        [report] = desk.config.reports.glob(f"2026-03-0{day + 1}T*.json")
        run = json.loads(report.read_text())["run"]
        assert run["read"] == 0
    assert run["headline"] == "The page is held back"
