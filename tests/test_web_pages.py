"""A page's own page: its looks over time, its claims of a day, captures as text,
two of them side by side.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from larkfield import Place, filled
from web_site import Web

from pipeline import history, track

LONG = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return filled(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def web(place: Place) -> Iterator[Web]:
    with Web(place.folder) as opened:
        yield opened


def looks(place: Place, page: str) -> tuple[dict[str, object], ...]:
    with track.open(place.config) as store:
        return history.timeline(store.db, page)


def test_the_time_line_has_every_look_once_in_stretches_that_found_the_same(place: Place) -> None:
    for page in ("trust", "fedramp"):
        found = looks(place, page)
        [row] = place.sql(f"SELECT count(*) AS n FROM look WHERE page = '{page}'")[1]
        assert sum(int(str(one["looks"])) for one in found) == row["n"]
        assert all(str(a["since"]) >= str(b["until"]) for a, b in itertools.pairwise(found))
    failed = looks(place, "fedramp")[0]
    assert (failed["kind"], failed["looks"], failed["since"]) == (
        "failed",
        2,
        "2024-07-01T03:30:00Z",
    )


def test_a_page_shows_its_looks_with_failures_its_claims_and_its_changes(
    web: Web, place: Place
) -> None:
    text = web.get("/pages/fedramp").text
    assert "could not be read" in text
    assert "30 June 2024 23:30 EDT" in text
    for row in place.changes(page="fedramp"):
        assert f'href="/changes/{row["id"]}"' in text
    with track.open(place.config) as store:
        claims = history.claims(store.db, page="fedramp")
    assert {row["id"] for row in claims} == set(re.findall(r'href="/claims/(\w+)"', text))


def test_the_claims_of_a_day_are_those_that_stood_then(web: Web) -> None:
    assert "27001:2022" in web.get("/pages/trust").text
    then = web.get("/pages/trust?at=2024-04-15").text
    assert "27001:2013" in then
    assert (
        "27001:2022"
        not in then[then.index('<section id="claims">') : then.index('<section id="changes">')]
    )
    assert "No claim was read by then." in web.get("/pages/trust?at=2020-01-01").text


def test_a_capture_is_shown_as_text_and_its_bytes_are_handed_out_as_a_file(
    web: Web, place: Place
) -> None:
    digest = str(next(one["digest"] for one in looks(place, "trust") if one["digest"]))
    text = BeautifulSoup(web.get(f"/captures/trust/{digest}").text, "lxml")
    marked = [part.get_text() for part in text.select(".captured .claim")]
    assert "Larkfield Desk is certified to ISO/IEC 27001:2022." in marked
    raw = web.get(f"/captures/trust/{digest}/raw")
    assert hashlib.sha256(raw.content).hexdigest() == digest
    assert raw.headers["content-type"].startswith("text/plain")
    assert raw.headers["content-disposition"].startswith("attachment")
    assert web.get(f"/captures/trust/{digest[:12]}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/captures/trust/0000000000",
        "/captures/trust/ab",
        "/captures/none/0000000000",
        "/pages/none",
    ],
)
def test_what_is_not_there_is_said_to_be_not_there(web: Web, address: str) -> None:
    assert web.get(address).status_code == 404


def test_any_two_captures_are_compared(web: Web, place: Place) -> None:
    digests = [str(one["digest"]) for one in looks(place, "trust") if one["kind"] == "good"]
    answer = web.get(f"/pages/trust/compare?before={digests[-1]}&after={digests[0]}")
    soup = BeautifulSoup(answer.text, "lxml")
    summaries = soup.select_one("#changes").get_text(" ")  # type: ignore[union-attr]
    assert "edition 2013 → 2022" in summaries
    assert "2013" in soup.select_one(".old del").get_text()  # type: ignore[union-attr]
    back = BeautifulSoup(
        web.get(f"/pages/trust/compare?before={digests[0]}&after={digests[-1]}").text, "lxml"
    )
    assert "edition 2022 → 2013" in back.select_one("#changes").get_text(" ")
    same = web.get(f"/pages/trust/compare?before={digests[0]}&after={digests[0]}").text
    assert "The text reads the same in both." in same
    assert web.get("/pages/trust/compare?before=").status_code == 400


def test_two_captures_are_shown_whole_or_where_they_differ(web: Web, place: Place) -> None:
    digests = [str(one["digest"]) for one in looks(place, "trust") if one["kind"] == "good"]
    address = f"/pages/trust/compare?before={digests[-1]}&after={digests[0]}"
    soup, whole = (
        BeautifulSoup(web.get(asked).text, "lxml") for asked in (address, f"{address}&whole=1")
    )
    alike = "certified to PCI DSS 4.0"
    shown = [line.get_text(" ") for line in whole.select("#beside .both .one")]
    assert sum(alike in line for line in shown) == 1
    assert any("Services in scope of HIPAA" in line for line in shown)
    assert len(shown) >= len(soup.select("#beside .both .one"))
    assert whole.select_one("#beside .old del").get_text() == "2013"  # type: ignore[union-attr]
    assert soup.select("#changes li") == whole.select("#changes li")
    assert not whole.select(".skip")
    same = web.get(f"/pages/trust/compare?before={digests[0]}&after={digests[0]}&whole=1").text
    assert same.count(alike) >= 1
    assert "<del>" not in same


def test_a_capture_that_cannot_be_read_says_why(
    web: Web, monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    from pipeline.model import Failure

    async def unread(*_: object) -> Failure:
        return Failure("read", f"it took too long {LONG}")

    monkeypatch.setattr(web.site, "read", unread)
    digest = str(looks(place, "trust")[0]["digest"])
    text = web.get(f"/captures/trust/{digest}").text
    assert "It cannot be shown as text: It took too long" in text
    assert LONG not in text


@pytest.mark.parametrize("address", ["/pages/trust", "/vendor?name=Larkfield"])
def test_what_touches_a_requirement_is_raised_here_as_in_the_terminal(
    larkfield: Path, address: str
) -> None:
    def raised() -> int:
        with Web(larkfield) as web:
            soup = BeautifulSoup(web.get(address).text, "lxml")
            return len(soup.select(".critical"))

    before = raised()
    with (larkfield / "config.toml").open("a", encoding="utf-8") as config:
        config.write('\n[[requirements]]\nstandards = ["iso-27001"]\n')
    assert raised() > before
