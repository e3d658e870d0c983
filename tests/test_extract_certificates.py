"""Certificates and letters, laid out line by line: whom they certify to what, and until when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import extract, parse, standards
from pipeline.extract import certificates
from pipeline.model import Claim, Page, Snapshot

CATALOGUE = standards.load()
NOW = datetime(2026, 3, 1, tzinfo=UTC)
REGISTRATION = """# Certificate of Registration

This is to certify that the Information Security Management System of

Larkfield Ltd

has been assessed and found to conform to the requirements of

ISO/IEC 27001:2022

for the following scope: hosted ledger services.

Certificate number: IS 712345

Original certification date: 4 May 2021

{}
"""
CONFORMITY = """# Certificate

Brackwater Certification Ltd hereby certifies that

**Larkfield Ltd**, 12 Quay Street, Dublin

operates a management system which complies with the requirements of ISO/IEC 27001:2022 and ISO/IEC 27701:2019

| | |
| --- | --- |
| Issue date | 2025-03-01 |
| Expiry date | 2028-02-28 |
"""
ATTESTATION = """# Attestation of Compliance

PCI DSS v4.0.1

Larkfield Payments was assessed by Brackwater Assurance LLC.

Expires

31 May 2027
"""
EXPLAINING = """# Trust at Larkfield

## How a certificate is made

An auditor certifies that a management system conforms to a standard such as

ISO/IEC 27001:2022

Valid until: 28 February 2028
"""


def read(text: str) -> list[Claim]:
    snapshot = Snapshot(
        Page("paper", "paper.md"), NOW, NOW, "live", "paper.md", "text/markdown", text.encode()
    )
    return [
        claim
        for claim in extract.reading(parse.document(snapshot), CATALOGUE).claims
        if claim.kind == "standard"
    ]


def told(text: str) -> list[tuple[str | None, ...]]:
    return [
        (claim.subject, claim.standard, claim.edition, claim.stance, claim.valid)
        for claim in read(text)
    ]


@pytest.mark.parametrize(
    ("label", "printed"),
    [
        ("Valid until: 28 February 2028", "28 February 2028"),
        ("Expiry date – 28 February 2028", "28 February 2028"),
        ("Date of expiry\n\n28 February 2028", "28 February 2028"),
        ("This certificate is valid until 2028-02-28.", "2028-02-28"),
        (
            "| Validity | 1 March 2025 until 28 February 2028 |\n| --- | --- |\n| Number | 44 |",
            "1 March 2025 until 28 February 2028",
        ),
        ("Valid until revoked by us.", None),
        ("", None),
    ],
)
def test_a_certificate_in_lines_is_one_claim_with_its_end(label: str, printed: str | None) -> None:
    assert told(REGISTRATION.format(label)) == [
        ("Larkfield Ltd", "iso-27001", "2022", "claimed", printed)
    ]


def test_a_claim_of_a_certificate_rests_on_its_line() -> None:
    (claim,) = read(REGISTRATION.format(""))
    assert (claim.text, claim.basis) == ("ISO/IEC 27001:2022", "certified")


def test_a_sentence_of_a_certificate_gets_its_holder_from_the_line_above() -> None:
    found = [
        ("Larkfield Ltd", standard, edition, "claimed", "2028-02-28")
        for standard, edition in (("iso-27001", "2022"), ("iso-27701", "2019"))
    ]
    assert told(CONFORMITY) == found


def test_an_attestation_is_known_by_its_title() -> None:
    assert [row[1:] for row in told(ATTESTATION)] == [
        ("pci-dss", "v4.0.1", "claimed", "31 May 2027")
    ]


def test_a_page_that_explains_certificates_is_none() -> None:
    assert all(claim.valid is None for claim in read(EXPLAINING))


def test_a_long_page_that_quotes_a_certificate_is_none() -> None:
    page = (
        REGISTRATION.format("Valid until: 28 February 2028")
        + "\n\nLarkfield keeps ledgers.\n" * certificates.LONGEST
    )
    found = [(claim.subject, claim.basis) for claim in read(page)]
    assert found == [("Larkfield", "listed")], "no holder of the paper's, nothing that it certifies"


@pytest.mark.parametrize(
    "page",
    [
        "# Trust\n\n## Documents\n\nAttestation of Compliance\n\n## Planned\n\n- SOC 2\n"
        "- ISO/IEC 27001:2022\n",
        "# How it works\n\nFedRAMP certifies that a cloud service meets its baseline.\n\n"
        "ISO/IEC 27001:2022\n\nValid until: 1 May 2028\n",
    ],
)
def test_a_page_that_names_attestations_is_none(page: str) -> None:
    assert [
        claim
        for claim in read(page)
        if claim.stance == "claimed" and (claim.basis == "certified" or claim.valid)
    ] == []


def test_a_paper_claims_nothing_that_its_small_print_only_mentions() -> None:
    small = (
        "Compliance with the GDPR is the responsibility of the customer.\n\n"
        "This is no statement about HIPAA.\n"
    )
    assert [row[1] for row in told(REGISTRATION.format(small))] == ["iso-27001"]
