"""A vendor's profile: claims as of a date with their sentences, changes with who reviewed them,
what is open, digests, a line to sign.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, history, standards, track
from pipeline.errors import NotFound
from pipeline.report import profile
from pipeline.rules import InForce, Rule

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
CATALOGUE = standards.load()
TEXT = """# Compliance of Larkfield Notes

Larkfield Notes is certified to ISO/IEC 27001:{edition}.

Larkfield Notes expects its ISO/IEC 27701 certification by June 2025.

> [!NOTE]
> HIPAA leaves <script>alert(1)</script> & Courier out.

## Services in scope of SOC 2

{services}
"""


def text(edition: str = "2013", services: str = "Ledger Archive Courier") -> str:
    return TEXT.format(
        edition=edition, services="\n".join(f"- {name}" for name in services.split())
    )


@pytest.fixture
def place(tmp_path: Path) -> config.Config:
    """A baseline, a change that was accepted, a look that failed,
    and a change that nobody settled.
    """
    (tmp_path / "config.toml").write_text(
        '[[pages]]\nid = "notes"\nurl = "notes.md"\nvendor = "Larkfield"\n', encoding="utf-8"
    )
    found = config.load(tmp_path / "config.toml")
    page = tmp_path / "notes.md"
    for day, body in enumerate((text(), text("2022"), None, text("2022", "Ledger Archive"))):
        page.write_text(body, encoding="utf-8") if body else page.unlink()
        track.run(found, CATALOGUE, now=lambda day=day: START + timedelta(days=day))
    with track.open(found) as store:
        bump = history.changes(store.db, kind="standard")[0]
        track.review(
            store,
            bump["id"],
            track.Review(
                "accept",
                START + timedelta(days=4),
                note="certificate seen",
                owner="ben",
                ref="R-7",
                who="ana",
            ),
        )
        track.review(
            store,
            "notes",
            track.Review("no-change", START + timedelta(days=5), note="by hand", who="ana"),
        )
    return found


def of(place: config.Config, *, in_force: InForce = (), **wanted: datetime) -> dict[str, Any]:
    with track.open(place) as store:
        return history.profile(
            store.db,
            CATALOGUE,
            "larkfield",
            history.When(START + timedelta(days=9), **wanted),
            in_force,
        )


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<body>")[1]).split())


def test_it_has_all_that_a_signer_must_see(place: config.Config) -> None:
    found = of(place)
    assert [row["severity"] for row in found["open"]] == ["high"]
    assert {row["kind"] for row in found["findings"]} == {"passed"}
    assert [(gap["since"], gap["until"], gap["looks"]) for gap in found["unobserved"]] == [
        ("2026-03-02T06:00:00Z", "2026-03-04T06:00:00Z", 1)
    ]
    capture = found["pages"][0]["capture"]
    assert capture["digest"] == hashlib.sha256(text("2022", "Ledger Archive").encode()).hexdigest()
    assert found["pages"][0]["signed_off"]["who"] == "ana"
    page = words(profile.html(found))
    assert "Larkfield Notes is certified to ISO/IEC 27001:2022." in page
    assert "Accepted by ana on 5 March 2026 (owner ben, R-7): certificate seen." in page
    assert "Planned date has passed." in page
    assert capture["digest"] in page
    assert page.endswith("I have read the claims, open questions and gaps above. Name Date Verdict")


def test_as_of_a_date_it_knows_nothing_later(place: config.Config) -> None:
    found = of(place, at=START + timedelta(hours=1))
    assert {row["edition"] for row in found["claims"] if row["standard"] == "iso-27001"} == {"2013"}
    assert (found["changes"], found["open"], found["unobserved"]) == ([], [], [])
    assert {row["kind"] for row in found["findings"]} == {"passed", "superseded"}
    assert "Superseded edition" in profile.html(found)
    later = of(place, since=START + timedelta(days=2))
    assert {row["kind"] for row in later["changes"]} == {"service"}


def test_what_a_page_says_is_shown_as_text(place: config.Config) -> None:
    page = profile.html(of(place))
    assert "<script" not in page
    assert "default-src &#39;none&#39;" in page
    assert re.search(r"(src|href)=", page) is None


def test_rules_of_the_config_are_in_force(place: config.Config) -> None:
    found = of(place, in_force=(Rule("info", kind="service"),))
    assert found["open"] == []


def test_a_correction_is_shown_with_what_we_had_read(place: config.Config) -> None:
    with track.open(place) as store:
        claim = next(
            row for row in history.claims(store.db, standard="iso-27001") if row["edition"]
        )
        track.review(
            store,
            claim["id"],
            track.Review(
                "wrong",
                START + timedelta(days=5),
                note="x",
                who="ana",
                should_be={"level": "Level 1"},
            ),
        )
        other = next(row for row in history.claims(store.db, kind="standard", standard="soc-2"))
        track.review(
            store,
            other["id"],
            track.Review("wrong", START + timedelta(days=5), note="no such thing", who="ana"),
        )
    page = words(profile.html(of(place)))
    assert "Level: Level 1, where we read none." in page
    assert "No claim, where we read one." in page


def test_a_vendor_without_pages_says_who_there_is(place: config.Config) -> None:
    with track.open(place) as store, pytest.raises(NotFound, match='"Nobody"; there are Larkfield'):
        history.profile(store.db, CATALOGUE, "Nobody", history.When(START))


def test_a_page_never_read_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[[pages]]\nid = "notes"\nurl = "notes.md"\nvendor = "Larkfield"\n', encoding="utf-8"
    )
    found = config.load(tmp_path / "config.toml")
    track.run(found, CATALOGUE, now=lambda: START)
    page = words(profile.html(of(found)))
    assert "never read well by then" in page
    assert "No page of this vendor claimed a standard by then." in page
    assert json.loads(profile.json(of(found)))["claims"] == []


@pytest.mark.browser
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_it_prints_on_a4_and_letter_without_anything_cut_off(
    place: config.Config, tmp_path: Path, size: str
) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    path = tmp_path / "profile.html"
    path.write_text(profile.html(of(place)), encoding="utf-8")
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 794 if size == "A4" else 816, "height": 1000})
        page.emulate_media(media="print")
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.pdf(format=size).startswith(b"%PDF")
        browser.close()
