"""All vendors, suppliers, pages and runs, a vendor's profile, words:
each says what the command beside it says.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from larkfield import Place, filled
from web_site import Web

from pipeline import history, track
from pipeline.web import overview


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return filled(tmp_path_factory.mktemp("overview"))


@pytest.fixture(scope="module")
def web(place: Place) -> Iterator[Web]:
    with Web(place.folder) as opened:
        yield opened


def lines(web: Web, address: str) -> list[str]:
    soup = BeautifulSoup(web.get(address).text, "lxml")
    return [" ".join(line.get_text(" ").split()) for line in soup.select("tbody tr[data-entry]")]


def test_a_vendor_is_listed_with_what_it_holds_and_what_is_open(web: Web, place: Place) -> None:
    [line] = lines(web, "/vendors")
    with track.open(place.config) as store:
        opened = sum(row["open_changes"] for row in history.status(store.db))
    assert line.startswith("Larkfield FedRAMP, HIPAA, ISO/IEC 27001 ")
    assert f" {opened} 2 1 failing " in line


def test_a_vendors_profile_stands_within_the_site(web: Web) -> None:
    text = web.get("/vendor?name=larkfield").text
    assert '<a href="/matrix">Matrix</a>' in text
    assert "Larkfield Desk is certified to ISO/IEC 27001:2022." in text
    then = web.get("/vendor?name=Larkfield&at=2024-04-15").text
    assert "Larkfield Desk is certified to ISO/IEC 27001:2013." in then
    assert "27001:2022" not in then
    assert web.get("/vendor").status_code == 404
    missing = web.get("/vendor?name=Nobody")
    assert (missing.status_code, "there are Larkfield" in missing.text) == (404, True)


def test_long_sections_of_a_profile_are_cut_until_the_whole_is_asked_for(
    web: Web, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(address: str) -> tuple[int, str]:
        soup = BeautifulSoup(web.get(address).text, "lxml")
        rows = soup.select(".profile tbody tr, .profile .columns li, .profile .quote")
        return len(rows), " ".join(soup.get_text(" ").split())

    whole, text = shown("/vendor?name=Larkfield&whole=1&at=2024-07-01")
    assert "left out" not in text
    monkeypatch.setattr(overview, "ROWS", 1)
    short, text = shown("/vendor?name=Larkfield&at=2024-07-01")
    assert short < whole
    assert re.search(r"\d+ rows left out, of long sections. The whole profile", text)
    # What is counted is all there is, whatever of it is shown.
    with track.open(place.config) as store:
        number = len(store.config.pages)
    assert f"What its {number} pages claimed" in text


def test_the_pages_that_fail_come_first_with_their_next_look(web: Web) -> None:
    first, second = lines(web, "/health")
    assert first.startswith("fedramp Larkfield")
    assert "2 times in a row" in first
    # Six in the morning of New York, where the schedule is.
    assert "10 July 2024 06:00 EDT" in second
    assert "Nothing: every message was taken." in web.get("/health").text


def test_the_runs_lead_to_their_reports_which_keep_their_own_policy(web: Web) -> None:
    everything, may = lines(web, "/runs"), lines(web, "/runs?month=2024-05")
    assert len(everything) == 9
    # In New York the run of 02:00 UTC on the 1st of May is still one of April.
    assert len(may) == 3
    assert len(lines(web, "/runs?only=changes")) < len(everything)
    [first, *_] = re.findall(r'href="(/reports/[^"]+)"', web.get("/runs").text)
    answer = web.get(first)
    assert "<style>" in answer.text
    assert re.search(r"style-src 'sha256-[^']+'", answer.headers["content-security-policy"])
    for other in ("/reports/..%2fconfig.toml", "/reports/index.html", "/reports/2001-01-01.html"):
        assert web.get(other).status_code == 404


def test_runs_are_narrowed_to_a_vendor_and_to_what_is_open(web: Web, place: Place) -> None:
    def cells(asked: str, label: str) -> list[int]:
        found = re.findall(rf'<td data-label="{label}">(\d+)</td>', web.get(asked).text)
        return [int(number) for number in found]

    rows = [row for row in place.changes() if row["cause"] == "page"]
    assert sum(cells("/runs?vendor=Larkfield", "Changes")) >= len(rows) > 0
    waiting = [row for row in rows if row["status"] == "open"]
    assert sum(cells("/runs?only=open", "Open")) == len(waiting)
    assert all(cells("/runs?only=open", "Open"))
    assert "No run fits." in web.get("/runs?vendor=nobody").text


def test_a_long_list_comes_in_pages(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "SHOWN", 4)
    seen, address = 0, "/runs"
    while address:
        text = web.get(address).text
        seen += text.count("<tr data-entry>")
        more = re.search(r'<a href="([^"]+)" rel="next">', text)
        address = html.unescape(more[1]) if more else ""
    assert seen == 9
    assert "5 to 8 of 9" in web.get("/runs?from=4").text
    assert "No page fits." in web.get("/health?text=nothing").text
    assert len(lines(web, "/health?text=fedramp")) == 1


def test_suppliers_of_all_vendors_are_one_list(web: Web) -> None:
    assert "No page lists a supplier yet." in web.get("/suppliers").text


def test_words_are_found_in_sentences_of_now_and_of_before(web: Web, place: Place) -> None:
    with track.open(place.config) as store:
        found = history.search(store.db, "residency")
    text = web.get("/search?text=residency").text
    assert text.count("data-entry") == len(found) > 0
    assert "No sentence has all these words." in web.get("/search?text=unheardof").text
    assert web.get('/search?text="').status_code == 404
