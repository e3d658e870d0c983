"""Table rows → standards, and services × standards.

Cells are bound by the texts of their headers, never by position.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from pipeline import words
from pipeline.extract import (
    headers,
    judged,
    listings,
    matrices,
    papers,
    questions,
    remarks,
    rows,
    services,
    statuses,
    suppliers,
    vocabulary,
)
from pipeline.extract.context import Context
from pipeline.extract.headers import header
from pipeline.extract.outline import Outline, Unit, is_name
from pipeline.extract.rows import Tables
from pipeline.model import Block, Cell, Claim

_SERVICES = re.compile(
    r"\b(?:services?|products?|features?|offerings?|platforms?|applications?|components?"
    r"|plans?|solutions?|modules?|name|workloads?|systems?|sdks?)\b",
    re.IGNORECASE,
)

_SITES = re.compile(
    r"^(?:our )?(?:sites?|campus(?:es)?|data ?cent(?:er|re)s?|facilit(?:y|ies)|locations?"
    r"|offices?|plants?|buildings?"
    r"|standorte?|rechenzentr(?:um|en)|centres? de données|sedes?)$",
    re.IGNORECASE,
)
_CERTIFICATES = re.compile(
    r"^(?:our |held )?(?:certificat\w+|standards?|accreditations?|attestations?|compliance"
    r"|zertifi\w+)(?: held)?$",
    re.IGNORECASE,
)
"""Columns of a table of the vendor's own places, and of what each holds."""
_REMARKS = re.compile(
    r"^(?:notes?|comments?|remarks?|conditions?|limitations?|restrictions?|exceptions?)$",
    re.IGNORECASE,
)


def read(outline: Outline) -> Tables:
    """Read every table of a page but those of suppliers, who hold what stands there."""
    context = outline.context
    tables: dict[int, list[tuple[int, Block]]] = defaultdict(list)
    for index, block in context.indexed("row"):
        tables[block.group].append((index, block))
    found = Tables()
    for body in tables.values():
        if not suppliers.are_listed(outline, body):
            _read(outline, body, found)
    found.claims = _apart(context, found.claims)
    return found


def _apart(context: Context, claims: list[Claim]) -> list[Claim]:
    """Return the services of tables, kept apart by the headings above them
    where they list services for one standard twice.

    A page shows the public cloud's services in one table and the government's in another; what is
    told by a level or an environment within a table is apart already. A heading that names an
    environment says so for one table too.
    """
    places: dict[str | None, set[str]] = defaultdict(set)
    for claim in claims:
        if claim.kind == "service" and (head := _heading(context, claim)):
            places[claim.standard].add(head)
    several = {head for heads in places.values() if len(heads) > 1 for head in heads}
    return [
        replace(claim, group=head)
        if claim.kind == "service"
        and claim.group is None
        and (head := _heading(context, claim))
        and (head in several or listings.is_environment(head))
        else claim
        for claim in claims
    ]


def _heading(context: Context, claim: Claim) -> str | None:
    """Return the heading that a table's services stand under, None for the page's own
    or one that names a standard.
    """
    section = claim.source.section
    head = section[-1] if len(section) > 1 else None
    return None if head is None or context.topic_of(head) else head


def _read(outline: Outline, body: list[tuple[int, Block]], found: Tables) -> None:
    context = outline.context
    if questions.asked(body):
        answered = judged.answers(outline, body)
        for index, block in body:
            found.remarks += questions.units(outline, index, block)
        found.claims += answered.claims
        found.not_understood += answered.not_understood
        return
    columns = {
        header(cell): context.topic_of(header(cell))
        for _, block in body
        for cell in block.cells[1:]
    }
    bound = {
        name
        for name, mentions in columns.items()
        if mentions and not headers.REFERENCE.search(name)
    }
    labels = [context.topic_of(block.cells[0].text) for _, block in body if block.cells]
    stated = all(headers.STATUS.search(name) for name in bound)
    if not any(labels) and stated and statuses.read(outline, body, found):
        return
    if bound and sum(map(bool, labels)) <= len(labels) / 2 and _answers(body, bound):
        matrices.read(context, body, found)
        return
    if any(labels) and _ticked(body) and not bound and sum(map(bool, labels)) > len(labels) / 2:
        matrices.transposed(context, body, found)
        return
    for index, block in body:
        if titled := remarks.titled(outline, block):
            _below(outline, list(remarks.below(outline, index, block, *titled)), found)
        elif sited := list(_of_site(context, block)):
            found.claims += sited
        elif not _scopes(context, index, block, found):
            rows.row(outline, index, block, found)


def _below(outline: Outline, told: list[Unit], found: Tables) -> None:
    """Read the sentences below a standard's name in a cell of a layout as those of a card."""
    made = judged.sentences(outline, told)
    found.claims += made.claims
    found.not_understood += made.not_understood
    found.remarks += told


