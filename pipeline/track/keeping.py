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
from typing import Any

from pipeline import model
from pipeline.model import Reading, Snapshot

_SIZE = hashlib.sha256().digest_size
_PYTHON = sys.version_info[:3]


def packed(reading: Reading, snapshot: Snapshot) -> bytes:
    """Return the reading of a capture as bytes: whose and of what it is, what it weighs, then itself."""
    data = zlib.compress(pickle.dumps(reading, 5), 1)
    return _mark(reading.stamp, snapshot) + hashlib.sha256(data).digest() + data


def unpacked(kept: bytes, stamp: str, snapshot: Snapshot) -> Reading | None:
    """Return the reading by the reader of that stamp of that capture; None where these bytes are no such thing."""
    mark, weight, data = kept[:_SIZE], kept[_SIZE : 2 * _SIZE], kept[2 * _SIZE :]
    if mark != _mark(stamp, snapshot) or weight != hashlib.sha256(data).digest():
        return None
    found: Reading = _Values(io.BytesIO(zlib.decompress(data))).load()
    return found


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
