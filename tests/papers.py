"""Papers as people get them: attestations, certificates, SOC 3 reports and bridge letters, of nobody that exists."""

from __future__ import annotations

from pdfs import BOXES, lines, pdf


def attestation(version: str = "v4.0.1", compliant: bool = True) -> bytes:
    """Return a service provider's attestation of compliance: labels beside their values, on three pages."""
    ticked, empty = ("☒", "☐") if compliant else ("☐", "☒")
    cover = [
        *lines(90, "*Payment Card Industry", "*Data Security Standard", size=22, step=30),
        *lines(170, f"*PCI DSS {version} Attestation of Compliance for", "*Report on Compliance – Service Providers", size=16, step=20),
        *lines(240, "*Entity Name: Larkfield Payments AS", "Date of Report as noted in the Report on Compliance: 2026-02-14", size=11),
    ]  # fmt: skip
    parties = [
        *lines(60, "*Part 1. Contact Information", size=13),
        *lines(84, "*Part 1a. Assessed Entity", size=11),
        *lines(104, "Company name:|Larkfield Payments AS", "DBA (doing business as):|Larkfield Pay",
               "Company mailing address:|12 Quay Street, Bergen", "Company contact name:|Ada Vik"),
        *lines(180, "*Part 1b. Assessor", size=11),
        *lines(200, "*Qualified Security Assessor"),
        *lines(218, "Company name:|Brackwater Assurance LLC", "Lead Assessor name:|Tom Reed"),
    ]  # fmt: skip
    summary = [
        *lines(60, "*Part 2. Executive Summary", size=13),
        *lines(84, "*Part 2a. Scope Verification", size=11),
        *lines(104, "Services that were INCLUDED in the scope of the Assessment (select all that apply):",
               "Name of service(s) assessed:|Ledger Pay, Ledger Vault", "Type of service(s) assessed:"),
        *lines(150, "☒ Payment processing|☐ Tax/Government payments", "☐ Managed services|☒ Tokenization"),
        *lines(190, "Services that are provided by the service provider but were NOT INCLUDED in the scope of the",
               "Assessment (select all that apply):", "Name of service(s) not assessed:|Ledger Chat",
               "Provide a brief explanation why any checked services were not included:|No card data"),
        *lines(270, "*Part 3. PCI DSS Validation", size=13),
        *lines(294, "Based on the results documented in the ROC, the following is asserted as of 2026-02-14:",
               f"{ticked} Compliant: All sections of the PCI DSS ROC are complete, and all assessed requirements are met.",
               f"{empty} Non-Compliant: Not all sections of the PCI DSS ROC are complete, or not all are met."),
    ]  # fmt: skip
    return pdf(cover, parties, summary, means=BOXES)


def older_attestation() -> bytes:
    """Return one of the form before: each label and its value in one line, the boxes behind."""
    return pdf(
        [
            *lines(80, "*Attestation of Compliance, Service Providers", "*Version 3.2.1", size=18, step=26),
            *lines(150, "*Part 1a. Service Provider Organization Information", size=12),
            *lines(170, "Company Name: Kelder Hosting GmbH", "Contact Name: Ida Lang", "URL: https://kelder.example"),
            *lines(220, "*Part 1b. Qualified Security Assessor Company Information (if applicable)", size=12),
            *lines(240, "Company Name: Pell & Partners"),
            *lines(270, "*Part 2a. Scope Verification", size=12),
            *lines(290, "Services that were INCLUDED in the scope of the PCI DSS Assessment (check all that apply):",
                   "Name of service(s) assessed: Kelder Cloud"),
            *lines(330, "Services that are provided by the service provider but were NOT INCLUDED in the scope:",
                   "Name of service(s) not assessed: Kelder Mail, Kelder Backup"),
            *lines(380, "The entity has demonstrated compliance with the PCI DSS: Compliant ☒   Non-Compliant ☐"),
        ],
        means=BOXES,
    )  # fmt: skip


