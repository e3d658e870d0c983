"""What is said of a page that is held back is the same in a report, a mail,
a webhook's JSON and on a terminal.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import held_sample as sample
import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from rich.console import Console
from test_report_sample import CHANGES, told

from pipeline import alert, report
from pipeline.cli import runs
from pipeline.model import Held, Outage, Situation, Standing
from pipeline.report import holding, outline
from pipeline.rules import Alert

DAILY = Alert("mailto:grc@example.org", name="grc", daily=True)
STANDING = tuple(Standing(one.page, one.last_good_at) for one in sample.HELD)


def mail(daily: bool = True, *outages: Outage) -> alert.Message:
    [one] = alert.messages(
        sample.run(), (replace(DAILY, daily=daily),), Situation(STANDING, outages)
    )
    return one


def terminal(width: int) -> str:
    out = Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False)
    runs.run(out, sample.run())
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def text_of(html: str) -> str:
    return BeautifulSoup(html, "lxml").get_text(" ")


def outputs() -> Iterator[tuple[str, str]]:
    done = sample.run()
    yield "report", text_of(report.html(done))
    yield "markdown", text_of(MarkdownIt().enable("table").render(report.markdown(done)))
    yield "mail", mail().text
    yield "mail in html", text_of(mail().html)
    for width in (80, 120, 160):
        yield f"terminal of {width}", terminal(width)


def squeezed(text: str) -> str:
    """Return a text without its line breaks and the spaces around punctuation:
    outputs break lines where they have to.
    """
    return re.sub(r"\s+|(?<=\W) | (?=\W)", "", text).casefold()


OUTPUTS = dict(outputs())


def story(held: Held) -> Iterator[str]:
    """Yield all that has to be said of a page."""
    yield held.page.id
    yield from (holding.opening(held), holding.stands(held), holding.outlook(held))
    yield holding.rejection(held)
    yield from (line.text for line in holding.entries(held))
    yield from (command for _, command in holding.ways(held))
    yield from (digest for _, digest, _ in holding.captures(held))


@pytest.mark.parametrize("held", sample.HELD, ids=lambda held: held.page.id)
@pytest.mark.parametrize("name", OUTPUTS)
def test_every_output_tells_the_whole_story(name: str, held: Held) -> None:
    shown = squeezed(OUTPUTS[name])
    missing = [part for part in story(held) if squeezed(part) not in shown]
    assert missing == []


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_change_of_a_held_page_is_shown_as_confirmed(name: str) -> None:
    shown = squeezed(OUTPUTS[name])
    assert shown.count("unconfirmed") >= len(holding.entries(sample.MASS))
    assert "\u202e" not in OUTPUTS[name]


def test_the_words() -> None:
    assert holding.opening(sample.MASS) == (
        "Held back since 12 March 2026 06:00 UTC: looks broken. 57 of 60 claims would go at once: "
        "the page broke, or our reading of it did."
    )
    assert holding.outlook(sample.MASS) == (
        "If it were accepted, 11 changes would be reported, unconfirmed until then: "
        "2 critical, 8 high and 1 info."
    )
    assert holding.outlook(sample.NEW) == (
        "If it were accepted, it would be the baseline of this page, of 1 claim."
    )
    assert holding.outlook(sample.UNSAID) == (
        "What would change if it were accepted cannot be said: Comparing it took more than 30 s."
    )
    assert holding.outlook(replace(sample.MASS, changes=())) == (
        "If it were accepted, nothing would change."
    )
    assert holding.rejection(sample.UNSAID) == (
        "Rejected by ana on 12 March 2026 09:00 UTC: “our vendor's front page”. "
        "It stays held back while the page shows this text."
    )
    batch = holding.entries(sample.MASS)[2]
    assert (batch.severity, batch.text) == ("high", "8 services removed for SOC 2")
    assert batch.names == "Archive, Courier, Beacon, Anvil, Prism, Quarry and 2 more"


def test_json_says_the_same_in_a_report_and_a_webhook() -> None:
    whole, hook = json.loads(report.json(sample.run())), json.loads(mail().payload)
    assert [one["page"] for one in hook["held"]] == ["desk", "studio", "vault"]
    assert hook["held"] == [json.loads(json.dumps(one)) for one in whole["held"]]
    desk, studio, vault = whole["held"]
    assert desk["captures"] == {"good": "a" * 64, "held_back": "b" * 64}
    assert (desk["since"], desk["last_good_at"]) == ("2026-03-12T06:00:00Z", "2026-03-11T06:00:00Z")
    assert {one["confirmed"] for one in desk["changes"]} == {False}
    assert len(desk["changes"]) == 11
    assert desk["accept"] == "claimwatch review desk --accept"
    assert desk["reject"].startswith("claimwatch review desk --no-change -m ")
    assert (studio["baseline_claims"], studio["captures"]["good"]) == (1, None)
    assert vault["rejected"]["by"] == "ana"
    assert vault["not_compared"] == "comparing it took more than 30 s"


def test_who_asked_for_no_daily_line_gets_the_story_of_the_page_that_is_told_alone() -> None:
    outage = Outage(sample.page("desk"), sample.SINCE, 3, "held back: most claims gone")
    one = mail(False, outage)
    assert [held["page"] for held in json.loads(one.payload)["held"]] == ["desk"]
    assert "is held back: 3 looks in a row without a good one" in one.subject
    assert "What it would change is below." in one.text


def test_no_headline_is_quiet_about_a_page_that_is_held_back() -> None:
    run = sample.run()
    minor = told(1, CHANGES["link"])
    for done in (run, replace(run, told=(minor,)), replace(run, outcomes=run.outcomes[:3])):
        said = outline.headline(done)
        assert "3 held back" in said, said
        assert "Nothing needs attention" not in said
    assert outline.headline(replace(run, outcomes=run.outcomes[-1:])) == "No changes"


def test_the_daily_line_names_what_failed_and_what_is_held_back() -> None:
    one = mail()
    assert one.subject == (
        "claimwatch: nothing changed on the 1 of 5 pages that were read; "
        "1 could not be read, 3 held back"
    )
    assert "relay (https://northwind.example/relay): Could not be fetched: HTTP 503." in one.text
    assert "This is the 2nd time in a row." in one.text


def test_a_run_of_held_pages_alone_says_so_in_its_headline() -> None:
    done = sample.run()
    lone = replace(done, outcomes=done.outcomes[:1], held=(sample.MASS,))
    text = text_of(report.html(lone))
    assert "The page is held back." in text
    assert "1 page held back: looks broken. 11 changes there are unconfirmed." in text
