"""Runs killed at random, as a power cut would: is anything lost, and is anything sent under two
ids?

    python bench/kills.py [--kills 200] [--seed 1] [--minutes 20]

`claimwatch run` is a process of its own each time, killed (SIGKILL, with all that it began) at a
random moment of the time that a run takes; beside it are a site whose pages change, fail and lose
their claims, a mail server, a webhook's receiver, and a chat that Apprise posts to; the last two
now and then refuse. Each change waits for a second look, and a sitemap is watched. At the end three
runs are left alone. What should have been told is worked out
from the journals and the list of changes; what was told is what the receivers have taken. Printed
are how far the killed runs had come, what was lost, what came under two ids, how often the same
message came again under its own id, and whether each run has its one report. Exits 1 if anything
was lost, came under two ids, or was reported never or twice.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import told  # noqa: E402  (beside the tests, which hold the same against each named instant)

from pipeline.archive import Archive  # noqa: E402

PAGES = ("ledger", "archive", "courier")
LISTED = "Ledger Archive Courier Beacon Anvil Prism Quarry Fathom Gable Harrow Inlet Juniper"
LISTINGS = (*PAGES, "security", "trust")
"""What the sitemap names."""
COMMAND = (sys.executable, "-m", "pipeline")


@dataclass
class World:
    """What the site shows, and what the receivers have taken."""

    dice: random.Random
    editions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PAGES, 2001))
    moods: dict[str, str] = field(default_factory=lambda: dict.fromkeys(PAGES, "well"))
    posted: list[dict[str, Any]] = field(default_factory=list)
    chatted: list[tuple[str, str]] = field(default_factory=list)
    mailed: list[str] = field(default_factory=list)
    refused: int = 0
    calm: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self) -> None:
        """Let something happen to one page: a new edition, an outage, a loss of most claims, or the
        end of it.
        """
        name = self.dice.choice(PAGES)
        mood = self.dice.choice(("well", "well", "gone", "gone", "few"))
        if mood == "well" and self.moods[name] == "well":
            self.editions[name] += 1
        self.moods[name] = mood

    def page(self, name: str) -> tuple[int, bytes]:
        """Return what the site answers for a page now."""
        if self.moods[name] == "gone":
            return 503, b"<title>Service Unavailable</title>"
        services = LISTED.split()[: 1 if self.moods[name] == "few" else None]
        listed = "".join(f"<li>{service}</li>" for service in services)
        title = name.title()
        about = "<p>The report of the auditor is sent to customers on request.</p>" * 20
        held = f"<p>Northwind {title} is certified to ISO/IEC 27001:{self.editions[name]}.</p>"
        scope = f"<h2>Services in scope of SOC 2</h2><ul>{listed}</ul>"
        body = f"<main><h1>Northwind {title}</h1>{held}{about}{scope}</main>"
        return 200, f"<!doctype html><html><title>Trust</title><body>{body}</body></html>".encode()


def answering(world: World) -> type[BaseHTTPRequestHandler]:
    """Return what answers for the site and takes what the webhook is sent."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/")
            host = self.headers["Host"]
            if name == "sitemap.xml":
                listed = "".join(f"<url><loc>http://{host}/{one}</loc></url>" for one in LISTINGS)
                self.answer(200, f"<urlset>{listed}</urlset>".encode())
            else:
                self.answer(*(world.page(name) if name in PAGES else (404, b"")))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with world.lock:
                refused = world.dice.random() < 0.1 and not world.calm
                world.refused += refused
                if not refused and self.path == "/chat":
                    world.chatted.append((body["title"], body["message"]))
                elif not refused:
                    world.posted.append(body)
            self.answer(500 if refused else 200, b"")

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            with suppress(ConnectionError):  # whoever asked was killed in the meantime
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    return Answering


