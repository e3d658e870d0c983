"""Pages that a script fills in, in Debian's Chromium: what is shown, and that nothing of it goes where we do not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from pipeline import health, sources
from pipeline.egress import Limits
from pipeline.model import Known, Look, Page

pytestmark = pytest.mark.browser
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SHELL = "<!doctype html><html><head><title>Trust</title></head><body><div id=root></div><script src=/app.js></script></body></html>"
APP = """
fetch("/api/claims").then(answer => answer.json()).then(claims => {
  document.getElementById("root").innerHTML = "<h1>Trust</h1>" + claims.map(one => `<p>${one}</p>`).join("");
});
"""


@pytest.fixture(autouse=True)
def _chromium() -> None:
    if not Path("/usr/bin/chromium").exists():
        pytest.skip("chromium is not installed")


@pytest.fixture
def server(httpserver: HTTPServer) -> HTTPServer:
    httpserver.expect_request("/trust").respond_with_data(SHELL, content_type="text/html", headers={"ETag": '"shell"'})
    httpserver.expect_request("/app.js").respond_with_data(APP, content_type="text/javascript")
    httpserver.expect_request("/api/claims").respond_with_json(["Acme Cloud is certified to ISO/IEC 27001:2022."])
    return httpserver


def look(url: str, environ: dict[str, str] | None = None, known: Known | None = None, **given: object) -> Look:
    limits: dict[str, object] = {"delay": 0.0, "retries": 0, "allow": ("localhost",), "robots": False, "timeout": 20.0, "total": 60.0}
    own = {"headers_env": (("x-own", "ACME_TOKEN"),)} if environ else {}
    with sources.Client(Limits(**{**limits, **given}), environ=environ or {}) as client:  # type: ignore[arg-type]
        return sources.fetch(Page("trust", url, browser=True, **own), known or Known(), now=NOW, client=client)  # type: ignore[arg-type]


def test_what_a_script_fills_in_is_captured_with_a_screenshot(server: HTTPServer) -> None:
    got = look(server.url_for("/trust"), environ={"ACME_TOKEN": "s3cr3t-t0k3n"}, known=Known(etag='"shell"'))
    assert got.snapshot is not None, got.failure
    assert b"<p>Acme Cloud is certified to ISO/IEC 27001:2022.</p>" in got.snapshot.body
    assert health.verdict(got.snapshot, Known()).name == "ok"
    assert got.snapshot.screenshot is not None
    assert got.snapshot.screenshot.startswith(b"\xff\xd8\xff")
    assert got.snapshot.header("etag") is None
    assert all(request.headers.get("x-own") == "s3cr3t-t0k3n" for request, _ in server.log)
    assert [request.path for request, _ in server.log].count("/trust") == 1


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """Listen where nobody should come; keep what came."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(1)
                    heard.append(connection.recv(100))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def test_no_request_of_a_page_goes_inside(server: HTTPServer) -> None:
    with listening() as (port, heard):
        inside = f"127.0.0.1:{port}"
        server.expect_request("/away").respond_with_data(status=302, headers={"Location": f"http://{inside}/redirected"})
        server.expect_request("/hostile").respond_with_data(
            f"""<!doctype html><title>Trust</title><link rel=preconnect href="http://{inside}"><link rel=dns-prefetch href="//{inside}">
            <link rel=stylesheet href="http://{inside}/style.css"><body><h1>Trust</h1><p id=told>Certified to ISO 27001.</p>
            <img src="http://{inside}/image"><img src="http://127.1:{port}/odd"><img src="/away"><iframe src="http://{inside}/frame"></iframe>
            <iframe src="file:///etc/hostname"></iframe><iframe src="data:text/html,<script>fetch('http://{inside}/data')</script>"></iframe>
            <script>
            fetch("http://{inside}/fetch", {{mode: "no-cors"}}).catch(() => 0);
            navigator.sendBeacon("http://{inside}/beacon", "x");
            try {{ new WebSocket("ws://{inside}/socket") }} catch (e) {{}}
            try {{ new EventSource("http://{inside}/events") }} catch (e) {{}}
            try {{ new Worker(URL.createObjectURL(new Blob(["fetch('http://{inside}/worker')"]))) }} catch (e) {{}}
            try {{ const peer = new RTCPeerConnection({{iceServers: [{{urls: "stun:{inside}"}}]}});
              peer.createDataChannel("x"); peer.createOffer().then(one => peer.setLocalDescription(one)) }} catch (e) {{}}
            window.open("http://{inside}/popup");
            </script>""",
            content_type="text/html",
        )
        got = look(server.url_for("/hostile"))
    assert got.snapshot is not None, got.failure
    assert b"Certified to ISO 27001." in got.snapshot.body
    assert b"localhost" not in got.snapshot.body.partition(b'<iframe src="file')[2][:200]
    assert heard == []


def test_a_page_that_never_ends_is_ended(server: HTTPServer) -> None:
    server.expect_request("/spin").respond_with_data("<!doctype html><p>One</p><script>while (true) {}</script>", content_type="text/html")
    got = look(server.url_for("/spin"), timeout=30.0, total=4.0)
    assert got.failure is not None
    assert (got.failure.stage, got.failure.reason) == ("browser", "not shown in a browser within 4 s (fetch.total)")


def test_a_shell_that_stays_empty_says_so(server: HTTPServer) -> None:
    server.expect_request("/broken").respond_with_data(SHELL.replace("/app.js", "/none.js"), content_type="text/html")
    got = look(server.url_for("/broken"), timeout=4.0)
    assert got.snapshot is not None, got.failure
    assert "stays empty in a browser too" in health.verdict(got.snapshot, Known()).reason
