"""Journals ↔ the database that copied them: do they fit, and which of the two is newer? Reads only,
and says it in words.

The database keeps of each journal how far it copied it, and the SHA-256 of the last line that it
copied. A backup that was put back beside a newer half, a line cut off the end or edited: whatever
it was, nothing may be added to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline import history
from pipeline.archive import Archive, Line
from pipeline.history import Database

RESTORE = "put the snapshots/ back that belong to the database, from a backup"
CATCH_UP = (
    "the next `claimwatch run` copies that of the pages in the config, "
    "`claimwatch rebuild` all of it"
)


def misfit(archive: Archive, db: Database, page_id: str | None) -> str | None:
    """Return in what a journal is not the one that the database copied, and what to do.

    None where it is, however much longer.
    """
    end, chain = history.copied_to(db, page_id or "")
    if archive.continues(page_id, end, chain):
        return None
    lines = [line for line, _ in archive.examined(page_id) if line is not None]
    rows = history.look_rows(db, page_id) if page_id else {}
    differs = _first_that_differs(lines, rows) if page_id else None
    path = archive.path(page_id)
    if differs is None and (not lines or lines[-1].end < end):
        return f"{path}: {_older(lines, rows, page_id)}"
    number = differs or sum(line.end <= end for line in lines)
    return (
        f"{path}: line {number} is not the one that the database copied: "
        "it was edited or replaced, or "
        f"snapshots/ and the database belong to two records; {RESTORE}. `claimwatch rebuild` would "
        "take what stands in the journal for the truth, and forget what the database has beside it"
    )


def problems(archive: Archive, db: Database, at_work: bool = False) -> Iterator[str]:
    """Yield of each journal how it and the database do not fit;
    while somebody is `at_work`, the database may be behind.
    """
    for page_id in (None, *sorted({*archive.pages(), *history.journals(db)} - {""})):
        said = misfit(archive, db, page_id)
        if said is None and not at_work and (said := lacking(archive, db, page_id)):
            said += f"; {CATCH_UP}"
        if said is not None:
            yield said


def _first_that_differs(lines: list[Line], rows: dict[int, dict[str, Any]]) -> int | None:
    """Return the number of the first line within what was copied
    that the database has otherwise, or not at all.
    """
    copied = max(rows, default=0)
    for number, line in enumerate(lines, 1):
        if line.end > copied:
            return None
        if line.end not in rows or history.differences(rows[line.end], line.facts):
            return number
    return None


def _older(lines: list[Line], rows: dict[int, dict[str, Any]], page_id: str | None) -> str:
    """Return that a journal ends before what was copied of it."""
    has = f"has {len(lines)} line{'s' * (len(lines) != 1)}" if lines else "is missing"
    said = (
        f"{has}, and the database copied more: "
        "its end was cut off, or snapshots/ is older than the database"
    )
    last = lines[-1].end if lines else 0
    lost = sorted(row["captured_at"] for end, row in rows.items() if end > last)
    if lost:
        looks = f"{len(lost)} look{'s' * (len(lost) != 1)}"
        missing = (
            f"; from line {len(lines) + 1} on, {looks} {'are' if len(lost) > 1 else 'is'} "
            f"missing, of {lost[0][:16]}Z"
        )
        said += missing + (f" to {lost[-1][:16]}Z" if len(lost) > 1 else "")
    else:
        said += f"; what came from line {len(lines) + 1} on is missing"
    what = "those looks" if page_id else "what it said: verdicts, runs, deliveries"
    return (
        f"{said}. Best {RESTORE}. `claimwatch rebuild` would make the database from what is "
        f"there, and forget {what}"
    )


def lacking(archive: Archive, db: Database, page_id: str | None) -> str | None:
    """Return which lines of a journal the database has not copied yet; None where it has all."""
    copied, numbers = history.copied_to(db, page_id or "")[0], []
    if archive.end(page_id) <= copied:
        return None
    for number, (line, _) in enumerate(archive.examined(page_id), 1):
        if line is not None and line.end > copied:
            numbers.append(number)
    if not numbers:
        return None
    span = f"line {numbers[0]}" if len(numbers) == 1 else f"lines {numbers[0]} to {numbers[-1]}"
    return f"the database is older than snapshots/: it lacks {span} of {archive.path(page_id)}"
