"""Who gets what: alerts that choose, owners of pages, what the user requires, digests;
and that nobody hears twice.
"""

from __future__ import annotations

import json
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_alert import BEFORE, DOUBT, GRC, NOW, PAGES, STANDING, after, outage, run, told
from test_track import catalogue

from pipeline import alert, config, errors, rules
from pipeline.alert import entries, mail, plain
from pipeline.alert.news import News, Tally
from pipeline.model import (
    Change,
    Held,
    Mark,
    Message,
    Page,
    Source,
    Told,
    Unconfirmed,
    Verdict,
)
from pipeline.rules import Alert, Requirement, Rule, Smtp

__all__ = ["catalogue"]
OPS = Alert("https://hooks.example.org/ops", "low", name="ops", number=2)


def changes_of(message: Message) -> list[str]:
    return [item["severity"] for item in json.loads(message.payload)["changes"]]


def owned(item: Told, owner: str, tier: str = "1") -> Told:
    return replace(item, page=replace(item.page, owner=owner, tier=tier))


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ((("kind", ("standard", "product")),), 1),
        ((("kind", ("service",)),), 0),
        ((("standard", ("soc-2", "ISO-27001")),), 1),
        ((("vendor", ("acme cloud",)), ("page", ("trust",))), 1),
        ((("vendor", ("acme cloud",)), ("page", ("legal",))), 0),
        ((("owner", ("ana",)),), 1),
        ((("tier", ("2",)),), 0),
    ],
)
def test_an_alert_hears_of_what_it_is_for(
    only: tuple[tuple[str, tuple[str, ...]], ...], expected: int
) -> None:
    item = owned(told("high"), "Ana")
    assert (
        len(alert.messages(run(changes=(item,)), (replace(GRC, only=only),), STANDING)) == expected
    )


def test_a_recipient_of_two_alerts_gets_one_message_and_each_change_once() -> None:
    few = replace(GRC, severity="critical", number=1)
    more = replace(GRC, severity="low", only=(("page", ("legal",)),), number=2)
    got = run(changes=(told("critical", "a"), told("low", "b", page="legal"), told("high", "c")))
    (mail,) = alert.messages(got, (few, more), STANDING)
    assert changes_of(mail) == ["critical", "low"]
    assert "why: edition changed · sent by alert 2" in mail.text
    assert "Sent by alert 1 (critical) and alert 2 (low or above, page legal)." in mail.text


def test_who_hears_of_other_pages_alone_hears_of_no_outage() -> None:
    other = replace(GRC, only=(("page", ("trust",)),))
    assert alert.messages(run(), (other,), after(outage())) == ()
    assert (
        len(alert.messages(run(), (replace(GRC, only=(("page", ("legal",)),)),), after(outage())))
        == 1
    )


# --------------------------------------------------------------------------- the words


def test_changes_of_one_cause_are_one_entry() -> None:
    batch = tuple(
        replace(
            item := told("medium", f"service {number} added"),
            change=replace(item.change, batch="28 services added for SOC 2", after=f"S{number}"),
        )
        for number in range(28)
    )
    (mail,) = alert.messages(run(changes=batch), (GRC,), STANDING)
    assert mail.subject == "claimwatch: medium: Acme Cloud: 28 services added for SOC 2"
    assert mail.text.count("[medium]") == 1
    assert "S0, S1, S2, S3, S4, S5 and 22 more" in mail.text
    assert all(item.id in mail.text for item in batch)
    assert len(mail.text) < 1500
    assert len(changes_of(mail)) == 28


def test_a_long_message_tells_the_least_severe_in_a_line_each() -> None:
    many = tuple(told("high", f"change {number}") for number in range(80))
    (mail,) = alert.messages(run(changes=many), (GRC,), STANDING)
    assert mail.text.count("[high]") == 80
    assert mail.text.count("--accept") == plain.WHOLE
    assert all(item.id in mail.text and item.id in mail.html for item in many)


def test_words_are_marked_without_stray_spaces() -> None:
    marks = (Mark("same", "held "), Mark("gone", " a b "), Mark("new", "c"), Mark("same", " (d)."))
    assert plain.marked(marks) == "held  [-a b-] [+c+] (d)."


