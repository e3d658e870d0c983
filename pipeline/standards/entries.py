"""TOML files → Standards: what an entry holds, and the rules that it must keep.

Recognises nothing in a text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date
from typing import Any

from pipeline import errors

KINDS = ("law", "framework", "certification", "attestation", "contract", "programme")
EDITION_FORMS = ("year", "version", "revision", "number", "dash", "part")
DEADLINES = (
    "certificates",
    "assessments",
    "submissions",
    "contracts",
    "modules",
    "withdrawal",
    "programme",
)
"""What a day of the issuer ends: certificates of the old edition, new assessments against it,
its modules' validation …
"""
CHECKED_AT = ("issuer", "accreditation body", "third party")
EVERY = "every"
"""The edition of a fact that holds for a whole scheme, whichever edition a page prints."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class EditionFact:
    """What is known of one edition, or of `every` edition: what took its place,
    and what ended with it on which day.

    `until` is the last day of what `deadline` names; from `recommended_from` on the issuer
    recommends the successor. `source` is where the fact was read on `checked_on`, the page of whom
    `checked_at` says.
    """

    edition: str
    source: str
    checked_on: date
    superseded_by: str | None = None
    until: date | None = None
    deadline: str = "certificates"
    recommended_from: date | None = None
    checked_at: str = "issuer"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A wording, and what is read of it: each `also` is a further mention, as a standard's id."""

    text: str
    edition: str | None = None
    level: str | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Standard:
    """One law, framework, scheme or programme.

    `aliases` count in any case of letters, `cased` only as written, `weak` only where the page is
    about this standard or a word of `company` stands in the same text (`*` for any ending: "MDR"
    beside "medical"), `with_level` only when an edition or a level follows at once, and in that
    company if there is one. `decoys` are other things of the same look. `numbers` follow a head of
    the `family`. `companion_of` is the standard beside which a heading names this one by the way
    (an act that amends it). `years` are the editions that may stand behind a mere space. `forms`
    are further spellings of a level. `editions` are the facts known of editions; those without a
    source are not here.
    """

    id: str
    name: str
    issuer: str
    region: str
    kind: str
    href: str
    short: str = ""
    umbrella: str | None = None
    companion_of: str | None = None
    family: str | None = None
    numbers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    cased: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    with_level: tuple[str, ...] = ()
    decoys: tuple[str, ...] = ()
    edition: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    forms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    editions: tuple[EditionFact, ...] = ()
    examples: tuple[Example, ...] = attribute(default=(), repr=False)
    non_examples: tuple[Example, ...] = attribute(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Family:
    """Heads that a number follows ("ISO/IEC" 27001, "SOC" 2);
    the bare head is the `umbrella`, if there is one.
    """

    id: str
    heads: tuple[str, ...]
    umbrella: str | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """All that one or more files hold, in file order."""

    standards: tuple[Standard, ...]
    families: tuple[Family, ...]


_LISTS = (
    "numbers",
    "aliases",
    "cased",
    "weak",
    "company",
    "with_level",
    "decoys",
    "edition",
    "years",
    "levels",
)
_TEXTS = ("id", "name", "issuer", "region", "kind", "href")
_OPTIONAL = ("short", "umbrella", "companion_of", "family")
_DATES = ("checked_on", "until", "recommended_from")
_CHOICES = {"deadline": DEADLINES, "checked_at": CHECKED_AT}
_TABLES = {
    "examples": ({"text"}, {"edition", "level", "other"}, Example),
    "non_examples": ({"text"}, {"other"}, Example),
    "editions": (
        {"edition", "source", "checked_on"},
        {"superseded_by", "until", "deadline", "recommended_from", "checked_at", "note"},
        EditionFact,
    ),
}


def read(name: str, data: bytes) -> Entries:
    """Return what a file of that name holds.

    Raise CatalogueError, which names every fault with its entry and fix.
    """
    try:
        raw = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.CatalogueError(
            f"{name}: not TOML in UTF-8 ({error}); fix that line"
        ) from error
    except RecursionError as error:
        raise errors.CatalogueError(f"{name}: nested deeper than any entry; fix it") from error
    problems = [
        f"{name}: unknown table {key!r}; use [[standard]] or [[family]]"
        for key in raw
        if key not in ("standard", "family")
    ]
    entries = [item for key in ("standard", "family") for item in _tables(raw, key, name, problems)]
    problems += [
        f"{name}: entry {item.get('id', number + 1)!r}: {fault}"
        for number, item in enumerate(entries)
        for fault in _faults(item)
    ]
    if problems:
        raise errors.CatalogueError("\n".join(problems))
    return Entries(
        tuple(_standard(item) for item in raw.get("standard", ())),
        tuple(
            Family(item["id"], tuple(item["heads"]), item.get("umbrella"))
            for item in raw.get("family", ())
        ),
    )


def _tables(raw: dict[str, Any], key: str, name: str, problems: list[str]) -> list[dict[str, Any]]:
    value = raw.get(key, [])
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    problems.append(f"{name}: {key!r} is not a list of tables; write [[{key}]] above each entry")
    return []


def _standard(item: dict[str, Any]) -> Standard:
    values: dict[str, Any] = {key: item[key] for key in (*_TEXTS, *_OPTIONAL) if key in item}
    values |= {key: tuple(item[key]) for key in _LISTS if key in item}
    values |= {
        key: tuple(make(**row) for row in item[key])
        for key, (_, _, make) in _TABLES.items()
        if key in item
    }
    values["forms"] = tuple(
        (level, tuple(spellings)) for level, spellings in item.get("forms", {}).items()
    )
    values["short"] = item.get("short", item["name"])
    return Standard(**values)


def _faults(item: dict[str, Any]) -> Iterator[str]:
    if "heads" in item:
        yield from _family_faults(item)
        return
    for key in _TEXTS:
        if not isinstance(item.get(key), str) or not item[key].strip():
            yield f'{key!r} is missing or no text; add {key} = "…"'
    for key in sorted(item.keys() - {*_TEXTS, *_OPTIONAL, *_LISTS, *_TABLES, "forms"}):
        yield f"unknown key {key!r}; remove it or correct its spelling"
    for key in _OPTIONAL:
        if not isinstance(item.get(key, ""), str):
            yield f'{key!r} must be text; write {key} = "…"'
    wrong = [key for key in _LISTS if not _texts(item.get(key, []))]
    for key in wrong:
        yield f'{key!r} must be a list of texts; write {key} = ["…"]'
    yield from _value_faults({key: value for key, value in item.items() if key not in wrong})
    for key in _TABLES:
        yield from _table_faults(key, item.get(key, []))


def _family_faults(item: dict[str, Any]) -> Iterator[str]:
    if not isinstance(item.get("id"), str) or not _texts(item["heads"]) or not item["heads"]:
        yield 'a family needs id = "…" and heads = ["…"]'
    if not isinstance(item.get("umbrella", ""), str):
        yield "'umbrella' must be text; write the id of an entry"
    for key in sorted(item.keys() - {"id", "heads", "umbrella"}):
        yield f"unknown key {key!r} of a family; remove it"


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _value_faults(item: dict[str, Any]) -> Iterator[str]:
    if isinstance(item.get("id"), str) and not _SLUG.fullmatch(item["id"]):
        yield "'id' must be lower-case words and digits joined by hyphens"
    if item.get("kind") not in KINDS:
        yield f"'kind' must be one of {', '.join(KINDS)}"
    if isinstance(item.get("href"), str) and not item["href"].startswith(("https://", "http://")):
        yield "'href' must be an http(s) address"
    for form in item.get("edition", ()):
        if form not in EDITION_FORMS:
            yield f"'edition' names {form!r}; use {', '.join(EDITION_FORMS)}"
    forms = item.get("forms", {})
    if not isinstance(forms, dict) or not all(_texts(spellings) for spellings in forms.values()):
        yield "'forms' must give each level a list of spellings"
    elif unknown := [level for level in forms if level not in item.get("levels", ())]:
        yield f"'forms' names levels that 'levels' does not list: {', '.join(unknown)}"
    if not any(item.get(key) for key in ("aliases", "cased", "numbers", "with_level")):
        yield 'nothing to recognise it by; add aliases = ["…"]'
    if item.get("company") and not (item.get("weak") or item.get("with_level")):
        yield "'company' is for 'weak' and 'with_level'; add one of them or drop it"
    for key in ("examples", "non_examples"):
        if not item.get(key):
            yield f"needs at least one of {key!r}"


def _table_faults(key: str, rows: object) -> Iterator[str]:
    needed, allowed, _ = _TABLES[key]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield f"{key!r} must be a list of tables"
        return
    for number, row in enumerate(rows, 1):
        if missing := needed - row.keys():
            yield f"{key} {number} lacks {', '.join(sorted(missing))}"
        if unknown := row.keys() - needed - allowed:
            yield f"{key} {number} has unknown {', '.join(sorted(unknown))}"
        for name, value in row.items():
            wanted = date if name in _DATES else str
            if name in needed | allowed and not isinstance(value, wanted):
                yield (
                    f"{key} {number}: {name!r} must be a "
                    f"{'date (2025-10-31)' if wanted is date else 'text'}"
                )
        if key == "editions":
            yield from (f"{key} {number}: {fault}" for fault in _fact_faults(row))


def _fact_faults(row: dict[str, Any]) -> Iterator[str]:
    if not str(row.get("source", "https://")).startswith("https://"):
        yield "'source' must be the https address of the page that says so"
    for name, choices in _CHOICES.items():
        if row.get(name, choices[0]) not in choices:
            yield f"{name!r} must be one of {', '.join(choices)}"
    if "deadline" in row and "until" not in row:
        yield "'deadline' says what ends on a day; add until = 2025-10-31"
