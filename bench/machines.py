"""What a page costs each part of a run on many machines, and how much faster more workers are.

    python bench/machines.py [--hosts 16] [--pages 4] [--wait 0.15] [--workers 1,2,4]

A scheduler and its workers are processes on loopback, two threads each. Pages are generated, and
served from as many hosts (all of 127/8) by a server that waits before each answer, as a network
does. For each number of workers a store of its own sees the pages for the first time, once more as
they were, and once with another edition on each. Printed: pages a second, by the clock; and, of the
largest number, milliseconds of processor time that a page took the coordinator, the scheduler and
the workers, with what they started, bytes that went over the scheduler's wire for it, and bytes
that it added to snapshots/ and the database. Claims are the same with each number of workers, else
it exits 1.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import distributed
import psutil

from pipeline import config, history, standards, track

START = datetime(2026, 3, 1, tzinfo=UTC)
LOOKS = ("first", "the same", "all changed")
PROSE = [
    *(
        "the",
        "service",
        "is",
        "run",
        "by",
        "people",
        "who",
        "take",
        "care",
        "of",
        "what",
        "customers",
    ),
    *("trust", "them", "with", "and", "how", "it", "kept", "safe", "each", "region", "has", "its"),
    *("own", "team", "a", "plan", "for", "may", "come", "in", "year", "work", "all", "parts"),
]


@dataclass
class Site:
    """Serves every page of every host, after a wait; all in a new state when that is set."""

    wait: float
    port: int = 0
    state: int = 0
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def body(self, host: str, path: str) -> bytes:
        dice = random.Random(f"{host}{path}")
        edition = 2022 if self.state else 2013
        name = f"Northwind {host.split('.')[-1]} {path[1:]}"
        paragraphs = (" ".join(dice.choices(PROSE, k=40)).capitalize() + "." for _ in range(25))
        held = f"<p>{name} is certified to ISO/IEC 27001:{edition} and PCI DSS 4.0.</p>"
        text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        page = f"<title>{name}</title><main><h1>{name}</h1>{held}{text}</main>"
        return f"<!doctype html><html lang='en'>{page}</html>".encode()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            lines = head.decode().split("\r\n")
            path, host = (
                lines[0].split()[1],
                next(
                    line[6:].partition(":")[0]
                    for line in lines
                    if line.lower().startswith("host: ")
                ),
            )
            await asyncio.sleep(self.wait)
            body = self.body(host, path) if path.startswith("/page") else b""
            status = "200 OK" if body else "404 Not Found"
            head = (
                f"HTTP/1.1 {status}\r\ncontent-type: text/html\r\n"
                f"content-length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()

    async def serve(self) -> None:
        server = await asyncio.start_server(self.answer, "0.0.0.0", 0)
        self.port = server.sockets[0].getsockname()[1]


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


@contextmanager
def serving(wait: float) -> Iterator[Site]:
    site = Site(wait)
    site.loop.run_until_complete(site.serve())
    thread = threading.Thread(target=site.loop.run_forever, daemon=True)
    thread.start()
    yield site
    site.loop.call_soon_threadsafe(site.loop.stop)
    thread.join(10)


@contextmanager
def machines(place: Path, number: int) -> Iterator[tuple[str, list[psutil.Process]]]:
    """Yield the address of a scheduler with so many workers, and all their processes,
    the scheduler first.
    """
    found: list[subprocess.Popen[bytes]] = []
    address = f"tcp://127.0.0.1:{random.randint(20000, 30000)}"

    def begin(what: str, *arguments: str) -> None:
        command = (sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard")
        found.append(subprocess.Popen((*command, *arguments), cwd=place, stderr=subprocess.DEVNULL))

    begin("scheduler", "--host", address)
    try:
        for _ in range(number):
            begin(
                "worker", address, "--no-nanny", "--nthreads", "2", "--local-directory", str(place)
            )
        with distributed.Client(address, timeout="60 s", set_as_default=False) as client:
            client.wait_for_workers(number, timeout=60)
        yield address, [psutil.Process(one.pid) for one in found]
    finally:
        for one in found:
            one.kill()
            one.wait()


def spent(process: psutil.Process) -> float:
    """Return the seconds of processor time of a process and of all that it started."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        times = one.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


