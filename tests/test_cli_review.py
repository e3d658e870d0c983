"""`review` of one change, of several, of a page, a run or a cause: what is listed,
what is settled, and by whom.
"""

from __future__ import annotations

import getpass
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Path:
    folder = tmp_path_factory.mktemp("review")
    shutil.copytree(demo_store, folder, dirs_exist_ok=True)
    return folder


class Desk:
    """The command on a store of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config, self._capsys = folder / "config.toml", capsys
        self.err = ""

    def __call__(self, *arguments: str, status: int = 0) -> str:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(self.config), *arguments])
        streams = self._capsys.readouterr()
        self.err = streams.err
        assert int(left.value.code or 0) == status, streams.err
        return streams.out

    def changes(self, *arguments: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self("changes", *arguments, "--format", "json"))
        return found


@pytest.fixture
def desk(
    played: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    monkeypatch.delenv("CLAIMWATCH_REVIEWER", raising=False)
    return Desk(Path(shutil.copytree(played, tmp_path / "demo")), capsys)


def test_several_ids_are_settled_at_once_and_listed(desk: Desk) -> None:
    two = [row["id"] for row in desk.changes("--kind", "note")]
    said = desk("review", *(one[:6] for one in two), "--accept", "-m", "on file")
    assert all(one in said for one in two)
    assert said.splitlines()[-1] == f"2 changes accepted by {getpass.getuser()}."
    assert {row["id"] for row in desk.changes("--status", "accepted")} == set(two)


def test_one_wrong_id_settles_nothing(desk: Desk) -> None:
    one = desk.changes()[0]["id"]
    desk("review", one, "zzzz", "--accept", status=2)
    desk("review", one, "hipaa", "--accept", status=2)
    assert "is a page" in desk.err
    assert desk.changes("--reviewed") == []


def test_all_open_changes_of_a_page_are_settled_and_those_that_were_stay(desk: Desk) -> None:
    first, *rest = [row["id"] for row in desk.changes("--page", "hipaa")]
    desk("review", first, "--ask", "-m", "asked")
    said = desk("review", "--page", "hipaa", "--dismiss")
    assert first not in said
    assert {row["status"] for row in desk.changes("--page", "hipaa")} == {"asked", "dismissed"}
    assert len(desk.changes("--status", "dismissed")) == len(rest)
    assert "nothing to settle" in desk("review", "--page", "hipaa", "--dismiss")


def test_severity_means_exactly_that_one(desk: Desk) -> None:
    desk("review", "--page", "desk-compliance", "--severity", "info", "--dismiss")
    settled = desk.changes("--reviewed")
    assert {row["severity"] for row in settled} == {"info"}
    assert {row["page"] for row in settled} == {"desk-compliance"}
    assert desk.changes("--page", "desk-compliance", "--not-reviewed", "--severity", "high")


def test_the_last_run_is_settled_whole(desk: Desk) -> None:
    last = [row["id"] for row in desk.changes("--run", "last")]
    assert last
    assert {row["first_seen"] for row in desk.changes("--run", "last")} == {"2024-07-15T06:00:00Z"}
    desk("review", "--run", "last", "--accept")
    assert sorted(row["id"] for row in desk.changes("--reviewed")) == sorted(last)
    assert desk.changes("--run", "2024-07-15") == desk.changes("--run", "last")
    desk("review", "--run", "1999", "--accept", status=2)
    assert 'no run has the id "1999"' in desk.err


def test_a_dry_run_lists_and_settles_nothing(desk: Desk) -> None:
    said = desk("review", "--page", "hipaa", "--accept", "--dry-run")
    assert "would be accepted" in said
    assert desk.changes("--reviewed") == []


def test_on_a_terminal_a_no_settles_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return "n\n"

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda text: "n")
    desk("review", "--page", "hipaa", "--accept", status=130)
    assert desk.changes("--reviewed") == []
    desk("review", "--page", "hipaa", "--accept", "--yes")
    assert desk.changes("--reviewed")


@pytest.mark.parametrize(
    ("how", "who"),
    [("option", "bea"), ("environment", "cleo"), ("config", "dora"), ("login", getpass.getuser())],
)
def test_the_reviewer_is_who_was_named_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, how: str, who: str
) -> None:
    if how != "login":
        with desk.config.open("a", encoding="utf-8") as file:
            file.write('\n[review]\nreviewer = "dora"\n')
    if how in ("option", "environment"):
        monkeypatch.setenv("CLAIMWATCH_REVIEWER", "cleo")
    change = desk.changes()[0]["id"]
    said = desk("review", change, "--accept", *(("--as", "bea") if how == "option" else ()))
    assert f"{change}: accepted by {who}." in said
    assert desk.changes("--reviewed")[0]["reviews"][0]["who"] == who


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--accept",), "name what you review"),
        (("hipaa", "--page", "hipaa", "--accept"), "either ids, or"),
        (("--page", "hipaa", "--no-change", "-m", "x"), "is said of one thing"),
        (("--page", "hippa", "--accept"), "near it: hipaa"),
        (("hipaa", "--severity", "high", "--accept"), "an id needs none"),
    ],
)
def test_what_does_not_go_together_is_an_error_that_says_so(
    desk: Desk, arguments: tuple[str, ...], said: str
) -> None:
    desk("review", *arguments, status=2)
    assert said in desk.err


def test_changes_are_found_by_owner_and_by_review(desk: Desk) -> None:
    text = desk.config.read_text(encoding="utf-8")
    owned = text.replace('id = "hipaa"\n', 'id = "hipaa"\nowner = "ana"\ntier = "1"\n')
    desk.config.write_text(owned, encoding="utf-8")
    assert {row["page"] for row in desk.changes("--owner", "ANA")} == {"hipaa"}
    assert {row["page"] for row in desk.changes("--tier", "1")} == {"hipaa"}
    other = desk.changes("--page", "iso-27001")[0]["id"]
    desk("review", other, "--owner", "ana")
    assert other in {row["id"] for row in desk.changes("--owner", "ana")}
    assert desk.changes("--reviewed") == []
    desk("changes", "--owner", "nobody", status=2)
    assert 'no owner is called "nobody"' in desk.err
    assert json.loads(desk("claims", "--owner", "ana", "--format", "json"))


def test_claims_are_found_by_edition_and_level(desk: Desk) -> None:
    def found(*arguments: str) -> set[tuple[str, str]]:
        rows = json.loads(desk("claims", *arguments, "--format", "json"))
        return {(row["standard"], row["edition"] or row["level"]) for row in rows}

    assert found("--edition", "2013", "--at", "2024-03-31") == {("iso-27001", "2013")}
    assert found("--standard", "soc-2", "--level", "type ii") == {("soc-2", "Type 2")}
