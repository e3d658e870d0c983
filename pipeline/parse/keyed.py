"""JSON → a tree: keys are headings, lists of objects are tables, other lists are lists.

It knows no one's schema.

A key is written as words (`validUntil` as "valid until");
a text that is HTML itself is read as such.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from pipeline import errors, words
from pipeline.parse import plain, tree
from pipeline.parse.tree import Node, element

DEEPEST = 40
"""How deep objects and lists may nest; no person reads what is deeper."""
WIDEST = 60
"""Columns of a table; objects that have more keys among them are told one after the other."""
SPARSE = 10
"""Cells of a table for each that is filled, beyond which its objects have little in common."""
TITLES = (
    "title",
    "name",
    "company",
    "organization",
    "organisation",
    "vendor",
    "provider",
    "product",
)
LABELS = ("title", "name", "label", "displayname", "standard", "framework", "id")
ADDRESSES = ("url", "href", "link", "uri")
_HTML = re.compile(
    r"</?(?:a|p|br|ul|ol|li|b|i|strong|em|h[1-6]|div|span|table)\b[^<>]*>", re.IGNORECASE
)
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_BY_MACHINE = re.compile(r"[A-Za-z0-9_.-]+")
_JOINT = re.compile(r"(?<=[A-Za-z])[._-]+|[._-]+(?=[A-Za-z])|_+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

Value = Any
"""A text, a truth, None, a list of values, or an object."""
_Row = dict[str, list[Value]]
"""The values of an object by column, most often one each."""


@dataclass(frozen=True, slots=True)
class _Object:
    """A JSON object: its keys in order, each as often as it stands there.

    Empty values are left out.
    """

    pairs: tuple[tuple[str, Value], ...]

    def under(self, names: tuple[str, ...]) -> str | None:
        """Return the first text that stands under one of these keys."""
        by_name = {key.lower(): value for key, value in reversed(self.pairs)}
        found = (by_name.get(name) for name in names)
        return next((value for value in found if isinstance(value, str)), None)


def is_json(text: str) -> bool:
    """Say whether a text is a JSON object or list; Markdown may begin with a bracket too."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def read(text: str) -> tuple[str | None, Node]:
    """Return the title of a JSON text, None where none of its keys names one, and its tree.

    Raises errors.ParseError with the line where it is no JSON, and where it nests deeper than 40.
    """
    value = _loaded(text)
    title = value.under(TITLES) if isinstance(value, _Object) else None
    root = element("root")
    if title is not None:
        root.append(element("h1", title))
    for part in _written(value, 2):
        root.append(part)
    return title, root


# --------------------------------------------------------------------------- JSON


