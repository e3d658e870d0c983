"""Tables of suppliers: their columns are known by their headers, by what stands
in them where those say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.extract.outline import Outline
from pipeline.extract.suppliers import described, lexis, phrases
from pipeline.extract.suppliers.described import Told
from pipeline.model import Block, Cell, Claim

Body = list[tuple[int, Block]]
_LONGEST_NAME = 14
"""Words of a cell beyond which it tells a story and is no name."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which cells of a row tell what, by their place.

    `marks` are columns below a standard's name.
    """

    name: int
    purpose: tuple[int, ...] = ()
    location: int | None = None
    standards: tuple[int, ...] = ()
    marks: tuple[int, ...] = ()

    @property
    def tells(self) -> bool:
        """Return whether the table says what somebody does, where, or what it holds,
        in a column of that name.
        """
        return bool(self.purpose or self.location is not None or self.standards)


def head(cell: Cell) -> str:
    """Return the innermost header of a cell."""
    return cell.headers[-1] if cell.headers else ""


def group(cell: Cell) -> str:
    """Return the row that heads a group of rows, above the columns' names."""
    return cell.headers[-2] if len(cell.headers) > 1 else ""


def of(outline: Outline, body: Body) -> Columns:
    """Return what the columns of a table tell."""
    first = max((block for _, block in body), key=lambda block: len(block.cells))
    heads = [head(cell) for cell in first.cells]
    roles = [lexis.role(text) if text else None for text in heads]
    if not any(heads):
        return _unheaded(body, len(first.cells))
    named = [place for place, role in enumerate(roles) if role == "name"]
    name = named[0] if named else 0
    rest = [place for place in range(len(heads)) if place != name]
    marks = [p for p in rest if heads[p] and outline.context.topic_of(heads[p])]
    where = [p for p in rest if roles[p] == "location"] or [p for p in rest if roles[p] == "home"]
    does = [p for p in rest if roles[p] == "purpose" and p not in marks]
    plainly = [p for p in does if phrases.says("column.plainly", heads[p])]
    return Columns(
        name,
        tuple((plainly or does)[:1]),
        where[0] if where else None,
        tuple(p for p in rest if roles[p] == "standards" and p not in marks),
        tuple(marks),
    )


def _unheaded(body: Body, width: int) -> Columns:
    """Return the columns of a table without a header: names first, then a column of places,
    and what else is said.
    """
    places = [
        place
        for place in range(1, width)
        if sum(lexis.is_place(b.cells[place].text) for _, b in body if place < len(b.cells))
        > len(body) / 2
    ]
    rest = tuple(place for place in range(1, width) if place not in places)
    return Columns(0, rest, places[0] if places else None)


def claims(outline: Outline, body: Body) -> list[Claim]:
    """Return the suppliers of a table that lists them, a row each; or one,
    where its rows tell of one.
    """
    one = _turned(outline, body)
    if one is not None:
        return [one]
    columns = of(outline, body)
    found: list[Claim] = []
    for index, block in body:
        name = _name(block, columns)
        if name:
            found.append(described.claim(name, _told(outline, index, block, columns), block))
    return found


def _name(block: Block, columns: Columns) -> str:
    """Return whom a row names: the link that its cell begins with, else the cell;
    "" for a row that heads others.
    """
    if columns.name >= len(block.cells):
        return ""
    cell = block.cells[columns.name]
    text = cell.text
    linked = next(
        (link.text for link in cell.links if link.text and text.startswith(link.text)), ""
    )
    if linked and text[len(linked) :].lstrip()[:1] in (";", "|", "–", "-"):
        text = linked
    first = text.partition("; ")[0]
    text = first if lexis.is_name(first) else text  # a line for the name, others for its address
    alone = len(block.cells) > 1 and all(
        lexis.is_blank(other.text) for other in block.cells if other is not cell
    )
    if (
        lexis.is_label(text)
        or lexis.is_blank(text)
        or len(text.split()) > _LONGEST_NAME
        or text in cell.headers
    ):
        return ""
    return "" if alone and not lexis.is_name(text) else text


def _told(outline: Outline, index: int, block: Block, columns: Columns) -> Told:
    cells, context = block.cells, outline.context

    def at(place: int | None) -> str:
        text = cells[place].text if place is not None and place < len(cells) else ""
        return "" if lexis.is_blank(text) else text

    held = [s for p in columns.standards for s in described.held(context, at(p))]
    for place in columns.marks:
        if described.ticked(at(place)):
            held += [mention.standard for mention in context.topic_of(head(cells[place]))]
        else:
            held += described.held(context, at(place))
    purposes = [at(place) for place in columns.purpose]
    held += [s for text in purposes for s in described.held(context, text)]
    purpose = "; ".join(dict.fromkeys(filter(None, purposes))) or group(cells[columns.name])
    above = (outline.context.lead(index).strip(" :"), *reversed(block.section))
    purpose = purpose or next(filter(lexis.is_doing, above), "")
    return Told(purpose or None, at(columns.location) or None, tuple(dict.fromkeys(held)))


def _turned(outline: Outline, body: Body) -> Claim | None:
    """Return the one supplier of a table whose first column says what the second one tells: "Name |
    Acme".
    """
    pairs = [b.cells for _, b in body if len(b.cells) == 2 and not any(c.headers for c in b.cells)]
    if len(pairs) != len(body):
        return None
    by_role = {lexis.role(label.text): value.text for label, value in reversed(pairs)}
    name = by_role.get("name")
    if not name or not {"purpose", "location"} & by_role.keys():
        return None
    place = by_role.get("location") or by_role.get("home")
    standards = described.held(outline.context, by_role.get("standards", ""))
    return described.claim(name, Told(by_role.get("purpose"), place, standards), body[0][1])
