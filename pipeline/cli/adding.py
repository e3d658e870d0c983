"""`add`: URLs, a list or a CSV of them → `[[pages]]` of the config, its comments kept; nothing is written unless all are valid."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from pipeline import charset, errors, files
from pipeline.cli import options

KEYS = ("id", "url", "vendor", "product", "owner", "tier", "ref")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A page to add, and where it was asked for: `standard input, line 3`, or the URL itself; `fault` says what is wrong with it."""

    place: str
    fields: Mapping[str, str]
    fault: str = ""


@click.command()
@click.argument("urls", nargs=-1)
@click.option("--vendor", help="Whose pages these are.")
@click.option("--product", help="The product that they speak for.")
@click.option("--owner", help="Who follows them up.")
@click.option("--tier", help="How much they matter.")
@click.option("--ref", help="Your own number for them.")
@click.option("--id", "page_id", help="The page's id (one URL only); otherwise made from the URL.")
@click.option(
    "--browser", is_flag=True, help="A script fills them in: read them as a browser shows them."
)
@options.settings
def add(
    settings: options.Settings,
    /,
    urls: tuple[str, ...],
    page_id: str | None,
    browser: bool,
    **shared: str | None,
) -> int:
    """Add pages to the config.

    Its comments stay. Without URLs, a list of them, or a CSV with the columns url, id, vendor, product, owner, tier, ref, is read
    from standard input; a row that is wrong is named by its line. Nothing is written unless every page is valid.
    """
    from pipeline import config

    if page_id and len(urls) != 1:
        raise click.UsageError("--id names one page: give exactly one URL with it")
    path = Path(settings.path)
    known = config.load(path, growing=True).pages
    given = {name: value for name, value in shared.items() if value}
    rows = (
        [Row(url, {"url": url, "id": page_id or ""}) for url in urls]
        if urls
        else listed(sys.stdin.buffer.read())
    )
    taken = {_same(page.url, path.parent) for page in known}
    fresh = [row for row in rows if row.fault or _same(row.fields["url"], path.parent) not in taken]
    tables = _tables(fresh, given, {page.id for page in known}, path.parent)
    _append(path, [table | {"browser": True} if browser else table for table in tables])
    already = f"; {len(rows) - len(fresh)} were there already" if len(rows) > len(fresh) else ""
    click.echo(f"Added {len(fresh)} to {path}{already}.")
    return 0


# --------------------------------------------------------------------------- standard input → rows


def listed(given: bytes) -> list[Row]:
    """Return the rows of a CSV with a header, else one row a line; blank lines and comments are passed over.

    Spreadsheets write UTF-8, UTF-16 or windows-1252. Raise ConfigError where the header is wrong; a wrong row says so itself.
    """
    lines = charset.plain(given, "").replace("\0", " ").splitlines()
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
    return list(_columns(header, read[1:]) if "url" in header else _urls(read))


def _columns(header: Sequence[str], read: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    problems = [
        f"standard input: unknown column {name}; there are {', '.join(KEYS)}"
        for name in header
        if name not in KEYS
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
            fault = f"has {len(cells)} columns, the first line {len(header)}; quote what holds the mark between them"
        yield Row(f"standard input, line {number}", {"url": "", **fields}, fault)


def _urls(read: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    for number, cells in read:
        several = len(cells) > 1 and any(cells[1:])
        fault = (
            f"has {len(cells)} columns and the first line does not name them; begin with {','.join(KEYS)}"
            if several
            else ""
        )
        yield Row(f"standard input, line {number}", {"url": cells[0]}, fault)


# --------------------------------------------------------------------------- rows → config


def _tables(
    rows: Iterable[Row], shared: Mapping[str, str], taken: set[str], folder: Path
) -> list[dict[str, str | bool]]:
    """Return the rows as the config's tables, each with an id that is not taken; raise ConfigError naming each that is wrong."""
    from pipeline import config

    tables: list[dict[str, str | bool]] = []
    problems: list[str] = []
    seen: dict[str, str] = {}
    for row in rows:
        if row.fault:
            problems.append(f"{row.place}: {row.fault}")
            continue
        page = {name: row.fields.get(name) or shared.get(name, "") for name in KEYS}
        page["id"] = page["id"] or _free(_slug(page["url"]), taken)
        found = list(config.page_problems({name: value for name, value in page.items() if value}))
        if not _SCHEME.match(page["url"]) and not (folder / page["url"]).exists():
            found.append(
                f'url: "{page["url"]}" is no address, and there is no such file; write https://… in full'
            )
        same = _same(page["url"], folder)
        if same in seen:
            found.append(f"url: stands in {seen[same]} too; keep one of them")
        if row.fields.get("id") and page["id"] in taken:
            found.append(f'id: "{page["id"]}" is taken; give another')
        problems += [f"{row.place}: {problem}" for problem in found]
        seen.setdefault(same, row.place)
        taken.add(page["id"])
        tables.append({name: value for name, value in page.items() if value})
    if problems:
        raise errors.ConfigError(tuple(problems))
    return tables


def _same(url: str, folder: Path) -> str:
    """Return what two ways to write one address or path have in common: no fragment, no capitals before the path."""
    if not _SCHEME.match(url):
        return str((folder / url).resolve())
    scheme, _, rest = url.partition("#")[0].partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}://{host.lower()}{slash or '/'}{path}"


def _slug(url: str) -> str:
    last = url.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1].lower()
    return (
        _NOT_SLUG.sub("-", re.sub(r"\.(html?|md|aspx|php|pdf)$", "", last))
        .strip("-")[:100]
        .strip("-")
        or "page"
    )


def _free(slug: str, taken: set[str]) -> str:
    names = (slug, *(f"{slug}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _append(path: Path, tables: Sequence[Mapping[str, str | bool]]) -> None:
    """Add tables to the config's pages, if the whole is valid then; what stood in the file stays as it was written."""
    import tomlkit

    from pipeline import config

    if not tables:
        return
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    pages = document.get("pages")
    if not isinstance(pages, tomlkit.items.AoT):  # none yet, or written in one line
        pages = tomlkit.aot()
        for page in document.pop("pages", []):
            pages.append(tomlkit.item(dict(page)))
        document.append("pages", pages)
    for fields in tables:
        table = tomlkit.table()
        table.update(fields)
        table.trivia.indent = "\n"
        pages.append(table)
    text = tomlkit.dumps(document)
    config.read(path, text)
    files.write(path, text)
