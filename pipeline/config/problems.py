"""What is wrong in a config → one line each: file, key, what is wrong, the mend. Finds every problem, stops at none."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline import egress
from pipeline.config import shape

Tables = dict[str, Any]
"""The tables that are valid: a model for each, a list of (index, model) for each list of tables."""

_EXAMPLE = {
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


def found(raw: dict[str, Any]) -> tuple[Tables, list[str]]:
    """Return the valid tables of a parsed file, and every problem as `key: what is wrong; the mend`."""
    problems = [
        f"{name}: unknown table{_nearest(name, shape.TABLES)}"
        for name in raw
        if name not in shape.TABLES
    ]
    tables: Tables = {}
    for name, model in shape.TABLES.items():
        if name in shape.LISTS:
            tables[name] = _list(name, model, raw.get(name, []), problems)
        elif name in raw or name != "smtp":
            tables[name] = _table(name, model, raw.get(name, {}), problems)
    ids = _ids(raw.get("pages"))
    problems += [
        *_duplicates(ids),
        *_strangers(tables["rules"], ids),
        *_unreachable(tables),
        *_same_names(tables["alerts"]),
    ]
    return tables, problems


def of_page(fields: dict[str, Any]) -> list[str]:
    """Return the problems of one page's keys, as of the table `page`."""
    lines: list[str] = []
    _table("page", shape.Page, fields, lines)
    return lines


def _list(
    name: str, model: type[BaseModel], given: object, problems: list[str]
) -> list[tuple[int, Any]]:
    if not isinstance(given, list):
        problems.append(f"{name}: must be a list of tables; write [[{name}]]")
        return []
    read = [
        (index, _table(f"{name}[{index}]", model, item, problems))
        for index, item in enumerate(given)
    ]
    return [(index, table) for index, table in read if table is not None]


def _table(place: str, model: type[BaseModel], given: object, problems: list[str]) -> Any:
    if not isinstance(given, dict):
        problems.append(f"{place}: must be a table; write [{place}] above its keys")
        return None
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problems += [_line(place, detail, model) for detail in error.errors()]
        return None


def _line(place: str, detail: ErrorDetails, model: type[BaseModel]) -> str:
    path = [part for part in detail["loc"] if part != "[key]"]
    key = place + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    kind = detail["type"]
    if kind == "extra_forbidden":
        names = [field.alias or name for name, field in model.model_fields.items()]
        return f"{key}: unknown key{_nearest(last, names)}"
    if kind == "missing":
        return f"{key}: is missing; add {_EXAMPLE.get(last, last)}"
    if kind == "literal_error":
        return f'{key}: "{detail["input"]}" is not one of {detail["ctx"]["expected"].replace(chr(39), "").replace(" or ", ", ")}'
    if kind == "value_error":
        return f"{key}: {_quoted(key, detail['input'])}{detail['ctx']['error']}"
    if kind in _TYPES:
        return f"{key}: {_TYPES[kind]}"
    return f"{key}: {detail['input']} is out of bounds; it {detail['msg'].replace('Input s', 's')}"


def _quoted(key: str, value: object) -> str:
    # A password may stand in an address, or where the name of its variable should, and a webhook's address often is its own
    # secret, however badly it was copied; an error may end up in anybody's log.
    if not isinstance(value, str) or "_env" in key or ("@" in value and "://" in value):
        return ""
    return "" if key.endswith(".to") and "/" in value else f'"{value}" '


def _nearest(name: str, names: Iterable[str]) -> str:
    known = list(names)
    near = difflib.get_close_matches(name, known, 1, 0.5)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f"; there are {', '.join(known)}" if known else "; there are none"


def _ids(pages: object) -> list[tuple[int, str]]:
    """Return the ids as they stand, of pages with other faults too, so that every problem shows at once."""
    items = pages if isinstance(pages, list) else []
    return [
        (index, item["id"])
        for index, item in enumerate(items)
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    ]


def _duplicates(ids: list[tuple[int, str]]) -> list[str]:
    first = {page_id: index for index, page_id in reversed(ids)}
    return [
        f'pages[{index}].id: "{page_id}" is the id of pages[{first[page_id]}] too; ids are unique, take another'
        for index, page_id in ids
        if index != first[page_id]
    ]


def _strangers(rules: list[tuple[int, shape.Rule]], ids: list[tuple[int, str]]) -> list[str]:
    """Name the rules about a page that the file does not have."""
    known = [page_id for _, page_id in ids]
    return [
        f'rules[{index}].page: "{rule.page}" is no page of this file{_nearest(rule.page, known)}'
        for index, rule in rules
        if rule.page is not None and rule.page not in known
    ]


def _unreachable(tables: Tables) -> list[str]:
    """Name the recipients that nothing could be sent to: mail without a server, plain http to the open internet."""
    problems = []
    allow = tables["fetch"].allow if tables["fetch"] else None
    for index, alert in tables["alerts"]:
        if alert.to.startswith("mailto:") and "smtp" not in tables:
            problems.append(
                f"alerts[{index}].to: mail needs a server; add [smtp] with host and from"
            )
        if (
            alert.to.lower().startswith("http://")
            and allow is not None
            and not _is_allowed(alert.to, allow)
        ):
            problems.append(
                f"alerts[{index}].to: http is not encrypted; write https, or name the host in fetch.allow"
            )
        if alert.to.startswith("mailto:") and alert.secret_env:
            problems.append(f"alerts[{index}].secret_env: signs webhooks, not mail; take it out")
    return problems


def _same_names(alerts: list[tuple[int, shape.Alert]]) -> list[str]:
    """Name the recipients that share a name but not an address: what waits for one would go to the other."""
    first: dict[str, tuple[int, str]] = {}
    problems = []
    for index, alert in alerts:
        other, address = first.setdefault(alert.name or alert.to, (index, alert.to))
        if address != alert.to:
            problems.append(
                f'alerts[{index}].name: "{alert.name}" is the name of alerts[{other}] too; take another'
            )
    return problems


def _is_allowed(url: str, allow: list[str]) -> bool:
    address = egress.checked(url)
    return egress.allowed(address.host, address.port or 80, allow)
