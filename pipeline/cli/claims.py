"""Claims and readings → what a person reads of them on a terminal.

Computes nothing that the values do not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.cli import tables
from pipeline.model import (
    Claim,
    Reading,
    Source,
)
from pipeline.report import phrases

HEADINGS = {
    "product": "Products",
    "standard": "Standards",
    "service": "Services",
    "note": "Notes",
    "evidence": "Documents",
    "supplier": "Suppliers",
    "metadata": "Page facts",
}
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
