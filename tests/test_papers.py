"""Papers as people get them: whom they name, what they attest, which services they cover, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime

import papers
import pytest

from pipeline import extract, parse, standards
from pipeline.extract import papers as forms
from pipeline.model import Claim, Page, Reading, Snapshot

CATALOGUE = standards.load()
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def read(body: bytes, kind: str = "application/pdf") -> Reading:
    page = Page("paper", "https://larkfield.example/paper")
    snapshot = Snapshot(page, NOW, NOW, "live", page.url, kind, body)
    return extract.reading(parse.document(snapshot), CATALOGUE)


def held(reading: Reading) -> list[Claim]:
    return [claim for claim in reading.claims if claim.kind == "standard"]


def scope(reading: Reading) -> set[tuple[str | None, ...]]:
    return {(c.standard, c.service, c.scope) for c in reading.claims if c.kind == "service"}


PAPERS = {
    papers.attestation: ("Larkfield Payments AS", "pci-dss", "v4.0.1", None, None, "Brackwater Assurance LLC"),
    papers.older_attestation: ("Kelder Hosting GmbH", "pci-dss", "3.2.1", None, None, "Pell & Partners"),
    papers.services_in_lines: ("Kelder Hosting GmbH", "pci-dss", "4.0", None, None, "Pell & Partners"),
    papers.certificate: ("Larkfield Ledgers AS", "iso-27001", "2022", None, "2028-05-03", "Norvigne Certification AS"),
    papers.german_certificate: ("Kontorwerk GmbH", "iso-27001", "2022", None, "28.02.2028", "Nordmark Cert GmbH"),
    papers.soc3: ("Larkfield Ledgers, Inc.", "soc-3", None, None, "October 1, 2024 to September 30, 2025", "Pell & Partners LLP"),
    papers.bridge_letter: ("Larkfield Ledgers, Inc", "soc-2", None, "Type 2", "October 1, 2024 to September 30, 2025", "Pell & Partners LLP"),
    papers.scope_by_boxes: ("Larkfield Health LLC", "hitrust-csf", "v11", "r2", "March 2, 2027", "Brackwater Assurance LLC"),
    papers.report_in_columns: ("Larkfield Ltd", "soc-3", None, None, "January 1, 2025 to December 31, 2025", None),
    papers.letter_of_attestation: ("Larkfield Health LLC", "hipaa", None, None, "March 1, 2025 to February 28, 2026",
                                   "Brackwater Assurance LLC"),
}  # fmt: skip


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.__name__)
def test_a_paper_is_one_claim_with_its_holder_term_and_assessor(paper: object) -> None:
    found = [
        (c.subject, c.standard, c.edition, c.level, c.valid, c.assessor)
        for c in held(read(paper()))  # type: ignore[operator]
        if c.stance == "claimed"
    ]
    assert found == [PAPERS[paper]]  # type: ignore[index]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.__name__)
def test_a_paper_speaks_for_its_holder(paper: object) -> None:
    assert read(paper()).products == (PAPERS[paper][0],)  # type: ignore[operator, index]


def test_a_certificate_of_two_standards_is_two_claims() -> None:
    found = [
        (c.subject, c.standard, c.edition, c.valid) for c in held(read(papers.second_certificate()))
    ]
    assert found == [
        ("Kelder Hosting GmbH", "iso-27001", "2022", "31 May 2027"),
        ("Kelder Hosting GmbH", "iso-22301", "2019", "31 May 2027"),
    ]


@pytest.mark.parametrize(
    ("body", "services"),
    [
        (papers.attestation(), {("Ledger Pay", "in"), ("Ledger Vault", "in"), ("Ledger Chat", "out")}),
        (papers.older_attestation(), {("Kelder Cloud", "in"), ("Kelder Mail", "out"), ("Kelder Backup", "out")}),
        (papers.scope_by_boxes(), {("Ledger Clinic", "in"), ("Ledger Archive", "in"), ("Ledger Chat", "out")}),
        (papers.certificate(), set()),
        (papers.services_in_lines(), {("Kelder Cloud", "in"), ("Kelder Vault", "in"), ("Kelder Sign", "in")}),
    ],
)  # fmt: skip
def test_services_assessed_and_not_assessed_are_the_labels_alone(
    body: bytes, services: set[tuple[str, str]]
) -> None:
    assert {(name, kind) for _, name, kind in scope(read(body))} == services


def test_boxes_of_a_symbol_font_are_boxes() -> None:
    symbols = {"\x86": "\uf0fe", "\x87": "\uf0a8"}
    assert scope(read(papers.scope_by_boxes(symbols))) == scope(read(papers.scope_by_boxes()))


def test_an_empty_box_of_compliance_is_no_compliance() -> None:
    (claim,) = held(read(papers.attestation(compliant=False)))
    assert (claim.stance, claim.edition) == ("not_claimed", "v4.0.1")


def test_a_label_is_told_by_its_claim_and_not_as_a_note_again() -> None:
    for paper in (papers.attestation, papers.older_attestation, papers.scope_by_boxes):
        assert [c.text for c in read(paper()).claims if c.kind == "note"] == []


def test_the_same_form_as_a_web_page_is_read_alike() -> None:
    rows = (
        ("Company name", "Larkfield Payments AS"), ("QSA company", "Brackwater Assurance LLC"),
        ("Services assessed", "Ledger Pay"), ("Services not assessed", "Ledger Chat"),
    )  # fmt: skip
    table = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows)
    body = f"<h1>PCI DSS 4.0.1 Attestation of Compliance</h1><table>{table}</table>"
    found = read(body.encode(), "text/html")
    (claim,) = held(found)
    assert (claim.subject, claim.assessor) == ("Larkfield Payments AS", "Brackwater Assurance LLC")
    assert scope(found) == {("pci-dss", "Ledger Pay", "in"), ("pci-dss", "Ledger Chat", "out")}


@pytest.mark.parametrize(
    "body",
    [
        "# Trust at Larkfield\n\nCompany name: Larkfield Ltd\n\nWe are SOC 2 Type 2 compliant. Our attestation is on request.\n",
        "# Security\n\n| Document | Valid until |\n| --- | --- |\n| Attestation of Compliance | 2027-01-01 |\n\nWe are SOC 2 compliant.\n",
    ],
)
def test_a_page_that_speaks_of_papers_is_none(body: str) -> None:
    (claim,) = held(read(body.encode(), "text/markdown"))
    assert (claim.standard, claim.basis == "certified", claim.assessor) == ("soc-2", False, None)


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Company name:", "holder"),
        ("Certificate issued to", "holder"),
        ("Name of service(s) assessed:", "in"),
        ("Name of service(s) not assessed", "out"),
        ("Products covered by this report", None),
        ("In-scope systems", "in"),
        ("QSA company name", "assessor"),
        ("Lead assessor name", None),
        ("Gültig bis", "until"),
        ("Date of expiry (UTC)", "until"),
        ("Valid from", "other"),
        ("Type of service(s) assessed", None),
    ],
)
def test_what_a_label_asks_for(label: str, role: str | None) -> None:
    assert forms.role(label) == role
