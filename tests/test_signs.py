"""Silence that can be trusted: what a run leaves behind by which somebody notices
when runs stop; and the Atom feeds.
"""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from test_alert import NOW, told
from test_track import START, A, B, Desk, catalogue

from pipeline import config, errors, report, standards
from pipeline.report import Metric

__all__ = ["catalogue"]
ATOM = "{http://www.w3.org/2005/Atom}"
SIGNS = '[monitor]\nheartbeat = "signs/heartbeat.json"\nmetrics = "signs/claimwatch.prom"\n'


def beat(desk: Desk) -> dict[str, object]:
    found: dict[str, object] = json.loads((desk.folder / "signs/heartbeat.json").read_text())
    return found


def gauges(text: str) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name.removeprefix("claimwatch_"): float(value) for name, _, value in lines}


def test_each_run_leaves_a_heartbeat(tmp_path: Path, catalogue: standards.Catalogue) -> None:
    desk = Desk(tmp_path, catalogue, SIGNS)
    desk.run(A, 0)
    first = beat(desk)
    assert (first["pages"], first["read"], first["well"]) == (1, 1, True)
    done = desk.run(B, 1)
    second = beat(desk)
    assert str(second["finished_at"]) > str(first["finished_at"])
    assert second["changes"] == len(done.told)
    assert second["head"] == done.head
    desk.run(None, 2)
    assert (beat(desk)["failed"], beat(desk)["well"]) == (1, False)


def test_metrics_are_those_of_the_record(tmp_path: Path, catalogue: standards.Catalogue) -> None:
    desk = Desk(tmp_path, catalogue, SIGNS)
    desk.run(A, 0)
    desk.run(B, 1)
    desk.run(None, 2)
    got = gauges((tmp_path / "signs/claimwatch.prom").read_text())
    page = '{page="desk",vendor="Northwind"}'
    assert got['last_run_pages{result="failed"}'] == 1
    assert got[f"page_failures{page}"] == 1
    assert got[f"page_open_changes{page}"] > 0
    assert got["last_run_timestamp_seconds"] - START.timestamp() == 2 * 86400
    assert got[f"page_last_good_look_timestamp_seconds{page}"] - START.timestamp() == 86400


@given(st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_a_label_stays_on_its_line(text: str, value: float) -> None:
    lines = report.metrics([Metric("x", "X.", (({"page": text}, value),))]).splitlines()
    assert lines[:2] == ["# HELP claimwatch_x X.", "# TYPE claimwatch_x gauge"]
    assert len(lines) == 3
    inner = lines[2].partition('="')[2].rpartition('"} ')[0]
    assert '"' not in inner.replace("\\\\", "").replace('\\"', "")


def test_a_run_pings_and_says_when_nothing_was_read(
    tmp_path: Path, catalogue: standards.Catalogue, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/a-secret-uuid").respond_with_data("ok")
    httpserver.expect_request("/a-secret-uuid/fail").respond_with_data("no", status=404)
    desk = Desk(
        tmp_path, catalogue, f'[monitor]\nping = "{httpserver.url_for("/a-secret-uuid")}"\n'
    )
    desk.run(A, 0)
    desk.run(None, 1)
    assert [request.path for request, _ in httpserver.log] == [
        "/a-secret-uuid",
        "/a-secret-uuid/fail",
    ]
    assert json.loads(httpserver.log[0][0].get_data())["read"] == 1
    assert any("monitor.ping answered HTTP 404" in said for said in desk.told)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    desk.write(f'[monitor]\nping = "http://127.0.0.1:{port}/a-secret-uuid"\n')
    desk.run(A, 2)
    assert any("monitor.ping could not be reached: " in said for said in desk.told)
    assert not any("secret" in said for said in desk.told)


def test_a_heartbeat_that_cannot_be_written_fails_no_run(
    tmp_path: Path, catalogue: standards.Catalogue
) -> None:
    (tmp_path / "signs").write_text("a file where a folder is needed")
    desk = Desk(tmp_path, catalogue, SIGNS)
    assert len(desk.run(A, 0).outcomes) == 1
    assert sum("not written: " in said for said in desk.told) == 2


@pytest.mark.parametrize("ping", ["ftp://a.example.org/x", "hc-ping.com/a-secret", "https:///x"])
def test_an_address_that_cannot_be_pinged_is_a_problem(ping: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'[monitor]\nping = "{ping}"\n')
    with pytest.raises(
        errors.ConfigError, match=r"monitor\.ping: is no address that can be pinged"
    ) as caught:
        config.load(tmp_path / "config.toml")
    assert "secret" not in str(caught.value)


# --------------------------------------------------------------------------- feeds


def entries(path: Path) -> list[tuple[str, str]]:
    root = ElementTree.fromstring(path.read_bytes())
    assert root.findtext(f"{ATOM}id", "").startswith("urn:claimwatch:feed:")
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    found = root.findall(f"{ATOM}entry")
    assert root.findtext(f"{ATOM}updated") == max(
        one.findtext(f"{ATOM}updated", "") for one in found
    )
    return [(one.findtext(f"{ATOM}id", ""), one.findtext(f"{ATOM}title", "")) for one in found]


def test_changes_are_feeds_of_the_store_the_vendor_and_the_page(
    tmp_path: Path, catalogue: standards.Catalogue
) -> None:
    desk = Desk(tmp_path, catalogue)
    desk.run(A, 0)
    assert not (tmp_path / "reports/changes.atom").exists()
    done = desk.run(B, 1)
    loud = {f"urn:claimwatch:change:{item.id}" for item in done.told if item.severity != "info"}
    paths = ("changes.atom", "vendors/northwind.atom", "pages/desk.atom")
    for path in paths:
        got = entries(tmp_path / "reports" / path)
        assert {one for one, _ in got} == loud
        assert all(": Northwind: " in title for _, title in got)
    before = (tmp_path / "reports" / paths[0]).read_bytes()
    desk.run(B, 2)
    assert (tmp_path / "reports" / paths[0]).read_bytes() == before
    desk.run(A, 3)
    assert len(entries(tmp_path / "reports" / paths[0])) > len(loud)
    assert 'href="changes.atom"' in (tmp_path / "reports/index.html").read_text()


def test_hostile_text_stays_text_in_a_feed() -> None:
    item = told("high", "x <script>alert(1)</script> \0\x1b\u202e end & so on")
    text = report.atom("all", "t", (item,))
    entry = ElementTree.fromstring(text.encode()).find(f"{ATOM}entry")
    assert entry is not None
    assert (
        entry.findtext(f"{ATOM}title")
        == "high: Acme Cloud: x <script>alert(1)</script> end & so on"
    )
    summary = entry.findtext(f"{ATOM}summary", "")
    assert "<script" not in summary
    assert "<del>ISO 27001:2013</del>" in summary
    assert entry.findtext(f"{ATOM}published") == NOW.isoformat()


@pytest.mark.parametrize(
    ("vendor", "expected"),
    [("Acme Cloud", "acme-cloud"), ("Größe", r"gr-e-\w{6}"), ("日本", r"\w{6}")],
)
def test_a_vendor_s_feed_has_a_file_s_name(vendor: str, expected: str) -> None:
    assert re.fullmatch(expected, report.slug(vendor))


def test_vendors_with_like_names_have_feeds_of_their_own() -> None:
    assert len({report.slug(name) for name in ("A-B", "A B", "Ä B", "A.B")}) >= 3
