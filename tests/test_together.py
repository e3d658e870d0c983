"""What pages say together: superseded editions, contradictions, gaps, dates that passed;
who holds what, and why a cell is blank.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli, config, history, standards, track

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
CATALOGUE = standards.load()
NOTES = """# Compliance of Larkfield Notes

Larkfield Notes is covered under the HIPAA business associate agreement.

Larkfield Notes is certified to HITRUST CSF.
{}
"""
HIPAA = (
    "# HIPAA at Larkfield\n\n## Services in scope of HIPAA\n\n- Ledger\n"
    "- Archive and Archive Government\n- Courier\n{}"
)
HITRUST = (
    "# HITRUST at Larkfield\n\n## Services in scope of HITRUST CSF\n\n- Ledger\n"
    "- Archive\n- Courier\n"
)


class House:
    """Pages of one vendor."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str] | None = None) -> None:
        self.folder, self._capsys = folder, capsys

    def run(self, day: float = 0, vendor: str = "Larkfield", **pages: str) -> None:
        whose = f'vendor = "{vendor}"\n' if vendor else ""
        text = "".join(f'[[pages]]\nid = "{page}"\nurl = "{page}.md"\n{whose}\n' for page in pages)
        (self.folder / "config.toml").write_text(text, encoding="utf-8")
        for page, body in pages.items():
            (self.folder / f"{page}.md").write_text(body, encoding="utf-8")
        self.config = config.load(self.folder / "config.toml")
        track.run(self.config, CATALOGUE, now=lambda: START + timedelta(days=day))

    def found(self, kind: str, at: datetime | None = None, **wanted: Any) -> list[dict[str, Any]]:
        with track.open(self.config) as store:
            return [
                row
                for row in history.findings(store.db, CATALOGUE, history.When(START, at), **wanted)
                if row["kind"] == kind
            ]

    def matrix(self, at: datetime | None = None, **wanted: Any) -> list[dict[str, Any]]:
        with track.open(self.config) as store:
            return history.matrix(
                store.db, CATALOGUE, history.When(START + timedelta(days=9), at), **wanted
            )

    def __call__(self, *arguments: str) -> str:
        assert self._capsys is not None
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(self.folder / "config.toml"), *arguments])
        assert not left.value.code
        return self._capsys.readouterr().out


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> House:
    return House(tmp_path, capsys)


# --------------------------------------------------------------------------- gaps


def test_a_product_that_claims_a_standard_and_stands_in_no_list_is_a_gap(house: House) -> None:
    house.run(notes=NOTES.format(""), hipaa=HIPAA.format(""), hitrust=HITRUST)
    found = house.found("gap")
    assert [
        (row["subject"], row["standard"], [text["page"] for text in row["texts"]]) for row in found
    ] == [
        ("Larkfield Notes", "hipaa", ["notes", "hipaa"]),
        ("Larkfield Notes", "hitrust-csf", ["notes", "hitrust"]),
    ]
    assert (
        found[0]["texts"][0]["text"]
        == "Larkfield Notes is covered under the HIPAA business associate agreement."
    )
    assert "missing among the 3 services listed on hipaa" in found[0]["summary"]


@pytest.mark.parametrize(
    "line",
    [
        "- Notes\n",
        "- Larkfield Notes\n",
        "- Notes and Notes Government\n",
        "- Larkfield Notes (formerly Jotter)\n",
    ],
)
def test_a_product_that_is_listed_is_none(house: House, line: str) -> None:
    house.run(notes=NOTES.format(""), hipaa=HIPAA.format(line))
    assert house.found("gap") == []


def test_a_list_on_the_same_page_counts_and_two_services_are_no_list(house: House) -> None:
    own = "\n## Services in scope of HIPAA\n\n- Ledger\n- Archive\n- Courier\n"
    house.run(notes=NOTES.format(own), hitrust=HITRUST.replace("- Courier\n", ""))
    assert [
        (row["standard"], len({text["page"] for text in row["texts"]}))
        for row in house.found("gap")
    ] == [("hipaa", 1)]


