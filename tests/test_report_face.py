"""The JSON objects of claims, changes, readings and comparisons; CSV; the index's entries."""

from __future__ import annotations

import csv
import io
import json
import re

import test_report_sample as sample
from hypothesis import given
from hypothesis import strategies as st

from pipeline import report
from pipeline.model import Change, Claim, Comparison, Document, Mark, Reading, Source
from pipeline.report import baselines, links, marking, outline, phrases

KEYS = re.compile(r"\w+")
CLAIM_KEYS = KEYS.findall(
    "kind subject standard standard_name edition level stance service scope group name url "
    "text section line"
)
CHANGE_KEYS = KEYS.findall(
    "change kind field standard standard_name subject before after from to name severity why "
    "summary section text_before text_after"
)


def test_a_claim_has_the_contracts_keys_in_their_order_and_null_where_they_do_not_apply() -> None:
    found = report.claim(
        Claim(
            "standard",
            Source("Certified.", ("A", "B"), 88),
            standard="iso-27001",
            edition="2013",
            stance="claimed",
        )
    )
    assert list(found) == CLAIM_KEYS
    assert (found["level"], found["section"], found["line"]) == (None, ["A", "B"], 88)


def test_a_claims_further_attributes_are_there_where_they_have_a_value() -> None:
    found = report.claim(
        Claim(
            "service",
            Source("Kai"),
            service="Kai",
            members=("Kai", "Tide"),
            condition="only with a BAA",
        )
    )
    assert list(found)[len(CLAIM_KEYS) :] == ["members", "condition"]
    assert found["members"] == ["Kai", "Tide"]
    assert (
        report.claim(Claim("evidence", Source("Report"), name="Report", mismatch=True))["mismatch"]
        is True
    )


def test_a_change_has_the_contracts_keys_in_their_order() -> None:
    scope = report.change(sample.CHANGES["scope"])
    assert list(scope) == CHANGE_KEYS
    assert (scope["before"], scope["from"], scope["to"]) == ("Harborline Forms", "in", "out")
    assert list(report.change(sample.CHANGES["rename"]))[len(CHANGE_KEYS) :] == [
        "count",
        "examples",
        "confidence",
        "reason",
    ]


def test_extract_and_diff_are_the_contracts_objects() -> None:
    reading = report.extract("page.md", sample.newcomer())
    assert list(reading) == ["source", "title", "products", "not_understood", "claims", "remarks"]
    assert [item["kind"] for item in reading["remarks"]] == ["superseded", "superseded", "mismatch"]
    found = report.diff(
        "old.md",
        "new.md",
        Comparison((sample.CHANGES["edition"], sample.CHANGES["wording"]), form=14),
    )
    assert list(found) == ["old", "new", "summary", "changes"]
    assert found["summary"] == {
        "critical": 0,
        "high": 1,
        "medium": 0,
        "low": 0,
        "info": 1,
        "form": 14,
    }
    json.dumps(found)


def test_the_json_of_a_run_counts_what_its_changes_and_pages_say() -> None:
    whole = json.loads(report.json(sample.busy()))
    assert list(whole) == ["run", "changes", "pages", "held", "findings"]
    run = whole["run"]
    assert (
        run["pages"],
        run["read"],
        run["failed"],
        run["held_back"],
        run["first"],
        run["unchanged"],
    ) == (7, 5, 1, 1, 1, 2)
    assert run["severities"] == {"critical": 1, "high": 5, "medium": 1, "low": 1, "info": 2}
    assert run["causes"] == {"page": 10, "reader": 1, "config": 0, "backfill": 0}
    assert run["form"] == 17
    assert run["headline"] == (
        "6 changes need attention on 2 of 7 pages; 1 could not be read, 1 held back"
    )


def test_a_change_in_json_has_the_severity_in_force_and_its_default() -> None:
    ruled = json.loads(report.json(sample.busy()))["changes"][7]
    assert (ruled["id"], ruled["page"], ruled["status"], ruled["cause"]) == (
        "8a2b3c4d5e6f",
        "harborline-assist",
        "open",
        "page",
    )
    assert (ruled["severity"], ruled["default_severity"]) == ("high", "info")
    assert ruled["why"].startswith("rule 1")
    assert (ruled["seen_until"], ruled["first_seen"]) == (
        "2023-05-12T06:00:00Z",
        "2023-05-13T06:00:00Z",
    )


