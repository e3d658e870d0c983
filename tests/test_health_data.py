"""JSON, CSV and plain text as pages: which are read,
and which is a program's answer in a page's place.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from looks import runs
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline import health, sources
from pipeline.egress import Limits
from pipeline.model import Failed, First, HeldBack, Known, Outcome, Page, Snapshot

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
HELD = {"certificates": [{"name": "ISO/IEC 27001:2022", "state": "certified"}]}
OTHER = {"blocks": [{"kind": "hero", "image": "/a.png"}]}


def capture(body: object, kind: str = "application/json", form: str | None = None) -> Snapshot:
    raw = body if isinstance(body, str) else json.dumps(body)
    page = Page("p", "https://acme.example/trust", format=form)
    return Snapshot(page, NOW, NOW, "live", page.url, kind, raw.encode(), 200)


@pytest.mark.parametrize(
    ("body", "kind", "form", "expected"),
    [
        (HELD, "application/json", None, ""),
        (HELD, "application/hal+json", None, ""),
        (HELD, "text/plain", None, ""),
        (OTHER, "application/json", "json", ""),
        (OTHER, "application/json", None, "names no standard"),
        (
            HELD,
            "application/json",
            "markdown",
            'is JSON, where format is "markdown"; set it to "json"',
        ),
        (HELD, "text/html", "html", 'is JSON, where format is "html"'),
        (
            {"error": "SOC 2 reports need a login"},
            "application/json",
            None,
            "an error: SOC 2 reports",
        ),
        ({"Message": "Forbidden", "code": 7}, "application/json", "json", "an error: Forbidden"),
        ({"type": "x", "title": "No", "soc": 1}, "application/problem+json", "json", "an error"),
        ({"title": "ISO 27001 at Acme", "status": "certified", "scope": 1}, "text/plain", None, ""),
        ("Service,Standard\nVault,ISO 27001\n", "text/csv", None, ""),
        ("Service,Standard\nVault,ISO 27001\n", "application/csv", None, ""),
        ("We hold ISO 27001.", "text/plain", "text", ""),
    ],
)
def test_which_data_is_a_page(body: object, kind: str, form: str | None, expected: str) -> None:
    got = health.verdict(capture(body, kind, form), Known())
    assert (got.ok, expected in (got.reason or "")) == (not expected, True), got


def test_data_in_a_page_s_place_and_a_page_in_its_place_are_told() -> None:
    page = capture("<html><body><h1>Trust</h1><p>We hold ISO 27001.</p></body></html>", "text/html")
    data = capture(HELD)
    assert (
        health.verdict(data, Known(snapshot=page)).reason == "JSON, where a page of text is usual"
    )
    assert (
        health.verdict(page, Known(snapshot=data)).reason == "a page of text, where JSON is usual"
    )
    assert health.verdict(capture({**HELD, "n": 1}), Known(snapshot=data)).ok


def first(folder: Path, name: str, body: str, form: str = "") -> Outcome:
    (folder / name).write_text(body, encoding="utf-8")
    key = f'format = "{form}"\n' if form else ""
    page = f'[[pages]]\nid = "p"\nurl = "{name}"\nvendor = "Acme"\n{key}'
    return runs(folder, "", page)(0)[0]


def test_a_file_of_data_is_read_by_its_name_or_format(tmp_path: Path) -> None:
    found = first(tmp_path, "trust.json", json.dumps(HELD))
    assert isinstance(found, First)
    claims = [one for one in found.reading.claims if one.kind == "standard"]
    assert [(one.standard, one.edition, one.stance) for one in claims] == [
        ("iso-27001", "2022", "claimed")
    ]
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    rows = "Package,Service,Status\nFR1,Acme Ledger,Authorized\n"
    assert isinstance(first(tmp_path / "a", "rows.csv", rows), First)
    assert isinstance(first(tmp_path / "b", "rows.csv", rows, "text"), First)


@pytest.mark.parametrize("form", ["markdown", "text", "html", "csv"])
def test_json_that_the_config_calls_otherwise_makes_no_claim(tmp_path: Path, form: str) -> None:
    found = first(tmp_path, "trust.json", json.dumps(HELD), form)
    assert isinstance(found, HeldBack)
    assert 'set it to "json"' in found.verdict.reason


def test_what_is_no_json_is_a_failure_with_its_line(tmp_path: Path) -> None:
    found = first(tmp_path, "trust.json", '{"a": 1,\n"b": }', "json")
    assert isinstance(found, Failed)
    assert "line 2: is not JSON" in found.failure.reason


@pytest.mark.parametrize(
    ("form", "accept"),
    [
        ("json", "application/json"),
        ("csv", "text/csv"),
        ("text", "text/plain"),
        (None, "text/html"),
    ],
)
def test_a_server_is_asked_for_the_format_of_the_page(
    httpserver: HTTPServer, form: str | None, accept: str
) -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        name = 'attachment; filename="services.csv"'
        return Response(
            "a,b\n1,2\n",
            content_type="application/octet-stream",
            headers={"Content-Disposition": name},
        )

    httpserver.expect_request("/export").respond_with_handler(answer)
    limits = Limits(robots=False, retries=0, allow=("localhost",))
    with sources.Client(limits) as client:
        page = Page("p", httpserver.url_for("/export"), format=form)
        got = sources.fetch(page, Known(), now=NOW, client=client)
    assert got.snapshot is not None
    assert got.snapshot.media_type == "text/csv"
    assert asked[0].headers["Accept"].startswith(accept)
