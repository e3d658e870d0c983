"""Earlier captures from a git history, a WARC file and the Wayback Machine:
the same pages give the same history.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import wayback as library
from pytest_httpserver import HTTPServer
from requests.adapters import HTTPAdapter
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
from werkzeug import Request, Response

from pipeline import cli, config, egress, history, standards, track
from pipeline.egress import Limits
from pipeline.errors import SourceError
from pipeline.model import Page, Snapshot
from pipeline.sources import Query, dated, git, warc, wayback
from pipeline.sources.wayback import Period

START = datetime(2024, 5, 1, 8, tzinfo=UTC)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = (
    "# Larch compliance\n\nLarch is certified to ISO/IEC 27001:{}.\n\nLarch supports PCI DSS 4.0.\n"
)
OLD, NEW = TEXT.format("2013"), TEXT.format("2022")
CATALOGUE = standards.load()
LARCH = Page("larch", "https://example.org/trust/larch.md", vendor="Larch")


class Repository:
    """A git repository whose commits are dated a day apart."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.day = folder, 0
        folder.mkdir()
        self("init", "-q", "-b", "main")

    def __call__(self, *arguments: str) -> str:
        at = f"{int((START + timedelta(days=self.day)).timestamp())} +0000"
        names = {
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.org",
        }
        environment = {
            **os.environ,
            **names,
            "GIT_AUTHOR_DATE": at,
            "GIT_COMMITTER_DATE": at,
            "GIT_CONFIG_GLOBAL": "/dev/null",
        }
        done = subprocess.run(
            ("git", *arguments),
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, path: str, text: str | None) -> str:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            file.unlink()
        else:
            file.write_text(text, encoding="utf-8")
        self("add", "-A")
        return self.save()

    def save(self) -> str:
        self("commit", "-q", "--allow-empty", "-m", "x")
        self.day += 1
        return self("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def taken(
    repository: Repository, path: str, told: list[str] | None = None, max_bytes: int = 10_000
) -> list[Snapshot]:
    tell = (told if told is not None else []).append
    return list(git.captures(repository.folder, path, Query(LARCH, NOW, max_bytes, tell)))


# --------------------------------------------------------------------------- git


def test_every_distinct_revision_is_a_capture_dated_by_its_commit(repository: Repository) -> None:
    first = repository.commit("docs/larch.md", OLD)
    repository.commit("docs/other.md", "x")
    second = repository.commit("docs/larch.md", NEW)
    back = repository.commit("docs/larch.md", OLD)
    found = taken(repository, "docs/larch.md")
    assert [(shot.body.decode(), shot.revision) for shot in found] == [
        (OLD, first),
        (NEW, second),
        (OLD, back),
    ]
    assert [(shot.captured_at - START).days for shot in found] == [0, 2, 3]
    assert {(shot.origin, shot.media_type, shot.recorded_at) for shot in found} == {
        ("git", "text/markdown", NOW)
    }


def test_renames_are_followed_and_removals_are_no_captures(repository: Repository) -> None:
    repository.commit("docs/old name.md", OLD)
    repository("mv", "docs/old name.md", "docs/-new.md")
    repository.save()
    repository.commit("docs/-new.md", NEW)
    repository.commit("docs/-new.md", None)
    repository.commit("docs/-new.md", NEW)
    assert [shot.body.decode() for shot in taken(repository, "docs/-new.md")] == [OLD, NEW]


def test_a_merge_counts_when_it_came_in(repository: Repository) -> None:
    repository.commit("larch.md", OLD)
    repository("checkout", "-q", "-b", "side")
    repository.commit("larch.md", OLD.replace("Larch", "Draft"))
    repository.commit("larch.md", NEW)
    repository("checkout", "-q", "main")
    repository.commit("other.md", "x")
    repository("merge", "-q", "--no-ff", "-m", "m", "side")
    found = taken(repository, "larch.md")
    assert [shot.body.decode() for shot in found] == [OLD, NEW]
    assert found[-1].revision == repository("rev-parse", "HEAD")


