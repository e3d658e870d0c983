"""Laws of the comparison over whole pages, from text to changes: form is silent,
one change is told for its claim alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pipeline import diff, extract, parse, standards
from pipeline.model import Change, Comparison, Page, Reading, Snapshot

AT = datetime(2026, 1, 1, tzinfo=UTC)

SITE = "https://harborline.example"

INTRO = "Harbor Ledger keeps the books of small firms. It runs in two regions."
PARTS = {
    "ISO certification": [
        "Harbor Ledger is certified to ISO/IEC 27001:2013.",
        f"Read the [ISO 27001 certificate]({SITE}/docs/iso.pdf) of last year.",
    ],
    "SOC reports": [
        "Harbor Ledger has a SOC 2 Type 2 report.",
        "The SOC 2 report is limited to the northern region.",
    ],
    "Health data": [
        "The following services are in scope for HIPAA:",
        "- Harbor Billing\n- Harbor Custody\n- Harbor Exports",
    ],
    "Payment cards": [
        "| Certification | Edition | Status |\n| --- | --- | --- |\n"
        "| PCI DSS | 3.2.1 | Certified |\n| ISO/IEC 27017 | 2015 | Certified |",
    ],
    "Contact": [
        f"Write to [our desk]({SITE}/desk) for letters. "
        "The “bridge letter” is sent each quarter – ask early."
    ],
}


def page(parts: list[str]) -> str:
    """Return the page in Markdown, its sections in that order."""
    return (
        "\n\n".join(
            [
                "# Harbor Ledger compliance",
                INTRO,
                *("\n\n".join([f"## {name}", *PARTS[name]]) for name in parts),
            ]
        )
        + "\n"
    )


def html(text: str) -> str:
    """Return the same page in HTML."""
    return (
        "<html><body><main>"
        + "".join(_block(block) for block in text.strip().split("\n\n"))
        + "</main></body></html>"
    )


def _block(block: str) -> str:
    if heading := re.match(r"(#+) (.*)", block):
        return f"<h{len(heading[1])}>{_inline(heading[2])}</h{len(heading[1])}>\n"
    lines = block.splitlines()
    if block.startswith("- "):
        return "<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "</ul>\n"
    if block.startswith("| "):
        head, *rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in lines
            if "---" not in line
        ]
        top = "".join(f"<th>{cell}</th>" for cell in head)
        body = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows
        )
        return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>\n"
    return f"<p>{_inline(block)}</p>\n"


def _inline(text: str) -> str:
    return re.sub(r"\[([^]]*)\]\(([^)]*)\)", r'<a href="\2">\1</a>', text.replace("&", "&amp;"))


def reading(text: str) -> Reading:
    media = "text/html" if text.startswith("<") else "text/markdown"
    snapshot = Snapshot(
        Page("ledger", f"{SITE}/trust"), AT, AT, "live", f"{SITE}/trust", media, text.encode()
    )
    return extract.reading(parse.document(snapshot), standards.load())


def told(before: str, after: str) -> Comparison:
    return diff.comparison(reading(before), reading(after), standards.load())


FORMS: dict[str, Callable[[str], str]] = {
    "as HTML": html,
    "heading levels": lambda text: text.replace("\n## ", "\n### "),
    "heading levels in HTML": lambda text: html(text.replace("\n## ", "\n### ")),
    "generated ids": lambda text: re.sub(
        r"<(h\d|p|li)>", r'<\1 id="x8f3a9" class="css-1q2w3e">', html(text)
    ),
    "tracking parameters": lambda text: re.sub(
        r"\]\(([^)]*)\)", r"](\1?utm_source=page&utm_campaign=x)", text
    ),
    "reference links": lambda text: (
        re.sub(r"\[([^]]*)\]\(([^)]*)\)", r"[\1][]", text)
        + "".join(f"\n[{name}]: {url}" for name, url in re.findall(r"\[([^]]*)\]\(([^)]*)\)", text))
    ),
    "list markers": lambda text: text.replace("\n- ", "\n* "),
    "reflowed": lambda text: re.sub(r"(?<=\w) (?=small|two|letters)", "\n", text),
    "padded tables": lambda text: text.replace("| PCI DSS |", "|   PCI DSS     |").replace(
        "| --- |", "| :------- |"
    ),
    "straight signs": lambda text: text.translate(str.maketrans({"“": '"', "”": '"', "–": "-"})),
    "entities": lambda text: (
        html(text).replace("–", "&ndash;").replace("“", "&ldquo;").replace("”", "&rdquo;")
    ),
    "comments": lambda text: text.replace("\n## ", "\n<!-- build 8812 -->\n\n## "),
}

CHANGES: dict[str, tuple[str, str, tuple[str, str, str | None], str]] = {
    "an edition": ("27001:2013", "27001:2022", ("standard", "changed", "edition"), "iso-27001"),
    "a level": (
        "SOC 2 Type 2 report",
        "SOC 2 Type 1 report",
        ("standard", "changed", "level"),
        "soc-2",
    ),
    "a cell": ("| 3.2.1 |", "| 4.0 |", ("standard", "changed", "edition"), "pci-dss"),
    "a row": (
        "\n| ISO/IEC 27017 | 2015 | Certified |",
        "",
        ("standard", "removed", None),
        "iso-27017",
    ),
    "a service": ("\n- Harbor Custody", "", ("service", "removed", None), "hipaa"),
    "a further service": (
        "- Harbor Custody",
        "- Harbor Custody\n- Harbor Feeds",
        ("service", "added", None),
        "hipaa",
    ),
    "a note": ("the northern", "the southern", ("note", "changed", None), "soc-2"),
    "a note gone": (
        "The SOC 2 report is limited to the northern region.",
        "",
        ("note", "removed", None),
        "soc-2",
    ),
    "a link": ("/docs/iso.pdf", "/docs/iso-2.pdf", ("evidence", "changed", "url"), "iso-27001"),
    "a word": ("of small firms", "of large firms", ("wording", "changed", None), ""),
}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=20, deadline=None)
@given(some.data())
def test_form_is_silent(form: str, data: some.DataObject) -> None:
    before = page(list(PARTS))
    after = FORMS[form](page(data.draw(some.permutations(list(PARTS)))))
    found = told(before, after)
    assert [change.summary for change in found.changes] == []
    assert [change.summary for change in told(after, before).changes] == []


@pytest.mark.parametrize("name", CHANGES)
@settings(max_examples=12, deadline=None)
@given(some.data())
def test_one_change_is_told_for_its_claim_alone(name: str, data: some.DataObject) -> None:
    old, new, expected, standard = CHANGES[name]
    before = page(data.draw(some.permutations(list(PARTS))))
    after = page(list(PARTS)).replace(old, new)
    form = data.draw(some.sampled_from(["as HTML", "list markers", "straight signs", "comments"]))
    for found in (told(before, after), told(before, FORMS[form](after))):
        assert [(change.kind, change.change, change.field) for change in found.changes] == [
            expected
        ]
        assert (found.changes[0].standard or "") == standard


def marks(change: Change) -> str:
    signs = {"gone": "[-{}-]", "new": "{{+{}+}}", "row": "/", "cell": "|{}:", "same": "{}"}
    return "".join(signs[mark.op].format(mark.text) for mark in change.marks)


def test_a_changed_cell_is_marked_in_its_row_and_told_once() -> None:
    found = told(page(list(PARTS)), page(list(PARTS)).replace("| 3.2.1 |", "| 4.0 |"))
    assert [change.summary for change in found.changes] == ["PCI DSS: edition 3.2.1 → 4.0"]
    assert (
        marks(found.changes[0])
        == "/|Certification:PCI DSS|Edition:[-3.2.1-]{+4.0+}|Status:Certified"
    )


def test_a_cell_that_claims_nothing_is_told_with_its_row_and_column() -> None:
    text = (
        page(list(PARTS))
        .replace("| Status |", "| Status | Remark |")
        .replace("| --- |\n", "| --- | --- |\n")
    )
    text = text.replace("| Certified |", "| Certified | green roof |")
    found = told(
        text, text.replace("| 2015 | Certified | green roof", "| 2015 | Certified | red roof")
    )
    assert [change.summary for change in found.changes] == [
        "Table changed: ISO/IEC 27017, Remark: “green roof” → “red roof”"
    ]


def test_differences_of_one_paragraph_are_one_change_and_name_no_more() -> None:
    before = "# Harbor\n\nWe write often. Nobody calls. We answer soon.\n\nTerms apply.\n"
    found = told(before, before.replace("often", "weekly").replace("soon", "at once"))
    assert [(change.before, change.after) for change in found.changes] == [
        ("We write often. … We answer soon.", "We write weekly. … We answer at once.")
    ]


def test_what_goes_with_its_heading_is_one_change() -> None:
    before = (
        "# Harbor\n\nTerms apply.\n\n## Desk\n\nWrite to us.\n\nWe answer soon.\n\n"
        "## Roof\n\nIt is red.\n"
    )
    found = told(before, before.replace("## Desk\n\nWrite to us.\n\nWe answer soon.\n\n", ""))
    assert [(change.change, change.before) for change in found.changes] == [
        ("removed", "Desk\nWrite to us.\nWe answer soon.")
    ]


def test_links_that_move_alike_are_one_change() -> None:
    before = (
        f"# Harbor\n\nSee [the desk]({SITE}/a/desk).\n\nSee [the roof]({SITE}/a/roof).\n\n"
        f"See [the yard]({SITE}/b/yard).\n"
    )
    found = told(before, before.replace(f"{SITE}/a/", "https://new.example/a/"))
    assert [(change.field, change.count) for change in found.changes] == [("link", 2)]
    assert (
        found.changes[0].reason
        == "all 2 moved from https://harborline.example/ to https://new.example/"
    )


def test_stretches_show_what_differs_with_a_line_around_it() -> None:
    lines = [f"Line {name} stands here." for name in "abcdefgh"]
    before = "# Harbor\n\n" + "\n\n".join(lines)
    (stretch,) = told(before, before.replace("Line d stands", "Line d sits")).stretches
    assert [[(mark.op, mark.text.strip()) for mark in line.marks] for line in stretch.lines] == [
        [("same", "Line c stands here.")],
        [("same", "Line d"), ("gone", "stands"), ("new", "sits"), ("same", "here.")],
        [("same", "Line e stands here.")],
    ]
    assert (stretch.section, stretch.skipped) == (("Harbor",), 3)


def test_documents_that_were_renamed_alike_are_one_change() -> None:
    years = "\n".join(
        f"- {year}: [SOC 2 report, signed]({SITE}/docs/{year}.pdf)" for year in (2015, 2016)
    )
    before = (
        "# Harbor Ledger compliance\n\nHarbor Ledger has a SOC 2 Type 2 report.\n\n"
        f"## SOC 2 reports\n\n{years}\n"
    )
    found = told(before, before.replace("report, signed", "report, stamped"))
    assert [change.summary for change in found.changes if change.kind == "evidence"] == [
        "2 documents renamed: SOC 2 report, signed → SOC 2 report, stamped"
    ]
