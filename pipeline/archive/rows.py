"""Rows ↔ `<page>/patches.txt`: which bodies a page has as patches, and where each stands in `patches.zst`.

    <sha256> whole                a body in `blobs/`, which the rows below it are patched from, one from the other
    <sha256> <offset> <length>    a frame in `patches.zst`, patched from the body of the row above

Adds rows and reads them; knows nothing of what the frames hold.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline import files
from pipeline.archive import disk

RESTORE = "restore patches.zst and patches.txt from a backup"
_WHOLE = b" whole\n"


class Row(NamedTuple):
    """One body of a page, in the order they were stored. A `length` of 0 says that it stands whole in `blobs/`."""

    digest: str
    offset: int = 0
    length: int = 0

    def line(self) -> bytes:
        """Return the row as it stands in the file."""
        place = f"{self.offset} {self.length}" if self.length else "whole"
        return f"{self.digest} {place}\n".encode()


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
    """Return the lines from a whole body on to that of a body, or to the last one; none where there are none."""
    at = _row_at(data, digest) if digest else data.rfind(b"\n", 0, -1) + 1
    if at is None or not data:
        return []
    end = data.index(b"\n", at)
    whole = data.rfind(_WHOLE, 0, end + 1)
    start = data.rfind(b"\n", 0, max(whole, 0)) + 1
    return data[start:end].split(b"\n")


def _row_at(data: bytes, digest: str) -> int | None:
    """Return where the row of a body begins that says where its patch stands, or else the one that calls it whole."""
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
