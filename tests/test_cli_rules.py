"""`[[rules]]` from the config to the listing, the report and the alert:
at which severity, and why.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import cli

PAGE = """# Harbor Cloud trust

Harbor Cloud is certified to ISO 27001:2013.

We never scan your mail for marketing. Ask us for the letter.
"""
CONFIG = """
[[pages]]
id = "trust"
url = "page.md"
vendor = "Harbor"

[[rules]]
text = "scan your mail for marketing"
severity = "critical"

[[rules]]
field = "edition"
severity = "low"
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def call(place: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["--config", str(place / "config.toml"), *arguments])
    return int(left.value.code or 0)


def test_rules_hold_in_run_report_and_listing_and_say_so(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(place, "run") == 0
    (place / "page.md").write_text(
        PAGE.replace("never scan your mail for marketing", "may read your mail").replace(
            "2013", "2022"
        )
    )
    capsys.readouterr()
    assert call(place, "run", "--format", "json") == 0
    told = {item["kind"]: item for item in json.loads(capsys.readouterr().out)["changes"]}
    assert (told["wording"]["severity"], told["wording"]["default_severity"]) == (
        "critical",
        "info",
    )
    assert (told["standard"]["severity"], told["standard"]["default_severity"]) == ("low", "high")
    assert (
        'critical by rule 1 of the config (text "scan your mail for marketing")'
        in told["wording"]["why"]
    )
    reports = [path.read_text(encoding="utf-8") for path in (place / "reports").glob("20*.html")]
    assert any("critical by rule 1 of the config" in text for text in reports)
    call(place, "changes", "--severity", "medium", "--format", "json")
    assert [item["kind"] for item in json.loads(capsys.readouterr().out)] == ["wording"]


def test_pinned_words_that_are_not_on_the_page_are_an_error_that_loses_nothing(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(place, "run") == 0
    text = (place / "config.toml").read_text(encoding="utf-8")
    (place / "config.toml").write_text(
        text.replace("marketing", "merriment").replace('text = "', 'page = "trust"\ntext = "'),
        encoding="utf-8",
    )
    (place / "page.md").write_text(PAGE.replace("2013", "2022"))
    capsys.readouterr()
    assert call(place, "run", "--format", "json") == 2
    said = capsys.readouterr()
    assert [item["field"] for item in json.loads(said.out)["changes"]] == ["edition"]
    assert (
        f"{place / 'config.toml'}: rules[0].text: "
        '"scan your mail for merriment" stands in no sentence of the page trust' in said.err
    )


def test_a_page_that_was_never_read_says_nothing_of_pinned_words(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "page.md").unlink()
    assert call(place, "run") == 1
    assert "rules[0]" not in capsys.readouterr().err
