"""What the tables of a config say of each other → one line for each problem:
`key: what is wrong; the fix`.

Looks at the tables as they stand in the file, those with other faults too,
so that every problem shows at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from pipeline import egress, words
from pipeline.config import building
from pipeline.model import Claim

Rows = list[tuple[int, dict[str, str]]]
"""The tables of a list with the keys that hold text, each with its place in the file."""

SOME = 5
"""So many names are listed where none is like the one that was given."""
FIELDS = ("link", *(field.name for field in fields(Claim) if field.name not in ("kind", "source")))
"""What a change may have changed; a link is one of the text, which belongs to no claim."""


def problems(raw: dict[str, Any], tables: dict[str, Any], *, growing: bool) -> Iterator[str]:
    """Yield the problems between the tables of a parsed file.

    `tables` are those that are valid by themselves.

    Where the file is `growing`, the pages and vendors that its rules are about may still come.
    """
    pages, rules, alerts = (rows(raw, name) for name in ("pages", "rules", "alerts"))
    yield from _duplicates(pages)
    if not growing:
        for table in ("rules", "requirements", "alerts"):
            yield from _strangers(table, raw, pages)
        yield from _ownerless(alerts, raw)
    yield from _unknown("rules", rules, "field", FIELDS, "is no field of a change")
    yield from _unreachable(alerts, raw, tables)
    yield from _same_names(alerts)


def rows(raw: dict[str, Any], name: str) -> Rows:
    """Return the tables of a list, without what is no text in them."""
    given = raw.get(name)
    return [
        (index, {key: value for key, value in item.items() if isinstance(value, str)})
        for index, item in enumerate(given if isinstance(given, list) else [])
        if isinstance(item, dict)
    ]


def each(raw: dict[str, Any], name: str) -> Rows:
    """Return the tables of a list, one that has several values for a key once for each of them."""
    given = raw.get(name)
    return [
        (index, {key: value})
        for index, item in enumerate(given if isinstance(given, list) else [])
        if isinstance(item, dict)
        for key, values in item.items()
        for value in (values if isinstance(values, list) else [values])
        if isinstance(value, str)
    ]


def about_standards(raw: dict[str, Any]) -> list[tuple[str, str, Rows]]:
    """Return the tables and keys that name standards, with their rows."""
    keys = (("rules", "standard"), ("requirements", "standards"), ("alerts", "standard"))
    found = [
        (table, key, [row for row in each(raw, table) if row[1].get(key)]) for table, key in keys
    ]
    return [(table, key, named) for table, key, named in found if named]


def standards(raw: dict[str, Any], names: Iterable[str]) -> Iterator[str]:
    """Yield what is about a standard that is none of those names."""
    known = tuple(names)
    for table, key, named in about_standards(raw):
        yield from _unknown(table, named, key, known, "is in no catalogue")


def instead(name: str, names: Iterable[str], most: int = 3) -> str:
    """Return what to write in place of a name that there is not: the nearest,
    else some of those there are.
    """
    known = tuple(names)
    if near := words.nearest(name, known, most):
        return "; did you mean {}?".format(" or ".join(f'"{one}"' for one in near))
    more = f" and {len(known) - SOME} more" if len(known) > SOME + 1 else ""
    some = known[:SOME] if more else known
    return f"; there are {', '.join(some)}{more}" if known else "; there are none"


def _duplicates(pages: Rows) -> Iterator[str]:
    first: dict[str, int] = {}
    for index, page in pages:
        if (other := first.setdefault(page.get("id", f"[{index}]"), index)) != index:
            said = f'"{page["id"]}" is the id of pages[{other}] too'
            yield f"pages[{index}].id: {said}; ids are unique, take another"


def _strangers(table: str, raw: dict[str, Any], pages: Rows) -> Iterator[str]:
    """Yield what is about a page, vendor, owner or tier that there is not:
    it would never apply, and nobody would know.
    """
    named = each(raw, table)
    conditions = ("page", "vendor", *(("owner", "tier") if table == "alerts" else ()))
    for key in conditions:
        of = "id" if key == "page" else key
        known = tuple(dict.fromkeys(page[of] for _, page in pages if of in page))
        yield from _unknown(table, named, key, known, f"is no {key} of this file")


def _ownerless(alerts: Rows, raw: dict[str, Any]) -> Iterator[str]:
    """Yield the alerts to owners where no page has one that mail can go to."""
    if not building.owners(row for _, row in rows(raw, "pages")):
        for index, alert in alerts:
            if alert.get("to") == building.OWNER:
                yield (
                    f"alerts[{index}].to: no page of this file has an owner that is a "
                    "mail address; "
                    'write owner = "name@example.org" in [[pages]]'
                )


def _unknown(
    table: str, named: Rows, key: str, known: tuple[str, ...], wrong: str
) -> Iterator[str]:
    folded = {words.fold(name) for name in known}
    for index, row in named:
        if (name := row.get(key)) and words.fold(name) not in folded:
            yield f'{table}[{index}].{key}: "{name}" {wrong}{instead(name, known)}'


def _unreachable(alerts: Rows, raw: dict[str, Any], tables: dict[str, Any]) -> Iterator[str]:
    """Yield the recipients that nothing could be sent to: mail without a server,
    plain http to the open internet.
    """
    valid = {index for index, _ in tables["alerts"]}
    allow = tables["fetch"].allow if tables["fetch"] else None
    for index, alert in alerts:
        place = f"alerts[{index}]"
        keys = (f"{place}.to", f"{place}.secret_env")
        yield from _unsent(alert, keys, raw, allow if index in valid else None)
    monitor = raw["monitor"] if isinstance(raw.get("monitor"), dict) else {}
    to, secret = (str(monitor.get(name) or "") for name in ("canary", "canary_secret_env"))
    if to == building.OWNER:
        yield "monitor.canary: our own page has no owner; write an address"
    elif to:
        keys = ("monitor.canary", "monitor.canary_secret_env")
        yield from _unsent({"to": to, "secret_env": secret}, keys, raw, allow)
    elif secret:
        yield "monitor.canary_secret_env: signs the canary's webhook; add canary, or take it out"


def _unsent(
    alert: dict[str, Any], keys: tuple[str, str], raw: dict[str, Any], allow: list[str] | None
) -> Iterator[str]:
    """Yield why nothing could be sent to an address, under the keys of the address and of the
    variable that signs.
    """
    to = alert.get("to", "")
    mail = to.startswith("mailto:") or to == building.OWNER
    http = to.lower().startswith("http://")
    if mail and "smtp" not in raw:
        yield f"{keys[0]}: mail needs a server; add [smtp] with host and from"
    if http and allow is not None and not _is_allowed(to, allow):
        yield (f"{keys[0]}: http is not encrypted; write https, or name the host in fetch.allow")
    if mail and alert.get("secret_env"):
        yield f"{keys[1]}: signs webhooks, not mail; take it out"


def _same_names(alerts: Rows) -> Iterator[str]:
    """Yield the recipients that share a name but not an address:
    what waits for one would go to the other.
    """
    first: dict[str, tuple[int, str]] = {}
    for index, alert in alerts:
        if (to := alert.get("to")) is None:
            continue
        other, address = first.setdefault(alert.get("name") or to, (index, to))
        if address != to:
            said = f'"{alert["name"]}" is the name of alerts[{other}] too'
            yield f"alerts[{index}].name: {said}; take another"


def _is_allowed(url: str, allow: list[str]) -> bool:
    address = egress.checked(url)
    return egress.allowed(address.host, address.port or 80, allow)
