"""The web page: what it shows of a store, and verdicts given, taken back and met on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from larkfield import Place, filled
from web_site import Web, copied

from pipeline import history
from pipeline.web import data

QUERYING = Path(__file__).parent.parent / "docs" / "querying.md"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return filled(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="module")
def reading(place: Place) -> Iterator[Web]:
    with Web(place.folder) as web:
        yield web


@pytest.fixture
def web(place: Place, tmp_path: Path) -> Iterator[Web]:
    with Web(copied(place.folder, tmp_path / "store")) as opened:
        opened.enter()
        yield opened


def said(web: Web, change: str) -> list[tuple[str, str | None]]:
    """Return the verdicts on a change, each with who gave it."""
    db = history.open(web.site.config.database)
    try:
        return [(one["verdict"], one["who"]) for one in history.shown(db, change).row["reviews"]]
    finally:
        db.close()


def status(web: Web, change: str) -> str:
    """Return the status of a change: the same by command and by view."""
    db = history.open(web.site.config.database)
    try:
        row = history.shown(db, change).row
    finally:
        db.close()
    viewed = web.get(f"/data/changes.json?id={change}&_shape=array").json()
    assert [one["status"] for one in viewed] == [row["status"]]
    return str(row["status"])


# --------------------------------------------------------------------------- what is shown


def test_the_inbox_has_the_open_changes_of_the_pages_most_severe_first(
    reading: Web, place: Place
) -> None:
    text = reading.get("/").text
    wanted = [row for row in place.changes(status="open") if row["cause"] == "page"]
    found = re.findall(r'<p class="line"><a href="/changes/(\w+)">', text)
    assert sorted(found) == sorted(row["id"] for row in wanted)
    order = {
        row["id"]: ("critical", "high", "medium", "low", "info").index(row["severity"])
        for row in wanted
    }
    assert [order[one] for one in found] == sorted(order.values())


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("severity=high", lambda row: row["severity"] == "high"),
        ("standard=fedramp", lambda row: row["standard"] == "fedramp"),
        ("page=trust", lambda row: row["page"] == "trust"),
        ("text=courier", lambda row: "Courier" in row["summary"]),
        ("vendor=nobody", lambda row: False),
    ],
)
def test_the_inbox_is_narrowed(reading: Web, place: Place, asked: str, fits: object) -> None:
    rows = [row for row in place.changes(status="open") if row["cause"] == "page" and fits(row)]
    found = re.findall(r'<p class="line"><a href="/changes/(\w+)">', reading.get(f"/?{asked}").text)
    assert sorted(found) == sorted(row["id"] for row in rows)


def test_a_change_has_its_words_its_reasons_its_captures_and_its_life(
    reading: Web, place: Place
) -> None:
    row = next(row for row in place.changes() if row["severity"] == "critical")
    text = reading.get(f"/changes/{row['id']}").text
    assert "<del>2022</del>" in text
    assert "<ins>2013</ins>" in text
    assert row["why"].partition(";")[0] in text
    assert "3 May 2024 08:00 EDT" in text
    assert text.count('<td data-label="Sentence">') == 4
    assert f'href="/changes/{row["reverts"]}"' in text


def test_an_id_of_before_and_the_first_letters_of_one_lead_to_the_change(
    reading: Web, place: Place
) -> None:
    row = place.changes()[0]
    answer = reading.get(f"/changes/{row['id'][:8]}")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/changes/{row['id']}")
    assert reading.get(f"/changes/{place.shown}").status_code in (200, 302)
    missing = reading.get("/changes/000000000000")
    assert missing.status_code == 404
    assert "near it" in missing.text


def test_what_a_review_said_stands_on_the_page_of_its_change(reading: Web, place: Place) -> None:
    row = next(row for row in place.changes() if row["owner"] == "Ana")
    text = reading.get(f"/changes/{row['id']}").text
    assert "GRC-1" in text
    assert "asked again" in text
    assert re.search(r"<strong>Accepted</strong> by ana, 1 May 2024 20:00 EDT", text)


# --------------------------------------------------------------------------- verdicts


def test_a_verdict_is_kept_told_and_taken_back(web: Web) -> None:
    mark = web.marks()[0]
    change = mark.partition(".")[0]
    answer = web.post("/review", {"id": mark, "verdict": "accept", "note": "fine", "back": "/"})
    assert answer.status_code == 303
    told = web.get(answer.headers["location"]).text
    assert "1 change accepted." in told
    assert mark not in web.marks()
    assert (status(web, change), said(web, change)) == ("accepted", [("accept", "Bo")])
    assert web.undo(answer.headers["location"]).status_code == 303
    assert status(web, change) == "open"
    assert said(web, change) == [("accept", "Bo"), ("reopen", "Bo")]
    assert f"{change}.2" in web.marks()


def test_undo_gives_a_change_that_was_asked_that_status_again(web: Web, place: Place) -> None:
    change = next(row["id"] for row in place.changes(status="asked"))
    [mark] = web.marks(f"/changes/{change}")
    answer = web.post("/review", {"id": mark, "verdict": "dismiss", "back": f"/changes/{change}"})
    assert status(web, change) == "dismissed"
    web.undo(answer.headers["location"])
    assert status(web, change) == "asked"


def test_many_are_settled_at_once(web: Web) -> None:
    marks = web.marks()
    answer = web.post("/review", {"id": marks, "verdict": "dismiss", "owner": "Ana"})
    assert f"{len(marks)} changes dismissed." in web.get(answer.headers["location"]).text
    assert web.marks() == []
    web.undo(answer.headers["location"])
    assert len(web.marks()) == len(marks)


def test_two_reviewers_do_not_settle_the_same_unseen(web: Web) -> None:
    mark, other, *_ = web.marks()
    web.post("/review", {"id": mark, "verdict": "accept"})
    answer = web.post("/review", {"id": [mark, other], "verdict": "dismiss"})
    told = web.get(answer.headers["location"]).text
    assert "accepted by Bo meanwhile" in told
    assert "1 change dismissed." in told
    assert status(web, mark.partition(".")[0]) == "accepted"


def test_a_note_an_owner_and_a_ticket_leave_the_status(web: Web) -> None:
    mark = web.marks()[0]
    change = mark.partition(".")[0]
    web.post("/review", {"id": mark, "verdict": "note", "owner": "Cleo", "ref": "GRC-9"})
    assert status(web, change) == "open"
    assert "owner Cleo" in web.get("/").text
    refused = web.post("/review", {"id": f"{change}.1", "verdict": "note"})
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/a\nb"]
)
def test_a_form_leads_back_to_a_page_of_ours(web: Web, back: str) -> None:
    answer = web.post("/review", {"id": web.marks()[0], "verdict": "ask", "back": back})
    assert answer.headers["location"].startswith("/?done=")


def test_a_page_that_was_added_meanwhile_is_not_forgotten_by_a_verdict(web: Web) -> None:
    path = web.site.config.path
    more = '\n[[pages]]\nid = "new"\nurl = "new.md"\nvendor = "Larkfield"\n'
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    web.post("/review", {"id": web.marks()[0], "verdict": "accept"})
    db = history.open(web.site.config.database)
    assert "new" in {page.id for page in history.watched(db)}
    db.close()


# --------------------------------------------------------------------------- the data


def test_the_canned_queries_are_those_of_the_documentation(reading: Web) -> None:
    text = QUERYING.read_text(encoding="utf-8")
    written = re.findall(r"^```sql\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    asked = []
    for query in data.queries().values():
        sql = query["sql"]
        for name, value in query.get("asks", {}).items():
            sql = sql.replace(f":{name}", f"'{value}'")
        asked.append(sql)
    assert asked == written


@pytest.mark.parametrize("name", data.queries())
def test_every_canned_query_answers(reading: Web, name: str) -> None:
    answer = reading.get(f"/data/{name}.json", params=data.queries()[name].get("asks", {}))
    assert answer.status_code == 200, answer.text
    assert answer.json()["ok"] is not False


def test_every_view_of_the_documentation_can_be_filtered_and_taken_as_csv(reading: Web) -> None:
    rows = reading.get("/data/claims.json?_shape=array&kind=standard&_size=max").json()
    assert rows
    assert {row["kind"] for row in rows} == {"standard"}
    assert "id,page,vendor" in reading.get("/data/claims.csv").text
    listed = reading.get("/data.json").json()
    assert [table["name"] for table in listed["tables"] if not table["hidden"]] == []
    assert not {view["name"] for view in listed["views"]} & set(data.OLD)


@pytest.mark.parametrize(
    "sql", ["DELETE FROM review", "ATTACH '/tmp/x.db' AS x", "PRAGMA journal_mode = DELETE"]
)
def test_sql_only_reads(reading: Web, sql: str) -> None:
    assert reading.get("/data.json", params={"sql": sql}).status_code == 400


def test_sql_that_takes_too_long_is_stopped(reading: Web) -> None:
    assert reading.datasette.setting("sql_time_limit_ms") <= 2000
    sql = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
    answer = reading.get("/data.json", params={"sql": sql, "_timelimit": 30})
    assert (answer.status_code, "took too long" in answer.text) == (400, True)
