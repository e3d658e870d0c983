"""What a terminal, a pipe, a spreadsheet and a program get of the same rows."""

from __future__ import annotations

import csv
import io
import json
from datetime import tzinfo

import pytest
from rich.console import Console
from rich.text import Text

from pipeline.cli import changes, claims, progress, tables
from pipeline.model import Change, Claim, Comparison, Document, Mark, Reading, Source

ROWS = [
    {
        "id": "3f9a1c",
        "severity": "high",
        "summary": "ISO/IEC 27001: edition 2013 → 2022",
        "members": ["a", "b"],
        "count": -2,
    },
    {
        "id": "77d0aa",
        "severity": "info",
        "summary": '=HYPERLINK("https://evil.example")',
        "members": [],
        "count": 0,
    },
]


def drawn(*things: object, width: int = 100) -> str:
    out = Console(file=io.StringIO(), width=width, color_system=None)
    for thing in things:
        out.print(thing)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def plain(row: tables.Row, zone: tzinfo) -> Text:
    return Text(" · ".join(tables.safe(tables.cell(value, zone)) for value in row.values()))


def test_a_table_shows_only_columns_that_hold_something() -> None:
    view = tables.View(("id", "severity", "vendor", "summary"), plain, ("summary",))
    text = drawn(tables.table(ROWS, view))
    assert "3f9a1c" in text
    assert "edition 2013 → 2022" in text
    assert "vendor" not in text


def test_json_is_the_rows_as_they_are() -> None:
    assert json.loads(tables.as_json(ROWS)) == ROWS


def test_csv_has_every_key_and_runs_no_formula() -> None:
    read = list(csv.DictReader(io.StringIO(tables.as_csv(ROWS, ("id", "summary")))))
    assert read[0] == {
        "id": "3f9a1c",
        "summary": "ISO/IEC 27001: edition 2013 → 2022",
        "count": "-2",
        "members": "a; b",
        "severity": "high",
    }
    assert read[1]["summary"].startswith("'=HYPERLINK")


@pytest.mark.parametrize(
    "hostile", ["\x1b[2Jgone", "\x1b]0;title\x07", "a\rb", "\x9b31m", "abc\u202edef", "\x00"]
)
def test_no_page_steers_the_terminal(hostile: str) -> None:
    shown = drawn(tables.table([{"text": hostile}], tables.View(("text",), plain)))
    assert not set(hostile) & set("\x1b\x07\r\x9b\u202e\x00") & set(shown)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "yes"),
        (["a", "b"], "a; b"),
        ("2024-01-15T06:00:00+00:00", "2024-01-15 06:00 UTC"),
        ("2024-01-15T06:00:00.123+00:00", "2024-01-15 06:00 UTC"),
        ("2024-01-15", "2024-01-15"),
    ],
)
def test_a_cell_reads_as_a_person_would_write_it(value: object, shown: str) -> None:
    assert tables.cell(value) == shown


# --------------------------------------------------------------------------- readings and changes

SENTENCE = "Larkfield Desk is certified to ISO/IEC 27001:2013."
CLAIM = Claim(
    "standard",
    Source(SENTENCE, ("Compliance", "ISO"), 12),
    subject="Larkfield Desk",
    standard="iso-27001",
    standard_name="ISO/IEC 27001",
    edition="2013",
    stance="claimed",
)
EDITION = Change(
    "standard",
    "changed",
    "high",
    "edition changed",
    "ISO/IEC 27001: edition 2013 → 2022",
    field="edition",
    before="2013",
    after="2022",
    source_before=CLAIM.source,
    source_after=Source(SENTENCE.replace("2013", "2022"), ("Compliance", "ISO"), 12),
    marks=(
        Mark("same", "Larkfield Desk is certified to ISO/IEC 27001:"),
        Mark("gone", "2013"),
        Mark("new", "2022"),
        Mark("same", "."),
    ),
)


def shown_reading(read: Reading) -> str:
    out = Console(file=io.StringIO(), width=120, color_system=None)
    claims.reading(out, "page.md", read)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def shown_changes(found: Comparison, **console: object) -> str:
    out = Console(file=io.StringIO(), width=120, **(console or {"color_system": None}))
    changes.comparison(out, found)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_a_reading_shows_each_claim_beside_its_sentence_and_what_was_not_understood() -> None:
    text = shown_reading(
        Reading(
            Document("Compliance"),
            (CLAIM,),
            ("Larkfield Desk",),
            ('line 40: status "phase two" is not known',),
        )
    )
    assert "Standards (1)" in text
    assert "ISO/IEC 27001:2013 · held" in text
    assert "certified to ISO/IEC" in text
    assert "line 12" in text
    assert "phase two" in text


def test_a_reading_without_claims_says_so() -> None:
    assert "No claims were found" in shown_reading(Reading(Document(None)))


def test_a_change_is_a_sentence_with_its_words_marked() -> None:
    text = shown_changes(Comparison((EDITION,), form=3))
    assert "high" in text
    assert "ISO/IEC 27001: edition 2013 → 2022" in text
    assert "27001:[-2013-]{+2022+}" in text.replace(" [-", "[-").replace("-] ", "-]")
    assert "1 change: 1 high; 3 differences of form." in text


def test_colours_mark_the_words_where_there_are_colours() -> None:
    text = shown_changes(
        Comparison((EDITION,)), force_terminal=True, color_system="standard", legacy_windows=False
    )
    assert "\x1b[9;31m2013" in text
    assert "[-2013-]" not in text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (0, "No changes."),
        (1, "No changes. 1 difference of form."),
        (14, "No changes. 14 differences of form."),
    ],
)
def test_no_change_is_said_in_so_many_words(form: int, said: str) -> None:
    assert shown_changes(Comparison(form=form)).strip() == said


def test_where_nobody_watches_only_warnings_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown() as tell:
        tell("1 of 2 pages: alder: unchanged")
        tell("not delivered, it is tried again at the next run: \x1b[2Jrefused")
    streams = capsys.readouterr()
    assert streams.out == ""
    assert (
        streams.err == "claimwatch: not delivered, it is tried again at the next run: [2Jrefused\n"
    )