SCOPE = """# In scope at Larkfield

| Service | HIPAA | HITRUST CSF | FedRAMP |
| --- | --- | --- | --- |
| Larkfield Jotter | ✓ | ✓ | ✓ |
| Ledger | ✓ | ✓ | ✓ |
| Courier | ✓ | ✓ | |
| Beacon | ✓ | | ✓ |
"""


def test_one_page_that_misses_a_product_in_several_lists_is_one_gap(house: House) -> None:
    house.run(
        notes=NOTES.format("\nLarkfield Notes is authorized at FedRAMP High.\n"),
        scope=SCOPE,
        hipaa=HIPAA.format(""),
    )
    found = {row["texts"][-1]["page"]: row for row in house.found("gap")}
    assert found.keys() == {"scope", "hipaa"}
    assert (
        found["hipaa"]["summary"]
        == "Larkfield Notes, HIPAA: claimed, but missing among the 3 services listed on hipaa"
    )
    gap = found["scope"]
    assert (
        gap["summary"] == "Larkfield Notes: FedRAMP, HIPAA and HITRUST CSF claimed, "
        "but missing among the 4 services listed on scope"
    )
    assert gap["standards"] == ["fedramp", "hipaa", "hitrust-csf"]
    assert [(text["page"], text["text"]) for text in gap["texts"]] == [
        ("notes", "Larkfield Notes is authorized at FedRAMP High."),
        ("notes", "Larkfield Notes is covered under the HIPAA business associate agreement."),
        ("notes", "Larkfield Notes is certified to HITRUST CSF."),
        ("scope", "Larkfield Jotter"),
    ]
    flagged = {
        row["standard"]
        for row in house.matrix()
        if any(flag["kind"] == "gap" for flag in row["flags"])
    }
    assert flagged == {"fedramp", "hipaa", "hitrust-csf"}


@pytest.mark.parametrize(
    "heading",
    ["### Government Cloud", "### Larkfield Government Cloud", "## In scope of FedRAMP High"],
)
def test_an_environment_is_not_missing_from_a_list_of_services(house: House, heading: str) -> None:
    text = (
        "# FedRAMP\n\nLarkfield Government Cloud is authorized at FedRAMP High.\n\n"
        "## Services in scope of FedRAMP\n\n"
    )
    house.run(fedramp=f"{text}{heading}\n\n- Ledger\n- Archive\n- Courier\n")
    assert house.found("gap") == []


def test_a_product_that_stands_above_its_own_list_is_not_missing_from_it(house: House) -> None:
    text = (
        "# HIPAA\n\nLarkfield Notes is HIPAA compliant.\n\n## Services in scope of HIPAA\n\n"
        "### {}\n\n- Editor\n- Archive\n- Courier\n"
    )
    house.run(hipaa=text.format("Larkfield Notes"))
    assert house.found("gap") == []
    house.run(hipaa=text.format("Larkfield Ledger"))
    assert len(house.found("gap")) == 1


def test_pages_of_nobody_are_not_held_against_each_other(house: House) -> None:
    house.run(vendor="", notes=NOTES.format(""), hipaa=HIPAA.format(""))
    assert house.found("gap") == []


@pytest.mark.corpus
def test_the_product_of_the_first_two_seeds_stands_in_neither_scope_list(
    tmp_path: Path, corpus: Path
) -> None:
    seeds = corpus / "seeds"
    products = []
    for number, first in enumerate(sorted((seeds / "copilot-studio").iterdir())):
        house = House(tmp_path / str(number))
        house.folder.mkdir()
        pages = {
            name.replace("-", ""): (seeds / name / "2020.md").read_text("utf-8")
            for name in ("hipaa-hitech", "hitrust", "health-organizations")
        }
        house.run(vendor="Microsoft", product=first.read_text("utf-8"), **pages)
        gaps = {
            (row["subject"], row["standard"])
            for row in house.found("gap")
            if row["texts"][0]["page"] == "product"
        }
        products += sorted({subject for subject, _ in gaps})
        assert {standard for _, standard in gaps} == {"hipaa", "hitrust-csf"}
    assert len(products) == 2


# ------------------------------------------------------------------ contradictions, editions, dates


