"""How we behave towards hosts: robots.txt, turns and pauses, Retry-After, credentials,
proxies, HTTP/2. On real sockets.
"""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest
from loopback import answering
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline import config, egress, errors, sources, standards, track
from pipeline.egress import Limits
from pipeline.model import Known, Look, Page
from pipeline.sources.turns import Turns

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
HTML = (
    "<!doctype html><html><title>Trust</title><body><h1>Trust</h1><p>Acme Cloud is certified to "
    "ISO 27001.</p></body></html>"
)
AGENT = "claimwatch/0.1 (+https://example.org/bot)"
PEM = Path(__file__).parent / "data/localhost.pem"


def client(
    *,
    sleep: Callable[[float], None] = lambda _: None,
    environ: Mapping[str, str] | None = None,
    **limits: object,
) -> sources.Client:
    given: dict[str, object] = {
        "delay": 0.0,
        "retries": 0,
        "allow": ("localhost", "127.0.0.1"),
        "user_agent": AGENT,
        **limits,
    }
    return sources.Client(Limits(**given), sleep=sleep, chance=lambda: 0.0, environ=environ or {})


def look(fetching: sources.Client, url: str, **page: object) -> Look:
    return sources.fetch(Page("trust", url, **page), Known(), now=NOW, client=fetching)


def failed(got: Look, stage: str = "fetch") -> str:
    assert got.failure is not None
    assert got.failure.stage == stage, got.failure
    return got.failure.reason


@pytest.fixture
def server(httpserver: HTTPServer) -> HTTPServer:
    for path in ("/trust", "/private/trust"):
        httpserver.expect_request(path).respond_with_data(HTML, content_type="text/html")
    return httpserver


def robots(server: HTTPServer, text: str = "", **given: object) -> None:
    server.expect_request("/robots.txt").respond_with_data(text, **given)  # type: ignore[arg-type]


def paths(server: HTTPServer) -> list[str]:
    return [request.path for request, _ in server.log]


# --------------------------------------------------------------------------- robots.txt


def test_robots_txt_is_asked_once_a_run_and_obeyed(server: HTTPServer) -> None:
    robots(server, "User-agent: *\nDisallow: /private/\n")
    with client() as fetching:
        assert look(fetching, server.url_for("/trust")).snapshot is not None
        assert look(fetching, server.url_for("/trust")).snapshot is not None
        reason = failed(look(fetching, server.url_for("/private/trust")), "robots")
    assert 'does not let "claimwatch" read this page' in reason
    assert "fetch.robots = false" in reason
    assert paths(server) == ["/robots.txt", "/trust", "/trust"]


