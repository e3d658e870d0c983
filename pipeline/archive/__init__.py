"""Look ↔ `snapshots/`: exact bodies under their SHA-256, and journals of facts,
each line chained to the one before.

    blobs/ab/<sha256>.gz      an exact body, written once
    <page>/patches.zst, .txt  a page's later bodies, each as what makes it of the one before
    <page>/journal.jsonl      one line a look: when, where, what came back,
                              and what we made of it then
    journal.jsonl             what belongs to no page: readers, reviews, deliveries,
                              runs, re-readings, old ids

The only writer below that folder, and it only adds. It judges nothing, and knows no database:
whatever is derived is made again from here. No cookie and no credential is ever written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.archive import disk, journal, proof, whole
from pipeline.archive import entry as entries
from pipeline.archive.entry import Entry
from pipeline.archive.journal import Line
from pipeline.archive.patches import Patches
from pipeline.archive.proof import Head, Proof, Visit, unseen
from pipeline.errors import ArchiveError
from pipeline.model import Snapshot

if TYPE_CHECKING:
    from pipeline.archive.packing import Packed

__all__ = ["Archive", "Entry", "Head", "Line", "Proof", "entries"]

_SLUG = re.compile(r"[A-Za-z0-9]+(?:[-._]+[A-Za-z0-9]+)*")


class Archive:
    """The folder of captures and journals. `tell` hears of what had to be repaired."""

    def __init__(self, root: Path | str, tell: Callable[[str], None] = lambda text: None) -> None:
        self.root = Path(root)
        self._root = str(self.root)
        self.tell = tell
        self.patches = Patches(self.root, lambda digest: whole.read(self._root, digest), tell)
        self._late = disk.Late()

    # ------------------------------------------------------------------ writing

    def keep(
        self,
        entry: Entry,
        body: bytes | None = None,
        screenshot: bytes | None = None,
        near: str | None = None,
        late: bool = False,
    ) -> Line:
        """Store a look, and its body and picture first; when this returns, all are on the disk.

        `near` is the digest of an earlier body of the page, if one is known: the body is likely to
        resemble it. Where it may be `late`, the line is on the disk when `sync` returns, and to be
        acknowledged only then.
        """
        if body is not None:
            self.store(body, entry.page.id, near)
        if screenshot is not None and entry.screenshot is not None:
            self.store(screenshot)
        facts = entries.facts(entry)
        return journal.append(
            self.path(entry.page.id), facts, self.tell, self._late if late else None
        )

    def note(self, what: str, facts: dict[str, Any]) -> Line:
        """Store a fact that belongs to no page: a `reader`, `review`, `delivery`, `run`, …"""
        line = journal.append(self.path(None), {"what": what, **facts}, self.tell)
        self._late.done(self.path(None))
        return line

    def note_late(self, what: str, facts: dict[str, Any]) -> Line:
        """Store such a fact; it is on the disk when `sync` returns."""
        return journal.append(self.path(None), {"what": what, **facts}, self.tell, self._late)

    def sync(self, *page_ids: str | None) -> None:
        """Put all that was stored late on the disk, and the journals of those pages,
        the top one for None.

        What a run that was killed had written late may be read from its journal
        before it is on the disk.
        """
        for page_id in page_ids:
            if (path := self.path(page_id)).exists():
                self._late.add(path, new=True)
        self.patches.sync()
        self._late.sync()

    def store(
        self,
        body: bytes,
        page_id: str | None = None,
        near: str | None = None,
        *,
        late: bool = False,
    ) -> str:
        """Store an exact body, if it is not stored yet, and return its SHA-256;
        a journal's line is to name it.

        Of a page, what comes after its first body is stored as a patch of the one before; see
        `keep` for `near`. Where it may be `late`, it is on the disk when `sync` returns, and no
        line is to name it before.
        """
        digest = hashlib.sha256(body).hexdigest()
        path = self.blob(digest)
        if path.exists() or self.patches.page(digest, page_id) is not None:
            return digest
        base = near if near is not None and self.blob(near).exists() else None
        if page_id is not None and self.patches.add(page_id, body, base, late=late):
            return digest
        whole.write(path, body)
        if page_id is not None:
            self.patches.begin(page_id, digest)
        return digest

    def pack(self) -> Packed:
        """Turn bodies that an earlier version stored whole into patches,
        and return what that saved.
        """
        from pipeline.archive import packing

        return packing.pack(self)

    # ------------------------------------------------------------------ reading

    def pages(self) -> tuple[str, ...]:
        """Return the ids of all pages that were ever looked at."""
        return tuple(sorted(path.parent.name for path in self.root.glob("*/journal.jsonl")))

    def looks(self, page_id: str, start: int = 0, chain: str = "") -> Iterator[tuple[Entry, Line]]:
        """Yield the looks at a page in the order they were recorded, from an offset on.

        `chain` is that of the line before it.
        """
        for line in journal.lines(self.path(page_id), start, chain):
            yield entries.from_facts(page_id, line.facts), line

    def notes(self, start: int = 0, chain: str = "") -> Iterator[Line]:
        """Yield the facts that belong to no page, in the order they were recorded."""
        return journal.lines(self.path(None), start, chain)

    def end(self, page_id: str | None) -> int:
        """Return the offset behind the last whole line of a page's journal, or of the top one."""
        return journal.end(self.path(page_id))

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
            body=self.body(entry.digest, entry.page.id),
            status=entry.status,
            headers=entry.headers,
            redirects=entry.redirects,
            revision=entry.revision,
        )

    def body(self, digest: str, page_id: str | None = None) -> bytes:
        """Return the exact body with that SHA-256, proved.

        It is found sooner where the page is named that has it.
        """
        try:
            return whole.read(self._root, digest)
        except whole.Missing as error:
            if (body := self.patches.body(digest, page_id)) is not None:
                return body
            if next(self.root.glob("*/patches.*"), None) is None:
                raise
            raise ArchiveError(f"{error}, or the patches.zst and patches.txt of its page") from None

    def verify(self, visit: Visit = unseen) -> Proof:
        """Prove every chain, and every body that a journal names.

        `visit` is shown every line that can be read.
        """
        return proof.prove(self, visit)

    def unmet(self) -> Iterator[str]:
        """Yield what is wrong with the ends of journals, by what the top one says of them.

        Reads no body.
        """
        return proof.unmet(self)

    # ------------------------------------------------------------------ what others copied

    def continues(self, page_id: str | None, end: int, chain: str) -> bool:
        """Say whether a journal has the line that somebody copied last:
        it ends at that offset, and has that SHA-256.
        """
        return end == 0 or journal.chain_at(self.path(page_id), end) == chain

    def last(self, page_id: str | None) -> tuple[int, str]:
        """Return where the last line of a journal ends, and its SHA-256;
        (0, "") where there is none, or it is torn.
        """
        return journal.last(self.path(page_id))

    def examined(self, page_id: str | None) -> Iterator[tuple[Line | None, str | None]]:
        """Yield every whole line of a journal with what is wrong with it.

        None where it cannot be read.
        """
        return journal.examined(self.path(page_id))

    def torn(self, page_id: str | None) -> int:
        """Return how many bytes stand behind the last whole line of a journal."""
        return journal.torn(self.path(page_id))

    def blobs(self) -> set[str]:
        """Return the digests of all bodies that are stored whole."""
        return whole.all(self.root)

    def place(self, digest: str) -> Path:
        """Return the file that has a body."""
        page = None if self.blob(digest).exists() else self.patches.page(digest, None)
        return self.patches.path(page) if page else self.blob(digest)

    def path(self, page_id: str | None) -> Path:
        """Return the file of a page's journal, or of the top one.

        Raise ArchiveError for an id that cannot name a folder.
        """
        if page_id is None:
            return self.root / "journal.jsonl"
        if (
            not _SLUG.fullmatch(page_id)
            or len(page_id) > 128
            or page_id.lower() in ("blobs", "journal.jsonl", "readme.md")
        ):
            raise ArchiveError(
                f'"{page_id}" cannot name a folder in {self.root}: '
                "use letters and digits, joined by - . or _"
            )
        return self.root / page_id / "journal.jsonl"

    def blob(self, digest: str) -> Path:
        """Return the file of a body that is stored whole; raise ArchiveError for no digest."""
        return Path(whole.place(self._root, digest))
