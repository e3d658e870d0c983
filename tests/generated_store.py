"""A database with a history that is made up from a seed: as big as it is asked for, with all that
queries have to mind.

Several captures at one instant, pages that are held back, wordings that change alone, flaps,
corrections, reviews, claims that went, captures that were added late. Rows are written as plain
SQL; nothing is read, extracted or compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from pipeline import history
from pipeline.history import rows, timed

START = datetime(2024, 1, 1, 6, tzinfo=UTC)
STANDARDS = ("iso-27001", "soc-2", "hipaa", "fedramp", "pci-dss", "gdpr")
VENDORS = ("Larkfield", "Contoso", "Fabrikam", None)
KINDS = ("standard", "service", "note", "evidence", "supplier")
STANCES = ("claimed", "supports", "planned", "not_claimed")
COMMON = ("certified", "service", "data", "residency", "audit", "region", "report", "customer")
Row = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """How much there is: `states` in all is pages × claims × versions; `rough` stores hold what is
    seldom."""

    pages: int = 4
    claims: int = 5
    versions: int = 4
    vocabulary: int = 40
    rough: bool = True


@dataclass
class Made:
    """The rows of a database while it is made, by table."""

    random: Random
    shape: Shape
    tables: dict[str, list[Row]] = field(default_factory=dict)
    states: int = 0

    def add(self, table: str, row: Row) -> None:
        self.tables.setdefault(table, []).append(row)

    def chance(self, part: float) -> bool:
        return self.shape.rough and self.random.random() < part


def filled(path: Path | str, shape: Shape, seed: int = 0) -> history.Database:
    """Open a new database at `path` and fill it; the same seed and shape give the same rows."""
    db = history.open(path)
    made = Made(Random(seed), shape)
    db.conn.execute("PRAGMA synchronous = OFF")
    with history.transaction(db):
        for number in range(shape.pages):
            _page(made, number)
            if number % 20 == 19:
                _written(db, made)
        _written(db, made)
    db.conn.execute("ANALYZE")
    return db


def _written(db: history.Database, made: Made) -> None:
    order = ("page", "look", "claim", "state", "wording", "change", "review")
    numbered = {"wording": ("id", "since"), "change": ("number", "first_seen")}
    for table in order:
        found = made.tables.pop(table, [])
        if table in numbered:
            name, time = numbered[table]
            found.sort(key=lambda row, time=time: row[time])
            numbers = timed.Numbers(db, table)
            found = [{name: numbers.next(row[time]), **row} for row in found]
        _insert(db, table, found)


def _insert(db: history.Database, table: str, found: Sequence[Row]) -> None:
    if found:
        names = ", ".join(f'"{name}"' for name in found[0])
        marks = ", ".join("?" * len(found[0]))
        db.conn.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",
            [tuple(row.values()) for row in found],
        )


# --------------------------------------------------------------------------- a page


def _page(made: Made, number: int) -> None:
    page_id, random = f"page-{number:05}", made.random
    vendor = VENDORS[number] if number < len(VENDORS) else f"Vendor {number // 5}"
    times = list(_times(made, number))
    good = [at for at in times if not made.chance(0.15)] or times[:1]
    if len(good) > 1 and made.chance(0.3):
        good.pop()
    for place, at in enumerate(times):
        _look(made, page_id, place, at, good=at in good)
    made.add(
        "page",
        {
            "id": page_id,
            "url": f"https://example.org/{page_id}",
            "vendor": vendor,
            "product": random.choice((None, "Desk", "Vault")),
            "watched": 1,
            "stamp": "reader-1",
            "last_look_at": rows.text(times[-1]),
            "last_good_at": rows.text(good[-1]),
            "last_good_digest": _digest(page_id, times.index(good[-1])),
            "live_since": rows.text(good[0]),
        },
    )
    for claim in range(made.shape.claims):
        _claim(made, page_id, claim, good)


def _times(made: Made, number: int) -> Iterator[datetime]:
    """Yield the captures of a page, oldest first: of rough stores, some at one instant with those
    of other pages."""
    at = START + timedelta(seconds=0 if made.chance(0.5) else 17 * number)
    for _ in range(made.shape.versions):
        yield at
        at += timedelta(days=made.random.choice((1, 1, 2, 30)))
        if made.chance(0.3):
            at += timedelta(microseconds=made.random.randrange(10**6))


def _look(made: Made, page_id: str, place: int, at: datetime, *, good: bool) -> None:
    late = timedelta(days=made.random.randrange(60) if made.chance(0.2) else 0)
    made.add(
        "look",
        {
            "page": page_id,
            "captured_at": rows.text(at),
            "recorded_at": rows.text(at + late),
            "origin": "live",
            "asked": f"https://example.org/{page_id}",
            "url": f"https://example.org/{page_id}",
            "redirects": "[]",
            "headers": "[]",
            "media_type": "text/html",
            "digest": _digest(page_id, place),
            "not_modified": 0,
            "line_end": place,
            "result": ("changed" if place else "first") if good else "held back",
            "fault": None if good else "mass-change",
            "form": 0,
        },
    )


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


# --------------------------------------------------------------------------- its claims


def _claim(made: Made, page_id: str, number: int, good: Sequence[datetime]) -> None:
    random, claim_id = made.random, _digest(page_id, number)[:12]
    kind = KINDS[number % len(KINDS)]
    begins = random.randrange(len(good)) if made.chance(0.3) else 0
    gone = made.chance(0.2)
    made.add("claim", {"id": claim_id, "page": page_id, "kind": kind, "key": f"{kind} {number}"})
    ends = [*good[begins + 1 :], None]
    for at, absent in zip(good[begins:], ends, strict=True):
        until = good[good.index(absent) - 1] if absent else None
        if absent is None and gone and at != good[begins]:
            break
        _state(made, (page_id, claim_id, kind), at, (until, absent))
        if absent is not None:
            _change(made, (page_id, claim_id, kind), (until, absent))
    if made.chance(0.15):
        _corrected(made, page_id, claim_id)


def _state(
    made: Made,
    of: tuple[str, str, str],
    at: datetime,
    end: tuple[datetime | None, datetime | None],
) -> None:
    _, claim_id, kind = of
    random = made.random
    standard = random.choice(STANDARDS)
    made.states += 1
    state_id = made.states
    text, until, absent = _text(made), *end
    made.add(
        "state",
        {
            "id": state_id,
            "claim": claim_id,
            "kind": kind,
            "subject": random.choice((None, "Desk", "Larkfield Vault")),
            "standard": standard,
            "standard_name": standard.upper(),
            "edition": random.choice((None, "2013", "2022")),
            "stance": random.choice(STANCES) if kind == "standard" else None,
            "service": f"{random.choice(COMMON)} desk" if kind == "service" else None,
            "scope": "in" if kind == "service" else None,
            "members": rows.listed(("Desk", "Vault")) if made.chance(0.1) else "[]",
            "standards": rows.listed(STANDARDS[:2]) if kind == "supplier" else "[]",
            "mismatch": 0,
            "value": text if kind == "note" else None,
            "standard_names": "[]",
            "why": rows.listed((f'"{text[:9]}" says so',)),
            "margin": 0.75,
            "seen_since": rows.text(at),
            "seen_until": rows.text(until) if until else None,
            "first_absent": rows.text(absent) if absent else None,
        },
    )
    _word(made, state_id, at, text)
    if made.chance(0.2) and (absent is None or absent > at + timedelta(hours=1)):
        _word(made, state_id, at + timedelta(minutes=30), _text(made))


def _word(made: Made, state_id: int, at: datetime, text: str) -> None:
    line = made.random.choice((None, 1, 2, 3))
    section = rows.listed(("Compliance", "Certificates"))
    row = {"state": state_id, "since": rows.text(at), "text": text, "section": section}
    made.add("wording", row | {"line": line})


def _text(made: Made) -> str:
    """Return a sentence: a few words that most have, and some of a vocabulary in which half the
    words are rare."""
    random, size = made.random, made.shape.vocabulary
    rare = (f"word{int(size * random.random() ** 3)}" for _ in range(6))
    return " ".join((*random.sample(COMMON, 3), *rare))


# -------------------------------------------------------- what became of them, and what people said


def _change(made: Made, of: tuple[str, str, str], when: tuple[datetime | None, datetime]) -> None:
    page_id, claim_id, kind = of
    random, (until, at) = made.random, when
    if not made.shape.rough and random.random() > 0.3:
        return
    change_id = _digest("change", claim_id, at)[:12]
    undone = _earlier(made, page_id, rows.text(at))
    said, standard = _text(made), random.choice(STANDARDS)
    source = {"section": rows.listed(("Compliance",)), "line": 3}
    made.add(
        "change",
        {
            "id": change_id,
            "page": page_id,
            "claim": claim_id if random.random() < 0.9 else None,
            "transition": change_id,
            "kind": kind,
            "change": "changed",
            "field": "edition",
            "severity": random.choice(("critical", "high", "medium", "low", "info")),
            "why": "its edition changed",
            "summary": f"{standard.upper()}: edition 2013 is 2022 now",
            "standard": standard,
            "standard_name": standard.upper(),
            "subject": None,
            "before": "2013",
            "after": "2022",
            "text_before": _text(made),
            "text_after": said if random.random() < 0.8 else None,
            **{f"{name}_{side}": v for side in ("before", "after") for name, v in source.items()},
            "marks": "[]",
            "count": 1,
            "examples": "[]",
            "cause": random.choice(("page", "page", "page", "reader", "backfill")),
            "seen_until": rows.text(until) if until else None,
            "first_seen": rows.text(at),
            "run": None,
            "position": random.randrange(3),
            "reverts": undone,
            "flap": int(undone is not None and made.chance(0.5)),
            "read": rows.listed(("it is held",)) if made.chance(0.2) else "[]",
        },
    )
    if random.random() < (0.3 if made.shape.rough else 0.05):
        _reviewed(made, page_id, change_id, at)


def _earlier(made: Made, page_id: str, at: str) -> str | None:
    """Return a change of the page that a new one undoes, now and then; each is undone once."""
    found = made.tables.get("change", [])
    last = found[-1] if found else {"page": None}
    if made.chance(0.15) and last["page"] == page_id and last["first_seen"] < at:
        undone = {row["reverts"] for row in found}
        return None if found[-1]["id"] in undone else str(found[-1]["id"])
    return None


def _reviewed(made: Made, page_id: str, change_id: str, at: datetime) -> None:
    for number in range(made.random.randrange(1, 3)):
        made.add(
            "review",
            {
                "id": _digest("review", change_id, number)[:12],
                "at": rows.text(at + timedelta(days=number)),
                "kind": "change",
                "target": change_id,
                "page": page_id,
                "follows": change_id if made.random.random() < 0.9 else None,
                "verdict": made.random.choice(("accept", "dismiss", "ask", "note")),
                "note": made.random.choice((None, "seen")),
                "owner": made.random.choice((None, "Ada")),
                "ref": None,
                "who": "Ada",
                "about": "{}",
            },
        )


def _corrected(made: Made, page_id: str, claim_id: str) -> None:
    texts: Iterable[str] = (row["text"] for row in reversed(made.tables["wording"]))
    text = next(iter(texts)) if made.random.random() < 0.8 else "another sentence"
    should_be = made.random.choice(({}, {"standard": "hipaa"}, {"stance": "planned"}))
    made.add(
        "review",
        {
            "id": _digest("correction", claim_id)[:12],
            "at": rows.text(START + timedelta(days=made.random.randrange(40))),
            "kind": "claim",
            "target": claim_id,
            "page": page_id,
            "follows": claim_id,
            "verdict": made.random.choice(("wrong", "wrong", "accept")),
            "note": "we read it wrong",
            "owner": None,
            "ref": None,
            "who": "Ada",
            "about": json.dumps({"text": text, "should_be": should_be}),
        },
    )
