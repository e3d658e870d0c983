"""One change, claim or capture → a whole screen of it.

The words are the report's; this lays them out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.cli import blocks, changes, claims, marked, tables
from pipeline.model import Told
from pipeline.report import due, phrases

Row = dict[str, Any]
HEAVY = "bold green"
VERDICTS = {
    "accept": "accepted",
    "dismiss": "dismissed",
    "ask": "asked the vendor",
    "reopen": "reopened",
}


def change(out: Console, told: Told, whole: Row, zone: tzinfo) -> None:
    """Show a change: its words marked, its dates, why, what was said of it, and both captures."""
    out.print(changes.entry(told.change, told.severity, "", colours=changes.colours(out)))
    out.print()
    source = told.change.source_after or told.change.source_before
    facts = [
        ("change", told.id),
        ("page", f"{phrases.page_name(told.page)}  {told.page.url}"),
        ("section", " › ".join(source.section) if source else ""),
        *((words, phrases.minute(at, zone) if at else "") for words, at in phrases.seen(told)),
        ("why", phrases.severity_reason(told)),
        ("sure", phrases.certainty(told.change)),
        ("read so", phrases.reading(told.change)),
        ("cause", phrases.CAUSES.get(told.change.cause, "")),
        ("status", told.status),
        ("owner", whole["owner"]),
        ("ticket", whole["ref"]),
        ("due", due.words(whole, datetime.now(zone).date())),
    ]
    _facts(out, facts)
    _said(out, whole["reviews"], zone)
    _captures(out, whole["captures"], zone)
    _related(out, whole["related"], zone)
    ways = [("To settle it", f"claimwatch review {told.id} --accept -m NOTE")]
    if whole["claim"]:
        ways.append(("The claim's life", f"claimwatch history {whole['claim']}"))
    if told.change.batch:
        ways.append(("All of this cause", f"claimwatch changes --batch {told.id}"))
    _ways(out, ways)


def claim(out: Console, row: Row, whole: Row, zone: tzinfo) -> None:
    """Show a claim: what it says, its sentence, where
    and how long it was seen, and its captures.
    """
    out.print(blocks.claim(row, zone))
    facts = [
        ("section", " › ".join(whole["section"])),
        ("line", whole["line"]),
        ("read so", "; ".join(whole.get("why") or ())),
        ("link", whole["url"]),
        ("states", phrases.count(len(whole["life"]), "state")),
    ]
    _facts(out, facts)
    _captures(out, whole["captures"], zone)
    _ways(out, [("Its whole life", f"claimwatch history {row['id']}")])


def capture(out: Console, text: marked.Text, whole: Row, zone: tzinfo) -> None:
    """Show a capture's readable text with the sentences of its claims marked,
    and those claims below by number.
    """
    times = [tables.cell(at, zone) for at in whole["captured"]]
    facts = [
        ("digest", whole["digest"]),
        ("page", " · ".join(filter(None, (whole["vendor"], whole["page"])))),
        ("url", whole["url"]),
        ("captured", times[0] if len(times) == 1 else f"{times[0]}, last {times[-1]}"),
        ("origin", whole["origin"]),
        ("result", (whole["result"] or "").replace("_", " ")),
        ("reason", whole["reason"]),
    ]
    _facts(out, facts)
    _whole(out, Text.assemble(("file      ", "dim"), tables.safe(whole["file"])))
    out.print()
    for line in text:
        out.print(_line(line, colours=changes.colours(out)))
    if whole["claims"]:
        out.print(Text(f"\n{phrases.count(len(whole['claims']), 'claim')}", "bold"))
    for number, row in enumerate(whole["claims"], 1):
        said = claims.phrase_of(row)
        out.print(
            Text.assemble((f"[{number}] ", "dim"), (row["id"], "dim"), f"  {tables.safe(said)}")
        )
    if lost := text.elsewhere():
        numbers = ", ".join(f"[{number + 1}]" for number in lost)
        out.print(Text(f"Not in one piece in the text above: {numbers}", "dim"))
    _ways(out, [("Its exact bytes", f"claimwatch show {whole['digest']} --raw > FILE")])


def _line(line: marked.Line, *, colours: bool) -> Text:
    """Return a line with its marked stretches in colour, or in brackets where colours cannot show,
    and its claims' numbers.
    """
    shown = Text()
    at = 0
    for start, end in sorted(line.spans):
        if start < at:
            continue
        shown.append(tables.safe(line.text[at:start]))
        words = tables.safe(line.text[start:end])
        shown.append(words if colours else f"{{{words}}}", HEAVY)
        at = end
    shown.append(tables.safe(line.text[at:]))
    for number in line.claims:
        shown.append(f" [{number + 1}]", "dim")
    if line.kind == "heading":
        shown.stylize("bold")
        return Text("\n").append_text(shown)
    return shown


# --------------------------------------------------------------------------- parts


def _facts(out: Console, facts: Iterable[tuple[str, object]]) -> None:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in facts:
        if value not in (None, ""):
            grid.add_row(Text(name, "dim"), Text(tables.safe(value)))
    out.print(grid)


def _said(out: Console, reviews: Iterable[Row], zone: tzinfo) -> None:
    for review in reviews:
        said = VERDICTS.get(review["verdict"], "noted")
        at = phrases.minute(datetime.fromisoformat(review["at"]), zone)
        owner = f"owner {review['owner']}" if review["owner"] else ""
        more = (owner, review["ref"] or "", due.said(review["due"]))
        note = f": {review['note']}" if review["note"] else ""
        facts = " · ".join(part for part in (at, review["who"] or "somebody", said, *more) if part)
        out.print(Text(f"\n{tables.safe(facts + note)}"))


def _related(out: Console, related: Iterable[Row], zone: tzinfo) -> None:
    rows = list(related)
    if rows:
        out.print(Text("\nRelated changes", "bold"))
    for row in rows:
        facts = blocks.Facts((tables.cell(row["first_seen"], zone), row["status"]))
        said = Text(tables.safe(phrases.capital(row["summary"])))
        out.print(blocks.led((row["severity"], row["id"]), (said, facts)))


def _captures(out: Console, captures: Row, zone: tzinfo) -> None:
    for name, row in captures.items():
        if row is None:
            continue
        head = f"\n{phrases.capital(name)}: captured {tables.cell(row['captured_at'], zone)}"
        out.print(Text(head, "bold"))
        for line in (row["digest"], row["file"]):
            _whole(out, Text(f"  {tables.safe(line)}"))


def _ways(out: Console, ways: Iterable[tuple[str, str]]) -> None:
    out.print()
    for name, command in ways:
        _whole(out, Text.assemble((f"{name}: ", "dim"), command))


def _whole(out: Console, line: Text) -> None:
    """Print a line that is to be copied in one piece, however narrow the window."""
    out.print(line, no_wrap=True, overflow="ignore", crop=False)
