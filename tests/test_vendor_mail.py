"""The mail that asks a vendor: what it quotes, what it keeps to itself,
and how it comes out of the terminal and the browser.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from commands import Command
from web_site import Web

from pipeline.model import Change, Page, Source, Told
from pipeline.report import asking

PAGE = Page("trust", "https://larkfield.example/trust", vendor="Larkfield")
BEFORE = Source("Larkfield Desk is certified to ISO/IEC 27001:2013.", ("Trust",), 3)
AFTER = Source("Larkfield Desk is certified to ISO/IEC 27001:2022.", ("Trust",), 3)
BUMP = Change(
    kind="standard",
    change="changed",
    field="edition",
    severity="high",
    why="edition changed",
    summary="ISO/IEC 27001: edition 2013 → 2022",
    standard="iso-27001",
    standard_name="ISO/IEC 27001",
    source_before=BEFORE,
    source_after=AFTER,
)
TOLD = Told(
    "3f9a1c000000",
    PAGE,
    BUMP,
    "high",
    "edition changed",
    datetime(2024, 5, 1, 2, tzinfo=UTC),
    datetime(2024, 4, 29, 6, tzinfo=UTC),
)


def test_it_quotes_both_states_with_their_dates_and_the_address() -> None:
    [mail] = asking.mails((TOLD,), ZoneInfo("America/New_York"))
    assert mail.subject == f"Question about ISO/IEC 27001 on your page {PAGE.url}"
    lines = mail.body.splitlines()
    assert lines[0] == "Dear Larkfield team,"
    assert PAGE.url in lines
    # In New York the look at 02:00 UTC on the 1st of May is still one of the 30th of April.
    at = lines.index("Until 29 April 2024, the page said:")
    assert lines[at + 1] == f"> {BEFORE.text}"
    at = lines.index("Since 30 April 2024 at the latest, it says:")
    assert lines[at + 1] == f"> {AFTER.text}"
    assert lines[-1] == "Kind regards"


def test_what_went_is_said_to_be_gone_and_what_came_has_no_before() -> None:
    gone = replace(TOLD, change=replace(BUMP, change="removed", field=None, source_after=None))
    assert "it no longer says so." in asking.mails((gone,))[0].body
    came = replace(TOLD, change=replace(BUMP, change="added", field=None, source_before=None))
    body = asking.mails((came,))[0].body
    assert "the page said" not in body
    assert f"> {AFTER.text}" in body


def test_the_link_opens_the_same_mail() -> None:
    [mail] = asking.mails((TOLD,))
    parts = urlsplit(mail.link or "")
    fields = parse_qs(parts.query, strict_parsing=True)
    assert (parts.scheme, parts.path) == ("mailto", "")
    assert fields["subject"] == [mail.subject]
    assert fields["body"] == [mail.body.replace("\n", "\r\n")]


def test_one_mail_is_about_one_page() -> None:
    other = replace(TOLD, page=Page("other", "https://contoso.example/", vendor=None))
    first, second = asking.mails((TOLD, other, replace(TOLD, id="1" * 12)))
    assert (first.page, second.page) == ("trust", "other")
    assert first.subject == f"Question about 2 changes on your page {PAGE.url}"
    assert re.findall(r"^(\d)\. ", first.body, re.MULTILINE) == ["1", "2"]
    assert second.body.startswith("Hello,")


def test_long_texts_are_cut_and_what_is_too_long_for_a_link_has_none() -> None:
    long = replace(BUMP, source_after=Source("very " * 400, (), 1))
    told = tuple(replace(TOLD, id=f"{n:012}", change=long) for n in range(30))
    [mail] = asking.mails(told)
    assert mail.link is None
    assert "And 10 more changes on the same page." in mail.body
    assert max(map(len, mail.body.splitlines())) <= asking.QUOTED + 2


def test_hostile_words_stay_quoted_and_head_nothing() -> None:
    evil = Source("A\r\nBcc: all@example.org\u202e\u0007 B", (), 1)
    page = replace(PAGE, vendor="Evil\r\nBcc: x@example.org")
    [mail] = asking.mails((replace(TOLD, page=page, change=replace(BUMP, source_after=evil)),))
    assert "\n" not in mail.subject
    assert str(make_header(decode_header(mail.subject))) == mail.subject
    assert "\u202e" not in mail.body
    assert "\u0007" not in mail.body
    assert "\nBcc:" not in mail.body.replace("\n> ", "\n")[: mail.body.index("Until")]
    assert all("Bcc: all" not in line or line.startswith(">") for line in mail.body.splitlines())


def test_a_local_file_has_no_address_to_name() -> None:
    [mail] = asking.mails((replace(TOLD, page=replace(PAGE, url="/home/ana/trust.md")),))
    assert "/home" not in mail.subject + mail.body


# ------------------------------------------------------------------------ the terminal, the browser


@pytest.fixture
def web(larkfield: Path) -> Iterator[Web]:
    with Web(larkfield) as opened:
        opened.enter()
        yield opened


def test_the_terminal_prints_it_and_keeps_that_the_vendor_was_asked(
    larkfield: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Command(larkfield, capsys)
    found = json.loads(
        desk("changes", "--status", "open", "--kind", "standard", "--format", "json")
    )
    change = found[0]["id"]
    said = desk("review", change, "--ask", "-m", "we may have to leave them", "--owner", "ana")
    assert re.search(r"^Subject: Question about .+ on your page$", said, re.MULTILINE)
    assert f"> {found[0]['text_after']}" in said
    assert "leave them" not in said
    assert json.loads(desk("show", change, "--format", "json"))["status"] == "asked"
    several = desk("review", "--page", "trust", "--ask")
    assert several.count("Subject: Question about") == 1
    assert "nothing was sent" in several
    assert "Subject:" not in desk("review", change, "--accept")


def test_the_browser_shows_it_to_copy_and_as_a_link(web: Web) -> None:
    mark = web.marks("/?severity=critical")[0]
    change = mark.partition(".")[0]
    assert f'href="/ask?id={change}"' in web.get(f"/changes/{change}").text
    text = web.get(f"/ask?id={change}").text
    link = html.unescape(re.findall(r'href="(mailto:[^"]+)"', text)[0])
    body = parse_qs(urlsplit(link).query)["body"][0].replace("\r\n", "\n")
    assert html.escape(body.splitlines()[0], quote=False) in text
    answer = web.post(
        "/review", {"id": mark, "verdict": "ask", "note": "by mail", "back": f"/ask?id={change}"}
    )
    after = web.get(answer.headers["location"]).text
    assert "1 change asked." in after
    assert "Keep as asked" not in after


def test_what_was_asked_in_the_inbox_leads_to_the_mails(web: Web) -> None:
    marks = web.marks()[:3]
    answer = web.post("/review", {"id": marks, "verdict": "ask", "back": "/"})
    text = web.get(answer.headers["location"]).text
    where = html.unescape(re.findall(r'href="(/ask\?[^"]+)"', text)[0])
    assert parse_qs(urlsplit(where).query)["id"] == [mark.partition(".")[0] for mark in marks]
    assert web.get(where).status_code == 200


@pytest.mark.parametrize(("address", "status"), [("/ask", 400), ("/ask?id=000000000000", 404)])
def test_a_mail_about_nothing_is_refused(web: Web, address: str, status: int) -> None:
    assert web.get(address).status_code == status
