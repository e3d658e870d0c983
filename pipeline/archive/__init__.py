"""Look ↔ `snapshots/`: exact bodies under their SHA-256, and journals of facts, each line chained to the one before.

    blobs/ab/<sha256>.gz      an exact body, written once
    <page>/journal.jsonl      one line a look: when, where, what came back, and what we made of it then
    journal.jsonl             what belongs to no page: readers, reviews, deliveries, runs, re-readings, old ids

The only writer below that folder, and it only adds. It judges nothing, and knows no database: whatever is derived is made
again from here. No cookie and no credential is ever written.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import files
from pipeline.archive import entry as entries
from pipeline.archive import journal
from pipeline.archive.entry import Entry
from pipeline.archive.journal import Line
from pipeline.errors import ArchiveError
from pipeline.model import Snapshot

__all__ = ["Archive", "Entry", "Line", "Proof", "entries"]

_SLUG = re.compile(r"[A-Za-z0-9]+(?:[-._]+[A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Proof:
    """What `verify` found: how many looks and bodies it proved, and every problem, naming file and line."""

    looks: int
    bodies: int
    problems: tuple[str, ...]


class Archive:
    """The folder of captures and journals. `tell` hears of what had to be repaired."""

    def __init__(self, root: Path | str, tell: Callable[[str], None] = lambda text: None) -> None:
        self.root = Path(root)
        self.tell = tell

    # ------------------------------------------------------------------ writing

    def keep(
        self, entry: Entry, body: bytes | None = None, screenshot: bytes | None = None
    ) -> Line:
        """Store a look, and its body and picture first; when this returns, all are on the disk."""
        if body is not None:
            self.store(body)
        if screenshot is not None and entry.screenshot is not None:
            self.store(screenshot)
        return journal.append(self._journal(entry.page.id), entries.facts(entry), self.tell)

    def note(self, what: str, facts: dict[str, Any]) -> Line:
        """Store a fact that belongs to no page: a `reader`, `review`, `delivery`, `run`, …"""
        return journal.append(self._journal(None), {"what": what, **facts}, self.tell)

    def store(self, body: bytes) -> str:
        """Store an exact body and return its SHA-256; a journal's line is to name it."""
        digest = hashlib.sha256(body).hexdigest()
        path = self._blob(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        with files.named(path):
            _write(path, gzip.compress(body, mtime=0))
        journal.sync_folder(path.parent)
        return digest

    # ------------------------------------------------------------------ reading

    def pages(self) -> tuple[str, ...]:
        """Return the ids of all pages that were ever looked at."""
        return tuple(sorted(path.parent.name for path in self.root.glob("*/journal.jsonl")))

    def looks(self, page_id: str, start: int = 0, chain: str = "") -> Iterator[tuple[Entry, Line]]:
        """Yield the looks at a page in the order they were recorded, from an offset on; `chain` is that of the line before it."""
        for line in journal.lines(self._journal(page_id), start, chain):
            yield entries.from_facts(page_id, line.facts), line

    def notes(self, start: int = 0, chain: str = "") -> Iterator[Line]:
        """Yield the facts that belong to no page, in the order they were recorded."""
        return journal.lines(self._journal(None), start, chain)

    def end(self, page_id: str | None) -> int:
        """Return the offset behind the last whole line of a page's journal, or of the top one."""
        return journal.end(self._journal(page_id))

    def captures(self, page_id: str) -> Iterator[Snapshot]:
        """Yield the captures of a page, once each, in order of (captured_at, digest)."""
        shots = [
            found for found, _ in self.looks(page_id) if found.digest and not found.not_modified
        ]
        seen: set[tuple[datetime, str]] = set()
        for found in sorted(shots, key=lambda found: (found.captured_at, found.digest or "")):
            if (mark := (found.captured_at, found.digest or "")) not in seen:
                seen.add(mark)
                yield self.snapshot(found)

    def snapshot(self, entry: Entry) -> Snapshot:
        """Return the capture of a look that has a digest, with its body."""
        if entry.digest is None:
            raise ArchiveError(
                f"{entry.page.id}: the look at {entry.captured_at.isoformat()} has no body"
            )
        return Snapshot(
            page=entry.page,
            captured_at=entry.captured_at,
            recorded_at=entry.recorded_at,
            origin=entry.origin,
            url=entry.url,
            media_type=entry.media_type,
            body=self.body(entry.digest),
            status=entry.status,
            headers=entry.headers,
            redirects=entry.redirects,
            revision=entry.revision,
        )

    def body(self, digest: str) -> bytes:
        """Return the exact body with that SHA-256, proved."""
        path = self._blob(digest)
        try:
            body = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            raise ArchiveError(f"{path}: is missing; restore it from a backup") from None
        except (OSError, EOFError, zlib.error) as error:
            raise ArchiveError(
                f"{path}: cannot be unpacked ({error}); restore it from a backup"
            ) from error
        if hashlib.sha256(body).hexdigest() != digest:
            raise ArchiveError(
                f"{path}: its content does not have the digest of its name; restore it from a backup"
            )
        return body

    def verify(self) -> Proof:
        """Prove every chain and every body that a journal names; a problem ends that journal, not the proof."""
        problems: list[str] = []
        digests: dict[str, str] = {}
        looks = 0
        for page_id in (*self.pages(), None):
            path = self._journal(page_id)
            try:
                for line in journal.lines(path):
                    looks += page_id is not None
                    for digest in filter(
                        None, (line.facts.get("digest"), line.facts.get("screenshot"))
                    ):
                        digests.setdefault(digest, str(path))
            except ArchiveError as error:
                problems.append(str(error))
        problems += [
            f"{problem} (named in {digests[digest]})"
            for digest in digests
            if (problem := self._problem(digest))
        ]
        return Proof(looks, len(digests), tuple(problems))

    def _problem(self, digest: str) -> str | None:
        try:
            self.body(digest)
        except ArchiveError as error:
            return str(error)
        return None

    def _journal(self, page_id: str | None) -> Path:
        if page_id is None:
            return self.root / "journal.jsonl"
        if (
            not _SLUG.fullmatch(page_id)
            or len(page_id) > 128
            or page_id.lower() in ("blobs", "journal.jsonl", "readme.md")
        ):
            raise ArchiveError(
                f'"{page_id}" cannot name a folder in {self.root}: use letters and digits, joined by - . or _'
            )
        return self.root / page_id / "journal.jsonl"

    def _blob(self, digest: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise ArchiveError(f'"{digest}" is not a SHA-256')
        return self.root / "blobs" / digest[:2] / f"{digest}.gz"


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, on the disk when this returns; a full disk keeps no part of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as temp:
        try:
            temp.write(data)
            temp.flush()
            os.fsync(temp.fileno())
        except OSError:
            os.unlink(temp.name)
            raise
    os.chmod(temp.name, 0o644)
    os.replace(temp.name, path)
