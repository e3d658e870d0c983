"""However a page is built, measuring it ends, meets no exception,
and sees the text that is there.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import health
from pipeline.health import shown
from pipeline.model import Known, Page, Snapshot

AT = datetime(2026, 1, 1, tzinfo=UTC)
END = "Acme Cloud is certified to SOC 2, and its report is sent to customers on request."


def page(body: str) -> Snapshot:
    whole = f"<!doctype html><html><head><title>Trust</title></head><body>{body}</body></html>"
    there = Page("trust", "https://acme.example/trust")
    return Snapshot(there, AT, AT, "live", there.url, "text/html", whole.encode(), 200)


@pytest.mark.parametrize("depth", [100, 300, 5000, 50_000])
@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "o:p", 'p a"b="c"'])
def test_a_page_is_seen_however_deep_it_is(tag: str, depth: int) -> None:
    found = page(f"<{tag}>" * depth + f"<p>{END}</p>")
    assert END in shown.of(found.body, "text/html").text
    assert health.verdict(found, Known()).ok


@pytest.mark.parametrize("sign", ["&#1;", "&#xFFFE;", "&#x1F;", "\ufffe", "&#127;", "&#xD800;"])
def test_signs_that_no_tree_takes_back_stop_nothing(sign: str) -> None:
    body = (
        f"<p>a</p><nav>n</nav>{sign}b<nav>n</nav>{sign}c<p>{END}</p>{sign}<script>s</script>{sign}"
    )
    assert END in shown.of(page(body).body, "text/html").text


def test_attributes_without_end_cost_no_text() -> None:
    many = " ".join(f"a{number}=b" for number in range(20_000))
    assert END in shown.of(page(f"<p {many}>{END}</p>").body, "text/html").text
