"""The command on one config, as tests of several files call it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import cli


class Command:
    """The command on the config of a folder; `err` is what it last wrote beside its output."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.err = ""

    def __call__(self, *arguments: str, status: int = 0) -> str:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(self.folder / "config.toml"), *arguments])
        streams = self._capsys.readouterr()
        self.err = streams.err
        assert int(left.value.code or 0) == status, streams.err
        return streams.out
