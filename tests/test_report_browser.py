"""Reports in a real browser: on a phone, on paper, in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import held_sample
import pytest
import test_report_sample as sample

from pipeline import report

pytestmark = pytest.mark.browser
CHROMIUM = Path("/usr/bin/chromium")
RUNS = {
    "busy": sample.busy(),
    "quiet": sample.quiet(),
    "failing": sample.failing(),
    "held": held_sample.run(),
}
LONG = "Nobreakspaceinthisnameofaserviceatall" * 6


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield running
        running.close()


def opened(browser: object, path: Path, text: str, width: int) -> tuple[object, list[str]]:
    path.write_text(text, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})  # type: ignore[attr-defined]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(path.as_uri())
    return page, said


def overflow(page: object) -> int:
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_report_scrolls_sideways_or_complains(
    browser: object, tmp_path: Path, name: str, width: int
) -> None:
    page, said = opened(browser, tmp_path / "report.html", report.html(RUNS[name]), width)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    assert overflow(page) == 0
    assert said == []


def test_names_without_a_space_do_not_widen_a_phone(browser: object, tmp_path: Path) -> None:
    text = report.html(RUNS["busy"]).replace("Harborline", LONG)
    page, _ = opened(browser, tmp_path / "report.html", text, 360)
    assert overflow(page) == 0


def test_a_folded_part_opens(browser: object, tmp_path: Path) -> None:
    page, _ = opened(browser, tmp_path / "report.html", report.html(RUNS["busy"]), 1280)
    sentence = page.locator("#info .briefs").first  # type: ignore[attr-defined]
    assert not sentence.is_visible()
    page.locator("#info summary").first.click()  # type: ignore[attr-defined]
    assert sentence.is_visible()


def test_paper_shows_what_is_folded_on_a_screen(browser: object, tmp_path: Path) -> None:
    page, _ = opened(browser, tmp_path / "report.html", report.html(RUNS["busy"]), 720)
    page.emulate_media(media="print", color_scheme="dark")  # type: ignore[attr-defined]
    assert page.locator("#info .briefs").first.is_visible()  # type: ignore[attr-defined]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert overflow(page) == 0


CONTRAST = """() => {
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4
  const light = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(v => linear(v / 255))
    return .2126 * r + .7152 * g + .0722 * b
  }
  const behind = node => {
    for (; node; node = node.parentElement) {
      const ground = getComputedStyle(node).backgroundColor
      if (ground !== 'rgba(0, 0, 0, 0)') return ground
    }
    return 'rgb(255, 255, 255)'
  }
  const faint = new Set()
  for (const node of document.body.querySelectorAll('*')) {
    if (![...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim())) continue
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x)
    if ((a + .05) / (b + .05) < 4.5) faint.add(`${node.tagName}.${node.className}`)
  }
  return [...faint]
}"""


@pytest.mark.parametrize("name", ["busy", "held"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(
    browser: object, tmp_path: Path, scheme: str, name: str
) -> None:
    page, _ = opened(browser, tmp_path / "report.html", report.html(RUNS[name]), 1280)
    page.emulate_media(color_scheme=scheme)  # type: ignore[attr-defined]
    assert page.evaluate(CONTRAST) == []  # type: ignore[attr-defined]
