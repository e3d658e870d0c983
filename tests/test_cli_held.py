"""Pages that are held back, on the command line: `status`, `changes`, `review`, `run`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import config, history, track
from pipeline.cli import main
from pipeline.model import Held
from pipeline.report import holding

SERVICES = "Ledger Archive Courier Beacon Anvil Prism Quarry Fathom Gable Harrow Inlet Juniper"
Command = Callable[..., tuple[int, str, str]]


def page(services: str) -> str:
    listed = "\n".join(f"- {service}" for service in services.split())
    about = "Northwind Desk is certified to ISO/IEC 27001:2022."
    return f"# Northwind Desk\n\n{about}\n\n## Services in scope of SOC 2\n\n{listed}\n"


@pytest.fixture
def claimwatch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "config.toml").write_text(
        '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n'
        '[[pages]]\nid = "other"\nurl = "other.md"\nvendor = "Acme"\n'
    )
    (tmp_path / "desk.md").write_text(page(SERVICES))
    (tmp_path / "other.md").write_text(page("Relay"))

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit:
            main(arguments)
        said = capsys.readouterr()
        return int(exit.value.code or 0), said.out, said.err

    assert run("run")[0] == 0
    (tmp_path / "desk.md").write_text(page("Ledger"))
    return run


def held(folder: Path) -> Held:
    settings = config.load(folder / "config.toml")
    with track.open(settings) as store:
        [one] = history.held_back(store.db, settings.rules)
    return one


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def story(one: Held) -> list[str]:
    return [
        *(holding.opening(one), holding.stands(one), holding.outlook(one)),
        *(line.text for line in holding.entries(one)),
        *(command for _, command in holding.ways(one)),
        *(digest for _, digest, _ in holding.captures(one)),
    ]


def test_run_and_status_tell_the_same_story(claimwatch: Command, tmp_path: Path) -> None:
    status, shown, err = claimwatch("run")
    assert status == 1
    one = held(tmp_path)
    for text in (shown, claimwatch("status")[1]):
        assert [part for part in story(one) if part not in squeezed(text)] == []
    assert "Report: file://" in err


def test_status_in_json_and_csv(claimwatch: Command) -> None:
    claimwatch("run")
    desk, other = json.loads(claimwatch("status", "--format", "json")[1])
    assert (desk["held"]["confirmed"], other["held"]) == (False, None)
    assert len(desk["held"]["changes"]) >= 11
    found, _ = csv.DictReader(io.StringIO(claimwatch("status", "--format", "csv")[1]))
    assert found["would_change"] == str(len(desk["held"]["changes"]))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), True),
        (("--page", "desk"), True),
        (("--vendor", "northwind"), True),
        (("--page", "other"), False),
        (("--vendor", "Acme"), False),
    ],
)
def test_changes_names_what_waits_unconfirmed(
    claimwatch: Command, arguments: tuple[str, ...], named: bool
) -> None:
    claimwatch("run")
    status, out, err = claimwatch("changes", "--format", "json", *arguments)
    assert (status, json.loads(out)) == (0, [])
    assert ("desk: Held back since" in err) is named
    assert ("would be reported, unconfirmed until then" in err) is named


def test_accepting_shows_what_it_changed(claimwatch: Command, tmp_path: Path) -> None:
    claimwatch("run")
    entries = holding.entries(held(tmp_path))
    status, out, err = claimwatch("review", "desk", "--accept", "-m", "they sold the rest")
    assert status == 0
    assert [line.text for line in entries if line.text not in squeezed(out)] == []
    assert "desk that was held back since" in squeezed(out)
    assert "they sold the rest" in out
    assert re.search(r"desk: accepted by \S+; \d+ changes reported\.", out)
    assert "Report: file://" in err
    assert "held" not in claimwatch("status")[1].casefold()
    listed = json.loads(claimwatch("changes", "--format", "json")[1])
    assert len(listed) >= 11
    assert claimwatch("review", "desk", "--accept")[0] == 2


def test_rejecting_says_what_it_means(claimwatch: Command) -> None:
    claimwatch("run")
    _, out, _ = claimwatch("review", "desk", "--no-change", "-m", "a glitch")
    assert "is rejected: it stays held back while the page shows that text" in out
    assert "a glitch" in claimwatch("status")[1]
    desk, _ = json.loads(claimwatch("status", "--format", "json")[1])
    assert desk["signed_off_at"] is None, "a rejection signs nothing off"
    asked = claimwatch("report", "--vendor", "Northwind", "--format", "json")[1]
    assert json.loads(asked)["pages"][0]["signed_off"] is None
    _, out, _ = claimwatch("review", "other", "--no-change", "-m", "looked at")
    assert re.fullmatch(r"other: signed off by \S+\.\n", out)
    _, other = json.loads(claimwatch("status", "--format", "json")[1])
    assert other["signed_off_at"]
    asked = claimwatch("report", "--vendor", "Acme", "--format", "json")[1]
    assert json.loads(asked)["pages"][0]["signed_off"]["note"] == "looked at"


def test_a_table_is_not_squeezed_by_what_is_said_below_it(
    claimwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    claimwatch("run")
    table, story = claimwatch("status")[1].split("Northwind · desk\n")
    assert "…" not in table
    assert "held back" in table
    assert "Held back since" in story


def test_the_last_line_of_status_counts_what_is_held_back(claimwatch: Command) -> None:
    claimwatch("run")
    assert claimwatch("status")[1].splitlines()[-1].startswith("2 pages, 1 held back, ")
