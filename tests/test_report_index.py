"""The index of reports: those of one vendor by style alone, and how much of each is open;
addresses of changes on the web page, for programs and feed readers.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
import test_report_sample as sample
from playwright.sync_api import sync_playwright
from test_track import START, Desk, catalogue
from test_web_browser import CHROMIUM

from pipeline import history, report, standards, track

__all__ = ["catalogue"]

SITE = "https://claims.example.org/"


def entry(file: str, *vendors: str) -> report.Entry:
    made = report.entry(file, report.json(sample.quiet()))
    return replace(made, vendors=vendors, run=f"run of {file}")


def test_a_report_is_of_the_vendors_that_it_tells_something_of() -> None:
    run = sample.busy()
    told = {item.page.vendor for item in run.told if item.change.cause == "page"}
    made = report.entry("a.html", report.json(run))
    assert told - {None} <= set(made.vendors)
    assert report.entry("b.html", report.json(sample.quiet())).vendors == ()


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium is installed")
def test_the_reports_of_a_vendor_are_chosen_without_a_script(tmp_path: Path) -> None:
    entries = (entry("a.html", "Acme", "<Bolt>"), entry("b.html", "Acme"), entry("c.html"))
    drawn = report.index(entries, None, opened={"run of a.html": 4})
    assert "<script" not in drawn
    (tmp_path / "index.html").write_text(drawn, encoding="utf-8")
    with sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((tmp_path / "index.html").as_uri())
        assert page.locator("tbody tr:visible").count() == 3
        page.select_option("select", label="<Bolt>")
        (row,) = page.locator("tbody tr:visible").all()
        assert row.locator('[data-label="Open"]').inner_text() == "4"
        page.select_option("select", label="any")
        assert page.locator("tbody tr:visible").count() == 3
        browser.close()


TEXT = """# Trust centre of Northwind

This page says which assessments Northwind has passed, and how it keeps accounts safe.

Northwind Desk is certified to ISO/IEC 27001:{edition}.

Northwind Desk has completed a SOC 2 Type {level} audit.
"""


def test_what_is_open_of_a_report_is_counted_when_the_next_is_written(
    tmp_path: Path, catalogue: standards.Catalogue
) -> None:
    desk = Desk(tmp_path, catalogue)

    def opened() -> list[str]:
        text = (tmp_path / "reports" / "index.html").read_text(encoding="utf-8")
        return re.findall(r'data-label="Open">([^<]*)<', text)

    desk.run(TEXT.format(edition=2013, level=1), 0)
    desk.run(TEXT.format(edition=2022, level=2), 5)
    ids = [row["id"] for row in desk.ask(history.changes)]
    assert opened() == [str(len(ids)), "–"]
    with track.open(desk.config) as store:
        track.review(store, ids[0], track.Review("accept", START + timedelta(days=6)))
    desk.run(TEXT.format(edition=2022, level=1), 40)
    assert opened()[1:] == [str(len(ids) - 1), "–"]


def test_programs_are_given_the_address_of_each_change_on_the_web_page() -> None:
    run = replace(sample.busy(), site=SITE)
    for told in json.loads(report.json(run))["changes"]:
        assert told["review"] == f"{SITE}changes/{told['id']}"
    assert all("review" not in told for told in json.loads(report.json(sample.busy()))["changes"])


def test_entries_of_a_feed_lead_to_the_web_page_and_from_there_to_the_live_one() -> None:
    (first, *_) = told = sample.busy().told
    feed = ElementTree.fromstring(report.atom("all", "All", told, SITE))
    space = {"a": "http://www.w3.org/2005/Atom"}
    led = {link.get("href") for link in feed.findall("a:entry/a:link", space)}
    assert f"{SITE}changes/{first.id}" in led
    plain = ElementTree.fromstring(report.atom("all", "All", told))
    led = {str(link.get("href")) for link in plain.findall("a:entry/a:link", space)}
    assert not any(link.startswith(SITE) for link in led)
