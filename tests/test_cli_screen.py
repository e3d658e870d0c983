"""What fits: at 80 columns nothing that matters is cut, wide windows get tables,
pipes get a line a row.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from pipeline import cli
from pipeline.cli import grid


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Path:
    folder = tmp_path_factory.mktemp("screen")
    shutil.copytree(demo_store, folder, dirs_exist_ok=True)
    return folder


class Window:
    """The command in a window of some columns, or in a pipe."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def __call__(self, *arguments: str) -> list[str]:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(self.folder / "config.toml"), *arguments])
        streams = self._capsys.readouterr()
        assert not left.value.code, streams.err
        return streams.out.splitlines()


@pytest.fixture
def window(
    played: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Window:
    monkeypatch.delenv("COLUMNS", raising=False)
    return Window(Path(shutil.copytree(played, tmp_path / "demo")), capsys)


LISTS = (
    ("status",),
    ("changes",),
    ("claims", "--kind", "standard"),
    ("matrix",),
    ("search", "iso"),
)


@pytest.mark.parametrize("asked", LISTS, ids=lambda asked: asked[0])
@pytest.mark.parametrize("columns", [80, 120, 200])
def test_no_line_is_wider_than_the_window(
    window: Window, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...], columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = window(*asked)
    assert shown
    assert max(map(len, shown)) <= columns
    assert "…" not in "".join(line for line in shown if "“" not in line)


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_a_change_has_its_id_page_time_and_status_whole(
    window: Window, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = "\n".join(window("changes", "--severity", "high"))
    for whole in ("2bbb29823d08", "iso-27001", "2024-07-15 06:00 UTC", "open"):
        assert whole in shown
    for word in ("ISO/IEC 27701:", "planned", "held"):
        assert word in shown


def test_a_narrow_window_has_blocks_and_a_wide_one_a_table(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    narrow = window("changes", "--severity", "high")
    assert narrow[0].split() == ["high", "FedRAMP", "note", *narrow[0].split()[3:]]
    assert "Larkfield · desk-compliance · 2024-07-15 06:00 UTC · open" in "\n".join(narrow)
    monkeypatch.setenv("COLUMNS", "160")
    wide = window("changes", "--severity", "high")
    assert wide[0].split() == ["id", "severity", "first", "seen", "page", "summary", "status"]


def test_every_page_of_a_status_has_its_looks_whole(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = window("status")
    looks = [line for line in shown if line.startswith("  last good look 2024-07-15 06:00 UTC · ")]
    assert len(looks) == 6
    assert all(line.rstrip().endswith("06:00 UTC") for line in looks)
    assert shown[-1].startswith("6 pages, 11 open changes")


def test_a_pipe_gets_one_line_a_row_that_no_window_shortens(window: Window) -> None:
    shown = window("changes")
    assert shown[0].split() == [
        "id",
        "severity",
        "first",
        "seen",
        "page",
        "summary",
        "status",
        "owner",
        "due",
    ]
    assert len(shown) == 1 + 17
    assert any("outside its boundary" in line and line.startswith("d72228ae2ca0") for line in shown)
    assert len(window("status")) == 1 + 6 + 2


# --------------------------------------------------------------------------- the matrix


def held(vendor: str, number: int, **more: object) -> dict[str, object]:
    row: dict[str, object] = {
        "vendor": vendor,
        "subject": None,
        "page": "trust",
        "standard": f"s-{number:02}",
        "standard_name": f"Standard {number:02}",
        "edition": None,
        "level": None,
        "stance": "claimed",
        "as_of": "2024-05-01T06:00:00+00:00",
        "age_days": 3,
        "days_left": None,
        "why": None,
        "flags": [],
    }
    return row | more


def drawn(rows: list[dict[str, object]], width: int) -> str:
    out = Console(file=io.StringIO(), width=width, color_system=None)
    grid.show(out, rows, ZoneInfo("Europe/Berlin"))
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_sixty_standards_are_read_beside_their_vendors(width: int) -> None:
    rows = [held(vendor, number) for vendor in ("Alder", "Birch") for number in range(60)]
    rows[7] |= {"stance": "planned", "edition": "2022", "level": "Type 2"}
    shown = drawn(rows, width)
    assert max(map(len, shown.splitlines())) <= width
    assert "○ Standard 07:2022 Type 2" in shown
    assert shown.count("Standard 59") == 2
    assert "Alder  as of 2024-05-01 08:00 CEST, 3 days ago" in shown
    assert "● held   ○ planned" in shown


def test_reasons_stand_in_footnotes_once() -> None:
    lost = {"stance": None, "why": "no longer claimed since 2024-04-02; last seen 2024-04-01"}
    passed = {"kind": "passed", "summary": "Standard 02: planned for a date that has passed"}
    rows = [
        held("Alder", 1, **lost),
        held("Birch", 1, **lost),
        held("Alder", 2, flags=[passed]),
        held("Birch", 2, stance=None, why="no page says so"),
    ]
    shown = drawn(rows, 80)
    assert shown.count("† [1]") == 2
    assert "● [2]" in shown
    assert shown.count("[1] No longer claimed since 2024-04-02") == 1
    assert "[2] Date has passed: Standard 02" in shown
    assert "† no longer claimed   – no page says so" in shown


def test_a_matrix_is_narrowed_to_vendors_and_standards(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = "\n".join(window("matrix", "--standard", "fedramp", "--standard", "SOC 2"))
    assert "FedRAMP" in shown
    assert "SOC 2" in shown
    assert "27001" not in shown.split("● held")[0]
    assert "Larkfield Vault" in "\n".join(window("matrix", "--vendor", "larkfield"))