def test_every_page_in_json_says_how_it_fared() -> None:
    pages = {page["page"]: page for page in json.loads(report.json(sample.busy()))["pages"]}
    assert {page["result"] for page in pages.values()} == {
        "changed",
        "first",
        "failed",
        "held_back",
        "unchanged",
    }
    assert len({tuple(page) for page in pages.values()}) == 1  # the same keys in the same order
    assert pages["harborline-health"]["last_good_at"] == "2023-05-12T06:00:00Z"
    assert pages["harborline-health"]["in_a_row"] == 3
    assert pages["quaymark-certificates"]["verdict"] == "challenge"
    assert len(pages["harborline-ledger"]["baseline"]["claims"]) == len(sample.newcomer().claims)


def test_csv_guards_cells_that_a_spreadsheet_would_run() -> None:
    rows = [
        {"a": text, "b": 1}
        for text in (
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            " =1",
            'plain, "quoted"\nand long',
            None,
        )
    ]
    cells = [
        row["a"] for row in csv.DictReader(io.StringIO(report.csv(rows, ("a", "b")), newline=""))
    ]
    assert cells == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        "'\t=1",
        "' =1",
        'plain, "quoted"\nand long',
        "",
    ]
    assert (
        report.csv([{"n": -1, "t": True, "l": ("a", "b")}], ("n", "t", "l", "none"))
        == "n,t,l,none\r\n-1,true,a; b,\r\n"
    )


@given(st.lists(st.text(), min_size=1))
def test_no_cell_of_a_csv_begins_a_formula(texts: list[str]) -> None:
    for row in csv.reader(
        io.StringIO(report.csv([{"a": text} for text in texts], ("a",)), newline="")
    ):
        assert not row or not row[0].lstrip().startswith(("=", "+", "-", "@"))


def test_an_entry_is_read_back_from_a_reports_json() -> None:
    entry = report.entry("run.html", report.json(sample.busy()))
    assert (
        entry.started_at,
        entry.pages,
        entry.read,
        entry.failed,
        entry.held_back,
        entry.baselines,
    ) == (sample.BEGAN, 7, 5, 1, 1, 1)
    assert dict(entry.counts) == {"critical": 1, "high": 5, "medium": 1, "low": 1, "info": 2}


def test_headlines() -> None:
    few = sample.Run(
        sample.BEGAN,
        sample.BEGAN,
        sample.quiet().outcomes,
        (sample.told(1, sample.CHANGES["link"]),),
    )
    first = sample.Run(
        sample.BEGAN, sample.BEGAN, (sample.First(sample.look(sample.NEWCOMER), sample.newcomer()),)
    )
    mixed = sample.Run(
        sample.BEGAN, sample.BEGAN, (*sample.failing().outcomes, *sample.quiet().outcomes)
    )
    assert outline.headline(few) == "Nothing needs attention: 1 minor change on 1 of 5 pages"
    assert outline.headline(first) == "First look at 1 page: baseline recorded"
    assert outline.headline(sample.quiet()) == "No changes"
    assert outline.lead(sample.quiet()) == ("All 5 pages read.",)
    assert outline.headline(sample.failing()) == "None of the 2 pages could be read"
    beside = "No changes on the 5 of 7 pages that were read; 2 could not be read"
    assert outline.headline(mixed) == beside
    assert outline.headline(sample.Run(sample.BEGAN, sample.BEGAN)) == "No page was looked at"


def test_standards_with_the_very_same_list_share_it() -> None:
    lists = baselines.of(sample.First(sample.look(sample.NEWCOMER), sample.newcomer())).services
    assert [(part.standards, part.scope, part.group, len(part.claims)) for part in lists] == [
        (("SOC 1", "SOC 2", "SOC 3"), "in", "Commercial", 34),
        (("HIPAA",), "in", None, 1),
        (("HIPAA",), "out", None, 1),
    ]


def test_only_listed_schemes_are_followed() -> None:
    base = "https://harborline.example/trust/page"
    assert links.safe("certs/a b.pdf", base) == "https://harborline.example/trust/certs/a%20b.pdf"
    assert links.safe("//cdn.example/x") is None
    assert links.safe("mailto:grc@harborline.example") == "mailto:grc@harborline.example"
    for url in (
        "javascript:alert(1)",
        " JaVaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "https://[",
        "",
        None,
    ):
        assert links.safe(url) is None
    assert links.safe("reports/a.pdf", "/srv/pages/local.md") is None
    assert links.safe('https://a.example/"><script>') == "https://a.example/%22%3E%3Cscript%3E"


