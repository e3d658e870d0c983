"""Standard input → rows of pages to add: a list, a CSV, or what another tool exported."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline import charset, errors
from pipeline.cli import foreign

KEYS = ("id", "url", "vendor", "product", "owner", "tier", "ref")


@dataclass(frozen=True, slots=True)
class Row:
    """A page to add, and where it was asked for: `standard input, line 3`, or the URL itself.

    `fault` says what is wrong with it.

    Beside the keys of a page, `slug` among its fields is what its id is made from;
    `browser` says that a script fills it in, `about` what was found there.
    """

    place: str
    fields: Mapping[str, str]
    fault: str = ""
    browser: bool = False
    about: str = ""


def listed(given: bytes, columns: Mapping[str, str]) -> list[Row]:
    """Return the rows of another tool's export, of a CSV with a header, else one row a line; blank
    lines and comments are passed over. `columns` are our keys by what the CSV calls its columns, in
    lower case.

    Spreadsheets write UTF-8, UTF-16 or windows-1252. Raise ConfigError where the header is wrong;
    a wrong row says so itself.
    """
    text = charset.plain(given, "").replace("\0", " ")
    if (found := foreign.read(text)) is not None:
        return [Row(place, fields) for place, fields in found]
    lines = text.splitlines()
    kept = [line if line.strip() and not line.lstrip().startswith("#") else "" for line in lines]
    first = next((line for line in kept if line), "")
    mark = max(",;\t", key=first.count)
    reader = csv.reader(kept, delimiter=mark)
    read = [
        (reader.line_num, [cell.strip() for cell in row])
        for row in reader
        if any(cell.strip() for cell in row)
    ]
    if not read:
        return []
    header = [name.lower() for name in read[0][1]]
    if columns:
        return list(_mapped(header, read[1:], columns))
    if _is_foreign(header):
        address = "url" if "url" in header else "uri"
        named = next((name for name in foreign.NAMES if name in header), None)
        taken = {address: "url"} | ({named: "slug"} if named else {})
        return list(_mapped(header, read[1:], taken))
    return list(_columns(header, read[1:]) if "url" in header else _urls(read))


def _is_foreign(header: Sequence[str]) -> bool:
    """Say whether a CSV is what Distill or Visualping exports: with columns of their own."""
    other = {*foreign.NAMES, "job id", "jobid", "interval", "frequency"} & {*header}
    return "uri" in header or ("url" in header and bool(other))


def _mapped(
    header: Sequence[str], read: Iterable[tuple[int, list[str]]], columns: Mapping[str, str]
) -> Iterator[Row]:
    """Yield the rows of a CSV of which some columns are ours under other names.

    The others are passed over.
    """
    keys = [columns.get(name, name if name == "url" else "") for name in header]
    problems = [
        f'standard input: has no column "{name}"; there are {", ".join(header)}'
        for name in columns
        if name not in header
    ]
    if "url" not in keys:
        problems.append("standard input: no column is the url; name it, as --columns url=Link")
    if problems:
        raise errors.ConfigError(tuple(problems))
    places = [place for place, key in enumerate(keys) if key]
    yield from _columns(
        [keys[place] for place in places],
        (
            (number, [cells[place] if place < len(cells) else "" for place in places])
            for number, cells in read
        ),
    )


def _columns(header: Sequence[str], read: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    problems = [
        f"standard input: unknown column {name}; there are {', '.join(KEYS)}"
        for name in header
        if name not in (*KEYS, "slug")
    ]
    problems += [
        f"standard input: the column {name} stands twice; keep one"
        for name in KEYS
        if header.count(name) > 1
    ]
    if problems:
        raise errors.ConfigError(tuple(problems))
    for number, cells in read:
        fields = dict(zip(header, cells, strict=False))
        fault = "" if fields.get("url") else "the url is missing"
        if len(cells) != len(header):
            fault = (
                f"has {len(cells)} columns, the first line {len(header)}; "
                "quote what holds the mark between them"
            )
        yield Row(f"standard input, line {number}", {"url": "", **fields}, fault)


def _urls(read: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    for number, cells in read:
        several = len(cells) > 1 and any(cells[1:])
        fault = (
            f"has {len(cells)} columns and the first line does not name them; "
            f"begin with {','.join(KEYS)}"
            if several
            else ""
        )
        yield Row(f"standard input, line {number}", {"url": cells[0]}, fault)
