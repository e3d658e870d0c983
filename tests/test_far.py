"""Many machines: the same results as on one, a worker that is killed costs nothing,
a run that is killed is completed.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import hostile
import pytest

from pipeline import config, history, standards, track
from pipeline.config import Config
from pipeline.errors import WorkerError
from pipeline.track import judging
from pipeline.workers import Budget, Stopped

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")
far = pytest.importorskip("pipeline.workers.far")

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
HOSTS = ("127.0.0.1", "localhost")
PAGES = 6


class Site(ThreadingHTTPServer):
    """Serves the pages, knows who asked for each, and does what a test wants
    when one is asked for.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.edition = 2013
        self.asked: list[tuple[str, str, int]] = []
        self.at: dict[str, Callable[[int], object]] = {}
        self.machines: list[int] = []

    def page(self, path: str, host: str, port: int) -> bytes | None:
        """Return a page, None for one that there is not."""
        pid = next(filter(None, (self.owns(pid, port) for pid in self.machines)), 0)
        self.asked.append((host, path, pid))
        if act := self.at.pop(path, None):
            act(pid)
        if not path.startswith("/page-"):
            return None
        name = f"Northwind {path[6:]}"
        said = f"<p>{name} is certified to ISO/IEC 27001:{self.edition}.</p>"
        return f"<title>{name}</title><main><h1>{name}</h1>{said * 3}</main>".encode()

    @staticmethod
    def owns(pid: int, port: int) -> int:
        try:
            found = psutil.Process(pid).net_connections("tcp")
        except psutil.Error:
            return 0
        return pid if any(one.laddr.port == port for one in found) else 0


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        host = self.headers["host"].partition(":")[0]
        body = self.server.page(self.path, host, self.client_address[1])
        self.send_response(404 if body is None else 200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


class Machines:
    """A scheduler and its workers, as processes on loopback."""

    def __init__(self, place: Path) -> None:
        self.place = place
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.scheduler = self.begin("scheduler", "--host", self.address)
        self.workers: list[subprocess.Popen[bytes]] = []

    def begin(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        root = Path(__file__).parent
        path = os.pathsep.join((str(root.parent), str(root)))
        return subprocess.Popen(
            (sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *arguments),
            cwd=self.place,
            env=os.environ | {"PYTHONPATH": path},
            stderr=subprocess.DEVNULL,
        )

    def two(self) -> list[int]:
        """Return the processes of two workers, begun where they are not."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < 2:
            options = ("--no-nanny", "--nthreads", "2", "--local-directory", str(self.place))
            self.workers.append(self.begin("worker", self.address, *options))
        with distributed.Client(self.address, timeout="60 s", set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        return [worker.pid for worker in self.workers]

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait(30)


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    found = Machines(tmp_path_factory.mktemp("machines"))
    yield found
    found.end()


@pytest.fixture
def site(machines: Machines) -> Iterator[Site]:
    with Site() as found:
        found.machines = machines.two()
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join(30)


def place(folder: Path, site: Site, scheduler: str | None = None) -> Config:
    folder.mkdir()
    port = site.server_address[1]
    engine = f'[engine]\nexecutor = "{scheduler.replace("tcp", "dask")}"\n' if scheduler else ""
    pages = "".join(
        f'[[pages]]\nid = "page-{n}"\nurl = "http://{HOSTS[n % 2]}:{port}/page-{n}"\n'
        for n in range(PAGES)
    )
    limits = '[fetch]\nallow = ["127.0.0.1", "localhost"]\ndelay = 0\nrobots = false\n'
    (folder / "own.md").write_text("# Own\n\nOwn is certified to ISO 9001:2015.\n")
    own = '[[pages]]\nid = "own"\nurl = "own.md"\n'
    (folder / "config.toml").write_text(engine + limits + pages + own)
    return config.load(folder / "config.toml")


def looked(found: Config, day: int) -> list[str]:
    """Look at all pages and return what came of each."""
    at = START + timedelta(days=day)
    done = track.run(found, standards.load(), now=lambda: at)
    return [type(outcome).__name__ for outcome in done.outcomes]


def story(found: Config) -> tuple[Any, ...]:
    """Return all that a store knows of its pages, but how it came to know it."""
    with track.open(found) as store:
        looks = [
            (entry.page.id, entry.captured_at, entry.digest, entry.verdict, entry.stamp)
            for page in found.pages
            for entry, _ in store.archive.looks(page.id)
        ]
        claims, changes = history.claims(store.db), history.changes(store.db)
        return looks, by_id(claims), by_id(changes)


def by_id(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["id"]: dict(row) for row in rows}


def test_many_machines_find_what_one_finds_and_each_host_is_asked_by_one(
    tmp_path: Path, machines: Machines, site: Site
) -> None:
    here, there = place(tmp_path / "here", site), place(tmp_path / "far", site, machines.address)
    came = []
    for found in (here, there):
        for day, site.edition in enumerate((2013, 2022, 2022)):
            came.append(looked(found, day))
    assert came[0] == ["First"] * (PAGES + 1)
    assert came[1] == ["Changed"] * PAGES + ["Unchanged"]
    assert came[3:] == came[:3]
    assert story(there) == story(here)
    assert len(story(there)[2]) == PAGES
    for host in HOSTS:
        asked = [pid for name, path, pid in site.asked if name == host and path[1:5] == "page"]
        first = asked[3 * PAGES // 2 :][: PAGES // 2]
        assert len(set(first)) == 1, "the pages of a host are one machine's"
        assert 0 not in first
    told = story(there)
    assert track.rebuild(there, standards.load(), now=lambda: START) == PAGES + 1
    assert story(there) == told


def test_a_machine_that_is_killed_while_it_looks_costs_nothing(
    tmp_path: Path, machines: Machines, site: Site
) -> None:
    there = place(tmp_path / "far", site, machines.address)
    killed: list[int] = []

    def kill(pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)

    site.at["/page-2"] = kill
    assert looked(there, 0) == ["First"] * (PAGES + 1)
    first, again = (pid for _, path, pid in site.asked if path == "/page-2")
    assert [first] == killed
    assert again not in (first, 0)
    assert track.verify(there).problems == ()
    here = place(tmp_path / "here", site)
    looked(here, 0)
    assert story(there) == story(here)


def test_a_run_that_is_killed_is_completed_by_the_next(
    tmp_path: Path, machines: Machines, site: Site
) -> None:
    there = place(tmp_path / "far", site, machines.address)
    command = (sys.executable, "-m", "pipeline", "--config", str(there.path), "run")
    begun = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    site.at[f"/page-{PAGES - 1}"] = lambda _: begun.kill()
    assert begun.wait(120) == -signal.SIGKILL
    assert set(looked(there, 400)) <= {"First", "Unchanged"}
    assert track.verify(there).problems == ()
    with track.open(there) as store:
        claims = history.claims(store.db)
    assert len({claim["page"] for claim in claims}) == PAGES + 1


def test_a_budget_is_kept_there_as_here(machines: Machines) -> None:
    machines.two()
    scheduler = machines.address.replace("tcp", "dask")
    with far.Far(scheduler, judging.ready, 1, Budget(0.3, 256 << 20)) as found:
        assert found.run(lambda work: work(hostile.added, 2, 3)) == 6
        for function, why in ((hostile.spins, "time"), (hostile.crashes, "crash")):
            with pytest.raises(Stopped) as stopped:
                found.run(lambda work, function=function: work(function))
            assert stopped.value.why == why
        with pytest.raises(WorkerError, match="has another claimwatch than this machine"):
            found.same(os.getpid)


def test_a_scheduler_that_is_not_there_is_named_with_what_to_do(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(far, "REACHED", "0.1 s")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    there = place(tmp_path / "far", site, f"tcp://127.0.0.1:{port}")
    with pytest.raises(WorkerError, match=f"dask://127.0.0.1:{port}: no Dask scheduler answers"):
        looked(there, 0)


@pytest.mark.parametrize("executor", ["tcp://x:1", "dask://", "threads", "dask://a b:1"])
def test_what_is_no_executor_is_refused(tmp_path: Path, executor: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[engine]\nexecutor = {json.dumps(executor)}\n")
    with pytest.raises(config.errors.ConfigError, match="nor a Dask scheduler"):
        config.load(path)