def wired() -> int:
    """Return the bytes that went over loopback."""
    return psutil.net_io_counters(pernic=True)["lo"].bytes_sent


def settings(folder: Path, site: Site, address: str, asked: argparse.Namespace) -> config.Config:
    hosts = [f"127.0.1.{n + 1}" for n in range(asked.hosts)]
    pages = "".join(
        f'[[pages]]\nid = "p{h}-{n}"\nurl = "http://{host}:{site.port}/page-{n}"\n'
        for h, host in enumerate(hosts)
        for n in range(asked.pages)
    )
    allow = ", ".join(f'"{host}"' for host in hosts)
    folder.mkdir()
    (folder / "config.toml").write_text(
        f'[engine]\nexecutor = "{address.replace("tcp", "dask")}"\n'
        f"[fetch]\nallow = [{allow}]\ndelay = 0\nrobots = false\n{pages}"
    )
    return config.load(folder / "config.toml")


def size(found: config.Config) -> tuple[int, int]:
    stored = sum(path.stat().st_size for path in found.snapshots.rglob("*") if path.is_file())
    return stored, found.database.stat().st_size


def measured(
    found: config.Config, site: Site, processes: list[psutil.Process]
) -> list[list[float]]:
    """Return of each look: seconds by the clock, of the coordinator, scheduler and workers,
    and bytes wired and stored.
    """
    rows = []
    catalogue = standards.load()
    for day, _ in enumerate(LOOKS):
        site.state = int(day == 2)
        before = [time.perf_counter(), time.process_time(), *map(spent, processes), wired()]
        kept = size(found) if day else (0, 0)
        track.run(found, catalogue, now=lambda at=START + timedelta(days=day): at)
        after = [time.perf_counter(), time.process_time(), *map(spent, processes), wired()]
        wall, here, scheduler, *workers, wire = (b - a for a, b in zip(before, after, strict=True))
        stored = [b - a for a, b in zip(kept, size(found), strict=True)]
        rows.append([wall, here, scheduler, sum(workers), wire, *stored])
    return rows


def claims(found: config.Config) -> set[tuple[str, ...]]:
    with track.open(found) as store:
        return {(row["page"], row["id"], row["text"]) for row in history.claims(store.db)}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--hosts", type=int, default=16)
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--wait", type=float, default=0.15)
    parser.add_argument("--workers", default="1,2,4")
    asked = parser.parse_args()
    number, told = asked.hosts * asked.pages, list[set[tuple[str, ...]]]()
    print(f"{number} pages of {asked.hosts} hosts, {asked.wait} s an answer; pages a second")
    with tempfile.TemporaryDirectory() as folder, serving(asked.wait) as site:
        for workers in map(int, asked.workers.split(",")):
            with machines(Path(folder), workers) as (address, processes):
                found = settings(Path(folder) / f"{workers}", site, address, asked)
                rows = measured(found, site, processes)
            told.append(claims(found))
            rates = ", ".join(
                f"{name} {number / row[0]:.1f}" for name, row in zip(LOOKS, rows, strict=True)
            )
            print(f"{workers} worker{'s' * (workers > 1)}: {rates}", flush=True)
    print(
        "\na page took: ms of coordinator, scheduler, workers; "
        "bytes on the wire, in snapshots/, in the database"
    )
    for name, (_, *times, wire, stored, database) in zip(LOOKS, rows, strict=True):
        ms = ", ".join(f"{1000 * one / number:.1f}" for one in times)
        print(
            f"{name}: {ms}; {wire / number:,.0f}, {stored / number:,.0f}, {database / number:,.0f}"
        )
    if any(one != told[0] for one in told):
        print("the claims differ")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
