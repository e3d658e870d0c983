"""The web page as an analyst drives it, in a real browser: filter, open,
accept with a note, undo; keys, phone, dark.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from larkfield import filled
from web_site import NOW

from pipeline.web.access import Access
from pipeline.web.serving import _bound, application
from pipeline.web.site import Site

pytestmark = pytest.mark.browser
CHROMIUM = Path("/usr/bin/chromium")


class Served:
    """A site that listens on loopback, in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder / "config.toml", Access("127.0.0.1"), lambda: NOW)
        self.socket = _bound("127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.server: Any = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    async def _run(self) -> None:
        made = application(self.site)
        await made.invoke_startup()
        self.server = uvicorn.Server(uvicorn.Config(made.app(), log_level="warning"))
        self._ready.set()
        await self.server.serve(sockets=[self.socket])

    def __enter__(self) -> Served:
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self._thread.join(30)
        self.site.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(filled(tmp_path_factory.mktemp("browser")).folder) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def signed(browser: Any, served: Served) -> dict[str, Any]:
    """Return the cookies of somebody who opened the link and gave a name."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served.address}/sign-in?token={served.site.access.token}")
    page.get_by_label("Your name").fill("Ana")
    page.get_by_role("button", name="Start reviewing").click()
    page.get_by_text("Sign out").wait_for()
    state: dict[str, Any] = context.storage_state()
    context.close()
    return state


class Opened:
    """A page, with what its console said."""

    def __init__(self, browser: Any, served: Served, signed: dict[str, Any], **more: Any) -> None:
        self.context = browser.new_context(storage_state=signed, **more)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.address = served.address

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()
        assert self.said == []


def test_filter_open_read_accept_with_a_note_and_undo(
    browser: Any, served: Served, signed: dict[str, Any]
) -> None:
    with Opened(browser, served, signed) as opened:
        page = opened.page
        page.goto(opened.address)
        page.locator(".filter summary").click()
        page.get_by_label("Standard").select_option(label="ISO/IEC 27001")
        page.locator("#filter button").click()
        page.locator("#critical .entry a").first.click()
        assert page.locator(".pair del").inner_text() == "2022"
        page.get_by_label("Note").fill("the register says so")
        page.get_by_role("button", name="Accept", exact=True).click()
        page.get_by_text("1 change accepted.").wait_for()
        assert page.locator("#reviews").get_by_text("the register says so").is_visible()
        page.get_by_role("button", name="Undo").click()
        page.get_by_text("1 change reopened.").wait_for()
        assert page.locator(".kicker .badge.plain").inner_text() == "open"


def test_everything_can_be_done_by_keys(
    browser: Any, served: Served, signed: dict[str, Any]
) -> None:
    with Opened(browser, served, signed) as opened:
        page = opened.page
        page.goto(opened.address)
        before = page.locator(".entry").count()
        for key in ("j", "j", "k", "j", "d"):
            page.keyboard.press(key)
        page.get_by_text("1 change dismissed.").wait_for()
        assert page.locator(".entry").count() == before - 1
        page.keyboard.press("u")
        page.get_by_text("1 change reopened.").wait_for()
        assert page.locator(".entry").count() == before
        page.keyboard.press("/")
        page.keyboard.type("courier")
        page.keyboard.press("Enter")
        page.wait_for_url("**text=courier*")
        page.keyboard.press("j")
        page.keyboard.press("o")
        page.wait_for_url("**/changes/*")
        page.keyboard.press("n")
        assert page.evaluate("document.activeElement.name") == "note"


WIDTHS = {"a phone": 360, "a desk": 1280}
SEEN = ("/", "/matrix", "/pages/trust", "/vendors", "/vendor?name=Larkfield", "/health", "/runs")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_no_page_scrolls_sideways_or_complains(
    browser: Any, served: Served, signed: dict[str, Any], width: int, scheme: str
) -> None:
    size = {"width": width, "height": 800}
    with Opened(browser, served, signed, viewport=size, color_scheme=scheme) as opened:
        for address in SEEN:
            opened.page.goto(opened.address + address)
            over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert opened.page.evaluate(over) == 0, address
            ground = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert ground == {"light": "rgb(250, 249, 246)", "dark": "rgb(19, 23, 27)"}[scheme]


def test_a_cell_of_the_matrix_opens_and_closes(
    browser: Any, served: Served, signed: dict[str, Any]
) -> None:
    with Opened(browser, served, signed) as opened:
        page = opened.page
        page.goto(f"{opened.address}/matrix")
        page.get_by_role("button", name="Larkfield Desk, ISO/IEC 27001: held 2022").click()
        sentence = page.get_by_text("Larkfield Desk is certified to ISO/IEC 27001:2022.")
        assert sentence.is_visible()
        page.keyboard.press("Escape")
        assert not sentence.is_visible()
