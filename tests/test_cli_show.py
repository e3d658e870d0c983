"""`show`: a change, a claim and a capture whole, and a capture's exact bytes."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from commands import Command

from pipeline.archive import Archive


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Path:
    folder = tmp_path_factory.mktemp("show")
    shutil.copytree(demo_store, folder, dirs_exist_ok=True)
    return folder


class Shown(Command):
    """What the command prints."""

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--format", "json"))


@pytest.fixture
def shown(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shown:
    monkeypatch.setenv("COLUMNS", "80")
    return Shown(folder, capsys)


@pytest.fixture
def edition(shown: Shown) -> dict[str, Any]:
    [row] = [
        row for row in shown.json("changes", "--page", "iso-27001") if row["field"] == "edition"
    ]
    found: dict[str, Any] = row
    return found


def test_a_change_has_its_words_dates_reasons_and_both_captures(
    shown: Shown, edition: dict[str, Any]
) -> None:
    text = shown("show", edition["id"][:7])
    for part in (
        "[-2013-]{+2022+}",
        "2024-03-11 06:00 UTC",
        "2024-04-15 06:00 UTC",
        "High: the edition changed",
        f"claimwatch review {edition['id']} --accept",
        f"claimwatch history {edition['claim']}",
    ):
        assert part in text
    captures = shown.json("show", edition["id"])["captures"]
    before, after = captures["before"], captures["after"]
    assert before["captured_at"] == edition["seen_until"]
    assert after["captured_at"] == edition["first_seen"]
    for capture in (before, after):
        assert capture["digest"] in text.split()
        assert Path(capture["file"]).is_file()


def test_a_review_is_shown_with_its_change(shown: Shown, edition: dict[str, Any]) -> None:
    shown("review", edition["id"], "--ask", "-m", "which office?", "--as", "ana", "--owner", "bea")
    text = " ".join(shown("show", edition["id"]).split())
    assert "ana · asked the vendor · owner bea: which office?" in text
    assert "status asked" in text


def test_a_capture_is_read_with_its_claims_marked(shown: Shown, edition: dict[str, Any]) -> None:
    digest = shown.json("show", edition["id"])["captures"]["after"]["digest"]
    text = shown("show", digest[:8])
    assert "{Larkfield is certified to ISO/IEC 27001:2022.}" in text
    assert "# {ISO/IEC 27001}" in text
    assert f"{edition['claim']}  standard: ISO/IEC 27001:2022 · held" in text
    whole = shown.json("show", digest)
    assert whole["digest"] == digest
    assert edition["claim"] in {claim["id"] for claim in whole["claims"]}
    assert any("2022" in line for line in whole["text"])


def test_the_older_capture_has_the_claims_of_its_own_day(
    shown: Shown, edition: dict[str, Any]
) -> None:
    digest = shown.json("show", edition["id"])["captures"]["before"]["digest"]
    editions = {
        claim["edition"]
        for claim in shown.json("show", digest)["claims"]
        if claim["standard"] == "iso-27001" and claim["kind"] == "standard"
    }
    assert editions == {"2013"}


def test_raw_is_the_exact_bytes(shown: Shown, edition: dict[str, Any]) -> None:
    digest = shown.json("show", edition["id"])["captures"]["after"]["digest"]
    command = [sys.executable, "-m", "pipeline", "--config", str(shown.folder / "config.toml")]
    done = subprocess.run([*command, "show", digest, "--raw"], capture_output=True, timeout=60)
    assert hashlib.sha256(done.stdout).hexdigest() == digest
    assert done.stdout == Archive(shown.folder / "snapshots").body(digest)


def test_a_claim_is_shown_with_its_captures(shown: Shown, edition: dict[str, Any]) -> None:
    text = shown("show", edition["claim"])
    assert "“Larkfield is certified to ISO/IEC 27001:2022.”" in text
    whole = shown.json("show", edition["claim"])
    assert [state["edition"] for state in whole["life"]] == ["2013", "2022"]
    assert whole["captures"]["first"]["captured_at"] == "2024-04-15T06:00:00Z"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("zzzzzzzz",), "no change, claim or page has the id"),
        (("hipaa",), "is a page, and no change, claim or capture"),
        (("0123456789", "--raw"), "no capture has the digest"),
    ],
)
def test_what_is_not_there_is_an_error_that_leads_on(
    shown: Shown, arguments: tuple[str, ...], said: str
) -> None:
    shown("show", *arguments, status=2)
    assert said in shown.err
