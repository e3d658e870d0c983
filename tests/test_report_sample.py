"""Runs as an analyst may meet them, made by hand for the tests of `report`; it holds no test."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from pipeline.model import (
    Change,
    Changed,
    Claim,
    Comparison,
    Document,
    Failed,
    Failure,
    First,
    HeldBack,
    Look,
    Mark,
    Page,
    Reading,
    Remark,
    Run,
    Snapshot,
    Source,
    Told,
    Unchanged,
    Verdict,
)

BEGAN = datetime(2023, 5, 13, 6, 0, tzinfo=UTC)
BEFORE = datetime(2023, 5, 12, 6, 0, tzinfo=UTC)
SITE = "https://harborline.example"
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> [click](javascript:alert(3)) | `x` "
    "\u202egnitirw"
)

ASSIST = Page(
    "harborline-assist", f"{SITE}/trust/assist", vendor="Harborline", product="Harborline Assist"
)
SCOPE = Page("harborline-services-in-scope", f"{SITE}/trust/scope#services", vendor="Harborline")
NEWCOMER = Page(
    "harborline-ledger",
    f"{SITE}/trust/ledger/compliance",
    vendor="Harborline",
    product="Harborline Ledger",
)
BROKEN = Page("harborline-health", f"{SITE}/trust/health", vendor="Harborline")
CHALLENGED = Page(
    "quaymark-certificates",
    "https://quaymark.example/certificates",
    vendor="Quaymark Payments International Holdings",
)
QUIET = Page(
    "quaymark-security",
    "https://quaymark.example/security",
    vendor="Quaymark Payments International Holdings",
)
LOCAL = Page("local-copy", "/srv/pages/local.md", vendor=None)


def look(page: Page, at: datetime = BEGAN, **other: object) -> Look:
    return Look(
        page,
        at,
        snapshot=Snapshot(
            page, at, at, "live", page.url, "text/html", f"body of {page.id}".encode()
        ),
        **other,
    )


def told(number: int, change: Change, page: Page = ASSIST, **other: object) -> Told:
    given = {
        "severity": change.severity,
        "why": change.why,
        "first_seen": BEGAN,
        "seen_until": BEFORE,
    } | other
    return Told(f"{number:x}a2b3c4d5e6f"[:12], page, change, **given)


def source(text: str, *section: str) -> Source:
    return Source(text, section or ("Compliance offerings", "Certifications and attestations"), 12)


FEDRAMP = (
    "Harborline Assist is being reviewed for FedRAMP High by the Joint Authorization Board; "
    "until that is finished, it must not be "
    "used for workloads that need a FedRAMP High authorization."
)
OLD_ISO = (
    "Harborline Assist is certified to ISO/IEC 27001:2013 by an accredited body, "
    "and its certificate is renewed every three years."
)
NEW_ISO = OLD_ISO.replace("2013", "2022")

CHANGES = {
    "edition": Change(
        "standard",
        "changed",
        "high",
        "edition changed",
        "ISO/IEC 27001: edition 2013 → 2022",
        field="edition",
        standard="iso-27001",
        standard_name="ISO/IEC 27001",
        subject="Harborline Assist",
        before="2013",
        after="2022",
        source_before=source(OLD_ISO),
        source_after=source(NEW_ISO),
        marks=(
            Mark("same", "Harborline Assist is certified to ISO/IEC 27001:"),
            Mark("gone", "2013"),
            Mark("new", "2022"),
            Mark("same", OLD_ISO.split("2013")[1]),
        ),
    ),
    "standard": Change(
        "standard",
        "removed",
        "critical",
        "a standard that was claimed is gone",
        "PCI DSS 4.0 Level 1 is no longer claimed for Harborline Assist",
        standard="pci-dss",
        standard_name="PCI DSS",
        subject="Harborline Assist",
        before="PCI DSS 4.0 Level 1",
        source_before=source("Harborline Assist is a PCI DSS 4.0 Level 1 service provider."),
    ),
    "rename": Change(
        "product",
        "renamed",
        "high",
        "product renamed",
        "Harborline Virtual Agents is now called Harborline Assist",
        subject="Harborline Assist",
        before="Harborline Virtual Agents",
        after="Harborline Assist",
        count=14,
        confidence=0.97,
        reason="near-identical sentences around both names",
        examples=tuple(f"Harborline Assist, sentence {number}" for number in range(1, 6)),
        source_before=source(
            "Harborline Virtual Agents adheres to the standards below.", "Compliance offerings"
        ),
        source_after=source(
            "Harborline Assist adheres to the standards below.", "Compliance offerings"
        ),
        marks=(
            Mark("same", "Harborline"),
            Mark("gone", "Virtual Agents"),
            Mark("new", "Assist"),
            Mark("same", "adheres to the standards below."),
        ),
    ),
    "note": Change(
        "note",
        "removed",
        "high",
        "a note about FedRAMP removed",
        "The note that FedRAMP High is under review is gone",
        standard="fedramp",
        standard_name="FedRAMP",
        before=FEDRAMP,
        source_before=source(FEDRAMP, "Compliance offerings", "FedRAMP"),
    ),
    "service": Change(
        "service",
        "added",
        "medium",
        "a service added",
        "Harborline Ledger Reconciliation is in scope of SOC 2",
        standard="soc-2",
        standard_name="SOC 2",
        after="Harborline Ledger Reconciliation",
        source_after=source("Harborline Ledger Reconciliation", "In scope", "SOC 2 – Commercial"),
    ),
    "scope": Change(
        "service",
        "changed",
        "high",
        "a service moved out of scope",
        "Harborline Forms: in scope → out of scope of HIPAA",
        field="scope",
        standard="hipaa",
        standard_name="HIPAA",
        before="Harborline Forms",
        after="Harborline Forms",
        from_value="in",
        to_value="out",
        source_before=source("Harborline Forms | ✓ | ✓", "In scope"),
        source_after=source("Harborline Forms | ✓ | not covered", "In scope"),
        marks=(
            Mark("same", "Harborline Forms | ✓ |"),
            Mark("gone", " ✓"),
            Mark("new", " not covered"),
        ),
    ),
    "link": Change(
        "evidence",
        "changed",
        "low",
        "link of a document changed",
        "SOC 3 report: its link changed",
        field="url",
        before="/docs/soc3-2021.pdf",
        after="/docs/soc3-2022.pdf",
        source_before=source("SOC 3 report"),
        source_after=source("SOC 3 report"),
    ),
    "wording": Change(
        "wording",
        "changed",
        "info",
        "wording",
        "One word changed in the introduction",
        source_before=source("You should scan the page for details."),
        source_after=source("You should read the page for details."),
        marks=(
            Mark("same", "You should"),
            Mark("gone", " scan"),
            Mark("new", " read"),
            Mark("same", " the page for details."),
        ),
    ),
    "date": Change(
        "metadata",
        "changed",
        "info",
        "page fact",
        "date: 2 May 2023 → 12 May 2023",
        field="value",
        before="2 May 2023",
        after="12 May 2023",
        name="date",
    ),
    "hostile": Change(
        "wording",
        "added",
        "info",
        "wording",
        f"New: {EVIL}",
        after=EVIL,
        source_after=source(EVIL, EVIL),
    ),
    "reread": Change(
        "note",
        "added",
        "high",
        "a note added",
        "A note on regions is read now",
        after="Not offered in all regions.",
        source_after=source("Not offered in all regions."),
        cause="reader",
    ),
}

TOLD = (
    told(1, CHANGES["standard"]),
    told(2, CHANGES["edition"]),
    told(3, CHANGES["rename"]),
    told(4, CHANGES["note"]),
    told(5, CHANGES["scope"], SCOPE, status="accepted"),
    told(6, CHANGES["service"], SCOPE),
    told(7, CHANGES["link"]),
    told(
        8,
        CHANGES["wording"],
        severity="high",
        why='rule 1 of your config: its text has "scan the page"',
    ),
    told(9, CHANGES["date"]),
    told(10, CHANGES["hostile"]),
    told(11, CHANGES["reread"], SCOPE),
)

STANDARDS = (
    ("iso-27001", "ISO/IEC 27001", "2013", None, "claimed", "certified"),
    ("iso-27017", "ISO/IEC 27017", "2015", None, "claimed", "certified"),
    ("iso-27018", "ISO/IEC 27018", "2019", None, "claimed", "certified"),
    ("iso-27701", "ISO/IEC 27701", "2019", None, "claimed", None),
    ("iso-22301", "ISO 22301", "2012", None, "claimed", "certified"),
    ("iso-20000-1", "ISO/IEC 20000-1", "2011", None, "claimed", None),
    ("iso-9001", "ISO 9001", "2015", None, "claimed", None),
    ("soc-1", "SOC 1", None, "Type 2", "claimed", "attested"),
    ("soc-2", "SOC 2", None, "Type 2", "claimed", "attested"),
    ("soc-3", "SOC 3", None, None, "claimed", "attested"),
    ("pci-dss", "PCI DSS", "4.0", "Level 1", "claimed", "attested"),
    ("hipaa", "HIPAA", None, None, "supports", "contract"),
    ("hitrust-csf", "HITRUST CSF", "v9.1", "r2", "claimed", "certified"),
    ("fedramp", "FedRAMP", None, "High", "planned", None),
    (
        "dod-srg",
        "DoD Cloud Computing Security Requirements Guide",
        None,
        "IL5",
        "planned",
        "provisional",
    ),
    ("csa-star", "CSA STAR", None, "Level 2", "claimed", "listed"),
    ("gdpr", "General Data Protection Regulation (EU) 2016/679", None, None, "supports", None),
    ("irap", "IRAP", None, "PROTECTED", "claimed", "audited"),
    ("ismap", "ISMAP", None, None, "unknown", None),
    ("cjis", "CJIS Security Policy", None, None, "not_claimed", None),
)


def standard(row: tuple[str, str, str | None, str | None, str, str | None]) -> Claim:
    id, name, edition, level, stance, basis = row
    printed = f"{name}{f':{edition}' if edition else ''}{f' {level}' if level else ''}"
    said = {
        "claimed": f"Harborline Ledger holds {printed} for all of its production regions, "
        "and its certificate can be had from the portal.",
        "supports": "Harborline Ledger helps its customers meet their obligations "
        f"under {printed}.",
        "planned": f"Harborline Ledger expects its {printed} authorization in the second "
        "half of 2024.",
        "unknown": f"{printed} | phase two",
        "not_claimed": f"Harborline Ledger does not meet the {printed}.",
    }[stance]
    return Claim(
        "standard",
        source(said, "Harborline Ledger compliance", "Certifications"),
        subject="Harborline Ledger",
        standard=id,
        standard_name=name,
        edition=edition,
        level=level,
        stance=stance,
        basis=basis,
        assessor="Brackwater Assurance LLP" if id == "soc-2" else None,
        valid="1 January to 31 December 2022" if id == "soc-2" else None,
    )


def services() -> tuple[Claim, ...]:
    nouns = re.findall(
        r"\w+",
        "Accounts Archive Billing Budgets Cards Catalog Connect Custody Disputes Documents "
        "Exports Feeds Forms Identity Notices",
    )
    names = (
        [f"Harborline {noun}" for noun in nouns]
        + [f"Harborline Ledger {noun} for Government" for noun in nouns]
        + ["Kai", "Tide", "Buoy"]
    )
    long = (
        f"{names[0]} and Multi-Entity Intercompany Reconciliation, "
        "Settlement and Orchestration Service (Dedicated, Customer-Managed Keys)"
    )
    listed = [
        Claim(
            "service",
            source(name),
            standard=id,
            standard_name=label,
            service=name,
            scope="in",
            group="Commercial",
        )
        for id, label in (("soc-1", "SOC 1"), ("soc-2", "SOC 2"), ("soc-3", "SOC 3"))
        for name in (*names, long)
    ]
    joined = Claim(
        "service",
        source("Kai"),
        standard="hipaa",
        standard_name="HIPAA",
        service="Kai, Kai for Teams, and Kai Mobile",
        scope="in",
        members=("Kai", "Kai for Teams", "Kai Mobile"),
        alias="Mariner",
        condition="only with a signed BAA",
    )
    out = Claim(
        "service",
        source("Tide"),
        standard="hipaa",
        standard_name="HIPAA",
        service="Tide",
        scope="out",
    )
    return (*listed, joined, out)


def newcomer() -> Reading:
    standards = tuple(standard(row) for row in STANDARDS)
    claims = (
        Claim("product", source("Harborline Ledger"), subject="Harborline Ledger"),
        *standards,
        *services(),
        Claim("note", source(FEDRAMP), standard="fedramp", standard_name="FedRAMP", value=FEDRAMP),
        Claim(
            "note",
            source("Certificates of the eu-north region are still under surveillance audit."),
            value="x",
        ),
        Claim(
            "evidence",
            source("ISO 22301 certificate"),
            name="ISO/IEC 27001 certificate",
            url="certs/iso.pdf",
            document="certificate",
            standards=("iso-22301", "iso-27001"),
            standard="iso-22301",
            mismatch=True,
        ),
        Claim(
            "evidence",
            source("SOC 3 report"),
            name=f"SOC 3 report {EVIL}",
            url="javascript:alert(1)",
            document="report",
            standards=("soc-3",),
        ),
        Claim(
            "evidence",
            source("Registry"),
            name="CSA STAR registry entry",
            url="https://registry.example/a b?x=<y>",
            document="registry",
        ),
        Claim(
            "metadata",
            source("title: Harborline Ledger compliance"),
            name="title",
            value="Harborline Ledger compliance",
        ),
        Claim("metadata", source("date: 05/02/2023"), name="date", value="05/02/2023"),
    )
    remarks = (
        Remark(
            "superseded",
            standards[0],
            "ISO/IEC 27001:2013 was superseded by the 2022 edition; "
            "last day for certificates to move: 2025-10-31",
            "https://iaf.example/md26",
        ),
        Remark("superseded", standards[4], "ISO 22301:2012 was superseded by the 2019 edition"),
        Remark("mismatch", claims[-5], "this document names ISO/IEC 27001, its row ISO 22301"),
    )
    return Reading(
        Document("Harborline Ledger compliance"),
        claims,
        ("Harborline Ledger",),
        (
            'line 88: status "phase two" is not known',
            f"line 91: a table with an unbound column {EVIL}",
        ),
        remarks,
    )


def busy() -> Run:
    nothing = Reading(Document("Harborline Assist"))
    outcomes = (
        Changed(
            look(ASSIST),
            nothing,
            nothing,
            Comparison(tuple(item.change for item in TOLD[:4]), form=14),
            BEFORE,
        ),
        Changed(look(SCOPE), nothing, nothing, Comparison((CHANGES["service"],)), BEFORE),
        First(look(NEWCOMER), newcomer()),
        Failed(
            Look(BROKEN, BEGAN),
            Failure(
                "fetch",
                "the server answered 503 Service Unavailable; it is tried again at the next run",
            ),
            3,
            BEFORE,
        ),
        HeldBack(
            look(CHALLENGED),
            Verdict(
                "challenge", "the body is a bot challenge (cf-mitigated: challenge), not the page"
            ),
        ),
        Unchanged(look(QUIET), form=3),
        Unchanged(Look(LOCAL, BEGAN, not_modified=True)),
    )
    return Run(BEGAN, BEGAN + timedelta(seconds=9), outcomes, TOLD)


def quiet() -> Run:
    pages = [
        Page(f"harborline-{number}", f"{SITE}/{number}", vendor="Harborline")
        for number in range(1, 6)
    ]
    return Run(BEGAN, BEGAN + timedelta(seconds=2), tuple(Unchanged(look(page)) for page in pages))


def failing() -> Run:
    failed = tuple(
        Failed(Look(page, BEGAN), Failure("fetch", "no route to the network"))
        for page in (ASSIST, SCOPE)
    )
    return Run(BEGAN, BEGAN, failed)
