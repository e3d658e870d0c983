"""A thousand pages from fifty hosts through the whole command:
are the hosts treated as they should be, and what does it cost?

    python bench/polite.py [--pages 1000] [--hosts 50] [--delay 0.05] [--per-host 1]
        [--no-validators]

Every host is an address of loopback with a server of its own, which notes when each request came
and went; `claimwatch run` is a process of its own beside them. Printed are the time and processor
time of a first run (all pages new) and of two more (all unchanged, and a tenth of the pages
changed), the most requests that one host saw at a time (each until its answer was ready to be
sent), the shortest pause between two of them, how often robots.txt was asked for, and the peak of
that run's memory. At the end the peaks are held against those of a fifth of the pages: memory is
bounded when they hardly differ. Exits 1 if a rule of politeness was broken.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SLACK = 0.002
"""Seconds by which a pause may look shorter to the server than it was to us:
both read a clock after the fact.
"""
NAMES = (
    "ISO/IEC 27001",
    "ISO/IEC 27017",
    "ISO/IEC 27018",
    "PCI DSS",
    "HITRUST CSF",
    "SOC 1",
    "SOC 2",
    "C5",
    "IRAP",
    "MTCS",
)
COMMAND = (sys.executable, "-c", "import sys; from pipeline.cli import main; sys.exit(main())")


@dataclass
class Site:
    """What all servers show: in state 1 every tenth page says something new."""

    validators: bool
    state: int = 0


@dataclass
class Host:
    """What one server saw."""

    address: str
    site: Site
    lock: threading.Lock = field(default_factory=threading.Lock)
    inside: int = 0
    most: int = 0
    starts: list[float] = field(default_factory=list)
    robots: int = 0

    @property
    def shortest(self) -> float:
        """Return the shortest time between the starts of two requests."""
        return min(
            (after - before for before, after in zip(self.starts, self.starts[1:], strict=False)),
            default=float("inf"),
        )


def handler(host: Host) -> type[BaseHTTPRequestHandler]:
    """Return what answers for a host."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            with host.lock:
                host.starts.append(time.monotonic())
                host.inside += 1
                host.most = max(host.most, host.inside)
                host.robots += self.path == "/robots.txt"
            status, body = answer(host, self.path)
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if host.site.validators and self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
            with host.lock:  # before the answer, after which the next request may come
                host.inside -= 1
            self.send_response(status)
            self.send_header(
                "Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html"
            )
            self.send_header("Content-Length", str(len(body)))
            if host.site.validators:
                self.send_header("ETag", tag)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    return Answering


def answer(host: Host, path: str) -> tuple[int, bytes]:
    """Return what a host says at a path: its robots.txt, a page of some 20 kB with a few claims,
    or that there is none.
    """
    if path == "/robots.txt":
        return 200, b"User-agent: *\nDisallow: /admin\n"
    if not path.startswith("/trust/") or not (number := path.removeprefix("/trust/")).isdigit():
        return 404, b"<title>Not found</title>"
    claims = "".join(f"<h2>{one}</h2><p>Acme Cloud is certified to {one}.</p>" for one in NAMES)
    news = (
        "<p>Acme Cloud is certified to ISO 9001:2015.</p>"
        if host.site.state and int(number) % 10 == 0
        else ""
    )
    prose = (
        "<p>The auditor's report is sent to customers on request, "
        "and names the period that it covers.</p>" * 180
    )
    title = f"{host.address}{path}"
    return (
        200,
        f"<!doctype html><html><title>{title}</title><main>"
        f"<h1>{title}</h1>{claims}{news}{prose}</main></html>".encode(),
    )


def settings(
    folder: Path, hosts: list[Host], port: int, options: argparse.Namespace, pages: int
) -> Path:
    """Write a config whose pages lie in turn on all hosts."""
    allow = ", ".join(f'"{host.address}"' for host in hosts)
    text = f"[fetch]\ndelay = {options.delay}\nper_host = {options.per_host}\nallow = [{allow}]\n"
    for number in range(pages):
        address = hosts[number % len(hosts)].address
        text += f'[[pages]]\nid = "page-{number}"\nvendor = "{address}"\nproduct = "Acme Cloud"\n'
        text += f'url = "http://{address}:{port}/trust/{number}"\n'
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def served(stack: ExitStack, hosts: list[Host]) -> int:
    """Start a server for every host, all on one port."""
    port = 0
    for host in hosts:
        server = stack.enter_context(ThreadingHTTPServer((host.address, port), handler(host)))
        port = server.server_address[1]
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        thread.start()
        stack.callback(server.shutdown)
    return port


def ran(path: Path) -> tuple[bool, float, float, float]:
    """Run the command over all pages; return whether it read them all, its seconds,
    its processor's seconds, its peak in MB.
    """
    began = time.monotonic()
    process = subprocess.Popen((*COMMAND, "--config", str(path), "run"), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (
        process.returncode == 0,
        time.monotonic() - began,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1024,
    )


def told(
    hosts: list[Host], what: str, took: tuple[float, float, float], options: argparse.Namespace
) -> bool:
    """Print what the servers saw in one run and what it cost;
    return whether the rules were kept.
    """
    most, robots = max(host.most for host in hosts), max(host.robots for host in hosts)
    shortest = min(host.shortest for host in hosts)
    requests = sum(len(host.starts) for host in hosts)
    seconds, processor, memory = took
    seen = f"at most {most} at a time  pause {shortest:.3f} s  robots.txt {robots}×"
    print(
        f"{what:24} {seconds:6.1f} s ({processor:.1f} s of processor)  {requests} requests  "
        f"{seen}  {memory:.0f} MB"
    )
    return (
        most <= options.per_host
        and (options.per_host > 1 or shortest >= options.delay - SLACK)
        and robots == 1
    )


def peaks(
    hosts: list[Host], port: int, options: argparse.Namespace, pages: int
) -> tuple[bool, list[float]]:
    """Run over so many pages when all are new, unchanged, and a tenth changed;
    return whether all was well, and the peaks.
    """
    well, found = True, []
    with tempfile.TemporaryDirectory() as folder:
        path = settings(Path(folder), hosts, port, options, pages)
        for what, state in (("all new", 0), ("unchanged", 0), ("a tenth changed", 1)):
            for host in hosts:
                host.starts, host.most, host.robots, host.site.state = [], 0, 0, state
            read, *took = ran(path)
            well = (
                told(hosts, f"{pages} pages, {what}", (took[0], took[1], took[2]), options)
                and read
                and well
            )
            found.append(took[2])
    return well, found


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--per-host", type=int, default=1)
    parser.add_argument("--no-validators", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        site = Site(not options.no_validators)
        hosts = [Host(f"127.0.1.{number + 1}", site) for number in range(options.hosts)]
        port = served(stack, hosts)
        fewer, few = peaks(hosts, port, options, options.pages // 5)
        kept, many = peaks(hosts, port, options, options.pages)
    print(
        "peak against a fifth of the pages:",
        ", ".join(f"×{large / small:.2f}" for large, small in zip(many, few, strict=True)),
    )
    print("every rule was kept" if kept and fewer else "A RULE WAS BROKEN")
    return 0 if kept and fewer else 1


if __name__ == "__main__":
    sys.exit(main())
