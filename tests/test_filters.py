"""A filter with a name that nobody ever had is an error with the nearest names.

One that is merely empty is an empty list.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_together import START

from pipeline import cli, config, history, standards, track, words

CATALOGUE = standards.load()
PAGE = """# Trust at Öbb Rail

Öbb Ledger is certified to ISO/IEC 27001:2022.

Öbb Ledger is PCI DSS compliant.

## Services in scope of HIPAA

- Courier
- Archive
- Beacon
"""
CONFIG = """
[[pages]]
id = "rail-trust"
url = "rail.md"
vendor = "Öbb Rail"
[[pages]]
id = "acme"
url = "https://acme.invalid/trust"
vendor = "Acme Cloud"
product = "Acme Desk"
"""


class Asked:
    """The command on a store in which one page was read twice, and another one never."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
        self.config = config.load(folder / "config.toml")
        for day, text in enumerate(
            (PAGE, PAGE.replace("Öbb Ledger is PCI DSS compliant.\n\n", ""))
        ):
            (folder / "rail.md").write_text(text, encoding="utf-8")
            now = START + timedelta(days=day)
            track.run(self.config, CATALOGUE, now=lambda now=now: now, pages=["rail-trust"])

    def __call__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(self.folder / "config.toml"), *arguments])
        streams = capsys.readouterr()
        return int(left.value.code or 0), streams.out, streams.err


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return Asked(tmp_path_factory.mktemp("asked"))


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (("claims", "--vendor", "Obb Rail"), 'no vendor is called "Obb Rail"; near it: Öbb Rail'),
        (("claims", "--vendor", "Acme"), 'no vendor is called "Acme"; near it: Acme Cloud'),
        (("claims", "--vendor", ""), 'no vendor is called ""; there are '),
        (("claims", "--page", "rail"), 'no page has the id "rail"; near it: rail-trust'),
        (("claims", "--product", "Legder"), 'no product is called "Legder"; near it: Öbb Ledger'),
        (("claims", "--service", "Curier"), 'no service is called "Curier"; near it: Courier'),
        (("claims", "--standard", "iso27001"), "near it: iso-27001"),
        (("claims", "--standard", "iso-27018"), 'no page ever claimed the standard "iso-27018"'),
        (("changes", "--vendor", "Acme Clod"), "near it: Acme Cloud"),
        (("changes", "--page", "rail"), "near it: rail-trust"),
        (("changes", "--standard", "pcidss"), "near it: pci-dss"),
        (("matrix", "--vendor", "rail"), "near it: Öbb Rail"),
        (("search", "certified", "--vendor", "rail"), "near it: Öbb Rail"),
        (("search", "certified", "--page", "rail"), "near it: rail-trust"),
        (("report", "--vendor", "rail"), "near it: Öbb Rail"),
        (("run", "rail"), "near it: rail-trust"),
        (("run", "rail-trust", "acne"), "near it: acme"),
    ],
)  # fmt: skip
def test_a_name_that_nobody_ever_had_is_an_error_with_the_nearest(
    asked: Asked, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], near: str
) -> None:
    status, out, err = asked(capsys, *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert near in err


def test_every_wrong_page_of_a_run_is_said_and_none_is_looked_at(
    asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = asked(capsys, "run", "rail", "rail-trust", "acne")
    assert (status, err.count("near it: ")) == (2, 2)


def test_a_preview_of_no_page_names_the_nearest(
    asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = asked(capsys, "preview", "rail-trsut")
    assert (status, "has this id (near it: rail-trust), and there is no file" in err) == (1, True)


def test_every_wrong_name_is_said_at_once(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = ("--vendor", "x", "--page", "x", "--product", "x", "--standard", "x")
    status, _, err = asked(capsys, "claims", *wrong)
    assert status == 2
    assert [line.split()[2] for line in err.splitlines()] == [
        "vendor",
        "page",
        "product",
        "standard",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("claims", "--vendor", "Acme Cloud"),
        ("claims", "--page", "acme"),
        ("claims", "--product", "Acme Desk"),
        ("claims", "--vendor", "Öbb Rail", "--page", "acme"),
        ("changes", "--standard", "iso-27001"),
        ("changes", "--vendor", "Acme Cloud"),
        ("matrix", "--vendor", "Acme Cloud"),
        ("search", "certified", "--vendor", "Acme Cloud"),
    ],
    ids=" ".join,
)
def test_what_there_is_or_was_gives_an_empty_list(
    asked: Asked, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    status, out, err = asked(capsys, *arguments, "--format", "json")
    assert (status, json.loads(out), err) == (0, [], "")


def test_a_standard_that_is_claimed_no_longer_is_said_beside_the_empty_list(
    asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("claims", "--vendor", "öbb rail", "--standard", "PCI DSS", "--format", "json")
    status, out, err = asked(capsys, *arguments)
    assert (status, json.loads(out), err.count("\n")) == (0, [], 1)
    said = "rail-trust: PCI DSS (Öbb Ledger): no longer claimed, first absent 2026-03-02; see: "
    assert said in err
    status, out, _ = asked(capsys, *err.split("claimwatch ")[1].split(), "--format", "json")
    assert json.loads(out)[-1]["first_absent"] == "2026-03-02T06:00:00Z"
    for other in (("--at", "2026-03-01"), ("--page", "acme"), ("--kind", "note")):
        assert "no longer claimed" not in asked(capsys, *arguments, *other)[2]


@pytest.mark.parametrize(
    "filters",
    [
        {"vendor": "ÖBB RAIL"},
        {"vendor": "öbb\u00a0rail"},
        {"product": "öbb  ledger"},
        {"standard": "ISO/IEC 27001"},
        {"standard": "iso/iec\u00a027001"},
        {"service": "COURIER"},
    ],
    ids=str,
)
def test_a_name_is_found_whatever_its_case_and_spaces(
    asked: Asked, capsys: pytest.CaptureFixture[str], filters: dict[str, str]
) -> None:
    options = [part for name, value in filters.items() for part in (f"--{name}", value)]
    status, out, err = asked(capsys, "claims", *options, "--format", "json")
    assert (status, err) == (0, "")
    assert json.loads(out)


def test_a_page_that_left_the_config_is_still_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Asked(tmp_path)
    _, _, other = CONFIG.partition('[[pages]]\nid = "acme"')
    (tmp_path / "config.toml").write_text(f'[[pages]]\nid = "acme"{other}', encoding="utf-8")
    for option in (("--page", "rail-trust"), ("--vendor", "öbb rail")):
        status, out, _ = asked(capsys, "claims", *option, "--format", "json")
        assert (status, bool(json.loads(out))) == (0, True)


def test_a_corrected_name_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = Asked(tmp_path)
    with track.open(asked.config) as store:
        claim = history.claims(store.db, standard="iso-27001", kind="standard")[0]
        more: dict[str, Any] = {"note": "the group", "should_be": {"subject": "Öbb Group"}}
        track.review(store, claim["id"], track.Review("wrong", START, who="ana", **more))
    status, out, _ = asked(capsys, "claims", "--product", "Öbb Group", "--format", "json")
    assert (status, len(json.loads(out))) == (0, 1)


@given(st.text(max_size=20), st.lists(st.text(min_size=1, max_size=20), max_size=8))
def test_the_nearest_are_some_of_the_names_and_a_name_is_nearest_to_itself(
    wanted: str, names: list[str]
) -> None:
    found = words.nearest(wanted, names)
    assert set(found) <= set(names)
    assert len(found) <= 3
    folded = {words.fold(name) for name in names}
    if wanted and words.fold(wanted) in folded:
        assert words.fold(words.nearest(wanted, names)[0]) == words.fold(wanted)
