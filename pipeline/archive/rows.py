"""Rows ↔ `<page>/patches.txt`: which bodies a page has as patches,
and where each stands in `patches.zst`.

    <sha256> whole                a body in `blobs/`: a run begins,
                                  of bodies that are patched from it or from each other
    <sha256> <offset> <length>    a frame in `patches.zst`, a patch of an earlier body of the run

Adds rows and reads them; knows nothing of what the frames hold.
"""

from __future__ import annotations

import fcntl
import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline import files
from pipeline.archive import disk

RESTORE = "restore patches.zst and patches.txt from a backup"
STRIDE = 16
"""Each one of these many in a run is a patch of the one as many before it,
all others of the one before.
"""
_WHOLE = b" whole\n"


class Row(NamedTuple):
    """One body of a page, in the order they were stored.

    A `length` of 0 says that it stands whole in `blobs/`.
    """

    digest: str
    offset: int = 0
    length: int = 0

    def line(self) -> bytes:
        """Return the row as it stands in the file."""
        place = f"{self.offset} {self.length}" if self.length else "whole"
        return f"{self.digest} {place}\n".encode()


class Marks:
    """Bodies that some page has as patches, by eight bytes of each, for there may be millions:
    one that is in may not be one.
    """

    def __init__(self, digests: Iterable[str]) -> None:
        self._known = array("q", sorted(map(hash, digests)))
        self._added: set[int] = set()

    def add(self, digest: str) -> None:
        """Take one in."""
        self._added.add(hash(digest))

    def __contains__(self, digest: str) -> bool:
        mark = hash(digest)
        place = bisect_left(self._known, mark)
        return mark in self._added or self._known[place : place + 1] == array("q", (mark,))


def read(path: Path | str) -> bytes:
    """Return the whole rows of a file as they stand, none where there is no file."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return b""
    return data[: data.rfind(b"\n") + 1]


def parsed(line: bytes) -> Row | None:
    """Return the row that a line is; None where it is none."""
    digest, _, place = line.partition(b" ")
    offset, _, length = place.partition(b" ")
    if len(digest) != 64 or not digest.isalnum():
        return None
    if place == b"whole":
        return Row(digest.decode())
    if not (offset.isdigit() and length.isdigit()) or len(place) > 32 or not int(length):
        return None
    return Row(digest.decode(), int(offset), int(length))


def every(data: bytes) -> Iterator[Row | None]:
    """Yield the row of each line, None for what is no row."""
    return map(parsed, data.split(b"\n")[:-1])


def has(data: bytes, digest: str) -> bool:
    """Say whether a body has a row that says where its patch stands."""
    at = _row_at(data, digest)
    return at is not None and not data.startswith(_WHOLE, at + len(digest))


def run(data: bytes, digest: str | None = None) -> list[bytes]:
    """Return the lines from a whole body on to that of a body, or to the last one.

    None where there are none.
    """
    at = _row_at(data, digest) if digest else data.rfind(b"\n", 0, -1) + 1
    if at is None or not data:
        return []
    end = data.index(b"\n", at)
    whole = data.rfind(_WHOLE, 0, end + 1)
    start = data.rfind(b"\n", 0, max(whole, 0)) + 1
    return data[start:end].split(b"\n")


def base(number: int) -> int:
    """Return the number of the body in its run that a body is a patch of."""
    return number - (1 if number % STRIDE else STRIDE)


def way(run: list[bytes]) -> list[bytes]:
    """Return the lines that lead to the last one of a run, each a patch of the one before."""
    number = len(run) - 1
    far = number - number % STRIDE
    return run[: far + 1 : STRIDE] + run[far + 1 :]


def _row_at(data: bytes, digest: str) -> int | None:
    """Return where the row of a body begins that says where its patch stands,
    or else the one that calls it whole.
    """
    mark, at, whole = f"{digest} ".encode(), -1, None
    while (at := data.find(mark, at + 1)) >= 0:
        if data.startswith(_WHOLE, at + len(digest)):
            whole = at
        else:
            return at
    return whole


def append(path: Path, added: Iterable[Row]) -> None:
    """Add rows, on the disk when this returns."""
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with files.named(path), open(path, "ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        # What a crash left of a row names nothing: it was never acknowledged.
        file.truncate(file.read().rfind(b"\n") + 1)
        file.write(b"".join(row.line() for row in added))
        file.flush()
        os.fsync(file.fileno())
    if new:
        disk.sync_folder(path.parent)
