"""A store with a history in which much happens: two pages of one vendor, a time zone,
verdicts of people, earlier captures.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import config, history, standards, track
from pipeline.model import Snapshot

CATALOGUE = standards.load()
CONFIG = """[schedule]
timezone = "America/New_York"

[[pages]]
id = "trust"
url = "trust.md"
vendor = "Larkfield"

[[pages]]
id = "fedramp"
url = "fedramp.md"
vendor = "Larkfield"
"""
TRUST = """# Trust at Larkfield

Larkfield Desk is certified to ISO/IEC 27001:{edition}.

Larkfield Desk is certified to PCI DSS 4.0.

{note}

## Services in scope of HIPAA

{services}
"""
FEDRAMP = """# FedRAMP at Larkfield

{said}

> [!NOTE]
> Data residency: {where} is included in the FedRAMP authorization.
"""
Row = dict[str, Any]


def trust(edition: str = "2013", services: str = "Ledger Courier Archive", note: str = "") -> str:
    listed = "\n".join(f"- {name}" for name in services.split())
    return TRUST.format(edition=edition, services=listed, note=note)


def fedramp(said: str, where: str = "only the region US-4") -> str:
    return FEDRAMP.format(said=said, where=where)


HIGH = fedramp("Larkfield Desk is authorized at FedRAMP Moderate.")
WORDED = fedramp("At FedRAMP Moderate, Larkfield Desk is authorized.")
PLANNED = fedramp("Larkfield Desk is authorized at FedRAMP High.", "every region but EU-2")
FLAP = "> [!NOTE]\n> Support for HIPAA customers is available during office hours."
QUALITY = "Larkfield Desk is certified to ISO 9001:2015."
# In New York, the look at 02:00 on the 1st of May is still one of the 30th of April.
LOOKS = (
    ("2024-04-01T06:00", trust(), HIGH),
    ("2024-04-29T06:00", trust(note=QUALITY), HIGH),
    ("2024-05-01T02:00", trust("2022"), WORDED),
    ("2024-05-03T06:00", trust("2022", note=FLAP), WORDED),
    ("2024-05-03T12:00", trust("2022"), WORDED),
    ("2024-05-20T06:00", trust("2013", "Ledger Archive"), PLANNED),
    ("2024-06-20T06:00", trust("2022", "Ledger Archive Beacon"), PLANNED),
    ("2024-07-01T03:30", trust("2022", "Ledger Beacon"), None),
    ("2024-07-01T05:00", trust("2022", "Ledger Beacon Ferry"), None),
)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Place:
    """The folder of a store, asked by command and by SQL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
        self.config = config.load(folder / "config.toml")
        self.shown = ""

    def look(self, at: str, *texts: str | None) -> None:
        for name, text in zip(("trust.md", "fedramp.md"), texts, strict=True):
            (self.folder / name).unlink(missing_ok=True)
            if text is not None:
                (self.folder / name).write_text(text, encoding="utf-8")
        track.run(self.config, CATALOGUE, now=lambda: instant(at))

    def say(self, target: str, verdict: str, at: str, **more: Any) -> None:
        with track.open(self.config) as store:
            track.review(store, target, track.Review(verdict, instant(at), who="ana", **more))

    def changes(self, **wanted: Any) -> list[Row]:
        with track.open(self.config) as store:
            return history.changes(store.db, **wanted)

    def sql(self, query: str) -> tuple[list[str], list[Row]]:
        db = sqlite3.connect(self.config.database)
        cursor = db.execute(query)
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor]
        db.close()
        return names, found


def filled(folder: Path) -> Place:
    """Return a store after all that."""
    place = Place(folder)
    for at, *texts in LOOKS:
        place.look(at, *texts)
    bumps = [row for row in place.changes(kind="standard") if row["field"] == "edition"]
    place.shown = bumps[-1]["id"]
    place.say(bumps[-1]["id"], "accept", "2024-05-02", note="seen", owner="Ana", ref="GRC-1")
    place.say(bumps[-1]["id"], "ask", "2024-05-04", note="asked again")
    gone = next(row for row in place.changes(kind="service") if row["change"] == "removed")
    place.say(gone["id"], "dismiss", "2024-06-01", owner="Bo")
    (flap,) = (row for row in place.changes() if row["flap"])
    place.say(flap["id"], "note", "2024-05-06", note="the second half")
    place.say(flap["reverts"], "dismiss", "2024-05-07", note="the first half")
    with track.open(place.config) as store:
        claims = {row["standard"]: row for row in history.claims(store.db, kind="standard")}
        page = place.config.pages[0]
        # Fmt: skip.
        earlier = [
            Snapshot(
                page,
                instant(at),
                instant("2024-07-02"),
                "dir",
                page.url,
                "text/markdown",
                text.encode(),
            )
            for at, text in (
                ("2024-04-30T12:00", trust("2022")),
                ("2024-03-01", trust(note="Hello.")),
            )
        ]
        track.backfill(store, page, earlier, CATALOGUE, now=lambda: instant("2024-07-02"))
    place.say(claims["pci-dss"]["id"], "wrong", "2024-06-02", note="no such claim")
    level = {"level": "Li-SaaS"}
    place.say(claims["fedramp"]["id"], "wrong", "2024-06-02", note="the letter", should_be=level)
    place.say("trust", "no-change", "2024-06-03", note="by hand")
    place.say("fedramp", "no-change", "2024-06-03", note="by hand")
    return place
