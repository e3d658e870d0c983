"""Pages that a script fills in, in Debian's Chromium: what is shown,
and that nothing of it goes where we do not.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from loopback import answering
from pytest_httpserver import HTTPServer

from pipeline import health, parse, sources
from pipeline.egress import Limits
from pipeline.model import Known, Look, Page

pytestmark = pytest.mark.browser
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SHELL = (
    "<!doctype html><html><head><title>Trust</title></head><body><div id=root></div><script "
    "src=/app.js></script></body></html>"
)
APP = """
fetch("/api/claims").then(answer => answer.json()).then(claims => {
  document.getElementById("root").innerHTML = "<h1>Trust</h1>"
    + claims.map(one => `<p>${one}</p>`).join("");
});
"""


@pytest.fixture(autouse=True)
def _chromium() -> None:
    if not Path("/usr/bin/chromium").exists():
        pytest.skip("chromium is not installed")


@pytest.fixture
def server(httpserver: HTTPServer) -> HTTPServer:
    httpserver.expect_request("/trust").respond_with_data(
        SHELL, content_type="text/html", headers={"ETag": '"shell"'}
    )
    httpserver.expect_request("/app.js").respond_with_data(APP, content_type="text/javascript")
    httpserver.expect_request("/api/claims").respond_with_json(
        ["Acme Cloud is certified to ISO/IEC 27001:2022."]
    )
    return httpserver


def look(
    url: str, environ: dict[str, str] | None = None, known: Known | None = None, **given: object
) -> Look:
    limits: dict[str, object] = {
        "delay": 0.0,
        "retries": 0,
        "allow": ("localhost",),
        "robots": False,
        "timeout": 20.0,
        "total": 60.0,
    }
    own = {"headers_env": (("x-own", "ACME_TOKEN"),)} if environ else {}
    with sources.Client(Limits(**{**limits, **given}), environ=environ or {}) as client:
        return sources.fetch(
            Page("trust", url, browser=True, **own), known or Known(), now=NOW, client=client
        )  # type: ignore[arg-type]


def test_what_a_script_fills_in_is_captured_with_a_screenshot(server: HTTPServer) -> None:
    got = look(
        server.url_for("/trust"),
        environ={"ACME_TOKEN": "s3cr3t-t0k3n"},
        known=Known(etag='"shell"'),
    )
    assert got.snapshot is not None, got.failure
    assert b"<p>Acme Cloud is certified to ISO/IEC 27001:2022.</p>" in got.snapshot.body
    assert health.verdict(got.snapshot, Known()).name == "ok"
    assert got.snapshot.screenshot is not None
    assert got.snapshot.screenshot.startswith(b"\xff\xd8\xff")
    assert got.snapshot.header("etag") is None
    assert all(request.headers.get("x-own") == "s3cr3t-t0k3n" for request, _ in server.log)
    assert [request.path for request, _ in server.log].count("/trust") == 1


def test_no_request_of_a_page_goes_inside(server: HTTPServer) -> None:
    with answering() as (port, heard):
        inside = f"127.0.0.1:{port}"
        server.expect_request("/away").respond_with_data(
            status=302, headers={"Location": f"http://{inside}/redirected"}
        )
        server.expect_request("/hostile").respond_with_data(
            f"""<!doctype html><title>Trust</title><link rel=preconnect href="http://{inside}">
            <link rel=dns-prefetch href="//{inside}">
            <link rel=stylesheet href="http://{inside}/style.css">
            <body><h1>Trust</h1><p id=told>Certified to ISO 27001.</p>
            <img src="http://{inside}/image"><img src="http://127.1:{port}/odd"><img src="/away">
            <iframe src="http://{inside}/frame"></iframe>
            <iframe src="file:///etc/hostname"></iframe>
            <iframe src="data:text/html,<script>fetch('http://{inside}/data')</script>"></iframe>
            <script>
            fetch("http://{inside}/fetch", {{mode: "no-cors"}}).catch(() => 0);
            navigator.sendBeacon("http://{inside}/beacon", "x");
            try {{ new WebSocket("ws://{inside}/socket") }} catch (e) {{}}
            try {{ new EventSource("http://{inside}/events") }} catch (e) {{}}
            try {{
              new Worker(URL.createObjectURL(new Blob(["fetch('http://{inside}/worker')"])))
            }} catch (e) {{}}
            try {{ const peer = new RTCPeerConnection({{iceServers: [{{urls: "stun:{inside}"}}]}});
              peer.createDataChannel("x");
              peer.createOffer().then(one => peer.setLocalDescription(one)) }} catch (e) {{}}
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
    server.expect_request("/spin").respond_with_data(
        "<!doctype html><p>One</p><script>while (true) {}</script>", content_type="text/html"
    )
    got = look(server.url_for("/spin"), timeout=30.0, total=4.0)
    assert got.failure is not None
    assert (got.failure.stage, got.failure.reason) == (
        "browser",
        "not shown in a browser within 4 s (fetch.total)",
    )


