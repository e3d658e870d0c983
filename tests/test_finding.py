"""Getting in by a domain, a sitemap, or what Distill and Visualping export."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from test_cli_adding import BEFORE, add, pages

from pipeline import errors, packs
from pipeline.sources import sitemaps

TRUST = """<!doctype html><html><head><title>{title}</title></head><body><main><h1>{title}</h1>
<p>This page is kept by our security team. It says which assessments Northwind Desk has passed.</p>
<p>Northwind Desk is certified to {standard}.</p></main></body></html>"""
MISSING = TRUST.format(title="Northwind: welcome", standard="ISO 9001:2015")
URLSET = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{urls}</urlset>"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(f'[fetch]\nallow = ["localhost", "127.0.0.1"]\ndelay = 0\n{BEFORE}')
    return path


@pytest.fixture
def domain(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A site with two pages that say something; it answers all else with its front page."""
    names = ("trust", "security", "moved", "about", "gone", "jobs")
    monkeypatch.setattr(
        packs, "usual", lambda host: tuple(map(httpserver.url_for, names_of(names)))
    )
    html = {"content_type": "text/html"}
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    trust = TRUST.format(title="Northwind trust", standard="ISO/IEC 27001:2022")
    httpserver.expect_request("/trust").respond_with_data(trust, **html)
    security = TRUST.format(title="Northwind security", standard="SOC 2 Type 2")
    httpserver.expect_request("/security").respond_with_data(security, **html)
    moved = {"location": "/trust"}
    httpserver.expect_request("/moved").respond_with_data("", status=301, headers=moved)
    about = "<html><title>About</title><body><p>We make desks, and have done so for years.</p>"
    httpserver.expect_request("/about").respond_with_data(about, **html)
    httpserver.expect_request("/gone").respond_with_data("gone", status=410)
    httpserver.expect_request("/jobs").respond_with_data(MISSING, **html)
    httpserver.expect_request("/claimwatch-asks-for-what-is-not-here").respond_with_data(
        MISSING, **html
    )
    return "northwind.example"


def names_of(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"/{name}" for name in names)


def test_what_a_domain_has_is_shown_before_it_is_written(config: Path, domain: str) -> None:
    said = add(config, "--discover", domain)
    assert "Northwind trust: ISO/IEC 27001" in said
    assert "Northwind security: SOC 2" in said
    assert said.endswith("Nothing is added: say --yes to add these.\n")
    assert pages(config) == []


def test_what_a_domain_has_is_added_once(config: Path, domain: str, httpserver: HTTPServer) -> None:
    assert "Added 2 to" in add(config, "--discover", domain, "--vendor", "Northwind", "--yes")
    assert [(page["id"], page["vendor"]) for page in pages(config)] == [
        ("trust", "Northwind"),
        ("security", "Northwind"),
    ]
    assert "Found no page that names a standard and is not watched yet" in add(
        config, "--discover", domain, "--yes"
    )
    asked = [request.path for request, _ in httpserver.log]
    assert asked.count("/robots.txt") == 2  # once a call


def test_what_robots_forbid_is_not_asked_for(
    config: Path, domain: str, httpserver: HTTPServer
) -> None:
    httpserver.clear_all_handlers()
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /\n")
    with pytest.raises(
        errors.NotFound, match="nothing answers at the usual addresses of northwind"
    ):
        add(config, "--discover", domain)
    assert {request.path for request, _ in httpserver.log} == {"/robots.txt"}


def test_the_usual_addresses_are_those_of_the_domain() -> None:
    found = packs.usual("northwind.example")
    assert len(found) == len(set(found)) > 15
    assert all("northwind.example/" in one and one.startswith("https://") for one in found)


# --------------------------------------------------------------------------- sitemaps


def urls(*addresses: str) -> str:
    return URLSET.format(urls="".join(f"<url><loc>{one}</loc></url>" for one in addresses))


def test_a_sitemap_is_fetched_with_those_that_it_names(
    config: Path, httpserver: HTTPServer
) -> None:
    of = httpserver.url_for
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    index = f"<sitemapindex><sitemap><loc>{of('/one.xml')}</loc></sitemap><sitemap><loc>\
{of('/two.xml.gz')}</loc></sitemap><sitemap><loc>{of('/sitemap.xml')}</loc></sitemap></sitemapindex>"
    for path, body in (
        ("/sitemap.xml", index.encode()),
        ("/one.xml", urls("https://a.example/trust", "https://a.example/blog").encode()),
        ("/two.xml.gz", gzip.compress(urls("https://a.example/Security/soc2").encode())),
    ):
        httpserver.expect_request(path).respond_with_data(body)
    asked = ("--sitemap", of("/sitemap.xml"), "--match", "trust,security")
    assert "Added 2 to" in add(config, *asked, "--vendor", "A")
    assert [page["url"] for page in pages(config)] == [
        "https://a.example/trust",
        "https://a.example/Security/soc2",
    ]
    assert "Added 0 to" in add(config, *asked)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<html><body><p>a page</p></body></html>", "is no sitemap: it begins with <html>"),
        ("{}", "is no sitemap: Start tag expected"),
        ("\x1f\x8b broken", "is no gzip file"),
    ],
)
def test_what_is_no_sitemap_is_named(
    config: Path, httpserver: HTTPServer, body: str, said: str
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/sitemap.xml").respond_with_data(body.encode("latin-1"))
    with pytest.raises(errors.ClaimwatchError, match=said) as caught:
        add(config, "--sitemap", httpserver.url_for("/sitemap.xml"))
    assert "\n" not in str(caught.value)


def test_pictures_of_a_sitemap_are_no_pages() -> None:
    picture = "<image:image><image:loc>https://a.example/x.png</image:loc></image:image>"
    body = URLSET.format(urls=f"<url><loc>https://a.example/trust</loc>{picture}</url>").encode()
    assert sitemaps.parsed(body, "here") == ([], ["https://a.example/trust"])


# --------------------------------------------------------------------------- other tools

DISTILL = {
    "client": {"local": 1},
    "data": [
        {"id": "x1", "name": "Acme trust", "uri": "https://acme.example/trust", "config": "{}"},
        {"id": "x2", "name": "Halden SOC 2", "uri": "https://halden.example/soc2"},
    ],
}
VISUALPING = {
    "jobs": [
        {"id": 7, "url": "https://acme.example/trust", "description": "Acme trust", "active": True},
        {"id": 8, "url": "https://halden.example/soc2", "description": "Halden SOC 2"},
    ]
}
DISTILL_CSV = 'Name,URI,Tags\nAcme trust,https://acme.example/trust,"grc, eu"\n\
Halden SOC 2,https://halden.example/soc2,\n'
VISUALPING_CSV = "Job ID;Description;URL;Frequency\n7;Acme trust;https://acme.example/trust;1 day\n\
8;Halden SOC 2;https://halden.example/soc2;1 day\n"


@pytest.mark.parametrize(
    "given", [json.dumps(DISTILL), json.dumps(VISUALPING), DISTILL_CSV, VISUALPING_CSV]
)
def test_lists_of_distill_and_visualping_become_pages(config: Path, given: str) -> None:
    assert "Added 2 to" in add(config, given=given)
    assert pages(config) == [
        {"id": "acme-trust", "url": "https://acme.example/trust"},
        {"id": "halden-soc-2", "url": "https://halden.example/soc2"},
    ]


def test_a_column_that_is_written_wrong_is_still_named(config: Path) -> None:
    with pytest.raises(errors.ConfigError, match="unknown column vendr"):
        add(config, given="url,vendr\nhttps://acme.example/trust,Acme\n")
