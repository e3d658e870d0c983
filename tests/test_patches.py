"""A page's later bodies are patches: small, proved, found on any page, readable with zstd alone;
damage is named with its reach.
"""

from __future__ import annotations

import gzip
import random
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.archive import Archive, entries
from pipeline.archive.patches import EVERY
from pipeline.archive.rows import STRIDE
from pipeline.errors import ArchiveError
from pipeline.model import Look, Page, Snapshot

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
README = Path(__file__).parent.parent / "snapshots" / "README.md"
DICE = random.Random(7)
LINES = [f"<p>{DICE.getrandbits(160):x} holds ISO/IEC 27001.</p>" for _ in range(150)]


def bodies(number: int, page: str = "desk") -> list[bytes]:
    """Return the states of a page of which one line changes from each to the next."""
    found, lines = [], [f"<h1>{page}</h1>", *LINES]
    for day in range(number):
        lines[day % len(LINES) + 1] = f"<p>{page}, line of day {day}</p>"
        found.append("\n".join(lines).encode())
    return found


def keep(archive: Archive, states: list[bytes], page: str = "desk", start: int = 0) -> list[str]:
    """Keep a look at each state, an hour apart, and return their digests."""
    near = None
    for hour, body in enumerate(states, start):
        at = NOW + timedelta(hours=hour)
        shown = Page(page, f"https://example.org/{page}")
        shot = Snapshot(shown, at, at, "live", shown.url, "text/html", body, 200)
        near = archive.keep(entries.of(Look(shown, at, shot)), body, near=near).facts["digest"]
    return [sha256(body).hexdigest() for body in states]


def as_before(root: Path, pages: dict[str, list[bytes]]) -> Archive:
    """Return an archive as an earlier version left it: every body whole."""
    archive = Archive(root)
    for page, states in pages.items():
        for body in states:
            archive.store(body)
        keep(archive, states, page)
    assert not list(root.glob("*/patches.*"))
    return archive


def whole(root: Path) -> list[Path]:
    return sorted((root / "blobs").rglob("*.gz"))


def size(root: Path) -> int:
    paths = [*whole(root), *root.glob("*/patches.*")]
    return sum(path.stat().st_size for path in paths)


def test_each_body_comes_back_and_every_128th_is_whole(tmp_path: Path) -> None:
    states = bodies(2 * EVERY + 3)
    digests = keep(Archive(tmp_path), states)
    assert [path.stem for path in whole(tmp_path)] == sorted(digests[::EVERY])
    archive = Archive(tmp_path)
    order = DICE.sample(range(len(states)), len(states))
    assert all(archive.body(digests[n], "desk") == states[n] for n in order)
    assert all(Archive(tmp_path).body(digests[n]) == states[n] for n in order[:9])
    proof = archive.verify()
    assert (proof.bodies, proof.problems, proof.unnamed) == (len(states), (), ())


def test_a_small_change_takes_a_few_hundred_bytes(tmp_path: Path) -> None:
    states = bodies(EVERY)
    keep(Archive(tmp_path), states)
    assert size(tmp_path) - len(gzip.compress(states[0])) < 300 * (EVERY - 1)


def test_a_page_that_never_changed_has_its_one_body_and_no_patches(tmp_path: Path) -> None:
    keep(Archive(tmp_path), bodies(1) * 3)
    assert len(whole(tmp_path)) == 1
    assert not list(tmp_path.glob("*/patches.*"))


def test_a_body_that_was_seen_before_is_stored_once_on_whichever_page(tmp_path: Path) -> None:
    states = bodies(6)
    digests = keep(Archive(tmp_path), states)
    before = size(tmp_path)
    archive = Archive(tmp_path)
    keep(archive, [states[3], states[0], states[5]], "other")
    keep(archive, [states[1], states[2]], start=9)
    assert size(tmp_path) == before
    assert [shot.body for shot in archive.captures("other")] == [states[3], states[0], states[5]]
    assert archive.body(digests[3], "other") == states[3]
    assert archive.verify().problems == ()


def test_a_page_of_an_earlier_version_goes_on_from_its_last_whole_body(tmp_path: Path) -> None:
    states = bodies(4)
    digests = [sha256(body).hexdigest() for body in states]
    as_before(tmp_path, {"desk": states[:3]})
    archive = Archive(tmp_path)
    archive.store(states[3], "desk", digests[2])
    assert archive.body(digests[3]) == states[3]
    assert len(whole(tmp_path)) == 3


def test_an_empty_body_comes_back_as_often_as_it_is_asked_for(tmp_path: Path) -> None:
    states = [*bodies(2), b"", *bodies(4)[2:]]
    digests = keep(Archive(tmp_path), states)
    archive = Archive(tmp_path)
    for _ in range(2):
        assert [archive.body(digest, "desk") for digest in digests] == states


@pytest.mark.parametrize("near", [b"", b"short", None])
def test_what_cannot_be_patched_is_whole(tmp_path: Path, near: bytes | None) -> None:
    archive = Archive(tmp_path)
    known = archive.store(near, "desk") if near is not None else "0" * 64
    digest = archive.store(b"a body that comes after it", "desk", known)
    assert archive.body(digest) == b"a body that comes after it"
    assert not list(tmp_path.glob("*/patches.*"))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=12))
def test_any_bodies_come_back(
    tmp_path_factory: pytest.TempPathFactory, states: list[bytes]
) -> None:
    root = tmp_path_factory.mktemp("any")
    digests = keep(Archive(root), states)
    assert [Archive(root).body(digest, "desk") for digest in digests] == states
    assert Archive(root).verify().problems == ()


