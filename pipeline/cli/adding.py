"""`add`: URLs, a list or a CSV of them → `[[pages]]` of the config, its comments kept.

Nothing is written unless all are valid.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import errors, files, packs, visible
from pipeline.cli import options
from pipeline.cli.rows import KEYS, Row, listed

if TYPE_CHECKING:
    from pipeline.cli.finding import Found
    from pipeline.egress import Limits

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@click.command()
@click.argument("urls", nargs=-1)
@click.option("--vendor", help="The vendor whose pages these are.")
@click.option("--product", help="The product that they speak for.")
@click.option("--owner", help="Who follows them up.")
@click.option("--tier", help="How important they are, in your words.")
@click.option("--ref", help="Your own reference for them.")
@click.option("--id", "page_id", help="The page's id (one URL only); otherwise made from the URL.")
@click.option(
    "--browser", is_flag=True, help="Read them in a browser, because a script fills them in."
)
@click.option("--pack", "pack", metavar="NAME", help="All pages of a pack; `packs` lists them.")
@click.option(
    "--discover", "domain", metavar="DOMAIN", help="Pages at the usual addresses of a domain."
)
@click.option("--sitemap", metavar="URL", help="The addresses in a sitemap; use --match with it.")
@click.option("--yes", is_flag=True, help="Write what --discover found without asking.")
@click.option(
    "--columns",
    metavar="KEY=COLUMN,...",
    callback=lambda _context, _option, given: _mapping(given),
    help="How a CSV names its columns, as url=Link,vendor=Company.",
)
@click.option(
    "--match",
    metavar="WORD,...",
    default="",
    help="Of a list, only addresses that contain one of these.",
)
@options.settings
def add(
    settings: options.Settings,
    /,
    urls: tuple[str, ...],
    columns: Mapping[str, str],
    match: str,
    **given: Any,
) -> int:
    """Add pages to the config.

    Pages come from URLs, a pack, the usual addresses of a domain or a sitemap; otherwise from
    standard input: one URL a line, a CSV with the columns url, id, vendor, product, owner, tier and
    ref, or an export of another tool (changedetection.io, urlwatch, webchanges, Distill,
    Visualping, OPML, a sitemap). The config's comments stay. Wrong rows are named by their line,
    and nothing is written unless every page is valid.
    """
    from pipeline import config

    named = ("vendor", "product", "owner", "tier", "ref")
    shared = {name: str(given[name]) for name in named if given[name]}
    asked = Asked(urls, *(given[name] for name in ("page_id", "pack", "domain", "sitemap")))
    asked.check(columns)
    path = Path(settings.path)
    watched = config.load(path, growing=True)
    rows = _asked(asked, columns, watched.limits)
    if wanted := [word.strip().lower() for word in match.split(",") if word.strip()]:
        rows = [row for row in rows if any(word in row.fields["url"].lower() for word in wanted)]
    taken = {_same(page.url, path.parent) for page in watched.pages}
    fresh = [row for row in rows if row.fault or _same(row.fields["url"], path.parent) not in taken]
    if asked.domain and not _confirmed(fresh, yes=given["yes"]):
        return 0
    tables = _tables(fresh, shared, {page.id for page in watched.pages}, path.parent)
    more = {"browser": True} if given["browser"] else {}
    _append(path, [table | more for table in tables])
    already = f"; {len(rows) - len(fresh)} were there already" if len(rows) > len(fresh) else ""
    click.echo(f"Added {len(fresh)} to {path}{already}.")
    return 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the pages to add come from: URLs, a pack, a domain, a sitemap; else standard input."""

    urls: Sequence[str]
    page_id: str | None
    pack: str | None
    domain: str | None
    sitemap: str | None

    def check(self, columns: Mapping[str, str]) -> None:
        """Raise UsageError where options do not go together."""
        if self.page_id and len(self.urls) != 1:
            raise click.UsageError("--id names one page: give exactly one URL with it")
        if self.anything and columns:
            raise click.UsageError(
                "--columns is about a CSV on standard input: give no URL, pack, domain or sitemap"
            )

    @property
    def anything(self) -> bool:
        """Return whether the command line says where."""
        return bool(self.urls or self.pack or self.domain or self.sitemap)


def _confirmed(rows: Sequence[Row], *, yes: bool) -> bool:
    """Show what was found at a domain, and say whether it is to be written."""
    for row in rows:
        click.echo(f"{row.fields['url']}\n    {row.about}")
    if not rows:
        click.echo("Found no page that names a standard and is not watched yet; nothing is added.")
        return False
    if yes:
        return True
    if not sys.stdin.isatty():
        click.echo("Nothing is added: say --yes to add these.")
        return False
    return click.confirm(f"Add {len(rows)} page{'s' * (len(rows) != 1)}?", default=True)


