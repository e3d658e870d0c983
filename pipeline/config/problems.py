"""What is wrong in a config → one line each: file, key, what is wrong, the fix.

Finds every problem, stops at none.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.config import between, kinds, shape

Tables = dict[str, Any]
"""The tables that are valid: a model for each, a list of (index, model) for each list of tables."""

_EXAMPLE = {
    "name": 'name = "ana"',
    "password": 'password = "…", as `claimwatch serve --hash` prints it',
    "id": 'id = "example-page"',
    "url": 'url = "https://…"',
    "severity": 'severity = "high"',
    "to": 'to = "mailto:grc@example.org"',
}
_EXAMPLE |= {"host": 'host = "mail.example.org"', "from": 'from = "claimwatch@example.org"'}
_TYPES = {
    "string_type": 'must be text; write it in quotes, as "…"',
    "int_type": "must be a whole number, without quotes",
    "float_type": "must be a number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "list_type": 'must be a list; write ["…"]',
    "string_too_short": "is empty; write a value, or take the key out",
    "string_too_long": "is too long; take at most 128 characters",
    "string_pattern_mismatch": "holds a line break or control character; take it out",
}


def found(raw: dict[str, Any], *, growing: bool = False) -> tuple[Tables, list[str]]:
    """Return the valid tables of a parsed file, and every problem
    as `key: what is wrong; the fix`.
    """
    problems = [
        f"{name}: unknown table{between.instead(name, shape.TABLES, 1)}"
        for name in raw
        if name not in shape.TABLES
    ]
    tables: Tables = {}
    for name, model in shape.TABLES.items():
        if name in shape.LISTS:
            tables[name] = _list(name, model, raw.get(name, []), problems)
        elif name in raw or name != "smtp":
            tables[name] = _table(name, model, raw.get(name, {}), problems)
    problems += between.problems(raw, tables, growing=growing)
    return tables, problems


def of_page(fields: dict[str, Any]) -> list[str]:
    """Return the problems of one page's keys, as of the table `page`."""
    lines: list[str] = []
    _table("page", shape.Page, fields, lines)
    return lines


def _list(
    name: str, model: type[shape.Table], given: object, problems: list[str]
) -> list[tuple[int, Any]]:
    if not isinstance(given, list):
        problems.append(f"{name}: must be a list of tables; write [[{name}]]")
        return []
    read = []
    for index, item in enumerate(given):
        found: list[str] = []
        read.append((index, _table(f"{name}[{index}]", model, item, found)))
        problems += (line + _called(name, item, line) for line in found)
    return [(index, table) for index, table in read if table is not None]


def _called(name: str, item: object, line: str) -> str:
    """Return which page a problem is of, by its id:
    among a hundred pages nobody counts to the 73rd.
    """
    given = item.get("id") if isinstance(item, dict) else None
    known = name == "pages" and isinstance(given, str) and kinds.is_id(given)
    return f' (page "{given}")' if known and ".id: " not in line else ""


def _table(place: str, model: type[shape.Table], given: object, problems: list[str]) -> Any:
    if not isinstance(given, dict):
        problems.append(f"{place}: must be a table; write [{place}] above its keys")
        return None
    try:
        made = model.model_validate(given)
    except ValidationError as error:
        problems += [_line(place, detail, model) for detail in error.errors()]
        made = None
    problems += [f"{place}: {clash}" for clash in model.clashes(given)]
    return made


def _line(place: str, detail: ErrorDetails, model: type[shape.Table]) -> str:
    path = [part for part in detail["loc"] if part != "[key]"]
    key = place + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    kind = detail["type"]
    if kind == "extra_forbidden":
        names = [field.alias or name for name, field in model.model_fields.items()]
        return f"{key}: unknown key{between.instead(last, names, 1)}"
    if kind == "missing":
        return f"{key}: is missing; add {_EXAMPLE.get(last, last)}"
    if kind == "literal_error":
        return (
            f'{key}: "{detail["input"]}" is not one of '
            f"{detail['ctx']['expected'].replace(chr(39), '').replace(' or ', ', ')}"
        )
    if kind == "value_error":
        return f"{key}: {_quoted(key, detail['input'])}{detail['ctx']['error']}"
    if kind in _TYPES:
        return f"{key}: {_TYPES[kind]}"
    return f"{key}: {detail['input']} is out of bounds; it {detail['msg'].replace('Input s', 's')}"


def _quoted(key: str, value: object) -> str:
    # A password may stand in an address, or where the name of its variable should, and a webhook's
    # address often is its own secret, however badly it was copied; an error may end up in anybody's
    # log.
    if (
        not isinstance(value, str)
        or "_env" in key
        or key.endswith(".password")
        or ("@" in value and "://" in value)
    ):
        return ""
    return "" if key.endswith((".to", ".ping")) and "/" in value else f'"{value}" '
