"""The inbox by index gives what all changes, narrowed and sorted one by one, give:
the same changes, order, counts and pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import one_by_one
import pytest
from generated_store import Shape
from generated_store import filled as generated
from larkfield import filled

from pipeline import history
from pipeline.history import Narrowed, Slice
from pipeline.rules import InForce, Requirement, Rule

ON = date(2024, 7, 10)
RULES: dict[str, InForce] = {
    "none": (),
    "of nobody": (Rule("info", vendor="nobody at all"),),
    "of words": (Rule("critical", text="FEDRAMP"), Rule("low", text="is certified")),
    "of kinds": (Rule("low", kind="standard", change="changed"), Rule("info", kind="note")),
    "of a vendor and a standard": (Rule("medium", vendor="LARKFIELD", standard="ISO/IEC 27001"),),
    "of all": (Rule("high"),),
    "required": (
        Rule("info", page="trust"),
        Requirement(standards=("hipaa", "iso-27001")),
        Requirement(service="Courier"),
    ),
}
ASKED: dict[str, dict[str, Any]] = {
    "what is open": {},
    "any": {"status": "any", "cause": "any"},
    "high": {"severity": "high"},
    "info of any status": {"severity": "info", "status": "any"},
    "accepted": {"status": "accepted"},
    "dismissed by any cause": {"status": "dismissed", "cause": "any"},
    "asked": {"status": "asked"},
    "ours": {"cause": "ours", "status": "any"},
    "backfill": {"cause": "backfill"},
    "a vendor": {"vendor": "larkfield"},
    "a page": {"page": "TRUST"},
    "a generated page": {"page": "page-00002", "status": "any"},
    "a standard": {"standard": "iso-27001", "status": "any"},
    "an owner": {"owner": "ana", "status": "any", "cause": "any"},
    "overdue": {"due": "overdue", "status": "any"},
    "soon": {"due": "soon"},
    "later": {"due": "later"},
    "without a due date": {"due": "none"},
    "overdue and high": {"due": "overdue", "severity": "high"},
    "sorted by due date": {"sort": "due"},
    "any sorted by due date": {"sort": "due", "status": "any", "cause": "any"},
    "undated sorted by due date": {"sort": "due", "due": "none"},
    "high sorted by due date": {"sort": "due", "severity": "high"},
    "what nobody can mean": {"due": "x'; --", "severity": "'"},
}


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[history.Database]]:
    place = filled(tmp_path_factory.mktemp("inbox"))
    rough = generated(tmp_path_factory.mktemp("rough") / "claims.db", Shape(6, 8, 6))
    opened = [history.open(place.config.database), rough]
    for db in opened:
        _dated(db)
    yield opened
    for db in opened:
        db.close()


def _dated(db: history.Database) -> None:
    """Give every third change a due date, some of them twice, and take a few back."""
    rows = history.changes(db)[::3]
    days = ("2024-07-01", "2024-07-12", "2024-09-01", "")
    with history.transaction(db):
        for number, row in enumerate(rows * 2):
            facts = {
                "id": f"due-{number}",
                "at": f"2024-07-0{1 + number % 8}T06:00:00+00:00",
                "kind": "change",
                "target": row["id"],
                "page": row["page"],
                "verdict": "note",
                "due": days[number % 4],
                "about": {},
                "what": "review",
            }
            history.record_note(db, facts)
            db.execute("UPDATE review SET follows = target WHERE id = ?", (facts["id"],))


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("what", ASKED)
def test_it_gives_what_narrowing_one_by_one_gives(
    stores: list[history.Database], what: str, rules: str
) -> None:
    narrowed = Narrowed(**ASKED[what], in_force=RULES[rules])
    for db in stores:
        start = 0
        while True:
            given = {"narrowed": narrowed, "on": ON, "part": Slice(start, 7)}
            found = history.inbox(db, **given)
            wanted = one_by_one.inbox(db, **given)
            assert [row["id"] for row in found.rows] == [row["id"] for row in wanted.rows]
            assert found == wanted
            if not found.more:
                break
            start += len(found.rows)


def test_each_rule_but_that_of_nobody_raises_or_lowers_something(
    stores: list[history.Database],
) -> None:
    for name, in_force in RULES.items():
        narrowed = Narrowed(status="any", cause="any", in_force=in_force)
        changed = 0
        for db in stores:
            found = history.inbox(db, narrowed, ON, Slice(0, 1000)).rows
            changed += sum(
                row["severity"] != row["default_severity"] for row in found if not row["flap"]
            )
        assert bool(changed) == (name not in ("none", "of nobody")), name


def test_the_stores_hold_what_is_asked_for(stores: list[history.Database]) -> None:
    for what, asked in ASKED.items():
        if what != "what nobody can mean":
            given = {"on": ON, "part": Slice(0, 9)}
            found = [history.inbox(db, Narrowed(**asked), **given).total for db in stores]
            assert any(found), what


@pytest.mark.parametrize(
    ("text", "least"), [("courier", 1), ("FedRAMP", 2), ("larkfield", 5), ("fedramp MODERATE", 1)]
)
def test_words_are_found_in_what_changes_say(
    stores: list[history.Database], text: str, least: int
) -> None:
    narrowed = Narrowed(text=text, status="any", cause="any")
    given = {"narrowed": narrowed, "on": ON, "part": Slice(0, 100)}
    found = history.inbox(stores[0], **given)
    wanted = one_by_one.inbox(stores[0], **given)
    assert least <= found.total
    assert {row["id"] for row in wanted.rows} <= {row["id"] for row in found.rows}


def test_an_id_begins_with_what_was_written(stores: list[history.Database]) -> None:
    change = history.changes(stores[0])[0]["id"]
    narrowed = Narrowed(text=change[:7], status="any", cause="any")
    found = history.inbox(stores[0], narrowed, ON, Slice(0, 9))
    assert [row["id"] for row in found.rows] == [change]


def test_what_somebody_says_meanwhile_is_seen(stores: list[history.Database]) -> None:
    db, narrowed = stores[0], Narrowed()
    before = history.inbox(db, narrowed, ON, Slice(0, 9))
    change = before.rows[0]["id"]
    with history.transaction(db):
        said = {"id": "x", "at": "2024-07-09T00:00:00+00:00", "kind": "change", "target": change}
        said |= {"verdict": "accept", "what": "review"}
        history.record_note(db, said)
        db.execute("UPDATE review SET follows = target WHERE id = 'x'")
    after = history.inbox(db, narrowed, ON, Slice(0, 9))
    assert after.total == before.total - 1
    assert change not in {row["id"] for row in after.rows}
    with history.transaction(db):
        db.execute("DELETE FROM review WHERE id = 'x'")
