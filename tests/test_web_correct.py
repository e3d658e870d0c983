"""Our reading of a claim, corrected in the browser: the same record as in the terminal,
and nothing of it unseen.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from web_site import Web

from pipeline import history

Row = dict[str, Any]


@pytest.fixture
def web(larkfield: Path) -> Iterator[Web]:
    with Web(larkfield) as opened:
        opened.enter()
        yield opened


def claims(web: Web, **wanted: str) -> list[Row]:
    db = history.open(web.site.config.database)
    try:
        return history.claims(db, **wanted)  # type: ignore[arg-type]
    finally:
        db.close()


def iso(web: Web) -> Row:
    return next(row for row in claims(web, kind="standard") if row["standard"] == "iso-27001")


def form(web: Web, claim: str) -> dict[str, str]:
    """Return the form as it is shown, each field with what it holds."""
    text = web.get(f"/claims/{claim}").text
    shown = re.search(r'<form class="correct".*?</form>', text, re.DOTALL)
    assert shown, text
    found = dict(re.findall(r'<input[^>]*name="(\w+)" value="([^"]*)"', shown[0]))
    for name, choices in re.findall(r'<select name="(\w+)">(.*?)</select>', shown[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', choices)
        found[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in found.items()}


def send(web: Web, claim: str, **more: str) -> int:
    return send_form(web, claim, form(web, claim) | more)


def send_form(web: Web, claim: str, fields: dict[str, str]) -> int:
    return web.post(f"/claims/{claim}/correct", {"said": "reads", **fields}).status_code


def test_it_is_the_same_record_as_in_the_terminal(
    web: Web, capsys: pytest.CaptureFixture[str]
) -> None:
    claim = iso(web)
    assert send(web, claim["id"], edition="2019", note="the certificate says so") == 303
    read = iso(web)
    assert (read["edition"], read["text"]) == ("2019", claim["text"])
    mark = read["correction"]
    assert (mark["by"], mark["note"]) == ("Bo", "the certificate says so")
    assert mark["should_be"] == {"edition": "2019"}
    desk = Command(web.site.config.database.parent, capsys)
    found = json.loads(desk("history", claim["id"], "--format", "json"))
    assert found[-1]["correction"]["should_be"] == {"edition": "2019"}
    assert any(row["review"] == mark["review"] for row in _corrections(web))
    text = web.get(f"/claims/{claim['id']}").text
    assert re.search(r"<strong>Read wrong</strong> by Bo, .* · edition: 2019</p><p>the cert", text)


def _corrections(web: Web) -> list[Row]:
    found: list[Row] = web.get("/data/corrections.json?_shape=array").json()
    return found


def test_a_second_correction_keeps_what_the_first_one_said(web: Web) -> None:
    claim = iso(web)["id"]
    send(web, claim, edition="2019", note="a")
    assert form(web, claim)["edition"] == "2019"
    send(web, claim, level="Level 2", note="b")
    assert iso(web)["correction"]["should_be"] == {"edition": "2019", "level": "Level 2"}
    send(web, claim, level="", note="c")
    assert iso(web)["correction"]["should_be"] == {"edition": "2019", "level": None}


def test_there_may_be_no_such_claim_and_that_can_be_taken_back(web: Web) -> None:
    claim = iso(web)["id"]
    assert send(web, claim, said="none", note="it speaks of a supplier") == 303
    assert not history.counts(iso(web))
    assert "There is no such claim</strong> by Bo" in web.get(f"/claims/{claim}").text
    assert send(web, claim, said="right", note="no, it is theirs") == 303
    assert "correction" not in iso(web)
    assert "Read right</strong> by Bo" in web.get(f"/claims/{claim}").text


def test_a_standard_comes_with_its_name(web: Web) -> None:
    claim = iso(web)["id"]
    assert send(web, claim, standard="iso-27701", note="misread") == 303
    read = next(row for row in claims(web, kind="standard") if row["id"] == claim)
    assert (read["standard"], read["standard_name"]) == ("iso-27701", "ISO/IEC 27701")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"edition": "2019", "note": ""}, 400),
        ({"note": "nothing is another"}, 400),
        ({"stance": "held", "note": "x"}, 400),
        ({"standard": "iso27001", "note": "x"}, 404),
    ],
)
def test_what_corrects_nothing_is_refused(web: Web, more: dict[str, str], status: int) -> None:
    assert send(web, iso(web)["id"], **more) == status
    assert "correction" not in iso(web)


def test_what_was_corrected_meanwhile_is_not_corrected_unseen(web: Web) -> None:
    claim = iso(web)["id"]
    shown = form(web, claim)
    send(web, claim, edition="2019", note="first")
    assert send_form(web, claim, shown | {"level": "1", "note": "second"}) == 409
    assert iso(web)["correction"]["should_be"] == {"edition": "2019"}


@pytest.mark.parametrize("kind", ["standard", "service", "note", "metadata"])
def test_every_kind_of_claim_has_its_form(web: Web, kind: str) -> None:
    found = claims(web, kind=kind)
    assert found
    for row in found:
        assert form(web, row["id"])["seen"]
        assert send(web, row["id"], said="none", note="not one") == 303


def test_a_hostile_correction_is_inert(web: Web) -> None:
    claim = iso(web)["id"]
    send(web, claim, edition="<script>alert(1)</script>", note="<img src=x onerror=alert(2)>")
    for address in (f"/claims/{claim}", "/matrix", "/vendor?name=Larkfield"):
        text = web.get(address).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
