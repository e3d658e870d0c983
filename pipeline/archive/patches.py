"""A page's later bodies ↔ `<page>/patches.zst`: zstd frames, each a patch of the body before it,
with rows in `patches.txt`.

    patch   body, base → frame, as `zstd --patch-from` writes it
    rows    which body is which frame

A live run and a backfill write patches at once, rather than whole bodies that something else would
fold later: a patch rests on bytes that are on the disk already, costs less time than packing a page
whole, and nothing is rewritten or removed after it. Both files are only appended to, the frame
first and, once it is on the disk, its row. A crash between the two leaves bytes that no row names;
one within a row leaves a line without an end, which is none.

A page's first body stays whole in `blobs/`, and every 128th after it. Of a run from one to the
next, numbered from 0, each 16th is a patch of the one 16 before it, all others are patches of the
one before: reading any of them takes 22 steps at most, and damage to one mostly reaches 15 others.

Knows no journal. A body is proved by its digest when it is read.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import files
from pipeline.archive import disk, rows
from pipeline.archive.rows import RESTORE, STRIDE, Row
from pipeline.errors import ArchiveError

EVERY = 128
"""How many a whole body and its patches are at most; `bench/storage.py` has what it costs."""
REMEMBERED = 1 << 22
"""Bytes of bodies that are kept at hand."""
NO_ROW = f"is no row of it; {RESTORE}"


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a page's patches, with the fix; and the bodies that are lost by it."""

    reason: str
    digests: tuple[str, ...] = ()


