"""`add`: lists and CSVs of URLs, what is written into the config, and which row is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click.testing
import pytest

from pipeline import errors
from pipeline.cli import command

BEFORE = """\
# Ours.
[store]
database = "claims.db" # kept

[[pages]] # the first
id = "first"
url = "https://vendor.example/first"

# Whom to tell.
[[alerts]]
to = "https://hooks.example/x"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(BEFORE, encoding="utf-8")
    return path


def add(path: Path, *arguments: str, given: str | bytes = "") -> str:
    done = click.testing.CliRunner().invoke(
        command.claimwatch,
        ["--config", str(path), "add", *arguments],
        input=given,
        catch_exceptions=False,
    )
    return done.output


def pages(path: Path) -> list[dict[str, object]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))["pages"][1:]


def test_what_stood_there_stays_line_by_line(config: Path) -> None:
    assert add(
        config,
        "https://vendor.example/soc",
        "--vendor",
        "Alder",
        "--owner",
        "ana",
        "--tier",
        "1",
        "--ref",
        "R-7",
        "--browser",
    )
    after = config.read_text(encoding="utf-8")
    assert [line for line in BEFORE.splitlines() if line not in after.splitlines()] == []
    assert after.index("# Whom to tell.") < after.index("[[alerts]]")
    assert pages(config) == [
        {
            "id": "soc",
            "url": "https://vendor.example/soc",
            "vendor": "Alder",
            "owner": "ana",
            "tier": "1",
            "ref": "R-7",
            "browser": True,
        }
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            "https://a.example/x\n\n# a remark\nhttps://b.example/y\n",
            [("x", "https://a.example/x", None), ("y", "https://b.example/y", None)],
        ),
        (
            "\ufeffurl;vendor\r\nhttps://a.example/x;Alder & Co\r\n",
            [("x", "https://a.example/x", "Alder & Co")],
        ),
        (
            'URL,Vendor\nhttps://a.example/x,"Alder, Inc."\n',
            [("x", "https://a.example/x", "Alder, Inc.")],
        ),
        ("vendor\turl\nAlder\thttps://a.example/x\n", [("x", "https://a.example/x", "Alder")]),
        ("https://vendor.example/first\n", []),
        ("HTTPS://Vendor.Example/first#claims\n", []),
        (
            "url\tvendor\r\nhttps://a.example/x\tZürich AG\r\n".encode("utf-16"),
            [("x", "https://a.example/x", "Zürich AG")],
        ),
        (
            "url;vendor\nhttps://a.example/x;Zürich AG\n".encode("cp1252"),
            [("x", "https://a.example/x", "Zürich AG")],
        ),
        ("", []),
    ],
)
def test_lists_and_tables(
    config: Path, given: str | bytes, expected: list[tuple[str, str, str | None]]
) -> None:
    add(config, given=given)
    assert [(page["id"], page["url"], page.get("vendor")) for page in pages(config)] == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            "https://a.example/x\ngopher://b.example/\n",
            'standard input, line 2: url: "gopher://b.example/" has the scheme "gopher"',
        ),
        (
            "https://a.example/x\nb.example/y\n",
            'standard input, line 2: url: "b.example/y" is no address',
        ),
        (
            "https://a.example/x\nhttps://a.example/x\n",
            "standard input, line 2: url: stands in standard input, line 1 too",
        ),
        (
            "https://a.example/x,Alder\n",
            "standard input, line 1: has 2 columns and the first line does not name them",
        ),
        (
            "url,vendor\n\nhttps://a.example/x,Alder,3\n",
            "standard input, line 3: has 3 columns, the first line 2",
        ),
        ("url,vendor\n,Alder\n", "standard input, line 2: the url is missing"),
        (
            "https://a.example/x\nhttps://A.example/x#y\n",
            "standard input, line 2: url: stands in standard input, line 1 too",
        ),
        (
            "url,vendor,vendor\nhttps://a.example/x,A,B\n",
            "standard input: the column vendor stands twice",
        ),
        ("https://a.example/\0x\n", "standard input, line 1: url: "),
        ("url,vendr\nhttps://a.example/x,Alder\n", "standard input: unknown column vendr"),
        ("url,id\nhttps://a.example/x,A b\n", 'standard input, line 2: id: "A b" is no slug'),
        ("url,id\nhttps://a.example/x,first\n", 'standard input, line 2: id: "first" is taken'),
        (
            "url,id\nhttps://a.example/x,one\nhttps://a.example/y,one\n",
            'standard input, line 3: id: "one" is taken',
        ),
        ("url\nhttps://user:pw@a.example/x\n", "standard input, line 2: url: "),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_written(
    config: Path, given: str, expected: str
) -> None:
    with pytest.raises(errors.ConfigError) as told:
        add(config, given=given)
    assert expected in str(told.value)
    assert "pw@" not in str(told.value)
    assert config.read_text(encoding="utf-8") == BEFORE


def test_every_wrong_row_is_named_at_once(config: Path) -> None:
    rows = (
        "https://a.example/x,A",
        "ftp://a.example/y,A",
        ",B",
        "https://a.example/z",
        "https://a.example/u,A,B",
        "a b,C",
        "https://,D",
    )
    with pytest.raises(errors.ConfigError) as told:
        add(config, given="url,vendor\n" + "\n".join(rows))
    assert [problem.split(":")[0] for problem in told.value.problems] == [
        f"standard input, line {line}" for line in range(3, 9)
    ]


def test_a_config_without_pages_gets_its_first(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for text in ("", "pages = []\n", "# nothing yet\n[store]\n"):
        path.write_text(text)
        add(path, "https://a.example/x")
        assert [page["id"] for page in tomllib.loads(path.read_text())["pages"]] == ["x"]
