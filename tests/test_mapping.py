"""Watched sitemaps: pages that are new in one are reported once."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from test_track import START, A, Desk, catalogue

from pipeline import config, errors, history, sources
from pipeline.egress import Limits
from pipeline.standards import Catalogue
from pipeline.track import mapping

__all__ = ["catalogue"]
LIMITS = Limits(allow=("127.0.0.1", "localhost"), delay=0, retries=0, robots=False)


class Mapped(Desk):
    """A config with a watched sitemap on a server that shows what it is told."""

    def __init__(self, folder: Path, catalogue: Catalogue, server: HTTPServer) -> None:
        self.server, self.failed = server, list[str]()
        url = server.url_for("/sitemap.xml")
        more = f'[[alerts]]\nto = "{server.url_for("/hook")}"\nname = "grc"\n'
        more += f'[[sitemaps]]\nurl = "{url}"\nmatch = ["Trust", "security"]\n'
        super().__init__(folder, catalogue, more)

    def read(self, day: float, *names: str, status: int = 200) -> int:
        """Run on a day, and read the sitemap, which has pages of those names then."""
        listed = "".join(f"<url><loc>https://v.example/{name}</loc></url>" for name in names)
        self.server.clear_all_handlers()
        self.server.expect_request("/hook").respond_with_data("ok")
        body = f"<urlset>{listed}</urlset>"
        self.server.expect_request("/sitemap.xml").respond_with_data(body, status=status)
        self.run(A, day)
        with sources.Client(LIMITS) as client:
            now = START + timedelta(days=day)
            return mapping.read_sitemaps(self.config, lambda: now, self.failed.append, client)

    def sent(self) -> list[str]:
        log = self.server.log
        found = (json.loads(one.get_data()) for one, _ in log if one.path == "/hook")
        return [one["summary"] for sent in found for one in sent["reminders"]]


@pytest.fixture
def mapped(tmp_path: Path, catalogue: Catalogue, httpserver: HTTPServer) -> Mapped:
    return Mapped(tmp_path, catalogue, httpserver)


def test_what_is_new_in_a_sitemap_is_reported_once(mapped: Mapped) -> None:
    assert mapped.read(0, "trust", "blog") == 1
    assert mapped.read(0.2, "trust") == 0
    mapped.read(1, "trust", "Security/soc2", "blog/2")
    mapped.read(2, "trust", "Security/soc2")
    mapped.read(3, "trust")
    mapped.read(4, "trust", "Security/soc2")
    assert mapped.sent() == ["A new page is in a watched sitemap: https://v.example/Security/soc2"]


def test_a_sitemap_that_cannot_be_read_has_lost_nothing(mapped: Mapped) -> None:
    mapped.read(0, "trust")
    assert mapped.read(1, status=503) == 0
    assert "503" in mapped.failed[0]
    assert mapped.read(1.1, "trust") == 1
    mapped.run(A, 2)
    assert mapped.sent() == []


def test_what_is_watched_by_now_is_not_reported(mapped: Mapped) -> None:
    mapped.read(0, "trust")
    mapped.read(1, "trust", "security")
    text = (mapped.folder / "config.toml").read_text()
    page = '[[pages]]\nid = "new"\nurl = "https://v.example/security"\n'
    (mapped.folder / "config.toml").write_text(text + page)
    mapped.config = config.load(mapped.folder / "config.toml")
    mapped.run(A, 2, pages=["desk"])
    assert mapped.sent() == []


def test_what_a_sitemap_had_survives_a_rebuild(mapped: Mapped) -> None:
    mapped.read(0, "trust")
    mapped.read(1, "trust", "security")
    before = mapped.ask(lambda db: history.newly_listed(db, START))
    assert [one.url for one in before] == ["https://v.example/security"]
    mapped.config.database.unlink()
    mapped.rebuild()
    assert mapped.ask(lambda db: history.newly_listed(db, START)) == before


def test_a_sitemap_has_an_address(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[[sitemaps]]\nurl = "sitemap.xml"\n')
    with pytest.raises(errors.ConfigError, match=r"sitemaps\[0\]\.url: .*is no address"):
        config.load(tmp_path / "config.toml")
