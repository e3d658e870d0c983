"""Walls and faults of further kinds and languages, and short real pages that look like them.

Written after real ones.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import health
from pipeline.model import Known, Page, Snapshot

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
URL = "https://acme.example/legal/trust/certifications"
SCRIPT = '<script src="/app.js"></script>'
NAV = (
    '<header><nav><a href="/">Acme Cloud</a> '
    + '<a href="/products">Products and prices</a> ' * 120
    + "</nav></header>"
)
FOOT = "<footer>" + "Acme Cloud Ltd, registered in the county of Anywhere. " * 40 + "</footer>"
CLAIMS = (
    "<p>Acme Cloud is certified to ISO/IEC 27001:2022.</p><p>A SOC 2 Type 2 report is "
    "available under NDA.</p>"
    "<p>We sign a BAA under HIPAA.</p>"
)


def page(title: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head>'
        f"<body>{body}</body></html>".encode()
    )


def capture(body: bytes, media_type: str = "text/html") -> Snapshot:
    return Snapshot(Page("trust", URL), NOW, NOW, "live", URL, media_type, body, 200)


HELD = {"{nav}": NAV, "{foot}": FOOT, "{script}": SCRIPT, "{claims}": CLAIMS}


def cases() -> dict[str, tuple[str, bytes]]:
    """Return the cases by name, each with its verdict and its page."""
    found = {}
    for case in (
        (Path(__file__).parent / "cases/health.md").read_text(encoding="utf-8").split("\n\n")
    ):
        head, title, body = case.strip().split("\n")
        for name, text in HELD.items():
            body = body.replace(name, text)
        name, _, verdict = head.removeprefix("# ").rpartition(": ")
        found[name] = (
            verdict,
            page(title.removeprefix("title:").strip(), body.removeprefix("body: ")),
        )
    return found


CASES = cases()


@pytest.mark.parametrize("name", CASES)
def test_a_wall_is_named_and_a_short_page_that_looks_like_one_is_read(name: str) -> None:
    expected, body = CASES[name]
    got = health.verdict(capture(body), Known())
    assert (got.name, bool(got.reason)) == (expected, expected != "ok"), got


PAGE = page(
    "Compliance",
    f"<h1>Compliance</h1>{CLAIMS}<p>Ask our team for the latest reports and for the letters "
    "that bridge them.</p>",
)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (page("Acme", "<h1>Zpátky brzy</h1><p>Něco tu chystáme.</p>"), "text/html"),
        (
            page(
                "Acme Trust Center", "<h1>Request access</h1><p>Enter your work email to go on.</p>"
            ),
            "text/html",
        ),
        (page("Compliance", "<p>There is nothing to see here for now.</p>"), "text/html"),
        (b"404: Not Found", "text/plain"),
        (b"upstream connect error or disconnect before headers", "text/plain"),
    ],
)
def test_little_text_that_has_nothing_of_the_usual_is_not_the_page(
    body: bytes, media_type: str
) -> None:
    got = health.verdict(capture(body, media_type), Known(snapshot=capture(PAGE), size=len(PAGE)))
    assert (got.name, "nothing of what it showed before" in got.reason) == ("short", True), got


@pytest.mark.parametrize(
    "body",
    [
        PAGE.replace(b"<p>We sign a BAA under HIPAA.</p>", b""),
        page("Compliance", "<h1>Compliance</h1><p>Ask our team for the latest reports.</p>"),
        page("Trust", "<p>Alder Cloud holds ISO/IEC 27001.</p>"),
        page(
            "Trust",
            "<h1>Assurance</h1>"
            f"<p>{'We have written all of this anew, and at more length than before. ' * 5}</p>",
        ),
    ],
)
def test_a_page_that_lost_or_was_rewritten_is_read(body: bytes) -> None:
    got = health.verdict(capture(body), Known(snapshot=capture(PAGE), size=len(PAGE)))
    assert got.ok, got


def test_a_sign_that_the_page_always_bore_is_its_own() -> None:
    body = page(
        "Acme Trust Center | Log in", "<h1>Trust</h1><p>Certificates are sent on request.</p>"
    )
    assert health.verdict(capture(body), Known()).name == "login"
    assert health.verdict(
        capture(body.replace(b"request", b"demand")), Known(snapshot=capture(body), size=len(body))
    ).ok


@pytest.mark.parametrize(
    "media_type", ["text/html", "text/plain", "text/markdown", "application/json"]
)
def test_json_is_an_answer_for_programs(media_type: str) -> None:
    got = health.verdict(
        capture(b'{"error": {"code": 429, "message": "slow down"}}', media_type), Known()
    )
    assert got.name == "unreadable"


LONG = page(
    "Trust",
    "<h1>Acme trust center</h1>"
    + CLAIMS * 4
    + "<p>Ask our team for the letters that bridge the reports.</p>",
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<h1>We'll be back soon</h1><p>Our ISO 27001 certified platform is down for "
            "scheduled maintenance.</p>",
            "maintenance",
        ),
        (
            "<h1>Oops</h1><p>We can't find that page. "
            "Try our SOC 2 report or the ISO 27001 certificate.</p>",
            "missing",
        ),
        ("<h1>Acme trust center</h1><p>A SOC 2 Type 2 report is available under NDA.</p>", "ok"),
    ],
)
def test_a_wall_that_names_standards_is_one_where_nothing_of_the_page_is_left(
    body: str, expected: str
) -> None:
    usual = capture(LONG)
    assert (
        health.verdict(
            capture(page("Acme", body)), Known(usual.digest, None, usual.digest, len(LONG), usual)
        ).name
        == expected
    )
