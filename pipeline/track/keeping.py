"""Reading ↔ bytes: what was read last of a page is kept, so that its old capture need not be read again when it changes.

Derived, and never trusted: what another reader made, or made of another capture, what another Python wrote and what is
damaged is as if it were not there. Bytes can name no class but those of `pipeline.model`, so that none can do anything.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import sys
import zlib
from dataclasses import dataclass
from typing import Any

from pipeline import model
from pipeline.model import Reading, Snapshot

_SIZE = hashlib.sha256().digest_size
_PYTHON = sys.version_info[:3]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found in the last good capture: its reading, and its language, "" where none shows."""

    reading: Reading
    language: str


def packed(kept: Kept, snapshot: Snapshot) -> bytes:
    """Return what was found in a capture as bytes: by whom and in what, the digest of the rest, then itself."""
    data = zlib.compress(pickle.dumps((kept.reading, kept.language), 5), 1)
    return _mark(kept.reading.stamp, snapshot) + hashlib.sha256(data).digest() + data


def unpacked(data: bytes, stamp: str, snapshot: Snapshot) -> Kept | None:
    """Return what the reader of that stamp found in that capture; None where these bytes are no such thing."""
    mark, weight, data = data[:_SIZE], data[_SIZE : 2 * _SIZE], data[2 * _SIZE :]
    if mark != _mark(stamp, snapshot) or weight != hashlib.sha256(data).digest():
        return None
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


class _Values(pickle.Unpickler):
    """Loads values of our own, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        found = getattr(model, name, None)
        if not isinstance(found, type) or found.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name} is no value of ours")
        return found
