"""A page and its requests → what a browser shows: a process of its own,
which has a browser and no network.

Run by `browser` as `python -m pipeline.sources.window`, it reads JSON lines on standard input and
writes them on standard output. First comes the page; then every request that the browser makes is
asked of the other side, which alone may go out; last comes what is shown. Chromium itself can
resolve no name and reaches no proxy, so that what escapes us goes nowhere.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Error,
    Page,
    Request,
    Route,
    TimeoutError,
    WebSocketRoute,
    sync_playwright,
)

from pipeline.sources import composed

UNASKED = ("media", "font", "websocket", "eventsource", "ping", "manifest", "texttrack")
FILLING = ("document", "script", "xhr", "fetch")
"""Parts that bring text."""
MISSED = 20
_CHANGING = re.compile(r"[0-9a-f-]{8,}|\d+", re.IGNORECASE)
"""What a part's address is given anew at each visit."""
FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--dns-prefetch-disable",
    "--disable-background-networking",
    "--disable-quic",
    "--no-pings",
    "--disable-gpu",
)
QUIET = 500
"""Milliseconds without a request, and without a new letter on the page,
after which it is taken as filled in.
"""
TALLEST = 12_000
OPEN = (
    "const attach = Element.prototype.attachShadow; "
    "Element.prototype.attachShadow = function (given) {"
    " return attach.call(this, {...given, mode: 'open'}) }"
)
"""A component may close its shadow tree to scripts; a person sees it all the same."""


def main() -> None:
    """Show one page."""
    order = json.loads(sys.stdin.readline())
    try:
        _say({"shown": _shown(order)})
    except Error as error:
        _say({"error": error.message.splitlines()[0]})


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _shown(order: dict[str, Any]) -> dict[str, Any]:
    patience = order["timeout"] * 1000
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=order["chromium"], args=list(FLAGS), chromium_sandbox=os.geteuid() != 0
        )
        context = browser.new_context(
            user_agent=order["user_agent"],
            locale="en-US",
            timezone_id="UTC",
            service_workers="block",
            accept_downloads=False,
        )
        context.route_web_socket("**/*", _shut)
        context.add_init_script(OPEN)
        page = context.new_page()
        way = _Way(page)
        context.route("**/*", way.answer)
        page.on("popup", lambda other: other.close())
        page.goto(order["url"], wait_until="domcontentloaded", timeout=patience)
        _settle(page, patience)
        html = composed.text(page).encode("utf-8", "replace")
        told = {
            "url": page.url,
            "passed": way.passed[:MISSED],
            "status": way.status,
            "missed": sorted(way.missed)[:MISSED],
        }
        return {**told, "html": _packed(html), "screenshot": _screenshot(page)}


def _shut(socket: WebSocketRoute) -> None:
    socket.close()


class _Way:
    """Asks the other side for what the browser asks for; keeps where the page itself went,
    and which of its parts it did not get.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self.passed: list[str] = []
        self.status = 200
        self.missed: set[str] = set()

    def answer(self, route: Route) -> None:
        """Hand over the answer to one request, or break it off."""
        request = route.request
        if request.resource_type in UNASKED or not request.url.startswith(("http://", "https://")):
            route.abort()
            return
        body = request.post_data_buffer
        _say(
            {
                "ask": {
                    "method": request.method,
                    "url": request.url,
                    "headers": request.headers,
                    "body": _packed(body) if body else None,
                }
            }
        )
        answer = json.loads(sys.stdin.readline())
        self._kept(request, answer.get("status", 0))
        if "status" not in answer:
            route.abort()
            return
        route.fulfill(
            status=answer["status"],
            headers=answer["headers"],
            body=base64.b64decode(answer["body"]),
        )

    def _kept(self, request: Request, status: int) -> None:
        kind = request.resource_type
        if request.is_navigation_request() and request.frame == self._page.main_frame:
            self.passed.append(request.url)
            self.status = status
        elif kind in FILLING and (
            status in (0, 429) or status >= (400 if kind == "document" else 500)
        ):
            parts = urlsplit(request.url)
            self.missed.add(f"{parts.scheme}://{parts.netloc}{_CHANGING.sub('*', parts.path)}")


def _settle(page: Page, patience: float) -> None:
    """Wait until the page is filled in.

    One that never rests is taken as it is when the patience ends.
    """
    with suppress(TimeoutError):
        page.wait_for_load_state("networkidle", timeout=patience / 2)
    before = -1
    for _ in range(max(2, int(patience / 4 / QUIET))):
        now = composed.length(page)
        if now and now == before:
            return
        before = now
        page.wait_for_timeout(QUIET)


def _screenshot(page: Page) -> str | None:
    height = min(page.evaluate("() => document.documentElement.scrollHeight") or 1, TALLEST)
    try:
        page.set_viewport_size({"width": 1280, "height": max(height, 400)})
        return _packed(
            page.screenshot(type="jpeg", quality=60, animations="disabled", timeout=10_000)
        )
    except TimeoutError:  # a page that never rests is still evidence as text
        return None


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    main()
