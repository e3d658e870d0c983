"""Services × standards → services in scope, each in the group of its level or environment; and the
standards of the columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.extract import headers, rows, services, vocabulary
from pipeline.extract.context import Context
from pipeline.extract.headers import header
from pipeline.extract.rows import Tables
from pipeline.model import Block, Cell, Claim
from pipeline.standards import Mention


@dataclass(frozen=True, slots=True)
class Columns:
    """The standards of each column by its headers, and the innermost headers of each standard."""

    mentions: dict[tuple[str, ...], tuple[Mention, ...]]
    innermost: dict[str, set[str]]

    def are_apart(self, mentions: tuple[Mention, ...]) -> bool:
        """Return whether the innermost header tells columns of one standard apart."""
        return any(len(self.innermost[mention.standard]) > 1 for mention in mentions)


def read(context: Context, body: list[tuple[int, Block]], found: Tables) -> None:
    """Read services × standards: a tick puts the row's service into the scope of its column's."""
    columns = _columns(context, body)
    unknown: dict[str, Block] = {}
    for _, block in body:
        if name := _name(columns, block):
            for cell in block.cells:
                if mentions := columns.mentions[cell.headers]:
                    group = _environment(context, block, cell, columns.are_apart(mentions))
                    made, known = _of_cell(context, block, cell, (name, mentions, group))
                    found.claims += made
                    unknown |= {} if known or cell.text in unknown else {cell.text: block}
    found.claims += _levels(context, body)
    found.not_understood += [
        f"{rows.at(block)}status “{text}” in a table of services is not known"
        for text, block in unknown.items()
    ]


def _columns(context: Context, body: list[tuple[int, Block]]) -> Columns:
    heads = {
        cell.headers: context.topic_of(header(cell)) for _, block in body for cell in block.cells
    }
    innermost: dict[str, set[str]] = defaultdict(set)
    for names, mentions in heads.items():
        for mention in mentions:
            innermost[mention.standard].add(names[-1])
    return Columns(heads, innermost)


def _name(columns: Columns, block: Block) -> str:
    """Return what a row names: its first text that is no mark and stands below no standard."""
    names = (
        cell.text
        for cell in block.cells
        if not columns.mentions[cell.headers] and not vocabulary.TICK.match(cell.text)
    )
    return next(filter(None, names), "")


def _of_cell(
    context: Context,
    block: Block,
    cell: Cell,
    of: tuple[str, tuple[Mention, ...], str | None],
) -> tuple[list[Claim], bool]:
    """Return what a cell claims of its row's service, standards and group, and whether its words
    are known.

    It is a tick, says "out of scope", or names the level instead of a tick ("High", "IL5").
    """
    name, mentions, group = of
    if level := _level_of(context, cell, mentions):
        # An edition is the certificate's, whichever service it covers;
        # a level is where the service runs.
        made = services.listed(
            services.Entry(name, block, group=level.level and cell.text), mentions, "in"
        )
        return [*made, rows.listed(level, block, cell.text)], True
    if vocabulary.TICK.match(cell.text) or vocabulary.OUT_OF_SCOPE.search(cell.text):
        scope, notes = _scope(cell), _notes(block, cell)
        return list(
            services.listed(services.Entry(name, block, group=group, notes=notes), mentions, scope)
        ), True
    empty = vocabulary.BLANK.match(cell.text) or vocabulary.NO.match(cell.text)
    return [], bool(empty or vocabulary.NOT_TICK.search(cell.text))


def _level_of(context: Context, cell: Cell, mentions: tuple[Mention, ...]) -> Mention | None:
    """Return the level or edition of its column's standard that a cell is instead
    of a tick ("High", "IL5", "2022").

    None for any other cell.
    """
    text = cell.text.strip(" *")
    if len(mentions) != 1 or not text:
        return None
    known = context.catalogue.get(mentions[0].standard)
    if known and text in known.years:
        return mentions[0]._replace(edition=text)
    found = context.catalogue.levels(text, mentions[0].standard)
    whole = len(found) == 1 and found[0].end - found[0].start == len(text)
    return mentions[0]._replace(level=found[0].level) if whole else None


def _levels(context: Context, body: list[tuple[int, Block]]) -> Iterator[Claim]:
    """Yield the claims that ticks make below columns with a level or edition ("FedRAMP High"), each
    at its first tick."""
    ticked: dict[tuple[str, ...], tuple[Cell, Block]] = {}
    for _, block in body:
        for cell in block.cells:
            if vocabulary.TICK.match(cell.text):
                ticked.setdefault(cell.headers, (cell, block))
    for cell, block in ticked.values():
        topics = {mention.standard for mention in context.topic_of(header(cell))}
        for mention in context.mentions(header(cell)):
            if mention.standard in topics and (mention.level or mention.edition):
                yield rows.listed(mention, block, cell.headers[-1])


def _scope(cell: Cell) -> str:
    return "out" if vocabulary.OUT_OF_SCOPE.search(cell.text) else "in"


def _notes(block: Block, cell: Cell) -> tuple[str, ...]:
    ticked = vocabulary.TICK.match(cell.text)
    condition = (ticked["condition"],) if ticked and ticked["condition"] else ()
    return (*condition, *cell.notes, *(block.cells[0].notes if cell is not block.cells[0] else ()))


def _environment(context: Context, block: Block, cell: Cell, apart: bool) -> str | None:
    """Return what groups a tick: the level in its column ("FedRAMP High", "IL5"), the environment
    above it ("Commercial"), else the heading row above the service ("Compute"). None when the table
    prints none of them.

    `apart` says that the innermost header is what tells columns of one standard apart.
    """
    own = [text for text in cell.headers if text not in block.cells[0].headers]
    if own and (apart or _has_level(context, own[-1])):
        return own[-1]
    plain = [
        t
        for t in own
        if not context.topic_of(t)
        and not headers.STANDARDS.search(t)
        and not vocabulary.IN_SCOPE.search(t)
    ]
    category = [text for text in cell.headers if text in block.cells[0].headers]
    return next(iter((*plain, *category)), None)


def _has_level(context: Context, text: str) -> bool:
    """Return whether a column is for a level that says where services run; a report's type does
    not."""
    levels = (mention.level for mention in context.mentions(text))
    return any(level and not level.startswith("Type") for level in levels)


def transposed(context: Context, body: list[tuple[int, Block]], found: Tables) -> None:
    """Read standards × services: the standards stand in the first column, the services above the
    ticks."""
    levels: dict[str, set[str]] = defaultdict(set)
    for _, block in body:
        for mention in context.topic_of(block.cells[0].text):
            levels[mention.standard].add(block.cells[0].text)
    for _, block in body:
        label = block.cells[0]
        ticked = [
            cell for cell in block.cells[1:] if header(cell) and vocabulary.TICK.match(cell.text)
        ]
        if ticked:
            found.claims += rows.ticked(context, block, label)
        for cell in ticked:
            mentions = context.topic_of(label.text)
            apart = any(len(levels[m.standard]) > 1 for m in mentions)
            found.claims += services.listed(
                services.Entry(
                    header(cell),
                    block,
                    group=label.text if apart or _has_level(context, label.text) else None,
                    notes=_notes(block, cell),
                    source=label.text,
                ),
                mentions,
                "in",
            )
