"""Getting in: packs, what other tools export, and CSVs with columns of their own."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from test_cli_adding import add, config, pages

from pipeline import errors, packs
from pipeline.cli import command, foreign

__all__ = ["config"]
BOTH = [
    {"id": "acme-trust", "url": "https://acme.example/trust"},
    {"id": "halden-soc-2", "url": "https://halden.example/soc2"},
]
CHANGEDETECTION = {
    "watching": {
        "0b1c": {"url": "https://acme.example/trust", "title": "Acme: Trust", "tag": "grc"},
        "77aa": {"url": "https://halden.example/soc2", "title": "Halden SOC 2", "paused": False},
    },
    "settings": {"requests": {}},
}
URLWATCH = """\
# our jobs
name: "Acme trust"
url: https://acme.example/trust
filter:
  - css: main
---
kind: browser
name: Halden SOC 2
navigate: https://halden.example/soc2
---
name: uptime
command: !shell uptime
"""
OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>t</title></head><body><outline text="GRC">
<outline type="rss" text="Acme trust" xmlUrl="https://acme.example/feed"
    htmlUrl="https://acme.example/trust"/>
<outline text="Halden SOC 2" url="https://halden.example/soc2"/></outline></body></opml>
"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> https://acme.example/trust </loc></url>
<url><loc>https://halden.example/soc2</loc></url></urlset>
"""


@pytest.mark.parametrize(
    "given", [json.dumps(CHANGEDETECTION), json.dumps(CHANGEDETECTION["watching"]), URLWATCH, OPML]
)
def test_what_other_tools_export_becomes_pages(config: Path, given: str) -> None:
    assert "Added 2" in add(config, given=given)
    assert pages(config) == BOTH
    assert "Added 0 to " in add(config, given=given)


def test_a_sitemap_becomes_pages(config: Path) -> None:
    assert "Added 2" in add(config, "--vendor", "Acme", given=SITEMAP)
    assert [(page["id"], page["vendor"]) for page in pages(config)] == [
        ("trust", "Acme"),
        ("soc2", "Acme"),
    ]


@pytest.mark.parametrize(
    "given", ["https://a.example/x\n", "url,vendor\nhttps://a.example/x,A\n", ""]
)
def test_a_list_and_a_csv_are_no_export(given: str) -> None:
    assert foreign.read(given) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('{"watching": ', "standard input: is not JSON"),
        ("<opml><body>", "standard input: is neither OPML nor a sitemap"),
        ("url: [a\n", "standard input: is not YAML"),
        ('{"watching": {}}', "standard input: names no page"),
        ("<html><body><p>a page</p></body></html>", "standard input: names no page"),
    ],
)
def test_a_broken_export_is_named(given: str, said: str) -> None:
    with pytest.raises(errors.ConfigError) as caught:
        foreign.read(given)
    assert str(caught.value).startswith(said)
    assert len(caught.value.problems) == 1
    assert "\n" not in str(caught.value)


def test_an_export_runs_and_opens_nothing(config: Path, tmp_path: Path) -> None:
    """An entity names a file, a tag a command: neither is followed."""
    (tmp_path / "secret").write_text("https://secret.example/x")
    bomb = (
        f'<!DOCTYPE a [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]><urlset><url><loc>&s;</loc>'
        "</url></urlset>"
    )
    assert foreign.read(bomb) == [("standard input, entry 1", {"url": ""})]
    python = f"url: !!python/object/apply:os.system ['touch {tmp_path}/owned']\n"
    with pytest.raises(errors.ConfigError, match="is not YAML"):
        foreign.read(python)
    assert not (tmp_path / "owned").exists()


def test_columns_of_another_name_are_mapped(config: Path) -> None:
    given = (
        "Company;Link;Notes\nAcme;https://acme.example/trust;a;\n"
        "Halden;https://halden.example/soc2\n"
    )
    assert "Added 2" in add(config, "--columns", "url=Link,vendor=Company", given=given)
    assert [(page["id"], page["vendor"]) for page in pages(config)] == [
        ("trust", "Acme"),
        ("soc2", "Halden"),
    ]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("url=Address", 'has no column "address"; there are company, link'),
        ("vendor=Company", "no column is the url; name it, as --columns url=Link"),
    ],
)
def test_a_mapping_that_does_not_fit_is_named(config: Path, columns: str, said: str) -> None:
    with pytest.raises(errors.ConfigError, match=said):
        add(config, "--columns", columns, given="Company,Link\nAcme,https://acme.example/trust\n")


def test_a_mapping_of_unknown_keys_is_named(config: Path) -> None:
    assert '"link=Url" is no pair; write KEY=COLUMN' in add(
        config, "--columns", "link=Url", given="x"
    )


def test_of_a_long_list_only_what_matches_is_added(config: Path) -> None:
    given = "".join(
        f"https://acme.example/{name}\n" for name in ("Trust", "blog/trusty", "jobs", "soc-2")
    )
    assert "Added 3" in add(config, "--match", "trust, soc", given=given)
    assert [page["id"] for page in pages(config)] == ["trust", "trusty", "soc-2"]


# --------------------------------------------------------------------------- packs


def test_every_pack_can_be_added(config: Path) -> None:
    for name in packs.names():
        assert f"Added {sum(page.pack == name for page in packs.pages())} to" in add(
            config, "--pack", name
        )
    added = pages(config)
    assert len(added) == len(packs.pages())
    assert len({page["id"] for page in added}) == len(added)
    assert all(page["vendor"] for page in added)


def test_a_pack_is_added_once_and_says_which_pages_need_a_browser(config: Path) -> None:
    name = next(page.pack for page in packs.pages() if page.browser)
    add(config, "--pack", name)
    assert "Added 0 to" in add(config, "--pack", name)
    browsers = {page["url"] for page in pages(config) if page.get("browser")}
    assert browsers == {page.url for page in packs.pages() if page.browser and page.pack == name}


def test_an_unknown_pack_is_named_with_those_there_are(config: Path) -> None:
    with pytest.raises(errors.NotFound, match=r'no pack "nope"; there are .*aws'):
        add(config, "--pack", "nope")


def test_the_data_of_packs_is_sound() -> None:
    found = packs.pages()
    assert len({page.url for page in found}) == len(found)
    assert all(urlsplit(page.url).scheme == "https" and page.confirmed for page in found)


def test_packs_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(["packs", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [row["pack"] for row in listed] == list(packs.names())
    assert sum(row["pages"] for row in listed) == len(packs.pages())
    name = listed[0]["pack"]
    assert command.run(["packs", name]) == 0
    said = capsys.readouterr().out
    assert all(page.url in said for page in packs.pages() if page.pack == name)
    assert command.run(["packs", "nope"]) == 2
