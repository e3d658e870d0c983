"""docs/querying.md, the ten questions of an auditor: one command and one query each,
which give the same.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli

DOCS = Path(__file__).parent.parent / "docs" / "querying.md"
Row = dict[str, Any]


def questions() -> list[tuple[str, str, str]]:
    section = (
        DOCS.read_text(encoding="utf-8").partition("## Ten questions")[2].partition("\n## ")[0]
    )
    form = r"^\d+\\\. (.*)\n\n```console\n\$ claimwatch (.*)\n```\n\n```sql\n([^`]*)```"
    return re.findall(form, section, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Path:
    folder = tmp_path_factory.mktemp("auditor")
    shutil.copytree(demo_store, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module", autouse=True)
def followed(folder: Path) -> None:
    config = str(folder / "config.toml")
    for target in ("2bbb29823d08", "a1809baaa57a"):
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", config, "review", target, "--owner", "ana", "--as", "bea"])
        assert not left.value.code


def answered(folder: Path, capsys: pytest.CaptureFixture[str], command: str) -> list[Row]:
    capsys.readouterr()
    config = str(folder / "config.toml")
    with pytest.raises(SystemExit) as left:
        cli.main(["--config", config, *shlex.split(command), "--format", "json"])
    streams = capsys.readouterr()
    assert not left.value.code, streams.err
    found = json.loads(streams.out)
    if isinstance(found, dict):
        return [{**found["captures"]["first"], "id": found["id"]}]
    rows: list[Row] = found
    for row in rows:
        if "reviews" in row:
            row["reviewed_by"] = ",".join(said["who"] for said in row["reviews"]) or None
    return rows


def alike(rows: list[Row], names: list[str]) -> list[str]:
    return sorted(
        str([str(row.get(name)).replace("+00:00", "Z") for name in names]) for row in rows
    )


def test_there_are_ten() -> None:
    assert len(questions()) == 10


@pytest.mark.parametrize(("question", "command", "query"), questions(), ids=lambda text: text[:30])
def test_command_and_query_give_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str], question: str, command: str, query: str
) -> None:
    db = sqlite3.connect(folder / "claims.db")
    db.row_factory = sqlite3.Row
    found = [dict(row) for row in db.execute(query)]
    assert found, f"a query that finds nothing proves nothing: {question}"
    names = list(found[0])
    assert alike(found, names) == alike(answered(folder, capsys, command), names)
