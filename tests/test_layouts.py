"""What stands where on a page decides what it says: cards, questions, suppliers,
quotes, the sentence behind.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import diff, extract, parse, standards
from pipeline.diff import severity, thresholds
from pipeline.diff.claims import fields
from pipeline.diff.names import lens
from pipeline.model import Claim, Page, Reading, Snapshot, Source
from pipeline.parse import leftovers

AT = datetime(2026, 1, 1, tzinfo=UTC)
CATALOGUE = standards.load()


def read(text: str, kind: str = "text/markdown") -> Reading:
    page = Page("page", "page", vendor="Marlow")
    snapshot = Snapshot(page, AT, AT, "dir", "page", kind, text.encode())
    return extract.reading(parse.document(snapshot), CATALOGUE, page)


def stances(reading: Reading) -> dict[str, str | None]:
    return {str(c.standard): c.stance for c in reading.claims if c.kind == "standard"}


def held(text: str, kind: str = "text/markdown") -> dict[str, str | None]:
    return stances(read(text, kind))


def test_cards_without_headings_are_a_name_and_its_status() -> None:
    cards = "".join(
        f"<div><div>{name}</div><div>{status}</div></div>"
        for name, status in (
            ("SOC 2 Type II", "Certified"),
            ("ISO 42001", "Planned for 2027"),
            ("HIPAA", "Compliant"),
        )
    )
    page = f"<main><h1>Marlow Trust Center</h1><h2>Compliance</h2>{cards}</main>"
    assert held(page, "text/html") == {
        "soc-2": "claimed",
        "iso-42001": "planned",
        "hipaa": "claimed",
    }


TABLE = """# Marlow security FAQ

| Question | Answer | Notes |
| --- | --- | --- |
| Is Marlow SOC 2 Type 2 certified? | Yes. | |
| Are you certified to ISO 27001? | No | |
| Do you have a FedRAMP or an ISO 9001 audit? | Yes | We don't have a FedRAMP authorization yet. |
"""


def test_a_table_of_questions_is_answered_row_by_row() -> None:
    found = held(TABLE)
    assert (found["soc-2"], found["iso-27001"]) == ("claimed", "not_claimed")


def test_a_remark_that_names_the_standard_outweighs_a_bare_yes() -> None:
    assert held(TABLE)["fedramp"] in ("not_claimed", "planned")


def test_the_sentence_behind_tells_until_when_a_certificate_is_valid() -> None:
    text = """# Marlow in Spain

Marlow holds the ENS High certification. The certificate is valid until 23 April 2025.

Marlow is certified to ISO/IEC 27001:2022. The certificate was issued by Norvane and expires on 1 December 2026.
"""
    reading = read(text)
    valid = {c.standard: c.valid for c in reading.claims if c.kind == "standard"}
    assert valid == {"ens": "23 April 2025", "iso-27001": "1 December 2026"}
    noted = [c.standard for c in reading.claims if c.kind == "note"]
    assert noted == ["ens", "iso-27001"]


def test_a_sentence_about_something_else_dates_no_claim() -> None:
    text = "# Marlow\n\nMarlow holds ISO 9001. Our spring offer is valid until 23 April 2025.\n"
    assert [c.valid for c in read(text).claims if c.kind == "standard"] == [None]


SUPPLIERS = """# Marlow security

Marlow is certified to ISO 27001.

## Our subprocessors

### Amberline

ISO 27001, SOC 2, FedRAMP High

### Payforge

