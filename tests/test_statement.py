"""The statement on a vendor and a period: what it says, and that nothing is stated
of a record that was tampered with.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commands import Command

PERIOD = ("--vendor", "larkfield", "--since", "2024-05-04", "--until", "2024-05-19")
WHOLE = ("--vendor", "Larkfield", "--until", "2024-07-05")


@pytest.fixture
def claimwatch(larkfield: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(larkfield, capsys)


def stated(claimwatch: Command, *asked: str, status: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        claimwatch("statement", *asked, "--format", "json", status=status)
    )
    return found


def test_a_quiet_period_is_stated_with_how_the_pages_were_watched(claimwatch: Command) -> None:
    said = stated(claimwatch, *PERIOD)
    assert said["verdict"] == "unchanged"
    assert said["statement"] == "No change of any claim was observed on 2 pages."
    assert (said["changes"], said["problems"]) == ([], [])
    text = claimwatch("statement", *PERIOD)
    assert "4 May 2024 00:00 EDT to 19 May 2024 23:59 EDT" in text
    assert "no look in the period" in text


def test_the_statement_reaches_to_the_last_look_of_the_journal(
    claimwatch: Command, larkfield: Path
) -> None:
    said = stated(claimwatch, *WHOLE)
    for page in said["pages"]:
        lines = (larkfield / "snapshots" / page["page"] / "journal.jsonl").read_bytes().splitlines()
        looks = [json.loads(line)["captured_at"] for line in lines]
        assert page["line"] == len(lines)
        assert page["looks"] == len(looks)
        assert page["last_at"].replace("Z", "+00:00") == max(looks)
        assert sum(number for _, number in page["results"]) == len(looks)
    assert said["head"] in claimwatch("verify")


def test_changes_are_counted_apart_from_wording(claimwatch: Command) -> None:
    said = stated(claimwatch, *WHOLE)
    listed = json.loads(claimwatch("changes", "--vendor", "Larkfield", "--format", "json"))
    theirs = [row for row in listed if row["cause"] in ("page", "backfill")]
    claims = [row["id"] for row in theirs if row["kind"] not in ("wording", "metadata")]
    assert said["verdict"] == "changed"
    assert [row["id"] for row in said["changes"]] == claims
    assert said["aside"] == len(theirs) - len(claims) > 0
    assert f"{len(claims)} changes of claims were observed on 2 pages." in said["statement"]


def test_what_was_not_seen_limits_it(claimwatch: Command) -> None:
    limits = "\n".join(stated(claimwatch, *WHOLE)["limits"])
    assert re.search(r"fedramp: of its looks, \d+ failed", limits)
    early = stated(
        claimwatch, "--vendor", "Larkfield", "--since", "2024-01-01", "--until", "2024-04-02"
    )
    assert any("nothing is known of it before" in line for line in early["limits"])
    late = stated(claimwatch, "--vendor", "Larkfield", "--until", "2024-12-31")
    assert "trust: 183 days passed without a good look" in late["limits"]


def _sql(folder: Path, sql: str) -> None:
    db = sqlite3.connect(folder / "claims.db")
    with db:
        db.execute(sql)
    db.close()


def _last_line_gone(folder: Path) -> None:
    path = folder / "snapshots" / "trust" / "journal.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def _line_edited(folder: Path) -> None:
    path = folder / "snapshots" / "trust" / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b"2024-05-03T06:00", b"2024-05-03T07:00"))


def _line_and_row_gone(folder: Path) -> None:
    """Cut the end off a journal, and make the database agree."""
    path = folder / "snapshots" / "fedramp" / "journal.jsonl"
    whole = path.read_bytes().splitlines(keepends=True)
    _sql(folder, f"DELETE FROM look WHERE page = 'fedramp' AND line_end = {len(b''.join(whole))}")
    chain = hashlib.sha256(whole[-2].rstrip(b"\n")).hexdigest()
    end = len(b"".join(whole[:-1]))
    _sql(folder, f"UPDATE journal SET \"end\" = {end}, chain = '{chain}' WHERE name = 'fedramp'")
    path.write_bytes(b"".join(whole[:-1]))


def _capture_damaged(folder: Path) -> None:
    for path in (folder / "snapshots").rglob("*"):
        if path.is_file() and path.suffix in (".gz", ".zst"):
            path.write_bytes(path.read_bytes()[:-9])


TAMPERED: dict[str, Callable[[Path], None]] = {
    "a look deleted from the database": lambda folder: _sql(
        folder, "DELETE FROM look WHERE page = 'trust' AND captured_at LIKE '2024-05-03T06%'"
    ),
    "a look moved in the database": lambda folder: _sql(
        folder, "UPDATE look SET digest = 'ab' WHERE page = 'trust' AND captured_at LIKE '2024-05%'"
    ),
    "the last line of a journal": _last_line_gone,
    "a line edited": _line_edited,
    "the end of a journal and of its copy": _line_and_row_gone,
    "the changes of a look": lambda folder: _sql(
        folder, "DELETE FROM change WHERE page = 'trust' AND first_seen LIKE '2024-05-20%'"
    ),
    "captures": _capture_damaged,
}


@pytest.mark.parametrize("what", TAMPERED)
def test_nothing_is_stated_of_a_record_that_was_tampered_with(
    claimwatch: Command, larkfield: Path, what: str
) -> None:
    assert stated(claimwatch, *WHOLE)["verdict"] == "changed"
    TAMPERED[what](larkfield)
    said = stated(claimwatch, *WHOLE, status=1)
    assert said["verdict"] == "unknown"
    assert said["statement"] == "Nothing can be stated: the record does not reconcile."
    assert said["problems"]
    text = claimwatch("statement", *WHOLE, status=1)
    assert "Why nothing can be stated" in text


def test_it_is_written_as_a_page_to_sign(
    claimwatch: Command, larkfield: Path, tmp_path: Path
) -> None:
    (larkfield / "config.toml").write_text(
        (larkfield / "config.toml").read_text().replace('"Larkfield"', '"<b>Lark</b> & Co"')
    )
    claimwatch("run", status=1)
    out = tmp_path / "statement.html"
    claimwatch(
        "statement", "--vendor", "<b>Lark</b> & Co", "--format", "html", "--output", str(out)
    )
    text = out.read_text(encoding="utf-8")
    assert "<h1>&lt;b&gt;Lark&lt;/b&gt; &amp; Co</h1>" in text
    assert "<script" not in text
    assert "Signature" in text
    assert "changes of claims were observed" in text


def test_nobody_and_never_are_refused(claimwatch: Command) -> None:
    claimwatch("statement", "--vendor", "Larkfeld", status=2)
    assert "near it: Larkfield" in claimwatch.err
    claimwatch("statement", "--vendor", "Larkfield", "--until", "2020-01-01", status=2)
    assert "no page of Larkfield was looked at by then" in claimwatch.err


def test_the_evidence_of_a_vendor_holds_it(claimwatch: Command, tmp_path: Path) -> None:
    packed = tmp_path / "evidence.zip"
    claimwatch("export", "--evidence", *PERIOD, "--output", str(packed))
    with zipfile.ZipFile(packed) as file:
        text = file.read("statement.html").decode()
        named = json.loads(file.read("manifest.json"))["files"]
    assert "No change of any claim was observed on 2 pages." in text
    assert "statement.html" in named
