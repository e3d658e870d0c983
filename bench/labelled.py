"""Labelled sentences → the frames that the reader makes of them,
each with the outcome that it should come to.

A row is laid out as a page of its own and goes the way that every page goes (parse,
outline, frames), so that what is learned is what is met.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import parse, standards
from pipeline.extract import frames
from pipeline.extract.context import Context
from pipeline.extract.outline import Outline, Unit
from pipeline.model import Page, Snapshot

SENTENCES = Path(__file__).parent / "sentences"
AT = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]
STANCES = ("claimed", "supports", "planned", "unknown", "not_claimed")


@dataclass(frozen=True, slots=True)
class Example:
    """A frame, the row it comes from, the standard it is about (None for notes),
    and its label (None: not to learn).
    """

    row: int
    standard: str | None
    features: frozenset[str]
    label: str | None


def rows(folder: Path = SENTENCES) -> list[Row]:
    """Return the labelled rows, by file and line."""
    found: list[Row] = []
    for path in sorted(folder.glob("*.jsonl")):
        found += [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return found


def digest(folder: Path = SENTENCES) -> str:
    """Return what says that weights and rows belong together: a digest of all rows in order."""
    text = json.dumps(rows(folder), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def part(vendor: str, parts: int = 5, salt: str = "") -> int:
    """Return which part of the vendors one belongs to; part 0 of five is kept aside."""
    return int(hashlib.sha256(f"{salt}{vendor}".encode()).hexdigest()[:8], 16) % parts


def laid_out(row: Row) -> str:
    """Return a row as a Markdown page: title, headings, what leads to the text,
    the text in its block.
    """
    lines = [f"# {row['title'] or row['vendor']}"]
    lines += [f"## {heading}" for heading in row["heading"] if heading != row["title"]]
    lead, text = row["lead"], " ".join(row["text"].split())
    columns = [part.strip() for part in (lead or "").split("|") if part.strip()]
    cells = [part.strip() for part in text.split("|") if part.strip()]
    if row["block"] == "cell":
        if len(columns) > 1 and len(columns) == len(cells):
            table = ["| " + " | ".join(columns) + " |", "| --- " * len(columns) + "|"]
            return "\n\n".join([*lines, "\n".join([*table, "| " + " | ".join(cells) + " |"])])
        lines += [lead] if lead else []
        return "\n\n".join([*lines, *(f"- {cell}" for cell in cells[:1]), *cells[1:]])
    if lead:
        lines.append(f"## {lead}" if row["block"] == "faq" else lead)
    return "\n\n".join([*lines, f"- {text}" if row["block"] == "item" else text])


def outline(row: Row) -> Outline:
    """Return the outline of a row's page."""
    page = Page("row", "row.md", vendor=row["vendor"] or None)
    body = laid_out(row).encode()
    document = parse.document(Snapshot(page, AT, AT, "dir", "row.md", "text/markdown", body))
    return Outline(Context(document, standards.load()), (row["vendor"] or "",))


def units(row: Row, whole: Outline) -> list[Unit]:
    """Return the units of the row's own text, without those of what stands over it."""
    text = " ".join(row["text"].split())
    return [
        unit
        for unit in whole.units
        if unit.kind != "heading"
        and unit.text != row["lead"]
        and (unit.text in text or text in unit.text)
    ]


def mentions(number: int, row: Row) -> Iterator[Example]:
    """Yield an example for each standard that each unit of a row may speak of."""
    whole = outline(row)
    found = units(row, whole)
    named = {mention.standard for unit in found for mention in unit.mentions}
    seen: Counter[str] = Counter()
    for unit in found:
        for frame in frames.of_unit(whole, unit):
            standard = frame.mention.standard
            if frame.source != "text" and standard in named:
                continue
            label = outcome(row, frame, seen[standard])
            seen[standard] += 1
            yield Example(number, standard, frame.features.names(), label)


def outcome(row: Row, frame: frames.Frame, count: int) -> str | None:
    """Return what a row says of a standard where it is named for the `count`th time,
    None where that is not clear.
    """
    mention = frame.mention
    claims = [claim for claim in row["claims"] if claim["standard"] == mention.standard]
    others = [none["why"] for none in row["none"] if none["standard"] == mention.standard]
    if not claims:
        return others[0] if others else "mention"
    if (others or frame.source != "text") and count:
        return None
    leveled = [claim for claim in claims if claim["level"] and claim["level"] == mention.level]
    chosen = leveled[0] if leveled else claims[min(count, len(claims) - 1)]
    return str(chosen["stance"])


def notes(number: int, row: Row) -> Iterator[Example]:
    """Yield an example for each unit of a row that may be a note;
    of several units none is known to be the one.
    """
    whole = outline(row)
    found = units(row, whole)
    label = row["note"] or "none"
    for unit in found:
        clear = label == "none" or len(found) == 1
        yield Example(number, None, frames.for_note(whole, unit).names(), label if clear else None)
