"""What should be told and reported, from the journals alone, by rules as plain
as they can be written. No test of its own.

Also for `bench/kills.py`. It asks no code of ours what an outage is,
and what was told it takes from what was received.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.archive import Archive, Entry

News = tuple[str, str, str]
"""Kind, page, and the change's id or when the outage began."""


def items(body: dict[str, Any]) -> Iterator[News]:
    """Yield what a webhook's JSON tells."""
    yield from (("change", change["page"], change["id"]) for change in body["changes"])
    for one in (*body["unread"], *body["recovered"]):
        kind = "recovered" if one in body["recovered"] else "unread"
        yield "doubted" if one.get("confirmed") is False else kind, one["page"], one["since"]


def is_good(entry: Entry) -> bool:
    """Say whether a look read its page."""
    return entry.failure is None and (entry.verdict is None or entry.verdict.ok)


def outages(snapshots: Path, name: str) -> set[News]:
    """Return what is to be told of a page's outages."""
    found: set[News] = set()
    began, bad, told = "", 0, False
    for entry, _ in Archive(snapshots).looks(name):
        if is_good(entry):
            found |= {("recovered", name, began)} if told else set()
            bad, told = 0, False
            continue
        bad += 1
        began = shown(entry.captured_at) if bad == 1 else began
        doubted = entry.verdict is not None and entry.verdict.name == "mass-change"
        found |= {("doubted", name, began)} if doubted else set()
        found |= {("unread", name, began)} if bad == 3 else set()
        told = told or doubted or bad == 3
    return found


def to_report(snapshots: Path, names: Iterator[str] | list[str], changed: set[str]) -> list[str]:
    """Return the runs that saw something to report.

    `changed` are the instants at which changes were first seen.
    """
    runs: set[str] = set()
    for name in names:
        for number, (entry, _) in enumerate(Archive(snapshots).looks(name)):
            if number == 0 or not is_good(entry) or shown(entry.captured_at) in changed:
                runs.add(entry.run or "")
    return sorted(runs)


def shown(at: datetime) -> str:
    """Return an instant as JSON has it."""
    return at.isoformat().replace("+00:00", "Z")
