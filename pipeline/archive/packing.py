"""Whole bodies that an earlier version stored → patches of the ones before them,
and what that saved.

    patch all of a page, in the order of its captures → read each back
    and prove it → only then remove the whole ones

A crash leaves a body whole, or whole and as a patch; never neither. What was begun goes on when it
is called again. Pictures, and readings of earlier readers, stay whole: they resemble nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import ArchiveError

if TYPE_CHECKING:
    from pipeline.archive import Archive


@dataclass(frozen=True, slots=True)
class Packed:
    """What packing did: how many bodies it turned into patches,
    and how many bytes the files of these bodies had and have.

    `problems` are bodies that could not be read, and stay as they are.
    """

    bodies: int
    before: int
    after: int
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class _Stored:
    """The digests of the bodies that stand whole, and of those among them
    that patches begin from.
    """

    whole: set[str]
    begun: set[str]


def pack(archive: Archive) -> Packed:
    """Pack the bodies of all pages; nobody else may be storing any."""
    stored = _Stored(archive.blobs(), archive.patches.wholes())
    problems = list[str]()
    bodies = before = after = 0
    pages = archive.pages()
    for number, page_id in enumerate(pages, 1):
        size = _size(archive, page_id)
        patched = tuple(_patched(archive, page_id, stored, problems))
        archive.patches.sync()
        after += _size(archive, page_id) - size
        stored.begun |= archive.patches.wholes(page_id)
        for digest in _proved(archive, page_id, patched, problems):
            before += archive.blob(digest).stat().st_size
            archive.blob(digest).unlink()
            stored.whole.discard(digest)
            bodies += 1
        archive.tell(f"{number} of {len(pages)} pages: {page_id}")
    return Packed(bodies, before, after, tuple(problems))


def _patched(archive: Archive, page_id: str, stored: _Stored, problems: list[str]) -> Iterator[str]:
    """Yield the digests of a page's whole bodies that are patches besides;
    the others of it are made so, in their order.
    """
    near = None
    for digest in _captured(archive, page_id):
        if digest not in stored.whole:
            continue
        if digest in stored.begun:
            near = digest
        elif archive.patches.page(digest, page_id) is not None:
            yield digest
        else:
            try:
                body = archive.body(digest)
            except ArchiveError as error:
                problems.append(str(error))
                continue
            if archive.patches.add(page_id, body, near, late=True):
                yield digest
            else:
                archive.patches.begin(page_id, digest)
                near = digest


def _proved(
    archive: Archive, page_id: str, digests: tuple[str, ...], problems: list[str]
) -> list[str]:
    """Return those of the digests whose patches make their bodies, read from the disk again."""
    lost, pages = set[str](), {archive.patches.page(digest, page_id) for digest in digests}
    for page in sorted(filter(None, pages)):
        for damage in archive.patches.damage(page):
            problems.append(damage.reason)
            lost |= {*damage.digests}
    return [digest for digest in digests if digest not in lost]


def _captured(archive: Archive, page_id: str) -> tuple[str, ...]:
    """Return the digests of a page's captures, once each, in the order in
    which the page looked so.
    """
    shots = sorted(
        (entry.captured_at, entry.digest)
        for entry, _ in archive.looks(page_id)
        if entry.digest and not entry.not_modified
    )
    return tuple(dict.fromkeys(digest for _, digest in shots))


def _size(archive: Archive, page_id: str) -> int:
    """Return how many bytes a page's patches take."""
    paths = (archive.patches.path(page_id, suffix) for suffix in ("zst", "txt"))
    return sum(path.stat().st_size for path in paths if path.exists())
