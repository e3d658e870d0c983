"""One row of a list → a block of a few lines, for windows that have no room for a table.

Ids and addresses stay whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline import words
from pipeline.cli import tables
from pipeline.report import due, phrases

Row = tables.Row

LEAD = 12
"""What leads a block stands in a column of its own, as wide as an id:
a severity or a kind, and the id below it.
"""


class Facts:
    """Short facts set one after the other; a line ends between two of them,
    never within one that fits.
    """

    def __init__(self, facts: Iterable[object], style: str = "dim") -> None:
        self.facts = [words.squeeze(tables.safe(fact)) for fact in facts if fact not in (None, "")]
        self.style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        line = ""
        for fact in self.facts:
            joined = f"{line} · {fact}" if line else fact
            if line and cell_len(joined) > options.max_width:
                yield Text(line, self.style, overflow="fold")
                line = fact
            else:
                line = joined
        if line:
            yield Text(line, self.style, overflow="fold")


def change(row: Row, zone: tzinfo) -> RenderableType:
    """Return a change: its severity and sentence, then whose it is, when it was first seen,
    and what became of it.
    """
    facts = (
        row["vendor"],
        row["page"],
        tables.cell(row["first_seen"], zone),
        row["state"],
        row["owner"],
        row["ref"],
        due.words(row, datetime.now(zone).date()),
        phrases.CAUSES.get(row["cause"]),
    )
    lead = Text(row["severity"], tables.STYLES[row["severity"]])
    return led((lead, row["id"]), (_bold(phrases.capital(row["summary"])), Facts(facts)))


def page(row: Row, zone: tzinfo) -> RenderableType:
    """Return how a page stands: its last look, its last good one,
    the next one, and what is open.
    """
    good = tables.cell(row["last_good_at"], zone)
    name = Facts(
        (
            row["page"],
            row["vendor"],
            row["result"],
            phrases.count(row["claims"], "claim"),
            f"{row['open_changes']} open" if row["open_changes"] else None,
            f"failed {phrases.count(row['failures'], 'time')} in a row"
            if row["failures"]
            else None,
        ),
        "",
    )
    times = (
        f"last good look {good}" if good else "never read well",
        f"next look {tables.cell(row['next_look_at'], zone)}",
    )
    return Group(name, Padding(Facts(times), (0, 0, 0, 2)))


def claim(row: Row, zone: tzinfo) -> RenderableType:
    """Return a claim: what it says, its sentence, and where and how long it was seen."""
    until, absent = (tables.cell(row[name], zone) for name in ("seen_until", "first_absent"))
    facts = (
        row["page"],
        f"seen since {tables.cell(row['seen_since'], zone)}",
        f"last seen {until}" if until else None,
        f"first absent {absent}" if absent else None,
    )
    lines: list[RenderableType] = [_bold(row["said"]), Facts(facts)]
    if row["text"] and row["text"] not in row["said"]:
        lines.append(Text(f"“{words.squeeze(tables.safe(row['text']))}”"))
    if row["corrected"]:
        lines.append(Text(f"corrected: {tables.safe(row['corrected'])}", "yellow"))
    if began := "; ".join(row.get("began_with") or ()):
        lines.append(Text(f"began with: {tables.safe(began)}", "dim"))
    return led((row["sort"], row["id"]), lines)


def found(row: Row, zone: tzinfo) -> RenderableType:
    """Return a sentence that a search found, and where and when it stood."""
    until = tables.cell(row["until"], zone)
    since = tables.cell(row["since"], zone)
    facts = (row["page"], row["standard"], f"{since} to {until}" if until else since)
    said = Text(words.squeeze(tables.safe(row["text"])))
    return led((row["kind"], row["id"]), (said, Facts(facts)))


def led(lead: tuple[str | Text, str], lines: Sequence[RenderableType]) -> RenderableType:
    """Return lines beside what leads them and the id below it,
    which is dim and whole, and an empty line.
    """
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=LEAD, no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row(Group(lead[0], Text(tables.safe(lead[1]), "dim")), Group(*lines))
    return Group(grid, "")


def _bold(text: str) -> Text:
    return Text(words.squeeze(tables.safe(text)), "bold")
