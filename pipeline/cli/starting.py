"""`init`, `add`, `demo`: from nothing to a config that watches pages, and an example to look at first."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from pipeline import errors
from pipeline.cli import options

START = """\
# What claimwatch watches, and where it keeps what it sees. Every path is relative to this file.
# Add pages with: claimwatch add https://vendor.example/trust --vendor Example

[store]
database  = "claims.db"
snapshots = "snapshots"
reports   = "reports"

[schedule]
cron     = "0 6 * * *"
timezone = "UTC"

# [smtp]
# host = "mail.example.org"
# from = "claimwatch@example.org"
#
# [[alerts]]
# to = "mailto:grc@example.org"
# severity = "medium"
"""
KEYS = ("id", "url", "vendor", "product", "owner", "tier", "ref")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")

Row = Mapping[str, str]


@click.command()
@options.settings
def init(settings: options.Settings) -> int:
    """Write a config to start from.

    One that is there already is left alone.
    """
    path = Path(settings.path)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(START)
    except FileExistsError:
        raise errors.ConfigError((f"{path}: is there already; add pages to it with: claimwatch add URL",)) from None
    except OSError as error:
        raise errors.ConfigError((f"{path}: cannot be written: {error.strerror}",)) from error
    click.echo(f"Wrote {path}. Next: claimwatch add URL --vendor NAME, then claimwatch run")
    return 0


@click.command()
@click.argument("urls", nargs=-1)
@click.option("--vendor", help="Whose pages these are.")
@click.option("--id", "page_id", help="The page's id (one URL only); otherwise made from the URL.")
@options.settings
def add(settings: options.Settings, urls: tuple[str, ...], vendor: str | None, page_id: str | None) -> int:
    """Add pages to the config.

    Its comments stay. Without URLs, a list of them, or a CSV with the columns url, id, vendor, product, owner, tier, ref, is read from
    standard input. Nothing is written unless every page is valid.
    """
    from pipeline import config

    if page_id and len(urls) != 1:
        raise click.UsageError("--id names one page: give exactly one URL with it")
    path = Path(settings.path)
    known = config.load(path).pages
    rows: list[Row] = [{"url": url, "id": page_id or ""} for url in urls] if urls else _listed(sys.stdin.read().splitlines())
    fresh = [row for row in rows if row["url"] not in {page.url for page in known}]
    tables = _tables(fresh, vendor, {page.id for page in known})
    _append(path, tables)
    already = f"; {len(rows) - len(fresh)} were there already" if len(rows) > len(fresh) else ""
    click.echo(f"Added {len(fresh)} to {path}{already}.")
    return 0


def _listed(lines: Sequence[str]) -> list[Row]:
    """Return the rows of a CSV with a header, else one row a line; blank lines and comments are passed over."""
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    header = next(csv.reader([kept[0][1]])) if kept else []
    if "url" not in header:
        return [{"url": line.strip()} for _, line in kept]
    rows = [(number, dict(zip(header, next(csv.reader([line])), strict=False))) for number, line in kept[1:]]
    unknown = sorted(set(header) - set(KEYS))
    problems = [f"standard input: unknown column {name}; there are {', '.join(KEYS)}" for name in unknown]
    problems += [f"standard input, line {number}: the url is missing" for number, row in rows if not row.get("url")]
    if problems:
        raise errors.ConfigError(tuple(problems))
    return [row for _, row in rows]


def _tables(rows: Iterable[Row], vendor: str | None, taken: set[str]) -> str:
    """Return the rows as TOML tables, each with an id that is not taken."""
    text = ""
    for row in rows:
        page = {"vendor": vendor or "", **row, "id": row.get("id") or _free(_slug(row["url"]), taken)}
        taken.add(page["id"])
        # A JSON string is a TOML string, quotes and all.
        text += "\n[[pages]]\n" + "".join(f"{key} = {json.dumps(page[key], ensure_ascii=False)}\n" for key in KEYS if page.get(key))
    return text


def _slug(url: str) -> str:
    last = url.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1].lower()
    return _NOT_SLUG.sub("-", re.sub(r"\.(html?|md|aspx|php)$", "", last)).strip("-") or "page"


def _free(slug: str, taken: set[str]) -> str:
    names = (slug, *(f"{slug}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _append(path: Path, tables: str) -> None:
    """Add tables at the end of the config, if the whole is valid then."""
    from pipeline import config

    draft = path.with_name(f".{path.name}.new")
    draft.write_text(path.read_text(encoding="utf-8-sig").rstrip("\n") + "\n" + tables, encoding="utf-8")
    try:
        config.load(draft)
        draft.replace(path)
    except errors.ConfigError as error:
        raise errors.ConfigError(tuple(problem.replace(str(draft), str(path)) for problem in error.problems)) from None
    finally:
        draft.unlink(missing_ok=True)


@click.command()
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Where to leave it all; a new temporary folder by default."
)
@click.option("--pause", type=click.FloatRange(0, 60), metavar="SECONDS", help="How long to stay at each state; 1.2 on a terminal.")
def demo(folder: Path | None, pause: float | None) -> int:
    """Watch an example site change, step by step.

    A fictional vendor's trust centre is served on loopback and runs through the real pipeline, state by state. Nothing
    to configure, no outside network.
    """
    from pipeline.cli import telling

    return telling.demo(folder, pause)


COMMANDS = (demo, init, add)