def test_a_message_leads_to_the_web_page_where_people_review() -> None:
    item = told("high")
    (mail,) = alert.messages(
        run(changes=(item,)), (GRC,), replace(STANDING, site="https://claims.example.org/")
    )
    url = f"https://claims.example.org/changes/{item.id}"
    assert f"  review: {url}\n" in mail.text
    assert f'<a href="{url}"' in mail.html
    assert json.loads(mail.payload)["changes"][0]["review"] == url


def test_a_message_names_the_captures_and_says_no_sentence_twice() -> None:
    item = told("high", "ISO/IEC 27001 note added: “Only in the EU.”")
    change = replace(
        item.change,
        change="added",
        before=None,
        after="Only in the EU.",
        marks=(),
        source_before=None,
        source_after=Source("Only in the EU."),
    )
    item = replace(item, change=change, captures=("0a" * 32, "1b" * 32))
    (mail,) = alert.messages(run(changes=(item,)), (GRC,), STANDING)
    assert mail.text.count("Only in the EU.") == mail.html.count("Only in the EU.") == 1
    assert "  captures: before 0a0a0a0a0a0a, after 1b1b1b1b1b1b\n" in mail.text
    assert "captures: before 0a0a0a0a0a0a, after 1b1b1b1b1b1b" in mail.html


def test_a_chat_is_told_less_of_more_changes() -> None:
    many = tuple(told("high", f"change {number}") for number in range(40))
    (mail,) = alert.messages(run(changes=many), (GRC,), STANDING)
    said = json.loads(mail.payload)["text"]
    assert "https://acme.example/trust" in said
    assert "old state last seen" not in said
    assert said.count("claimwatch review") >= 9


def test_of_a_page_that_is_held_back_a_message_tells_the_worst() -> None:
    changes = tuple(Unconfirmed(told("high", f"change {n}").change, "high", "") for n in range(33))
    held = Held(
        PAGES["legal"], Verdict("mass-change", "33 claims"), BEFORE, NOW, "d", changes=changes
    )
    situation = after(outage(1, doubt=DOUBT))
    (mail,) = alert.messages(replace(run(), held=(held,)), (GRC,), situation)
    for form in (mail.text, mail.html):
        assert "change 19" in form
        assert "change 20" not in form
        assert "… and 13 more: claimwatch status" in form
    assert len(json.loads(mail.payload)["held"][0]["changes"]) == 33


def test_words_that_took_the_place_of_others_stand_apart_from_them() -> None:
    item = told("high")
    marks = (Mark("gone", "Some auditors say"), Mark("new", "See"), Mark("same", " ISO 27001."))
    sides = {
        "source_before": Source("Some auditors say ISO 27001."),
        "source_after": Source("See ISO 27001."),
    }
    item = replace(item, change=replace(item.change, marks=marks, **sides))
    (mail,) = alert.messages(run(changes=(item,)), (GRC,), STANDING)
    assert "Some auditors say</del> <ins" in mail.html


def test_a_subject_ends_behind_a_word() -> None:
    (mail,) = alert.messages(run(changes=(told("high", "long words " * 40),)), (GRC,), STANDING)
    assert len(mail.subject) <= 150
    assert mail.subject.endswith(" words…") or mail.subject.endswith(" long…")


@given(st.lists(st.sampled_from(["ISO", "→", "Größe", "2013", "§ 4"]), min_size=1, max_size=22))
def test_a_subject_arrives_as_it_was_written(words: list[str]) -> None:
    said = " ".join(words)
    one = Message("id", "grc", said, "text", "<p>text</p>", "{}")
    sent = mail._written(one, "grc@example.org", Smtp("localhost", "c@example.org"), NOW)
    assert message_from_bytes(sent.as_bytes(), policy=policy.default)["Subject"] == said


def test_how_to_hear_less_is_a_rule_that_does_so() -> None:
    item = told("medium")
    said = entries.quieter(News(Tally(1, 0, 0, None), (item,), (), NOW))
    keys = dict(part.split(" = ") for part in said.partition(" with ")[2].rstrip(".").split(", "))
    rule = Rule(**{name: json.loads(value) for name, value in keys.items()})
    assert rules.severity_of((rule,), item.change, item.page)[0] == "info"


# --------------------------------------------------------------------------- what is required

NEEDED = Requirement(("iso-27001",), service="Desk", owner="ana")


def service(name: str, standard: str = "iso-27001") -> Change:
    return Change(
        "service", "removed", "high", "service removed", "s", standard=standard, before=name
    )


