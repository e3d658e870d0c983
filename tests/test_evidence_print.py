"""The summary of an evidence bundle, as a browser prints it: A4 pages with numbers, nothing cut,
every claim by its id.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from commands import Command
from playwright.sync_api import sync_playwright
from test_cli_export import unpacked
from test_web_browser import CHROMIUM


@pytest.fixture
def bundle(tmp_path: Path, demo_store: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "store"
    shutil.copytree(demo_store, folder)
    return unpacked(Command(folder, capsys), tmp_path, "--vendor", "Larkfield")


def test_every_claim_stands_in_it_once_services_in_lists(bundle: Path) -> None:
    claims = json.loads((bundle / "claims.json").read_text(encoding="utf-8"))
    soup = BeautifulSoup((bundle / "summary.html").read_text(encoding="utf-8"), "lxml")
    shown = [one.get_text() for one in soup.select("#claims code")]
    assert sorted(shown) == sorted(claim["id"] for claim in claims)
    services = [claim["service"] for claim in claims if claim["kind"] == "service"]
    listed = [item.contents[0].strip() for item in soup.select("#claims .columns li")]
    assert sorted(listed) == sorted(services)
    assert services


@pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")
def test_it_prints_on_a4_with_numbered_pages_and_nothing_cut(bundle: Path, tmp_path: Path) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 700, "height": 990})
        page.goto((bundle / "summary.html").as_uri())
        page.emulate_media(media="print")
        widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        wide, room = page.evaluate(widths)
        assert wide <= room
        page.pdf(path=tmp_path / "summary.pdf", format="A4", prefer_css_page_size=True)
        browser.close()
    printed = pypdfium2.PdfDocument(tmp_path / "summary.pdf")
    texts = [sheet.get_textpage().get_text_bounded() for sheet in printed]
    assert all(f"{number} / {len(texts)}" in text for number, text in enumerate(texts, 1))
    # Between the margins of the style sheet, in points.
    assert all(box[0] >= 35 and box[2] <= 560 for sheet in printed for box in _boxes(sheet))
    for head in json.loads((bundle / "manifest.json").read_text())["heads"].values():
        assert any(head in text.replace("\r\n", "") for text in texts)


def _boxes(sheet: pypdfium2.PdfPage) -> list[tuple[float, ...]]:
    text = sheet.get_textpage()
    return [text.get_rect(number) for number in range(text.count_rects())]
