"""Readings, comparisons and runs → what a person reads on a terminal.

Computes nothing that the values do not say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, tzinfo
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline import words
from pipeline.cli import tables, waiting
from pipeline.model import (
    SEVERITIES,
    Change,
    Claim,
    Comparison,
    Failed,
    Mark,
    Page,
    Reading,
    Run,
    Severity,
    Source,
    Told,
)
from pipeline.report import folding, marking, outline, phrases

HEADINGS = {
    "product": "Products",
    "standard": "Standards",
    "service": "Services",
    "note": "Notes",
    "evidence": "Documents",
    "supplier": "Suppliers",
    "metadata": "Page facts",
}
MARKS = {"same": "", "gone": "red strike", "new": "bold green"}
BRACKETS = {"gone": ("[-", "-]"), "new": ("{+", "+}")}


# --------------------------------------------------------------------------- one reading


SHORT = 80


def reading(out: Console, source: str, read: Reading) -> None:
    """Show every claim of a reading with the sentence it came from,
    then what was not understood.
    """
    title = read.document.title
    about = ([source] if title else []) + (
        [f"speaks for {phrases.listing(read.products)}"] if read.products else []
    )
    out.print(Text(tables.safe(title or source), style="bold"))
    out.print(Text(tables.safe(" · ".join(about)), style="dim"))
    much = len(read.not_understood) > sum(claim.kind == "standard" for claim in read.claims)
    if much:  # what a page says besides hardly counts where most of it was not understood
        _not_understood(out, read.not_understood)
    for kind, heading in HEADINGS.items():
        claims = [claim for claim in read.claims if claim.kind == kind]
        if claims:
            out.print(Text(f"\n{heading} ({len(claims)})", style="bold"))
            out.print(_claims(claims))
    if not read.claims:
        out.print(Text("\nNo claims were found on this page."))
    for remark in read.remarks:
        out.print(Text(f"\n! {tables.safe(remark.text)}", style="yellow"))
    if not much:
        _not_understood(out, read.not_understood)


def facts(out: Console, found: Mapping[str, object]) -> None:
    """Show how a page was fetched and whether it looks like the page."""
    grid = Table.grid(padding=(0, 2))
    for name, value in found.items():
        if value not in (None, "", []):
            grid.add_row(
                Text(name.replace("_", " "), style="dim"),
                Text(tables.safe(tables.cell(value)), style=tables.STYLES.get(str(value), "")),
            )
    out.print(grid)
    out.print()


def _claims(claims: Sequence[Claim]) -> RenderableType:
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(ratio=2, overflow="fold")
    grid.add_column(ratio=3, overflow="fold")
    for before, claim in zip((None, *claims), claims, strict=False):
        line = f" (line {claim.source.line})" if claim.source.line else ""
        # A sentence that lists twenty services makes twenty claims, and is shown once.
        again = before is not None and before.source == claim.source and len(claim.text) > SHORT
        said = phrase(claim)
        if again or said.plain.endswith(tables.safe(claim.text)):
            grid.add_row(said, Text("the same sentence" if again else line.strip(), style="dim"))
        else:
            grid.add_row(said, Text.assemble(tables.safe(claim.text), (line, "dim")))
    return Padding(grid, (0, 0, 0, 2))


def phrase(claim: Claim) -> Text:
    """Return what a claim says, in a line."""
    details = "".join(f" · {part}" for part in _details(claim) if part)
    return Text.assemble(tables.safe(_head(claim)), (tables.safe(details), "dim"))


def claim_of(row: Mapping[str, Any]) -> Claim:
    """Return the claim that a row of a list is."""
    names = [field.name for field in fields(Claim) if field.name != "source"]
    given: dict[str, Any] = {
        name: tuple(row[name]) if isinstance(row[name], list) else row[name]
        for name in names
        if row.get(name) is not None
    }
    if row["kind"] == "metadata":
        given.setdefault("value", row["text"])
    return Claim(source=Source(row["text"]), **given)


def phrase_of(row: Mapping[str, Any]) -> str:
    """Return what a claim of a row says, in a line, after what sort it is."""
    claim = claim_of(row)
    return f"{phrases.KINDS.get(claim.kind, claim.kind)}: {phrase(claim).plain}"


def standard(claim: Claim) -> str:
    """Return a claim's standard as it is written: name, edition, level."""
    return titled(claim.standard_name or claim.standard or "", claim.edition, claim.level)


def titled(name: str, edition: str | None, level: str | None) -> str:
    """Return a standard with its edition and level as people write it;
    without a name, those alone.
    """
    # ISO/IEC 27001:2022, but PCI DSS 4.0: a year is set off as the issuers of such standards do it.
    joint = ":" if edition and edition.isdigit() and len(edition) == 4 else " "
    return " ".join(part for part in (joint.join(filter(None, (name, edition))), level) if part)


def _head(claim: Claim) -> str:
    name = claim.standard_name or claim.standard or ""
    if claim.kind == "standard":
        return standard(claim)
    heads = {
        "product": claim.subject,
        "service": claim.service,
        "note": name or "about the page",
        "evidence": claim.name,
        "supplier": claim.name,
    }
    return heads.get(claim.kind, f"{claim.name}: {claim.value}") or ""


def _details(claim: Claim) -> tuple[str | None, ...]:
    if claim.kind == "standard":
        return phrases.status(claim.stance), *_particulars(claim), claim.subject
    if claim.kind == "service":
        standard = claim.standard_name or claim.standard or phrases.NO_STANDARD
        return (
            f"{'out of' if claim.scope == 'out' else 'in'} scope of {standard}",
            claim.group,
            phrases.aside(claim),
        )
    if claim.kind == "evidence":
        return phrases.document(claim.document), claim.url
    if claim.kind == "supplier":
        return claim.purpose, claim.location, phrases.holds(claim)
    return ()


def _particulars(claim: Claim) -> Iterator[str]:
    for name, text in phrases.details(claim):
        if name != "basis":
            yield f"{name} {text}"
        elif claim.basis != "listed":
            yield text


def _not_understood(out: Console, sentences: Sequence[str]) -> None:
    if not sentences:
        out.print(Text("\nNothing on the page was left not understood.", style="dim"))
        return
    out.print(Text(f"\nNot understood ({len(sentences)})", style="bold yellow"))
    for sentence in sentences:
        out.print(Padding(Text(tables.safe(sentence)), (0, 0, 0, 2)))


# --------------------------------------------------------------------------- what changed


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


def _recorded_batch(fold: folding.Fold) -> RenderableType:
    """Return recorded changes of one cause, with the first id to review and how many follow."""
    first = fold.first
    about = f"{first.id} and {len(fold.told) - 1} more · {phrases.page_name(first.page)}"
    return batch([told.change for told in fold.told], first.severity, about=about)


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


# --------------------------------------------------------------------------- one run


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
        one = recorded(fold.first, colours=colours(out)) if not fold.title else None
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
        yield _problem(failed.look.page, phrases.failure(failed))
    for passed in outline.passed(done):
        yield _problem(passed.look.page, f"Held back: {phrases.fault(passed.verdict)}")


def _problem(page: Page, said: str) -> Text:
    return Text.assemble((page.id, "bold red"), "  ", tables.safe(said))


def recorded(told: Told, *, colours: bool) -> RenderableType:
    """Return a recorded change with the id to review it by."""
    about = f"{told.id} · {phrases.page_name(told.page)}"
    return entry(told.change, told.severity, told.why, about=about, colours=colours)
