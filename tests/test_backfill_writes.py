"""A backfill waits for the disk once for a hundred revisions: their patches,
the rows of these, then the lines of the looks.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import config, standards, track
from pipeline.model import Snapshot

START = datetime(2020, 1, 1, tzinfo=UTC)
LISTED = "\n".join(f"- Service {number}" for number in range(60))


def revisions(number: int, settings: config.Config) -> list[Snapshot]:
    [page] = settings.pages
    texts = (
        f"# Desk\n\nDesk {day} is certified to ISO 9001:2015.\n\n{LISTED}\n"
        for day in range(number)
    )
    return [
        Snapshot(page, at, at, "git", page.url, "text/markdown", text.encode())
        for day, text in enumerate(texts)
        for at in [START + timedelta(days=day)]
    ]


def waits(place: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> int:
    place.mkdir()
    (place / "config.toml").write_text('[[pages]]\nid = "desk"\nurl = "desk.md"\n')
    settings = config.load(place / "config.toml")
    waited: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        waited.append(handle)
        real(handle)

    with track.open(settings) as store, monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        shots = revisions(number, settings)
        done = track.backfill(store, settings.pages[0], shots, standards.load(), now=lambda: START)
    assert done == (number, 0)
    assert track.verify(settings).problems == ()
    return len(waited)


def test_it_does_not_wait_for_the_disk_at_each_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, more = (waits(tmp_path / str(number), number, monkeypatch) for number in (5, 45))
    assert more == few
