"""`extract`, `diff` and `preview` end within their budget, whatever the page.

What they could not read, they say.
"""

from __future__ import annotations

import json
from pathlib import Path

import hostile
import pytest

from pipeline import cli
from pipeline.cli import apart
from pipeline.workers import Budget

PAGE = "# Alder Notes\n\nAlder Notes is certified to ISO/IEC 27001:2013.\n"
REASON = "took more than 0.3 s of processor time (fetch.read_seconds)"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(apart, "OWN", Budget(0.3))
    for name in ("old.md", "new.md"):
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    (tmp_path / "config.toml").write_text(
        '[fetch]\nread_seconds = 0.3\n[[pages]]\nid = "old"\nurl = "old.md"\n', encoding="utf-8"
    )
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    streams = capsys.readouterr()
    return int(left.value.code or 0), streams.out, streams.err


@pytest.mark.parametrize(
    ("arguments", "stage", "source", "doing"),
    [
        (("extract", "old.md"), "_read", "old.md", "reading it"),
        (("diff", "old.md", "new.md"), "_unread", "old.md", "reading it"),
        (("diff", "old.md", "new.md"), "_compared", "new.md", "comparing it"),
        (("preview", "old"), "_shown", "old", "reading it"),
    ],
)
def test_a_page_that_overruns_is_told_with_its_stage(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    stage: str,
    source: str,
    doing: str,
) -> None:
    monkeypatch.setattr(apart, stage, hostile.spins_with)
    status, out, _ = said(capsys, *arguments, "--format", "json")
    error = {"stage": "read", "reason": f"{doing} {REASON}"}
    assert (status, json.loads(out)) == (1, {"source": source, "error": error})
    status, out, err = said(capsys, *arguments)
    assert (status, out, err) == (1, "", f"claimwatch: {source}: {doing} {REASON}\n")


def test_they_read_as_ever_otherwise(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "extract", "old.md", "--format", "json")[0] == 0
    assert said(capsys, "diff", "old.md", "new.md", "--format", "json")[0] == 0
    assert said(capsys, "preview", "old", "--format", "json")[0] == 0
