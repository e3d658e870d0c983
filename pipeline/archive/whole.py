"""Exact bodies ↔ `blobs/ab/<sha256>.gz`, each written once and proved whenever it is read."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
import zlib
from pathlib import Path

from pipeline import files
from pipeline.archive import disk
from pipeline.errors import ArchiveError

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Missing(ArchiveError):
    """No file has a body whole."""


def place(root: str, digest: str) -> str:
    """Return the file of a body; raise ArchiveError for what is no digest."""
    # Joined as text: as paths, that would take as long as unpacking a page.
    if not _DIGEST.fullmatch(digest):
        raise ArchiveError(f'"{digest}" is not a SHA-256')
    return f"{root}/blobs/{digest[:2]}/{digest}.gz"


def all(root: Path) -> set[str]:
    """Return the digests of all bodies that are there."""
    return {path.stem for path in root.glob("blobs/??/*.gz") if _DIGEST.fullmatch(path.stem)}


def read(root: str, digest: str) -> bytes:
    """Return the body with that SHA-256, proved; raise Missing where there is none."""
    path = place(root, digest)
    try:
        with open(path, "rb") as file:
            body = gzip.decompress(file.read())
    except FileNotFoundError:
        raise Missing(f"{path}: is missing; restore it from a backup") from None
    except (OSError, EOFError, zlib.error) as error:
        raise ArchiveError(
            f"{path}: cannot be unpacked ({error}); restore it from a backup"
        ) from error
    if hashlib.sha256(body).hexdigest() != digest:
        raise ArchiveError(
            f"{path}: its content does not have the digest of its name; restore it from a backup"
        )
    return body


def write(path: Path, body: bytes) -> None:
    """Write a body, whole or not at all, on the disk with its name when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with files.named(path):
        _write(path, gzip.compress(body, mtime=0))
    disk.sync_folder(path.parent)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, on the disk when this returns;
    a full disk keeps no part of it.
    """
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
