"""A run → what a person reads of it on a terminal: changes, pages that were not read, a last line.

Computes nothing that the values do not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo

from rich.console import Console, RenderableType
from rich.text import Text

from pipeline.cli import changes, tables, waiting
from pipeline.model import Failed, Page, Run, Told
from pipeline.report import folding, outcomes, outline, phrases

FEW, MANY = 5, 30
"""So many changes of no consequence are shown one by one, and so many of the others;
of the rest, how many there are.
"""
SMALL = ("change of wording or page facts", "changes of wording or page facts")


def run(out: Console, done: Run, zone: tzinfo = UTC) -> None:
    """Show what a run found: its changes, then every page that could not be read,
    and last the line that sums it up.
    """
    if done.cut_off:
        at = phrases.instant(done.started_at, zone)
        out.print(Text(f"The run of {at} was cut off; what it had seen is reported here:", "dim"))
    _told(out, folding.folds(done.told))
    for held in done.held:
        waiting.show(out, held, zone)
    for problem in problems(done):
        out.print(problem)
    if done.accepted:
        out.print(Text(outline.accepted(done.accepted, zone)))
    if done.head:
        out.print(Text(phrases.witness(done.head), style="dim"))


def headline(out: Console, done: Run) -> None:
    """Show the line that sums a run up."""
    out.print(Text(tables.safe(outline.headline(done)), style="bold"))


def _told(out: Console, found: Sequence[folding.Fold]) -> None:
    """Show the changes of a run, most severe first; of those that are too many,
    how many there are and how to see them.
    """
    small = [fold for fold in found if fold.first.severity == "info"]
    large = [fold for fold in found if fold.first.severity != "info"]
    shown = (*large[:MANY], *(small if len(small) <= FEW else ()))
    for fold in shown:
        one = recorded(fold.first, colours=changes.colours(out)) if not fold.title else None
        out.print(one or _recorded_batch(fold))
        out.print()
    left = small if len(small) > FEW else []
    for rest, what in ((large[MANY:], ("further change",)), (left, SMALL)):
        if number := sum(len(fold.told) for fold in rest):
            said = phrases.count(number, *what)
            out.print(Text(f"{said}: claimwatch changes --run last", "dim"))
            out.print()


def problems(done: Run) -> Iterator[Text]:
    """Yield a line for each page that could not be read, and for each held back of
    which `done.held` does not say more.
    """
    for failed in (one for one in done.outcomes if isinstance(one, Failed)):
        yield _problem(failed.look.page, outcomes.failure(failed))
    for passed in outline.passed(done):
        yield _problem(passed.look.page, f"Held back: {outcomes.fault(passed.verdict)}")


def _problem(page: Page, said: str) -> Text:
    return Text.assemble((page.id, "bold red"), "  ", tables.safe(said))


def recorded(told: Told, *, colours: bool) -> RenderableType:
    """Return a recorded change with the id to review it by."""
    about = f"{told.id} · {phrases.page_name(told.page)}"
    return changes.entry(told.change, told.severity, told.why, about=about, colours=colours)


def _recorded_batch(fold: folding.Fold) -> RenderableType:
    """Return recorded changes of one cause, with the first id to review and how many follow."""
    first = fold.first
    about = f"{first.id} and {len(fold.told) - 1} more · {phrases.page_name(first.page)}"
    return changes.batch([told.change for told in fold.told], first.severity, about=about)
