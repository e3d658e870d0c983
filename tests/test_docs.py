"""What the documentation names exists: commands and options, keys of the config,
tables and views, files and rooms.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from pipeline import config, history
from pipeline.cli import command
from pipeline.config import shape

ROOT = Path(__file__).parent.parent
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BY_NAME = pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)


def fenced(path: Path, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def command_lines(path: Path) -> list[str]:
    shown = [
        line[2:]
        for block in fenced(path, "console")
        for line in block.splitlines()
        if line.startswith("$ ")
    ]
    inline = re.findall(r"`(claimwatch [^`]*)`", path.read_text(encoding="utf-8"))
    return [line.split("#")[0].split("&&")[-1].strip() for line in (*shown, *inline)]


@BY_NAME
def test_every_command_line_names_a_command_and_options_that_exist(path: Path) -> None:
    for line in command_lines(path):
        words = shlex.split(line)
        if words[0] != "claimwatch":
            continue
        context = click.Context(command.claimwatch)
        known = {option for parameter in command.claimwatch.params for option in parameter.opts} | {
            "--help"
        }
        names = [word for word in words[1:] if word in command.claimwatch.commands]
        if names:
            known |= {
                option
                for parameter in command.claimwatch.commands[names[0]].get_params(context)
                for option in parameter.opts
            }
        else:
            assert words[1].startswith(("-", "…")) or words[1].isupper(), f"{path.name}: {line}"
        for word in words[1:]:
            assert not word.startswith("-") or word in known, f"{path.name}: {line}: {word}"


def test_every_command_is_named_in_the_documentation() -> None:
    named = {word for path in DOCS for line in command_lines(path) for word in line.split()}
    assert set(command.claimwatch.commands) <= named | {"serve"}


def test_every_key_of_the_config_is_explained_and_no_other() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for name, table in shape.TABLES.items():
        assert f"[{name}]" in text
        for key, field in table.model_fields.items():
            assert f"`{field.alias or key}`" in text, f"{name}.{key}"
    keys = {
        field.alias or key
        for table in shape.TABLES.values()
        for key, field in table.model_fields.items()
    }
    explained = {
        key
        for row in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", text, re.MULTILINE)
        for key in re.findall(r"`(\w+)`", row)
    }
    assert explained <= keys, explained - keys


@BY_NAME
def test_every_toml_example_is_toml_with_known_tables(path: Path) -> None:
    for block in fenced(path, "toml"):
        assert set(tomllib.loads(block)) <= set(shape.TABLES)


@BY_NAME
def test_every_query_runs(path: Path) -> None:
    db = history.open(":memory:")
    for block in fenced(path, "sql"):
        db.conn.execute(block)


@BY_NAME
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{path.name}: {target}"


@BY_NAME
def test_every_test_and_bench_that_is_named_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"\b(?:tests|bench)/[\w/.-]*\w", text):
        assert (ROOT / name).exists(), f"{path.name}: {name}"


def unheld(text: str, parts: str) -> list[str]:
    """Return the beginnings of those parts of a text that name no test."""
    found = re.split(parts, text, flags=re.MULTILINE)[1:]
    return [part[:40] for part in found if not re.search(r"`tests/test_\w+\.py`", part)]


def test_each_promise_names_the_tests_that_hold_it() -> None:
    security, operating, alerts = (
        (ROOT / "docs" / name).read_text(encoding="utf-8")
        for name in ("security.md", "operating.md", "alerts.md")
    )
    assert unheld(security.rpartition("Please report")[0], r"^(?=\*\*)") == []
    assert unheld(operating, r"^## ") == []
    assert unheld(alerts, r"^## ") == []
    assert unheld("## Backup\n\nNothing is lost.\n", r"^## ") == ["Backup\n\nNothing is lost.\n"]


def test_the_map_of_the_readme_names_every_room() -> None:
    rooms = {
        entry.stem for entry in (ROOT / "pipeline").iterdir() if not entry.name.startswith("__")
    }
    table = (
        (ROOT / "README.md")
        .read_text(encoding="utf-8")
        .split("## The rooms")[1]
        .split("## Glossary")[0]
    )
    rows = "\n".join(line for line in table.splitlines() if line.startswith("|"))
    named = set(re.findall(r"`(?:pipeline/)?(\w+)(?:\.py|/)`", rows))
    assert rooms == named


def test_the_config_of_this_folder_watches_four_pages_daily() -> None:
    settings = config.load(ROOT / "config.toml")
    assert len(settings.pages) == 4
    assert settings.alerts == ()
