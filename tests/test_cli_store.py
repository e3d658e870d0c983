"""The commands that ask and keep: over the store that the demo leaves,
and over pages of a folder.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from pytest_httpserver import HTTPServer

from pipeline import cli

PAGE = (
    "# Compliance of Alder Notes\n\nAlder Notes is certified to ISO/IEC 27001:2013.\n\n"
    "Alder Notes supports PCI DSS 4.0.\n"
)
CONFIG = (
    '[[pages]]\nid = "alder"\nurl = "alder.md"\nvendor = "Alder"\n\n[[pages]]\nid = "birch"\n'
    'url = "birch.md"\n'
)


class Store(Command):
    """The command on one config, and what it prints as JSON."""

    def rows(self, *arguments: str, status: int = 0) -> list[dict[str, Any]]:
        found = json.loads(self(*arguments, "--format", "json", status=status))
        assert isinstance(found, list)
        return found


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Path:
    folder = tmp_path_factory.mktemp("played")
    shutil.copytree(demo_store, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture
def store(played: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Store:
    return Store(Path(shutil.copytree(played, tmp_path / "demo")), capsys)


@pytest.fixture
def pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Store:
    for name, text in (
        ("config.toml", CONFIG),
        ("alder.md", PAGE),
        ("birch.md", PAGE.replace("Alder", "Birch")),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Store(tmp_path, capsys)


# --------------------------------------------------------------------------- what the store answers


def test_claims_answer_now_and_then(store: Store) -> None:
    now = store.rows(
        "claims", "--standard", "iso-27001", "--page", "iso-27001", "--kind", "standard"
    )
    then = store.rows(
        "claims",
        "--standard",
        "iso-27001",
        "--page",
        "iso-27001",
        "--kind",
        "standard",
        "--at",
        "2024-03-31",
    )
    assert [(row["edition"], row["seen_since"], row["first_absent"]) for row in now] == [
        ("2022", "2024-04-15T06:00:00Z", None)
    ]
    assert [(row["edition"], row["first_absent"]) for row in then] == [
        ("2013", "2024-04-15T06:00:00Z")
    ]
    assert now[0]["id"] == then[0]["id"]


def test_claims_read_well_on_a_terminal(store: Store) -> None:
    shown = store("claims", "--page", "iso-27001", "--kind", "standard")
    assert "ISO/IEC 27001:2022 · held" in shown
    assert "Larkfield is certified to ISO/IEC" in shown


def test_changes_are_newest_first_and_filtered(store: Store) -> None:
    rows = store.rows("changes")
    assert [row["first_seen"] for row in rows] == sorted(
        (row["first_seen"] for row in rows), reverse=True
    )
    notes = store.rows("changes", "--kind", "note", "--standard", "fedramp")
    assert [row["change"] for row in notes] == ["removed", "added"]
    assert {row["severity"] for row in store.rows("changes", "--severity", "high")} == {"high"}
    spring = store.rows("changes", "--since", "2024-04-15", "--until", "2024-05-13")
    assert {row["first_seen"][:10] for row in spring} == {"2024-04-15", "2024-05-13"}


def test_changes_are_a_gate(store: Store) -> None:
    store("changes", "--exit-code", status=1)
    store("changes", "--exit-code", "--severity", "critical", status=0)
    store("changes", "--exit-code", "--since", "2024-08-01", status=0)


def test_listings_are_csv_too(store: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(store("changes", "--format", "csv"))))
    assert [row["id"] for row in rows] == [row["id"] for row in store.rows("changes")]


def test_history_tells_one_claims_life(store: Store) -> None:
    claim = store.rows(
        "claims", "--page", "iso-27001", "--kind", "standard", "--standard", "iso-27001"
    )[0]["id"]
    life = store.rows("history", claim[:6])
    assert [row["edition"] for row in life] == ["2013", "2022"]
    shown = " ".join(store("history", claim).split())
    assert "ISO/IEC 27001:2013" in shown
    assert "ISO/IEC 27001:2022" in shown
    store("history", "zzzz", status=2)
    assert "claim or page has the id" in store.err


def test_status_and_matrix_show_every_page_and_holder(store: Store) -> None:
    rows = {row["page"]: row for row in store.rows("status")}
    assert set(rows) == {
        "desk-compliance",
        "iso-27001",
        "hipaa",
        "fedramp",
        "services-in-scope",
        "payments",
    }
    assert all(
        row["last_good_at"] == "2024-07-15T06:00:00Z" and row["next_look_at"].endswith("Z")
        for row in rows.values()
    )
    shown = store("matrix")
    assert "Larkfield Service Hub" in shown
    assert any("ISO/IEC 27001" in line and "2022" in line for line in shown.splitlines())
    assert {row["standard"] for row in store.rows("matrix")} >= {"iso-27001", "fedramp", "pci-dss"}


# --------------------------------------------------------------------------- what people say


def test_a_review_takes_the_first_letters_of_an_id_and_stays(store: Store) -> None:
    change = store.rows("changes", "--kind", "note")[0]
    store(
        "review",
        change["id"][:5],
        "--ask",
        "-m",
        "asked the account team",
        "--owner",
        "ana",
        "--ref",
        "RISK-12",
    )
    store("review", change["id"], "-m", "they answered")
    after = store.rows("changes", "--status", "asked")
    assert [(row["id"], row["owner"], row["ref"]) for row in after] == [
        (change["id"], "ana", "RISK-12")
    ]
    assert after[0]["notes"] == ["asked the account team", "they answered"]
    store("review", change["id"], "--accept")
    store("rebuild")
    assert [row["id"] for row in store.rows("changes", "--status", "accepted")] == [change["id"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("zzzz", "--accept"), "near it"),
        (("hipaa", "--dismiss"), "is a page"),
        (("hipaa", "--accept"), "no capture is held back"),
        (("zzzz",), "--dismiss, --ask or --reopen"),
        (("hipaa", "--no-change"), "needs a note"),
    ],
)
def test_a_review_that_cannot_be_kept_says_why(
    store: Store, arguments: tuple[str, ...], said: str
) -> None:
    store("review", *arguments, status=2)
    assert said in store.err


def test_claims_and_pages_are_reviewed_too(store: Store) -> None:
    claim = store.rows("claims", "--page", "payments", "--kind", "standard")[0]
    store("review", claim["id"], "--wrong", "--should-be", "edition=4.0.1", "-m", "misread")
    store("review", "payments", "--no-change", "-m", "read in full")
    store("review", claim["id"], "--wrong", "--should-be", "4.0.1", "-m", "misread", status=2)
    assert "FIELD=VALUE" in store.err


def test_a_report_is_written_again(store: Store, tmp_path: Path) -> None:
    whole = json.loads(store("report", "--format", "json"))
    assert len(whole["changes"]) == len(store.rows("changes"))
    spring = json.loads(
        store("report", "--format", "json", "--since", "2024-04-01", "--at", "2024-04-30")
    )
    assert {change["first_seen"][:10] for change in spring["changes"]} == {"2024-04-15"}
    store("report", "--output", str(tmp_path / "all.html"))
    assert (tmp_path / "all.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    store("report", "--format", "json", "--vendor", "Nobody", status=2)
    assert 'no vendor is called "Nobody"; there is Larkfield' in store.err


# --------------------------------------------------------------------------- looking at pages


def test_run_makes_a_baseline_then_tells_nothing_then_a_change(pages: Store) -> None:
    first = pages("run")
    assert "First look at 2 pages: baseline recorded" in first
    assert (pages.folder / "reports" / "index.html").exists()
    assert "No changes" in pages("run", "--exit-code")
    (pages.folder / "alder.md").write_text(PAGE.replace("2013", "2022"), encoding="utf-8")
    assert "ISO/IEC 27001: edition 2013 → 2022" in pages("run", "--exit-code", status=1)
    assert pages.rows("changes")[0]["after"] == "2022"


def test_run_of_one_page_looks_at_no_other(pages: Store) -> None:
    done = json.loads(pages("run", "birch", "--format", "json"))
    assert [(page["page"], page["result"]) for page in done["pages"]] == [("birch", "first")]
    pages("run", "birhc", status=2)
    assert "birch" in pages.err


def test_a_page_that_fails_exits_1_and_loses_nothing(pages: Store) -> None:
    pages("run")
    before = pages.rows("claims")
    (pages.folder / "alder.md").unlink()
    assert "alder" in pages("run", status=1)
    assert [row["id"] for row in pages.rows("claims")] == [row["id"] for row in before]
    row = next(row for row in pages.rows("status") if row["page"] == "alder")
    assert (row["last_result"], row["failures"]) == ("failed", 1)
    assert "alder.md" in row["reason"]


def test_without_a_network_every_page_says_why(pages: Store) -> None:
    config = CONFIG.replace("alder.md", "http://127.0.0.1:9/trust").replace(
        "birch.md", "https://vendor.invalid/trust"
    )
    (pages.folder / "config.toml").write_text(
        config + "\n[fetch]\nretries = 0\ndelay = 0\n", encoding="utf-8"
    )
    done = json.loads(pages("run", "--format", "json", status=1))
    assert [(page["result"], page["stage"]) for page in done["pages"]] == [("failed", "fetch")] * 2
    assert all(page["reason"] for page in done["pages"])


def test_progress_and_results_are_kept_apart(pages: Store) -> None:
    json.loads(pages("run", "--format", "json"))
    assert "pages:" not in pages.err


def test_preview_keeps_nothing(pages: Store) -> None:
    found = json.loads(pages("preview", "alder", "--format", "json"))
    assert found["fetched"]["health"] == "ok"
    assert found["products"] == ["Alder Notes"]
    assert "health" in pages("preview", str(pages.folder / "birch.md"))
    assert not (pages.folder / "claims.db").exists()
    assert not (pages.folder / "snapshots").exists()
    pages("preview", str(pages.folder / "none.md"), status=1)


def test_preview_of_an_address_goes_out_as_the_config_says(
    pages: Store, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data(status=404)
    httpserver.expect_request("/trust").respond_with_data(
        "# Trust\n\nCedar is certified to ISO 27001.\n", content_type="text/markdown"
    )
    with (pages.folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write('\n[fetch]\nallow = ["localhost"]\nuser_agent = "cedar-bot/1"\ndelay = 0\n')
    found = json.loads(pages("preview", httpserver.url_for("/trust"), "--format", "json"))
    assert found["fetched"]["health"] == "ok"
    assert {request.headers["User-Agent"] for request, _ in httpserver.log} == {"cedar-bot/1"}
    told = json.loads(pages("preview", "nobody", "--format", "json", status=1))
    assert "config.toml has this id, and there is no file" in told["error"]["reason"]


def test_preview_says_that_a_selector_finds_nothing(pages: Store) -> None:
    (pages.folder / "cedar.html").write_text(
        "<!doctype html><html><body><main><p>Cedar is certified to ISO 27001.</p></main>"
        "</body></html>"
    )
    with (pages.folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write('[[pages]]\nid = "cedar"\nurl = "cedar.html"\nselector = "#claims"\n')
    found = json.loads(pages("preview", "cedar", "--format", "json", status=1))
    assert found["error"] == {
        "stage": "health",
        "reason": 'selector "#claims" matches nothing on the page: fix it, or leave it out',
    }


def test_backfill_adds_the_past_once_and_alerts_nobody(pages: Store) -> None:
    pages("run")
    copies = pages.folder / "copies"
    copies.mkdir()
    for day, edition in (("2020-05-01", "2005"), ("20220301T120000Z", "2013")):
        (copies / f"{day}-alder.md").write_text(PAGE.replace("2013", edition), encoding="utf-8")
    assert "2 captures added, 0 were known" in pages("backfill", "alder", "--dir", str(copies))
    assert "0 captures added, 2 were known" in pages("backfill", "alder", "--dir", str(copies))
    changes = pages.rows("changes", "--page", "alder")
    assert {row["cause"] for row in changes} == {"backfill"}
    assert [
        (row["edition"])
        for row in pages.rows("claims", "--standard", "iso-27001", "--at", "2021-01-01")
    ] == ["2005"]
    pages("backfill", "aldr", "--dir", str(copies), status=2)
    assert "alder" in pages.err


def test_verify_names_what_was_altered(pages: Store) -> None:
    pages("run")
    assert "all intact" in pages("verify")
    blob = next((pages.folder / "snapshots" / "blobs").rglob("*.gz"))
    blob.chmod(0o644)
    blob.write_bytes(blob.read_bytes()[:-9])
    pages("verify", status=1)
    assert blob.name.removesuffix(".gz")[:12] in pages.err


def test_rebuild_gives_the_same_answers(pages: Store) -> None:
    pages("run")
    (pages.folder / "alder.md").write_text(PAGE.replace("2013", "2022"), encoding="utf-8")
    pages("run")
    before = pages.rows("claims"), pages.rows("changes")
    (pages.folder / "claims.db").unlink()
    pages("rebuild")
    assert (pages.rows("claims"), pages.rows("changes")) == before


def test_watch_runs_what_is_due_and_stops_at_sigterm(pages: Store) -> None:
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "--config",
        str(pages.folder / "config.toml"),
        "watch",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = [next(line for line in process.stderr if "2 of 2 pages" in line)]
        process.send_signal(signal.SIGTERM)
        told += process.stderr.readlines()
        assert process.wait(20) == 0
    assert "stopping" in "".join(told)
    [line] = [line for line in told if "Head of the record" in line]
    assert "First look at 2 pages" in line
    assert "all intact" in pages("verify", "--head", line.split("record: ")[1].split()[0])
    assert {row["last_result"] for row in pages.rows("status")} == {"first"}


def test_the_demo_prints_its_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["demo", "--folder", str(tmp_path / "demo")])
    said = capsys.readouterr().out
    assert not left.value.code
    for sentence in (
        "15 January 2024",
        "ISO/IEC 27001: edition 2013 → 2022",
        "HTTP 503",
        "alert sent",
        "Where to look next",
        "index.html",
    ):
        assert sentence in said
    assert (tmp_path / "demo" / "config.toml").exists()
