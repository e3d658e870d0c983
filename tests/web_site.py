"""A store served as `claimwatch serve` does, asked as a browser would, without a socket.

It holds no test.
"""

from __future__ import annotations

import asyncio
import html
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from pipeline import config, standards, track
from pipeline.config import User
from pipeline.web import hashed
from pipeline.web.access import Access
from pipeline.web.routes import ROUTES, Route
from pipeline.web.serving import application
from pipeline.web.site import Site

NOW = datetime(2024, 7, 10, tzinfo=UTC)
PASSWORD = "a long enough password"
HERE = "http://127.0.0.1"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def users() -> tuple[User, ...]:
    """Return somebody who reviews and somebody who reads."""
    stored = hashed(PASSWORD)
    return User("Bo", stored, "reviewer"), User("Vera", stored, "viewer")


def copied(folder: Path, to: Path) -> Path:
    """Return a copy of a store, to write to."""
    shutil.copytree(folder, to)
    return to


class Web:
    """A site and one browser, with its cookies; close it, or use it in a `with`."""

    def __init__(self, folder: Path, access: Access | None = None, base: str = HERE) -> None:
        self.loop = asyncio.new_event_loop()
        self.said: list[str] = []
        access = access or Access("127.0.0.1", users=users())
        self.site = Site(folder / "config.toml", access, lambda: NOW, self.said.append)
        self.datasette = application(self.site)
        self.loop.run_until_complete(self.datasette.invoke_startup())
        self.app, self.base = self.datasette.app(), base
        self.browser = self.another()

    def anew(self) -> Web:
        """Return the site in a browser that nobody signed in to."""
        self.browser = self.another()
        return self

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self.site.close()
        self.loop.close()

    def another(self) -> httpx.AsyncClient:
        """Return another browser, without cookies."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url=self.base)

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        """Return the answer to a request of this browser."""
        return self.loop.run_until_complete(self.browser.request(method, address, **more))

    def get(self, address: str, **more: Any) -> httpx.Response:
        """Return a page."""
        return self.ask("GET", address, **more)

    def post(self, address: str, fields: dict[str, Any], **more: Any) -> httpx.Response:
        """Send a form as its page would, with the token of a page that was read before."""
        token = self.browser.cookies.get("ds_csrftoken") or ""
        headers = {"origin": self.base} | more.pop("headers", {})
        return self.ask("POST", address, data={"csrftoken": token, **fields}, headers=headers)

    def enter(self, name: str = "Bo") -> None:
        """Sign in by password."""
        self.get("/sign-in")
        answer = self.post("/sign-in/enter", {"name": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        self.get("/")

    def marks(self, address: str = "/") -> list[str]:
        """Return what the tick boxes of a page, or the form of a change, name."""
        text = self.get(address).text
        return [mark.strip() for mark in re.findall(r'name="id"[^>]*value="([^"]+)"', text)]

    def undo(self, address: str) -> httpx.Response:
        """Press the button of a page that takes back what was settled last."""
        text = self.get(address).text
        form = re.search(r'<div class="settled".*?</form>', text, re.DOTALL)
        assert form, text
        marks = [html.unescape(mark) for mark in re.findall(r'name="id" value="([^"]+)"', form[0])]
        return self.post("/review", {"id": marks, "verdict": "reopen"})


# -------------------------------------------------------------- a store whose every text is hostile

EVIL = (
    "Larkfield Desk<script>alert(1)</script> is certified to ISO/IEC 27001:{year}"
    '"><img src=x onerror=alert(2)> {{ 7*7 }} \u202e javascript:alert(3).'
)
PAGE = "# Trust <script>alert(0)</script>\n\n{said}\n\nSee [the report](javascript:alert(4)).\n"
VENDOR = "Evil <b>Corp</b> & Sons"
CONFIG = f'[[pages]]\nid = "evil"\nurl = "evil.md"\nvendor = "{VENDOR}"\n'
OWN = ("/data", "/data/claims", "/data/changes", "/data.json", "/data/claims.csv")
"""Some of Datasette's own pages."""

READS = [route for route in ROUTES if not route.changes]


def hostile(folder: Path) -> Path:
    """Return the folder of a store with a change whose every text is hostile."""
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    loaded = config.load(folder / "config.toml")
    for year in (2013, 2022):
        text = PAGE.replace("{said}", html.escape(EVIL.replace("{year}", str(year))))
        (folder / "evil.md").write_text(text, encoding="utf-8")
        at = datetime(year, 3, 1, 6, tzinfo=UTC)
        track.run(loaded, standards.load(), now=lambda at=at: at)  # type: ignore[misc]
    return folder


def address(web: Web, route: Route) -> str:
    """Return an address of a route that there is."""
    parts = {"id": change(web), "page": "evil"}
    parts["file"] = one(web, "SELECT report FROM run WHERE changes")
    if "captures" in route.pattern:
        parts["digest"] = one(web, "SELECT digest FROM look WHERE result = 'changed'")
    if "claims" in route.pattern:
        parts["id"] = one(web, "SELECT id FROM claims WHERE kind = 'standard'")
    written = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda part: parts[part[1]], route.pattern.strip("^$"))
    if written.endswith("/vendor"):
        return f"/vendor?name={quote(VENDOR)}"
    if written == "/ask":
        return f"/ask?id={parts['id']}"
    sql = "SELECT group_concat(distinct digest) FROM look"
    if "compare" in route.pattern and "," in (both := one(web, sql)):
        return f"{written}?before={both.split(',')[0]}&after={both.split(',')[1]}"
    return written.replace("\\", "")


def change(web: Web) -> str:
    """Return the id of a change there is."""
    return one(web, "SELECT id FROM changes WHERE kind = 'standard'")


def one(web: Web, sql: str) -> str:
    """Return the first value that SQL finds; where one has to sign in to ask,
    an id that names nothing.
    """
    answer = web.get("/data.json", params={"sql": sql, "_shape": "arrayfirst"})
    return str(answer.json()[0]) if answer.status_code == 200 else "000000000000"