def test_a_shell_that_stays_empty_says_so(server: HTTPServer) -> None:
    server.expect_request("/broken").respond_with_data(
        SHELL.replace("/app.js", "/none.js"), content_type="text/html"
    )
    got = look(server.url_for("/broken"), timeout=4.0)
    assert got.snapshot is not None, got.failure
    assert "stays empty in a browser too" in health.verdict(got.snapshot, Known()).reason


COMPOSED = """<!doctype html><html lang="en"><head><title>Trust</title>
<meta http-equiv="Content-Security-Policy" content="require-trusted-types-for 'script'">
</head><body><main><h1>Trust</h1>
<acme-card><span slot="title">ISO/IEC 27001</span>
Acme Cloud is certified to ISO/IEC 27001:2022.</acme-card>
<acme-shut></acme-shut>
<iframe src="/same" width="400" height="300"></iframe>
<iframe src="http://localhost:{other}/embedded?session=s3cr3t" width="400" height="300"></iframe>
<iframe srcdoc="<p>Acme Cloud is certified to ISO 9001.</p>" width="400" height="300"></iframe>
<iframe src="http://127.0.0.1:{other}/embedded?inside" width="400" height="300"></iframe>
<iframe src="/same?hidden" style="display: none" width="400" height="300"></iframe>
<iframe src="/same?badge" width="300" height="75"></iframe>
</main><script>
const part = (name, ...held) => {{ const made = document.createElement(name);
  made.append(...held); return made }};
const slot = name => {{ const made = document.createElement("slot");
  made.name = name; return made }};
customElements.define("acme-card", class extends HTMLElement {{ constructor() {{ super();
  this.attachShadow({{mode: "open"}}).append(
    part("h2", slot("title")), part("p", slot("")), part("acme-seal")) }} }});
customElements.define("acme-seal", class extends HTMLElement {{ constructor() {{ super();
  this.attachShadow({{mode: "open"}}).append(
    part("p", "The certificate is issued by an accredited body.")) }} }});
customElements.define("acme-shut", class extends HTMLElement {{ constructor() {{ super();
  this.attachShadow({{mode: "closed"}}).append(part("p", "Acme Cloud is HIPAA compliant.")) }} }});
</script></body></html>"""


