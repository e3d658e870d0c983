"""A capture that is held back, in the web page: shown first with what it would change,
then accepted or rejected.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from web_site import Web, copied

from pipeline import config, history, standards, track
from pipeline.model import Held

SERVICES = "Ledger Archive Courier Beacon Anvil Prism Quarry Fathom Gable Harrow Inlet Juniper"


def page(services: str) -> str:
    listed = "\n".join(f"- {service}" for service in services.split())
    about = "Northwind Desk is certified to ISO/IEC 27001:2022."
    return f"# Northwind Desk\n\n{about}\n\n## Services in scope of SOC 2\n\n{listed}\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("held")
    (folder / "config.toml").write_text(
        '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n', encoding="utf-8"
    )
    loaded = config.load(folder / "config.toml")
    for day, services in ((1, SERVICES), (2, "Ledger")):
        (folder / "desk.md").write_text(page(services), encoding="utf-8")
        at = datetime(2024, 7, day, 6, tzinfo=UTC)
        track.run(loaded, standards.load(), now=lambda at=at: at)  # type: ignore[misc]
    return folder


@pytest.fixture
def web(store: Path, tmp_path: Path) -> Iterator[Web]:
    with Web(copied(store, tmp_path / "store")) as opened:
        opened.enter()
        yield opened


def held(web: Web) -> tuple[Held, ...]:
    db = history.open(web.site.config.database)
    try:
        return history.held_back(db)
    finally:
        db.close()


def test_it_stands_first_and_is_accepted(web: Web) -> None:
    [one] = held(web)
    text = web.get("/").text
    assert "1 page held back" in text
    assert text.index('id="held-desk"') < text.index("Nothing is open.")
    fields = {"digest": one.digest, "note": "they shrank", "back": "/"}
    answer = web.post("/pages/desk/accept", fields)
    told = web.get(answer.headers["location"]).text
    assert "The capture of desk is accepted; 11 changes reported." in told
    assert held(web) == ()
    # Of one cause, and so one entry.
    assert told.count('class="entry high"') == 1
    assert "11 changes" in told


def test_it_is_rejected_with_a_reason(web: Web) -> None:
    [one] = held(web)
    assert web.post("/pages/desk/reject", {"digest": one.digest}).status_code == 400
    web.post("/pages/desk/reject", {"digest": one.digest, "note": "a test page"})
    [rejected] = held(web)
    assert rejected.rejected is not None
    assert (rejected.rejected.who, rejected.rejected.note) == ("Bo", "a test page")
    assert "Rejected by Bo" in web.get("/").text


def test_another_capture_than_the_one_that_was_shown_is_not_settled(web: Web) -> None:
    for way in ("accept", "reject"):
        answer = web.post(f"/pages/desk/{way}", {"digest": "0" * 64, "note": "x"})
        assert (answer.status_code, "look at it first" in answer.text) == (409, True)
    assert web.post("/pages/none/accept", {"digest": "0" * 64}).status_code == 404
    assert len(held(web)) == 1
