"""The command's face: exit statuses, what goes to which stream,
and errors that a person can act on.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline import cli

PAGE = """\
---
title: Compliance of Alder Notes
date: 2024-01-08
---

# Compliance of Alder Notes

Alder Notes is certified to ISO/IEC 27001:2013. ISO 27001 is a standard for information security.

Alder Notes is authorized at the FedRAMP Moderate impact level.
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What one call of the command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> object:
        return json.loads(self.out)


class Command:
    """The command in a folder of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def __call__(self, *arguments: str) -> Said:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(arguments)
        streams = self._capsys.readouterr()
        return Said(int(left.value.code or 0), streams.out, streams.err)

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def claimwatch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    monkeypatch.chdir(tmp_path)
    return Command(tmp_path, capsys)


# ------------------------------------------------------------ extract and diff: no store, no config


def test_extract_prints_json_alone_on_standard_output(claimwatch: Command) -> None:
    said = claimwatch("extract", claimwatch.file("page.md", PAGE), "--format", "json")
    assert (said.status, said.err) == (0, "")
    read = said.json
    assert isinstance(read, dict)
    assert list(read)[:4] == ["source", "title", "products", "not_understood"]
    assert (read["source"], read["products"]) == ("page.md", ["Alder Notes"])
    iso = next(claim for claim in read["claims"] if claim["standard"] == "iso-27001")
    assert (iso["edition"], iso["stance"], iso["line"]) == ("2013", "claimed", 8)
    assert iso["text"] == "Alder Notes is certified to ISO/IEC 27001:2013."


def test_extract_shows_a_person_each_claim_and_its_sentence(claimwatch: Command) -> None:
    said = claimwatch("extract", claimwatch.file("page.md", PAGE))
    assert said.status == 0
    assert "ISO/IEC 27001:2013 · held" in said.out
    assert "Alder Notes is authorized at the FedRAMP Moderate impact level." in said.out
    assert "not understood" in said.out


def test_extract_csv_has_a_row_for_each_claim(claimwatch: Command) -> None:
    page = claimwatch.file("page.md", PAGE)
    whole = claimwatch("extract", page, "--format", "json").json
    rows = list(csv.DictReader(io.StringIO(claimwatch("extract", page, "--format", "csv").out)))
    assert isinstance(whole, dict)
    assert [row["text"] for row in rows] == [claim["text"] for claim in whole["claims"]]


def test_diff_tells_each_change_once(claimwatch: Command) -> None:
    old, new = (
        claimwatch.file("old.md", PAGE),
        claimwatch.file("new.md", PAGE.replace("27001:2013", "27001:2022")),
    )
    said = claimwatch("diff", old, new, "--format", "json")
    found = said.json
    assert isinstance(found, dict)
    assert (said.status, found["old"], found["new"]) == (0, "old.md", "new.md")
    assert found["summary"] == {
        "critical": 0,
        "high": 1,
        "medium": 0,
        "low": 0,
        "info": 0,
        "form": 0,
    }
    change = found["changes"][0]
    assert (
        change["change"],
        change["kind"],
        change["field"],
        change["before"],
        change["after"],
    ) == (
        "changed",
        "standard",
        "edition",
        "2013",
        "2022",
    )
    shown = claimwatch("diff", old, new).out
    assert "edition 2013 → 2022" in shown
    assert "[-2013-]" in shown


def test_diff_says_when_nothing_changed(claimwatch: Command) -> None:
    old, new = claimwatch.file("old.md", PAGE), claimwatch.file("new.md", PAGE.replace(". ", ".\n"))
    said = claimwatch("diff", old, new, "--exit-code")
    assert said.status == 0
    assert said.out.startswith("No changes.")


@pytest.mark.parametrize(
    ("severity", "status"), [((), 1), (("--severity", "high"), 1), (("--severity", "critical"), 0)]
)
def test_exit_code_is_a_gate_at_a_severity(
    claimwatch: Command, severity: tuple[str, ...], status: int
) -> None:
    old, new = (
        claimwatch.file("old.md", PAGE),
        claimwatch.file("new.md", PAGE.replace("27001:2013", "27001:2022")),
    )
    assert claimwatch("diff", old, new, "--exit-code", *severity).status == status
    assert claimwatch("diff", old, new, *severity).status == 0


@pytest.mark.parametrize("command", [("extract", "none.md"), ("diff", "none.md", "none.md")])
def test_what_cannot_be_read_exits_1_and_says_at_which_stage(
    claimwatch: Command, command: tuple[str, ...]
) -> None:
    said = claimwatch(*command, "--format", "json")
    assert said.status == 1
    assert isinstance(said.json, dict)
    assert said.json["source"] == "none.md"
    assert said.json["error"]["stage"] == "fetch"
    assert "none.md" in said.json["error"]["reason"]
    told = claimwatch(*command)
    assert (told.status, told.out) == (1, "")
    assert len(told.err.splitlines()) == 1


def test_a_body_that_is_no_text_exits_1_at_the_parse(claimwatch: Command) -> None:
    (claimwatch.folder / "page.bin").write_bytes(bytes(range(256)) * 40)
    said = claimwatch("extract", "page.bin", "--format", "json")
    assert said.status == 1
    assert isinstance(said.json, dict)
    assert said.json["error"]["stage"] in ("fetch", "parse")


def test_the_terminal_gets_no_control_character_of_a_page(claimwatch: Command) -> None:
    page = claimwatch.file(
        "page.md", PAGE.replace("Moderate impact", "Moderate\x1b[2J\x1b]0;x\x07 impact")
    )
    said = claimwatch("extract", page)
    assert "\x1b" not in said.out
    assert "\x07" not in said.out


# --------------------------------------------------------------------------- statuses and errors


def test_a_config_with_errors_exits_2_with_one_line_each(claimwatch: Command) -> None:
    claimwatch.file(
        "config.toml", '[store]\ndatabse = "x"\n\n[[pages]]\nid = "a b"\nurl = "page.md"\n'
    )
    said = claimwatch("claims")
    assert (said.status, said.out) == (2, "")
    lines = said.err.splitlines()
    assert len(lines) == 2
    assert all("config.toml" in line for line in lines)
    assert 'did you mean "database"' in lines[0]


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("extract",), ("claims", "--at", "yesterday"), ("claims", "--kind", "rumour")],
)
def test_wrong_usage_exits_2(claimwatch: Command, arguments: tuple[str, ...]) -> None:
    claimwatch("init")
    said = claimwatch(*arguments)
    assert (said.status, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1
    assert "--help" in said.err


def test_without_a_command_the_help_is_shown(claimwatch: Command) -> None:
    said = claimwatch()
    assert said.status == 2
    assert "Commands:" in said.err


def test_a_missing_config_says_what_to_do(claimwatch: Command) -> None:
    said = claimwatch("status")
    assert said.status == 2
    assert "config.toml" in said.err
    assert "--config" in said.err


def test_a_bug_exits_3_and_says_where_the_traceback_is(
    claimwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.sources.open", lambda *_, **__: 1 / 0)
    said = claimwatch("extract", "page.md")
    assert said.status == 3
    assert "this is a bug of ours: ZeroDivisionError" in said.err
    log = Path(said.err.split("the traceback is in ")[1].split(";")[0])
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    log.unlink()
    assert "Traceback" in claimwatch("--debug", "extract", "page.md").err


def test_an_unknown_standard_or_page_is_answered_with_the_nearest(claimwatch: Command) -> None:
    claimwatch("init")
    claimwatch("add", "https://vendor.example/trust/hipaa")
    assert "iso-27001" in claimwatch("claims", "--standard", "iso27001").err
    said = claimwatch("changes", "--page", "hippa")
    assert said.status == 2
    assert "hipaa" in said.err


# ------------------------------------------------------------------------- from nothing to a config


def test_init_writes_a_valid_config_once(claimwatch: Command) -> None:
    assert claimwatch("init").status == 0
    written = (claimwatch.folder / "config.toml").read_text(encoding="utf-8")
    assert claimwatch("status").status == 0
    again = claimwatch("init")
    assert again.status == 2
    assert "is there already" in again.err
    assert (claimwatch.folder / "config.toml").read_text(encoding="utf-8") == written


def test_add_keeps_comments_and_makes_ids(claimwatch: Command) -> None:
    claimwatch("init")
    before = (claimwatch.folder / "config.toml").read_text(encoding="utf-8")
    claimwatch(
        "add",
        "https://vendor.example/trust/HIPAA.html?lang=en",
        "https://other.example/hipaa/",
        "--vendor",
        'A "B" C',
    )
    after = (claimwatch.folder / "config.toml").read_text(encoding="utf-8")
    assert after.startswith(before)
    pages = tomllib.loads(after)["pages"]
    assert [page["id"] for page in pages] == ["hipaa", "hipaa-2"]
    assert {page["vendor"] for page in pages} == {'A "B" C'}
    assert "1 were there already" in claimwatch("add", "https://other.example/hipaa/").out


def test_add_takes_a_csv_and_names_bad_rows_by_line(
    claimwatch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimwatch("init")
    table = "url,vendor,tier\nhttps://vendor.example/soc,Alder,1\n,Birch,2\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(table.encode())))
    said = claimwatch("add")
    assert said.status == 2
    assert "line 3" in said.err
    monkeypatch.setattr(
        "sys.stdin", io.TextIOWrapper(io.BytesIO(table.replace(",Birch,2\n", "").encode()))
    )
    assert claimwatch("add").status == 0
    pages = tomllib.loads((claimwatch.folder / "config.toml").read_text(encoding="utf-8"))["pages"]
    assert pages == [
        {"id": "soc", "url": "https://vendor.example/soc", "vendor": "Alder", "tier": "1"}
    ]


def test_add_writes_nothing_unless_all_is_valid(claimwatch: Command) -> None:
    claimwatch("init")
    before = (claimwatch.folder / "config.toml").read_text(encoding="utf-8")
    said = claimwatch("add", "https://vendor.example/soc", "gopher://vendor.example/soc")
    assert said.status == 2
    assert "gopher://vendor.example/soc: url: " in said.err
    assert (claimwatch.folder / "config.toml").read_text(encoding="utf-8") == before
    assert [path.name for path in claimwatch.folder.iterdir() if "new" in path.name] == []


# --------------------------------------------------------------------------- speed


def test_help_imports_nothing_heavy() -> None:
    heavy = (
        "rich",
        "lxml",
        "bs4",
        "httpx2",
        "pydantic",
        "sqlite_utils",
        "deepdiff",
        "apscheduler",
        "jinja2",
        "markdown_it",
    )
    code = (
        "import sys, atexit; atexit.register(lambda: print(sorted(sys.modules), file=sys.stderr)); "
    )
    code += "from pipeline import cli; cli.main(['--help'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "extract" in done.stdout
    assert not [name for name in heavy if f"'{name}'" in done.stderr]