def _of_site(context: Context, block: Block) -> Iterator[Claim]:
    """Yield what a row of the vendor's own places lists as held there:
    "Slough West | 14 MW | ISO 27001, PCI DSS".
    """
    if not block.cells or not _SITES.match(header(block.cells[0])):
        return
    for cell in block.cells[1:]:
        mentions = context.topic_of(cell.text) if _CERTIFICATES.match(header(cell)) else ()
        if mentions and is_name(cell.text, mentions):
            yield from (rows.listed(mention, block, cell.text) for mention in mentions)


def _answers(body: list[tuple[int, Block]], bound: set[str]) -> bool:
    """Return whether the cells below the standards answer yes, no or a status rather
    than telling a story.
    """
    cells = [cell.text for _, block in body for cell in block.cells[1:] if header(cell) in bound]
    short = [text for text in cells if len(text.split()) <= 6]
    return bool(cells) and len(short) >= 0.7 * len(cells)


def _ticked(body: list[tuple[int, Block]]) -> bool:
    cells = [cell for _, block in body for cell in block.cells[1:]]
    marks = [
        cell
        for cell in cells
        if vocabulary.TICK.match(cell.text)
        or vocabulary.BLANK.match(cell.text)
        or vocabulary.NO.match(cell.text)
    ]
    columns = {header(cell) for cell in cells if header(cell)}
    return (
        len(columns) >= 2
        and len(marks) >= 0.6 * max(len(cells), 1)
        and not any(headers.STATUS.search(column) for column in columns)
    )


def _scopes(context: Context, index: int, block: Block, found: Tables) -> bool:
    """Read the cells below "In-scope services", and lists of standards behind a service;
    return whether there were any.
    """
    label = next((cell for cell in block.cells if cell.text), None)
    scoped = {
        cell: scope for cell in block.cells if (scope := _listing(context, index, block, cell))
    }
    for cell, scope in scoped.items():
        mentions = context.topic_of(label.text) if label and label is not cell else ()
        group = (
            label.text
            if label and label is not cell and not mentions and _tells_scope(cell)
            else None
        )
        mentions = (
            mentions
            or context.topic_of(header(cell))
            or context.topic_of(context.lead(index))
            or context.topic(block)
        )
        for name in services.split(cell.text):
            found.claims += services.listed(
                services.Entry(
                    name, block, group=group, notes=(*cell.notes, *_remarks(block, cell))
                ),
                mentions,
                scope,
            )
        if not mentions:
            found.not_understood.append(
                f"{rows.at(block)}a list of services in scope names no standard"
            )
    if scoped:
        return not (label and context.topic_of(label.text))
    if label and context.topic_of(label.text):
        found.claims += _below_scope(context, block, label)
    return _standards_of_service(context, block, found)


def _below_scope(context: Context, block: Block, label: Cell) -> Iterator[Claim]:
    """Yield the services below a column "Scope" of a row's standard,
    where it prints names and no prose.
    """
    for cell in block.cells:
        if cell is not label and papers.role(header(cell)) == "scope":
            names = services.split(cell.text, sentence=True)
            if all(services.nameable(name) and services.is_titled(name) for name in names):
                for name in names:
                    yield from services.listed(
                        services.Entry(name, block), context.topic_of(label.text), "in"
                    )


def _remarks(block: Block, cell: Cell) -> tuple[str, ...]:
    """Return what the row's column of notes says of the one service that a cell names."""
    said = [
        c.text
        for c in block.cells
        if c is not cell and _REMARKS.search(header(c)) and not vocabulary.BLANK.match(c.text)
    ]
    return tuple(said) if said and len(services.split(cell.text)) == 1 else ()


def _tells_scope(cell: Cell) -> bool:
    return bool(
        vocabulary.IN_SCOPE.search(header(cell)) or vocabulary.OUT_OF_SCOPE.search(header(cell))
    )


def _listing(context: Context, index: int, block: Block, cell: Cell) -> str | None:
    """Return the scope of the services that a cell lists: its column's,
    or that of the lead or heading above a column of services.
    """
    if _tells_scope(cell):
        return listings.scope_of(context, header(cell))
    if not headers.PRODUCTS.search(header(cell)) or any(
        context.topic_of(other.text) for other in block.cells
    ):
        return None
    above = (
        listings.scope_of(context, text)
        for text in (context.lead(index), *block.section[:0:-1][:1])
    )
    return next((scope for scope in above if scope), None)


def _standards_of_service(context: Context, block: Block, found: Tables) -> bool:
    if (
        len(block.cells) < 2
        or not _SERVICES.search(header(block.cells[0]))
        or context.topic_of(block.cells[0].text)
        or not block.cells[0].text
    ):
        return False
    lists = [
        cell
        for cell in block.cells[1:]
        if headers.STANDARDS.search(header(cell))
        and not headers.REFERENCE.search(header(cell))
        and context.topic_of(cell.text)
    ]
    for cell in lists:
        if len(words.sentences(cell.text)) == 1 and not vocabulary.NOT_TICK.search(cell.text):
            found.claims += services.listed(
                services.Entry(block.cells[0].text, block, notes=cell.notes),
                context.topic_of(cell.text),
                "in",
            )
    return bool(lists)
