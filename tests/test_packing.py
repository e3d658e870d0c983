"""`pack`: an earlier version's whole bodies become patches; killed at any write,
each body is there whole, as a patch, or both.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_patches import NOW, as_before, bodies, size, whole

from pipeline import config, history, standards, track
from pipeline.archive import Archive
from pipeline.archive.patches import EVERY
from pipeline.cli import command
from pipeline.cli.options import Settings


class Killed(BaseException):
    """The machine stopped."""


@contextmanager
def power_cut(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[list[str]]:
    """Die at the `at`-th time that something is put on the disk or removed.

    What was not on it yet is there in part.
    """
    done: list[str] = []
    dice = random.Random(at)
    synced: dict[int, int] = {}
    real = {"fsync": os.fsync, "unlink": os.unlink, "replace": os.replace}

    def step(what: str) -> None:
        done.append(what)
        if len(done) == at:
            raise Killed(what)

    def fsync(handle: int) -> None:
        found = os.fstat(handle)
        try:
            step("fsync")
        except Killed:
            if os.path.isfile(path := f"/proc/self/fd/{handle}"):
                before = synced.get(found.st_ino, 0)
                os.truncate(path, dice.randint(min(before, found.st_size), found.st_size))
            raise
        synced[found.st_ino] = found.st_size
        real["fsync"](handle)

    def called(name: str) -> object:
        def call(*arguments: object, **named: object) -> None:
            step(name)
            real[name](*arguments, **named)  # type: ignore[arg-type]

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        for name in ("unlink", "replace"):
            patch.setattr(os, name, called(name))
        yield done


STATES = {"desk": bodies(6), "relay": [*bodies(4, "relay"), bodies(6)[2]], "once": bodies(1, "o")}


def every() -> set[bytes]:
    return {body for states in STATES.values() for body in states}


def stands(root: Path) -> None:
    """Assert that the record has every body, exact, and that nothing in it is wrong."""
    archive = Archive(root)
    proof = archive.verify()
    assert proof.problems == ()
    assert proof.bodies == len(every())
    for page, states in STATES.items():
        assert [shot.body for shot in archive.captures(page)] == states


def test_packing_saves_most_of_the_room_and_says_how_much(tmp_path: Path) -> None:
    states = bodies(2 * EVERY)
    archive = as_before(tmp_path, {"desk": states})
    before = size(tmp_path)
    packed = Archive(tmp_path).pack()
    assert (packed.bodies, packed.problems) == (2 * EVERY - 2, ())
    assert before - size(tmp_path) == packed.before - packed.after
    assert size(tmp_path) < before / 5
    assert len(whole(tmp_path)) == 2
    assert [shot.body for shot in archive.captures("desk")] == states
    assert Archive(tmp_path).pack().bodies == 0


def test_every_body_of_every_page_is_as_it_was_and_shared_ones_are_once(tmp_path: Path) -> None:
    as_before(tmp_path, STATES)
    packed = Archive(tmp_path).pack()
    stands(tmp_path)
    assert packed.bodies == 8
    rows = [row for path in tmp_path.glob("*/patches.txt") for row in path.read_text().split("\n")]
    assert len({row[:64] for row in rows if row}) == len([row for row in rows if row])


def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    as_before(tmp_path / "steps", STATES)
    with power_cut(monkeypatch, at=-1) as done:
        Archive(tmp_path / "steps").pack()
    assert {"fsync", "unlink"} <= set(done)
    return len(done)


def test_killed_at_any_write_it_has_each_body_and_goes_on_when_called_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(1, steps(tmp_path, monkeypatch) + 1):
        root = tmp_path / str(at)
        as_before(root, STATES)
        with power_cut(monkeypatch, at), pytest.raises(Killed):
            Archive(root).pack()
        stands(root)
        Archive(root).pack()
        stands(root)
        assert len(whole(root)) == 3


@pytest.mark.parametrize("together", [1, 3])
def test_a_store_that_is_killed_at_any_write_has_all_that_it_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    states = bodies(7)
    for at in range(1, 99):
        archive, kept = Archive(tmp_path / str(at)), list[str]()
        with power_cut(monkeypatch, at) as done:
            try:
                for start in range(0, len(states), together):
                    kept += stored(archive, states[start : start + together], kept[:1])
            except Killed:
                pass
        again = Archive(tmp_path / str(at))
        assert [again.body(digest) for digest in kept] == states[: len(kept)]
        assert again.verify().problems == ()
        kept += stored(again, states[len(kept) :], kept[:1])
        assert [Archive(tmp_path / str(at)).body(digest) for digest in kept] == states
        assert Archive(tmp_path / str(at)).verify().problems == ()
        if len(done) < at:
            return
    raise AssertionError("it never came to its end")


def stored(archive: Archive, states: list[bytes], first: list[str]) -> list[str]:
    """Store bodies together and acknowledge them all: return their digests."""
    near, found = next(iter(first), None), list[str]()
    for body in states:
        found.append(archive.store(body, "desk", near or next(iter(found), None), late=True))
        assert archive.body(found[-1], "desk") == body
    archive.sync()
    return found


def test_a_body_that_is_damaged_stays_and_is_named(tmp_path: Path) -> None:
    archive = as_before(tmp_path, {"desk": bodies(5)})
    keys = [entry.digest for entry, _ in archive.looks("desk")]
    path = archive.blob(keys[2] or "")
    path.write_bytes(path.read_bytes()[:-4])
    packed = Archive(tmp_path).pack()
    assert packed.bodies == 3
    assert [str(path) in problem for problem in packed.problems] == [True]
    assert path.exists()


def test_patches_that_turn_out_damaged_remove_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_before(tmp_path, {"desk": bodies(5)})
    archive = Archive(tmp_path)
    append = archive.patches._append

    def spoilt(page_id: str, frame: bytes) -> int:
        return append(page_id, frame[:-5] + b"\0\0\0\0\0")

    monkeypatch.setattr(archive.patches, "_append", spoilt)
    packed = archive.pack()
    assert packed.bodies == 0
    assert "the patch of patches.txt: line 2" in packed.problems[0]
    assert len(whole(tmp_path)) == 5


def test_the_command_packs_and_the_database_is_made_again_from_what_is_left(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n'
    )
    as_before(tmp_path / "snapshots", {"desk": bodies(4)})
    path = tmp_path / "config.toml"
    done = CliRunner().invoke(
        command.claimwatch,
        ["--config", str(path), "pack"],
        obj=Settings(),
        standalone_mode=False,
    )
    assert "3 bodies packed: " in done.output, done.exception
    assert track.rebuild(config.load(path), standards.load(), now=lambda: NOW) == 1
    assert track.verify(config.load(path)).problems == ()
    with track.open(config.load(path)) as store:
        assert len(history.seen(store.db, "desk")) == 4
