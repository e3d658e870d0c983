"""When a page is asked for whole: a cache that answers "not modified" for ever hides no change for
ever.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from looks import runs
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline.model import Changed, First, HeldBack, Unchanged

PAGE = (
    "<!doctype html><html><head><title>Trust</title></head><body><h1>Trust</h1><p>{}</p>"
    "</body></html>"
)
TRUST = PAGE.format("Acme Cloud is certified to ISO/IEC 27001:2022.")


def stale(server: HTTPServer, body: list[str]) -> list[Request]:
    """Serve what `body` holds by a cache that takes its weak tag for good."""

    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        if request.headers.get("If-None-Match"):
            return Response(status=304, headers={"ETag": 'W/"x"'})
        return Response(body[-1], headers={"Content-Type": "text/html", "ETag": 'W/"x"'})

    server.expect_request("/trust").respond_with_handler(answer)
    return asked


@pytest.mark.parametrize(
    ("keys", "days"),
    [
        ("", 14),
        ('full_every = "2 days"\n', 2),
        ('[[pages]]\nid = "p"\nurl = "{url}"\nvendor = "Acme"\nfull_every = "36 hours"\n', 1.5),
    ],
)
def test_a_page_is_asked_for_whole_every_so_often(
    httpserver: HTTPServer, tmp_path: Path, keys: str, days: float
) -> None:
    body = [TRUST]
    asked = stale(httpserver, body)
    run = runs(tmp_path, httpserver.url_for("/trust"), keys)
    assert isinstance(run(0)[0], First)
    body.append(TRUST.replace("2022", "2013"))
    assert isinstance(run(days - 0.01)[0], Unchanged)
    assert "If-None-Match" in asked[-1].headers
    (outcome,) = run(days)
    assert isinstance(outcome, Changed)
    assert [(one.field, one.before, one.after) for one in outcome.comparison.changes] == [
        ("edition", "2022", "2013")
    ]
    assert "If-None-Match" not in asked[-1].headers
    assert asked[-1].headers["Cache-Control"] == "no-cache"
    assert isinstance(run(days + 1)[0], Unchanged)
    assert "If-None-Match" in asked[-1].headers


def test_a_span_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        Exception, match=r'fetch.full_every: "often" is no span of time; write a number'
    ):
        runs(tmp_path, "http://localhost/", 'full_every = "often"\n')


def test_a_look_that_was_held_back_is_no_whole_answer(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    body = [TRUST]
    asked = stale(httpserver, body)
    run = runs(tmp_path, httpserver.url_for("/trust"))
    run(0)
    body.append(
        "<html><head><title>Sign in</title></head><body><form><input type=password></form>"
        "</body></html>"
    )
    assert isinstance(run(14)[0], HeldBack)
    # Not "not modified", which speaks of what came two weeks ago.
    assert isinstance(run(15)[0], HeldBack)
    assert "If-None-Match" not in asked[-1].headers
