"""Whole HTML pages as several site builders write them: another builder is form,
and one edit is one change whatever it is in.
"""

from __future__ import annotations

from datetime import UTC, datetime

import builders
import pytest
from builders import Builder, Trust

from pipeline import diff, extract, parse, standards
from pipeline.model import ALERTING, Change, Page, Reading, Snapshot

AT = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "https://plover.example/trust"
PAGE = Trust()
PLAIN = Builder()
REDESIGNED = Builder(
    builders.cards,
    builders.ticks,
    builders.numbered,
    builders.badge_list,
    ("certificates", "clauses", "scope"),
    wrap="<div class='x9f'><div>{}</div></div>",
)


def reading(text: str) -> Reading:
    snapshot = Snapshot(Page("plover", SITE), AT, AT, "live", SITE, "text/html", text.encode())
    return extract.reading(parse.document(snapshot), standards.load())


def changes(before: str, after: str) -> tuple[Change, ...]:
    return diff.comparison(reading(before), reading(after), standards.load()).changes


def loud(before: str, after: str) -> list[str]:
    """Return what an analyst is alerted to, in short."""
    return [
        " ".join(filter(None, (c.severity, c.kind, c.change, c.field, c.standard)))
        for c in changes(before, after)
        if c.severity in ALERTING
    ]


def status(name: str, word: str) -> Trust:
    """Return the page with another status for one certificate."""
    return PAGE.but(certificates=tuple((n, word if n == name else s) for n, s in PAGE.certificates))


def named(name: str, other: str) -> Trust:
    return PAGE.but(
        certificates=tuple((other if n == name else n, s) for n, s in PAGE.certificates)
    )


def more(clause: str) -> Trust:
    return PAGE.but(clauses=(*PAGE.clauses, clause))


def worded(place: int, clause: str) -> Trust:
    clauses = list(PAGE.clauses)
    clauses[place] = clause
    return PAGE.but(clauses=tuple(clauses))


FORMS = {
    "cards": Builder(certificates=builders.cards),
    "tiles without headings": Builder(certificates=builders.chips),
    "a list": Builder(certificates=builders.listed),
    "lines with dashes": Builder(certificates=builders.lines),
    "numbered clauses": Builder(clauses=builders.numbered),
    "badges as a list": Builder(badges=builders.badge_list),
    "badges out of the footer": Builder(badges_in_footer=False, order=("scope", "certificates")),
    "sections in another order": Builder(order=("clauses", "scope", "certificates")),
    "other wrappers": Builder(wrap="<div class='x9f'><div>{}</div></div>"),
    "a matrix": Builder(scope=builders.ticks),
    "all at once": REDESIGNED,
}
EDITS: dict[str, tuple[Trust, list[str]]] = {
    "a status that weakens": (
        status("HIPAA", "In progress"),
        ["critical standard changed stance hipaa"],
    ),
    "a plan that came true": (
        status("ISO 27701", "Certified"),
        ["high standard changed stance iso-27701"],
    ),
    "a plan put off": (status("ISO 27701", "Planned for 2028"), []),
    "an edition set back": (
        named("ISO 27001:2022", "ISO 27001:2013"),
        ["critical standard changed edition iso-27001"],
    ),
    "a level lowered": (
        named("SOC 2 Type II", "SOC 2 Type I"),
        ["critical standard changed level soc-2"],
    ),
    "a certificate gone": (
        PAGE.but(certificates=PAGE.certificates[:2] + PAGE.certificates[3:]),
        ["critical standard removed hipaa"],
    ),
    "a tick gone": (PAGE.but(scope=PAGE.scope[:2]), ["high service removed soc-2"]),
    "a further service": (
        PAGE.but(scope=(*PAGE.scope, "Plover Lockers")),
        ["medium service added soc-2"],
    ),
    "a badge gone": (
        PAGE.but(badges=PAGE.badges[:1]),
        ["critical standard removed cyber-essentials"],
    ),
    "a note gone": (PAGE.but(clauses=PAGE.clauses[1:]), ["medium note removed soc-2"]),
    "a further note": (
        more("The SOC 2 report covers the European region only."),
        ["high note added soc-2"],
    ),
    "a denial beside an earlier one": (
        more("Plover does not hold a PCI PIN certification."),
        ["high standard added pci-pin"],
    ),
    "where a report is to be had": (
        worded(0, "The SOC 2 report is available on request."),
        ["medium note changed soc-2"],
    ),
    "a contraction": (worded(0, "The SOC 2 report's available under NDA."), []),
    "a title drawn out": (PAGE.but(title="Security and compliance at Plover Logistics"), []),
    "other news": (PAGE.but(lead="Plover carries parcels.", news=("A new depot",)), []),
}


@pytest.mark.parametrize("name", FORMS)
def test_another_builder_is_form(name: str) -> None:
    before, after = PLAIN.page(PAGE), FORMS[name].page(PAGE)
    if name == "badges out of the footer":
        before = Builder(order=("scope", "certificates")).page(status("ISO 27701", "Certified"))
        after = FORMS[name].page(status("ISO 27701", "Certified"))
    kept = "The following services are in scope for SOC 2:"  # the head of the matrix says it now
    for one, other in ((before, after), (after, before)):
        told = [c.summary for c in changes(one, other) if kept not in (c.before, c.after)]
        assert told == []


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_told_once_for_the_right_reason(name: str) -> None:
    edited, expected = EDITS[name]
    own = ["high note changed iso-27701"] if name == "a plan put off" else expected
    assert loud(PLAIN.page(PAGE), PLAIN.page(edited)) == own


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("builder", ["cards", "all at once"])
def test_a_redesign_hides_no_edit_and_adds_none(name: str, builder: str) -> None:
    edited, expected = EDITS[name]
    assert loud(PLAIN.page(PAGE), FORMS[builder].page(edited)) == expected


def test_a_standard_that_goes_with_its_list_is_one_change() -> None:
    services = "".join(f"<li>Plover {name}</li>" for name in ("Dock", "Yard", "Pier"))
    part = f"<h2>FedRAMP</h2><p>Services in scope for FedRAMP:</p><ul>{services}</ul>"
    before = PLAIN.page(PAGE.but(clauses=PAGE.clauses[:1]))
    told = changes(before.replace("<aside>", f"{part}<aside>"), before)
    (only,) = [change for change in told if change.severity in ALERTING]
    assert (only.kind, only.change, only.standard, len(only.examples)) == (
        "standard",
        "removed",
        "fedramp",
        3,
    )
    assert only.summary == "FedRAMP removed (Plover), with its list of services"
    assert only.reason == "Plover Dock, Plover Yard, Plover Pier"


def test_a_paper_that_goes_is_no_standard_while_the_page_claims_it_on() -> None:
    link = '<p><a href="/p/old.pdf">ISO 27001 statement of 2021</a></p>'
    page = PLAIN.page(PAGE)
    told = changes(page.replace("<aside>", f"<h2>Papers</h2>{link}<aside>"), page)
    assert [c.summary for c in told if c.severity in ALERTING] == []
