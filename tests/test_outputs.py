"""What a hostile page, config or argument holds reaches no output:
not one of them, through no command.
"""

from __future__ import annotations

import html
import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_httpserver import HTTPServer
from test_alert import Inbox

from pipeline import cli
from pipeline.cli import printing, screen

UNSEEN = "\x1b\x07\x9b\u202e\u2066\u200f\u061c\u00ad\u200b\u200d\ufeff\U000e0041\ufff9\ufe0f\u3164"
HOSTILE = {*UNSEEN, "\x00", "\x08", "\r"}
EVIL = f"\x1b[2J\x1b]0;title\x07\x9b31m{UNSEEN}"
"""What steers a terminal, as an argument may hold it."""

WRITTEN = UNSEEN[3:]
"""What a config may hold: controls are refused there."""

ENTITIES = "".join(f"&#{ord(char)};" for char in WRITTEN) + UNSEEN
PAGE = """<!doctype html><html lang="en"><head><title>Alder{evil} trust centre</title></head>
<body><main>
<h1>Alder{evil} trust centre</h1>
<p>This page says how Alder keeps the notes of its customers, and which
assessments{evil} it has passed.</p>
<h2>Certifications{evil}</h2>
<p>Alder Notes is certi{evil}fied to ISO/IEC 27001:{edition}.</p>
<p>Alder Notes has completed{evil} a SOC 2 Type 2 audit by{evil} Ostler LLP.</p>
<ul><li>
<a href="https://alder.example/{evil}report.pdf">SOC 2{evil} report of Alder Notes</a></li></ul>
<h2>Services in scope of SOC 2</h2>
<ul><li>Alder{evil} Core</li><li>{service}{evil}</li></ul>
<p>The report is available{evil} under a non-disclosure agreement.</p>
</main></body></html>"""
"""A page that hides such characters in every sort of text."""

CONFIG = """[fetch]
allow = ["127.0.0.1:{web}"]
[smtp]
host = "127.0.0.1"
port = {mail}
from = "watch@example.org"
[[pages]]
id = "alder"
url = "alder.html"
vendor = "Al{evil}der"
product = "Alder{evil} Notes"
owner = "An{evil}n"
tier = "{evil}1"
ref = "{evil}T-1"
[[pages]]
id = "birch"
url = "missing{evil}.html"
vendor = "=cmd()"
[[rules]]
text = "certi{evil}fied to"
severity = "critical"
[[alerts]]
to = "mailto:grc@example.org"
name = "the{evil} team"
severity = "info"
[[alerts]]
to = "http://127.0.0.1:{web}/hook"
severity = "info"
"""


class Command:
    """The command on a config in a folder of its own; whatever it prints is proved."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def __call__(self, *arguments: str) -> str:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(self.folder / "config.toml"), *arguments])
        streams = self._capsys.readouterr()
        assert int(left.value.code or 0) in (0, 1, 2), streams.err
        proved(streams.out)
        proved(streams.err)
        return streams.out + streams.err

    def write(self, edition: str, service: str) -> None:
        """Write the page."""
        said = PAGE.format(evil=ENTITIES, edition=edition, service=service)
        (self.folder / "alder.html").write_text(said, encoding="utf-8")


def proved(text: str) -> None:
    """Fail where the text, or a JSON value that is all of it, holds what is hostile."""
    found = [text]
    if text.startswith(("{", "[")):
        waiting: list[Any] = [json.loads(text)]
        while waiting:
            item = waiting.pop()
            waiting += [*item, *item.values()] if isinstance(item, dict) else []
            waiting += item if isinstance(item, list) else []
            found += [item] if isinstance(item, str) else []
    for said in found:
        assert not HOSTILE & set(said), ascii(said)


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    kept = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(kept, "127.0.0.1", port)
    controller.start()
    yield kept, port
    controller.stop()


@pytest.fixture
def changed(
    tmp_path: Path,
    inbox: tuple[Inbox, int],
    httpserver: HTTPServer,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Return a command whose page was looked at twice, and changed in between."""
    httpserver.expect_request("/hook").respond_with_data("thanks")
    config = CONFIG.format(web=httpserver.port, mail=inbox[1], evil=WRITTEN)
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    command = Command(tmp_path, capsys)
    command.write("2013", "Alder Ink")
    command("run")
    command.write("2022", "Alder Nib")
    assert "edition 2013 → 2022" in command("run")
    return command


LISTINGS = (
    ("status",),
    ("claims",),
    ("changes",),
    ("matrix",),
    ("search", "alder"),
    ("extract", "alder.html"),
    ("diff", "old.html", "alder.html"),
)


