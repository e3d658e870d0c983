"""Hostile text of a vendor and of a reviewer, on every page of the web page:
it runs, loads and sends nothing.
"""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup
from web_site import OWN, READS, Web, address, change, copied

from pipeline.web.routes import ROUTES


@pytest.fixture
def web(hostile_web: Web) -> Web:
    return hostile_web.anew()


def inert(answer: httpx.Response) -> None:
    """Fail where a page could run, load or send anything that is not ours."""
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    if not answer.headers["content-type"].startswith("text/html"):
        return
    soup = BeautifulSoup(answer.text, "lxml")
    for script in soup.find_all("script"):
        assert "alert" not in script.text
        assert str(script.get("src", "/")).startswith("/")
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        for name in ("href", "src", "action", "formaction"):
            assert (
                not str(tag.get(name, "")).strip().lower().startswith(("javascript:", "vbscript:"))
            ), tag
        assert str(tag.get("src", "/")).startswith(("/", "data:image")), tag
    assert not soup.find_all(["iframe", "object", "embed", "base", "b-corp"])
    assert "\u202e" not in soup.get_text() or "/data" in str(answer.url)


@pytest.mark.parametrize("name", ["", "Bo"], ids=["nobody", "a reviewer"])
@pytest.mark.parametrize("where", [*(route.pattern for route in READS), *OWN])
def test_hostile_content_is_inert_on_every_page(web: Web, where: str, name: str) -> None:
    if name:
        web.enter(name)
    named = {route.pattern: route for route in ROUTES}
    inert(web.get(address(web, named[where]) if where in named else where))


def test_the_page_that_is_checked_does_hold_the_hostile_text(web: Web) -> None:
    text = web.get(f"/changes/{change(web)}").text
    assert "&lt;img src=x onerror=alert(2)&gt;" in text


def test_a_hostile_verdict_is_inert(hostile_store: Path, tmp_path: Path) -> None:
    with Web(copied(hostile_store, tmp_path / "store")) as web:
        web.enter()
        mark = f"{change(web)}.0"
        note = "<script>alert(5)</script>\u202e"
        fields = {
            "id": mark,
            "verdict": "accept",
            "note": note,
            "owner": '"><img src=x>',
            "ref": "x",
        }
        inert(web.get(web.post("/review", fields).headers["location"]))
        answer = web.get(f"/changes/{change(web)}")
        inert(answer)
        assert "&lt;script&gt;alert(5)" in answer.text
        for given in (
            "/changes/<script>",
            "/?vendor=<script>&text=%22><img src=x onerror=alert(1)>",
        ):
            inert(web.get(given))