def test_a_live_link_points_at_the_words_of_the_new_state() -> None:
    edition, removed, cell = (
        sample.told(1, sample.CHANGES[name], sample.SCOPE)
        for name in ("edition", "standard", "scope")
    )
    assert links.live(edition) == (
        "https://harborline.example/trust/scope#services:~:text=Harborline%20Assist%20is%20certified%20to%20ISO%2FIEC,"
        "certificate%20is%20renewed%20every%20three%20years."
    )
    assert links.live(removed) == "https://harborline.example/trust/scope#services"
    assert (
        links.live(cell)
        == "https://harborline.example/trust/scope#services:~:text=Harborline%20Forms"
    )
    assert links.live(sample.told(1, sample.CHANGES["edition"], sample.LOCAL)) is None
    assert links.fragment("on-demand, R&D") == "on%2Ddemand%2C%20R%26D"


def test_marks_without_their_spaces_get_those_of_the_page() -> None:
    change = Change(
        "note",
        "changed",
        "high",
        "a note changed",
        "…",
        source_before=Source("Kai (2013)."),
        source_after=Source("Kai (2022)."),
    )
    bare = (
        Mark("same", "Forms,"),
        Mark("new", "Tide and"),
        Mark("same", "Kai ("),
        Mark("gone", "2013"),
        Mark("new", "2022"),
        Mark("same", ")."),
    )
    spaced = marking.spaced(bare, "Forms, Kai (2013).", "Forms, Tide and Kai (2022).")
    assert [mark.text for mark in spaced] == ["Forms,", " Tide and", " Kai (", "2013", "2022", ")."]
    assert marking.spaced(spaced, "Forms, Kai (2013).", "Forms, Tide and Kai (2022).") == spaced
    assert not marking.view(change).marked


@given(
    st.lists(
        st.tuples(st.sampled_from(("same", "gone", "new")), st.text("ab ,(", min_size=1)),
        min_size=1,
    )
)
def test_marks_that_spell_both_texts_are_left_as_they_are(pieces: list[tuple[str, str]]) -> None:
    marks = tuple(Mark(op, text) for op, text in pieces)
    before, after = (
        "".join(mark.text for mark in marks if mark.op != hidden) for hidden in ("new", "gone")
    )
    assert "".join(m.text for m in marking.spaced(marks, before, after)) == "".join(
        mark.text for mark in marks
    )


def test_people_see_their_own_words() -> None:
    stance = Change(
        "standard",
        "changed",
        "critical",
        "w",
        "s",
        field="stance",
        before="claimed",
        after="not_claimed",
    )
    assert phrases.values(stance) == ("status", "held", "not held")
    # Fmt: skip.
    assert [
        phrases.status(stance)
        for stance in ("claimed", "supports", "planned", "not_claimed", "unknown", None)
    ] == [
        "held",
        "helps customers comply",
        "planned",
        "not held",
        "unclear status",
        "unclear status",
    ]
    assert phrases.label(stance) == "status changed"
    assert phrases.label(sample.CHANGES["link"]) == "document link changed"
    assert phrases.label(sample.CHANGES["wording"]) == "wording changed"
    ordinals = "1st 2nd 3rd 4th 11th 12th 13th 21st 112th"
    assert (
        " ".join(phrases.ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 112))
        == ordinals
    )
    assert phrases.count(1204, "page") == "1,204 pages"
    assert phrases.listing(()) == ""
    assert [
        phrases.sentence(text) for text in ("note removed: “By June.”", "odd", "", "(So.)")
    ] == [
        "Note removed: “By June.”",
        "Odd.",
        "",
        "(So.)",
    ]


def test_lone_surrogates_do_not_stop_a_report() -> None:
    reading = Reading(Document("\ud800"), (Claim("note", Source("\udfff"), value="\udfff"),))
    run = sample.Run(
        sample.BEGAN, sample.BEGAN, (sample.First(sample.look(sample.NEWCOMER), reading),)
    )
    for text in (report.html(run), report.markdown(run), report.json(run)):
        text.encode()