def test_what_is_too_large_or_a_link_is_left_out(repository: Repository) -> None:
    repository.commit("larch.md", OLD)
    repository.commit("larch.md", OLD + "x" * 10_000)
    repository.commit("larch.md", NEW)
    (repository.folder / "larch.md").unlink()
    (repository.folder / "larch.md").symlink_to("/etc/hostname")
    repository("add", "-A")
    repository.save()
    told: list[str] = []
    assert [shot.body.decode() for shot in taken(repository, "larch.md", told)] == [OLD, NEW]
    assert "larger than 10,000 bytes" in told[0]


def test_hooks_and_settings_of_the_repository_do_not_run(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit("larch.md", OLD)
    trap = tmp_path / "trap"
    repository("config", "core.fsmonitor", f"touch {trap}")
    repository("config", "diff.external", f"touch {trap}")
    repository("config", "core.sshCommand", f"touch {trap}")
    assert len(taken(repository, "larch.md")) == 1
    assert not trap.exists()


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("none.md", "has no file none.md"),
        ("*.md", "has no file"),
        (":(top)larch.md", "has no file"),
    ],
)
def test_a_file_that_is_not_there_says_so(repository: Repository, path: str, says: str) -> None:
    repository.commit("larch.md", OLD)
    with pytest.raises(SourceError, match=re.escape(says)):
        taken(repository, path)


def test_a_folder_that_is_no_repository_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a git repository"):
        git.revisions(tmp_path, "larch.md", tell=print)


# --------------------------------------------------------------------------- WARC


