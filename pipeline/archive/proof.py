"""`snapshots/` → Proof: every chain, every body that a journal names, every body that none names.

Reads all, alters nothing.

The last line of a journal has no line after it that would name it. A run writes the heads of the
journals that it added to into the top one, so that they prove each other; the database, and the
heads that reports and messages carry, prove that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.archive.journal import Line
from pipeline.archive.patches import Damage
from pipeline.errors import ArchiveError

if TYPE_CHECKING:
    from pipeline.archive import Archive

Visit = Callable[[str | None, Line], None]


@dataclass(frozen=True, slots=True)
class Head:
    """Where a journal stands: its name below `snapshots/`, how many lines it has,
    and the SHA-256 of the last one.
    """

    journal: str
    lines: int
    chain: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What `verify` found: how many looks and bodies it proved, every problem,
    naming file and line, and the heads.

    `unnamed` are bodies that no journal names, `behind` what the database has yet to copy:
    nothing is lost by it.
    """

    looks: int
    bodies: int
    problems: tuple[str, ...]
    heads: tuple[Head, ...] = ()
    unnamed: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


def unseen(page_id: str | None, line: Line) -> None:
    """Let a line pass."""


@dataclass(slots=True)
class _Seen:
    """What the journals were found to hold so far."""

    looks: int = 0
    named: dict[str, str] = field(default_factory=dict)
    heads: list[Head] = field(default_factory=list)
    witnessed: dict[str, tuple[str, str]] = field(default_factory=dict)


def prove(archive: Archive, visit: Visit) -> Proof:
    """Return what the folder proves; a problem ends nothing: all else is read and told."""
    stored, seen = archive.blobs() | {digest for digest, _ in archive.patches.all()}, _Seen()
    problems: list[str] = []
    # The top journal first: it says where each of the others stood.
    for page_id in (None, *archive.pages()):
        problems += _journal(archive, page_id, seen, visit)
    problems += [
        f"{archive.path(page_id)}: is missing, and {where} names its last line {chain[:16]}; "
        "restore it from a backup"
        for page_id, (where, chain) in seen.witnessed.items()
    ]
    problems += _bodies(archive, seen.named)
    unnamed = tuple(sorted(stored - seen.named.keys()))
    return Proof(seen.looks, len(seen.named), tuple(problems), tuple(seen.heads), unnamed)


def _journal(archive: Archive, page_id: str | None, seen: _Seen, visit: Visit) -> Iterator[str]:
    path = archive.path(page_id)
    where, expected = seen.witnessed.pop(page_id or "", ("", ""))
    lines, chain = 0, ""
    for lines, (line, problem) in enumerate(archive.examined(page_id), 1):
        if problem is not None:
            yield problem
        if line is not None:
            chain = line.chain
            expected = "" if chain == expected else expected
            _take(page_id, line, seen, f"{path}: line {lines}")
            visit(page_id, line)
    if expected:
        yield _unmet(path, where, expected)
    if torn := archive.torn(page_id):
        yield (
            f"{path}: ends in the middle of line {lines + 1}, after {torn} bytes of it: "
            "a crash tore "
            "it off, or it was cut; where nothing else is wrong, the next run sets them aside"
        )
    if lines:
        seen.heads.append(Head(path.relative_to(archive.root).as_posix(), lines, chain))


def _take(page_id: str | None, line: Line, seen: _Seen, where: str) -> None:
    facts = line.facts
    if page_id is not None:
        seen.looks += 1
        named = facts.get("digest"), facts.get("screenshot")
    else:
        # Of notes, only what an older reader read is a body: an attempt names one
        # that may never have come to be stored.
        named = (facts.get("digest") if facts.get("what") == "reading" else None), None
        for journal, chain in _witnesses(facts):
            seen.witnessed[journal] = where, chain
    for digest in filter(None, named):
        seen.named.setdefault(digest, where)


def _witnesses(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if facts.get("what") == "heads":
        yield from facts["heads"].items()


def unmet(archive: Archive) -> Iterator[str]:
    """Yield which journals lack the last line that they had by the top one:
    their end was cut off, or edited.
    """
    last: dict[str, tuple[str, str]] = {}
    for number, (line, _) in enumerate(archive.examined(None), 1):
        for page_id, chain in _witnesses(line.facts) if line else ():
            last[page_id] = f"{archive.path(None)}: line {number}", chain
    for page_id, (where, chain) in last.items():
        if all(line is None or line.chain != chain for line, _ in archive.examined(page_id)):
            yield _unmet(archive.path(page_id), where, chain)


def _unmet(path: Path, where: str, chain: str) -> str:
    return (
        f"{path}: no line of it has the SHA-256 {chain[:16]}… that its last one had by {where}: "
        "its end was cut off, or a line edited or replaced; restore it from a backup"
    )


def _bodies(archive: Archive, named: dict[str, str]) -> Iterator[str]:
    patched = {digest for digest, _ in archive.patches.all()} - archive.blobs()
    for damage in archive.patches.damage():
        yield _lost(damage, named)
    for digest, where in named.items():
        if digest in patched:
            continue  # proved with all others of its page, or told to be lost
        try:
            archive.body(digest)
        except ArchiveError as error:
            yield f"{error} (named in {where})"


def _lost(damage: Damage, named: dict[str, str]) -> str:
    """Return what is damaged, with every capture that cannot be read for it."""
    if not damage.digests:
        return damage.reason
    number = len(damage.digests)
    rest = ", ".join(
        f"{digest[:16]}… (named in {named[digest]})" if digest in named else f"{digest[:16]}…"
        for digest in damage.digests
    )
    return (
        f"{damage.reason}; {number} {'body rests' if number == 1 else 'bodies rest'} on it: {rest}"
    )