@pytest.mark.parametrize(
    ("text", "path", "may"),
    [
        ("", "/trust", True),
        ("User-agent: claimwatch\nDisallow: /\n", "/trust", False),
        ("User-agent: ClaimWatch\nDisallow: /trust$\n", "/trust", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: claimwatch\nAllow: /\n", "/trust", True),
        ("User-agent: somebody\nDisallow: /\n", "/trust", True),
        ("User-agent: claimwatch/0.1\nDisallow: /\n", "/trust", False),
        ("User-agent: claimwatchman\nDisallow: /\n", "/trust", True),
        ("User-agent: *\nDisallow: /*/trust\nAllow: /private/trust\n", "/private/trust", True),
        ("<!doctype html><p>Not found</p>", "/trust", True),
        ("\ufeffUser-agent: *\r\nDisallow: /trust\r\n", "/trust", False),
    ],
)
def test_what_robots_txt_says(server: HTTPServer, text: str, path: str, may: bool) -> None:
    robots(server, text)
    with client() as fetching:
        got = look(fetching, server.url_for(path))
    assert (got.snapshot is not None) is may


@pytest.mark.parametrize(
    ("status", "may"),
    [(401, True), (403, True), (404, True), (410, True), (429, False), (500, False), (503, False)],
)
def test_a_robots_txt_that_cannot_be_had(server: HTTPServer, status: int, may: bool) -> None:
    robots(server, status=status)
    with client() as fetching:
        got = look(fetching, server.url_for("/trust"))
    if may:
        assert got.snapshot is not None
    else:
        assert f"cannot be had (HTTP {status})" in failed(got, "robots")


def test_robots_txt_may_move_but_not_inside(server: HTTPServer) -> None:
    robots(server, status=301, headers={"Location": "/rules"})
    server.expect_request("/rules").respond_with_data("User-agent: *\nDisallow: /private")
    with client() as fetching:
        assert look(fetching, server.url_for("/trust")).snapshot is not None
        failed(look(fetching, server.url_for("/private/trust")), "robots")
    server.clear()
    robots(server, status=302, headers={"Location": "http://169.254.169.254/robots.txt"})
    with client() as fetching:
        reason = failed(look(fetching, server.url_for("/trust")))
    assert reason.startswith(
        "robots.txt, which is asked first, redirects astray: "
        "169.254.169.254 is not a public address"
    )


def test_a_redirect_needs_leave_too(server: HTTPServer) -> None:
    robots(server, "User-agent: *\nDisallow: /private/\n")
    server.expect_request("/moved").respond_with_data(
        status=301, headers={"Location": "/private/trust"}
    )
    with client() as fetching:
        assert failed(look(fetching, server.url_for("/moved")), "robots").startswith(
            "after 1 redirect(s), to http://localhost"
        )
    assert "/private/trust" not in paths(server)


def test_the_config_may_leave_robots_txt_out(server: HTTPServer) -> None:
    robots(server, "User-agent: *\nDisallow: /\n")
    with client(robots=False) as fetching:
        assert look(fetching, server.url_for("/trust")).snapshot is not None
    assert paths(server) == ["/trust"]


def test_a_crawl_delay_is_kept_within_reason(server: HTTPServer) -> None:
    robots(server, "User-agent: *\nCrawl-delay: 7\n")
    slept: list[float] = []
    with sources.Client(
        Limits(delay=1.0, retries=0, allow=("localhost",)),
        sleep=slept.append,
        clock=lambda: 50.0 + sum(slept),
        environ={},
    ) as fetching:
        for _ in range(3):
            look(fetching, server.url_for("/trust"))
    assert slept == [1.0, 7.0, 7.0]


# --------------------------------------------------------------------------- turns


def counting(together: int) -> tuple[Callable[[Request], Response], list[int]]:
    """Return what answers only when so many requests wait, and the most that ever waited."""
    inside, most, lock = [0], [0], threading.Lock()
    barrier = threading.Barrier(together)

    def answer(_: Request) -> Response:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        barrier.wait(10)
        with lock:
            inside[0] -= 1
        return Response(HTML, content_type="text/html")

    return answer, most


def test_the_server_sees_no_more_at_once_than_it_should() -> None:
    answer, most = counting(2)
    with (
        HTTPServer(threaded=True) as server,
        client(per_host=2, robots=False) as fetching,
        ThreadPoolExecutor(8) as pool,
    ):
        server.expect_request("/trust").respond_with_handler(answer)
        looks = list(pool.map(lambda _: look(fetching, server.url_for("/trust")), range(8)))
    assert all(one.snapshot is not None for one in looks)
    assert most == [2]


def test_a_pause_counts_from_start_and_end_and_hosts_are_apart() -> None:
    at = [0.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        at[0] += seconds

    turns = Turns(1, 2.0, lambda: at[0], sleep)
    for name in ("a.example", "b.example", "a.example"):
        with turns.turn(name):
            at[0] += 1.0
    assert slept == [1.0]
    with turns.turn("a.example"):
        at[0] += 10.0
    with turns.turn("a.example"):
        assert slept == [1.0, 2.0, 2.0]


def test_several_at_a_time_keep_the_pause_all_the_same() -> None:
    at = [0.0]
    slept: list[float] = []
    turns = Turns(3, 2.0, lambda: at[0], slept.append)
    with turns.turn("a.example"), turns.turn("a.example"), turns.turn("a.example"):
        assert slept == [2.0, 4.0]
    with turns.turn("a.example", pause=False):
        assert slept == [2.0, 4.0]


def test_a_page_s_parts_wait_for_a_turn_and_heed_silence(server: HTTPServer) -> None:
    server.expect_request("/api").respond_with_data(status=429, headers={"Retry-After": "60"})
    with client() as fetching:
        assert fetching.part("GET", server.url_for("/api"), {}, None, now=NOW).status == 429
        with pytest.raises(errors.EgressError, match="asked to be left alone"):
            fetching.part("GET", server.url_for("/trust"), {}, None, now=NOW)


def test_a_whole_run_is_as_many_at_a_time_as_the_config_says(tmp_path: Path) -> None:
    answer, most = counting(3)
    with HTTPServer(threaded=True) as server:
        robots(server, status=404)
        for number in range(9):
            server.expect_request(f"/trust/{number}").respond_with_handler(answer)
        pages = "".join(
            f'[[pages]]\nid = "p{number}"\nurl = "{server.url_for(f"/trust/{number}")}"\n'
            for number in range(9)
        )
        path = tmp_path / "config.toml"
        path.write_text(
            f'[fetch]\nper_host = 3\ndelay = 0\nretries = 0\nallow = ["localhost"]\n{pages}'
        )
        done = track.run(
            config.load(path), standards.load(), now=lambda: NOW, hooks=track.Hooks(environ={})
        )
    assert most == [3]
    assert [type(outcome).__name__ for outcome in done.outcomes] == ["First"] * 9


def test_a_host_that_asks_for_silence_gets_it(server: HTTPServer) -> None:
    robots(server, status=404)
    server.expect_request("/busy").respond_with_data(status=429, headers={"Retry-After": "120"})
    with client(retries=2) as fetching:
        assert (
            failed(look(fetching, server.url_for("/busy")))
            == "HTTP 429 TOO MANY REQUESTS, Retry-After 120"
        )
        assert "asked to be left alone for another" in failed(
            look(fetching, server.url_for("/trust"))
        )
        assert look(fetching, f"http://127.0.0.1:{server.port}/trust").snapshot is not None
    assert paths(server) == ["/robots.txt", "/busy", "/robots.txt", "/trust"]


def test_a_pause_between_tries_is_not_everybodys(server: HTTPServer) -> None:
    server.expect_request("/busy").respond_with_data(status=503)
    slept: list[float] = []
    with sources.Client(
        Limits(delay=0, retries=2, allow=("localhost",), robots=False),
        sleep=slept.append,
        chance=lambda: 0.5,
        environ={},
    ) as fetching:
        look(fetching, server.url_for("/busy"))
    assert slept == [1.25, 5.0]


# --------------------------------------------------------------------------- credentials


SECRETS = {"ACME_TOKEN": "Bearer s3cr3t-t0k3n", "ACME_SESSION": "c00kie-value"}
OWN = {
    "headers_env": (("Authorization", "ACME_TOKEN"),),
    "cookies_env": (("sid", "ACME_SESSION"), ("lang", "ACME_SESSION")),
}


def asking(server: HTTPServer, path: str, response: Callable[[Request], Response]) -> list[Request]:
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        return response(request)

    server.expect_request(path).respond_with_handler(answer)
    return asked


def test_a_page_gets_its_own_headers_and_cookies(httpserver: HTTPServer) -> None:
    asked = asking(httpserver, "/trust", lambda _: Response(HTML))
    with client(environ=SECRETS, robots=False) as fetching:
        got = look(fetching, httpserver.url_for("/trust"), **OWN)
    assert got.snapshot is not None
    assert asked[0].headers["Authorization"] == "Bearer s3cr3t-t0k3n"
    assert asked[0].headers["Cookie"] == "sid=c00kie-value; lang=c00kie-value"
    assert not any(value in repr(got) for value in SECRETS.values())


def test_credentials_stay_with_the_origin(httpserver: HTTPServer) -> None:
    asked = asking(httpserver, "/trust", lambda _: Response(HTML))
    robots(httpserver, status=404)
    moved = asking(
        httpserver,
        "/moved",
        lambda _: Response(
            status=302, headers={"Location": f"http://127.0.0.1:{httpserver.port}/trust"}
        ),
    )
    with client(environ=SECRETS) as fetching:
        look(fetching, httpserver.url_for("/moved"), **OWN)
    assert "Authorization" in moved[0].headers
    assert "Authorization" not in asked[0].headers
    assert "Cookie" not in asked[0].headers
    assert all(
        "Authorization" not in request.headers
        for request, _ in httpserver.log
        if request.path == "/robots.txt"
    )


@pytest.mark.parametrize(
    "echo",
    [
        lambda _: Response(HTML.replace("Acme", "s3cr3t-t0k3n Bearer s3cr3t-t0k3n")),
        lambda _: Response(HTML, headers={"X-Echo": "Bearer s3cr3t-t0k3n"}),
        lambda _: Response(status=500, response="Bearer s3cr3t-t0k3n"),
    ],
    ids=["body", "header", "error"],
)
def test_an_answer_that_repeats_a_secret_is_not_kept(
    httpserver: HTTPServer, echo: Callable[[Request], Response]
) -> None:
    asking(httpserver, "/trust", echo)
    with client(environ=SECRETS, robots=False) as fetching:
        got = look(fetching, httpserver.url_for("/trust"), **OWN)
    assert failed(got) == "the answer repeats the value of ACME_TOKEN; it is not kept"
    assert "s3cr3t" not in repr(got)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "the environment variable ACME_TOKEN is not set"),
        ({"ACME_TOKEN": ""}, "the environment variable ACME_TOKEN is not set"),
        (
            {"ACME_TOKEN": "hunter2\r\nX: y"},
            "ACME_TOKEN holds characters that a header cannot carry",
        ),
        ({"ACME_TOKEN": "hunter2 für"}, "ACME_TOKEN holds characters that a header cannot carry"),
        (
            {"ACME_TOKEN": "x", "ACME_SESSION": "hunter2; admin=1"},
            "ACME_SESSION holds characters that a header cannot carry",
        ),
    ],
)
def test_a_secret_that_cannot_be_sent_is_named_not_shown(
    httpserver: HTTPServer, environ: dict[str, str], expected: str
) -> None:
    with client(environ=environ, robots=False) as fetching:
        reason = failed(look(fetching, httpserver.url_for("/trust"), **OWN))
    assert expected in reason
    assert "hunter2" not in reason
    assert httpserver.log == []


