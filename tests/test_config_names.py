"""Names in the config that nobody has: rules that would never apply are errors,
all at once, with the nearest names.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from test_config import load, problems

from pipeline import cli, config, errors

PAGES = """
[[pages]]
id = "acme-trust"
url = "https://acme.example/trust"
vendor = "Acme Cloud"
[[pages]]
id = "oebb"
url = "https://oebb.example/trust"
vendor = "Öbb Rail"
"""


def rule(line: str) -> str:
    return f'{PAGES}[[rules]]\n{line}\nseverity = "high"\n'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            'vendor = "Acme Clod"',
            'vendor: "Acme Clod" is no vendor of this file; did you mean "Acme Cloud"?',
        ),
        (
            'vendor = "Umbrella"',
            'vendor: "Umbrella" is no vendor of this file; there are Acme Cloud, Öbb Rail',
        ),
        ('page = "acme"', 'page: "acme" is no page of this file; did you mean "acme-trust"?'),
        (
            'standard = "iso27001"',
            'standard: "iso27001" is in no catalogue; did you mean "iso-27001"',
        ),
        ('standard = "PCI"', 'standard: "PCI" is in no catalogue; did you mean "pci-'),
        ('standard = "zzzz"', 'standard: "zzzz" is in no catalogue; there are '),
        ('field = "editon"', 'field: "editon" is no field of a change; did you mean "edition"'),
    ],
)
def test_a_rule_about_what_there_is_not_names_the_nearest(
    tmp_path: Path, line: str, expected: str
) -> None:
    (said,) = problems(tmp_path, rule(line))
    assert said.startswith(f"rules[0].{expected}")
    assert len(said) < 200


@pytest.mark.parametrize(
    "line",
    [
        'vendor = "acme cloud"',
        'vendor = "Acme\u00a0Cloud"',
        'vendor = "ÖBB RAIL"',
        'standard = "iso-27001"',
        'standard = "ISO/IEC 27001"',
        'standard = "pci dss"',
        'field = "Edition"',
        'field = "link"',
    ],
)
def test_a_name_is_one_whatever_its_case_and_spaces(tmp_path: Path, line: str) -> None:
    assert len(load(tmp_path, rule(line)).rules) == 1


def test_a_page_that_a_rule_waits_for_can_be_added(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[[rules]]\nvendor = "Acme Cloud"\nseverity = "high"\n', encoding="utf-8")
    for url, vendor, status in (("wrong", "Acme Clod", 2), ("right", "Acme Cloud", 0)):
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(path), "add", f"https://{url}.example/x", "--vendor", vendor])
        assert int(left.value.code or 0) == status
    assert [page.vendor for page in config.load(path).pages] == ["Acme Cloud"]


OWN = """[[standard]]
id = "harbour-mark"
name = "Harbour Quality Mark"
issuer = "Harbour Board"
region = "Harbour"
kind = "certification"
href = "https://harbour.example/mark"
aliases = ["Harbour Mark"]
examples = [{ text = "We keep the Harbour Mark." }]
non_examples = [{ text = "A water mark in the harbour." }]
"""


def test_a_standard_of_the_users_own_is_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(OWN, encoding="utf-8")
    text = rule('standard = "harbour-mark"')
    text = f'[standards]\nextra = "mine.toml"\n{text}'
    assert load(tmp_path, text).rules[0].standard == "harbour-mark"


@pytest.mark.parametrize(
    "line", ['standard = "harbour-mark"', 'vendor = "Nobody"'], ids=["needed", "refused anyway"]
)
def test_faults_of_the_users_own_standards_come_with_those_of_the_config(
    tmp_path: Path, line: str
) -> None:
    (tmp_path / "mine.toml").write_text(OWN.replace("aliases", "alias"), encoding="utf-8")
    text = f'[standards]\nextra = "mine.toml"\n{rule(line)}[[alerts]]\nto = "grc"\n'
    with pytest.raises(errors.ConfigError) as caught:
        load(tmp_path, text)
    said = "\n".join(caught.value.problems)
    assert "alerts[0].to: " in said
    assert f"{tmp_path / 'mine.toml'}: entry 'harbour-mark': unknown key 'alias'" in said


def test_one_fault_hides_no_other(tmp_path: Path) -> None:
    got = problems(
        tmp_path,
        """
        [schedule]
        cron = "0 6 * *"
        every = "day at 06:00"
        [[pages]]
        id = "a"
        url = "a.md"
        format = "docx"
        browser = true
        headers_env = { x-key = "KEY" }
        [[rules]]
        severity = "loud"
        page = "b"
        vendor = "Nobody"
        standard = "iso-2701"
        field = "levels"
        [[alerts]]
        to = "mailto:grc@example.org"
        severity = "loud"
        secret_env = "HOOK"
        """,
    )
    assert [line.partition(": ")[0] for line in got] == [
        "schedule.cron",
        "schedule",
        "pages[0].format",
        "pages[0]",
        "pages[0]",
        "rules[0].severity",
        "alerts[0].severity",
        "rules[0].page",
        "rules[0].vendor",
        "rules[0].field",
        "alerts[0].to",
        "alerts[0].secret_env",
        "rules[0].standard",
    ]