def test_what_one_page_claims_and_another_denies(house: House) -> None:
    denied = "# Limits\n\nLarkfield Notes is not HIPAA compliant.\n"
    house.run(notes=NOTES.format(""), limits=denied)
    (found,) = house.found("contradiction")
    assert found["summary"] == "Larkfield Notes, HIPAA: claimed on one page, denied on another"
    assert [text["text"] for text in found["texts"]][1] == "Larkfield Notes is not HIPAA compliant."


def test_two_editions_on_two_pages(house: House) -> None:
    text = "# {}\n\nLarkfield is certified to ISO/IEC 27001:{}.\n"
    house.run(one=text.format("A", "2013"), two=text.format("B", "2022"))
    assert [row["summary"] for row in house.found("contradiction")] == [
        "Larkfield, ISO/IEC 27001: edition 2013 on one page, 2022 on another"
    ]
    (old,) = house.found("superseded")
    assert old["reference"].startswith("https://")
    assert (
        "superseded by the 2022 edition; last day for certificates to move: 2025-10-31"
        in old["summary"]
    )


def test_a_service_in_scope_here_and_out_of_it_there(house: House) -> None:
    out = "# Limits\n\nThe following services are not in scope of HIPAA:\n\n- Courier\n- Beacon\n"
    house.run(hipaa=HIPAA.format(""), limits=out)
    assert [row["summary"] for row in house.found("contradiction")] == [
        "Courier: in scope of HIPAA on one page, out of it on another"
    ]


def test_a_planned_date_that_passed(house: House) -> None:
    text = (
        "# Plans\n\nLarkfield expects to be certified to ISO/IEC 27701:2019 by the end of Q3 "
        "2025.\n\nLarkfield plans PCI DSS for 2027.\n"
    )
    house.run(plans=text)
    (found,) = house.found("passed")
    assert found["summary"].endswith("planned for a date that has passed (2025-09-30)")
    assert house.found("passed", at=datetime(2025, 9, 1, tzinfo=UTC)) == []


# --------------------------------------------------------------------------- the matrix


def test_every_blank_cell_says_why(house: House) -> None:
    text = (
        "# A\n\nLarkfield is certified to ISO/IEC 27001:2022.\n\nLarkfield is PCI DSS compliant.\n"
    )
    house.run(0, a=text, notes=NOTES.format(""))
    house.run(
        1, a=text.replace("Larkfield is PCI DSS compliant.", "More words."), notes=NOTES.format("")
    )
    (house.folder / "gone.md").unlink(missing_ok=True)
    why = {
        (row["subject"], row["standard"]): row["why"]
        for row in house.matrix()
        if row["stance"] is None
    }
    assert why[("Larkfield", "hipaa")] == "no page says so"
    assert why[("Larkfield Notes", "iso-27001")] == "no page says so"
    cells = {(row["subject"], row["standard"]): row for row in house.matrix() if row["stance"]}
    assert cells[("Larkfield", "iso-27001")]["age_days"] == 8
    before = {row["standard"] for row in house.matrix(at=START) if row["stance"]}
    assert "pci-dss" in before
    assert "pci-dss" not in {row["standard"] for row in house.matrix() if row["stance"]}


def test_a_printed_validity_is_counted_down(house: House) -> None:
    head = "# A\n\n| Standard | Status | Valid until |\n| --- | --- | --- |\n"
    ends = {
        "ISO 9001:2015": "2026-03-20",
        "ISO/IEC 27001:2022": "1 March 2026",
        "HITRUST r2": "two years",
    }
    house.run(
        0, a=head + "".join(f"| {name} | Certified | {end} |\n" for name, end in ends.items())
    )
    house.run(
        0,
        b="# B\n\nLarkfield is certified to ISO 22301:2019, valid from 1 April 2023 to 31 "
        "March 2026.\n\n"
        # Fmt: skip.
        "Larkfield was audited to SOC 2 for the period 1 January to 31 December 2025.\n",
    )
    spans = {row["standard"]: row["days_left"] for row in house.matrix() if row["page"] == "b"}
    assert spans == {"iso-22301": 21, "soc-2": None}
    left = {row["standard"]: row["days_left"] for row in house.matrix() if row["page"] == "a"}
    assert left == {"iso-9001": 10, "iso-27001": -9, "hitrust-csf": None}


