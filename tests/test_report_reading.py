"""What makes a report quick to read: batches folded,
rows with their cell marked, pages side by side.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
import test_report_sample as sample
from rich.console import Console

from pipeline import report
from pipeline.cli import beside, changes
from pipeline.model import (
    Change,
    Changed,
    Comparison,
    Document,
    Line,
    Mark,
    Reading,
    Run,
    Source,
    Stretch,
)
from pipeline.report import folding, marking

NAMES = (
    "Accounts",
    "Billing",
    "Cards",
    "Disputes",
    "Exports",
    "Feeds",
    "Ledger <b>Mail</b>",
    "Notices",
)
BATCH = tuple(
    Change(
        *(
            "service",
            "added",
            "medium",
            "a service is newly in scope",
            f"Harborline {name} now listed in scope for FedRAMP",
        ),
        after=f"Harborline {name}",
        standard="fedramp",
        standard_name="FedRAMP",
        source_after=Source(f"Harborline {name}", ("Scope",)),
        batch="8 services added for FedRAMP",
    )
    for name in NAMES
)
ROW = (
    *(Mark("row", ""), Mark("cell", "Certification"), Mark("same", "ISO/IEC 27001")),
    *(
        Mark("cell", "Edition"),
        Mark("gone", "2013"),
        Mark("new", "2022"),
        Mark("cell", "Status"),
        Mark("same", "Certified"),
    ),
)
EDITION = Change(
    *(
        "standard",
        "changed",
        "high",
        "the edition changed",
        "ISO/IEC 27001: edition 2013 → 2022",
        "edition",
    ),
    standard="iso-27001",
    before="2013",
    after="2022",
    source_before=Source("ISO/IEC 27001"),
    source_after=Source("ISO/IEC 27001"),
    marks=ROW,
)
STRETCH = Stretch(
    ("Scope", "Regions <i>"),
    (
        Line((Mark("same", "It runs in two regions."),)),
        Line((Mark("same", "Ask"), Mark("gone", " us"), Mark("new", " the desk"))),
    ),
    7,
)


def run(*changes: Change) -> Run:
    nothing = Reading(Document("Harborline scope"))
    outcome = Changed(
        sample.look(sample.SCOPE),
        nothing,
        nothing,
        Comparison(changes, stretches=(STRETCH,)),
        sample.BEFORE,
    )
    told = tuple(
        sample.told(number, change, sample.SCOPE) for number, change in enumerate(changes, 1)
    )
    return Run(sample.BEGAN, sample.BEGAN, (outcome,), told)


def test_a_batch_is_one_entry_with_its_count_and_examples_in_every_view() -> None:
    done = run(*BATCH, EDITION)
    page, text = report.html(done), report.markdown(done)
    assert page.count("<h3>8 services added for FedRAMP.</h3>") == 1
    assert "All 8 changes" in page
    assert "Harborline Feeds" in page
    assert "and 2 more" in page
    assert "<b>Mail" not in page
    assert text.count("### 8 services added for FedRAMP") == 1
    assert all(told.id in text and f'id="change-{told.id}"' in page for told in done.told)
    assert len(json.loads(report.json(done))["changes"]) == 9


def test_a_batch_is_not_folded_over_pages_or_verdicts() -> None:
    told = [sample.told(number, change, sample.SCOPE) for number, change in enumerate(BATCH)]
    told[3] = replace(told[3], status="accepted")
    folds = folding.folds(told)
    assert [(fold.title, len(fold.told)) for fold in folds] == [
        ("8 services added for FedRAMP", 7),
        (None, 1),
    ]


def test_the_changed_cell_is_marked_in_its_row_under_its_heading() -> None:
    page, text = report.html(run(EDITION)), report.markdown(run(EDITION))
    assert (
        '<td data-label="Edition" dir="auto"><span><del>2013</del><ins>2022</ins></span></td>'
        in page
    )
    assert '<td data-label="Status" dir="auto"><span>Certified</span></td>' in page
    assert "Certification: ISO/IEC 27001 \\| Edition: ~~2013~~" in text
    assert marking.view(EDITION).grids[0].heads == ("Certification", "Edition", "Status")


def test_pages_stand_side_by_side_with_what_is_alike_left_out() -> None:
    page = report.html(run(EDITION))
    assert "7 lines alike" in page
    assert "Scope › Regions &lt;i&gt;" in page
    assert (
        '<div class="old" dir="auto">Ask <del>us</del></div><div class="new" dir="auto">Ask '
        "<ins>the desk</ins></div>" in page
    )


def test_a_line_of_one_page_alone_leaves_the_other_side_empty() -> None:
    assert marking.sides((Mark("new", "Now here."),))[1] == ()
    assert marking.sides((Mark("gone", "No more."),))[2] == ()
    assert marking.sides((Mark("same", "Stays."),))[1:] == (
        (Mark("same", "Stays."),),
        (Mark("same", "Stays."),),
    )


def test_a_row_of_empty_cells_shows_nothing_and_stops_nothing() -> None:
    # A sheet whose row of separators lost its cells: a row stands in the marks,
    # and no cell behind it.
    whole, before, after = marking.sides((Mark("row", ""), Mark("row", ""), Mark("cell", "Held")))
    assert {mark.text for mark in (*whole, *before, *after)} == {"Held: "}
    assert marking.sides((Mark("row", ""),)) == ((), (), ())


def shown(*given: Change) -> str:
    out = io.StringIO()
    changes.comparison(
        Console(file=out, width=140, highlight=False, markup=False), Comparison(given)
    )
    return out.getvalue()


def test_a_terminal_folds_batches_and_marks_cells() -> None:
    text = shown(*BATCH, EDITION)
    assert text.count("services added for FedRAMP") == 1
    assert "Harborline Accounts; Harborline Billing" in text
    assert "Certification: ISO/IEC 27001 | Edition: [-2013-] {+2022+} | Status: Certified" in text
    assert "9 changes" in text


def test_a_view_without_a_visible_change_says_so() -> None:
    same = replace(
        EDITION, marks=tuple(mark for mark in ROW if mark.op != "gone" and mark.op != "new")
    )
    assert "No visible change" in report.html(run(same))
    assert "No visible change" in report.markdown(run(same))


@pytest.mark.parametrize(
    ("width", "expected"), [(140, "Ask [-us-]"), (80, "Ask [-us-] {+the desk+}")]
)
def test_a_terminal_shows_pages_side_by_side_where_it_is_wide(width: int, expected: str) -> None:
    out = io.StringIO()
    beside.show(
        Console(file=out, width=width, highlight=False, markup=False),
        Comparison((EDITION,), stretches=(STRETCH,)),
    )
    lines = out.getvalue().splitlines()
    assert "7 lines alike" in lines[0]
    assert any(expected in line for line in lines)
    assert any(
        line.count("It runs in two regions.") == (2 if width == 140 else 1) for line in lines
    )


def test_a_terminal_says_where_nothing_differs() -> None:
    out = io.StringIO()
    beside.show(Console(file=out, width=80), Comparison(form=3))
    assert out.getvalue().strip() == "No visible change."


def test_a_text_that_stayed_is_shown_below_the_heading_that_changed() -> None:
    moved = replace(
        EDITION,
        marks=(),
        source_before=Source("Issued by Acme Cert.", ("Trust", "ISO/IEC 27001:2013")),
        source_after=Source("Issued by Acme Cert.", ("Trust", "ISO/IEC 27001:2022")),
    )
    text = report.html(run(moved))
    assert "No visible change" not in text
    assert "<del>ISO/IEC 27001:2013</del>" in text
    assert "<ins>ISO/IEC 27001:2022</ins>" in text
