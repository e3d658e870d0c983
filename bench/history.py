"""Backfill real revision histories from git, from folders and from WARC files;
prove that all three tell the same.

    python bench/history.py [CORPUS] [--page TEXT] [--keep FOLDER]

CORPUS is a folder of folders of dated revisions with a `page.json` (default: the environment
variable CLAIMWATCH_CORPUS). One git repository is made of all pages, a commit a revision; one WARC
file and one folder a page. Each way goes into a store of its own. Printed: captures, seconds,
whether claims and changes are equal and outlive a rebuild in one process and in several; then how
many changes are reversions and flaps, and whether any change that loses a standard, level, edition,
status, product or service was made little. Exits 1 where a law is broken.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline import config, history, standards, track
from pipeline.model import Page, Snapshot
from pipeline.sources import Query, dated, git, warc

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WAYS = ("git", "dir", "warc")
LOSING = ("edition", "level", "stance", "scope", None)


def slug(folder: Path) -> str:
    return "".join(char if char.isalnum() else "-" for char in folder.name.lower()).replace(
        "--", "-"
    )


def revisions(folder: Path) -> list[tuple[datetime, Path]]:
    """Return the revisions of a page, oldest first."""
    named = [path for path in folder.iterdir() if path.name != "page.json"]
    return sorted(
        (datetime.strptime(path.name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), path)
        for path in named
    )


def repository(place: Path, folders: list[Path]) -> Path:
    """Make one repository of all pages, a commit a revision, in the order of time."""
    place.mkdir()
    commands = []
    every = sorted((at, slug(folder), path) for folder in folders for at, path in revisions(folder))
    known: dict[str, str] = {}
    for at, page, path in every:
        body, name = path.read_bytes(), f"{page}{path.suffix}"
        head = (
            f"commit refs/heads/main\ncommitter A <a@example.org> {int(at.timestamp())} "
            "+0000\ndata 1\nx\n"
        )
        if known.get(page, name) != name:
            # A page that moves to another format is renamed first, by a commit of its own:
            # no tool sees that otherwise.
            commands.append(f"{head}R {known[page]} {name}\n\n".encode())
        known[page] = name
        commands.append(f"{head}M 100644 inline {name}\ndata {len(body)}\n".encode() + body + b"\n")
    subprocess.run(("git", "init", "-q", "-b", "main", str(place)), check=True)
    subprocess.run(
        ("git", "-C", str(place), "fast-import", "--quiet"), input=b"".join(commands), check=True
    )
    return place


def archive(place: Path, folder: Path) -> Path:
    """Write a page's revisions as responses of a WARC file."""
    with place.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for at, path in revisions(folder):
            kind = "text/html" if path.suffix == ".html" else "text/markdown"
            http = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            headers = {"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
            url = f"https://example.org/{slug(folder)}"
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    io.BytesIO(path.read_bytes()),
                    warc_headers_dict=headers,
                    http_headers=http,
                )
            )
    return place


def captures(way: str, place: Path, folder: Path, page: Page) -> Iterator[Snapshot]:
    name = f"{slug(folder)}{revisions(folder)[-1][1].suffix}"
    query = Query(page, NOW, 10**8, print, f"https://example.org/{slug(folder)}")
    if way == "git":
        return git.captures(place / "repository", name, query)
    if way == "warc":
        return warc.captures(place / f"{slug(folder)}.warc.gz", query)
    return dated(folder, query)


def filled(way: str, place: Path, folders: list[Path]) -> tuple[str, int, float]:
    """Backfill all pages one way; return the way, how many captures it added,
    and how long that took.
    """
    started = time.perf_counter()
    settings = opened(way, place)
    new = 0
    with track.open(settings) as store:
        for folder in folders:
            page = settings.page(slug(folder))
            assert page is not None
            new += track.backfill(
                store, page, captures(way, place, folder, page), standards.load(), now=lambda: NOW
            )[0]
    return way, new, time.perf_counter() - started


def opened(way: str, place: Path) -> config.Config:
    return config.load(place / way / "config.toml")


