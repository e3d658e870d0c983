"""`export`: files for other programs in which no cell runs,
and evidence that proves itself with Python alone.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from warcio.archiveiterator import ArchiveIterator

PAGE = "# Compliance of Alder\n\nAlder is certified to ISO/IEC 27001:2013.\n\n- =1+1 Suite\n"
CHANGE = "4551bb0ba724"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Path:
    folder = tmp_path_factory.mktemp("export")
    shutil.copytree(demo_store, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture
def claimwatch(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(folder, capsys)


def unpacked(claimwatch: Command, into: Path, *what: str) -> Path:
    packed = into / "evidence.zip"
    claimwatch("export", "--evidence", *what, "--output", str(packed))
    with zipfile.ZipFile(packed) as file:
        file.extractall(into / "bundle")
    return into / "bundle"


def verified(bundle: Path, status: int = 0) -> str:
    command = [sys.executable, "-I", str(bundle / "verify.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, env={})
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def loaded(bundle: Path, name: str) -> Any:
    return json.loads((bundle / name).read_text(encoding="utf-8"))


# --------------------------------------------------------------------------- evidence


def test_a_change_is_proved_offline_by_python_alone(claimwatch: Command, tmp_path: Path) -> None:
    bundle = unpacked(claimwatch, tmp_path, CHANGE)
    assert "all proved" in verified(bundle)
    [change] = loaded(bundle, "changes.json")
    assert (change["id"], change["before"], change["after"]) == (CHANGE, "2013", "2022")
    sides = {said["text"] for said in loaded(bundle, "sentences.json") if said["of"] == CHANGE}
    assert sides == {change["text_before"], change["text_after"]}
    assert "edition 2013 → 2022" in (bundle / "summary.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("what", ["*.body", "*.txt", "changes.json", "summary.html"])
def test_what_was_altered_is_named(claimwatch: Command, tmp_path: Path, what: str) -> None:
    bundle = unpacked(claimwatch, tmp_path, CHANGE)
    path = next(bundle.rglob(what))
    path.write_bytes(path.read_bytes().replace(b"2022", b"2025").replace(b"2013", b"2016") + b" ")
    assert f"{path.name}: was altered" in verified(bundle, status=1)


def test_a_forger_who_mends_the_manifest_still_breaks_the_chain(
    claimwatch: Command, tmp_path: Path
) -> None:
    bundle = unpacked(claimwatch, tmp_path, CHANGE)
    path = next((bundle / "journals").glob("*.jsonl"))
    path.write_bytes(path.read_bytes().replace(b"2024-02-12", b"2024-02-13", 1))
    manifest = loaded(bundle, "manifest.json")
    name = path.relative_to(bundle).as_posix()
    manifest["files"][name]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (bundle / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "does not continue the line before it" in verified(bundle, status=1)


def test_a_vendors_period_has_its_claims_changes_and_every_capture(
    claimwatch: Command, tmp_path: Path
) -> None:
    period = ("--since", "2024-04-01", "--until", "2024-06-30")
    bundle = unpacked(claimwatch, tmp_path, "--vendor", "larkfield", *period)
    assert "all proved" in verified(bundle)
    changes = loaded(bundle, "changes.json")
    assert {change["first_seen"][:7] for change in changes} == {"2024-04", "2024-05", "2024-06"}
    assert {claim["vendor"] for claim in loaded(bundle, "claims.json")} == {"Larkfield"}
    assert loaded(bundle, "manifest.json")["what"].startswith("Larkfield, from 2024-04-01")
    missing = loaded(bundle, "manifest.json")["not_in_one_piece"]
    assert {said["of"] for said in missing} <= {row["id"] for row in changes}


def test_the_warc_has_every_capture_with_its_headers(claimwatch: Command, tmp_path: Path) -> None:
    bundle = unpacked(claimwatch, tmp_path, CHANGE)
    with (bundle / "captures.warc").open("rb") as file:
        found = {}
        for record in ArchiveIterator(file):
            body = record.content_stream().read()
            assert record.http_headers.get_statuscode() == "200"
            assert "text/markdown" in record.http_headers.get_header("content-type")
            found[hashlib.sha256(body).hexdigest()] = body
    assert set(found) == {path.stem for path in (bundle / "captures").glob("*.body")}


def test_evidence_is_of_one_thing(claimwatch: Command) -> None:
    claimwatch("export", "--evidence", "--output", "x.zip", status=2)
    assert "of one change or claim, or of one --vendor" in claimwatch.err
    claimwatch("export", CHANGE, "--evidence", status=2)
    assert "name the file with --output" in claimwatch.err


# --------------------------------------------------------------------------- rows


def test_rows_are_those_of_the_lists(claimwatch: Command, tmp_path: Path) -> None:
    for what in ("claims", "changes"):
        listed = json.loads(claimwatch(what, "--format", "json"))
        assert json.loads(claimwatch("export", what, "--format", "json")) == listed
    looks = list(csv.DictReader(io.StringIO(claimwatch("export", "looks", "--page", "hipaa"))))
    assert [look["result"] for look in looks].count("failed") == 1
    assert len(looks) == 7
    claimwatch("export", "runs", status=2)
    assert "claims, changes or looks" in claimwatch.err


def test_no_cell_of_a_workbook_is_a_formula(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "alder.md").write_text(PAGE, encoding="utf-8")
    config = '[[pages]]\nid = "alder"\nurl = "alder.md"\nvendor = "=1+1"\n'
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    claimwatch = Command(tmp_path, capsys)
    claimwatch("run")
    claimwatch("export", "claims", "--format", "xlsx", "--output", str(tmp_path / "claims.xlsx"))
    with zipfile.ZipFile(tmp_path / "claims.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        shared = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "<t>=1+1</t>" in shared
    assert all(
        line["vendor"] == "'=1+1"
        for line in csv.DictReader(io.StringIO(claimwatch("export", "claims")))
    )