def _asked(asked: Asked, columns: Mapping[str, str], limits: Limits) -> list[Row]:
    """Return the rows that the command line asks for, else those on standard input."""
    from pipeline.cli import finding

    if not asked.anything:
        return listed(sys.stdin.buffer.read(), columns)
    rows = [Row(url, {"url": url, "id": asked.page_id or ""}) for url in asked.urls]
    rows += _packed(asked.pack) if asked.pack else []
    rows += finding.mapped(asked.sitemap, limits) if asked.sitemap else []
    if asked.domain:
        rows += map(_found, finding.discovered(asked.domain, limits))
    return rows


def _found(found: Found) -> Row:
    claims = ", ".join(found.standards) or "a script fills it in: read as a browser shows it"
    about = f"{found.title or 'without a title'}: {claims}"
    return Row(found.url, {"url": found.url}, browser=found.browser, about=visible.line(about))


def _mapping(given: str | None) -> Mapping[str, str]:
    """Return our keys for the columns of a CSV, by the columns' names in lower case."""
    pairs = [part.partition("=") for part in (given or "").split(",") if part.strip()]
    for key, equals, column in pairs:
        if key.strip() not in KEYS or not equals or not column.strip():
            said = f"{key}{equals}{column}".strip()
            raise click.BadParameter(
                f'"{said}" is no pair; write KEY=COLUMN, with a key of {", ".join(KEYS)}'
            )
    return {column.strip().lower(): key.strip() for key, _, column in pairs}


def _packed(name: str) -> list[Row]:
    """Return the pages of a pack; raise NotFound with the packs that there are."""
    if name not in packs.names():
        raise errors.NotFound(f'there is no pack "{name}"; there are {", ".join(packs.names())}')
    return [
        Row(
            f"pack {name}, {page.vendor}",
            {"url": page.url, "vendor": page.vendor, "slug": f"{page.vendor} {page.page}"},
            browser=page.browser,
        )
        for page in packs.pages()
        if page.pack == name
    ]


# --------------------------------------------------------------------------- rows → config


def _tables(
    rows: Iterable[Row], shared: Mapping[str, str], taken: set[str], folder: Path
) -> list[dict[str, str | bool]]:
    """Return the rows as the config's tables, each with an id that is not taken.

    Raise ConfigError naming each that is wrong.
    """
    from pipeline import config

    tables: list[dict[str, str | bool]] = []
    problems: list[str] = []
    seen: dict[str, str] = {}
    for row in rows:
        if row.fault:
            problems.append(f"{row.place}: {row.fault}")
            continue
        page = {name: row.fields.get(name) or shared.get(name, "") for name in KEYS}
        named = _slug(row.fields.get("slug", "")) if row.fields.get("slug") else _named(page["url"])
        page["id"] = page["id"] or _free(named, taken)
        found = list(config.page_problems({name: value for name, value in page.items() if value}))
        if not _SCHEME.match(page["url"]) and not (folder / page["url"]).exists():
            found.append(
                f'url: "{page["url"]}" is no address, and there is no such file; '
                "write https://… in full"
            )
        same = _same(page["url"], folder)
        if same in seen:
            found.append(f"url: stands in {seen[same]} too; keep one of them")
        if row.fields.get("id") and page["id"] in taken:
            found.append(f'id: "{page["id"]}" is taken; give another')
        problems += [f"{row.place}: {problem}" for problem in found]
        seen.setdefault(same, row.place)
        taken.add(page["id"])
        table: dict[str, str | bool] = {name: value for name, value in page.items() if value}
        tables.append(table | {"browser": True} if row.browser else table)
    if problems:
        raise errors.ConfigError(tuple(problems))
    return tables


def _same(url: str, folder: Path) -> str:
    """Return what two ways to write one address or path have in common:
    no fragment, no capitals before the path.
    """
    if not _SCHEME.match(url):
        return str((folder / url).resolve())
    scheme, _, rest = url.partition("#")[0].partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}://{host.lower()}{slash or '/'}{path}"


def _named(url: str) -> str:
    """Return what a page is called after its address."""
    last = url.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1].lower()
    return _slug(re.sub(r"\.(html?|md|aspx|php|pdf)$", "", last))


def _slug(name: str) -> str:
    return _NOT_SLUG.sub("-", name.lower()).strip("-")[:100].strip("-") or "page"


def _free(slug: str, taken: set[str]) -> str:
    names = (slug, *(f"{slug}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _append(path: Path, tables: Sequence[Mapping[str, str | bool]]) -> None:
    """Add tables to the config's pages, if the whole is valid then.

    What stood in the file stays as it was written.
    """
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
