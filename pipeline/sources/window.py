"""A page and its requests → what a browser shows: a process of its own, which has a browser and no network.

Run by `browser` as `python -m pipeline.sources.window`, it reads JSON lines on standard input and writes them on standard output.
First comes the page; then every request that the browser makes is asked of the other side, which alone may go out; last comes
what is shown. Chromium itself can resolve no name and reaches no proxy, so that what escapes us goes nowhere.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from typing import Any

from playwright.sync_api import Error, Page, Route, TimeoutError, WebSocketRoute, sync_playwright

UNASKED = ("media", "font", "websocket", "eventsource", "ping", "manifest", "texttrack")
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
"""Milliseconds without a request, and without a new letter on the page, after which it is taken as filled in."""
TALLEST = 12_000
TEXT = "() => document.body ? document.body.innerText.trim().length : 0"


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
        browser = play.chromium.launch(executable_path=order["chromium"], args=list(FLAGS), chromium_sandbox=os.geteuid() != 0)
        context = browser.new_context(
            user_agent=order["user_agent"], locale="en-US", timezone_id="UTC", service_workers="block", accept_downloads=False
        )
        context.route("**/*", lambda route: _answer(route))
        context.route_web_socket("**/*", _shut)
        page = context.new_page()
        page.on("popup", lambda other: other.close())
        page.goto(order["url"], wait_until="domcontentloaded", timeout=patience)
        _settle(page, patience)
        html = page.content()
        return {"url": page.url, "html": _packed(html.encode()), "screenshot": _screenshot(page)}


def _shut(socket: WebSocketRoute) -> None:
    socket.close()


def _answer(route: Route) -> None:
    """Ask the other side for what the browser asks for, and hand it over."""
    request = route.request
    if request.resource_type in UNASKED or not request.url.startswith(("http://", "https://")):
        route.abort()
        return
    body = request.post_data_buffer
    _say({"ask": {"method": request.method, "url": request.url, "headers": request.headers, "body": _packed(body) if body else None}})
    answer = json.loads(sys.stdin.readline())
    if "status" not in answer:
        route.abort()
        return
    route.fulfill(status=answer["status"], headers=answer["headers"], body=base64.b64decode(answer["body"]))


def _settle(page: Page, patience: float) -> None:
    """Wait until the page is filled in; one that never rests is taken as it is when the patience ends."""
    try:
        page.wait_for_load_state("networkidle", timeout=patience / 2)
        page.wait_for_function(f"() => ({TEXT})() > 0", timeout=patience / 4)
    except TimeoutError:
        pass
    before = -1
    for _ in range(8):
        now = page.evaluate(TEXT)
        if now == before:
            return
        before = now
        page.wait_for_timeout(QUIET)


def _screenshot(page: Page) -> str | None:
    height = min(page.evaluate("() => document.documentElement.scrollHeight") or 1, TALLEST)
    try:
        page.set_viewport_size({"width": 1280, "height": max(height, 400)})
        return _packed(page.screenshot(type="jpeg", quality=60, animations="disabled", timeout=10_000))
    except TimeoutError:  # a page that never rests is still evidence as text
        return None


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    main()