class Patches:
    """The patches of all pages below a folder.

    `whole` returns a body that stands in `blobs/`, `tell` hears of what is damaged.
    """

    def __init__(
        self, root: Path, whole: Callable[[str], bytes], tell: Callable[[str], None]
    ) -> None:
        self.root = root
        # Joined as text: as paths, that would take as long as unpacking a page.
        self._root = str(root)
        self._whole = whole
        self._tell = tell
        self._known: dict[str, bytes] = {}
        self._held = 0
        self._marks: rows.Marks | None = None
        self._elsewhere: dict[str, str] = {}
        self._waiting: dict[str, list[Row]] = {}

    def path(self, page_id: str, suffix: str = "zst") -> Path:
        """Return the file of a page's frames, or, with `txt`, of its rows."""
        return self.root / page_id / f"patches.{suffix}"

    # ------------------------------------------------------------------ writing

    def add(self, page_id: str, body: bytes, near: str | None, *, late: bool = False) -> bool:
        """Store a body as a patch, on the disk when this returns.

        False where it has to be stored whole instead.

        `near` is a body of the page that stands whole: where the page has no row yet, that is what
        is patched. Where it may be `late`, the patch is on the disk when `sync` returns, and can be
        read here before.
        """
        try:
            run = rows.run(self._index(page_id))
            begins = () if run or near is None else (Row(near),)
            run += [row.line().strip() for row in begins]
            if not 0 < len(run) < EVERY:
                return False
            base = self._unpacked(page_id, run[: rows.base(len(run)) + 1])
        except ArchiveError as error:
            self._tell(f"{error}; the next body of {page_id} is stored whole")
            return False
        if not self._patched(page_id, base, body, begins):
            return False
        if not late:
            self.sync()
        return True

    def _patched(self, page_id: str, base: bytes, body: bytes, begins: tuple[Row, ...]) -> bool:
        from pipeline.archive import patch

        if not patch.fits(base, body):
            return False
        frame, digest = patch.made(base, body), hashlib.sha256(body).hexdigest()
        row = Row(digest, self._append(page_id, frame), len(frame))
        self._waiting.setdefault(page_id, []).extend((*begins, row))
        if self._marks is not None:
            self._marks.add(digest)
        self._remember(digest, body)
        return True

    def begin(self, page_id: str, digest: str) -> None:
        """Let what follows in a page be patches of a body that was stored whole."""
        if page_id in self._waiting or self.path(page_id, "txt").exists():
            self._waiting.setdefault(page_id, []).append(Row(digest))
            self.sync()

    def sync(self) -> None:
        """Put all patches that were added late on the disk, and only then their rows."""
        while self._waiting:
            page_id, added = next(iter(self._waiting.items()))
            if any(row.length for row in added):
                disk.sync(self.path(page_id))
            rows.append(self.path(page_id, "txt"), added)
            del self._waiting[page_id]

    def _append(self, page_id: str, frame: bytes) -> int:
        """Add a frame, and return where it begins; it is still to be put on the disk."""
        path = self.path(page_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with files.named(path), open(path, "ab") as file:
            offset = file.seek(0, os.SEEK_END)
            file.write(frame)
        return offset

    # ------------------------------------------------------------------ reading

    def page(self, digest: str, near: str | None) -> str | None:
        """Return the page that has a body as a patch, `near` asked first; None where none has."""
        if near is not None and rows.has(self._index(near), digest):
            return near
        if self._marks is None:
            self._marks = rows.Marks(found for found, _ in self.all())
        if digest not in self._elsewhere and digest in self._marks:
            for page_id in (*self._waiting, *(path.parent.name for path in self._indexes())):
                if rows.has(self._index(page_id), digest):
                    self._elsewhere[digest] = page_id
                    break
        return self._elsewhere.get(digest)

    def body(self, digest: str, near: str | None) -> bytes | None:
        """Return a body that some page has as a patch, proved; None where none has.

        Raise ArchiveError, which names what is damaged.
        """
        index = self._index(near) if near is not None else b""
        if near is None or not rows.has(index, digest):
            if (near := self.page(digest, None)) is None:
                return None
            index = self._index(near)
        return self._unpacked(near, rows.run(index, digest))

    def _unpacked(self, page_id: str, run: list[bytes]) -> bytes:
        """Return the body of the last line of a run; each step is proved where that is wrong."""
        from pipeline.archive import patch

        way = tuple(self._row(page_id, line) for line in rows.way(run))
        near = next(
            (n for n, row in reversed(tuple(enumerate(way))) if row.digest in self._known), 0
        )
        try:
            known = self._known.get(way[near].digest)  # it may be an empty body
            body = self._whole(way[near].digest) if known is None else known
            for row, frame in zip(
                way[near + 1 :], self._frames(page_id, way[near + 1 :]), strict=True
            ):
                body = patch.applied(body, frame)
                self._remember(row.digest, body)
            if hashlib.sha256(body).hexdigest() == way[-1].digest:
                return body
        except ArchiveError:
            pass  # what it was is found below, where each step is proved
        self._known = {}
        for damage in self._wrong(page_id, tuple(self._row(page_id, line) for line in run)):
            if way[-1].digest in damage.digests:
                raise ArchiveError(damage.reason)
        raise ArchiveError(f"{self.path(page_id)}: was altered while it was read; run it again")

    def _remember(self, digest: str, body: bytes) -> None:
        """Keep a body to make others of: those beside it are mostly read next."""
        self._held += len(body)
        if self._held > REMEMBERED:
            self._known, self._held = {}, len(body)
        self._known[digest] = body

    def _frames(self, page_id: str, found: tuple[Row, ...]) -> Iterator[bytes]:
        """Yield the frames of rows, which stand behind each other in the file."""
        if not found:
            return
        start = found[0].offset
        try:
            with open(f"{self._root}/{page_id}/patches.zst", "rb") as file:
                file.seek(start)
                packed = file.read(found[-1].offset + found[-1].length - start)
        except OSError as error:
            raise ArchiveError(f"cannot be read ({error.strerror})") from error
        for row in found:
            yield packed[row.offset - start :][: row.length]

    # ------------------------------------------------------------------ proving

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield the digest of every patched body and the page that has it."""
        return ((row.digest, page_id) for page_id, row in self._rows("*") if row.length)

    def wholes(self, page_id: str = "*") -> set[str]:
        """Return the digests of the bodies that patches of a page begin from, or of all pages."""
        return {row.digest for _, row in self._rows(page_id) if not row.length}

    def _rows(self, page_id: str) -> Iterator[tuple[str, Row]]:
        for path in self._indexes(page_id):
            for row in rows.every(rows.read(path)):
                if row is not None:
                    yield path.parent.name, row

    def _indexes(self, page_id: str = "*") -> list[Path]:
        return sorted(self.root.glob(f"{page_id}/patches.txt"))

    def damage(self, page_id: str = "*") -> Iterator[Damage]:
        """Yield what is wrong with the patches of a page, or of all; each body is read once."""
        for path in self._indexes(page_id):
            run: list[Row] = []
            for number, row in enumerate(rows.every(rows.read(path)), 1):
                if row is None:
                    yield Damage(f"{path}: line {number}: {NO_ROW}")
                elif row.length:
                    run.append(row)
                else:
                    yield from self._wrong(path.parent.name, tuple(run))
                    run = [row]
            yield from self._wrong(path.parent.name, tuple(run))

    def _wrong(self, page_id: str, run: tuple[Row, ...]) -> Iterator[Damage]:
        """Yield each damaged row of a run, with all bodies that cannot be read for it."""
        if len(run) < 2:
            return
        try:
            level = body = self._whole(run[0].digest)
        except ArchiveError as error:
            yield Damage(str(error), _digests(run[1:]))
            return
        lost = 0
        for number, row in enumerate(run[1:], 1):
            stride = number % STRIDE == 0
            if number < lost:
                continue
            try:
                body = self._made(page_id, level if stride else body, row)
                level = body if stride else level
            except ArchiveError as error:
                lost = len(run) if stride else number - number % STRIDE + STRIDE
                yield Damage(str(error), _digests(run[number:lost]))

    def _made(self, page_id: str, base: bytes, row: Row) -> bytes:
        """Return the body that a row's patch makes of its base, proved."""
        from pipeline.archive import patch

        why = "does not make the body with the digest of that line"
        try:
            [frame] = self._frames(page_id, (row,))
            body = patch.applied(base, frame)
            if hashlib.sha256(body).hexdigest() == row.digest:
                return body
        except ArchiveError as error:
            why = str(error)
        line = self._line(page_id, row.line())
        raise ArchiveError(
            f"{self.path(page_id)}: the patch of patches.txt: line {line} {why}; {RESTORE}"
        )

    def _row(self, page_id: str, line: bytes) -> Row:
        if (row := rows.parsed(line)) is not None:
            return row
        number = self._line(page_id, line)
        raise ArchiveError(f"{self.path(page_id, 'txt')}: line {number}: {NO_ROW}")

    def _line(self, page_id: str, line: bytes) -> int:
        """Return the number of a line."""
        return self._index(page_id).partition(line)[0].count(b"\n") + 1

    def _index(self, page_id: str) -> bytes:
        waiting = self._waiting.get(page_id, ())
        return rows.read(f"{self._root}/{page_id}/patches.txt") + b"".join(
            row.line() for row in waiting
        )


def _digests(run: tuple[Row, ...]) -> tuple[str, ...]:
    return tuple(row.digest for row in run)
