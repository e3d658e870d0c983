"""Datasette's own pages: answers are kept until somebody writes, and look like all others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from larkfield import Place, filled
from web_site import Web

from pipeline.web import data


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return filled(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def web(place: Place) -> Iterator[Web]:
    with Web(place.folder) as opened:
        yield opened


def asked(web: Web, address: str) -> int:
    """Return how many statements the database is sent for an address."""
    said: list[str] = []
    database = web.datasette.get_database(data.NAME)
    inner = database.execute_fn

    async def counted(task: object) -> object:
        said.append(str(task))
        return await inner(task)

    database.execute_fn = counted
    try:
        assert web.get(address).status_code == 200
    finally:
        database.execute_fn = inner
    return len(said)


def test_an_answer_is_kept_until_somebody_writes(web: Web) -> None:
    address = "/data/changes.json?_shape=array"
    before = web.get(address).json()
    assert asked(web, address) == 0
    web.enter()
    mark = web.marks(f"/changes/{before[0]['id']}")[0]
    web.post("/review", {"id": mark, "verdict": "accept"})
    assert asked(web, address) > 0
    after = {row["id"]: row["status"] for row in web.get(address).json()}
    assert after[before[0]["id"]] == "accepted"


def test_what_one_person_is_shown_is_kept_for_nobody_else(web: Web) -> None:
    assert "Bo" not in web.get("/data").text
    web.enter()
    assert "Bo" in web.get("/data").text
    web.browser = web.another()
    assert "Bo" not in web.get("/data").text


def test_a_wrong_question_is_asked_again(web: Web) -> None:
    assert web.get("/data?sql=select+nothing").status_code == 400
    assert web.get("/data?sql=select+nothing").status_code == 400


def test_the_page_of_the_data_leads_to_every_view_and_every_other_page(web: Web) -> None:
    text = web.get("/data").text
    for name in data.VIEWS:
        assert web.get(f"/data/{name}").status_code == 200
        assert f'href="/data/{name}"' in text
    assert '<a href="/matrix">Matrix</a>' in text
    assert "_sqlite_migrations" not in text
    assert "/static/data.css" in text
    assert "--paper" in web.get("/static/data.css").text


def test_a_page_that_is_not_there_says_so_and_prints_nothing(
    web: Web, capsys: pytest.CaptureFixture[str]
) -> None:
    for address in ("/nothing", "/data/nothing", "/captures/x"):
        assert web.get(address).status_code == 404
    said = capsys.readouterr()
    assert (said.out, said.err, web.said) == ("", "", [])
