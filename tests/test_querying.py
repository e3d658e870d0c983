"""docs/querying.md: every query runs over a store with a history,
and gives what the command beside it gives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from larkfield import Place, filled

from pipeline import cli, history

DOCS = Path(__file__).parent.parent / "docs" / "querying.md"
Row = dict[str, Any]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return filled(tmp_path_factory.mktemp("querying"))


class Asked:
    """What the commands print as JSON."""

    def __init__(self, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
        self.place, self._capsys = place, capsys

    def __call__(self, *arguments: str) -> Any:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(
                ["--config", str(self.place.folder / "config.toml"), *arguments, "--format", "json"]
            )
        streams = self._capsys.readouterr()
        assert not left.value.code, streams.err
        return json.loads(streams.out)


@pytest.fixture
def asked(place: Place, capsys: pytest.CaptureFixture[str]) -> Asked:
    return Asked(place, capsys)


# ------------------------------------------------------------------ what each query is held against


def counted(rows: list[Row]) -> list[Row]:
    """Return claims without those that somebody marked as no such claim."""
    return [row for row in rows if row.get("correction", {}).get("should_be") != {}]


def lives(asked: Asked) -> list[Row]:
    ids = asked.place.sql("SELECT DISTINCT id FROM history WHERE standard = 'fedramp'")[1]
    return [row for one in ids for row in asked("history", one["id"])]


def corrected(asked: Asked) -> list[Row]:
    said = [(row, row["correction"]) for row in asked("claims") if "correction" in row]
    return [
        {
            **row,
            "corrected_by": mark["by"],
            "corrected_at": mark["at"],
            **{name: mark[name] for name in ("note", "should_be")},
        }
        for row, mark in said
    ]


def less(asked: Asked) -> list[Row]:
    may = {row["id"] for row in asked("claims", "--at", "2024-05-31")}
    return [row for row in asked("claims", "--at", "2024-04-30") if row["id"] not in may]


def said(asked: Asked) -> list[Row]:
    return [
        {**verdict, "id": row["id"], "status": row["status"]}
        for row in asked("changes")
        for verdict in row["reviews"]
    ]


def happened(asked: Asked) -> list[Row]:
    texts = {row["id"]: row["text"] for row in asked("claims")}
    return [
        {**row, "id": row["claim"], "change": row["id"], "text": texts[row["claim"]]}
        for row in asked("changes")
        if row["claim"] in texts
    ]


def shown(asked: Asked) -> list[Row]:
    """Return the change that was shown: the one that the verdict on it follows."""
    return [row for row in asked("changes") if row["ref"] == "GRC-1"]


ANSWERS: dict[str, Callable[[Asked], list[Row]]] = {
    "Which vendors hold ISO": lambda asked: counted(
        asked("claims", "--kind", "standard", "--standard", "iso-27001", "--stance", "claimed")
    ),
    "Which vendors list which services": lambda asked: [
        row
        for row in counted(asked("claims", "--kind", "service", "--standard", "hipaa"))
        if row["scope"] == "in"
    ],
    "Who holds what": lambda asked: [row for row in asked("matrix") if row["id"]],
    "What does nobody claim any more": lambda asked: [
        row for row in asked("matrix") if row["id"] and not row["stance"]
    ],
    "What did they claim at the end": lambda asked: asked("claims", "--at", "2024-04-30"),
    "And at an instant": lambda asked: asked("claims", "--at", "2024-04-30T12:00:00Z"),
    "What was claimed at the end of April": less,
    "What did FedRAMP look like": lives,
    "Whose reading did we correct": corrected,
    "What is not settled": lambda asked: asked(
        "changes", "--status", "open", "--severity", "medium"
    ),
    "What was first seen": lambda asked: asked(
        "changes", "--since", "2024-04-01", "--until", "2024-06-30"
    ),
    "What went back": lambda asked: [row for row in asked("changes") if row["reverts"]],
    "Who said what": said,
    "What happened to the claims": happened,
    "Which change was it": shown,
    "Which notes ever spoke": lambda asked: asked("search", "residency", "--kind", "note"),
    "Which pages have not": lambda asked: [row for row in asked("status") if row["failures"]],
}


def documented() -> list[tuple[str, str]]:
    """Return every query of the page with the sentence before it."""
    text = DOCS.read_text(encoding="utf-8")
    ten = text.partition("## Ten questions")[2].partition("\n## ")[0]  # test_auditor.py has those
    text = text.replace(ten, "")
    found = re.findall(
        r"^([^\n]+(?:\n[^\n]+)*)\n\n```sql\n(.*?)^```", text, re.MULTILINE | re.DOTALL
    )
    assert len(found) == text.count("```sql")
    return found


def plain(value: Any) -> Any:
    """Return a value of SQL as JSON has it, or the other way round: instants alike,
    texts of lists read, 0 and False alike.
    """
    if isinstance(value, str) and value[:1] in "[{":
        return str(json.loads(value))
    if isinstance(value, list | dict):
        return str(value)
    return value.replace("+00:00", "Z") if isinstance(value, str) else value


def alike(names: list[str], rows: list[Row]) -> list[tuple[Any, ...]]:
    return sorted(
        (tuple(plain(row.get(name)) for name in names) for row in rows), key=lambda row: str(row)
    )


@pytest.mark.parametrize(("sentence", "query"), documented(), ids=lambda text: text[:30])
def test_a_documented_query_gives_what_the_command_gives(
    asked: Asked, sentence: str, query: str
) -> None:
    (answer,) = (answer for start, answer in ANSWERS.items() if sentence.startswith(start))
    names, found = asked.place.sql(query.replace("3f9a1c0b2d44", asked.place.shown))
    expected = alike(names, answer(asked))
    if "DISTINCT" in query:
        expected = sorted(set(expected), key=str)
    assert alike(names, found) == expected
    assert found, "a query that finds nothing proves nothing"


def test_every_answer_is_to_a_documented_query() -> None:
    sentences = [sentence for sentence, _ in documented()]
    assert all(any(one.startswith(start) for one in sentences) for start in ANSWERS)


# --------------------------------------------------------------------------- days, rows, joins


@pytest.mark.parametrize(
    "date",
    [*(f"2024-{month:02}-{day:02}" for month, day in ((2, 28), (3, 1), (3, 31), (4, 1), (4, 30))),
     "2024-05-01", "2024-05-03", "2024-05-20", "2024-06-30", "2024-07-01", "2031-01-01"],
)  # fmt: skip
def test_claims_at_agrees_row_by_row_with_the_command(asked: Asked, date: str) -> None:
    names, found = asked.place.sql(f"SELECT * FROM claims_at WHERE date = '{date}'")
    columns = [name for name in names if name in ("as_of", *history.FIELDS, *COLUMNS)]
    expected = asked("claims", "--at", date)
    assert len({row["id"] for row in found}) == len(found), "one row a claim"
    assert alike(columns, [tidy(row) for row in found]) == alike(columns, expected)


# Fmt: skip.
COLUMNS = (
    "id",
    "page",
    "vendor",
    "kind",
    "url",
    "text",
    "section",
    "line",
    "seen_since",
    "seen_until",
    "first_absent",
    "disputed_since",
)


def tidy(row: Row) -> Row:
    return {**row, "section": json.loads(row["section"])}


def test_a_day_is_one_of_the_schedules_time_zone(asked: Asked) -> None:
    _, (april,) = asked.place.sql("SELECT * FROM day WHERE date = '2024-04-30'")
    assert (april["begins"], april["ends"]) == (
        "2024-04-30T04:00:00+00:00",
        "2024-05-01T03:59:59.999999+00:00",
    )
    _, (longest,) = asked.place.sql("SELECT * FROM day WHERE date = '2024-11-03'")
    assert (longest["begins"][11:16], longest["ends"][11:16]) == ("04:00", "04:59"), "25 hours"
    editions = (
        "SELECT edition FROM claims_at WHERE kind = 'standard' AND standard = "
        "'iso-27001' AND date = "
    )
    assert asked.place.sql(f"{editions}'2024-04-30'")[1] == [{"edition": "2022"}]
    assert asked.place.sql(f"{editions}'2024-04-29'")[1] == [{"edition": "2013"}]


@pytest.mark.parametrize("view", ["claims", "changes"])
def test_a_view_has_one_row_a_claim_or_change(asked: Asked, view: str) -> None:
    _, found = asked.place.sql(f"SELECT * FROM {view}")
    assert [row["id"] for row in found if row] == list(dict.fromkeys(row["id"] for row in found))
    assert {row["id"] for row in found} == {row["id"] for row in asked(view)}


def test_changes_have_what_the_command_prints(asked: Asked) -> None:
    names, found = asked.place.sql("SELECT * FROM changes")
    rows = asked("changes")
    assert alike([*set(names) - {"batch"}], found) == alike([*set(names) - {"batch"}], rows)
    assert {"accepted", "dismissed", "asked", "open"} >= {row["status"] for row in rows}
    assert {row["status"] for row in rows if row["owner"]} == {"asked", "dismissed"}


def test_ids_join(asked: Asked) -> None:
    for lost in (
        "SELECT 1 FROM changes WHERE claim IS NOT NULL AND claim NOT IN (SELECT id FROM history)",
        "SELECT 1 FROM changes WHERE reverts NOT IN (SELECT id FROM change)",
        "SELECT 1 FROM reviews WHERE change NOT IN (SELECT id FROM changes)",
        "SELECT 1 FROM reviews WHERE claim NOT IN (SELECT id FROM history)",
        "SELECT 1 FROM reviews WHERE NOT detached AND change IS NULL AND claim IS NULL AND "
        "page IS NULL",
        "SELECT 1 FROM changes JOIN ids ON ids.shown = changes.id WHERE ids.id <> changes.id",
    ):
        assert asked.place.sql(lost)[1] == [], lost
    joined = (
        "SELECT verdict FROM reviews JOIN changes ON changes.id = reviews.change WHERE "
        "changes.flap ORDER BY reviews.at"
    )
    assert [row["verdict"] for row in asked.place.sql(joined)[1]] == ["note", "dismiss"]
