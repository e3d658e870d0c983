"""The way to a page: cookies that a site asks for, and pages that only send their readers on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from looks import runs
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline import health, sources
from pipeline.egress import Answer, Limits
from pipeline.model import First, HeldBack, Known, Look, Page
from pipeline.sources.cookies import Cookies
from pipeline.sources.visit import same_site

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
PAGE = (
    "<!doctype html><html><head><title>Trust</title></head><body><h1>Trust</h1><p>{}</p>"
    "</body></html>"
)
TRUST = PAGE.format("Acme Cloud is certified to ISO/IEC 27001:2022.")


def look(server: HTTPServer, path: str = "/trust", allow: str = "localhost", **own: object) -> Look:
    limits = Limits(delay=0.0, retries=0, robots=False, allow=(allow,), max_redirects=5)
    page = Page("trust", server.url_for(path), **own)  # type: ignore[arg-type]
    with sources.Client(limits, environ={"SESSION": "own-session"}) as client:
        return sources.fetch(page, Known(), now=NOW, client=client)


def reason(got: Look) -> str:
    assert got.failure is not None
    return got.failure.reason


def counting(
    server: HTTPServer, *answers: Callable[[Request], Response] | Response
) -> list[Request]:
    """Give these answers to whatever is asked, the last for ever; return what was asked."""
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        told = answers[min(len(asked), len(answers)) - 1]
        return told if isinstance(told, Response) else told(request)

    server.expect_request("/trust").respond_with_handler(answer)
    return asked


def html(body: str, **headers: str) -> Response:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(body, headers={"Content-Type": "text/html", **told})


def onward(where: str, *cookies: str, status: int = 302) -> Response:
    answer = Response(status=status, headers={"Location": where})
    for cookie in cookies:
        answer.headers.add("Set-Cookie", cookie)
    return answer


# --------------------------------------------------------------------------- cookies


def gate(request: Request) -> Response:
    return html(TRUST) if request.cookies.get("seen") else onward("/trust", "seen=yes-4711; Path=/")


def test_a_site_that_counts_its_visitors_is_read(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/trust").respond_with_handler(gate)
    for _ in range(2):  # the second look begins anew
        got = look(httpserver)
        assert got.snapshot is not None, got.failure
        assert got.snapshot.body == TRUST.encode()
        assert got.snapshot.redirects == (f"302 {httpserver.url_for('/trust')}",)
        assert "4711" not in repr(got)
    assert [("Cookie" in request.headers) for request, _ in httpserver.log] == [False, True] * 2


def test_nothing_of_a_cookie_is_stored(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/trust").respond_with_handler(gate)
    place = httpserver.url_for("/trust")
    (outcome,) = runs(tmp_path, place)(0)
    assert isinstance(outcome, First)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"4711" not in path.read_bytes(), path


def test_a_cookie_stays_with_its_origin(httpserver: HTTPServer) -> None:
    with HTTPServer() as other:
        asked = counting(other, html(TRUST))
        counting(
            httpserver, onward(other.url_for("/trust"), "seen=1; Path=/", "all=1; Domain=localhost")
        )
        assert look(httpserver).snapshot is not None
    assert "Cookie" not in asked[0].headers


def test_a_site_s_cookie_joins_the_page_s_own(httpserver: HTTPServer) -> None:
    asked = counting(
        httpserver, onward("/trust", "seen=1", "sid=new-session; HttpOnly"), html(TRUST)
    )
    assert (
        look(httpserver, cookies_env=(("sid", "SESSION"), ("lang", "SESSION"))).snapshot is not None
    )
    assert asked[0].headers["Cookie"] == "sid=own-session; lang=own-session"
    assert dict(asked[1].cookies) == {"sid": "new-session", "lang": "own-session", "seen": "1"}


@pytest.mark.parametrize(
    ("cookie", "sent"),
    [
        ("a=1", True),
        ("a=1; Path=/trust", True),
        ("a=1; Path=/other", False),
        ("a=1; Secure", False),
        ("a=1; Max-Age=0", False),
        ("a=1; Domain=vendor.example", False),
        ("a=" + "x" * 5000, False),
        ("=; ;;", False),
        ("a", True),
    ],
)
def test_a_cookie_is_kept_as_a_browser_keeps_it(
    httpserver: HTTPServer, cookie: str, sent: bool
) -> None:
    httpserver.expect_request("/").respond_with_response(onward("/trust", cookie))
    asked = counting(httpserver, html(TRUST))
    assert look(httpserver, "/").snapshot is not None
    assert ("Cookie" in asked[0].headers) is sent


@given(st.lists(st.text(st.characters(codec="latin-1"), max_size=60), max_size=80))
def test_no_cookie_breaks_a_look(cookies: list[str]) -> None:
    kept = Cookies()
    told = tuple(("set-cookie", cookie) for cookie in cookies)
    kept.keep(Answer("http://vendor.example/trust", 200, "OK", told, b""))
    assert len(kept.of("http://vendor.example/trust").split("; ")) <= 50
    assert (
        kept.of("http://vendor.example:81/trust") == kept.of("https://vendor.example/trust") == ""
    )


def test_a_circle_is_still_one(httpserver: HTTPServer) -> None:
    counting(httpserver, onward("/trust", "seen=1"))
    assert (
        reason(look(httpserver)) == f"redirects in a circle, back to {httpserver.url_for('/trust')}"
    )
    assert len(httpserver.log) == 2


def test_a_cookie_that_is_ever_new_ends_with_the_redirects(httpserver: HTTPServer) -> None:
    counting(httpserver, *(onward("/trust", f"seen={number}") for number in range(99)))
    assert reason(look(httpserver)) == "more than 5 redirects (fetch.max_redirects)"
    assert len(httpserver.log) == 6


# -------------------------------------------------------------------------- pages that only refresh


def moved(content: str, head: str = "", text: str = "Our trust centre has moved.") -> str:
    return (
        f'<html><head><title>Moved</title>{head}<meta http-equiv="refresh" content="{content}">'
        f"</head><body><p>{text}</p></body></html>"
    )


FOLLOWED = {
    "in a while": html(moved("3; url=/new")),
    "at once": html(moved("0;URL='/new'", text="")),
    "no name": html(moved("0, /new")),
    "a space": html(moved("  5   url = /new ")),
    "a fraction": html(moved(".5;url=/new#top")),
    "in full": html(moved("0; url=//localhost:{port}/new")),
    "with a base": html(moved("0; url=new", '<base href="/">')),
    "in the body": html("<p>Moved</p><META HTTP-EQUIV=Refresh CONTENT='1; url=/new'>"),
    "by a header": html(PAGE.format("Moved."), Refresh="0; url=/new"),
    "at once, below much text": html(moved("0; url=/new", text="We certify nothing here. " * 200)),
}


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_page_that_only_refreshes_is_followed(httpserver: HTTPServer, name: str) -> None:
    told = FOLLOWED[name].get_data(as_text=True).replace("{port}", str(httpserver.port))
    stub = Response(told, headers=FOLLOWED[name].headers)
    stub.headers["Content-Length"] = str(len(told))
    counting(httpserver, stub)
    httpserver.expect_request("/new").respond_with_data(TRUST, content_type="text/html")
    got = look(httpserver).snapshot
    assert got is not None
    assert (got.body, got.url) == (TRUST.encode(), httpserver.url_for("/new"))
    assert got.redirects == (f"refresh {httpserver.url_for('/trust')}",)


STAYS = {
    "a session that ends": moved("900; url=/new"),
    "much text": moved("20; url=/new", text="Acme Cloud keeps its data in Europe. " * 60),
    "for who has no scripts": TRUST.replace(
        "</head>", '<noscript><meta http-equiv="refresh" content="0; url=/new"></noscript></head>'
    ),
    "a comment": TRUST.replace(
        "</head>", '<!-- <meta http-equiv="refresh" content="0; url=/new"> --></head>'
    ),
    "itself, with news": TRUST.replace(
        "<p>", '<meta http-equiv="refresh" content="30"><p>' + "We publish what we hold. " * 8
    ),
    "itself, counted": TRUST.replace(
        "<p>",
        '<meta http-equiv="refresh" content="30; url=?n=2"><p>' + "We publish what we hold. " * 8,
    ),
    "no number": moved("url=/new"),
    "no address": moved("0; url=javascript:go()"),
}


@pytest.mark.parametrize("name", STAYS)
def test_a_page_that_is_to_be_read_is(httpserver: HTTPServer, name: str) -> None:
    counting(httpserver, html(STAYS[name]))
    got = look(httpserver).snapshot
    assert got is not None
    assert (got.url, got.redirects) == (httpserver.url_for("/trust"), ())
    assert health.verdict(got, Known()).name != "moved"


@pytest.mark.parametrize(
    ("stub", "told"),
    [
        (
            moved("0; url=https://me:secret@trust.vendor.example/a?token=1"),
            "on to https://trust.vendor.example/a",
        ),
        (moved("0; url=http://127.0.0.1:1/"), "on to http://127.0.0.1:1/"),
        (moved("5", text="Please wait"), "only loads itself again"),
        (
            "<html><head><script>window.location.href = '/new'</script></head><body><p>We "
            "have moved.</body></html>",
            "a script of the page sends its readers on to http://localhost:{port}/new; "
            "set url to it",
        ),
    ],
)
def test_what_is_not_followed_is_held_back_with_its_target(
    httpserver: HTTPServer, tmp_path: Path, stub: str, told: str
) -> None:
    counting(httpserver, html(stub))
    run = runs(tmp_path, httpserver.url_for("/trust"))
    for day in (0, 1):  # a look that is held back sets no baseline
        (outcome,) = run(day)
        assert isinstance(outcome, HeldBack)
        assert told.format(port=httpserver.port) in outcome.verdict.reason
        assert "secret" not in outcome.verdict.reason
        assert "token" not in outcome.verdict.reason


def test_refreshes_in_a_circle_are_no_page(httpserver: HTTPServer) -> None:
    counting(httpserver, html(moved("0; url=/other")))
    httpserver.expect_request("/other").respond_with_data(
        moved("0; url=/trust"), content_type="text/html"
    )
    got = look(httpserver).snapshot
    assert got is not None
    assert health.verdict(got, Known()).reason.endswith(f"on to {httpserver.url_for('/trust')}")
    assert len(httpserver.log) == 2


def test_refreshes_have_the_budget_and_the_guard_of_redirects(httpserver: HTTPServer) -> None:
    for number in range(9):
        httpserver.expect_request(f"/{number}").respond_with_data(
            moved(f"0; url=/{number + 1}"), content_type="text/html"
        )
    assert reason(look(httpserver, "/0")) == "more than 5 redirects (fetch.max_redirects)"
    with HTTPServer() as inside:  # the same host, but another port, which the config does not allow
        counting(httpserver, html(moved(f"0; url={inside.url_for('/')}")))
        told = (
            f"after 1 redirect(s), to {inside.url_for('/')}: "
            "localhost (127.0.0.1) is not a public address"
        )
        assert reason(look(httpserver, allow=f"localhost:{httpserver.port}")).startswith(told)
        assert inside.log == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("http://vendor.com/trust", "https://www.vendor.com/new", True),
        ("https://trust.vendor.com/", "https://vendor.com/", True),
        ("https://vendor.com/", "https://vendor.com:8443/", True),
        ("https://vendor.com/", "https://notvendor.com/", False),
        ("https://a.vendor.com/", "https://b.vendor.com/", False),
        ("https://vendor.com/", "https://com/", False),
        ("https://vendor.com/", "https://vendor.com.evil.net/", False),
    ],
)
def test_what_a_site_is(one: str, other: str, expected: bool) -> None:
    assert same_site(one, other) is same_site(other, one) is expected