def certificate() -> bytes:
    """Return an ISO certificate with the body's letterhead, its holder in a line of its own, dates in a table below."""
    return pdf(
        [
            *lines(40, "Norvigne Certification AS, Havnegata 4, Bergen|www.norvigne.example", size=8),
            *lines(110, "*Certificate of Registration", size=24),
            *lines(150, "INFORMATION SECURITY MANAGEMENT SYSTEM - ISO/IEC 27001:2022", size=12),
            *lines(190, "This is to certify that:"),
            *lines(210, "*Larkfield Ledgers AS", size=16),
            *lines(232, "12 Quay Street", "5003 Bergen", "Norway"),
            *lines(290, "Holds Certificate Number:|IS 712345"),
            *lines(310, "and operates an Information Security Management System which complies with the requirements of ISO/IEC",
                   "27001:2022 for the following scope:"),
            *lines(350, "The development, hosting and support of ledgers, in accordance with the Statement of Applicability 4.2."),
            *lines(420, "*Original registration date|Effective date|Expiry date", left=60),
            *lines(436, "2019-05-04|2025-05-04|2028-05-03", left=60),
        ]
    )  # fmt: skip


def second_certificate() -> bytes:
    """Return an ISO certificate in two columns: labels and dates left, what is certified right, an annex of sites behind."""
    left = lines(
        120,
        "Certificate No:",
        "44 121 9",
        "Valid from:",
        "1 June 2024",
        "Valid until:",
        "31 May 2027",
        "Certified since:",
        "2018",
    )
    right = lines(120, "*Holder", "Kelder Hosting GmbH", "*Scope", "Operation of data centres and", "managed hosting",
                  "*Standards", "ISO/IEC 27001:2022", "ISO 22301:2019", left=300)  # fmt: skip
    return pdf(
        [*lines(60, "*CERTIFICATE", size=26), *lines(90, "for the management system of"), *left, *right],
        [*lines(60, "*Annex to certificate 44 121 9", size=14), *lines(90, "•  Kelder Hosting GmbH, Bremen", "•  Kelder Hosting GmbH, Graz")],
    )  # fmt: skip


def german_certificate() -> bytes:
    """Return a German certificate."""
    return pdf(
        [
            *lines(60, "*Zertifikat", size=26),
            *lines(100, "Die Zertifizierungsstelle Nordmark Cert GmbH bescheinigt, dass das Unternehmen"),
            *lines(130, "*Kontorwerk GmbH", size=14),
            *lines(150, "Lindenallee 3, 20095 Hamburg"),
            *lines(180, "für den Geltungsbereich Betrieb von Rechenzentren ein Informationssicherheitsmanagementsystem",
                   "eingeführt hat und anwendet. Die Forderungen der folgenden Norm sind erfüllt:"),
            *lines(230, "*ISO/IEC 27001:2022", size=14),
            *lines(270, "Zertifikat-Registrier-Nr.:|12 310 4711", "Gültig ab:|01.03.2025", "Gültig bis:|28.02.2028"),
        ]
    )  # fmt: skip


def soc3() -> bytes:
    """Return a SOC 3 report: a cover, the auditor's report, and management's assertion."""
    return pdf(
        [
            *lines(200, "*Larkfield Ledgers, Inc.", size=24),
            *lines(250, "*System and Organization Controls (SOC) 3 Report", size=16),
            *lines(290, "Report on Controls Placed in Operation Relevant to Security, Availability, and Confidentiality", size=11),
            *lines(320, "For the Period October 1, 2024 to September 30, 2025", size=11),
        ],
        [
            *lines(60, "*Independent Service Auditor’s Report", size=14),
            *lines(90, "To the Management of Larkfield Ledgers, Inc.:"),
            *lines(120, "We have examined the accompanying assertion of Larkfield Ledgers, Inc. that the controls within its Ledger",
                   "Platform were effective throughout the period October 1, 2024 to September 30, 2025, to provide reasonable",
                   "assurance that its service commitments were achieved based on the applicable trust services criteria."),
            *lines(180, "In our opinion, management’s assertion is fairly stated, in all material respects."),
            *lines(210, "Pell & Partners LLP", "December 2, 2025"),
        ],
        [
            *lines(60, "*Assertion of the Management of Larkfield Ledgers, Inc.", size=14),
            *lines(90, "We are responsible for designing and operating effective controls within the Ledger Platform."),
        ],
    )  # fmt: skip


