"""Pages that are held back, as an analyst may meet them, made by hand; it holds no test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.model import (
    Change,
    Failed,
    Failure,
    Held,
    HeldBack,
    Look,
    Page,
    Run,
    Severity,
    Snapshot,
    Source,
    Unchanged,
    Unconfirmed,
    Verdict,
    Word,
)

AT = datetime(2026, 3, 14, 6, tzinfo=UTC)
GOOD_AT, SINCE = AT - timedelta(days=3), AT - timedelta(days=2)
REASON = "57 of 60 claims would go at once: the page broke, or our reading of it did"
EVIL = "Ledger\u202e<script>alert(1)</script>|`x`"


def page(name: str) -> Page:
    return Page(name, f"https://northwind.example/{name}", vendor="Northwind")


def look(name: str, digit: str) -> Look:
    url = f"https://northwind.example/{name}"
    shot = Snapshot(page(name), AT, AT, "live", url, "text/html", b"", digest=digit * 64)
    return Look(page(name), AT, shot)


def unconfirmed(severity: Severity, summary: str, **more: object) -> Unconfirmed:
    source = Source("Northwind Desk is certified to it.", ("Compliance",))
    given = {"kind": "service", "change": "removed", "why": "a service went", **more}
    change = Change(severity=severity, summary=summary, source_before=source, **given)
    return Unconfirmed(change, severity, change.why)


SERVICES = ("Archive", "Courier", "Beacon", "Anvil", "Prism", "Quarry", "Fathom", EVIL)
CHANGES = (
    unconfirmed("critical", "ISO/IEC 27001 is no longer claimed", kind="standard", before="ISO"),
    unconfirmed("critical", "SOC 2 is no longer claimed", kind="standard", before="SOC 2"),
    *(
        unconfirmed("high", f"{name} left SOC 2", batch="8 services removed for SOC 2", before=name)
        for name in SERVICES
    ),
    unconfirmed("info", "Text removed", kind="wording", count=4),
)
MASS = Held(
    page("desk"),
    Verdict("mass-change", REASON),
    SINCE,
    AT,
    "b" * 64,
    GOOD_AT,
    "a" * 64,
    CHANGES,
)
NEW = Held(page("studio"), Verdict("short", "12 words are all of it"), AT, AT, "c" * 64, claims=1)
UNSAID = Held(
    page("vault"),
    Verdict("other-page", "none of its text is there"),
    SINCE,
    AT,
    "d" * 64,
    GOOD_AT,
    "e" * 64,
    unsaid="comparing it took more than 30 s",
    rejected=Word("vault", "ana", "our vendor's front page", SINCE + timedelta(hours=3)),
)
HELD = (MASS, NEW, UNSAID)


def run() -> Run:
    digits = {"desk": "b", "studio": "c", "vault": "d"}
    outcomes = (
        *(HeldBack(look(one.page.id, digits[one.page.id]), one.verdict) for one in HELD),
        Failed(Look(page("relay"), AT), Failure("fetch", "HTTP 503"), 2, GOOD_AT),
        Unchanged(Look(page("ledger"), AT, not_modified=True)),
    )
    return Run(AT, AT + timedelta(seconds=4), outcomes, held=HELD, id=AT.isoformat())
