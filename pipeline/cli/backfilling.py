"""`backfill`: earlier captures of pages, from where others kept them.

Which source, for which page, since when.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import charset, errors
from pipeline.cli import options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.model import Page, Snapshot
    from pipeline.track import Store

COLUMNS = ("page", "dir", "git", "path", "warc", "wayback", "from", "to", "url")
MORE = "more"
PARTLY = 1
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The captures of one page that are to be added, from one kind of source.

    `place` is what an error names.
    """

    page: str
    place: str
    folder: Path | None = None
    git: Path | None = None
    path: str | None = None
    warc: tuple[Path, ...] = ()
    wayback: bool = False
    since: str | None = None
    until: str | None = None
    url: str | None = None

    def problem(self) -> str | None:
        """Return what is wrong with it, None where it can be fetched."""
        if sum(map(bool, (self.folder, self.git, self.warc, self.wayback))) != 1:
            return f"{self.place}: name one source: --dir, --git with --path, --warc or --wayback"
        if bool(self.git) != bool(self.path):
            return f"{self.place}: --git REPO and --path FILE belong together"
        if (self.since or self.until) and not self.wayback:
            return f"{self.place}: --from and --to are for --wayback"
        return None


@click.command()
@click.argument("page", required=False, shell_complete=options.completing("page"))
@click.option(
    "--dir",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of files named by date.",
)
@click.option(
    "--git",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A clone of the repository with the page.",
)
@click.option("--path", metavar="FILE", help="With --git: the page's file in the repository.")
@click.option(
    "--warc",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A WARC file; may be repeated.",
)
@click.option("--wayback", is_flag=True, help="Ask the Wayback Machine.")
@click.option("--from", "since", metavar="DATE", help="With --wayback: from this day on.")
@click.option("--to", "until", metavar="DATE", help="With --wayback: up to this day.")
@click.option(
    "--url", help="The page's address in the WARC file or the Wayback Machine, if it was another."
)
@click.option(
    "--map",
    "plan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Many pages: a CSV file, see above.",
)
@options.settings
def backfill(
    settings: options.Settings,
    /,
    page: str | None,
    plan: Path | None,
    **source: Any,
) -> int:
    """Add earlier captures of a page to its history.

    --dir takes files whose names begin with YYYYMMDDTHHMMSSZ or YYYY-MM-DD; --git takes every
    revision of a file, dated by its commit; --warc and --wayback take what others captured. Nobody
    is alerted. What was added already is passed over: call an interrupted backfill again to go on.

    --map takes a CSV file with a header: the column page, and those needed of dir,
    git, path, warc, wayback (yes), from, to and url. Paths in it are relative to it.
    """
    wanted = Wanted(page or "", "backfill", **source)
    if bool(page) == bool(plan):
        raise click.UsageError("name a PAGE and its source, or --map FILE for many pages")
    return _backfill(settings, [wanted] if plan is None else _planned(plan))


def _backfill(settings: options.Settings, plan: list[Wanted]) -> int:
    from pipeline import track
    from pipeline.cli import progress

    config = settings.load()
    catalogue = options.catalogue(config)
    pages = _checked(config, plan)
    failed = 0
    with progress.shown() as tell, track.open(config, tell=tell) as store:
        for number, wanted in enumerate(plan, 1):
            page = pages[wanted.page]
            try:
                new, known = track.backfill(
                    store,
                    page,
                    _past(_captures(wanted, page, store, tell), page, tell),
                    catalogue,
                    now=_now,
                )
            except errors.SourceError as error:
                if len(plan) == 1:
                    raise
                failed += 1
                click.echo(f"claimwatch: {wanted.place}: {page.id}: {error}", err=True)
                continue
            tell(f"{number} of {len(plan)} pages: {page.id}: {new} captures added")
            click.echo(f"{page.id}: {new} captures added, {known} were known.")
    return PARTLY if failed else 0


