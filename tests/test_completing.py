"""Completion in the shell, the schema for editors, and what a missing or wrong config says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli, config, errors
from pipeline.config import schema, shape


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Path:
    folder = tmp_path_factory.mktemp("completing")
    shutil.copytree(demo_store, folder, dirs_exist_ok=True)
    return folder


def completed(folder: Path, line: str) -> list[str]:
    """Return what bash would offer at the end of a line."""
    words = ["claimwatch", "--config", str(folder / "config.toml"), *line.split(" ")]
    variables = {
        "_CLAIMWATCH_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-c", "from pipeline import cli; cli.main()"],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize("line", ["run ", "preview ", "changes --page ", "review --page "])
def test_page_ids_are_completed(folder: Path, line: str) -> None:
    assert completed(folder, line) == [
        "desk-compliance",
        "iso-27001",
        "hipaa",
        "fedramp",
        "services-in-scope",
        "payments",
    ]


def test_ids_of_changes_begin_with_what_was_typed(folder: Path) -> None:
    assert completed(folder, "show 4551b") == ["4551bb0ba724"]
    assert "4551bb0ba724" in completed(folder, "review 4")
    assert completed(folder, "history edc6") == ["edc6f16d2a89"]
    assert completed(folder, "changes --run 2024-07")[0].startswith("2024-07-15")


def test_without_a_config_nothing_is_offered(tmp_path: Path) -> None:
    assert completed(tmp_path, "run ") == []
    assert list(tmp_path.iterdir()) == []


def test_the_schema_has_every_key_that_the_config_knows(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["schema"])
    found = json.loads(capsys.readouterr().out)
    assert found == schema.schema()
    assert set(found["properties"]) == set(shape.TABLES)
    for name, table in shape.TABLES.items():
        keys = {field.alias or key for key, field in table.model_fields.items()}
        assert set(found["$defs"][table.__name__]["properties"]) == keys, name
    assert found["$defs"]["Page"]["required"] == ["id", "url"]
    assert found["additionalProperties"] is False


def test_a_missing_config_names_init(tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigError, match="`claimwatch init` writes one"):
        config.load(tmp_path / "config.toml")


def test_a_wrong_key_names_the_page(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    pages = "".join(f'[[pages]]\nid = "p{number}"\nurl = "a.md"\n' for number in range(4))
    path.write_text(f"{pages}formt = 1\n", encoding="utf-8")
    with pytest.raises(errors.ConfigError) as raised:
        config.load(path)
    assert str(raised.value).endswith('did you mean "format"? (page "p3")')
