"""HTML and Markdown: what a reader sees, and that no page can put anything else there."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import test_report_sample as sample
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline import report, visible, words
from pipeline.model import Change, Mark, Run, Source, Unchanged
from pipeline.report import drawing

SCHEMES = ("http://", "https://", "mailto:", "#")


def soup(run: Run) -> BeautifulSoup:
    return BeautifulSoup(report.html(run), "lxml")


def words_of(tag: object) -> str:
    return " ".join(tag.get_text(" ").split())  # type: ignore[attr-defined]


def rendered(markdown: str) -> BeautifulSoup:
    return BeautifulSoup(
        MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown), "lxml"
    )


@pytest.fixture(scope="module")
def busy() -> BeautifulSoup:
    return soup(sample.busy())


def test_changes_come_first_by_severity_each_as_one_sentence(busy: BeautifulSoup) -> None:
    assert (
        busy.h1.get_text()
        == "6 changes need attention on 2 of 7 pages; 1 could not be read, 1 held back."
    )
    assert [words_of(heading) for heading in busy.select("main > section > h2")] == [
        "Critical 1 change",
        "High 5 changes",
        "Medium 1 change",
        "Low 1 change",
        "Wording and page facts info",
        "Listed apart: not of the pages’ making",
        "Held back",
        "What was looked at",
        "What could not be read",
        "What stayed the same",
        "Baseline first look",
    ]
    assert [words_of(card.h3) for card in busy.select(".card")][:2] == [
        "PCI DSS 4.0 Level 1 is no longer claimed for Harborline Assist.",
        "ISO/IEC 27001: edition 2013 → 2022.",
    ]


def test_a_card_has_the_sentences_marked_the_instants_the_reason_the_link_and_the_command(
    busy: BeautifulSoup,
) -> None:
    card = busy.select_one("#change-2a2b3c4d5e6f")
    assert [side.get_text() for side in card.select(".pair blockquote")] == [
        sample.OLD_ISO,
        sample.NEW_ISO,
    ]
    assert (
        [tag.get_text() for tag in card.select(".pair del")],
        [tag.get_text() for tag in card.select(".pair ins")],
    ) == (
        ["2013"],
        ["2022"],
    )
    assert [tag["datetime"] for tag in card.select("time")] == [
        "2023-05-12T06:00:00Z",
        "2023-05-13T06:00:00Z",
    ]
    text = words_of(card)
    assert (
        "Seen in the old form until 12 May 2023 06:00 UTC · first seen in the new form 13 May "
        "2023 06:00 UTC" in text
    )
    assert "High: edition changed." in text
    assert "claimwatch review 2a2b3c4d5e6f --accept" in text
    assert card.select_one("a.live")["href"].startswith(
        "https://harborline.example/trust/assist#:~:text=Harborline%20Assist"
    )


def test_nothing_is_said_to_be_removed_on_a_day(busy: BeautifulSoup) -> None:
    assert "Seen until 12 May 2023 06:00 UTC · first absent at 13 May 2023 06:00 UTC" in words_of(
        busy.select_one("#change-1a2b3c4d5e6f")
    )
    assert "removed on" not in words_of(busy)


def test_a_rename_says_how_sure_it_is_and_a_mass_change_how_often(busy: BeautifulSoup) -> None:
    card = words_of(busy.select_one("#change-3a2b3c4d5e6f"))
    assert "97% sure: near-identical sentences around both names." in card
    assert "14 places alike" in card
    assert "and 9 more" in card


def test_a_rule_of_the_config_is_named_with_the_default_it_replaced(busy: BeautifulSoup) -> None:
    assert (
        'rule 1 of your config: its text has "scan the page" (the default is info: wording).'
        in words_of(busy.select_one("#change-8a2b3c4d5e6f"))
    )


def test_a_view_with_no_visible_change_says_so(busy: BeautifulSoup) -> None:
    card = words_of(busy.select_one("#change-7a2b3c4d5e6f"))
    assert (
        "No visible change: the text reads the same before and after; only its link changed."
        in card
    )
    assert "/docs/soc3-2021.pdf → /docs/soc3-2022.pdf" in card


def test_small_changes_and_those_of_other_causes_are_folded_with_their_count(
    busy: BeautifulSoup,
) -> None:
    assert words_of(busy.select_one("#info summary")) == "Harborline · harborline-assist 2 changes"
    assert words_of(busy.select_one("#apart summary")) == "1 difference from our re-reading"
    assert all("open" not in fold.attrs for fold in busy.select("#info details, #apart details"))


def test_every_page_is_accounted_for(busy: BeautifulSoup) -> None:
    rows = [
        [words_of(cell) for cell in row.select("td")][:2] for row in busy.select("#pages tbody tr")
    ]
    assert [result for _, result in rows] == [
        "8 changes; 14 differences of formatting only",
        "2 changes",
        "First look: baseline of 132 claims",
        "Could not be read",
        "Held back: looks broken",
        "Unchanged; 3 differences of formatting only",
        "Unchanged",
    ]
    trouble = words_of(busy.select_one("#trouble"))
    assert "Could not be fetched: the server answered 503 Service Unavailable" in trouble
    assert "This is the 3rd time in a row. Last good look: 12 May 2023 06:00 UTC ." in trouble
    held = words_of(busy.select_one("#held"))
    assert "Held back: looks broken. The body is a bot challenge" in held
    assert "17 differences of formatting only." in words_of(busy.select_one("#same"))


def test_a_baseline_shows_what_a_page_claims(busy: BeautifulSoup) -> None:
    base = busy.select_one("#baseline-1")
    rows = [
        [words_of(cell) for cell in row.select("th, td")]
        for row in base.select("table.standards tbody tr")
    ]
    assert len(rows) == 20
    assert rows[0][:4] == ["ISO/IEC 27001", "2013", "–", "Held"]
    assert "superseded edition ISO/IEC 27001:2013 was superseded by the 2022 edition" in rows[0][4]
    assert (
        "Assessed by: Brackwater Assurance LLP · Valid: 1 January to 31 December 2022" in rows[8][4]
    )
    assert {row[3] for row in rows} == {
        "Held",
        "Helps customers comply",
        "Planned",
        "Unclear status",
        "Not held",
    }
    text = words_of(base)
    assert "In scope of SOC 1, SOC 2 and SOC 3, Commercial 34 services" in text
    assert "Out of scope of HIPAA 1 service" in text
    assert "names another standard This document names ISO/IEC 27001, its row ISO 22301." in text
    assert 'Line 88: status "phase two" is not known.' in text


def test_empty_states_are_sentences() -> None:
    text = words_of(soup(sample.quiet()))
    assert "No changes. All 5 pages read." in text
    assert "5 pages unchanged" in text
    assert "None of the 2 pages could be read." in words_of(soup(sample.failing()))
    assert "There was no good look at this page yet." in words_of(soup(sample.failing()))
    assert "No page was looked at." in words_of(soup(Run(sample.BEGAN, sample.BEGAN)))


@pytest.mark.parametrize(
    "run", [sample.busy(), sample.quiet(), sample.failing()], ids=["busy", "quiet", "failing"]
)
def test_a_report_holds_no_script_and_follows_only_listed_schemes(run: Run) -> None:
    page = soup(run)
    assert not page.select("script, img, iframe, object, embed, form, base, link")
    assert all(link["href"].startswith(SCHEMES) for link in page.select("a"))
    assert not [
        tag
        for tag in page.find_all(True)
        for name in tag.attrs
        if name.startswith("on") or name == "style"
    ]
    assert "\u202e" not in report.html(run)


def test_the_policy_allows_the_one_style_sheet_by_its_digest(busy: BeautifulSoup) -> None:
    policy = busy.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    digest = base64.b64encode(hashlib.sha256(busy.style.string.encode()).digest()).decode()
    assert (
        policy
        == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_the_same_run_gives_the_same_bytes() -> None:
    assert [form(sample.busy()) for form in (report.html, report.markdown, report.json)] == [
        form(sample.busy()) for form in (report.html, report.markdown, report.json)
    ]


def test_markdown_of_a_hostile_run_holds_neither_markup_nor_links_of_a_page() -> None:
    page = rendered(report.markdown(sample.busy()))
    assert not page.select("script, img")
    assert all(link["href"].startswith(SCHEMES) for link in page.select("a"))
    assert {len(row.select("td, th")) for row in page.select("table")[0].select("tr")} == {5}
    assert "<script>alert(1)</script>" in page.get_text()


@given(st.text(), st.text("\\`*_[]<>()|~$&#+=-:/.w!@1 \n\tahtps\u202e"))
def test_markdown_shows_any_text_as_it_is_in_a_cell_an_item_and_a_quote(
    first: str, second: str
) -> None:
    for text in (first, second):
        shown, escaped = words.squeeze(visible.text(text)), drawing.escaped(text)
        table = rendered(f"| a | b |\n| --- | --- |\n| x{escaped}x | y |\n")
        assert [words.squeeze(cell.get_text()) for cell in table.select("td")] == [
            words.squeeze(f"x{visible.text(text)}x"),
            "y",
        ]
        for block in (f"- {escaped}", f"> {escaped}"):
            found = rendered(block)
            assert words.squeeze(found.get_text()) == shown
            assert not found.select(
                "a, em, strong, code, h1, h2, hr, ol, img, pre, ul ul, blockquote blockquote"
            )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_html_shows_any_text_as_it_is(text: str) -> None:
    change = Change(
        "wording", "added", "high", "wording", "New", after=text, source_after=Source(text, (text,))
    )
    page = soup(Run(sample.BEGAN, sample.BEGAN, (), (sample.told(1, change),)))
    assert not page.select("script, img")
    if text.strip():
        assert words.squeeze(page.select_one(".card blockquote").get_text()) == words.squeeze(
            visible.text(text)
        )


def test_marked_punctuation_stays_outside_of_bold() -> None:
    marks = (
        Mark("same", "Forms"),
        Mark("new", ", Kai (new)"),
        Mark("gone", "."),
        Mark("same", " are in scope."),
    )
    assert str(drawing.strong(marks)) == "Forms, **Kai (new**). are in scope."


def test_markdown_of_a_small_run() -> None:
    run = Run(
        sample.BEGAN,
        sample.BEGAN,
        (Unchanged(sample.look(sample.QUIET), 3),),
        (sample.told(2, sample.CHANGES["edition"]),),
    )
    expected = Path(__file__).parent / "test_report_small.md"
    assert report.markdown(run) == expected.read_text(encoding="utf-8")


def test_the_index_lists_reports_newest_first() -> None:
    later = sample.Run(
        sample.BEGAN.replace(day=14), sample.BEGAN.replace(day=14), sample.quiet().outcomes
    )
    entries = (
        report.entry("a b.html", report.json(sample.busy())),
        report.entry("later.html", report.json(later)),
    )
    page = BeautifulSoup(report.index(entries), "lxml")
    assert [link["href"] for link in page.select("a")] == ["later.html", "a%20b.html"]
    rows = [words_of(row) for row in page.select("tbody tr")]
    assert rows[0] == "14 May 2023 06:00 UTC No changes. none – 5 of 5 read –"
    assert rows[1].endswith(
        "critical 1 high 5 medium 1 low 1 info 2 – 5 of 7 read, 1 failed, 1 held back 1"
    )
    assert "No report yet." in words_of(BeautifulSoup(report.index(()), "lxml"))


def test_the_index_is_folded_by_month_the_newest_open() -> None:
    began = [sample.BEGAN.replace(month=month, day=1) for month in (3, 4, 5)]
    runs = [sample.Run(at, at, sample.quiet().outcomes) for at in began]
    entries = tuple(report.entry(f"{n}.html", report.json(run)) for n, run in enumerate(runs))
    page = BeautifulSoup(report.index(entries), "lxml")
    months = [words_of(one) for one in page.select("summary")]
    assert months == ["May 2023 1 report", "April 2023 1 report", "March 2023 1 report"]
    assert [one.has_attr("open") for one in page.select("details")] == [True, False, False]
    west = BeautifulSoup(report.index(entries, None, ZoneInfo("Pacific/Honolulu")), "lxml")
    assert words_of(west.select_one("summary")).startswith("April 2023")


def test_changes_lead_to_the_web_page_where_it_is_said_where_that_is() -> None:
    run = replace(sample.busy(), site="https://claims.example.org/")
    ids = {item.id for item in run.told}
    wanted = {f"https://claims.example.org/changes/{one}" for one in ids}
    linked = {str(link["href"]) for link in soup(run).find_all("a", href=True)}
    assert wanted <= linked
    assert f"(<https://claims.example.org/changes/{run.told[0].id}>)" in report.markdown(run)
    plain = report.html(sample.busy()) + report.markdown(sample.busy())
    assert "/changes/" not in plain
    assert f"claimwatch review {run.told[0].id} --accept" in plain