class Inbox:
    """Takes every mail, by the id of its message."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        """Take a mail."""
        name = str(message_from_bytes(envelope.content)["Message-ID"])
        self.world.mailed.append(name.strip("<>").removesuffix("@claimwatch"))
        return "250 kept"


def config(folder: Path, site: int, mail: int) -> Path:
    """Write the config of a run."""
    text = '[fetch]\ndelay = 0\nretries = 0\nallow = ["127.0.0.1"]\n'
    text += f'[smtp]\nhost = "127.0.0.1"\nport = {mail}\nfrom = "claimwatch@example.org"\n'
    text += '[[alerts]]\nto = "mailto:grc@example.org"\nname = "mail"\n'
    text += f'[[alerts]]\nto = "http://127.0.0.1:{site}/hook"\nname = "hook"\n'
    text += f'[[alerts]]\nto = "json://127.0.0.1:{site}/chat"\nname = "chat"\n'
    for name in PAGES:
        text += f'[[pages]]\nid = "{name}"\nurl = "http://127.0.0.1:{site}/{name}"\n'
        text += "confirm = true\n"
    text += f'[[sitemaps]]\nurl = "http://127.0.0.1:{site}/sitemap.xml"\n'
    path = folder / "config.toml"
    path.write_text(text)
    return path


def run(path: Path, kill_after: float | None = None) -> bool:
    """Run once; say whether it was killed before its end."""
    process = subprocess.Popen(
        (*COMMAND, "--config", str(path), "run"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        _, errors = process.communicate(timeout=kill_after or 120)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        return True
    if process.returncode not in (0, 1):
        raise SystemExit(f"a run ended with {process.returncode}: {errors.decode()}")
    return False


# --------------------------------------------------------------------------- how far it came


def reach(folder: Path, before: tuple[int, int]) -> str:
    """Return how far a killed run came, from what its journals hold since `before`."""
    looks, top = (now - then for now, then in zip(counts(folder), before, strict=True))
    lines = [line.facts for line in Archive(folder / "snapshots").notes()][-top:] if top else []
    closed = [line for line in lines if line["what"] == "run"]
    if closed:
        sent = sum(line["what"] == "delivery" for line in lines)
        waiting = len(closed[-1]["messages"])
        return "closed, not all sent" if sent < waiting else "closed, all sent"
    return {0: "no look recorded", len(PAGES): "all looks recorded"}.get(
        looks, "some looks recorded"
    )


def counts(folder: Path) -> tuple[int, int]:
    """Return how many looks, and how many lines of no page, the journals hold."""
    archive = Archive(folder / "snapshots")
    return sum(1 for name in PAGES for _ in archive.looks(name)), sum(1 for _ in archive.notes())


# --------------------------------------------------------------------------- what came of it


def received(folder: Path, world: World) -> dict[str, dict[told.News, set[str]]]:
    """Return what each recipient was told, with the ids of the messages that told it."""
    notes = Archive(folder / "snapshots").notes()
    runs = [line.facts for line in notes if line.facts["what"] == "run"]
    sent = {one["id"]: json.loads(one["payload"]) for run in runs for one in run["messages"]}
    # A chat gets no id: which message it was, its words say.
    chats = [one for run in runs for one in run["messages"] if one["to"] == "chat"]
    by_words = {words(json.loads(one["payload"])): json.loads(one["payload"]) for one in chats}
    found: dict[str, dict[told.News, set[str]]] = {}
    for name, bodies in (
        ("mail", [sent[one] for one in world.mailed]),
        ("hook", world.posted),
        ("chat", [by_words[one] for one in world.chatted]),
    ):
        found[name] = defaultdict(set)
        for body in bodies:
            for news in told.items(body):
                found[name][news].add(body["id"])
    return found


def words(payload: dict[str, Any]) -> tuple[str, str]:
    """Return the title and the text that a chat shows of a message."""
    title = payload["subject"]
    return title, payload["text"].removeprefix(title).strip()


def judged(folder: Path, path: Path, world: World) -> int:
    """Print what was lost, what came twice, what was reported; return how much was wrong."""
    rows = json.loads(
        subprocess.run(
            (*COMMAND, "--config", str(path), "changes", "--format", "json"),
            capture_output=True,
            check=True,
            timeout=120,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ).stdout
    )
    loud = {"critical", "high", "medium"}
    expected = {("change", row["page"], row["id"]) for row in rows if row["severity"] in loud}
    for name in PAGES:
        expected |= told.outages(folder / "snapshots", name)
    kinds = Counter(kind for kind, _, _ in expected)
    print(f"to be told: {', '.join(f'{kinds[kind]} {kind}' for kind in sorted(kinds))}")
    wrong = 0
    for name, news in received(folder, world).items():
        lost, two = expected - set(news), [one for one, ids in news.items() if len(ids) > 1]
        extra = set(news) - expected
        print(
            f"{name}: {len(lost)} lost, {len(two)} under two ids, {len(extra)} told without cause"
        )
        for what, found in (("lost", lost), ("under two ids", two), ("without cause", extra)):
            for one in sorted(found):
                print(f"    {what}: {' '.join(one)}")
        wrong += len(lost) + len(two) + len(extra)
    hooks = (f"hook {body['id']}" for body in world.posted)
    ids = Counter([*world.mailed, *hooks, *map(repr, world.chatted)])
    again = sum(count - 1 for count in ids.values())
    print(f"{sum(ids.values())} messages taken, {again} of them again under their own id", end="; ")
    print(f"{world.refused} refused")
    changed = {row["first_seen"] for row in rows}
    due = Counter(told.to_report(folder / "snapshots", list(PAGES), changed))
    written = Counter(
        json.loads(file.read_text())["run"]["id"] for file in (folder / "reports").glob("*.json")
    )
    print(
        f"{len(due)} runs to report: {sum(written.values())} reports, "
        f"{due == written and 'each its own'}"
    )
    return wrong + (due != written) + _unlisted(folder)


def _unlisted(folder: Path) -> int:
    """Print how much of the sitemap is in the record; return how many addresses are lost or twice
    in it.
    """
    notes = (line.facts for line in Archive(folder / "snapshots").notes())
    kept = Counter(url for one in notes if one["what"] == "sitemap" for url in one["new"])
    print(f"{len(kept)} of {len(LISTINGS)} addresses of the sitemap are kept")
    return abs(len(LISTINGS) - sum(kept.values()))


@contextmanager
def serving(world: World, folder: Path) -> Any:
    """Serve the site, the webhook and the mail server; yield the config's path."""
    site = ThreadingHTTPServer(("127.0.0.1", 0), answering(world))
    threading.Thread(target=site.serve_forever, daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mail = Controller(Inbox(world), "127.0.0.1", port)
    mail.start()
    try:
        yield config(folder, site.server_address[1], port)
    finally:
        mail.stop()
        site.shutdown()


def main() -> int:
    """Kill runs until there are enough, and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=20)
    options = parser.parse_args()
    world = World(random.Random(options.seed))
    ends_at = time.monotonic() + 60 * options.minutes
    reached: Counter[str] = Counter()
    runs = 0
    with tempfile.TemporaryDirectory() as name, serving(world, Path(name)) as path:
        folder = Path(name)
        began = time.monotonic()
        run(path)
        takes = time.monotonic() - began
        while sum(reached.values()) < options.kills and time.monotonic() < ends_at:
            world.turn()
            runs += 1
            before, began = counts(folder), time.monotonic()
            if run(path, world.dice.uniform(0.2, 1.1) * takes):
                reached[reach(folder, before)] += 1
                takes *= 1.02
            else:
                takes = 0.7 * takes + 0.3 * (time.monotonic() - began)
        world.calm, world.moods = True, dict.fromkeys(PAGES, "well")
        for _ in range(3):
            run(path)
        print(f"{runs} runs, {sum(reached.values())} killed: ", end="")
        print(", ".join(f"{count} {how}" for how, count in reached.most_common()))
        wrong = judged(folder, path, world)
    return 1 if wrong or sum(reached.values()) < options.kills else 0


if __name__ == "__main__":
    sys.exit(main())