def test_a_claim_that_went_a_page_that_fails_and_a_reading_marked_wrong_are_told_apart(
    house: House,
) -> None:
    both = (
        "# A\n\nLarkfield is certified to ISO/IEC 27001:2022.\n\nLarkfield is PCI DSS compliant.\n"
    )
    other = (
        "# B\n\nLarkfield Notes is PCI DSS compliant.\n\n"
        "Larkfield Notes is covered under the HIPAA business associate agreement.\n"
    )
    house.run(0, a=both, b=other)
    house.run(1, a=both.replace("Larkfield is PCI DSS compliant.", "More words."), b=other)
    with track.open(house.config) as store:
        wrong = next(
            row
            for row in history.claims(store.db, page="b", standard="hipaa")
            if row["kind"] == "standard"
        )
        track.review(store, wrong["id"], track.Review("wrong", START, note="x", who="ana"))
    (house.folder / "b.md").unlink()
    track.run(house.config, CATALOGUE, now=lambda: START + timedelta(days=2))
    why = {
        (row["subject"], row["standard"]): row["why"]
        for row in house.matrix()
        if row["stance"] is None
    }
    assert (
        why[("Larkfield", "pci-dss")] == "no longer claimed since 2026-03-02; last seen 2026-03-01"
    )
    assert (
        why[("Larkfield Notes", "iso-27001")] == "no page says so; b was not read since 2026-03-02"
    )


def test_the_matrix_and_its_findings_on_a_terminal_and_as_json(house: House) -> None:
    house.run(
        notes=NOTES.format("\nLarkfield Notes is certified to ISO/IEC 27001:2013."),
        hipaa=HIPAA.format(""),
        hitrust=HITRUST,
    )
    shown = house("matrix")
    assert "the 2013 edition was superseded by the 2022 edition" in shown
    assert "Gap: Larkfield Notes, HIPAA: claimed, but missing among" in shown
    rows = json.loads(house("matrix", "--format", "json"))
    hipaa = next(
        row for row in rows if row["standard"] == "hipaa" and row["subject"] == "Larkfield Notes"
    )
    assert [flag["kind"] for flag in hipaa["flags"]] == ["gap"]
    assert len(hipaa["flags"][0]["texts"]) == 2
    assert json.loads(house("matrix", "--format", "json", "--at", "2020-01-01")) == []


def test_a_report_tells_what_pages_say_together_when_a_page_of_it_changed(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.run(notes=NOTES.format(""), hipaa=HIPAA.format(""))
    house.run(
        1, notes=NOTES.format("\nLarkfield Notes is certified to SOC 2.\n"), hipaa=HIPAA.format("")
    )
    house.run(
        2, notes=NOTES.format("\nLarkfield Notes is certified to SOC 2.\n"), hipaa=HIPAA.format("")
    )
    reports = sorted((tmp_path / "reports").glob("2*.json"))
    assert len(reports) == 2, "a day without news has no report, and repeats no finding"
    for path in reports:
        (gap,) = json.loads(path.read_text(encoding="utf-8"))["findings"]
        assert gap["kind"] == "gap"
        assert [said["page"] for said in gap["said"]] == ["notes", "hipaa"]
        assert gap["summary"] in path.with_suffix(".html").read_text(encoding="utf-8")
        assert gap["summary"] in path.with_suffix(".md").read_text(encoding="utf-8")


def test_a_report_is_silent_of_what_stands_on_pages_that_nothing_happened_to(
    tmp_path: Path,
) -> None:
    house, other = House(tmp_path), "# Trust\n\nLarkfield Ledger is certified to SOC 2.{}\n"
    house.run(notes=NOTES.format(""), hipaa=HIPAA.format(""), trust=other.format(""))
    house.run(
        1,
        notes=NOTES.format(""),
        hipaa=HIPAA.format(""),
        trust=other.format(" It is certified to ISO 9001."),
    )
    last = sorted((tmp_path / "reports").glob("2*.json"))[-1]
    told = json.loads(last.read_text(encoding="utf-8"))
    assert told["changes"]
    assert told["findings"] == []
