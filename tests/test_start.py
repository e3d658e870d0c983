"""What a start costs: which modules a command imports, and what is remembered
of what was found valid.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click
import pytest

from pipeline import config, errors, prepared, standards
from pipeline.cli import command
from pipeline.config import shape
from pipeline.egress import Limits
from pipeline.rules import Alert, Smtp

ROOT = Path(__file__).parent.parent / "pipeline"
HEAVY = {
    *("apscheduler", "httpx2", "httpcore2", "bs4", "lxml", "soupsieve", "markdown_it", "pydantic"),
    *("sqlite_utils", "sentencex", "jinja2", "deepdiff", "rapidfuzz", "pipeline.extract"),
    *("pipeline.parse", "pipeline.diff", "pipeline.health", "pipeline.standards.mentions"),
}
CONFIG = """\
[[pages]]
id = "trust"
url = "https://vendor.example/trust"
"""


def imported(folder: Path, *arguments: str) -> set[str]:
    """Return the modules that a command has imported when it ends."""
    code = (
        "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
        f"from pipeline import cli; cli.main({arguments!r})"
    )
    command = [sys.executable, "-c", code]
    # A library that reads lines gives what is begun here the width of a window, behind our back.
    environ = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True, env=environ
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("name", ["status", "claims", "changes"])
def test_a_question_imports_nothing_that_only_a_run_needs(tmp_path: Path, name: str) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    imported(tmp_path, name)  # which makes the database, and finds the config valid
    assert not imported(tmp_path, name) & HEAVY


def test_a_pipe_is_told_how_pages_stand_by_nothing_that_draws_tables(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    imported(tmp_path, "status")
    assert not imported(tmp_path, "status") & {"rich.console", "rich.table", "rich.text"}


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    for name, found in command.claimwatch.commands.items():
        own = click.Command(name, help=command.COMMANDS[name][1])
        assert found.get_short_help_str(200) == own.get_short_help_str(200)


def lazy_rooms() -> list[Path]:
    return [path for path in ROOT.rglob("__init__.py") if "parts.of(" in path.read_text()]


@pytest.mark.parametrize("path", lazy_rooms(), ids=lambda path: path.parent.name)
def test_a_room_gives_at_last_what_its_types_say(path: Path) -> None:
    room = "pipeline." + ".".join(path.parent.relative_to(ROOT).parts)
    module = __import__(room, fromlist=["_"])
    typed = [
        (alias.asname or alias.name, node.module or "", alias.name)
        for block in ast.parse(path.read_text()).body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(room)
        for alias in node.names
    ]
    assert typed
    for name, home, there in typed:
        assert getattr(module, name) is getattr(__import__(home, fromlist=["_"]), there)
    with pytest.raises(AttributeError, match="nothing_of_it"):
        module.nothing_of_it  # noqa: B018


# --------------------------------------------------------------------------- what is remembered


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which marks are kept, empty as yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "claimwatch"


def test_a_config_is_checked_once_and_again_when_a_letter_changes(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, checked = tmp_path / "config.toml", []
    path.write_text(CONFIG)
    monkeypatch.setattr(config, "_prove", lambda *_, **__: checked.append(1))
    first = config.load(path)
    assert config.load(path) == first
    assert len(checked) == 1
    path.write_text(CONFIG + 'vendor = "Vendor"\n')
    config.load(path)
    assert len(checked) == 2
    assert all(mark.stat().st_size == 0 for mark in cache.iterdir())  # a digest, and no content


def test_a_config_with_a_fault_is_never_remembered(tmp_path: Path, cache: Path) -> None:
    for _ in range(2):
        with pytest.raises(errors.ConfigError, match="unknown key"):
            config.read(tmp_path / "config.toml", CONFIG + "colour = 1\n")
    growing = '[[rules]]\npage = "to-come"\nseverity = "high"\n' + CONFIG
    config.read(tmp_path / "config.toml", growing, growing=True)
    with pytest.raises(errors.ConfigError, match="is no page of this file"):
        config.read(tmp_path / "config.toml", growing)
    assert not cache.exists() or not list(cache.iterdir())


def test_a_rule_about_a_standard_is_checked_again_when_the_users_entries_change(
    tmp_path: Path, cache: Path
) -> None:
    given = (
        CONFIG + '[standards]\nextra = "own.toml"\n[[rules]]\nstandard = "{}"\nseverity = "high"\n'
    )
    entry = (Path(__file__).parent / "data" / "own_standard.toml").read_text()
    (tmp_path / "own.toml").write_text(entry)
    config.read(tmp_path / "config.toml", given.format("ring-one"))
    (tmp_path / "own.toml").write_text(entry.replace("ring-one", "ring-two"))
    with pytest.raises(errors.ConfigError, match="ring-one"):
        config.read(tmp_path / "config.toml", given.format("ring-one"))


def test_a_users_entry_that_breaks_a_rule_is_refused_each_time(tmp_path: Path, cache: Path) -> None:
    own = tmp_path / "own.toml"
    entry = (Path(__file__).parent / "data" / "own_standard.toml").read_text()
    own.write_text(entry)
    assert standards.load(str(own)).get("ring-one")
    own.write_text(entry.replace("We hold Ring One.", "We hold nothing."))
    for _ in range(2):
        with pytest.raises(errors.CatalogueError, match="is read as no mention"):
            standards.load(str(own))


def test_a_folder_that_others_can_write_to_is_not_believed(cache: Path) -> None:
    mark = f"config-{'0' * 64}"
    prepared.keep(mark)
    assert prepared.is_kept(mark)
    os.chmod(cache, 0o777)
    assert not prepared.is_kept(mark)


def test_without_a_folder_to_write_to_all_is_checked_each_time(tmp_path: Path, cache: Path) -> None:
    cache.parent.write_text("a file stands here")
    prepared.keep(f"config-{'0' * 64}")
    assert not prepared.is_kept(f"config-{'0' * 64}")
    assert config.read(tmp_path / "config.toml", CONFIG).pages[0].id == "trust"


def test_the_oldest_marks_are_forgotten(cache: Path) -> None:
    marks = [f"config-{number:064x}" for number in range(prepared.MOST + 3)]
    for number, mark in enumerate(marks):
        prepared.keep(mark)
        os.utime(cache / mark, (number, number))
    prepared.keep(f"catalogue-{'0' * 64}")
    assert not prepared.is_kept(marks[0])
    assert prepared.is_kept(marks[-1])


def test_what_the_checks_take_for_usual_is_what_a_config_has(tmp_path: Path) -> None:
    made = config.read(tmp_path / "config.toml", "")
    usual = {name: table.model_fields for name, table in shape.TABLES.items()}
    for name in ("database", "snapshots", "reports"):
        assert getattr(made, name).name == usual["store"][name].default
    for name in ("min_claims", "share"):
        assert getattr(made.guard, name) == usual["guard"][name].default
    assert made.budget.seconds == usual["fetch"]["read_seconds"].default
    for field in fields(Limits):
        given = usual["fetch"][field.name].default
        if field.name not in ("user_agent", "full_every", "allow"):
            assert getattr(made.limits, field.name) == given, field.name
    assert made.limits.full_every.days == int(usual["fetch"]["full_every"].default.split()[0])
    for kind, table in ((Smtp, "smtp"), (Alert, "alerts")):
        for field in fields(kind):
            if field.name in usual[table] and not usual[table][field.name].is_required():
                given = usual[table][field.name].default
                assert (field.default or None) == (given or None), field.name