def _loaded(text: str) -> Value:
    """Return what a JSON text holds, numbers as they are printed: `4.0` is an edition."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and (rows := _each_line(text)) is not None:
            value = rows
        else:
            raise errors.ParseError(
                f"line {error.lineno}: is not JSON: {error.msg}; "
                "correct the page's address or format"
            ) from error
    except RecursionError:
        value = None
    if value is None or _depth(value) > DEEPEST:
        raise errors.ParseError(
            f"objects and lists are nested more than {DEEPEST} deep: "
            "watch a page for people instead"
        )
    return value


def _each_line(text: str) -> list[Value] | None:
    """Return the values of a text with one on each line (JSON Lines), None where it is none."""
    try:
        return [
            json.loads(line, object_pairs_hook=_object, parse_float=str, parse_int=str)
            for line in text.splitlines()
            if line.strip()
        ]
    except (ValueError, RecursionError):
        return None


def _object(pairs: list[tuple[str, Value]]) -> _Object:
    return _Object(tuple((key, value) for key, value in pairs if not _empty(value)))


def _empty(value: Value) -> bool:
    return (
        value is None
        or value == []
        or value == _Object(())
        or (isinstance(value, str) and not value.strip())
    )


def _depth(value: Value) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        deepest = max(deepest, depth)
        inner = [part for _, part in one.pairs] if isinstance(one, _Object) else one
        if isinstance(inner, list):
            waiting.extend((part, depth + 1) for part in inner)
    return deepest


# --------------------------------------------------------------------------- as a page


def _written(value: Value, level: int) -> list[Node]:
    """Return the elements that a value is shown as, below a heading of the level above."""
    if isinstance(value, list):
        return _listed(value, level)
    if not isinstance(value, _Object):
        return _paragraphs(value)
    made = []
    for key, inner in value.pairs:
        made.append(element(f"h{min(level, 6)}", _words(key)))
        made += _written(inner, level + 1)
    return made


def _listed(values: list[Value], level: int) -> list[Node]:
    """Return a table of objects, a list of other values.

    What is too wide for a table stands under headings.
    """
    values = [value for value in values if not _empty(value)]
    objects = [value for value in values if isinstance(value, _Object)]
    if not values or len(objects) < len(values):
        return [element("ul", *(element("li", *_within(value)) for value in values))]
    rows = [_flat(value) for value in objects]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    filled = sum(map(len, rows))
    if len(columns) <= WIDEST and len(columns) * len(rows) <= SPARSE * filled:
        return [_table(columns, rows, objects)]
    made = []
    for number, value in enumerate(objects, 1):
        made.append(element(f"h{min(level, 6)}", value.under(LABELS) or str(number)))
        made += _written(value, level + 1)
    return made


def _table(columns: list[str], rows: list[_Row], objects: list[_Object]) -> Node:
    body = element("tbody")
    for row, value in zip(rows, objects, strict=True):
        label, address = value.under(LABELS), value.under(ADDRESSES)
        cells = [row.get(name, []) for name in columns]
        if label and address and _WEB.fullmatch(address) and [label] in cells:
            cells[cells.index([label])] = [_link(address, label)]
        body.append(element("tr", *(element("td", *_cell(values)) for values in cells)))
    head = element("tr", *(element("th", name) for name in columns))
    return element("table", element("thead", head), body)


def _cell(values: list[Value]) -> list[Node | str]:
    return _within(values if len(values) > 1 else next(iter(values), None))


def _flat(value: _Object, above: str = "") -> _Row:
    """Return an object's values by the names of their columns,
    those of an object within it under both names.
    """
    row: _Row = {}
    for key, inner in value.pairs:
        name = f"{above} {_words(key)}".strip()
        parts = _flat(inner, name) if isinstance(inner, _Object) else {name: [inner]}
        for column, values in parts.items():
            row.setdefault(column, []).extend(values)
    return row


def _within(value: Value) -> list[Node | str]:
    """Return what stands in a cell or an item for a value."""
    if value is None or isinstance(value, Node):
        return [value] if value else []
    if isinstance(value, list):
        kept = [one for one in value if not _empty(one)]
        return [element("ul", *(element("li", *_within(one)) for one in kept))]
    if not isinstance(value, _Object):
        return list(_said(value))
    label, address = value.under(LABELS), value.under(ADDRESSES)
    made: list[Node | str] = []
    if label and address and _WEB.fullmatch(address):
        made.append(_link(address, label))
    linked = bool(made)
    for key, inner in value.pairs:
        if not linked or inner not in (label, address):
            made += ["; " if made else "", f"{_words(key)}: ", *_within(inner)]
    return made


def _paragraphs(value: Value) -> list[Node]:
    if isinstance(value, str) and not _HTML.search(value) and not _WEB.fullmatch(value.strip()):
        read = plain.read(value)
        for part in read.elements():
            part.attrs.pop(tree.LINE, None)  # of the text, not of the source
        return [part for part in read.children if isinstance(part, Node)]
    return [element("p", *_said(value))]


def _said(value: Value) -> list[Node | str]:
    """Return a text, number or truth as a page shows it."""
    if isinstance(value, bool):
        return ["Yes" if value else "No"]
    text = str(value)
    if _WEB.fullmatch(text.strip()):
        return [_link(text.strip(), text.strip())]
    if not _HTML.search(text):
        return [text]
    body = tree.read(text).first("body")
    return list(body.children) if body is not None else []


def _link(address: str, text: str) -> Node:
    link = element("a", text)
    link.attrs["href"] = address
    return link


def _words(key: str) -> str:
    """Return a key as words: what was joined for a program is parted.

    What holds a space is a person's already.
    """
    if not _BY_MACHINE.fullmatch(key):
        return words.squeeze(key)
    first, *rest = _CAMEL.sub(" ", _JOINT.sub(" ", key)).split() or [key]
    return " ".join((first, *(part.lower() if part[1:].islower() else part for part in rest)))
