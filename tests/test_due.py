"""Until when a change is to be followed up: said in the terminal or the browser,
kept with who and when, and marked once it has passed.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from larkfield import Place
from web_site import Web

from pipeline import config, track
from pipeline.report import due

ON = date(2024, 7, 10)
Row = dict[str, Any]


@pytest.fixture
def desk(larkfield: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(larkfield, capsys)


@pytest.fixture
def web(larkfield: Path) -> Iterator[Web]:
    with Web(larkfield) as opened:
        opened.enter()
        yield opened


def listed(desk: Command, *asked: str) -> list[Row]:
    found: list[Row] = json.loads(desk("changes", "--format", "json", *asked))
    return found


def a_change(desk: Command) -> str:
    return str(listed(desk, "--status", "open", "--cause", "page")[0]["id"])


@pytest.mark.parametrize(
    ("day", "status", "state", "words"),
    [
        ("2024-07-09", "open", "overdue", "overdue since 9 July 2024"),
        ("2024-07-09", "asked", "overdue", "overdue since 9 July 2024"),
        ("2024-07-09", "accepted", "none", "due 9 July 2024"),
        ("2024-07-10", "open", "soon", "due today"),
        ("2024-07-17", "open", "soon", "due 17 July 2024"),
        ("2024-07-18", "open", "later", "due 18 July 2024"),
        (None, "open", "none", ""),
    ],
)
def test_how_a_due_date_stands(day: str | None, status: str, state: str, words: str) -> None:
    row = {"due": day, "status": status}
    assert (due.state(row, ON), due.words(row, ON)) == (state, words)


def test_it_is_set_changed_and_cleared_in_the_terminal(desk: Command) -> None:
    change = a_change(desk)
    desk("review", change, "--due", "2024-05-01", "--as", "bea")
    desk("review", change, "--ask", "--due", "2024-06-01", "--as", "ana")
    shown = json.loads(desk("show", change, "--format", "json"))
    assert (shown["due"], shown["status"]) == ("2024-06-01", "asked")
    assert [(one["who"], one["due"]) for one in shown["reviews"]] == [
        ("bea", "2024-05-01"),
        ("ana", "2024-06-01"),
    ]
    text = desk("show", change)
    assert "overdue since 1 June 2024" in text
    assert "due 1 May 2024" in text
    desk("review", change, "--due", "none", "--as", "bea")
    assert json.loads(desk("show", change, "--format", "json"))["due"] is None
    assert "due date cleared" in desk("show", change)


@pytest.mark.parametrize("day", ["soon", "2024-13-01", "20240501", ""])
def test_what_is_no_date_is_refused(desk: Command, day: str) -> None:
    desk("review", a_change(desk), "--due", day, status=2)
    assert "is no date: write it as 2024-05-01" in desk.err


def test_a_page_has_no_due_date(desk: Command) -> None:
    desk("review", "trust", "--no-change", "-m", "seen", "--due", "2024-05-01", status=2)
    assert "only a change has a due date" in desk.err


def test_changes_that_are_due_are_listed(desk: Command, larkfield: Path) -> None:
    first, second, settled, *_ = [row["id"] for row in listed(desk, "--status", "open")]
    for change, day in ((first, "2024-05-01"), (second, "2024-05-02"), (settled, "2024-04-01")):
        desk("review", change, "--due", day)
    desk("review", settled, "--accept")
    assert {row["id"] for row in listed(desk, "--due", "2024-05-02")} == {first, second}
    assert [row["id"] for row in listed(desk, "--due", "2024-05-01")] == [first]
    assert {row["id"] for row in listed(desk, "--due", "today")} == {first, second}
    desk("changes", "--due", "someday", status=2)
    assert re.search(r"2024-05-01$", desk("changes", "--due", "2024-05-01"), re.MULTILINE)
    viewed = Place.sql(_place(larkfield), f"SELECT due FROM changes WHERE id = '{first}'")[1]
    assert viewed == [{"due": "2024-05-01"}]


def _place(folder: Path) -> Place:
    place = Place.__new__(Place)
    place.folder, place.config = folder, config.load(folder / "config.toml")
    return place


def test_it_survives_a_rebuild_and_is_proved(desk: Command, larkfield: Path) -> None:
    change = a_change(desk)
    desk("review", change, "--due", "2024-05-01")
    place = _place(larkfield)
    place.config.database.unlink()
    desk("rebuild")
    assert json.loads(desk("show", change, "--format", "json"))["due"] == "2024-05-01"
    desk("verify")
    with track.open(place.config) as store:
        store.db.conn.execute("UPDATE review SET due = '2030-01-01' WHERE due IS NOT NULL")
        store.db.conn.commit()
    assert "review" in desk("verify", status=1) + desk.err


def test_what_is_handed_on_says_it(desk: Command, tmp_path: Path) -> None:
    change = a_change(desk)
    desk("review", change, "--ask", "--due", "2024-06-01", "--as", "ana", "-m", "by mail")
    packed = tmp_path / "evidence.zip"
    desk("export", change, "--evidence", "--output", str(packed))
    with zipfile.ZipFile(packed) as file:
        summary = file.read("summary.html").decode()
    assert "Asked by ana (due 1 June 2024): by mail." in summary
    profile = desk("report", "--vendor", "Larkfield", "--since", "2024-01-01")
    assert re.search(r"Asked by ana on .* \(due 1 June 2024\): by mail\.", profile)


def test_it_is_set_changed_and_cleared_in_the_browser(web: Web) -> None:
    change = web.marks()[0].partition(".")[0]
    where = f"/changes/{change}"

    def send(shown: str, given: str, verdict: str = "note") -> int:
        [mark] = web.marks(where)
        fields = {"id": mark, "verdict": verdict, "due_shown": shown, "due": given}
        return web.post("/review", fields).status_code

    assert send("", "2024-07-08") == 303
    assert "overdue since 8 July 2024" in web.get(where).text
    assert 'name="due" value="2024-07-08"' in web.get(where).text
    assert send("2024-07-08", "2024-07-12", "ask") == 303
    assert "due 12 July 2024" in web.get(where).text
    assert send("2024-07-12", "") == 303
    text = web.get(where).text
    assert "due date cleared" in text
    assert re.search(r"<strong>Noted</strong> by Bo, .* · due 8 July 2024", text)
    assert send("", "") == 400
    assert send("", "tomorrow") == 400


def test_a_verdict_leaves_the_due_date_that_its_form_showed(web: Web) -> None:
    change = web.marks()[0].partition(".")[0]
    [mark] = web.marks(f"/changes/{change}")
    web.post("/review", {"id": mark, "verdict": "note", "due_shown": "", "due": "2024-08-01"})
    [mark] = web.marks(f"/changes/{change}")
    fields = {"id": mark, "verdict": "ask", "due_shown": "2024-08-01", "due": "2024-08-01"}
    web.post("/review", fields)
    assert web.get(f"/changes/{change}").text.count("· due 1 August 2024") == 1


def test_the_inbox_marks_finds_and_sorts_what_is_due(web: Web) -> None:
    marks = web.marks()
    days = ("2024-07-14", "2024-07-01", "2024-09-01")
    for mark, day in zip(marks, days, strict=False):
        web.post("/review", {"id": mark, "verdict": "note", "due": day})
    ids = [mark.partition(".")[0] for mark in marks]

    def found(asked: str) -> list[str]:
        return re.findall(r'<p class="line"><a href="/changes/(\w+)">', web.get(asked).text)

    assert found("/?due=overdue") == [ids[1]]
    assert found("/?due=soon") == [ids[0]]
    assert found("/?sort=due")[:3] == [ids[1], ids[0], ids[2]]
    assert len(found("/?sort=due")) == len(found("/"))
    text = web.get("/").text
    assert "overdue since 1 July 2024" in text
    assert re.search(r'due=overdue"[^>]*><span class="badge overdue">overdue</span> <b>1</b>', text)
    assert re.findall(r"<h2>(.*?)</h2>", web.get("/?sort=due").text)[:3] == [
        "Overdue",
        "Due within 7 days",
        "Due later",
    ]
