"""axe-core finds nothing serious on any page, light or dark, wide or on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from larkfield import Place, filled
from test_web_browser import Opened, Served, browser, signed

__all__ = ["browser", "signed"]
pytestmark = pytest.mark.browser
OURS = [
    "/",
    "/?status=any&cause=any&sort=due",
    "/changes/{change}",
    "/ask?id={change}",
    "/claims/{claim}",
    "/matrix",
    "/pages/trust",
    "/pages/trust/compare?before={old}&after={new}",
    "/pages/trust/compare?before={old}&after={new}&whole=1",
    "/captures/trust/{new}",
    "/vendors",
    "/vendor?name=Larkfield",
    "/suppliers",
    "/health",
    "/runs",
    "/search",
    "/search?text=certified",
    "/sign-in",
    "/changes/000000000000",
    "/?text=nothing+says+this",
]
"""An address of each of our pages, full, empty and of an error; Datasette's own are its own."""
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return filled(tmp_path_factory.mktemp("accessible"))


@pytest.fixture(scope="module")
def served(place: Place) -> Iterator[Served]:
    with Served(place.folder) as running:
        yield running


@pytest.fixture(scope="module")
def known(place: Place) -> dict[str, str]:
    (change, *_) = [row for row in place.changes() if row["due"] is None]
    place.say(change["id"], "note", "2024-07-02T06:00", due="2024-07-05", note="by Friday")
    _, claims = place.sql("SELECT id FROM claims WHERE kind = 'standard'")
    _, looks = place.sql("SELECT DISTINCT digest FROM look WHERE page = 'trust' AND digest > ''")
    old, new = (looks[place]["digest"] for place in (0, 1))
    return {"change": change["id"], "claim": claims[0]["id"], "old": old, "new": new}


def said(found: dict[str, Any]) -> list[str]:
    """Return what axe-core has against a page, a line for each place."""
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {node['target']} {node['html'][:160]}"
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_nothing_serious_is_found(
    browser: Any,
    served: Served,
    signed: dict[str, Any],
    known: dict[str, str],
    scheme: str,
    width: int,
) -> None:
    size = {"width": width, "height": 900}
    problems = []
    with Opened(browser, served, signed, color_scheme=scheme, viewport=size) as opened:
        for address in OURS:
            opened.page.goto(served.address + address.format(**known))
            for folded in opened.page.query_selector_all("details:not([open]) > summary"):
                folded.evaluate("summary => { summary.parentElement.open = true }")
            found = Axe().run(opened.page).response
            assert found["passes"], address
            problems += [f"{address}: {line}" for line in said(found)]
        opened.said.clear()  # the console names the address of the change that there is not
    assert problems == []


def test_what_is_wrong_is_found(browser: Any) -> None:
    page = browser.new_page()
    page.set_content('<html><body><p style="color:#999;background:#aaa">Faint</p><img src="x">')
    rules = {line.partition(" ")[0] for line in said(Axe().run(page).response)}
    page.close()
    assert {"color-contrast", "image-alt", "html-has-lang"} <= rules


def test_the_reports_and_the_statement_are_as_good(
    browser: Any, place: Place, tmp_path: Path
) -> None:
    from datetime import UTC, datetime

    from pipeline import history, track
    from pipeline.report import statement
    from pipeline.track import stating

    with track.open(place.config) as store:
        now = datetime(2024, 7, 10, tzinfo=UTC)
        period = stating.Period(None, now)
        made = stating.statement(place.config, store.db, "Larkfield", period, made_at=now)
        report = next(row["report"] for row in history.runs(store.db) if row["changes"])
    (tmp_path / "statement.html").write_text(statement.html(made), encoding="utf-8")
    problems = []
    for path in (tmp_path / "statement.html", place.config.reports / report):
        page = browser.new_page()
        page.goto(path.as_uri())
        problems += [f"{path.name}: {line}" for line in said(Axe().run(page).response)]
        page.close()
    assert problems == []
