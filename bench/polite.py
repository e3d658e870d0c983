"""A thousand pages from fifty hosts through the whole pipeline: are the hosts treated as they should be, and what does it cost?

    python bench/polite.py [--pages 1000] [--hosts 50] [--delay 0.05] [--per-host 1]

Every host is an address of loopback with a server of its own, which notes when each request came and went. Printed are the
time of a first run (all pages new) and of a second (all unchanged), the most requests that one host saw at a time, the
shortest pause between two of them, how often robots.txt was asked for, and the peak of memory after each run. Exits 1 if a
rule of politeness was broken.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipeline import config, standards, track

SLACK = 0.002
"""Seconds by which a pause may look shorter to the server than it was to us: both read a clock after the fact."""
NAMES = ("ISO/IEC 27001", "ISO/IEC 27017", "ISO/IEC 27018", "PCI DSS", "HITRUST CSF", "SOC 1", "SOC 2", "C5", "IRAP", "MTCS")


@dataclass
class Host:
    """What one server saw."""

    address: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    inside: int = 0
    most: int = 0
    starts: list[float] = field(default_factory=list)
    robots: int = 0

    @property
    def shortest(self) -> float:
        """Return the shortest time between the starts of two requests."""
        return min((after - before for before, after in zip(self.starts, self.starts[1:], strict=False)), default=float("inf"))


def handler(host: Host) -> type[BaseHTTPRequestHandler]:
    """Return what answers for a host."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with host.lock:
                host.starts.append(time.monotonic())
                host.inside += 1
                host.most = max(host.most, host.inside)
                host.robots += self.path == "/robots.txt"
            body = b"User-agent: *\nDisallow: /admin\n" if self.path == "/robots.txt" else page(f"{host.address}{self.path}")
            with host.lock:  # before the answer, after which the next request may come
                host.inside -= 1
            self.send_response(200)
            self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    return Answering


def page(name: str) -> bytes:
    """Return a page of some 20 kB with a few claims."""
    claims = "".join(f"<h2>{one}</h2><p>Acme Cloud is certified to {one}.</p>" for one in NAMES)
    prose = "<p>The auditor's report is sent to customers on request, and names the period that it covers.</p>" * 180
    return (
        f"<!doctype html><html><head><title>{name}</title></head><body><main><h1>{name}</h1>{claims}{prose}</main></body></html>".encode()
    )


def settings(folder: Path, hosts: list[Host], port: int, options: argparse.Namespace) -> config.Config:
    """Write a config whose pages lie in turn on all hosts."""
    allow = ", ".join(f'"{host.address}"' for host in hosts)
    text = f"[fetch]\ndelay = {options.delay}\nper_host = {options.per_host}\nallow = [{allow}]\n"
    for number in range(options.pages):
        address = hosts[number % len(hosts)].address
        text += f'[[pages]]\nid = "page-{number}"\nurl = "http://{address}:{port}/trust/{number}"\nproduct = "Acme Cloud"\n'
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return config.load(path)


def served(stack: ExitStack, hosts: list[Host]) -> int:
    """Start a server for every host, all on one port."""
    port = 0
    for host in hosts:
        server = stack.enter_context(ThreadingHTTPServer((host.address, port), handler(host)))
        port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        stack.callback(server.shutdown)
    return port


def told(hosts: list[Host], what: str, seconds: float, options: argparse.Namespace) -> bool:
    """Print what the servers saw in one run; return whether the rules were kept."""
    most, robots = max(host.most for host in hosts), max(host.robots for host in hosts)
    shortest = min(host.shortest for host in hosts)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    requests = sum(len(host.starts) for host in hosts)
    seen = f"at most {most} at a time  pause {shortest:.3f} s  robots.txt {robots}×"
    print(f"{what:12} {seconds:6.1f} s  {requests} requests  {seen}  {memory:.0f} MB")
    return most <= options.per_host and shortest >= options.delay - SLACK and robots == 1


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--per-host", type=int, default=1)
    options = parser.parse_args()
    catalogue, kept = standards.load(), True
    with ExitStack() as stack:
        hosts = [Host(f"127.0.1.{number + 1}") for number in range(options.hosts)]
        port = served(stack, hosts)
        given = settings(Path(stack.enter_context(tempfile.TemporaryDirectory())), hosts, port, options)
        for what in ("all new", "unchanged"):
            for host in hosts:
                host.starts, host.most, host.robots = [], 0, 0
            began = time.monotonic()
            done = track.run(given, catalogue, now=lambda: datetime.now(UTC), environ={})
            kept = told(hosts, what, time.monotonic() - began, options) and kept
            kept = kept and len(done.outcomes) == options.pages and not any(getattr(one, "failure", None) for one in done.outcomes)
    print("every rule was kept" if kept else "A RULE WAS BROKEN")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