def warc_file(path: Path, *records: tuple[str, datetime, str, str]) -> Path:
    """Write (type or status, when, address, body) as records."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=path.suffix == ".gz")
        for kind, at, url, text in records:
            headers = {"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
            status = "200 OK" if kind == "revisit" else kind
            http = StatusAndHeaders(
                status,
                [("Content-Type", "text/markdown"), ("Set-Cookie", "secret=1")],
                protocol="HTTP/1.1",
            )
            if kind == "revisit":
                record = writer.create_revisit_record(
                    url, digest(writer, text), url, headers["WARC-Date"], warc_headers_dict=headers
                )
            else:
                record = writer.create_warc_record(
                    url,
                    "response",
                    io.BytesIO(text.encode()),
                    warc_headers_dict=headers,
                    http_headers=http,
                )
            writer.write_record(record)
    return path


def digest(writer: WARCWriter, text: str) -> str:
    import base64
    import hashlib

    return "sha1:" + base64.b32encode(hashlib.sha1(text.encode()).digest()).decode()


def test_a_warc_file_gives_the_good_captures_of_its_page(tmp_path: Path) -> None:
    day = [START + timedelta(days=number) for number in range(6)]
    path = warc_file(
        tmp_path / "crawl.warc.gz",
        ("200 OK", day[0], "http://www.example.org/trust/larch.md/", OLD),
        ("503 Busy", day[1], LARCH.url, "busy"),
        ("200 OK", day[2], "https://example.org/other", NEW),
        ("revisit", day[3], LARCH.url, OLD),
        ("200 OK", day[4], LARCH.url, NEW),
        ("200 OK", day[5], LARCH.url, NEW + "x" * 10_000),
    )
    told: list[str] = []
    found = list(warc.captures(path, Query(LARCH, NOW, 9_000, told.append)))
    assert [(shot.captured_at, shot.body.decode()) for shot in found] == [
        (day[0], OLD),
        (day[3], OLD),
        (day[4], NEW),
    ]
    assert {(shot.origin, shot.media_type, shot.status) for shot in found} == {
        ("warc", "text/markdown", 200)
    }
    assert [text.partition("left out: ")[2] for text in told] == [
        "the server answered 503",
        "larger than 9,000 bytes (fetch.max_bytes)",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"no archive at all", "is not a WARC file"), (b"", "holds no readable capture")],
)
def test_a_file_that_is_no_warc_says_so(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=says):
        list(warc.captures(path, Query(LARCH, NOW, 9_000, print)))


# --------------------------------------------------------------------------- the Wayback Machine


class Loopback(HTTPAdapter):
    """Sends what goes to the Wayback Machine to a server of our own,
    and gives the answers their addresses back.
    """

    def __init__(self, server: HTTPServer) -> None:
        super().__init__()
        self.server = server

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        asked = request.url or ""
        request.url = asked.replace("https://web.archive.org", self.server.url_for("").rstrip("/"))
        answer = super().send(request, *args, **kwargs)
        request.url = answer.url = asked
        return answer


class Machine:
    """A little Wayback Machine: captures by timestamp, and how often each was played."""

    def __init__(self, server: HTTPServer) -> None:
        self.shots: dict[str, tuple[int, str]] = {}
        self.played: list[str] = []
        self.broken: set[str] = set()
        server.expect_request(re.compile("/cdx/.*")).respond_with_handler(self._search)
        server.expect_request(re.compile("/web/.*")).respond_with_handler(self._play)
        self.session = library.WaybackSession(
            retries=0, search_calls_per_second=0, memento_calls_per_second=0
        )
        self.session.mount("https://web.archive.org/", Loopback(server))

    def _search(self, request: Request) -> Response:
        since, until = request.args.get("from", "0"), request.args.get("to", "9")
        lines = [
            f"org,example)/trust/larch {stamp} {LARCH.url} text/markdown {status} "
            f"{abs(hash(text)):032d} {len(text)}"
            for stamp, (status, text) in self.shots.items()
            if since <= stamp <= until
        ]
        return Response("\n".join(lines) + "\n", content_type="text/plain")

    def _play(self, request: Request) -> Response:
        stamp = request.path.split("/")[2].removesuffix("id_")
        if stamp in self.broken:
            return Response("slower", status=429, headers={"Retry-After": "60"})
        self.played.append(stamp)
        at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        headers = {
            "Memento-Datetime": at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            "Link": f'<{LARCH.url}>; rel="original"',
            "X-Archive-Orig-Content-Type": "text/markdown",
        }
        return Response(self.shots[stamp][1], headers=headers, content_type="text/markdown")

    def captures(self, **more: Any) -> list[Snapshot]:
        return list(
            wayback.captures(
                Query(LARCH, NOW, 9_000, lambda text: None),
                Limits(),
                Period(**more),
                session=self.session,
            )
        )


@pytest.fixture
def machine(httpserver: HTTPServer) -> Machine:
    return Machine(httpserver)


def test_the_wayback_machine_gives_its_good_captures_once(machine: Machine) -> None:
    machine.shots = {
        "20240501080000": (200, OLD),
        "20240502080000": (200, OLD),
        "20240503080000": (301, ""),
        "20240504080000": (200, NEW),
    }
    found = machine.captures()
    assert [(shot.captured_at.day, shot.body.decode(), shot.origin) for shot in found] == [
        (1, OLD, "wayback"),
        (2, OLD, "wayback"),
        (4, NEW, "wayback"),
    ]
    assert found[0].media_type == "text/markdown"
    assert machine.played == ["20240501080000", "20240504080000"]


def test_archives_are_asked_by_the_one_way_out(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/web").respond_with_data("captured", content_type="text/plain")
    inside = {"Location": f"http://127.0.0.1:{httpserver.port}/inside"}
    httpserver.expect_request("/away").respond_with_data(status=302, headers=inside)
    with egress.Client(Limits(allow=("localhost",), max_bytes=9)) as out:
        session = wayback._guarded(
            library.WaybackSession(retries=0, memento_calls_per_second=0), out
        )
        assert session.get(httpserver.url_for("/web")).text == "captured"
        session.reset()
        with pytest.raises(
            library.exceptions.WaybackException, match=r"127\.0\.0\.1 is not a public address"
        ):
            session.get(httpserver.url_for("/away"))
        httpserver.expect_request("/large").respond_with_data("x" * 10)
        with pytest.raises(library.exceptions.WaybackException, match="larger than 9 bytes"):
            session.get(httpserver.url_for("/large"))
    assert [request.path for request, _ in httpserver.log] == ["/web", "/away", "/large"]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("10.0.0.1", 443))])
    with pytest.raises(
        SourceError, match=r"web\.archive\.org \(10\.0\.0\.1\) is not a public address"
    ):
        list(wayback.captures(Query(LARCH, NOW, 9_000, print), Limits()))


def test_what_is_known_is_not_asked_for_again_and_days_can_be_chosen(machine: Machine) -> None:
    machine.shots = {f"2024050{day}080000": (200, OLD + str(day)) for day in range(1, 6)}
    known = {START + timedelta(days=2)}
    found = machine.captures(
        known=known, since=START + timedelta(days=1), until=START + timedelta(days=3)
    )
    assert [shot.captured_at.day for shot in found] == [2, 4]


def test_what_broke_half_way_goes_on_from_there(tmp_path: Path, machine: Machine) -> None:
    machine.shots = {f"2024050{day}080000": (200, TEXT.format(2010 + day)) for day in range(1, 5)}
    machine.broken = {"20240503080000"}
    place = store_in(tmp_path / "store", LARCH.url)
    with track.open(place) as store:

        def go_on() -> tuple[int, int]:
            known = track.instants(store, LARCH, "wayback")
            shots = wayback.captures(
                Query(LARCH, NOW, 9_000, print),
                Limits(),
                Period(known=known),
                session=machine.session,
            )
            return track.backfill(store, LARCH, shots, CATALOGUE, now=lambda: NOW)

        with pytest.raises(SourceError, match="later"):
            go_on()
        assert len(history.changes(store.db, kind="standard")) == 1
        machine.broken.clear()
        assert go_on() == (2, 0)
        assert machine.played.count("20240501080000") == 1
        assert len(history.changes(store.db, kind="standard")) == 3


# ---------------------------------------------------------------- the same history, whoever kept it


def store_in(
    folder: Path, url: str = "larch.md", ids: tuple[str, ...] = ("larch",)
) -> config.Config:
    folder.mkdir(exist_ok=True)
    pages = "".join(
        f'[[pages]]\nid = "{page}"\nurl = "{url}"\nvendor = "Larch"\n\n' for page in ids
    )
    (folder / "config.toml").write_text(pages, encoding="utf-8")
    return config.load(folder / "config.toml")


def asked(
    folder: Path, *arguments: str, capsys: pytest.CaptureFixture[str], status: int = 0
) -> Any:
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        cli.main(["--config", str(folder / "config.toml"), *arguments])
    streams = capsys.readouterr()
    assert int(left.value.code or 0) == status, streams.err
    return json.loads(streams.out) if "json" in arguments else streams.out + streams.err


def answers(folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    return [
        asked(folder, question, "--format", "json", capsys=capsys)
        for question in ("claims", "changes")
    ]


@pytest.fixture
def kept(tmp_path: Path, repository: Repository) -> Path:
    """Four revisions, kept in a repository, a folder and a WARC file."""
    folder = tmp_path / "files"
    folder.mkdir()
    records = []
    for number, text in enumerate(
        (OLD, NEW, OLD, NEW + "\n> [!NOTE]\n> Larch's HIPAA offer leaves Fax out.\n")
    ):
        at = START + timedelta(days=number)
        repository.commit("larch.md", text)
        (folder / f"{at:%Y%m%dT%H%M%SZ}.md").write_text(text, encoding="utf-8")
        records.append(("200 OK", at, "https://example.org/larch.md", text))
    warc_file(tmp_path / "kept.warc.gz", *records)
    (tmp_path / "map.csv").write_text(
        "page,git,path,warc,dir,url\na,repository,larch.md,,,\n"
        "b,,,kept.warc.gz,,https://example.org/larch.md\nc,,,,files,\n"
    )
    return tmp_path


def test_a_git_history_a_folder_and_a_warc_file_tell_the_same(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ways = {
        "git": ("--git", str(kept / "repository"), "--path", "larch.md"),
        "dir": ("--dir", str(kept / "files")),
        "warc": ("--warc", str(kept / "kept.warc.gz"), "--url", "https://example.org/larch.md"),
    }
    found = []
    for name, way in ways.items():
        place = store_in(kept / name)
        assert "4 captures added, 0 were known" in asked(
            place.path.parent, "backfill", "larch", *way, capsys=capsys
        )
        assert "0 captures added, 4 were known" in asked(
            place.path.parent, "backfill", "larch", *way, capsys=capsys
        )
        found.append(answers(place.path.parent, capsys))
    without_urls = [
        [{key: row[key] for key in row if key != "url"} for row in listing]
        for answer in found
        for listing in answer
    ]
    assert without_urls[:2] == without_urls[2:4] == without_urls[4:]
    with track.open(config.load(kept / "git" / "config.toml")) as store:
        assert [len(entry.revision or "") for entry, _ in store.archive.looks("larch")] == [40] * 4


def test_many_pages_by_a_map(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = store_in(kept / "store", ids=("a", "b", "c")).path.parent
    told = asked(folder, "backfill", "--map", str(kept / "map.csv"), capsys=capsys)
    assert told.count("4 captures added, 0 were known") == 3
    (kept / "map.csv").write_text("page,git,path\na,repository,none.md\nb,repository,larch.md\n")
    told = asked(folder, "backfill", "--map", str(kept / "map.csv"), capsys=capsys, status=1)
    assert "line 2: a: " in told
    assert "b: 0 captures added, 4 were known" in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("larch",), "name one source"),
        (("larch", "--wayback", "--dir", "."), "name one source"),
        (("larch", "--git", "."), "belong together"),
        (("larch", "--dir", ".", "--from", "2024-01-01"), "are for --wayback"),
        (("lark", "--dir", "."), "near it: larch"),
        (("--dir", "."), "name a PAGE"),
    ],
)
def test_what_cannot_be_backfilled_is_said_before_anything_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    assert says in asked(
        store_in(tmp_path / "s").path.parent, "backfill", *arguments, capsys=capsys, status=2
    )


def test_a_map_with_an_unknown_column_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "map.csv").write_text("page,folder\nlarch,x\n")
    told = asked(
        store_in(tmp_path / "s").path.parent,
        "backfill",
        "--map",
        str(tmp_path / "map.csv"),
        capsys=capsys,
        status=2,
    )
    assert "no column is called folder" in told


@pytest.mark.corpus
def test_real_histories_are_the_same_from_git_and_from_a_folder(
    tmp_path: Path, corpus: Path
) -> None:
    pages = sorted(
        (path.parent for path in corpus.glob("*/page.json")),
        key=lambda folder: len(list(folder.iterdir())),
    )[:4]
    repository = Repository(tmp_path / "repository")
    for folder in pages:
        place = store_in(tmp_path / folder.name, ids=("git", "dir"))
        for file in sorted(path for path in folder.iterdir() if path.name != "page.json"):
            repository.day = (
                datetime.strptime(file.name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) - START
            ) / timedelta(days=1)  # type: ignore[assignment]
            target = repository.folder / f"{folder.name}{file.suffix}"
            target.write_bytes(file.read_bytes())
            repository("add", "-A")
            repository("commit", "-q", "-m", file.name)
        with track.open(place) as store:
            one, two = place.pages
            shots = git.captures(repository.folder, target.name, Query(one, NOW, 10**8, print))
            track.backfill(store, one, shots, CATALOGUE, now=lambda: NOW)
            track.backfill(
                store,
                two,
                dated(folder, Query(two, NOW, 10**8, print)),
                CATALOGUE,
                now=lambda: NOW,
            )
            told = [
                [
                    (row["summary"], row["first_seen"])
                    for row in history.changes(store.db, page=page.id)
                ]
                for page in (one, two)
            ]
            said = [
                [(row["text"], row["seen_since"]) for row in history.claims(store.db, page=page.id)]
                for page in (one, two)
            ]
        assert told[0] == told[1]
        assert said[0] == said[1]
