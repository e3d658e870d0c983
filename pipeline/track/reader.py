"""Snapshot → Reading, and the stamp that names who read it: our code, the catalogue,
the page's own rules.

Reads our own source once to know it; reads no page but what it is given.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from pipeline.model import Cause, Page, Reading, Snapshot
from pipeline.standards import Catalogue
from pipeline.track import keeping
from pipeline.track.keeping import Kept

READERS = (
    *("words.py", "visible.py", "markup.py", "charset.py", "targets.py"),
    *("model", "parse", "lexicon", "extract", "health", "standards"),
)
"""What decides a reading; `health` too, for it decides which captures are read at all."""
EXTRAS = ("docutils", "pypdfium2")
"""Libraries that read some pages, where they are installed."""
LIBRARIES = (
    *("beautifulsoup4", "lxml", "markdown-it-py", "mdit-py-plugins", "pyyaml", "sentencex"),
    *("soupsieve", "w3lib"),
)


@cache
def code() -> str:
    """Return the digest of all code and data of ours that decides a reading,
    and of the libraries' versions.
    """
    root = Path(__file__).parent.parent
    files = sorted(
        path
        for name in READERS
        for path in ((root / name).rglob("*") if (root / name).is_dir() else (root / name,))
    )
    digest = hashlib.sha256()
    for path in files:
        if path.suffix in (".py", ".toml", ".weights"):
            digest.update(
                f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0"
            )
    for library in (*LIBRARIES, *(extra for extra in EXTRAS if find_spec(extra))):
        digest.update(f"{library} {metadata.version(library)}\0".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader in force: a catalogue, and our code under its digest."""

    catalogue: Catalogue
    code: str

    def stamp(self, page: Page) -> str:
        """Return the stamp of a page's readings: our code's digest,
        and that of what the config adds to it.
        """
        rules = hashlib.sha256(f"{self.catalogue.stamp}\n{page.rules}".encode()).hexdigest()
        return f"{self.code[:12]}-{rules[:12]}"

    def reading(self, snapshot: Snapshot, before: Reading | None = None) -> Reading:
        """Return what a capture says; raise ParseError where it is no text that we can read.

        What this reader found in the capture `before` spares work, and changes nothing.
        """
        if before is not None:
            from pipeline import extract

            extract.recall(before)
        return _read(self, snapshot)

    def unpacked(self, kept: bytes, snapshot: Snapshot) -> Kept | None:
        """Return what was kept of a capture, None where that is nothing,
        or of no use to this reader.
        """
        return keeping.unpacked(kept, self.stamp(snapshot.page), snapshot) if kept else None

    def packed(self, snapshot: Snapshot) -> bytes:
        """Return what is kept of a capture: its reading, and its language."""
        from pipeline import health

        found = Kept(self.reading(snapshot), health.language_of(snapshot) or "")
        return keeping.packed(found, snapshot)


@lru_cache(maxsize=2)
def _read(reader: Reader, snapshot: Snapshot) -> Reading:
    from pipeline import extract, parse

    # Captures of one page are read in their order: each is what the next one is compared with.
    found = extract.reading(parse.document(snapshot), reader.catalogue, snapshot.page)
    return replace(found, stamp=reader.stamp(snapshot.page))


def cause(before: str, after: str) -> Cause:
    """Say why two stamps differ: our code (with its catalogue), else what the config says."""
    return "config" if before.split("-")[0] == after.split("-")[0] else "reader"
