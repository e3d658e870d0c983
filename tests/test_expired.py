"""A claim whose printed validity has ended is said to be expired, wherever an analyst looks,
as of the date of the view.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import cli, config, history, standards, track

CATALOGUE = standards.load()
NOW = datetime(2026, 3, 10, 6, tzinfo=UTC)
BEFORE = datetime(2026, 3, 1, 6, tzinfo=UTC)
PAGE = """# Certificates of Larkfield

| Standard | Status | Valid until |
| --- | --- | --- |
| ISO 9001:2015 | Certified | {} |
| ISO 22301:2019 | Certified | 2027-01-31 |

Larkfield was audited to SOC 2 Type 2 for the period 1 January to 31 December 2024.
"""


def kept(folder: Path, until: str, at: datetime = NOW) -> config.Config:
    (folder / "page.md").write_text(PAGE.format(until), encoding="utf-8")
    (folder / "config.toml").write_text(
        "[[pages]]\nid = 'page'\nurl = 'page.md'\nvendor = 'Larkfield'\n", encoding="utf-8"
    )
    settings = config.load(folder / "config.toml")
    track.run(settings, CATALOGUE, now=lambda: at)
    return settings


def expired(settings: config.Config, at: datetime) -> list[str]:
    with track.open(settings) as store:
        rows = history.findings(store.db, CATALOGUE, history.When(at))
    return [row["summary"] for row in rows if row["kind"] == "expired"]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-03-05", "2026-03-05"),
        ("1 March 2023 – 5 March 2026", "2026-03-05"),
        ("Februar 2026", "2026-02-28"),
        ("2026-03-10", None),
        ("March 2026", None),
        ("two years", None),
        ("on renewal", None),
    ],
)
def test_a_certificate_that_ended_before_the_day_of_the_view_is_expired(
    tmp_path: Path, until: str, said: str | None
) -> None:
    found = expired(kept(tmp_path, until), NOW)
    expected = (
        f"Larkfield, ISO 9001: the page claims it with a validity that ended on {said} (“{until}”)"
    )
    assert found == ([expected] if said else [])


def test_the_day_of_the_view_decides_and_not_the_day_of_the_look(tmp_path: Path) -> None:
    settings = kept(tmp_path, "2026-03-05", BEFORE)
    assert expired(settings, BEFORE) == []
    assert len(expired(settings, NOW)) == 1
    with track.open(settings) as store:
        (claim,) = history.claims(store.db, standard="iso-9001")
        rows = history.matrix(store.db, CATALOGUE, history.When(NOW))
    assert (claim["stance"], claim["valid"]) == ("claimed", "2026-03-05")
    flags = {row["standard"]: [flag["kind"] for flag in row["flags"]] for row in rows}
    assert flags == {"iso-9001": ["expired"], "iso-22301": [], "soc-2": []}


@pytest.mark.parametrize(("form", "suffix"), [("md", "md"), ("html", "html"), ("json", "json")])
def test_a_runs_report_says_it(tmp_path: Path, form: str, suffix: str) -> None:
    kept(tmp_path, "2026-03-05")
    (report,) = (
        path for path in (tmp_path / "reports").glob(f"*.{suffix}") if path.stem != "index"
    )
    text = report.read_text(encoding="utf-8")
    assert "validity that ended on 2026-03-05" in text.replace("\\", "")


@pytest.mark.parametrize("form", ["html", "json"])
def test_the_profile_says_it(tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    kept(tmp_path, "2026-03-05")
    where = ("--config", str(tmp_path / "config.toml"))
    with pytest.raises(SystemExit):
        cli.main(
            [*where, "report", "--vendor", "Larkfield", "--at", "2026-03-10", "--format", form]
        )
    said = capsys.readouterr().out
    assert "validity that ended on 2026-03-05" in said
    if form == "json":
        assert [row["kind"] for row in json.loads(said)["findings"]] == ["expired"]


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_the_matrix_says_it(tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    kept(tmp_path, "2026-03-05")
    where = ("--config", str(tmp_path / "config.toml"))
    with pytest.raises(SystemExit):
        cli.main([*where, "matrix", "--at", "2026-03-10", "--format", form])
    said = capsys.readouterr().out
    assert ("validity that ended on 2026-03-05" if form == "table" else "expired") in said
