"""The recogniser on wordings as vendors print them, and the laws that hold for every text."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import standards

CATALOGUE = standards.load()


def read(text: str, *context: str) -> str:
    """Return the mentions as "id:edition/level", in order."""
    return " ".join(
        m.standard + (f":{m.edition}" if m.edition else "") + (f"/{m.level}" if m.level else "")
        for m in CATALOGUE.mentions(text, context)
    )


ONE_MENTION = [
    ("Health Insurance Portability and Accountability Act (HIPAA)", "hipaa"),
    ("Federal Risk and Authorization Management Program (FedRAMP)", "fedramp"),
    ("Payment Card Industry (PCI) Data Security Standard (DSS)", "pci-dss"),
    ("Health Information Trust Alliance (HITRUST) Common Security Framework (CSF)", "hitrust-csf"),
    ("System and Organization Controls (SOC) 2 Type II", "soc-2/Type 2"),
    ("Cloud Security Alliance (CSA) Security Trust Assurance and Risk (STAR)", "csa-star"),
    ("Singapore Multi-Tier Cloud Security (MTCS) Level 3", "mtcs/Level 3"),
    ("Spain Esquema Nacional de Seguridad (ENS) High-Level", "ens/High"),
    ("Korea-Information Security Management System (K-ISMS)", "k-isms"),
    ("United Kingdom Government Cloud (G-Cloud)", "uk-g-cloud"),
    ("General Data Protection Regulation (the “GDPR”)", "gdpr"),
    ("Children’s Online Privacy Protection Act (COPPA)", "coppa"),
    ("Federal Information Processing Standard (FIPS) Publication 140-2", "fips-140:140-2"),
    (
        "National Institute of Standards and Technology (NIST) Special Publication 800-53 Rev. 5",
        "nist-800-53:Rev. 5",
    ),
    ("ISO 27001 (ISO/IEC 27001:2022)", "iso-27001:2022"),
    ("HIPAA Business Associate Agreement (BAA)", "hipaa"),
    ("CCPA/CPRA", "ccpa"),
    ("MTCS (Singapore) Level 3", "mtcs/Level 3"),
    ("International Organization for Standardization (ISO)", "iso"),
    ("ISO 27001", "iso-27001"),
    ("ISO-27001", "iso-27001"),
    ("ISO27001", "iso-27001"),
    ("ISO IEC 27001", "iso-27001"),
    ("iso/iec 27001", "iso-27001"),
    ("ISO/IEC 27001:2013", "iso-27001:2013"),
    ("ISO 27001: 2013", "iso-27001:2013"),
    ("ISO/IEC 27001-2013", "iso-27001:2013"),
    ("ISO/IEC 27001:2013/Cor 2:2015", "iso-27001:2013"),
    ("ISO 27001 (2013)", "iso-27001:2013"),
    ("DIN EN ISO/IEC 27001:2017", "iso-27001:2017"),
    ("ISO 20000-2018", "iso-20000-1:2018"),
    ("ISO/IEC 20000-1:2011", "iso-20000-1:2011"),
    ("PCI-DSS", "pci-dss"),
    ("PCI", "pci-dss"),
    ("PCI DSS v4.0", "pci-dss:v4.0"),
    ("PCI DSS version 4.0", "pci-dss:4.0"),
    ("PCI DSS 3.2.1 Level 1", "pci-dss:3.2.1/Level 1"),
    ("PCI DSS Level 1 version 3.1", "pci-dss:3.1/Level 1"),
    ("Level 1 PCI DSS", "pci-dss/Level 1"),
    ("PCI DSS (v4.0, Level 1)", "pci-dss:v4.0/Level 1"),
    ("PCI DSS Service Provider Level 1", "pci-dss/Level 1"),
    ("SOC2", "soc-2"),
    ("SOC-2", "soc-2"),
    ("SOC II", "soc-2"),
    ("SOC 2® Type II", "soc-2/Type 2"),
    ("SOC 2, Type 2", "soc-2/Type 2"),
    ("SOC 2 – Type II", "soc-2/Type 2"),
    ("SOC 2 (Type II)", "soc-2/Type 2"),
    ("SOC 2 Type two", "soc-2/Type 2"),
    ("Type 2 SOC 2", "soc-2/Type 2"),
    ("SOC Type 2", "soc/Type 2"),
    ("NIST SP 800‑53 Rev. 4", "nist-800-53:Rev. 4"),
    ("NIST 800-53r5", "nist-800-53:Rev. 5"),
    ("FIPS 140-2 Level 3", "fips-140:140-2/Level 3"),
    ("FIPS 140–3", "fips-140:140-3"),
    ("FedRAMP High", "fedramp/High"),
    ("FedRAMP (High)", "fedramp/High"),
    ("FedRAMP® Moderate", "fedramp/Moderate"),
    ("FedRAMP authorization at the Moderate", "fedramp/Moderate"),
    ("HITRUST CSF v9.1", "hitrust-csf:v9.1"),
    ("HITRUST r2", "hitrust-csf/r2"),
    ("HITRUST Certification (r2)", "hitrust-csf/r2"),
    ("IL5", "dod-srg/IL5"),
    ("impact level two", "dod-srg/IL2"),
    ("DoD SRG Impact Level 5", "dod-srg/IL5"),
    ("DISA Impact Level 5 (IL5)", "dod-srg/IL5"),
    ("CSA STAR Level 2", "csa-star/Level 2"),
    ("CSA STAR registry at Level 1", "csa-star/Level 1"),
    ("CSA STAR Gold", "csa-star/Gold"),
    ("IRAP PROTECTED", "irap/PROTECTED"),
    ("IRAP at the PROTECTED", "irap/PROTECTED"),
    ("Cyber Essentials Plus", "cyber-essentials/Plus"),
    ("CMMC 2.0 Level 2", "cmmc:2.0/Level 2"),
    ("TX-RAMP Level 2", "tx-ramp/Level 2"),
    ("G-Cloud 12", "uk-g-cloud:12"),
    ("UK G-Cloud v6", "uk-g-cloud:v6"),
    ("C5:2020", "c5:2020"),
    ("BSI C5 Type 2", "c5/Type 2"),
    ("HI\u00adPAA", "hipaa"),
    ("ISO\u00a027001", "iso-27001"),
]


@pytest.mark.parametrize(("text", "expected"), ONE_MENTION)
def test_one_name_is_one_mention_that_spans_it(text: str, expected: str) -> None:
    framed = f"It holds {text} today."
    assert read(framed) == expected
    assert CATALOGUE.mentions(framed)[0].text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SOC 1, 2 and 3", "soc-1 soc-2 soc-3"),
        ("SOC 1/2/3", "soc-1 soc-2 soc-3"),
        ("SOC 1,2,3", "soc-1 soc-2 soc-3"),
        ("SOC 1 & 2 Type II reports", "soc-1/Type 2 soc-2/Type 2"),
        ("SOC 1 Type I, 2 Type II", "soc-1/Type 1 soc-2/Type 2"),
        ("SOC 2 Type I and Type II", "soc-2/Type 1 soc-2/Type 2"),
        ("SOC 2 Type 1 and 2", "soc-2/Type 1 soc-2/Type 2"),
        ("ISO 27001, 27017, and 27018", "iso-27001 iso-27017 iso-27018"),
        ("ISO 27001/27017/27018", "iso-27001 iso-27017 iso-27018"),
        (
            "ISO 27001:2013, 27017:2015 and 27018:2019",
            "iso-27001:2013 iso-27017:2015 iso-27018:2019",
        ),
        ("ISO/IEC 27001 and 27701", "iso-27001 iso-27701"),
        ("ISO certifications (27001, 27017, and 27018)", "iso-27001 iso-27017 iso-27018"),
        ("NIST SP 800-53 and 800-171", "nist-800-53 nist-800-171"),
        ("FIPS 140-2/140-3", "fips-140:140-2 fips-140:140-3"),
        ("PCI DSS v3.2.1 and v4.0", "pci-dss:v3.2.1 pci-dss:v4.0"),
        ("FedRAMP Moderate and High", "fedramp/Moderate fedramp/High"),
        ("DoD SRG Impact Levels 2, 4, and 5", "dod-srg/IL2 dod-srg/IL4 dod-srg/IL5"),
        ("IL4/5", "dod-srg/IL4 dod-srg/IL5"),
        ("HITRUST r2, i1 and e1", "hitrust-csf/r2 hitrust-csf/i1 hitrust-csf/e1"),
        ("HIPAA/HITECH", "hipaa hitech"),
        ("HIPAA and the HITECH Act", "hipaa hitech"),
        ("HIPAA/HITRUST", "hipaa hitrust-csf"),
        ("the SOC I manage, a SOC I report", "soc soc-1"),
        ("ISO, SOC, and HIPAA", "iso soc hipaa"),
        ("SSAE 18 SOC 1 Type II", "ssae-18 soc-1/Type 2"),
        ("SSAE 16/ISAE 3402 Type II", "ssae-16 isae-3402/Type 2"),
        ("FedRAMP Moderate / DoD IL2", "fedramp/Moderate dod-srg/IL2"),
        (
            "ISO 9001:2015, ISO 14001:2015 and OHSAS 18001:2007",
            "iso-9001:2015 iso-14001:2015 ohsas-18001:2007",
        ),
        ("Cyber Essentials and Cyber Essentials Plus", "cyber-essentials cyber-essentials/Plus"),
    ],
)
def test_a_list_is_one_mention_for_each(text: str, expected: str) -> None:
    assert read(f"We keep {text}.") == expected


@pytest.mark.parametrize(
    "text",
    [
        "See https://example.com/soc-2/hipaa and www.example.org/gdpr.",
        "Mail hipaa@example.com or read /compliance/offering-hitrust.",
        "Our Security Operations Center (SOC) never sleeps; the SOC is in Oslo.",
        "Dates follow ISO 8601.",
        "eISO27001x and MYSOC2 are made up.",
        "Play it by ear, then star in a bio.",
        "the CSF and the STAR",
        "",
    ],
)
def test_what_only_looks_so_is_no_mention(text: str) -> None:
    assert read(text) == ""


def test_weak_names_count_only_where_the_page_is_about_the_standard() -> None:
    assert read("The CSF builds on older acts.", "hitrust-csf") == "hitrust-csf"
    assert read("The CSF builds on older acts.", "nist-csf") == "nist-csf"
    assert read("The STAR registry entry", "csa-star") == "csa-star"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Our scanner is a class IIa device under the MDR.", "eu-mdr"),
        ("Our MDR team hunts for threats.", ""),
        ("Wij voldoen aan de AVG en de AI-verordening.", "gdpr eu-ai-act"),
        ("AVG scans the laptop for viruses.", ""),
        ("Onze laptops draaien AVG Internet Security.", ""),
        ("International Organization for Standardization (the ISO) 27001", "iso-27001"),
        ("Built for banks that the FCA has authorised", "pra-fca"),
        ("Incoterms: FCA Hamburg", ""),
        ("Personal data in Singapore is handled by the PDPA.", "singapore-pdpa"),
        ("In Malaysia the PDPA applies.", "malaysia-pdpa"),
        ("Our data center is Tier 3 certified.", "uptime-tier/Tier 3"),
        ("On the pro tier 3 seats are included.", ""),
        ("Both halls are built to Tier III.", "uptime-tier/Tier 3"),
        ("A smart card of Common Criteria EAL4+", "iso-15408/EAL4"),
        ("SOC 2 CC6.1 asks for unique accounts.", "soc-2"),
    ],
)
def test_a_short_name_counts_in_its_company(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ISO 27001/17/18 for every region", "iso-27001 iso-27017 iso-27018"),
        ("ISO 27001 con estensioni 27017 e 27018", "iso-27001 iso-27017 iso-27018"),
        ("ISO 9001 und 14001", "iso-9001 iso-14001"),
        ("ISO/IEC 27001 (with 27017)", "iso-27001 iso-27017"),
        ("ISO 9001/15/18", "iso-9001"),
        ("ISO 27001 and 14001 customers", "iso-27001 iso-14001"),
    ],
)
def test_numbers_follow_their_family_in_a_row(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Übermittlungen stützen sich auf Standardvertragsklauseln.", "eu-scc"),
        ("Nous signons les clauses contractuelles types.", "eu-scc"),
        ("conforme a las cláusulas contractuales tipo", "eu-scc"),
        ("secondo le clausole contrattuali tipo", "eu-scc"),
        ("Die KI-Verordnung gilt ab August.", "eu-ai-act"),
        ("プライバシーマークを取得しています。", "privacymark"),
        ("個人情報保護法を遵守します。", "appi"),
        ("ISMS認証を取得", "iso-27001"),
    ],
)
def test_standards_are_known_by_their_names_in_other_languages(text: str, expected: str) -> None:
    assert read(text) == expected


WORDINGS = st.lists(
    st.sampled_from(
        [text for text, _ in ONE_MENTION]
        + [", ", " and ", "/", " (", ")", " not ", "no ", "3", "é", "\u00a0", "®"]
    ),
    max_size=8,
).map("".join)


@given(WORDINGS | st.text(max_size=60))
def test_spans_stand_in_order_and_hold_their_text(text: str) -> None:
    found = CATALOGUE.mentions(text)
    for before, after in itertools.pairwise(found):
        assert before.end <= after.start or (before.start, before.end, before.standard) == (
            after.start,
            after.end,
            after.standard,
        )
    for mention in found:
        assert mention.text == text[mention.start : mention.end]
        assert mention.name == CATALOGUE.get(mention.standard).name  # type: ignore[union-attr]


@given(
    st.sampled_from([text for text, _ in ONE_MENTION]),
    st.sampled_from(["‑", "–", "‐"]),
    st.sampled_from(["\u00a0", "\u2009", "  "]),
)
def test_typography_changes_no_reading(text: str, dash: str, space: str) -> None:
    assert read(text.replace("-", dash).replace(" ", space).replace("’", "'")) == read(text)


@given(
    st.sampled_from([text for text, _ in ONE_MENTION]),
    st.sampled_from([text for text, _ in ONE_MENTION]),
)
def test_sentences_apart_are_read_apart(one: str, other: str) -> None:
    assert read(f"{one} is held. Then {other}.") == f"{read(one)} {read(other)}"


def test_lists_of_any_length_are_read_once_each() -> None:
    assert len(CATALOGUE.mentions("IL 4, " * 3000)) == 3000
    assert len(CATALOGUE.mentions("PCI DSS (PCI " * 1000)) <= 2000
    assert CATALOGUE.mentions("1.2." * 50_000 + "x-" * 50_000) == ()