def test_components_and_frames_are_read_where_they_stand(server: HTTPServer) -> None:
    with HTTPServer() as other:
        other.expect_request("/embedded").respond_with_data(
            "<!doctype html><title>Embedded</title><h2>Reports</h2><p>Acme Cloud has a SOC 2 "
            "Type 2 report.</p>"
            '<iframe src="/deeper" width="400" height="200"></iframe>',
            content_type="text/html",
        )
        other.expect_request("/deeper").respond_with_data(
            "<p>It is compliant with PCI DSS.</p>", content_type="text/html"
        )
        server.expect_request("/same").respond_with_data(
            "<p>Acme Cloud holds ISO/IEC 27017.</p>", content_type="text/html"
        )
        server.expect_request("/composed").respond_with_data(
            COMPOSED.format(other=other.port), content_type="text/html"
        )
        got = look(server.url_for("/composed"))
        asked = [request.url for request, _ in other.log]
    assert got.snapshot is not None, got.failure
    assert [(block.kind, block.text) for block in parse.document(got.snapshot).blocks] == [
        ("heading", "Trust"),
        ("heading", "ISO/IEC 27001"),
        ("paragraph", "Acme Cloud is certified to ISO/IEC 27001:2022."),
        ("paragraph", "The certificate is issued by an accredited body."),
        ("paragraph", "Acme Cloud is HIPAA compliant."),
        ("paragraph", "Acme Cloud holds ISO/IEC 27017."),
        ("heading", "Reports"),
        ("paragraph", "Acme Cloud has a SOC 2 Type 2 report."),
        ("paragraph", "It is compliant with PCI DSS."),
        ("paragraph", "Acme Cloud is certified to ISO 9001."),
    ]
    assert (
        f'<div data-frame="http://localhost:{other.port}/embedded">'.encode() in got.snapshot.body
    )
    assert b"s3cr3t" not in got.snapshot.body.partition(b"<acme-card>")[2].partition(b"<script>")[0]
    assert [url for url in asked if "inside" in url] == []


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("location = '/gone'", "its scripts lead to http://localhost:{port}/gone, HTTP 404"),
        (
            "location = 'http://127.0.0.1:{port}/gone?x=1'",
            "its scripts lead to http://127.0.0.1:{port}/gone, which cannot be had",
        ),
        ("throw document.body.remove()", None),
        ("location = 'file:///etc/hostname'", None),
        ("alert(1); confirm(2); open('/gone')", None),
        (
            "Object.assign(document.createElement('a'), {{href: '/gone', download: 'x'}}).click()",
            None,
        ),
    ],
)
def test_where_a_pages_scripts_may_lead(
    server: HTTPServer, script: str, expected: str | None
) -> None:
    server.expect_request("/gone").respond_with_data(
        "<h1>Lost</h1>", status=404, content_type="text/html"
    )
    body = (
        "<!doctype html><p>Acme Cloud is certified.</p>"
        f"<script>{script.format(port=server.port)}</script>"
    )
    server.expect_request("/led").respond_with_data(body, content_type="text/html")
    got = look(server.url_for("/led"), timeout=4.0)
    assert (got.failure and got.failure.reason) == (expected and expected.format(port=server.port))


def test_a_redirect_by_script_is_kept_as_one(server: HTTPServer) -> None:
    server.expect_request("/led").respond_with_data(
        "<!doctype html><script>location = '/sso/start'</script>", content_type="text/html"
    )
    server.expect_request("/sso/start").respond_with_data(
        "<!doctype html><p>Welcome back to Acme.</p>", content_type="text/html"
    )
    got = look(server.url_for("/led"))
    assert got.snapshot is not None, got.failure
    assert (got.snapshot.url, got.snapshot.redirects) == (
        server.url_for("/sso/start"),
        (f"script {server.url_for('/led')}",),
    )
    assert health.verdict(got.snapshot, Known()).name == "login"


def test_a_part_that_did_not_come_takes_no_claim_away(server: HTTPServer) -> None:
    good = look(server.url_for("/trust")).snapshot
    assert good is not None
    server.clear()
    server.expect_request("/trust").respond_with_data(
        SHELL.replace("root>", "root>Acme Cloud, the trusted one."), content_type="text/html"
    )
    server.expect_request("/app.js").respond_with_data(APP, content_type="text/javascript")
    server.expect_request("/api/claims").respond_with_data(status=503)
    got = look(server.url_for("/trust")).snapshot
    assert got is not None
    verdict = health.verdict(got, Known(snapshot=good, size=len(good.body)))
    assert (verdict.name, server.url_for("/api/claims") in verdict.reason) == ("truncated", True)
    assert health.verdict(got, Known(snapshot=got, size=len(got.body))).name != "truncated"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("no-chromium",), "the page asks for a browser, and there is none: install no-chromium"),
        (("false",), "the browser could not show the page: "),
    ],
)
def test_a_browser_that_is_none(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], expected: str
) -> None:
    monkeypatch.setattr("pipeline.sources.browser.NAMES", names)
    got = look(server.url_for("/trust"))
    assert got.failure is not None
    assert got.failure.stage == "browser"
    assert got.failure.reason.startswith(expected)
