"""A year of many pages by a clock set by hand: who is sent how much, and is any of it noise?

    python bench/year.py [--pages 50] [--days 60] [--seed 1] [--minutes 10]

Pages go through their real revisions (CLAIMWATCH_CORPUS; without it, through editions of a page
that is made up), one every two months or so. Beside that, they fail for a day or several, show
their next revision for a single day, and come in other bytes that say the same. All are looked at
once a day. Nothing is fetched and nothing leaves the machine: each recipient takes everything.

Printed are the messages a week of each recipient, how many of them speak of changes, how many of
these there are to a day on which a page materially changed, and on how many quiet days (nothing
changed, not even for a day; no outage became news or ended) somebody who gets no daily line was
sent anything. Exits 1 where that is more than 1.2, or 5 % of them. Nobody reviews anything here,
so that all reminders there can be are sent.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import alert, config, history, sources, standards, track
from pipeline.config import Config
from pipeline.model import Failure, Known, Look, Page, Snapshot

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
LARGEST = 60_000
CHANGES, FAILS, FLAPS, CHURNS = 1 / 60, 1 / 60, 1 / 250, 1 / 50
"""How likely each is on one day of one page."""
LASTS = (1, 1, 1, 1, 1, 1, 2, 2, 4, 7)
"""Days that a page fails for, one of these."""
LOUD = ("critical", "high", "medium")
NEWS = 3
"""At so many failures in a row an outage is news."""
MOST, NOISY = 1.2, 0.05
WHAT = ("changes", "unread", "recovered", "reminders", "settled")
"""What a message may have."""
RECIPIENTS = """
[[alerts]]
to = "https://at-once.example/hook"
name = "at once"

[[alerts]]
to = "https://critical.example/hook"
name = "critical alone"
severity = "critical"

[[alerts]]
to = "https://daily.example/hook"
name = "daily digest"
digest = "daily"

[[alerts]]
to = "https://weekly.example/hook"
name = "weekly digest"
severity = "low"
digest = "weekly"

[[alerts]]
to = "https://line.example/hook"
name = "at once and a daily line"
daily = true
"""
MADE_UP = """# Trust centre of {name}

This page says which assessments {name} has passed. It is kept by its security team.