def test_no_output_holds_what_is_hostile(
    changed: Command,
    inbox: tuple[Inbox, int],
    httpserver: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(changed.folder)
    old = PAGE.format(evil=UNSEEN, edition="4", service="Alder Pen")
    (changed.folder / "old.html").write_text(old, encoding="utf-8")
    for listing in LISTINGS:
        for form in ("table", "json", "csv"):
            assert changed(*listing, "--format", form), listing
    for form in ("table", "json"):
        changed("preview", "alder", "--format", form)
        changed("run", "--format", form)
    for form in ("html", "markdown", "json"):
        assert "27001" in changed("report", "--format", form)
    for form in ("html", "json"):
        assert "27001" in changed("report", "--vendor", "Alder", "--format", form)
    changed("diff", "old.html", "alder.html", "--side-by-side")
    changed("verify")
    changed("rebuild")
    reports = list((changed.folder / "reports").glob("*.*"))
    assert {path.suffix for path in reports} >= {".html", ".md", ".json"}
    for path in reports:
        proved(path.read_text(encoding="utf-8"))
    mails = [mail for _, _, mail in inbox[0].mails]
    texts = [mail.get_body(("plain",)).get_content() for mail in mails]
    assert "27001" in "".join(texts)
    for mail in mails:
        proved(str(mail["subject"]))
        for part in ("plain", "html"):
            body = mail.get_body((part,))
            assert body is not None
            proved(body.get_content().replace("\r\n", "\n"))
    posted = [request.get_data(as_text=True) for request, _ in httpserver.log]
    assert posted
    for payload in posted:
        proved(payload)


ARGUMENTS = (
    ("claims", "--page", EVIL),
    ("claims", "--standard", f"iso{EVIL}"),
    ("claims", "--at", EVIL),
    ("changes", "--severity", EVIL),
    ("history", EVIL),
    ("review", EVIL, "--accept"),
    ("review", "alder", "--wrong", "--should-be", EVIL, "-m", EVIL),
    ("search", EVIL),
    ("extract", EVIL),
    ("extract", EVIL, "--format", "json"),
    ("diff", EVIL, f"https://{EVIL}/"),
    ("preview", EVIL),
    ("run", EVIL),
    ("report", "--vendor", EVIL),
    ("report", "--output", f"/nowhere/{EVIL}"),
    ("add", f"gopher://{EVIL}"),
    ("backfill", "alder", "--dir", EVIL),
    ("backfill", EVIL, "--git", EVIL, "--path", EVIL),
    ("backfill", "--map", EVIL),
    (EVIL,),
    (f"--{EVIL}",),
    ("--config", EVIL, "run"),
)


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda given: f"{given[0]!a}")
def test_no_argument_steers_the_terminal_it_is_refused_on(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text(
        '[[pages]]\nid = "alder"\nurl = "alder.html"\n', encoding="utf-8"
    )
    assert Command(tmp_path, capsys)(*arguments)


@pytest.mark.parametrize(
    "config",
    [
        f'[[pages]]\nid = "a{WRITTEN}"\nurl = "x"\n',
        f'[[pages]]\nid = "a"\nurl = "gopher://{WRITTEN}"\n',
        f'[[rules]]\nseverity = "{WRITTEN}"\npage = "{WRITTEN}"\n',
        f'["{WRITTEN}"]\n"{WRITTEN}" = 1\n',
        f"[[pages]]\nid = {EVIL}\n",
        'id = "\\u001b[2J\\u202e"\n',
    ],
)
def test_no_config_steers_the_terminal_it_is_refused_on(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    assert "claimwatch: " in Command(tmp_path, capsys)("run")


ENCODINGS = ("cp1252", "cp437", "ascii", "latin-1", "utf-8")
NAMED = "Алдер ✓ 你好 \U0001f512 → “Zürich”"


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", ["json", "html", "csv", "markdown"])
def test_a_document_is_whole_or_shown_in_other_letters(
    encoding: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = io.TextIOWrapper(io.BytesIO(), encoding)
    monkeypatch.setattr(sys, "stdout", console)
    with printing.streams():
        printing.document(
            json.dumps([NAMED], ensure_ascii=False) if form == "json" else NAMED, form
        )
        screen.console().print(NAMED, "[red]")
    console.flush()
    shown = console.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    if form == "json":
        assert json.JSONDecoder().raw_decode(shown)[0] == [NAMED]
    elif form == "html":
        assert html.unescape(shown).startswith(NAMED)
    elif encoding == "ascii":
        assert shown.startswith('????? x ?? ? -> "Zurich"')
    assert shown.endswith("[red]\n")


def test_a_command_on_such_a_console_ends_well(tmp_path: Path) -> None:
    for name, edition in (("old.html", "2013"), ("new.html", "2022")):
        said = PAGE.format(evil="", edition=edition, service="Алдер")
        (tmp_path / name).write_text(said, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "diff", "old.html", "new.html"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "edition 2013 -> 2022" in done.stdout.decode("cp1252")
