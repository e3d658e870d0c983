"""Snapshot of a shell → snapshot of what a browser shows, with a screenshot.

Needs the extra `browser` and a Chromium.

The browser runs in a process of its own and has no network: each of its requests is sent from here,
by the same guard, limits and credentials as any other, and the process is ended when its time is
over. A page's parts are asked for one after another, like a visitor's browser does, without the
pause that is kept between pages.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, Any
from urllib.parse import urljoin

from pipeline import errors, health
from pipeline.egress import Answer
from pipeline.model import Snapshot
from pipeline.sources.visit import REDIRECTS, Visit

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PARTS = 200
LARGEST = 5_000_000
"""Bytes of a screenshot that is kept."""
_PASSED = (
    "accept",
    "accept-language",
    "content-type",
    "referer",
    "origin",
    "authorization",
    "x-requested-with",
)
_NOT_PASSED = (
    "content-encoding",
    "content-length",
    "transfer-encoding",
    "connection",
    "set-cookie",
    "content-disposition",
)
_STALE = ("etag", "last-modified", "content-length", "content-encoding", "content-type")
_ONE = threading.Lock()
"""A browser takes hundreds of megabytes: one at a time."""


def rendered(snapshot: Snapshot, visit: Visit) -> Snapshot:
    """Return the capture as a browser shows it; raise EgressError where it cannot be shown."""
    client = visit.client
    chromium = next((path for name in NAMES if (path := shutil.which(name))), None)
    if importlib.util.find_spec("playwright") is None:
        raise errors.EgressError(
            'the page asks for a browser; install the extra: pip install "claimwatch[browser]"'
        )
    if chromium is None:
        raise errors.EgressError(
            f"the page asks for a browser, and there is none: install {NAMES[0]}"
        )
    order = {
        "url": snapshot.url,
        "chromium": chromium,
        "user_agent": client.limits.user_agent,
        "timeout": client.limits.timeout,
    }
    with _ONE, _process(client.limits.total) as (window, ended):
        shown = _talked(window, order, _Parts(snapshot, visit))
        if ended.is_set():
            raise errors.EgressError(
                f"not shown in a browser within {client.limits.total:g} s (fetch.total)"
            )
    if "shown" not in shown:
        raise errors.EgressError(
            f"the browser could not show the page: {shown.get('error', 'it broke off')}"
        )
    shot = _snapshot(snapshot, shown["shown"], client.limits.max_bytes)
    if variable := visit.own.secrets.repeated(shot.url, *shot.redirects, shot.body):
        raise errors.EgressError(f"the page repeats the value of {variable}; it is not kept")
    return shot


@contextmanager
def _process(seconds: float) -> Iterator[tuple[subprocess.Popen[str], threading.Event]]:
    """Run a window, and end it with all that it started: when it is done,
    and in any case when its time is over.
    """
    command = [sys.executable, "-m", "pipeline.sources.window"]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    ended = threading.Event()
    with (
        tempfile.TemporaryDirectory(prefix="claimwatch-", ignore_cleanup_errors=True) as folder,
        subprocess.Popen(
            command,
            env=_environ(folder),
            stdin=pipe,
            stdout=pipe,
            stderr=nowhere,
            text=True,
            start_new_session=True,
        ) as window,
    ):

        def end() -> None:
            ended.set()
            _kill(window)

        timer = threading.Timer(seconds, end)
        timer.start()
        try:
            yield window, ended
        finally:
            timer.cancel()
            _kill(window)


def _environ(folder: str) -> dict[str, str]:
    """Return what the window needs of our environment, where secrets may lie,
    with a folder for all it leaves behind.
    """
    kept = {
        name: os.environ[name]
        for name in ("PATH", "LANG", "PYTHONPATH", "VIRTUAL_ENV")
        if name in os.environ
    }
    return {**kept, "HOME": folder, "TMPDIR": folder}


def _kill(window: subprocess.Popen[str]) -> None:
    if window.poll() is None:
        os.killpg(window.pid, signal.SIGKILL)


def _talked(window: subprocess.Popen[str], order: dict[str, Any], parts: _Parts) -> dict[str, Any]:
    """Hand over the order, answer what is asked, and return what the window says last."""
    assert window.stdin is not None
    assert window.stdout is not None
    try:
        _say(window.stdin, order)
        for line in window.stdout:
            message: dict[str, Any] = json.loads(line)
            if "ask" not in message:
                return message
            _say(window.stdin, parts.answer(**message["ask"]))
    except (
        BrokenPipeError,
        json.JSONDecodeError,
    ):  # ended in the middle of a word, when its time was over
        pass
    return {}


def _say(pipe: IO[str], message: dict[str, Any]) -> None:
    pipe.write(json.dumps(message) + "\n")
    pipe.flush()


class _Parts:
    """Answers the requests that a page makes, as many and as large as the limits allow;
    the page itself was fetched before.
    """

    def __init__(self, page: Snapshot, visit: Visit) -> None:
        self._page: Snapshot | None = page
        self._visit = visit
        self._limits = visit.client.limits
        self._left = PARTS
        self._bytes = self._limits.max_bytes

    def answer(
        self, method: str, url: str, headers: dict[str, str], body: str | None
    ) -> dict[str, Any]:
        """Return the answer for the browser; without a status where there is none."""
        page = self._page
        if page is not None and url.partition("#")[0] == page.url.partition("#")[0]:
            self._page = None
            return _handed(page.status or 200, page.headers, page.body)
        self._left -= 1
        if self._left < 0 or self._bytes < 0:
            return {}
        try:
            answer = self._followed(method, url, headers, base64.b64decode(body) if body else None)
        except (
            errors.EgressError,
            ValueError,
        ):  # refused, broken off, or led to an address that cannot be parsed
            return {}
        self._bytes -= len(answer.body)
        return _handed(answer.status, answer.headers, answer.body)

    def _followed(
        self, method: str, url: str, headers: dict[str, str], content: bytes | None
    ) -> Answer:
        # Chromium follows a redirect without asking again;
        # so it is given the answer at the end of the way.
        for _ in range(self._limits.max_redirects + 1):
            sent = {name: value for name, value in headers.items() if name.lower() in _PASSED}
            answer = self._visit.part(method, url, sent, content)
            location = answer.header("location")
            if answer.status not in REDIRECTS or location is None:
                return answer
            url = urljoin(url, location)
            headers = {
                name: value for name, value in headers.items() if name.lower() != "authorization"
            }
            if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):
                method, content = "GET", None
        raise errors.EgressError("more redirects than allowed (fetch.max_redirects)")


def _handed(status: int, headers: tuple[tuple[str, str], ...], body: bytes) -> dict[str, Any]:
    kept = {name: value for name, value in headers if name not in _NOT_PASSED}
    return {"status": status, "headers": kept, "body": base64.b64encode(body).decode()}


def _snapshot(before: Snapshot, shown: dict[str, Any], max_bytes: int) -> Snapshot:
    missed = "".join(
        f"\n<!-- {health.NOT_HAD} {url.replace('--', '-')} -->" for url in shown["missed"]
    )
    body = base64.b64decode(shown["html"]) + missed.encode()
    if len(body) > max_bytes:
        raise errors.EgressError(
            f"the page as a browser shows it is larger than {max_bytes:,} bytes (fetch.max_bytes)"
        )
    screenshot = base64.b64decode(shown["screenshot"]) if shown["screenshot"] else None
    headers = (
        *((name, value) for name, value in before.headers if name not in _STALE),
        ("content-type", "text/html; charset=utf-8"),
    )
    *passed, last = shown["passed"] or [before.url]
    if not 200 <= shown["status"] < 300:
        came = f"HTTP {shown['status']}" if shown["status"] else "which cannot be had"
        raise errors.EgressError(f"its scripts lead to {last.partition('?')[0]}, {came}")
    url = str(shown["url"]).partition("#")[0]
    return replace(
        before,
        url=url if url.startswith(("http://", "https://")) else before.url,
        redirects=(*before.redirects, *(f"script {one.partition('#')[0]}" for one in passed)),
        media_type="text/html",
        body=body,
        headers=headers,
        screenshot=screenshot if screenshot and len(screenshot) <= LARGEST else None,
    )