{name} is certified to ISO/IEC 27001:{edition}. {name} has completed a SOC 2 Type 2 audit.
"""


@dataclass
class World:
    """What each page shows on a day."""

    dice: random.Random
    revisions: dict[str, list[bytes]]
    at: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    down: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    shown: dict[str, bytes] = field(default_factory=dict)

    def fetch(self, page: Page, known: Known, *, now: datetime, **_: Any) -> Look:
        """Return what a look finds on this day."""
        if self.down[page.id]:
            return Look(page, now, failure=Failure("fetch", "HTTP 503 Service Unavailable"))
        body = self.shown[page.id]
        shot = Snapshot(page, now, now, "live", page.url, "text/markdown", body, 200)
        if known.digest == shot.digest:
            return Look(page, now, not_modified=True)
        return Look(page, now, shot)

    def dawn(self, name: str) -> None:
        """Let a day begin for a page."""
        roll, revisions = self.dice.random, self.revisions[name]
        self.down[name] = max(self.down[name] - 1, 0)
        if not self.down[name] and name in self.shown and roll() < FAILS:
            self.down[name] = self.dice.choice(LASTS)
        if roll() < CHANGES and self.at[name] + 1 < len(revisions):
            self.at[name] += 1
        body = revisions[self.at[name]]
        if roll() < FLAPS and self.at[name] + 1 < len(revisions):
            body = revisions[self.at[name] + 1]
        elif roll() < CHURNS:
            body = re.sub(rb"\n\n", b"\n\n\n", body)
        self.shown[name] = body


def revisions(number: int) -> list[bytes]:
    """Return what a page says, revision after revision."""
    corpus = os.environ.get("CLAIMWATCH_CORPUS")
    folders = sorted(Path(corpus).iterdir()) if corpus else []
    histories = [sorted(folder.glob("20*.md")) for folder in folders if folder.is_dir()]
    kept = [
        [file.read_bytes() for file in files]
        for files in histories
        if len(files) > 2 and max(file.stat().st_size for file in files) < LARGEST
    ]
    if not kept:
        return [
            MADE_UP.format(name=f"Vendor {number}", edition=n).encode() for n in range(2005, 2030)
        ]
    whole = kept[number % len(kept)]
    first = (number // len(kept)) * 2 % max(len(whole) - 2, 1)
    return whole[first:]


def configured(folder: Path, pages: int) -> Config:
    """Return the config of so many pages, each of a vendor of its own."""
    listed = "".join(
        f'[[pages]]\nid = "page-{n}"\nurl = "https://v{n}.example/trust.md"\n'
        f'vendor = "Vendor {n}"\n'
        for n in range(pages)
    )
    (folder / "config.toml").write_text(listed + RECIPIENTS)
    return config.load(folder / "config.toml")


def lived(given: Config, world: World, days: int, until: float) -> int:
    """Run once a day, and return for how many days there was time."""
    catalogue = standards.load()
    sources.fetch, alert.deliver = world.fetch, lambda *_: None
    for day in range(days):
        for page in given.pages:
            world.dawn(page.id)
        track.run(given, catalogue, now=lambda day=day: START + timedelta(days=day))
        if time.monotonic() > until:
            return day + 1
    return days


# --------------------------------------------------------------------------- what came of it


def outages(looks: list[dict[str, Any]]) -> set[str]:
    """Return the days on which a page could not be read for the third time in a row, or was read
    again after that, and those on which a page seemed to have changed as a whole, or was itself
    again: only these are news.
    """
    days, bad = set[str](), Counter[str]()
    for row in sorted(looks, key=lambda row: row["captured_at"]):
        page, day = row["page"], row["captured_at"][:10]
        failed = row["result"] in ("failed", "held back")
        doubted = row["result"] == "held back" and not bad[page]
        if doubted or (bad[page] == NEWS - 1 and failed) or (bad[page] >= NEWS and not failed):
            days.add(day)
        # A page in doubt was news at once, and so is its end.
        bad[page] = (NEWS if doubted else bad[page] + 1) if failed else 0
    return days


def judged(given: Config, days: int) -> bool:
    """Print the table, and say whether it is as quiet as it should be."""
    db = history.open(given.database)
    sent = history.outbox(db)
    loud = [
        row
        for row in history.changes(db, severity="medium")
        if row["cause"] == "page" and not row["flap"]
    ]
    events = {(row["page"], row["first_seen"][:10]) for row in loud}
    looks = history.looks(db)
    # A flap is one change when it is over, and was one on its first day.
    marks = ", ".join("?" * len(LOUD))
    seen = f"SELECT first_seen FROM change WHERE cause = 'page' AND severity IN ({marks})"
    busy = {day[:10] for (day,) in db.execute(seen, LOUD)} | outages(looks)
    every = {(START + timedelta(days=day)).date().isoformat() for day in range(days)}
    quiet = every - busy
    print(
        f"{len(given.pages)} pages, {days} days: {len(looks)} looks, {len(loud)} material changes"
    )
    print(f"on {len(events)} days of a page; {len(quiet)} quiet days of all\n")
    print("| recipient | messages | a week | with changes | characters, median |")
    print("| --- | --- | --- | --- | --- |")
    for alert_of in given.alerts:
        its = [json.loads(row["message"]) for row in sent if row["recipient"] == alert_of.recipient]
        payloads = [json.loads(message["payload"]) for message in its]
        some = sum(bool(payload["changes"]) for payload in payloads)
        sizes = sorted(len(message["text"]) for message in its)
        middle = sizes[len(sizes) // 2] if sizes else 0
        print(
            f"| {alert_of.recipient} | {len(its)} | {7 * len(its) / days:.2f} | {some} | {middle} |"
        )
    at_once = [row for row in sent if row["recipient"] == "at once"]
    speaking = [
        row for row in at_once if json.loads(json.loads(row["message"])["payload"])["changes"]
    ]
    ratio = len(speaking) / len(events) if events else 0.0
    spoke = {row["at"][:10]: json.loads(json.loads(row["message"])["payload"]) for row in at_once}
    sent_on = spoke.keys() & quiet
    print(f"\nat once: {ratio:.2f} messages with changes to a day on which a page did", end="; ")
    print(f"sent something on {len(sent_on)} of {len(quiet)} quiet days")
    for day in sorted(sent_on):
        print(f"  {day}: " + ", ".join(name for name in WHAT if spoke[day][name]))
    what = Counter(
        name
        for row in at_once
        for name in WHAT
        if json.loads(json.loads(row["message"])["payload"])[name]
    )
    print("at once, messages with: " + ", ".join(f"{n} {name}" for name, n in what.most_common()))
    return ratio <= MOST and len(sent_on) <= NOISY * len(quiet)


def main() -> int:
    """Live so many days, and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    until = time.monotonic() + 60 * options.minutes
    with tempfile.TemporaryDirectory() as name:
        given = configured(Path(name), options.pages)
        told = {page.id: revisions(number) for number, page in enumerate(given.pages)}
        world = World(random.Random(options.seed), told)
        days = lived(given, world, options.days, until)
        began = time.process_time()
        well = judged(given, days)
        print(f"{began:.0f} s of this process's processor time, beside those that read")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