def bridge_letter() -> bytes:
    """Return a bridge letter with a letterhead and a subject line."""
    return pdf(
        [
            *lines(50, "*Larkfield Ledgers, Inc.", size=14),
            *lines(70, "12 Quay Street, Bergen|security@larkfield.example", size=8),
            *lines(120, "January 15, 2026"),
            *lines(150, "*Re: SOC 2 Type 2 Bridge Letter"),
            *lines(180, "To whom it may concern,"),
            *lines(210, "The most recent SOC 2 Type 2 report of Larkfield Ledgers, Inc. was issued by Pell & Partners LLP and covers",
                   "the period October 1, 2024 to September 30, 2025."),
            *lines(250, "This letter covers the period from October 1, 2025 to December 31, 2025. We are not aware of any material",
                   "changes in our control environment that would adversely affect the auditor’s opinion."),
            *lines(300, "Sincerely,", "Ada Vik", "Chief Information Security Officer, Larkfield Ledgers, Inc."),
        ]
    )  # fmt: skip


def scope_by_boxes(boxes: dict[str, str] = BOXES) -> bytes:
    """Return a certificate whose scope is a list of boxes, some of them empty."""
    return pdf(
        [
            *lines(60, "*HITRUST CSF v11 r2 Certification Letter", size=18),
            *lines(100, "Organization:|Larkfield Health LLC", "Certification date:|March 3, 2025", "Expiration date:|March 2, 2027",
                   "External assessor:|Brackwater Assurance LLC"),
            *lines(170, "*Systems included in the assessment", size=12),
            *lines(190, "☒ Ledger Clinic", "☒ Ledger Archive", "☐ Ledger Chat"),
        ],
        means=boxes,
    )  # fmt: skip


def report_in_columns() -> bytes:
    """Return the summary of a SOC 3 report in two columns, written line by line across both."""
    return pdf(
        [
            *lines(60, "*SOC 3 Report for Larkfield Mail", size=20),
            *lines(90, "Report period: January 1, 2025 to December 31, 2025"),
            *lines(
                130,
                "To the Management of Larkfield Ltd:|Inherent limitations exist in any",
                "We have examined the assertion that|system of controls, and it is possible",
                "the controls within Larkfield Mail were|that they are circumvented. In our",
                "effective throughout the period, based|opinion, the assertion is fairly stated",
                "on the trust services criteria.|in all material respects.",
                size=9,
            ),
        ]
    )


def letter_of_attestation() -> bytes:
    """Return a short letter of attestation with its labels in sentences."""
    return pdf(
        [
            *lines(40, "Brackwater Assurance LLC", size=9),
            *lines(90, "*Letter of Attestation", size=18),
            *lines(130, "This letter certifies that Larkfield Health LLC has completed a HIPAA security assessment and complies with",
                   "the requirements of the HIPAA Security Rule."),
            *lines(180, "Assessment period: March 1, 2025 to February 28, 2026", "Assessor: Brackwater Assurance LLC"),
        ]
    )  # fmt: skip


def services_in_lines() -> bytes:
    """Return an attestation whose services stand one below the other, and whose labels stand over their values."""
    return pdf(
        [
            *lines(60, "*Attestation of Compliance for Onsite Assessments - Service Providers", size=16),
            *lines(84, "*PCI DSS Version 4.0"),
            *lines(110, "Organization name", "Kelder Hosting GmbH"),
            *lines(150, "*Qualified Security Assessor", size=11),
            *lines(170, "QSA company name:|Pell & Partners"),
            *lines(200, "Services assessed:|Kelder Cloud", " |Kelder Vault", " |Kelder Sign"),
            *lines(260, "Services not assessed:|None"),
            *lines(300, "Overall compliance:|Compliant"),
        ]
    )  # fmt: skip