@pytest.mark.parametrize(
    ("change", "severity"),
    [
        (told("high").change, "critical"),
        (told("critical").change, "critical"),
        (service("desk"), "critical"),
        (service("Archive"), "high"),
        (service("Desk", "soc-2"), "high"),
    ],
)
def test_what_touches_a_requirement_is_raised_by_one_and_names_it(
    change: Change, severity: str
) -> None:
    got, why = rules.severity_of((NEEDED,), change, PAGES["trust"])
    assert got == severity
    touched = rules.touches(NEEDED, change, PAGES["trust"])
    assert ("touches what you require: Desk: iso-27001 (owner ana)" in why) is touched
    elsewhere = replace(NEEDED, vendor="Halden")
    assert rules.severity_of((elsewhere,), change, PAGES["trust"]) == (change.severity, change.why)


def test_a_requirement_raises_what_a_rule_has_set() -> None:
    got, why = rules.severity_of(
        (NEEDED, Rule("low", kind="standard")), told("high").change, PAGES["trust"]
    )
    assert got == "medium"
    assert "low by rule 1" in why


# --------------------------------------------------------------------------- the config

PAGE = (
    '[[pages]]\nid = "trust"\nurl = "https://acme.example/trust"\nvendor = "Acme"\nowner = "{}"\n'
)


def loaded(folder: Path, text: str) -> config.Config:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return config.load(folder / "config.toml")


def test_an_alert_may_go_to_the_owner_of_each_page(tmp_path: Path) -> None:
    smtp = '[smtp]\nhost = "mail.example.org"\nfrom = "c@example.org"\n'
    text = smtp + PAGE.format("ana@example.org") + '[[alerts]]\nto = "owner"\nseverity = "high"\n'
    (one,) = loaded(tmp_path, text).alerts
    assert (one.to, one.name) == ("mailto:ana@example.org", "ana@example.org")
    page = Page("trust", "https://acme.example/trust", owner="ana@example.org")
    assert rules.watches(one, page)
    assert not rules.watches(one, replace(page, owner="ben@example.org"))
    with pytest.raises(
        errors.ConfigError, match="no page of this file has an owner that is a mail"
    ):
        loaded(tmp_path, smtp + PAGE.format("Ana") + '[[alerts]]\nto = "owner"\n')


def test_conditions_take_one_value_or_several(tmp_path: Path) -> None:
    text = PAGE.format("Ana") + (
        '[[alerts]]\nto = "https://hooks.example.org/x"\nkind = ["standard", "note"]\n'
        'vendor = "Acme"\nstandard = "SOC 2"\ndigest = "daily"\n'
        '[[requirements]]\nstandards = ["iso-27001"]\neditions = "2022"\nvendor = "Acme"\n'
    )
    got = loaded(tmp_path, text)
    assert got.alerts[0].only == (
        ("kind", ("standard", "note")),
        ("standard", ("SOC 2",)),
        ("vendor", ("Acme",)),
    )
    assert got.requirements == (Requirement(("iso-27001",), ("2022",), vendor="Acme"),)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            '[[alerts]]\nto = "https://h.example.org/x"\nvendor = ["Acme", "Acne"]',
            'alerts[0].vendor: "Acne" is no vendor',
        ),
        (
            '[[alerts]]\nto = "https://h.example.org/x"\nowner = "Anna"',
            'alerts[0].owner: "Anna" is no owner',
        ),
        (
            '[[alerts]]\nto = "https://h.example.org/x"\nstandard = "iso-2701"',
            'alerts[0].standard: "iso-2701" is in no',
        ),
        ('[[alerts]]\nto = "owner"\nname = "all"', "alerts[0]: has name, but goes to the owner"),
        (
            '[[requirements]]\nstandards = ["soc-9"]',
            'requirements[0].standards: "soc-9" is in no catalogue',
        ),
        ("[[requirements]]\nowner = 'Ana'", "requirements[0]: requires nothing; give standards"),
        (
            "[[requirements]]\nservice = 'Desk'\neditions = ['2022']",
            "requirements[0]: has editions without",
        ),
    ],
)
def test_what_would_never_apply_is_a_problem(table: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigError) as caught:
        loaded(tmp_path, PAGE.format("Ana") + table)
    assert any(said in line for line in caught.value.problems), caught.value.problems
