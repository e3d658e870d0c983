"""The story: baseline, changes told once, failures that lose nothing,
crashes at any instant, our progress kept apart.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from crashes import Crash, crashing
from instants import Lost
from pytest_httpserver import HTTPServer

from pipeline import config, history, sources, standards, track
from pipeline.egress import Limits
from pipeline.errors import NotFound, StoreError
from pipeline.model import (
    Changed,
    Failed,
    First,
    HeldBack,
    Known,
    Look,
    Page,
    Run,
    Snapshot,
    Unchanged,
)
from pipeline.standards import Catalogue
from pipeline.track import rounds

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
PAGE = """---
title: {name} compliance
---
# {name} compliance

{name} is certified to ISO/IEC 27001:{edition}.

{name} is HIPAA compliant, and Northwind's team signs a business associate agreement.
{more}
## Services in scope of SOC 2

{services}
"""
SERVICES = "- Ledger\n- Archive\n- Courier"


def body(
    name: str = "Northwind Desk", edition: str = "2013", more: str = "", services: str = SERVICES
) -> str:
    return PAGE.format(name=name, edition=edition, more=more, services=services)


A, B, C = body(), body(edition="2022"), body(edition="2022", services="- Ledger\n- Archive")
FORM = A.replace("\n\n", "\n\n\n").replace("- ", "*   ").replace("'", "’")
NOTE = body(more="\n> [!NOTE]\n> HIPAA does not cover the Courier service.\n")


class Desk:
    """A folder with a config, a page that can be rewritten, and a clock that is set by hand."""

    def __init__(self, folder: Path, catalogue: Catalogue, more: str = "") -> None:
        self.folder = folder
        self.catalogue = catalogue
        self.page = folder / "desk.md"
        self.told: list[str] = []
        self.write(more)

    def write(self, more: str = "", page: str = "") -> None:
        text = '[store]\ndatabase = "claims.db"\n[fetch]\nallow = ["127.0.0.1", "localhost"]\n'
        text += f'[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n{page}\n{more}'
        (self.folder / "config.toml").write_text(text, encoding="utf-8")
        self.config = config.load(self.folder / "config.toml")

    def run(self, text: str | None, day: float, **more: Any) -> Run:
        if text is not None:
            self.page.write_text(text, encoding="utf-8")
        elif self.page.exists():
            self.page.unlink()
        return track.run(
            self.config,
            self.catalogue,
            now=lambda: START + timedelta(days=day),
            **{"hooks": track.Hooks(tell=self.told.append)} | more,
        )

    def ask(self, question: Callable[..., Any], **wanted: Any) -> Any:
        with track.open(self.config) as store:
            return question(store.db, **wanted)

    def changes(self, **wanted: Any) -> list[tuple[str, str, str]]:
        return [
            (row["kind"], row["change"], row["cause"])
            for row in self.ask(history.changes, **wanted)
            if row["severity"] != "info"
        ]

    def backfill(self, *shots: tuple[float, str]) -> tuple[int, int]:
        page = self.config.pages[0]
        with track.open(self.config) as store:
            return track.backfill(
                store,
                page,
                [capture(page, day, text) for day, text in shots],
                self.catalogue,
                now=lambda: START,
            )

    def rebuild(self) -> int:
        return track.rebuild(self.config, self.catalogue, now=lambda: START + timedelta(days=900))

    def everything(self) -> dict[str, Any]:
        """Return every answer, but for what depends on when the answers were derived."""
        with track.open(self.config) as store:
            db = store.db
            lives = {row["id"]: history.history(db, row["id"]) for row in history.claims(db)}
            answers = (
                history.claims(db),
                history.changes(db),
                history.status(db),
                history.reviews(db),
                history.outbox(db),
                lives,
            )
            past = [history.claims(db, at=START + timedelta(days=day)) for day in range(-3, 8)]
            known = [
                history.claims(db, known_at=START + timedelta(days=day)) for day in range(-3, 8)
            ]
            return {"answers": answers, "past": past, "known": known}


def capture(page: Page, day: float, text: str) -> Snapshot:
    at = START + timedelta(days=day)
    return Snapshot(
        page, at, START + timedelta(days=100), "dir", page.url, "text/markdown", text.encode()
    )


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return standards.load()


@pytest.fixture
def desk(tmp_path: Path, catalogue: Catalogue) -> Desk:
    return Desk(tmp_path, catalogue)


# --------------------------------------------------------------------------- one pass


def test_the_first_good_look_is_a_baseline(desk: Desk) -> None:
    run = desk.run(A, 0)
    assert isinstance(run.outcomes[0], First)
    assert run.told == ()
    held = {(row["standard"], row["edition"]) for row in desk.ask(history.claims, kind="standard")}
    assert ("iso-27001", "2013") in held
    assert {
        row["service"] for row in desk.ask(history.claims, kind="service", standard="soc-2")
    } == {"Ledger", "Archive", "Courier"}
    assert list(desk.config.reports.glob("*.html"))


def test_the_same_bytes_and_a_new_form_tell_nothing(desk: Desk) -> None:
    desk.run(A, 0)
    reports = sorted(desk.config.reports.iterdir())
    same, form = desk.run(A, 1), desk.run(FORM, 2)
    assert [type(run.outcomes[0]) for run in (same, form)] == [Unchanged, Unchanged]
    assert form.outcomes[0].form > 0  # type: ignore[union-attr]
    assert sorted(desk.config.reports.iterdir()) == reports
    assert {row["seen_since"] for row in desk.ask(history.claims)} == {"2026-03-01T06:00:00Z"}
    assert {row["seen_until"] for row in desk.ask(history.claims)} == {"2026-03-03T06:00:00Z"}


def test_a_change_is_told_once_with_its_interval(desk: Desk) -> None:
    desk.run(A, 0)
    desk.run(A, 1)
    run = desk.run(B, 2)
    (told,) = [item for item in run.told if item.severity != "info"]
    assert (told.change.kind, told.change.field, told.change.before, told.change.after) == (
        "standard",
        "edition",
        "2013",
        "2022",
    )
    assert (told.seen_until, told.first_seen) == (
        START + timedelta(days=1),
        START + timedelta(days=2),
    )
    assert isinstance(run.outcomes[0], Changed)
    assert desk.run(B, 3).told == ()
    (row,) = desk.ask(history.changes, kind="standard")
    assert (row["id"], row["status"], row["cause"]) == (told.id, "open", "page")


def test_a_claim_keeps_its_id_through_an_edition_bump_and_a_rename(desk: Desk) -> None:
    desk.run(A, 0)
    (before,) = desk.ask(history.claims, standard="iso-27001", kind="standard")
    desk.run(B, 1)
    desk.run(B.replace("Northwind Desk", "Northwind Studio"), 2)
    (after,) = desk.ask(history.claims, standard="iso-27001", kind="standard")
    assert after["id"] == before["id"]
    assert (after["subject"], after["edition"]) == ("Northwind Studio", "2022")
    life = desk.ask(lambda db: history.history(db, before["id"]))
    assert [
        (row["subject"], row["edition"], row["seen_since"][:10], (row["first_absent"] or "")[:10])
        for row in life
    ] == [
        ("Northwind Desk", "2013", "2026-03-01", "2026-03-02"),
        ("Northwind Desk", "2022", "2026-03-02", "2026-03-03"),
        ("Northwind Studio", "2022", "2026-03-03", ""),
    ]
    assert "2013 → 2022" in life[1]["began_with"][0]["summary"]


def test_a_page_that_cannot_be_read_loses_nothing(desk: Desk) -> None:
    desk.run(A, 0)
    run = desk.run(None, 1)
    failed = run.outcomes[0]
    assert isinstance(failed, Failed)
    assert (failed.in_a_row, failed.last_good_at) == (1, START)
    assert run.told == ()
    claims = desk.ask(history.claims)
    assert claims
    assert {row["first_absent"] for row in claims} == {None}
    assert {row["seen_until"] for row in claims} == {"2026-03-01T06:00:00Z"}, "not confirmed since"
    assert desk.run(None, 2).outcomes[0].in_a_row == 2  # type: ignore[union-attr]
    assert isinstance(desk.run(A, 3).outcomes[0], Unchanged)
    (status,) = desk.ask(history.status)
    assert (status["failures"], status["last_result"]) == (0, "unchanged")


def test_a_gap_widens_the_interval(desk: Desk) -> None:
    desk.run(A, 0)
    desk.run(None, 1)
    desk.run(B, 2)
    (row,) = desk.ask(history.changes, kind="standard")
    assert (row["seen_until"], row["first_seen"]) == (
        "2026-03-01T06:00:00Z",
        "2026-03-03T06:00:00Z",
    )


def test_a_b_a_tells_each_way_and_gives_the_claim_its_id_back(desk: Desk) -> None:
    desk.run(B, 0)
    ids = {row["service"]: row["id"] for row in desk.ask(history.claims, kind="service")}
    desk.run(C, 1)
    assert "Courier" not in {row["service"] for row in desk.ask(history.claims, kind="service")}
    desk.run(B, 2)
    assert {row["service"]: row["id"] for row in desk.ask(history.claims, kind="service")} == ids
    life = desk.ask(lambda db: history.history(db, ids["Courier"]))
    assert [(row["seen_since"][:10], row["seen_until"][:10]) for row in life] == [
        ("2026-03-01", "2026-03-01"),
        ("2026-03-03", "2026-03-03"),
    ]
    desk.run(C, 3)
    removed = [
        row for row in desk.ask(history.changes, kind="service") if row["change"] == "removed"
    ]
    assert len({row["id"] for row in removed}) == 2, "the second time is another change"


def test_what_stood_then(desk: Desk) -> None:
    for day, text in enumerate((A, B, None, A)):
        desk.run(text, day)

    def edition(**when: datetime) -> list[tuple[str, str]]:
        return [
            (row["edition"], row["as_of"][:10])
            for row in desk.ask(history.claims, standard="iso-27001", kind="standard", **when)
        ]

    assert edition(at=START - timedelta(days=1)) == []
    assert edition(at=START + timedelta(hours=5)) == [("2013", "2026-03-01")]
    assert edition(at=START + timedelta(days=2, hours=5)) == [("2022", "2026-03-02")], (
        "the older one stands in a gap"
    )
    assert edition() == [("2013", "2026-03-04")]
    assert edition(known_at=START + timedelta(days=1)) == [("2022", "2026-03-02")]


def many(number: int) -> str:
    return "\n".join(f"- Service {chr(65 + index)}{chr(65 + index)}" for index in range(number))


def test_a_mass_loss_is_held_back_until_it_came_again_a_day_later(desk: Desk) -> None:
    full, broken = body(services=many(24)), body(services=many(2))
    desk.run(full, 0)
    held = desk.run(broken, 1)
    assert isinstance(held.outcomes[0], HeldBack)
    assert held.outcomes[0].verdict.name == "mass-change"
    assert held.told == ()
    assert len(desk.ask(history.claims, kind="service")) == 24
    assert isinstance(desk.run(broken, 1.5).outcomes[0], HeldBack)
    assert isinstance(desk.run(full, 1.7).outcomes[0], Unchanged), "a glitch heals itself"
    assert isinstance(desk.run(broken, 2.2).outcomes[0], HeldBack), "and the clock starts anew"
    assert isinstance(desk.run(broken, 3.3).outcomes[0], Changed)
    assert len(desk.ask(history.claims, kind="service")) == 2
    before = desk.everything()
    desk.rebuild()
    assert desk.everything() == before


def test_it_stops_between_two_pages(tmp_path: Path, catalogue: Catalogue) -> None:
    desk = Desk(tmp_path, catalogue, '[[pages]]\nid = "other"\nurl = "other.md"\n')
    assert desk.run(A, 0, hooks=track.Hooks(stop=lambda: True)).outcomes == ()


def test_a_slow_host_keeps_its_own_pages_waiting_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = [
        Page(f"{host}-{number}", f"https://{host}.example/{number}")
        for host in ("slow", "swift", "brisk")
        for number in range(5)
    ]
    inside: set[str] = set()
    together: list[set[str]] = []
    others_done = threading.Semaphore(0)

    def fetched(page: Page, known: Known, **_: Any) -> Look:
        inside.add(page.id)
        together.append({one for one in inside if one.startswith("slow")})
        if page.id == "slow-0":
            assert all(others_done.acquire(timeout=60) for _ in range(10))
        elif not page.id.startswith("slow"):
            others_done.release()
        inside.remove(page.id)
        return Look(page, START)

    monkeypatch.setattr(sources, "fetch", fetched)
    known = {page.id: Known() for page in pages}
    with sources.Client(Limits(per_host=1)) as client:
        looks = list(
            rounds.looks(pages, known, now=lambda: START, client=client, stop=lambda: False)
        )
    assert [bug for _, _, bug in looks if bug] == []
    assert [look.page.id for look, _, _ in looks] == [
        f"{host}-{number}" for number in range(5) for host in ("slow", "swift", "brisk")
    ]
    assert max(len(slow) for slow in together) == 1


def test_a_run_tells_its_pages_in_the_order_of_the_config_and_holds_on_to_none(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    desk = Desk(
        tmp_path,
        catalogue,
        '[[pages]]\nid = "gone"\nurl = "gone.md"\n[[pages]]\nid = "copy"\nurl = "desk.md"\n',
    )
    runs = desk.run(A, 0), desk.run(B, 1), desk.run(B.replace("\n\n", "\n\n\n"), 2)
    assert [type(run.outcomes[0]) for run in runs] == [First, Changed, Unchanged]
    for run in runs:
        assert [outcome.look.page.id for outcome in run.outcomes] == ["desk", "gone", "copy"]
        shots = [outcome.look.snapshot for outcome in run.outcomes if outcome.look.snapshot]
        assert [shot.body for shot in shots] == [b"", b""]
        assert "Block(" not in repr(run.outcomes)
    assert shots[0].digest == hashlib.sha256(desk.page.read_bytes()).hexdigest()


def test_a_page_of_nothing_but_navigation_sets_no_baseline(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    (tmp_path / "menu.html").write_text(
        f"<html><body><nav>{'<a href=/soc>Our SOC 2 report</a> ' * 40}</nav></body></html>"
    )
    desk = Desk(tmp_path, catalogue, '[[pages]]\nid = "menu"\nurl = "menu.html"\n')
    outcome = desk.run(A, 0).outcomes[1]
    assert isinstance(outcome, HeldBack)
    assert outcome.verdict.name == "empty"


def test_two_runs_do_not_work_in_one_store(desk: Desk) -> None:
    with (
        track.open(desk.config) as store,
        store.lock(),
        pytest.raises(StoreError, match="another run"),
    ):
        desk.run(A, 0)


def test_only_the_pages_named_are_looked_at(desk: Desk) -> None:
    with pytest.raises(NotFound, match="near it: desk"):
        desk.run(A, 0, pages=["dusk"])


# ----------------------------------------------------------------- backfill, rebuild, other readers


def test_a_backfill_moves_the_baseline_and_alerts_nobody(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    desk = Desk(
        tmp_path,
        catalogue,
        '[smtp]\nhost = "127.0.0.1"\nport = 9\nfrom = "cw@example.org"\n[[alerts]]\n'
        'to = "mailto:a@example.org"\n',
    )
    desk.run(B, 0)
    assert desk.backfill((-2, NOTE), (-1, A)) == (2, 0)
    assert desk.backfill((-2, NOTE), (-1, A)) == (0, 2), "again is no news"
    assert set(desk.changes()) == {
        ("note", "removed", "backfill"),
        ("standard", "changed", "backfill"),
    }
    assert desk.ask(history.outbox) == []
    run = desk.run(C, 1)
    assert {item.change.cause for item in run.told if item.severity != "info"} == {"page"}
    assert len(desk.ask(history.outbox)) == 1


def test_a_first_live_look_after_a_backfill_alerts_nobody(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    desk = Desk(
        tmp_path,
        catalogue,
        '[smtp]\nhost = "127.0.0.1"\nport = 9\nfrom = "cw@example.org"\n[[alerts]]\n'
        'to = "mailto:a@example.org"\n',
    )
    desk.backfill((-2, A))
    run = desk.run(B, 0)
    assert {item.change.cause for item in run.told} == {"backfill"}
    assert desk.ask(history.outbox) == []


def test_a_review_follows_its_change_when_earlier_captures_come(desk: Desk) -> None:
    desk.run(A, 0)
    told = [item for item in desk.run(B, 4).told if item.severity != "info"]
    with track.open(desk.config) as store:
        track.review(
            store,
            told[0].id,
            track.Review(
                "accept",
                START + timedelta(days=5),
                note="seen the certificate",
                owner="Ada",
                ref="GRC-1",
            ),
        )
    # The same bump happened before: the one that was reviewed is now the second of its kind.
    desk.backfill((-3, A), (-2, B), (-1, A), (2, B))
    rows = [row for row in desk.ask(history.changes, kind="standard") if row["after"] == "2022"]
    assert [(row["first_seen"][:10], row["status"], row["owner"]) for row in rows] == [
        ("2026-03-03", "accepted", "Ada"),
        ("2026-02-27", "open", None),
    ]
    (verdict,) = desk.ask(history.reviews)
    assert (verdict["detached"], verdict["follows"]) == (False, rows[0]["id"])
    before = desk.everything()
    desk.config.database.unlink()
    desk.rebuild()
    assert desk.everything() == before


def test_a_review_of_a_change_that_is_no_more_is_detached_not_dropped(desk: Desk) -> None:
    desk.run(A, 0)
    told = [item for item in desk.run(B, 4).told if item.severity != "info"]
    with track.open(desk.config) as store:
        track.review(store, told[0].id, track.Review("dismiss", START + timedelta(days=5)))
        facts = json.loads((desk.config.snapshots / "journal.jsonl").read_text().splitlines()[-1])
        facts = {name: value for name, value in facts.items() if name not in ("what", "prev")}
        store.note(
            "review",
            {
                **facts,
                "id": "f" * 12,
                "target": "e" * 12,
                "about": {**facts["about"], "transition": "0" * 12, "kind": "note"},
            },
        )
    assert [(row["target"], row["detached"]) for row in desk.ask(history.reviews)] == [
        ("e" * 12, True),
        (told[0].id, False),
    ]


def test_a_verdict_is_kept_for_ever_and_the_last_one_counts(desk: Desk) -> None:
    desk.run(A, 0)
    told = [item for item in desk.run(B, 1).told if item.severity != "info"]
    with track.open(desk.config) as store:
        for day, verdict in enumerate(("ask", "note", "accept")):
            track.review(
                store,
                told[0].id,
                track.Review(verdict, START + timedelta(days=2 + day), note=verdict),
            )
        with pytest.raises(NotFound, match="near it"):
            track.review(store, told[0].id[:6] + "z", track.Review("accept", START))
        with pytest.raises(NotFound, match="is a change"):
            track.review(store, told[0].id, track.Review("wrong", START))
    (row,) = desk.ask(history.changes, status="accepted")
    assert row["notes"] == ["ask", "note", "accept"]
    assert desk.ask(history.changes, status="open", kind="standard") == []


def test_our_own_progress_is_told_apart_and_alerts_nobody(desk: Desk) -> None:
    desk.run(A, 0)
    ids = {row["id"] for row in desk.ask(history.claims)}
    with track.open(desk.config) as store, history.transaction(store.db):
        # What a reader of an earlier version had read: no edition.
        store.db.conn.execute("UPDATE state SET edition = NULL WHERE standard = 'iso-27001'")
        store.db.conn.execute("UPDATE page SET stamp = 'older-' || substr(stamp, 14)")
    run = desk.run(A, 1)
    assert isinstance(run.outcomes[0], Unchanged)
    assert [(item.change.field, item.change.after, item.change.cause) for item in run.told] == [
        ("edition", "2013", "reader")
    ]
    assert {row["id"] for row in desk.ask(history.claims)} == ids
    before = desk.everything()
    desk.config.database.unlink()
    assert desk.run(A, 1.5).told == ()
    desk.rebuild()
    after = desk.everything()
    assert after["answers"][1] == before["answers"][1], "what a re-reading found is a fact"
    assert desk.run(A, 2).told == ()


def test_what_a_rebuild_reads_otherwise_is_counted_in_the_next_report(desk: Desk) -> None:
    desk.run(A, 0)
    with track.open(desk.config) as store, history.transaction(store.db):
        store.db.conn.execute("UPDATE state SET edition = NULL WHERE standard = 'iso-27001'")
        store.db.conn.execute("UPDATE page SET stamp = 'older-' || substr(stamp, 14)")
    desk.rebuild()
    assert [row["cause"] for row in desk.ask(history.changes)] == ["reader"]
    assert [item.change.cause for item in desk.run(A, 901).told] == ["reader"]
    assert desk.run(A, 902).told == ()


def test_new_rules_of_the_page_are_the_configs_doing(desk: Desk) -> None:
    desk.run(A, 0)
    desk.write(page='product = "Northwind Desk Pro"')
    run = desk.run(B, 1)
    causes = {(item.change.kind, item.change.cause) for item in run.told if item.severity != "info"}
    assert ("standard", "page") in causes
    assert {cause for _, cause in causes} <= {"page", "config"}
    assert [
        row["stamp"] for row in desk.ask(lambda db: list(db.query("SELECT stamp FROM reader")))
    ][1:]


def test_the_database_is_made_again_from_the_facts_alone(desk: Desk) -> None:
    for day, text in enumerate((A, B, None, C, FORM, NOTE)):
        run = desk.run(text, day)
    told = [item for item in run.told if item.severity != "info"]
    with track.open(desk.config) as store:
        track.review(store, told[0].id, track.Review("ask", START + timedelta(days=9)))
    before = desk.everything()
    assert desk.rebuild() == 1
    assert desk.everything() == before
    for path in desk.folder.glob("claims.db*"):
        path.unlink()
    assert desk.run(NOTE, 6).told == (), (
        "a run finds what the database lacks, and does not tell it again"
    )
    desk.rebuild()
    assert len(desk.ask(history.changes)) == len(before["answers"][1])


def test_a_page_that_is_watched_no_more_is_kept(tmp_path: Path, catalogue: Catalogue) -> None:
    desk = Desk(
        tmp_path, catalogue, '[[pages]]\nid = "other"\nurl = "other.md"\nvendor = "Contoso"\n'
    )
    (tmp_path / "other.md").write_text(B, encoding="utf-8")
    desk.run(A, 0)
    before = desk.ask(history.claims, page="other")
    desk.write()
    desk.config.database.unlink()
    assert desk.rebuild() == 2
    assert desk.ask(history.claims, page="other") == before
    assert [row["page"] for row in desk.ask(history.status)] == ["desk"]


def test_a_clock_that_was_set_back_does_not_disturb_the_order(desk: Desk) -> None:
    desk.run(A, 1)
    desk.run(B, 0)
    assert [
        row["edition"] for row in desk.ask(history.claims, standard="iso-27001", kind="standard")
    ] == ["2013"]
    before = desk.everything()
    desk.rebuild()
    assert desk.everything() == before


# --------------------------------------------------------------------------- crashes and deliveries


@pytest.fixture
def hook(httpserver: HTTPServer) -> HTTPServer:
    return httpserver


def alerted(folder: Path, catalogue: Catalogue, hook: HTTPServer) -> Desk:
    return Desk(folder, catalogue, f'[[alerts]]\nto = "{hook.url_for("/hook")}"\nname = "grc"\n')


def sent(hook: HTTPServer) -> list[str]:
    return [request.headers["x-claimwatch-id"] for request, _ in hook.log]


def test_a_failed_delivery_is_kept_told_and_tried_again(
    tmp_path: Path, catalogue: Catalogue, hook: HTTPServer
) -> None:
    desk = alerted(tmp_path, catalogue, hook)
    hook.expect_ordered_request("/hook", method="POST").respond_with_data("no", status=500)
    hook.expect_ordered_request("/hook", method="POST").respond_with_data("yes")
    desk.run(A, 0)
    assert sent(hook) == []
    desk.run(B, 1)
    (row,) = desk.ask(history.outbox)
    assert (row["status"], row["attempts"], row["recipient"]) == ("failed", 1, "grc")
    assert "500" in row["error"]
    assert any("tried again" in text for text in desk.told)
    desk.run(B, 2)
    (row,) = desk.ask(history.outbox)
    assert (row["status"], row["attempts"]) == ("sent", 2)
    desk.run(B, 3)
    assert len(sent(hook)) == 2
    assert len(set(sent(hook))) == 1


@pytest.fixture
def power() -> Iterator[Callable[[int | None], None]]:
    with crashing() as goes:
        yield goes


def test_a_crash_at_any_instant_loses_nothing_and_sends_nothing_twice(
    tmp_path_factory: pytest.TempPathFactory,
    catalogue: Catalogue,
    hook: HTTPServer,
    power: Callable[[int | None], None],
) -> None:
    hook.expect_request("/hook", method="POST").respond_with_data("yes")

    def told(number: int | None) -> tuple[bool, list[str], int]:
        desk = alerted(tmp_path_factory.mktemp("desk"), catalogue, hook)
        desk.run(A, 0)
        hook.clear_log()
        crashed = False
        power(number)
        try:
            with Lost(desk.config, desk.config.database, desk.told.append) as store:
                desk.run(B, 1, hooks=track.Hooks(store=store))
        except Crash:
            crashed = True
        power(None)
        desk.run(B, 2)
        kinds = [row["kind"] for row in desk.ask(history.changes)]
        before = desk.everything()
        desk.rebuild()
        assert desk.everything() == before
        return crashed, kinds, len(set(sent(hook)))

    _, kinds, ids = told(None)
    assert ids == 1
    number = 0
    while True:
        crashed, found, under = told(number)
        assert (found, under) == (kinds, ids), f"at instant {number}"
        if not crashed:
            break
        number += 1
    assert number > 8


def test_an_archive_that_was_tampered_with_is_not_read_on(desk: Desk) -> None:
    desk.run(A, 0)
    desk.run(B, 1)
    path = desk.config.snapshots / "desk" / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"text/markdown"', b'"text/markdoxx"', 1))
    with track.open(desk.config) as store:
        assert store.archive.verify().problems
    with pytest.raises(Exception, match="line 2"):
        desk.rebuild()


def test_a_snapshot_of_another_page_keeps_its_own_history(desk: Desk) -> None:
    desk.run(A, 0)
    page = replace(desk.config.pages[0], id="elsewhere")
    with track.open(desk.config) as store:
        track.backfill(store, page, [capture(page, -1, B)], desk.catalogue, now=lambda: START)
    assert {row["page"] for row in desk.ask(history.claims)} == {"desk", "elsewhere"}
