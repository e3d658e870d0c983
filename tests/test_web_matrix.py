"""The matrix as a page and as a file: every cell, its reasons, the past;
and the life of a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from larkfield import CATALOGUE, Place, filled
from web_site import NOW, Web

from pipeline import cli, history, track
from pipeline.report import matrix

THEN = datetime(2024, 4, 16, 3, 59, 59, 999999, tzinfo=UTC)
"""The end of the 15th of April in New York, where the schedule is."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return filled(tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="module")
def web(place: Place) -> Iterator[Web]:
    with Web(place.folder) as opened:
        yield opened


def rows(place: Place, at: datetime | None = None) -> list[dict[str, Any]]:
    with track.open(place.config) as store:
        return history.matrix(store.db, CATALOGUE, history.When(NOW, at), zone="America/New_York")


def drawn(text: str) -> dict[tuple[str, str], str]:
    """Return what each cell of a drawn matrix shows, by holder and standard."""
    soup = BeautifulSoup(text, "lxml")
    [table] = soup.select("table.matrix")
    names = [head.get_text(strip=True) for head in table.select("thead th")][1:-1]
    found = {}
    for line in table.select("tbody tr"):
        holder = line.th.get_text(strip=True)
        for name, cell in zip(names, line.select("td")[:-1], strict=True):
            shown = cell.button or cell
            found[holder, name] = " ".join(shown.get_text(" ").split())
    return found


def expected(found: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    cells: dict[tuple[str, str], str] = {}
    for row in found:
        parts = (matrix.symbol(row), row["edition"], row["level"])
        key = matrix.holder(row), row["standard_name"] or row["standard"]
        cells[key] = " ".join(part for part in parts if part)
    return cells


@pytest.mark.parametrize("at", [None, THEN], ids=["now", "then"])
def test_every_cell_is_drawn_as_it_stands_now_or_stood_then(
    web: Web, place: Place, at: datetime | None
) -> None:
    text = web.get("/matrix?at=2024-04-15" if at else "/matrix").text
    assert drawn(text) == expected(rows(place, at))
    assert ("15 April 2024 23:59 EDT" in text) == bool(at)


def test_a_cell_says_on_demand_what_it_rests_on(web: Web, place: Place) -> None:
    text = web.get("/matrix").text
    for row in rows(place):
        if row["text"]:
            assert f'href="/claims/{row["id"]}"' in text
    gone = [row["why"] for row in rows(place) if matrix.symbol(row) == matrix.GONE]
    assert gone
    assert all(why.capitalize() in text for why in gone)
    buttons, boxes = (
        set(re.findall(pattern, text))
        for pattern in (r'popovertarget="([^"]+)"', r'popover id="([^"]+)"')
    )
    assert buttons == boxes != set()


def test_it_is_narrowed_and_a_date_that_is_none_is_refused(web: Web) -> None:
    assert {name for _, name in drawn(web.get("/matrix?standard=hipaa").text)} == {"HIPAA"}
    assert "No standard is claimed." in web.get("/matrix?vendor=Nobody").text
    assert "No standard was claimed on that day." in web.get("/matrix?at=2001-01-01").text
    refused = web.get("/matrix?at=yesterday")
    assert (refused.status_code, "write it as 2024-05-01" in refused.text) == (400, True)


def test_the_file_has_the_same_cells_and_needs_nothing_else(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(place.folder / "config.toml")
    with pytest.raises(SystemExit):
        cli.main(["--config", path, "matrix", "--at", "2024-04-15", "--format", "html"])
    text = capsys.readouterr().out
    assert drawn(text) == expected(rows(place, THEN))
    soup = BeautifulSoup(text, "lxml")
    assert not soup.find_all(["script", "link", "img", "a"])
    assert "default-src 'none'" in str(soup.find("meta", {"http-equiv": True}))


def test_a_claim_has_its_life_and_what_changed_of_it(web: Web, place: Place) -> None:
    bump = next(row for row in place.changes() if row["severity"] == "critical")
    text = web.get(f"/claims/{bump['claim']}").text
    assert text.count('<td data-label="Sentence">') == 4
    for row in place.changes():
        assert (f'href="/changes/{row["id"]}"' in text) == (row["claim"] == bump["claim"])
    assert web.get(f"/claims/{bump['id']}").status_code == 404
    assert web.get(f"/claims/{bump['claim'][:8]}").headers["location"] == f"/claims/{bump['claim']}"
