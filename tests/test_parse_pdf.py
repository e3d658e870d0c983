"""PDFs: certificates and letters written here, letter by letter, and what is read from them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pdfs import Piece, pdf

from pipeline import errors, extract, parse, standards
from pipeline.model import Document, Page, Reading, Snapshot

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def document(body: bytes, **page: object) -> Document:
    watched = Page("certificate", "https://acme.example/iso-27001.pdf", **page)
    return parse.document(Snapshot(watched, NOW, NOW, "live", watched.url, "application/pdf", body))


def reading(body: bytes) -> Reading:
    return extract.reading(
        document(body),
        standards.load(),
        Page("certificate", "https://acme.example/iso-27001.pdf", product="Acme Cloud"),
    )


CERTIFICATE: list[Piece] = [
    (24, 60, 90, "Certificate of Registration"),
    (
        11,
        60,
        130,
        "This is to certify that the information security management system of Acme Cloud",
    ),
    (
        11,
        60,
        144,
        "Limited is certified to ISO/IEC 27001:2022 for the design, operation and support of",
    ),
    (11, 60, 158, "its hosting services."),
    (14, 60, 200, "Validity"),
    (11, 60, 224, "This certificate is valid from 1 March 2025 until 28 February 2028."),
    (11, 60, 260, "•  Frankfurt data centre"),
    (11, 60, 274, "•  Dublin data centre, which also holds the"),
    (11, 72, 288, "backups"),
    (11, 60, 320, "Certificate number"),
    (11, 260, 320, "IS 700123"),
    (11, 60, 334, "Date of first issue"),
    (11, 260, 334, "2019-03-01"),
    (9, 280, 810, "Page 1 of 1"),
]


def test_a_certificate_is_read_as_blocks() -> None:
    found = document(pdf(CERTIFICATE, title="ISO 27001 certificate"))
    assert found.title == "ISO 27001 certificate"
    assert [(block.kind, block.level, block.text) for block in found.blocks] == [
        ("heading", 1, "Certificate of Registration"),
        (
            "paragraph",
            0,
            "This is to certify that the information security management system of Acme Cloud "
            "Limited is certified to "
            "ISO/IEC 27001:2022 for the design, operation and support of its hosting services.",
        ),
        ("heading", 2, "Validity"),
        ("paragraph", 0, "This certificate is valid from 1 March 2025 until 28 February 2028."),
        ("item", 1, "Frankfurt data centre"),
        ("item", 1, "Dublin data centre, which also holds the backups"),
        ("row", 0, "Certificate number | IS 700123"),
        ("row", 0, "Date of first issue | 2019-03-01"),
    ]
    assert found.blocks[3].section == ("Certificate of Registration", "Validity")


def test_a_certificate_makes_the_claims_that_its_sentences_make() -> None:
    claims = [claim for claim in reading(pdf(CERTIFICATE)).claims if claim.kind == "standard"]
    assert [(claim.standard, claim.edition, claim.stance) for claim in claims] == [
        ("iso-27001", "2022", "claimed")
    ]
    assert [claim.valid for claim in claims] == ["1 March 2025 until 28 February 2028"], (
        "another sentence of it says until when"
    )


def test_what_stands_at_the_edge_of_every_page_is_left_out() -> None:
    pages = [
        [
            (8, 60, 30, "Acme Cloud - SOC 2 bridge letter"),
            (11, 60, 100 + number, f"Paragraph {word} says something."),
            (8, 60, 815, f"{number} / 4"),
        ]
        for number, word in enumerate(("one", "two", "three", "four"), 1)
    ]
    assert [block.text for block in document(pdf(*pages)).blocks] == [
        f"Paragraph {word} says something." for word in ("one", "two", "three", "four")
    ]


def test_a_sentence_goes_on_over_the_page() -> None:
    pages: list[list[Piece]] = [
        [(11, 60, 700, "Our SOC 2 Type 2 report covers the period")],
        [(11, 60, 80, "from January to December.")],
    ]
    assert [block.text for block in document(pdf(*pages)).blocks] == [
        "Our SOC 2 Type 2 report covers the period from January to December."
    ]


def test_a_bold_line_is_a_heading_and_a_bold_row_a_header() -> None:
    found = document(
        pdf(
            [
                (-11, 60, 100, "In scope"),
                (11, 60, 116, "The services below were examined by the auditor in this period."),
                (-11, 60, 150, "Service"),
                (-11, 260, 150, "SOC 2"),
                (11, 60, 164, "Acme Mail"),
                (11, 260, 164, "Yes"),
            ]
        )
    )
    assert [(block.kind, block.text) for block in found.blocks] == [
        ("heading", "In scope"),
        ("paragraph", "The services below were examined by the auditor in this period."),
        ("header", "Service | SOC 2"),
        ("row", "Acme Mail | Yes"),
    ]
    assert found.blocks[-1].cells[1].headers == ("SOC 2",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (pdf([]), "holds no text, only pictures"),
        (pdf([(11, 60, 60, "Certified to ISO 27001.")])[:300], "cannot be opened"),
        (b"%PDF-1.7\nnothing of the kind\n%%EOF\n", "cannot be opened"),
        (pdf(*[[(11, 60, 60, "x")]] * 401), "has 401 pages, more than 400"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(body: bytes, expected: str) -> None:
    with pytest.raises(errors.ParseError, match=expected):
        document(body)


def test_a_page_that_should_be_a_pdf() -> None:
    with pytest.raises(
        errors.ParseError, match='is no PDF, though the format of page "certificate" says so'
    ):
        document(b"<html><p>Sign in</p></html>", format="pdf")


@pytest.mark.parametrize("title", ["Microsoft Word - cert_v3.docx", "untitled", "cert.indd"])
def test_a_name_of_a_file_is_no_title(title: str) -> None:
    assert document(pdf(CERTIFICATE, title=title)).title == "Certificate of Registration"


def test_letters_that_stand_for_what_nobody_sees_are_not_read() -> None:
    line = "Halden Ledger is certi#fied to ~ISO 27001:2022 and com@pliant with HIPAA!."
    means = {"#": "\u00ad", "~": "\u202e", "@": "\u200d", "!": "\U000e0041"}
    plain = "".join(char for char in line if char not in means)
    written = document(pdf([(11, 72, 100, line)], title="Halden", means=means))
    assert [block.text for block in written.blocks] == [plain]


def test_a_ligature_of_a_pdf_is_its_letters() -> None:
    written = document(pdf([(11, 72, 100, "Halden is certi#ed.")], means={"#": "\ufb01"}))
    assert [block.text for block in written.blocks] == ["Halden is certified."]