PCI DSS Level 1 service provider
"""


def test_what_cards_of_suppliers_say_is_not_the_vendor_s() -> None:
    assert held(SUPPLIERS) == {"iso-27001": "claimed"}


def test_a_sentence_about_ourselves_among_suppliers_counts() -> None:
    text = SUPPLIERS + "\nWe are PCI DSS compliant ourselves.\n"
    assert held(text).get("pci-dss") == "claimed"


def test_praise_in_quotation_marks_claims_nothing() -> None:
    text = "# Marlow\n\n“Passing our own SOC 2 audit took a week with Marlow.”\n"
    assert held(text) == {}


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{site.data.keyword.ledger_full_notm}} is audited.", "Ledger is audited."),
        ("{% $product %} is audited.", "Product is audited."),
        ("{productName} is audited.", "Product is audited."),
        ("%PRODUCT% is audited.", "Product is audited."),
        ("${companyName} is audited.", "Company is audited."),
        ("{{ .Site.Params.brand }} is audited.", "Brand is audited."),
        ("{{ content }} follows.", " follows."),
        ("GET /users/{productId}", "GET /users/{productId}"),
        ("100% OF USERS, 20%", "100% OF USERS, 20%"),
    ],
)
def test_a_variable_that_stands_for_a_name_is_one(source: str, shown: str) -> None:
    assert leftovers.strip(source) == shown


def test_a_variable_keeps_the_subject_of_its_sentence() -> None:
    reading = read(
        "# Compliance\n\n{{site.data.keyword.ledger_short}} is certified to ISO 27001.\n"
    )
    assert [(c.subject, c.stance) for c in reading.claims if c.kind == "standard"] == [
        ("Ledger", "claimed")
    ]


@pytest.mark.parametrize("name", ["ISO/CEI 27001", "NF EN ISO/CEI 27001", "UNE-EN ISO/IEC 27001"])
def test_a_standard_has_its_names_in_other_countries(name: str) -> None:
    assert held(f"# Marlow\n\nMarlow is certified to {name}:2022.\n") == {"iso-27001": "claimed"}


def note(margin: float | None) -> Claim:
    text = "Courier is left out of the audit."
    return Claim("note", Source(text), value=text, note_kind="exclusion", margin=margin)


@pytest.mark.parametrize(
    ("margin", "expected"),
    [(thresholds.SURE - 0.01, "low"), (thresholds.SURE, "high"), (None, "high")],
)
def test_a_note_that_is_read_with_doubt_alerts_nobody(margin: float | None, expected: str) -> None:
    assert severity.grade("note", "added", None, None, note(margin))[0] == expected


def test_a_page_compared_with_itself_in_another_layout_says_the_same() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>{s}</td></tr>" for n, s in (("SOC 2", "Certified"),))
    table = (
        "<main><h1>Trust</h1><h2>Compliance</h2><table><tr><th>Standard</th><th>Status</th>"
        f"</tr>{rows}</table></main>"
    )
    cards = (
        "<main><h1>Trust</h1><h2>Compliance</h2><div><h3>SOC 2</h3><p>Certified</p></div></main>"
    )
    before, after = read(table, "text/html"), read(cards, "text/html")
    loud = [
        change
        for change in diff.comparison(before, after, CATALOGUE).changes
        if change.severity in ("critical", "high", "medium")
    ]
    assert loud == []


def test_what_a_custom_element_unfolds_has_its_title_over_it() -> None:
    head = "<x-head role='button' aria-expanded='false'><x-title>ISO 27001</x-title></x-head>"
    panel = f"<x-panel>{head}<div role='region'><p>Certified since May.</p></div></x-panel>"
    page = f"<html><body><main><h1>Security</h1><h2>Regulation</h2>{panel}</main></body></html>"
    (claim,) = [c for c in read(page, "text/html").claims if c.kind == "standard"]
    assert (claim.standard, claim.stance, claim.text) == (
        "iso-27001",
        "claimed",
        "Certified since May.",
    )


def test_a_level_below_a_heading_keeps_the_edition_of_the_heading() -> None:
    card = "## Certificates\n\n### PCI DSS v4.0\n\nService provider level: Level 1\n"
    (claim,) = [c for c in read(f"# Trust\n\n{card}").claims if c.kind == "standard"]
    assert (claim.standard, claim.edition, claim.level) == ("pci-dss", "v4.0", "Level 1")


@pytest.mark.parametrize(
    "text", ["当社はISO 27001:2022認証を取得", "SOC 2 Type IIレポート、PCI DSS 4.0.1に準拠"]
)
def test_a_name_ends_where_a_script_without_spaces_begins(text: str) -> None:
    named = [(m.standard, m.edition, m.level) for m in CATALOGUE.mentions(text)]
    assert named in (
        [("iso-27001", "2022", None)],
        [("soc-2", None, "Type 2"), ("pci-dss", "4.0.1", None)],
    )


def test_a_validity_is_the_same_with_and_without_its_label() -> None:
    def held_until(valid: str) -> Claim:
        return Claim(kind="standard", source=Source(valid), standard="iso-9001", valid=valid)

    for one, other in (
        ("31 August 2027", "Valid until 31 August 2027"),
        ("1 May 2025 – 30 April 2026", "Period: 1 May 2025—30 April 2026"),
    ):
        assert not fields.differences(held_until(one), held_until(other), lens.Lens(()))
    assert fields.differences(held_until("May 2027"), held_until("May 2028"), lens.Lens(()))
