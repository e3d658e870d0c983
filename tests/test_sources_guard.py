"""The one guard of all that leaves: known ways around such guards,
tried against a real socket that must hear nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from datetime import UTC, datetime

import pytest
from pytest_httpserver import HTTPServer

from pipeline import egress, errors, sources
from pipeline.egress import Client, Limits
from pipeline.model import Known, Page


@pytest.fixture
def server(httpserver: HTTPServer) -> HTTPServer:
    httpserver.expect_request("/").respond_with_data("reached")
    return httpserver


SPELLINGS = [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "127.0.0.1.",
    "①②⑦.0.0.1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[::1%25lo]",
    "127.000.000.001",
    "127.0.0.1%00.acme.example",
    "%31%32%37.0.0.1",
    "127.0.0.1%2eacme.invalid",
    "１２７.0.0.1",
    "127。0。0。1",
    "127．0．0．1",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "loc\u00adalhost",
    "0x7f.0x0.0x0.0x1",
    "0177.0.0.0x1",
    "0x7F000001",
    "127.65535",
    "0.0.0.0.",
    "00000.0.0.0",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::ffff:0x7f000001]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    "[fe80::1%25lo]",
    "[::]%00",
    "ip6-localhost",
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_loopback_gets_through(server: HTTPServer, host: str) -> None:
    with Client(Limits(timeout=1)) as client, pytest.raises(errors.EgressError):
        client.request("GET", f"http://{host}:{server.port}/")
    assert server.log == []


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.example@127.0.0.1:{port}/",
        "http://acme.example:80@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@acme.invalid/",
        "http://127.0.0.1:{port}#@acme.invalid/",
        "http://127.0.0.1:{port}?@acme.invalid/",
        "http:///127.0.0.1:{port}/",
        "http:127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "ftp://127.0.0.1:{port}/",
        "file:///etc/hostname",
        "data:text/html,x",
        "javascript:alert(1)",
        "unix:///var/run/docker.sock",
        "http://",
        "",
        "http://127.0.0.1:{port}\r\nHost: x/",
        "http://\0127.0.0.1/",
        "http://127.0.0.1:{port}\\.acme.invalid/",
        "http://acme.invalid\\@127.0.0.1:{port}/",
        "http://acme.invalid:80\\@127.0.0.1:{port}/",
        "http://acme.invalid%40127.0.0.1:{port}/",
        "http://127.0.0.1:{port};@acme.invalid/",
        "http://acme.invalid#@127.0.0.1:{port}/",
        "http://acme.invalid?@127.0.0.1:{port}/",
        "http:\\\\127.0.0.1:{port}/",
        "http:/\\127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\t@acme.invalid/",
        "ht\ntp://127.0.0.1:{port}/",
        " http://127.0.0.1:{port}/",
        "http://[127.0.0.1]:{port}/",
        "http://[::1:{port}/",
        "http://127.0.0.1:{port}:80/",
        "http://127.0.0.1:0{port}/",
        "http://127.0.0.1:-1/",
        "ws://127.0.0.1:{port}/",
        "gopher://127.0.0.1:{port}/_GET",
        "dict://127.0.0.1:{port}/",
        "view-source:http://127.0.0.1:{port}/",
        "HTTP://127.0.0.1:{port}/",
        "url:http://127.0.0.1:{port}/",
    ],
)
def test_parsers_that_disagree_gain_nothing(server: HTTPServer, url: str) -> None:
    with Client(Limits(timeout=1)) as client, pytest.raises(errors.EgressError):
        client.request("GET", url.format(port=server.port))
    assert server.log == []


def test_a_name_that_changes_its_answer_gains_nothing(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["127.0.0.1", "93.184.216.34"])

    def resolve(
        host: str, port: int, **_: object
    ) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with (
        Client(Limits()) as client,
        pytest.raises(errors.EgressError, match=r"rebind.example \(127.0.0.1\) is not a public"),
    ):
        client.request("GET", f"http://rebind.example:{server.port}/")
    assert server.log == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, server.port))
        for address in ("93.184.216.34", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with Client(Limits()) as client, pytest.raises(errors.EgressError, match="not a public"):
        client.request("GET", f"http://mixed.example:{server.port}/")


@pytest.mark.parametrize("entry", ["localhost", "LocalHost", "localhost:{port}"])
def test_a_host_that_the_config_names_is_reached(server: HTTPServer, entry: str) -> None:
    with Client(Limits(allow=(entry.format(port=server.port),))) as client:
        assert client.request("GET", f"http://localhost:{server.port}/").body == b"reached"


@pytest.mark.parametrize(
    ("entry", "host"),
    [
        ("localhost:1", "localhost"),
        ("localhost", "127.0.0.1"),
        ("127.0.0.1", "localhost"),
        ("127.0.0.1", "127.1"),
    ],
)
def test_a_name_allows_itself_only(server: HTTPServer, entry: str, host: str) -> None:
    with (
        Client(Limits(allow=(entry,))) as client,
        pytest.raises(errors.EgressError, match="not a public"),
    ):
        client.request("GET", f"http://{host}:{server.port}/")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("64:ff9b::5db8:d822", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("224.0.1.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
        ("198.18.0.1", False),
        ("192.0.2.1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("ff0e::1", False),
        ("2001:db8::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:0:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", False),
        ("64:ff9b:1:7f00:1::808:808", False),
        ("64:ff9b:1::808:808", False),
        ("192.88.99.1", False),
        ("192.0.0.10", False),
        ("3fff::1", False),
        ("5f00::1", False),
        ("fd00:ec2::254", False),
    ],
)
def test_which_addresses_are_public(address: str, expected: bool) -> None:
    assert egress.public(ipaddress.ip_address(address)) is expected


def test_a_redirect_is_an_answer_here(server: HTTPServer) -> None:
    server.expect_request("/moved").respond_with_data(status=302, headers={"Location": "/"})
    with Client(Limits(allow=("localhost",))) as client:
        assert client.request("GET", server.url_for("/moved")).status == 302


REDIRECTS = [
    "http://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://2130706433:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::1]:{port}/",
    "http:\\\\127.0.0.1:{port}/",
    "\\\\127.0.0.1:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@localhost/",
    "file:///etc/hostname",
    "data:text/html,<p>x",
    "gopher://127.0.0.1:{port}/_GET",
]


@pytest.mark.parametrize("location", REDIRECTS)
def test_no_redirect_leads_inside(server: HTTPServer, location: str) -> None:
    # "localhost" is allowed, as a page's own host may be; 127.0.0.1 is not,
    # though it is the same socket.
    with (
        HTTPServer() as moved,
        sources.Client(
            Limits(timeout=1, retries=0, robots=False, allow=("localhost",)), environ={}
        ) as client,
    ):
        moved.expect_request("/trust").respond_with_data(
            status=302, headers={"Location": location.format(port=server.port)}
        )
        page = Page("trust", moved.url_for("/trust"))
        got = sources.fetch(page, Known(), now=datetime(2026, 11, 22, tzinfo=UTC), client=client)
    assert got.snapshot is None
    assert server.log == []


def test_every_connection_is_checked_anew(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["127.0.0.1", "10.0.0.1", "127.0.0.1"])
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, **_: real(next(answers), port, type=socket.SOCK_STREAM),
    )
    with Client(Limits(timeout=1)) as client:
        for _ in range(3):
            with pytest.raises(errors.EgressError, match="not a public address"):
                client.request("GET", f"http://rebind.example:{server.port}/")
    assert server.log == []
