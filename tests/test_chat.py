"""A webhook's `text`: what a chat shows, in words alone, and never longer than chats take."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_alert import GRC, STANDING, run, told

from pipeline import alert
from pipeline.alert import chat


def test_a_payload_has_the_mail_in_words_for_chats() -> None:
    (message,) = alert.messages(run(changes=(told("high"),)), (GRC,), STANDING)
    payload = json.loads(message.payload)
    assert payload["text"].startswith(f"{message.subject}\n\n")
    assert "(high) " in payload["text"]
    assert "claimwatch review" in payload["text"]


@pytest.mark.parametrize(
    "words",
    [
        "<!channel>",
        "@here",
        "<https://evil.example|Halden>",
        "[Halden](https://evil.example)",
        "```",
    ],
)
def test_nothing_of_a_page_calls_people_or_formats(words: str) -> None:
    said = chat.text("claimwatch: high", f"after: {words} ISO 27001, write to grc@halden.example")
    assert words not in said
    assert not set("<>[]`") & set(said)
    assert said.endswith("ISO 27001, write to grc@halden.example")


@given(st.text(), st.text(max_size=9000))
def test_a_message_is_short_enough_and_says_when_there_is_more(subject: str, body: str) -> None:
    said = chat.text(subject, body)
    assert len(said) <= chat.MOST
    whole = f"{subject}\n\n{body}".strip()
    assert said.endswith("see the report.") or len(said) == len(whole)


def test_a_line_is_left_out_whole() -> None:
    body = "\n".join(f"{number}: {'word ' * 30}end" for number in range(40))
    lines = chat.text("subject", body).splitlines()
    assert lines[-1] == "… and more: see the report."
    assert all(line.endswith("end") for line in lines[2:-1])
