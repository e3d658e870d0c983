"""`run` leaves a second look to the next run; `run --wait` stays for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from test_track import A, B

from pipeline import cli
from pipeline.cli import watching

START = datetime(2026, 3, 2, 6, tzinfo=UTC)


class Cron:
    """A config that cron runs, by a clock that stands still but where the run sleeps."""

    def __init__(self, folder: Path, server: HTTPServer) -> None:
        server.expect_request("/hook").respond_with_data("ok")
        self.folder, self.server, self.now = folder, server, START
        self.slept: list[float] = []
        self.meanwhile = B
        (folder / "config.toml").write_text(
            '[fetch]\nallow = ["127.0.0.1", "localhost"]\n'
            '[[pages]]\nid = "desk"\nurl = "desk.md"\nconfirm = true\n'
            '[[pages]]\nid = "other"\nurl = "other.md"\n'
            f'[[alerts]]\nto = "{server.url_for("/hook")}"\nname = "grc"\n',
            encoding="utf-8",
        )
        (folder / "other.md").write_text(A, encoding="utf-8")

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
        (self.folder / "desk.md").write_text(self.meanwhile, encoding="utf-8")

    def run(self, text: str, *more: str) -> int:
        (self.folder / "desk.md").write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(self.folder / "config.toml"), "run", *more])
        self.now += timedelta(days=1)
        return int(left.value.code or 0)

    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(asked.get_data()) for asked, _ in self.server.log]


@pytest.fixture
def cron(tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Cron:
    made = Cron(tmp_path, httpserver)
    monkeypatch.setattr(watching, "_now", lambda: made.now)
    monkeypatch.setattr(watching, "_sleep", made.sleep)
    return made


def test_a_run_leaves_the_second_look_to_the_next_one(cron: Cron) -> None:
    assert [cron.run(A), cron.run(B)] == [0, 0]
    assert (cron.slept, cron.sent()) == ([], [])
    cron.run(B)
    assert [len(one["changes"]) for one in cron.sent()] == [1]


def test_a_run_that_waits_sends_what_the_second_look_confirms(
    cron: Cron, capsys: pytest.CaptureFixture[str]
) -> None:
    cron.run(A)
    assert cron.run(B, "--wait", "--exit-code") == 1
    assert cron.slept == [15 * 60]
    assert "a second look at desk follows at 3 March 2026 06:15 UTC" in capsys.readouterr().err
    assert [len(one["changes"]) for one in cron.sent()] == [1]
    # Once is enough, and what nobody waits for costs no time.
    cron.run(B, "--wait")
    assert cron.slept == [15 * 60]


def test_what_the_second_look_takes_back_is_sent_to_nobody(cron: Cron) -> None:
    cron.run(A)
    cron.meanwhile = A
    cron.run(B, "--wait")
    assert (cron.slept, cron.sent()) == ([15 * 60], [])


def test_json_is_of_one_run(cron: Cron) -> None:
    assert cron.run(A, "--wait", "--format", "json") == 2
