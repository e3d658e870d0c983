"""Facts ↔ a file of JSON lines, each with the SHA-256 of the line before it.

Adds lines and reads them; never rewrites one. Knows nothing of what the facts say.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pipeline import files
from pipeline.archive import disk
from pipeline.errors import ArchiveError

_LINE = 4096
"""Bytes in which a line of a journal fits, but for the longest."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a journal: its facts, the offset behind it, and its SHA-256,
    which the next line repeats.
    """

    facts: dict[str, Any]
    end: int
    chain: str


def append(
    path: Path, facts: dict[str, Any], tell: Callable[[str], None], late: disk.Late | None = None
) -> Line:
    """Add a line; when this returns, it is on the disk, or only written where it may be `late`."""
    new = not path.exists()
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
    with files.named(path), _locked(path, "ab+", fcntl.LOCK_EX) as file:
        _repair(path, file, tell)
        last = _last_line(file)
        facts = {**facts, "prev": _chain(last) if last else ""}
        raw = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
        file.write(raw + b"\n")
        file.flush()
        if late is None:
            os.fsync(file.fileno())
        end = file.tell()
    if late is not None:
        late.add(path, new=new)
    elif new:
        disk.sync_folder(path.parent)
    return Line(facts, end, _chain(raw))


def lines(path: Path, start: int = 0, chain: str = "") -> Iterator[Line]:
    """Yield the whole lines from an offset on, proving the chain.

    `chain` is the SHA-256 of the line before the offset.
    """
    if start and not path.exists():
        raise ArchiveError(f"{path}: is missing; restore it from a backup")
    for line, problem in examined(path, start, chain):
        if problem is not None:
            raise ArchiveError(problem)
        if line is not None:
            yield line


def examined(
    path: Path, start: int = 0, chain: str = ""
) -> Iterator[tuple[Line | None, str | None]]:
    """Yield every whole line with what is wrong with it, if anything is;
    a line that cannot be read is None.

    What stands behind the last line end is no line: the next one that is added sets it aside.
    """
    if not path.exists():
        return
    with _locked(path, "rb", fcntl.LOCK_SH) as file:
        file.seek(start)
        data = file.read()
    for raw in data[: data.rfind(b"\n") + 1].split(b"\n")[:-1]:
        facts, problem = _parsed(raw), None
        if facts is None:
            problem = f"{place(path, start)}: is not a JSON object; restore the file from a backup"
        elif facts.get("prev") != chain:
            problem = (
                f"{place(path, start)}: does not continue the line before: "
                "one of the two was edited "
                "or replaced, or lines between them were taken out; restore the file from a backup"
            )
        start += len(raw) + 1
        chain = _chain(raw)
        yield Line(facts, start, chain) if facts is not None else None, problem


def chain_at(path: Path, end: int) -> str | None:
    """Return the SHA-256 of the line that ends at an offset, None where none does.

    Reads that line alone.
    """
    if not path.exists():
        return None
    with _locked(path, "rb", fcntl.LOCK_SH) as file:
        if not 0 < end <= file.seek(0, os.SEEK_END):
            return None
        file.seek(end - 1)
        return _chain(_tail(file, end - 1)) if file.read(1) == b"\n" else None


def last(path: Path) -> tuple[int, str]:
    """Return the offset behind the last line and its SHA-256, as one look finds them;
    (0, "") where the file ends otherwise.
    """
    if not path.exists():
        return 0, ""
    with _locked(path, "rb", fcntl.LOCK_SH) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LINE))
        raw = file.read()
        if not raw.endswith(b"\n"):
            return 0, ""
        _, newline, line = raw[:-1].rpartition(b"\n")
        return size, _chain(line if newline or len(raw) == size else _tail(file, size - 1))


def end(path: Path) -> int:
    """Return the offset behind the last whole line."""
    return _ends(path)[0]


def torn(path: Path) -> int:
    """Return how many bytes stand behind the last whole line."""
    whole, size = _ends(path)
    return size - whole


def _ends(path: Path) -> tuple[int, int]:
    if not path.exists():
        return 0, 0
    with _locked(path, "rb", fcntl.LOCK_SH) as file:
        size = file.seek(0, os.SEEK_END)
        return size - len(_tail(file, size)), size


def _repair(path: Path, file: IO[bytes], tell: Callable[[str], None]) -> None:
    """Set aside a last line that a crash tore off: it was never acknowledged,
    but it is not thrown away either.
    """
    size = file.seek(0, os.SEEK_END)
    torn = _tail(file, size)
    if not torn:
        return
    aside = path.with_name(f"{path.name}.torn-{size}")
    aside.write_bytes(torn)
    file.truncate(size - len(torn))
    tell(f"{path}: the last line was torn by a crash; it is kept in {aside.name}")


def place(path: Path, offset: int) -> str:
    """Return the file and the number of the line that begins at an offset."""
    with open(path, "rb") as file:
        return f"{path}: line {file.read(offset).count(bytes([10])) + 1}"


def _parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        facts = json.loads(raw)
    except ValueError:
        return None
    return facts if isinstance(facts, dict) else None


def _chain(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@contextmanager
def _locked(path: Path, mode: str, kind: int) -> Iterator[IO[bytes]]:
    """Open a journal while no other process writes it: a review may be noted
    while a run is going on.
    """
    with open(path, mode) as file:
        fcntl.flock(file, kind)
        yield file


def _tail(file: IO[bytes], end: int) -> bytes:
    """Return what stands between the last newline before `end` and `end`, reading backwards."""
    tail, block = b"", _LINE
    while end:
        start, block = max(0, end - block), 65536
        file.seek(start)
        _, newline, rest = file.read(end - start).rpartition(b"\n")
        tail = rest + tail
        if newline:
            return tail
        end = start
    return tail


def _last_line(file: IO[bytes]) -> bytes:
    """Return the last line of a journal that ends with a newline, without it."""
    size = file.seek(0, os.SEEK_END)
    line = _tail(file, size - 1) if size else b""
    file.seek(0, os.SEEK_END)
    return line
