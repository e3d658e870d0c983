"""Pages over http from real sockets on loopback: what comes back,
and what every kind of failure is called.
"""

from __future__ import annotations

import gzip
import importlib
import socket
import ssl
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import brotli
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline import errors, sources
from pipeline.egress import Limits
from pipeline.model import Known, Look, Page

zstd = importlib.import_module(
    "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
)
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
HTML = (
    b"<!doctype html><html><head><title>Trust</title></head><body><h1>Trust</h1><p>Acme Cloud is "
    b"certified to ISO 27001.</p></body></html>"
)


PACKINGS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
each_packing = pytest.mark.parametrize(("coding", "pack"), PACKINGS.items(), ids=PACKINGS)


def client(
    server: HTTPServer | int, *, sleep: Callable[[float], None] = lambda _: None, **limits: object
) -> sources.Client:
    port = server if isinstance(server, int) else server.port
    given: dict[str, object] = {
        "delay": 0.0,
        "retries": 0,
        "robots": False,
        "allow": (f"localhost:{port}", f"127.0.0.1:{port}"),
    }
    return sources.Client(Limits(**{**given, **limits}), sleep=sleep, chance=lambda: 0.0)


def look(server: HTTPServer, path: str, known: Known | None = None, **limits: object) -> Look:
    with client(server, **limits) as fetching:
        return sources.fetch(
            Page("trust", server.url_for(path)), known or Known(), now=NOW, client=fetching
        )


def reason(got: Look) -> str:
    assert got.failure is not None
    assert got.failure.stage == "fetch"
    assert got.snapshot is None
    return got.failure.reason