# --------------------------------------------------------------------------- proxies


PROXIED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\nproxied"


@pytest.fixture
def nameless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only numbers have an address here, as behind a proxy
    that alone knows the names outside.
    """
    real = socket.getaddrinfo

    def resolve(host: str, *given: object, **named: object) -> object:
        if not host.replace(".", "").isdecimal():
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *given, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def through(port: int, **limits: object) -> sources.Client:
    environ = {"OUR_PROXY": f"http://user:s3cr3t-pw@127.0.0.1:{port}"}
    return client(environ=environ, proxy_env="OUR_PROXY", allow=(), robots=False, **limits)


@pytest.mark.usefixtures("nameless")
def test_requests_go_by_the_proxy_that_the_config_names() -> None:
    with answering(PROXIED) as (port, asked), through(port) as fetching:
        got = look(fetching, "http://acme.com/trust?x=1")
    assert got.snapshot is not None
    assert got.snapshot.body == b"proxied"
    assert asked[0].startswith(b"GET http://acme.com/trust?x=1 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic " + base64.b64encode(b"user:s3cr3t-pw") in asked[0]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://localhost:99/",
        "http://169.254.169.254/x",
        "https://[::1]/",
    ],
)
def test_a_proxy_is_no_way_inside(url: str) -> None:
    with answering(PROXIED) as (port, asked), through(port) as fetching:
        assert "not a public address" in failed(look(fetching, url))
        assert "not a public address" in failed(look(fetching, f"http://127.0.0.1:{port}/"))
    assert asked == []


NAMES = [
    *(
        "localhost.",
        "127.0.0.1.",
        "127.1.",
        "0.0.0.0.",
        "2130706433.",
        "0x7f000001.",
        "017700000001.",
        "0x7f.0.0.1.",
        "127.0.0.1。",
    ),
    *(
        "4294967297",
        "0x100000001",
        "1.2.3.256",
        "0x",
        "intranet",
        "metadata",
        "metadata.google.internal",
        "printer.local",
        "app.localhost",
    ),
    *(
        "localhost.localdomain",
        "nas.home.arpa",
        "[64:ff9b:1:7f00:1::808:808]",
        "192.88.99.1",
        "192.0.0.10",
        "[3fff::1]",
    ),
    *(
        "%31%32%37.0.0.1",
        "localhost%2e",
        "%6cocalhost",
        "127.0.0.1%00.acme.example",
        "127.0.0.1%23.acme.example",
        "[::1%25lo]",
    ),
    *(
        "[::ffff:127.0.0.1%25eth0]",
        "127.0.0.1;.acme.example",
        "127.0.0.1\\x",
        "127.0.0.1 .acme.example",
        "acme..example",
        "-.example",
    ),
]


INNER = (
    *("wiki", "vault.svc", "api.default.svc.cluster.local", "db.service.consul", "acme.onion"),
    *("acme.test", "acme.invalid", "acme.example", "dc1.domain", "files.workgroup", "a.b.internal"),
    *("nas.lan", "nas.home.arpa", "crm.corp", "nas.home", "out.mail", "x.alt", "acme.i2p"),
    *("Vault.SVC", "acme.test.", "router.localdomain", "app.k8s", "db.docker", "node.node-1"),
    *("printer.123", "x.a_b", "_tcp", "acme.xn--", "trust.acme.intra"),
)


@pytest.mark.usefixtures("nameless")
@pytest.mark.parametrize("host", INNER)
def test_a_name_that_cannot_be_public_is_not_passed_on(host: str) -> None:
    with answering(PROXIED) as (port, asked), through(port) as fetching:
        reason = failed(look(fetching, f"https://{host}/"))
    assert "is not a public name" in reason or "is no host name" in reason
    assert asked == []


@pytest.mark.usefixtures("nameless")
@pytest.mark.parametrize(
    "host", ["acme.com", "acme.co.uk", "trust.acme.cloud", "acme.xn--p1ai", "acme.services", "x.ad"]
)
def test_a_name_that_may_be_public_is(host: str) -> None:
    with answering(PROXIED) as (port, _), through(port) as fetching:
        assert look(fetching, f"http://{host}/").snapshot is not None


@pytest.mark.parametrize("host", NAMES)
def test_no_spelling_goes_inside_by_the_proxy(host: str) -> None:
    with answering(PROXIED) as (port, asked), through(port) as fetching:
        for scheme in ("http", "https"):
            failed(look(fetching, f"{scheme}://{host}/"))
    assert asked == []


def test_what_the_config_names_goes_by_the_proxy() -> None:
    with answering(PROXIED) as (port, asked):
        environ = {"OUR_PROXY": f"http://127.0.0.1:{port}"}
        with client(
            environ=environ, proxy_env="OUR_PROXY", allow=("wiki.internal",), robots=False
        ) as fetching:
            assert look(fetching, "http://wiki.internal/trust").snapshot is not None
    assert asked[0].startswith(b"GET http://wiki.internal/trust ")


@pytest.mark.usefixtures("nameless")
def test_a_proxy_that_refuses() -> None:
    with (
        answering(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as (
            port,
            asked,
        ),
        through(port) as fetching,
    ):
        reason = failed(look(fetching, "https://acme.com/trust"))
    assert reason == "the proxy did not let us through: 407 Proxy Authentication Required"
    assert asked[0].startswith(b"CONNECT acme.com:443 HTTP/1.1\r\n")


@pytest.mark.parametrize("value", [None, "", "proxy", "socks5://hunter2@x:1", "http://"])
def test_a_proxy_that_is_none_stops_every_request(
    httpserver: HTTPServer, value: str | None
) -> None:
    environ = {} if value is None else {"OUR_PROXY": value}
    with client(environ=environ, proxy_env="OUR_PROXY") as fetching:
        reason = failed(look(fetching, httpserver.url_for("/trust")))
    assert "the environment variable OUR_PROXY (fetch.proxy_env) " in reason
    assert "hunter2" not in reason
    assert httpserver.log == []


# --------------------------------------------------------------------------- HTTP/2


@contextmanager
def http2() -> Iterator[int]:
    """Serve one connection over TLS in HTTP/2 only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    context.set_alpn_protocols(["h2"])
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with context.wrap_socket(connection, server_side=True) as stream:
                _answer_http2(stream)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


def _answer_http2(stream: ssl.SSLSocket) -> None:
    talk = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    talk.initiate_connection()
    stream.sendall(talk.data_to_send())
    while data := stream.recv(65536):
        for event in talk.receive_data(data):
            if isinstance(event, h2.events.RequestReceived) and event.stream_id is not None:
                talk.send_headers(
                    event.stream_id, [(":status", "200"), ("content-type", "text/html")]
                )
                talk.send_data(event.stream_id, HTML.encode(), end_stream=True)
        stream.sendall(talk.data_to_send())


def test_http2_is_spoken_where_the_server_does() -> None:
    tls = ssl.create_default_context(cafile=PEM)
    with http2() as port:
        with egress.Client(Limits(allow=("localhost",)), tls=tls, environ={}) as out:
            got = out.request("GET", f"https://localhost:{port}/trust")
        assert (got.version, got.body) == ("HTTP/2", HTML.encode())