def answers(settings: config.Config) -> Any:
    with track.open(settings) as store:
        claims, changes = history.claims(store.db), history.changes(store.db)
        views = [
            list(store.db.query(f"SELECT * FROM {name}"))
            for name in ("claims", "changes", "history")
        ]
        return [
            [{key: row[key] for key in row if key != "url"} for row in rows]
            for rows in (claims, changes, *views)
        ]


def told(settings: config.Config) -> bool:
    """Print how many changes went back, and say whether none that loses a claim was made little."""
    with track.open(settings) as store:
        rows = list(store.db.query("SELECT * FROM change"))
        shown = history.changes(store.db)
    by = Counter(row["severity"] for row in rows)
    print(
        f"changes: {len(rows)} "
        f"({', '.join(f'{by[name]} {name}' for name in ('critical', 'high', 'medium', 'low', 'info'))})"
    )
    back = [row for row in rows if row["reverts"]]
    flaps = [row for row in back if row["flap"]]
    kinds = [dict(Counter(row["kind"] for row in some)) for some in (back, flaps)]
    print(f"reversions: {len(back)} {kinds[0]}; of them flaps: {len(flaps)} {kinds[1]}")
    lowered = [row for row in shown if row["severity"] != row["default_severity"]]
    wrong = [row for row in lowered if not row["flap"] or losing(row)]
    print(
        f"told below their default severity: {len(lowered)}; of them losing a claim: {len(wrong)}"
    )
    for row in wrong:
        print(f"    {row['page']}: {row['summary']}")
    return not wrong


def losing(row: dict[str, Any]) -> bool:
    """Say, without the pipeline's own words for it, whether a change
    or its mirror takes a claim away.
    """
    if row["kind"] == "standard":
        return row["field"] in LOSING
    return row["kind"] == "product" or (
        row["kind"] == "service"
        and (row["change"] in ("added", "removed") or row["field"] == "scope")
    )


def rebuilt(settings: config.Config, before: Any) -> bool:
    same = True
    for workers in (1, 2):
        settings.database.unlink()
        started = time.perf_counter()
        track.rebuild(settings, standards.load(), now=lambda: NOW, workers=workers)
        equal = answers(settings) == before
        print(
            f"rebuilt by {workers}: {time.perf_counter() - started:.1f} s, "
            f"answers {'equal' if equal else 'DIFFER'}"
        )
        same = same and equal
    return same


def replay(place: Path, folders: list[Path]) -> bool:
    repository(place / "repository", folders)
    pages = "".join(
        f'[[pages]]\nid = "{slug(folder)}"\nurl = "none.md"\nvendor = "V{number}"\n\n'
        for number, folder in enumerate(folders)
    )
    for way in WAYS:
        (place / way).mkdir()
        (place / way / "config.toml").write_text(pages, encoding="utf-8")
    for folder in folders:
        archive(place / f"{slug(folder)}.warc.gz", folder)
    with ProcessPoolExecutor(2) as pool:
        for way, new, seconds in pool.map(filled, WAYS, [place] * 3, [folders] * 3):
            print(f"{way}: {new} captures of {len(folders)} pages in {seconds:.1f} s", flush=True)
    found = [answers(opened(way, place)) for way in WAYS]
    same = found[0] == found[1] == found[2]
    print(f"claims and changes from git, folders and WARC files: {'equal' if same else 'DIFFER'}")
    return all((same, told(opened("git", place)), rebuilt(opened("git", place), found[0])))


def main() -> int:
    """Print what was found; 2 without a corpus."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("corpus", nargs="?", type=Path, default=os.environ.get("CLAIMWATCH_CORPUS"))
    ask.add_argument("--page", default="", help="only pages whose folder holds this text")
    ask.add_argument("--keep", type=Path, help="a new folder to leave repository and stores in")
    given = ask.parse_args()
    if not given.corpus:
        ask.error("name a corpus, or set CLAIMWATCH_CORPUS")
    folders = sorted(
        path.parent
        for path in Path(given.corpus).glob("*/page.json")
        if given.page in path.parent.name
    )
    if given.keep:
        given.keep.mkdir(parents=True)
        return int(not replay(given.keep.resolve(), folders))
    with tempfile.TemporaryDirectory() as place:
        return int(not replay(Path(place), folders))


if __name__ == "__main__":
    raise SystemExit(main())