@contextmanager
def raw(answer: bytes, *, hold: bool = False) -> Iterator[int]:
    """Serve one connection with these very bytes; `hold` keeps it open and silent afterwards."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)
            if hold:
                done.wait(10)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        thread.join(10)
        listener.close()


def test_a_page_and_what_is_kept_of_its_headers(httpserver: HTTPServer) -> None:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "ETag": '"v1"',
        "Set-Cookie": "session=secret",
        "X-Api-Key": "secret",
    }
    httpserver.expect_request("/trust").respond_with_data(HTML, headers=headers)
    got = look(httpserver, "/trust").snapshot
    assert got is not None
    assert (got.body, got.status, got.media_type, got.origin, got.captured_at, got.redirects) == (
        HTML,
        200,
        "text/html",
        "live",
        NOW,
        (),
    )
    assert got.header("etag") == '"v1"'
    assert got.header("content-type") == "text/html; charset=utf-8"
    assert all(name == name.lower() for name, _ in got.headers)
    assert "secret" not in repr(got.headers)


def test_we_say_who_we_are_and_send_nothing_else_of_ours(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        return Response(HTML, headers={"Set-Cookie": "a=b"})

    httpserver.expect_request("/trust").respond_with_handler(answer)
    with client(httpserver, user_agent="claimwatch/0.1 (+https://example.org/bot)") as fetching:
        for _ in range(2):
            sources.fetch(
                Page("trust", httpserver.url_for("/trust#section")),
                Known(),
                now=NOW,
                client=fetching,
            )
    assert [request.headers["User-Agent"] for request in asked] == [
        "claimwatch/0.1 (+https://example.org/bot)"
    ] * 2
    assert all(
        "Cookie" not in request.headers and "Authorization" not in request.headers
        for request in asked
    )


def test_an_unchanged_page_is_not_sent_again(httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        same = (
            request.headers.get("If-None-Match") == '"v1"'
            and "If-Modified-Since" in request.headers
        )
        return Response(status=304) if same else Response(HTML)

    httpserver.expect_request("/trust").respond_with_handler(answer)
    known = Known(etag='"v1"', last_modified="Sat, 21 Nov 2026 06:00:00 GMT", full_at=NOW)
    got = look(httpserver, "/trust", known)
    assert (got.not_modified, got.snapshot, got.failure) == (True, None, None)
    assert look(httpserver, "/trust").snapshot is not None


def test_not_modified_without_a_question_is_a_failure(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/trust").respond_with_data(status=304)
    assert reason(look(httpserver, "/trust")) == "HTTP 304 NOT MODIFIED"


@each_packing
def test_compressed_bodies_are_unpacked(
    httpserver: HTTPServer, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    httpserver.expect_request("/trust").respond_with_data(
        pack(HTML), headers={"Content-Encoding": coding, "Content-Type": "text/html"}
    )
    got = look(httpserver, "/trust").snapshot
    assert got is not None
    assert got.body == HTML


@pytest.mark.parametrize(
    ("path", "served", "expected"),
    [
        ("/page.md", "text/plain; charset=utf-8", "text/markdown"),
        ("/page.md?raw=1", "application/octet-stream", "text/markdown"),
        ("/page", "text/plain", "text/html"),
        ("/page", "Text/HTML; charset=x", "text/html"),
        ("/page.md", "text/html", "text/html"),
    ],
)
def test_the_media_type_is_the_servers_unless_it_says_nothing(
    httpserver: HTTPServer, path: str, served: str, expected: str
) -> None:
    httpserver.expect_request(path.partition("?")[0]).respond_with_data(HTML, content_type=served)
    got = look(httpserver, path).snapshot
    assert got is not None
    assert got.media_type == expected


# --------------------------------------------------------------------------- redirects


def moved(server: HTTPServer, path: str, location: str, status: int = 302) -> None:
    server.expect_request(path).respond_with_data(status=status, headers={"Location": location})


def test_every_hop_is_recorded(httpserver: HTTPServer) -> None:
    moved(httpserver, "/old", "/newer", 301)
    moved(httpserver, "/newer", httpserver.url_for("/new#part"), 307)
    httpserver.expect_request("/new").respond_with_data(HTML, content_type="text/html")
    got = look(httpserver, "/old").snapshot
    assert got is not None
    assert got.url == httpserver.url_for("/new")
    assert got.redirects == (
        f"301 {httpserver.url_for('/old')}",
        f"307 {httpserver.url_for('/newer')}",
    )


def test_redirects_end(httpserver: HTTPServer) -> None:
    for number in range(5):
        moved(httpserver, f"/hop{number}", f"/hop{number + 1}")
    assert (
        reason(look(httpserver, "/hop0", max_redirects=3))
        == "more than 3 redirects (fetch.max_redirects)"
    )
    moved(httpserver, "/a", "/b")
    moved(httpserver, "/b", "/a?token=secret")
    moved(httpserver, "/loop", "/loop")
    assert (
        reason(look(httpserver, "/loop"))
        == f"redirects in a circle, back to {httpserver.url_for('/loop')}"
    )


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (
            "http://169.254.169.254/latest/meta-data/?token=secret",
            "169.254.169.254 is not a public address",
        ),
        ("file:///etc/passwd", 'the scheme "file" is not allowed'),
        ("gopher://127.0.0.1/", 'the scheme "gopher" is not allowed'),
        ("http://user:secret@acme.example/", "the address holds a user name or password"),
        ("http://[::1]/", "::1 is not a public address"),
        ("http://10.0.0.8/", "10.0.0.8 is not a public address"),
        ("//192.168.1.1/", "192.168.1.1 is not a public address"),
    ],
)
def test_a_redirect_is_guarded_like_the_page(
    httpserver: HTTPServer, location: str, expected: str
) -> None:
    moved(httpserver, "/trust", location)
    got = reason(look(httpserver, "/trust"))
    assert expected in got
    assert "after 1 redirect" in got
    assert "secret" not in got


# --------------------------------------------------------------------------- failures


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (404, {}, b"", "HTTP 404 NOT FOUND"),
        (410, {}, b"", "HTTP 410 GONE"),
        (500, {}, b"", "HTTP 500 INTERNAL SERVER ERROR"),
        (503, {"Retry-After": "120"}, b"", "HTTP 503 SERVICE UNAVAILABLE, Retry-After 120"),
        (
            403,
            {"cf-mitigated": "challenge"},
            HTML,
            "HTTP 403 FORBIDDEN, a Cloudflare challenge page (header cf-mitigated: challenge)",
        ),
        (302, {}, b"", "HTTP 302 FOUND"),
    ],
)
def test_an_error_status_is_a_failure_in_the_servers_words(
    httpserver: HTTPServer, status: int, headers: dict[str, str], body: bytes, expected: str
) -> None:
    httpserver.expect_request("/trust").respond_with_data(body, status=status, headers=headers)
    assert reason(look(httpserver, "/trust")) == expected


def test_a_page_too_large_is_stopped_on_the_way(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/trust").respond_with_data(b"x" * 5000)
    assert (
        reason(look(httpserver, "/trust", max_bytes=4096))
        == "the page is larger than 4,096 bytes (fetch.max_bytes)"
    )


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)], ids=["gzip", "br"]
)
def test_a_decompression_bomb_is_stopped(
    httpserver: HTTPServer, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    httpserver.expect_request("/trust").respond_with_data(
        pack(b"\0" * 30_000_000), headers={"Content-Encoding": coding}
    )
    assert "larger than 1,000,000 bytes" in reason(look(httpserver, "/trust", max_bytes=1_000_000))


@each_packing
def test_a_packed_body_that_ends_before_its_end_is_no_page(
    httpserver: HTTPServer, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    whole = pack(b"# Trust\n\n" + b"".join(b"- ISO %d\n" % number for number in range(500)))
    for cut in (len(whole) // 2, len(whole) - 1):
        httpserver.expect_oneshot_request("/trust").respond_with_data(
            whole[:cut], headers={"Content-Encoding": coding}
        )
        assert (
            reason(look(httpserver, "/trust"))
            == "the connection broke off: the packed body ends before its end"
        )


@pytest.mark.parametrize(
    ("packed", "coding", "expected"),
    [
        (gzip.compress(brotli.compress(HTML)), "br, gzip", HTML),
        (gzip.compress(HTML) + gzip.compress(HTML), "GZIP", HTML + HTML),
        (gzip.compress(HTML) + b"junk", "x-gzip", HTML),
        (zstd.compress(HTML) + zstd.compress(HTML), "zstd", HTML + HTML),
        (zlib.compress(HTML)[2:-4], "deflate", HTML),
        (HTML, "identity", HTML),
        (HTML, "utf-8", HTML),
        (b"", "gzip", b""),
    ],
)
def test_packings_that_servers_send(
    httpserver: HTTPServer, packed: bytes, coding: str, expected: bytes
) -> None:
    httpserver.expect_request("/trust").respond_with_data(
        packed, headers={"Content-Encoding": coding}
    )
    got = look(httpserver, "/trust").snapshot
    assert got is not None
    assert got.body == expected


@pytest.mark.parametrize(
    ("body", "coding", "expected"),
    [
        (gzip.compress(gzip.compress(b"\0" * 30_000_000)), "gzip, gzip", "a decompression bomb"),
        (zstd.compress(b"\0" * 30_000_000), "zstd", "a decompression bomb"),
        (zlib.compress(b"\0" * 30_000_000), "deflate", "a decompression bomb"),
        (
            zstd.compress(b"x" * 20_000_000, options={zstd.CompressionParameter.window_log: 27}),
            "zstd",
            "too much memory",
        ),
        (b"", ", ".join(["gzip"] * 6), "the body is packed 6 times over"),
    ],
    ids=["nested", "zstd", "deflate", "wide window", "six times"],
)
def test_bodies_that_would_fill_the_memory(
    httpserver: HTTPServer, body: bytes, coding: str, expected: str
) -> None:
    httpserver.expect_request("/trust").respond_with_data(
        body, headers={"Content-Encoding": coding}
    )
    assert expected in reason(look(httpserver, "/trust"))


def test_what_does_not_unpack(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/trust").respond_with_data(
        b"not gzip", headers={"Content-Encoding": "gzip"}
    )
    assert reason(look(httpserver, "/trust")).startswith("the body cannot be decompressed")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<html>", "the connection broke off"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<html>",
            "the connection broke off",
        ),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n",
            "redirects to an address that cannot be parsed",
        ),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://a.example:99999/\r\nContent-Length: 0\r\n\r\n",
            "after 1 redirect(s), to http://a.exa",
        ),
        (b"", "the connection broke off"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "the connection broke off"),
    ],
    ids=["short", "chunked short", "location", "port", "nothing", "not http"],
)
def test_a_broken_answer(answer: bytes, expected: str) -> None:
    with raw(answer) as port, client(port) as fetching:
        got = sources.fetch(
            Page("trust", f"http://127.0.0.1:{port}/"), Known(), now=NOW, client=fetching
        )
    assert reason(got).startswith(expected)


def test_a_silent_server() -> None:
    with raw(b"HTTP/1.1 200 OK\r\n", hold=True) as port, client(port, timeout=0.05) as fetching:
        got = sources.fetch(
            Page("trust", f"http://127.0.0.1:{port}/"), Known(), now=NOW, client=fetching
        )
    assert reason(got) == "no answer within 0.05 s (fetch.timeout)"


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n<p>"],
    ids=["in the headers", "in the body"],
)
def test_the_total_time_bounds_every_wait(answer: bytes) -> None:
    slept: list[float] = []
    with (
        raw(answer, hold=True) as port,
        client(port, timeout=30, total=0.05, retries=2, sleep=slept.append) as fetching,
    ):
        got = sources.fetch(
            Page("trust", f"http://127.0.0.1:{port}/"), Known(), now=NOW, client=fetching
        )
    assert reason(got) == "not finished within 0.05 s (fetch.total)"
    assert slept == []


def test_a_server_that_drips_is_cut_off_between_two_bytes(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/trust").respond_with_data(HTML)
    limits = Limits(allow=("localhost",), total=120, robots=False)
    with sources.Client(limits, clock=count(0.0, 50.0).__next__, sleep=lambda _: None) as fetching:
        got = sources.fetch(
            Page("trust", httpserver.url_for("/trust")), Known(), now=NOW, client=fetching
        )
    assert reason(got) == "not finished within 120 s (fetch.total)"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with client(port) as fetching:
        got = sources.fetch(
            Page("trust", f"http://127.0.0.1:{port}/"), Known(), now=NOW, client=fetching
        )
    assert reason(got) == "the server refused the connection"


def test_a_name_that_nobody_has() -> None:
    with client(1) as fetching:
        got = sources.fetch(
            Page("trust", "https://acme.invalid/trust"), Known(), now=NOW, client=fetching
        )
    assert reason(got).startswith("the name acme.invalid cannot be resolved (")


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parent / "data/localhost.pem")
    with HTTPServer(ssl_context=context) as server:
        assert reason(look(server, "/")).startswith("the server's certificate is not valid: self")


def test_plain_http_where_https_is_asked(httpserver: HTTPServer) -> None:
    with client(httpserver) as fetching:
        got = sources.fetch(
            Page("trust", f"https://localhost:{httpserver.port}/"),
            Known(),
            now=NOW,
            client=fetching,
        )
    assert reason(got).startswith("no secure connection: ")


# --------------------------------------------------------------------------- patience


def answering(server: HTTPServer, *answers: Response) -> list[str]:
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.path)
        return answers[min(len(asked), len(answers)) - 1]

    server.expect_request("/trust").respond_with_handler(answer)
    return asked


def test_what_is_transient_is_tried_again(httpserver: HTTPServer) -> None:
    slept: list[float] = []
    asked = answering(
        httpserver,
        Response(status=503),
        Response(status=429, headers={"Retry-After": "7"}),
        Response(HTML),
    )
    with client(httpserver, sleep=slept.append, retries=2) as fetching:
        got = sources.fetch(
            Page("trust", httpserver.url_for("/trust")), Known(), now=NOW, client=fetching
        )
    assert got.snapshot is not None
    assert (len(asked), slept) == (3, [1.0, 7.0])


@pytest.mark.parametrize(
    ("answer", "times"),
    [
        (Response(status=503), 3),
        (Response(status=404), 1),
        (Response(status=503, headers={"Retry-After": "3600"}), 1),
        (Response(status=503, headers={"Retry-After": "Sun, 22 Nov 2026 07:00:00 GMT"}), 1),
        (Response(status=503, headers={"Retry-After": "soon"}), 3),
    ],
    ids=["503", "404", "too long", "a date", "nonsense"],
)
def test_patience_has_an_end(httpserver: HTTPServer, answer: Response, times: int) -> None:
    asked = answering(httpserver, answer)
    assert reason(look(httpserver, "/trust", retries=2)).startswith("HTTP ")
    assert len(asked) == times


def test_requests_to_one_host_keep_their_distance(httpserver: HTTPServer) -> None:
    slept: list[float] = []
    httpserver.expect_request("/trust").respond_with_data(HTML)
    limits = Limits(delay=2.0, allow=("localhost",), total=1e6, robots=False)
    with sources.Client(limits, sleep=slept.append, clock=lambda: 100.0 + sum(slept)) as fetching:
        for _ in range(3):
            sources.fetch(
                Page("trust", httpserver.url_for("/trust")), Known(), now=NOW, client=fetching
            )
    assert slept == [2.0, 2.0]


def test_threads_take_turns_with_a_host() -> None:
    inside, most = [0], [0]

    def answer(_: Request) -> Response:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        threading.Event().wait(0.01)
        inside[0] -= 1
        return Response(HTML)

    with (
        HTTPServer(threaded=True) as server,
        client(server) as fetching,
        ThreadPoolExecutor(6) as pool,
    ):
        server.expect_request("/trust").respond_with_handler(answer)
        page = Page("trust", server.url_for("/trust"))
        looks = list(
            pool.map(lambda _: sources.fetch(page, Known(), now=NOW, client=fetching), range(6))
        )
    assert all(one.snapshot is not None for one in looks)
    assert most == [1]


def test_open_gives_a_capture_or_says_why_not(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/trust").respond_with_data(HTML, content_type="text/html")
    limits = Limits(allow=("localhost",), robots=False)
    got = sources.open(httpserver.url_for("/trust"), now=NOW, limits=limits)
    assert (got.body, got.url) == (HTML, httpserver.url_for("/trust"))
    with pytest.raises(errors.SourceError, match="not a public address"):
        sources.open(httpserver.url_for("/trust"), now=NOW)
