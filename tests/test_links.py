"""Links to certificates and reports: tried once a week, and reported once when they were gone
twice.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from test_track import START, Desk, catalogue
from werkzeug import Request, Response

from pipeline import history, sources
from pipeline.egress import Limits
from pipeline.standards import Catalogue
from pipeline.track import linking

__all__ = ["catalogue"]
PAGE = """# Northwind trust centre

This page says which assessments Northwind Desk has passed, and where their papers are.

## ISO 27001

Northwind Desk is certified to ISO/IEC 27001:2022. Download the [ISO 27001 certificate]({url}).

## SOC 2

Northwind Desk has completed a SOC 2 Type 2 audit.
"""
LIMITS = Limits(allow=("127.0.0.1", "localhost"), delay=0, retries=0, robots=False)


class Linked(Desk):
    """A page with a link to a certificate on a server that answers as it is told."""

    def __init__(self, folder: Path, catalogue: Catalogue, server: HTTPServer) -> None:
        self.server, self.answer, self.asked = server, 200, list[str]()
        server.expect_request("/hook").respond_with_data("ok")
        server.expect_request("/iso.pdf").respond_with_handler(self.respond)
        hook = server.url_for("/hook")
        more = f'[[alerts]]\nto = "{hook}"\nname = "grc"\nseverity = "low"\n'
        super().__init__(folder, catalogue, more)
        self.text = PAGE.format(url=server.url_for("/iso.pdf"))

    def respond(self, request: Request) -> Response:
        self.asked.append(request.method)
        return Response("", self.answer)

    def tried(self, day: float, answer: int = 200) -> int:
        """Run on a day, and try what is due."""
        self.answer = answer
        self.run(self.text, day)
        with sources.Client(LIMITS) as client:
            return linking.try_links(
                self.config, lambda: START + timedelta(days=day), client=client
            )

    def sent(self) -> list[dict[str, Any]]:
        log = self.server.log
        found = (json.loads(one.get_data()) for one, _ in log if one.path == "/hook")
        return [one for sent in found for one in sent["reminders"]]


@pytest.fixture
def linked(tmp_path: Path, catalogue: Catalogue, httpserver: HTTPServer) -> Linked:
    return Linked(tmp_path, catalogue, httpserver)


def test_a_link_is_tried_once_a_week_and_not_on_its_first_day(linked: Linked) -> None:
    assert [linked.tried(day) for day in (0, 0.5, 1, 2, 7.9, 8, 9)] == [0, 0, 1, 0, 0, 1, 0]
    assert linked.asked == ["HEAD", "HEAD"]
    assert linked.sent() == []


def test_what_is_gone_twice_is_reported_once(linked: Linked) -> None:
    linked.tried(0)
    assert [linked.tried(day, 404) for day in (1, 1.5, 2, 3, 4)] == [1, 0, 1, 0, 0]
    [one] = linked.sent()
    assert one["severity"] == "low"
    assert one["summary"] == "The link to “ISO 27001 certificate” leads nowhere (HTTP 404)"
    assert one["reason"] == linked.server.url_for("/iso.pdf")
    linked.tried(10, 410)
    linked.tried(11, 410)
    assert len(linked.sent()) == 1


def test_what_was_gone_once_or_is_there_again_is_not_reported(linked: Linked) -> None:
    linked.tried(0)
    for day, answer in ((1, 404), (2, 200), (9, 404), (10, 200), (17, 503), (24, 500)):
        assert linked.tried(day, answer) == 1
    linked.tried(31)
    assert linked.sent() == []


def test_a_server_that_does_not_answer_says_nothing(linked: Linked) -> None:
    linked.tried(0)
    linked.tried(1, 404)
    with sources.Client(Limits(retries=0, delay=0)) as strict:  # loopback is not allowed
        assert linking.try_links(linked.config, lambda: START + timedelta(days=2), client=strict)
    linked.run(linked.text, 3)
    assert linked.sent() == []
    linked.tried(10, 404)
    linked.run(linked.text, 11)
    assert len(linked.sent()) == 1


def test_a_head_that_is_refused_is_asked_for_whole(linked: Linked) -> None:
    linked.tried(0)
    linked.server.clear_all_handlers()
    linked.server.expect_request("/iso.pdf", method="HEAD").respond_with_data("", status=404)
    linked.server.expect_request("/iso.pdf", method="GET").respond_with_data("%PDF")
    for day in (1, 8, 15):
        assert linked.tried(day) == 1
    assert linked.ask(history.gone) == ()


def test_what_came_of_it_survives_a_rebuild(linked: Linked) -> None:
    linked.tried(0)
    linked.tried(1, 404)
    linked.tried(2, 404)
    before = linked.ask(history.gone)
    assert [one.status for one in before] == [404]
    linked.config.database.unlink()
    linked.rebuild()
    assert linked.ask(history.gone) == before
