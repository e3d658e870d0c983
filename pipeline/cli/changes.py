"""Changes → what a person reads of them on a terminal, their words marked.

Computes nothing that the values do not say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline import words
from pipeline.cli import tables
from pipeline.model import (
    SEVERITIES,
    Change,
    Comparison,
    Mark,
    Severity,
)
from pipeline.report import folding, marking, phrases

MARKS = {"same": "", "gone": "red strike", "new": "bold green"}
BRACKETS = {"gone": ("[-", "-]"), "new": ("{+", "+}")}


def comparison(out: Console, found: Comparison) -> None:
    """Show each change as a sentence with its words marked, most severe first,
    and count what was form alone.
    """
    for same in folding.changes(found.changes):
        shown = (
            entry(same[0], same[0].severity, same[0].why, colours=colours(out))
            if len(same) == 1
            else batch(same, same[0].severity)
        )
        out.print(shown)
        out.print()
    out.print(Text(tally(found), style="bold" if found.changes else ""))


def colours(out: Console) -> bool:
    """Say whether marks can be told by colour; if not (a pipe, NO_COLOR), words are bracketed."""
    return out.color_system is not None and not out.no_color


def tally(found: Comparison) -> str:
    """Return how many changes of each severity there are, in a sentence."""
    form = phrases.count(found.form, "difference") + " of form"
    if not found.changes:
        return f"No changes. {form}." if found.form else "No changes."
    counts = Counter(change.severity for change in found.changes)
    total = phrases.count(len(found.changes), "change")
    return (
        f"{total}: "
        f"{', '.join(f'{counts[name]} {name}' for name in SEVERITIES if counts[name])}; {form}."
    )


def entry(
    change: Change, severity: Severity, why: str, *, about: str = "", colours: bool = True
) -> RenderableType:
    """Return one change: its severity and sentence, why it matters and where it stands,
    and its words marked.
    """
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=8)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row(
        Text(severity, style=tables.STYLES[severity]), Group(*_lines(change, why, about, colours))
    )
    return grid


def batch(same: Sequence[Change], severity: Severity, *, about: str = "") -> RenderableType:
    """Return the changes of one cause as one entry: the sentence they share,
    and what each is about.
    """
    names = [folding.name(change, same) for change in same]
    said = (
        Text(tables.safe(phrases.capital(same[0].batch or "")), style="bold"),
        Text(
            tables.safe(
                " · ".join(fact for fact in (about, same[0].why, phrases.section(same[0])) if fact)
            ),
            style="dim",
        ),
        Text(tables.safe("; ".join(dict.fromkeys(words.squeeze(name) for name in names)))),
    )
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=8)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row(Text(severity, style=tables.STYLES[severity]), Group(*said))
    return grid


def _lines(change: Change, why: str, about: str, colours: bool) -> Iterator[Text]:
    view = marking.view(change)
    body = list(_body(view, colours))
    said = Text(
        tables.safe(phrases.capital(change.summary))
        + (f" ({change.count} times)" if change.count > 1 else ""),
        style="bold",
    )
    facts = (about, why, phrases.certainty(change), phrases.section(change))
    # A note or service that came or went is often in the summary word for word:
    # it is marked there, and not said again.
    if (
        len(body) == 1
        and not view.marked
        and (words := body[0].plain.strip("[-{+}] ")) in said.plain
    ):
        start = said.plain.index(words)
        said.stylize(MARKS["gone" if view.before else "new"], start, start + len(words))
        body = []
    yield said
    yield Text(tables.safe(" · ".join(fact for fact in facts if fact)), style="dim")
    yield from body


def _body(view: marking.View, colours: bool) -> Iterator[Text]:
    if view.marked:
        yield marked(view.inline, colours)
    elif view.visible and view.before != view.after:
        yield from (
            marked([Mark("gone", mark.text) for mark in side], colours)
            for side in (view.before,)
            if side
        )
        yield from (
            marked([Mark("new", mark.text) for mark in side], colours)
            for side in (view.after,)
            if side
        )


def marked(marks: Sequence[Mark], colours: bool) -> Text:
    """Return a text with the words that went struck out and those that came in green;
    bracketed where colours cannot show.
    """
    line = Text()
    for mark in marks:
        words = tables.safe(mark.text)
        opening, closing = (
            BRACKETS.get(mark.op, ("", "")) if not colours and words.strip() else ("", "")
        )
        core = words.strip()
        lead = words[: len(words) - len(words.lstrip())]
        line.append(lead)
        line.append(f"{opening}{core}{closing}", style=MARKS[mark.op])
        line.append(words[len(lead) + len(core) :])
    return line
