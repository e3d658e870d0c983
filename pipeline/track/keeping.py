"""Reading ↔ bytes: what was read last of a page is kept,
so that its old capture need not be read again when it changes.

Derived, and never trusted: what another reader made, or made of another capture, what another
Python wrote and what is damaged is as if it were not there. Bytes can name no class but those of
`pipeline.model`, so that none can do anything.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import pickle
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from pipeline import model
from pipeline.model import Block, Cell, Claim, Document, Link, Reading, Remark, Snapshot, Source

_SIZE = hashlib.sha256().digest_size
_PYTHON = sys.version_info[:3]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found in the last good capture: its reading, and its language,
    "" where none shows.
    """

    reading: Reading
    language: str


def packed(kept: Kept, snapshot: Snapshot) -> bytes:
    """Return what was found in a capture as bytes: by whom and in what,
    the digest of the rest, then itself.
    """
    written = io.BytesIO()
    pickler = pickle.Pickler(written, 5)
    pickler.dispatch_table = _WRITERS
    pickler.dump((kept.reading, kept.language))
    data = zlib.compress(written.getbuffer(), 1)
    return _mark(kept.reading.stamp, snapshot) + hashlib.sha256(data).digest() + data


def unpacked(data: bytes, stamp: str, snapshot: Snapshot) -> Kept | None:
    """Return what the reader of that stamp found in that capture.

    None where these bytes are no such thing.
    """
    mark, weight, data = data[:_SIZE], data[_SIZE : 2 * _SIZE], data[2 * _SIZE :]
    if mark != _mark(stamp, snapshot) or weight != hashlib.sha256(data).digest():
        return None
    return _loaded(data)


@lru_cache(maxsize=2)
def _loaded(data: bytes) -> Kept:
    # Captures of one page are judged in their order: each is what the next one is compared with.
    return Kept(*_Values(io.BytesIO(zlib.decompress(data))).load())


def _mark(stamp: str, snapshot: Snapshot) -> bytes:
    """Return a digest of all that decides a reading."""
    said = (
        stamp,
        _PYTHON,
        snapshot.digest,
        snapshot.media_type,
        snapshot.header("content-type"),
        snapshot.url,
        snapshot.page.url,
    )
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).digest()


def _writer(kind: type) -> Callable[[Any], tuple[type, tuple[Any, ...]]]:
    """Return what writes a value as its class and its fields, in half of the time
    that field by field takes.
    """
    fields = attrgetter(*(field.name for field in dataclasses.fields(kind)))
    return lambda value: (kind, fields(value))


_WRITERS: dict[type, Callable[[Any], tuple[type, tuple[Any, ...]]]] = {
    kind: _writer(kind) for kind in (Block, Cell, Claim, Document, Link, Reading, Remark, Source)
}


class _Values(pickle.Unpickler):
    """Loads values of our own, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        found = getattr(model, name, None)
        if not isinstance(found, type) or found.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name} is no value of ours")
        return found