def _now() -> datetime:
    return datetime.now(UTC)


def _checked(config: Config, plan: Iterable[Wanted]) -> dict[str, Page]:
    """Return the pages that are named.

    Raise UsageError with all that is wrong, before anything is added.
    """
    found, problems = {}, []
    for wanted in plan:
        page = config.page(wanted.page)
        if page is None:
            problems.append(
                f"{wanted.place}: "
                f"{options.unknown(wanted.page, (known.id for known in config.pages), 'page')}"
            )
        else:
            found[page.id] = page
        problems += [problem] if (problem := wanted.problem()) else []
    if problems:
        raise errors.ConfigError(tuple(problems))
    return found


def _captures(wanted: Wanted, page: Page, store: Store, tell: Tell) -> Iterator[Snapshot]:
    from pipeline import sources, track
    from pipeline.sources import git, warc, wayback

    config = store.config
    query = sources.Query(page, _now(), config.limits.max_bytes, tell, wanted.url)
    if wanted.folder:
        return sources.dated(wanted.folder, query)
    if wanted.git:
        return git.captures(wanted.git, wanted.path or "", query)
    if wanted.warc:
        return chain.from_iterable(warc.captures(path, query) for path in wanted.warc)
    zone = str(config.schedule.timezone)
    period = wayback.Period(
        options.moment(wanted.since, zone, opening=True),
        options.moment(wanted.until, zone),
        track.instants(store, page, "wayback"),
    )
    return wayback.captures(query, config.limits, period)


def _past(captures: Iterable[Snapshot], page: Page, tell: Tell) -> Iterator[Snapshot]:
    """Yield the captures that can have been taken by now:
    one of the future would hide every look until it came.
    """
    now = _now()
    for snapshot in captures:
        if snapshot.captured_at <= now:
            yield snapshot
        else:
            day = snapshot.captured_at.date()
            tell(f"{page.id}: a capture is left out; it is dated {day}, which is still to come")


def _planned(plan: Path) -> list[Wanted]:
    """Return what each line of a map asks for; raise ConfigError with every line that is wrong."""
    text = charset.plain(plan.read_bytes(), "").replace("\0", " ")
    mark = max(",;\t", key=text.partition("\n")[0].count)
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark, restkey=MORE)
    wanted, problems = list[Wanted](), list[str]()
    try:
        problems += _wrong_columns(lines.fieldnames or ())
        for line in lines:
            place = f"line {lines.line_num}"
            if line.pop(MORE, None):
                problems.append(f"{place}: has more cells than the first line has columns")
            given = {name: (line.get(name) or "").strip() for name in COLUMNS}
            wanted.append(_wanted(plan, f"{plan}: {place}", given))
    except csv.Error as error:
        problems.append(f"line {lines.line_num + 1}: is no line of CSV ({error}); correct it")
    if not wanted and not problems:
        problems.append("names no page; write a line for each below the first")
    if problems:
        raise errors.ConfigError(tuple(f"{plan}: {problem}" for problem in problems))
    return wanted


def _wrong_columns(names: Sequence[str]) -> Iterator[str]:
    if unknown := sorted({name or "" for name in names} - set(COLUMNS)):
        yield f"line 1: no column is called {', '.join(unknown)}; there are {', '.join(COLUMNS)}"
    elif "page" not in names:
        yield f"line 1: names no column page; begin with {','.join(COLUMNS[:4])}"


def _wanted(plan: Path, place: str, given: Mapping[str, str]) -> Wanted:
    """Return what a line asks for; its paths are relative to the map."""
    folder, git, warc = (
        plan.parent / given[name] if given[name] else None for name in ("dir", "git", "warc")
    )
    return Wanted(
        given["page"],
        place,
        folder,
        git,
        given["path"] or None,
        (warc,) if warc else (),
        given["wayback"].lower() in ("yes", "true", "1"),
        given["from"] or None,
        given["to"] or None,
        given["url"] or None,
    )
