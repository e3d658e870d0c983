"""Instants that people read are of the schedule's time zone, which is written beside them;
programs get UTC or an offset.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline import cli
from pipeline.report import phrases


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Path:
    folder = tmp_path_factory.mktemp("zones")
    shutil.copytree(demo_store, folder, dirs_exist_ok=True)
    with (folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write('\n[schedule]\ntimezone = "Europe/Berlin"\n')
    return folder


def said(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        cli.main(["--config", str(folder / "config.toml"), *arguments])
    streams = capsys.readouterr()
    assert not left.value.code, streams.err
    return streams.out


@pytest.mark.parametrize(
    "asked",
    [
        ("status",),
        ("changes",),
        ("claims",),
        ("search", "iso"),
        ("report",),
        ("report", "--format", "markdown"),
        ("report", "--vendor", "Larkfield"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("columns", ["80", "200"])
def test_people_read_the_schedules_zone(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    asked: tuple[str, ...],
    columns: str,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = re.sub(r'datetime="[^"]*"', "", said(folder, capsys, *asked))
    times = re.findall(r"\d\d:\d\d ([A-Z]+)", text)
    assert times
    assert set(times) <= {"CET", "CEST"}
    assert "08:00 CEST" in text


def test_programs_get_an_offset_or_utc(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = csv.DictReader(io.StringIO(said(folder, capsys, "changes", "--format", "csv")))
    assert {row["first_seen"][-6:] for row in rows} == {"+01:00", "+02:00"}
    changes = json.loads(said(folder, capsys, "changes", "--format", "json"))
    assert all(row["first_seen"].endswith("T06:00:00Z") for row in changes)


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        (UTC, "2024-07-01 06:00 UTC"),
        (ZoneInfo("Europe/Berlin"), "2024-07-01 08:00 CEST"),
        (ZoneInfo("Asia/Dubai"), "2024-07-01 10:00 UTC+04"),
        (timezone(-timedelta(hours=3, minutes=30)), "2024-07-01 02:30 UTC-03:30"),
    ],
)
def test_a_zone_without_letters_is_written_as_its_distance(zone: timezone, written: str) -> None:
    assert phrases.minute(datetime(2024, 7, 1, 6, tzinfo=UTC), zone) == written