# --------------------------------------------------------------------------- without us


@pytest.mark.skipif(not shutil.which("zstd"), reason="the zstd tool is not installed")
def test_the_readme_reads_a_body_with_zstd_alone(tmp_path: Path) -> None:
    states = bodies(EVERY + 2)
    digests = keep(Archive(tmp_path), states)
    shown = re.search(r"^    page=.*?^    sha256sum body[^\n]*", README.read_text(), re.M | re.S)
    assert shown
    for number in (1, 7, STRIDE, 3 * STRIDE - 1, EVERY - 1, EVERY + 1):
        script = shown[0].replace("<page>", "desk").replace("<sha256>", digests[number])
        done = subprocess.run(
            ("sh", "-ec", script), cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert done.stdout.split()[:1] == [digests[number]], done.stderr
        assert (tmp_path / "body").read_bytes() == states[number]


# --------------------------------------------------------------------------- damage


def test_a_damaged_patch_is_named_with_every_capture_that_rests_on_it(tmp_path: Path) -> None:
    states = bodies(EVERY + 4)
    digests = keep(Archive(tmp_path), states)
    row = (tmp_path / "desk" / "patches.txt").read_text().splitlines()[20]
    digest, offset, length = row.split()
    assert digest == digests[20]
    path = tmp_path / "desk" / "patches.zst"
    raw = bytearray(path.read_bytes())
    raw[int(offset) + int(length) // 2] ^= 8
    path.write_bytes(raw)
    [problem] = Archive(tmp_path).verify().problems
    assert problem.startswith(f"{path}: the patch of patches.txt: line 21 ")
    assert "restore patches.zst and patches.txt from a backup" in problem
    lost = [found for found in digests if found[:16] in problem]
    assert lost == digests[20 : 2 * STRIDE], "the ones before and the next strides are well"
    assert all(f"journal.jsonl: line {n})" in problem for n in range(21, 2 * STRIDE + 1))
    for n in (0, 19, 2 * STRIDE, EVERY - 1, EVERY, EVERY + 3):
        assert Archive(tmp_path).body(digests[n]) == states[n]
    with pytest.raises(ArchiveError, match=r"patches\.zst: the patch of patches\.txt: line 21"):
        Archive(tmp_path).body(digests[25])


def test_a_damaged_stride_takes_all_after_it_with_it(tmp_path: Path) -> None:
    digests = keep(Archive(tmp_path), bodies(2 * STRIDE + 4))
    path = tmp_path / "desk" / "patches.txt"
    rows = path.read_text().splitlines()
    rows[STRIDE] = f"{rows[STRIDE].rsplit(' ', 1)[0]} 3"
    path.write_text("\n".join(rows) + "\n")
    [problem] = Archive(tmp_path).verify().problems
    assert f"line {STRIDE + 1} " in problem
    assert [one for one in digests if one[:16] in problem] == digests[STRIDE:]


def test_a_damaged_whole_body_is_named_with_what_is_patched_from_it(tmp_path: Path) -> None:
    digests = keep(Archive(tmp_path), bodies(4))
    [path] = whole(tmp_path)
    path.unlink()
    first, *_ = Archive(tmp_path).verify().problems
    assert first.startswith(f"{path}: is missing; restore it from a backup; 3 bodies rest on it")
    assert all(digest[:16] in first for digest in digests[1:])


def test_what_comes_after_damage_is_stored_whole_and_told(tmp_path: Path) -> None:
    states = bodies(5)
    keep(Archive(tmp_path), states[:4])
    (tmp_path / "desk" / "patches.zst").write_bytes(b"")
    told: list[str] = []
    archive = Archive(tmp_path, told.append)
    digest = archive.store(states[4], "desk")
    assert archive.body(digest) == states[4]
    assert "the next body of desk is stored whole" in told[0]
    later = archive.store(states[4] + b"more", "desk")
    assert Archive(tmp_path).body(later) == states[4] + b"more"


@pytest.mark.parametrize("name", ["patches.zst", "patches.txt"])
def test_files_that_are_missing_are_found(tmp_path: Path, name: str) -> None:
    keep(Archive(tmp_path), bodies(4))
    (tmp_path / "desk" / name).unlink()
    problems = Archive(tmp_path).verify().problems
    assert problems
    assert all("from a backup" in problem for problem in problems)


@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=0), st.sampled_from(["patches.zst", "patches.txt"]))
def test_a_flipped_bit_is_found_or_alters_no_body(
    tmp_path_factory: pytest.TempPathFactory, position: int, name: str
) -> None:
    root = tmp_path_factory.mktemp("flipped")
    states = bodies(5)
    digests = keep(Archive(root), states)
    path = root / "desk" / name
    raw = bytearray(path.read_bytes())
    raw[position % len(raw)] ^= 1 << position % 8
    path.write_bytes(raw)
    archive = Archive(root)
    assert archive.verify().problems or [archive.body(one) for one in digests] == states


def test_a_row_that_a_crash_tore_is_no_row_and_the_next_takes_its_place(tmp_path: Path) -> None:
    states = bodies(5)
    digests = keep(Archive(tmp_path), states[:3])
    with (tmp_path / "desk" / "patches.txt").open("ab") as file:
        file.write(b"0123abc")
    with (tmp_path / "desk" / "patches.zst").open("ab") as file:
        file.write(b"\x28\xb5\x2f")
    assert Archive(tmp_path).verify().problems == ()
    digests += keep(Archive(tmp_path), states[3:], start=3)
    assert [Archive(tmp_path).body(digest) for digest in digests] == states
    assert Archive(tmp_path).verify().problems == ()
