"""Who is told what, and that it arrives: a real mail server
and a real webhook receiver on loopback.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from pipeline import alert, egress, errors
from pipeline.alert.mail import flowed
from pipeline.egress import Limits
from pipeline.model import (
    Cause,
    Change,
    Changed,
    Comparison,
    Document,
    Doubt,
    Failed,
    Failure,
    First,
    HeldBack,
    Look,
    Mark,
    Message,
    Notice,
    NoticeKind,
    Outage,
    Outcome,
    Page,
    Reading,
    Run,
    Severity,
    Situation,
    Source,
    Standing,
    Told,
    Unchanged,
    Verdict,
)
from pipeline.rules import Alert, Smtp

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)
GRC = Alert("mailto:grc@example.org", name="grc@example.org")
PAGES = {
    name: Page(name, f"https://acme.example/{name}", vendor="Acme Cloud")
    for name in ("trust", "legal", "status")
}


def look(page: str) -> Look:
    return Look(PAGES[page], NOW)


def unchanged(page: str) -> Unchanged:
    return Unchanged(look(page))


def changed(page: str) -> Changed:
    reading = Reading(Document(None))
    return Changed(look(page), reading, reading, Comparison())


def failed(page: str, in_a_row: int) -> Failed:
    return Failed(look(page), Failure("fetch", "HTTP 503 Service Unavailable"), in_a_row, BEFORE)


def told(
    severity: Severity,
    summary: str = "ISO/IEC 27001: edition 2013 → 2022",
    cause: Cause = "page",
    page: str = "trust",
) -> Told:
    change = Change(
        "standard",
        "changed",
        severity,
        "edition changed",
        summary,
        field="edition",
        standard="iso-27001",
        before="2013",
        after="2022",
        source_before=Source("Acme Cloud is certified to ISO 27001:2013."),
        source_after=Source("Acme Cloud is certified to ISO 27001:2022."),
        marks=(
            Mark("same", "Acme Cloud is certified to"),
            Mark("gone", "ISO 27001:2013"),
            Mark("new", "ISO 27001:2022"),
            Mark("same", "."),
        ),
        cause=cause,
    )
    digest = hashlib.sha256(f"{severity}{summary}{page}".encode()).hexdigest()[:12]
    return Told(digest, PAGES[page], change, severity, "edition changed", NOW, BEFORE)


def run(*outcomes: Outcome, changes: tuple[Told, ...] = ()) -> Run:
    return Run(NOW, NOW, outcomes or (changed("trust"), unchanged("legal")), changes)


STOOD = (
    Standing(PAGES["trust"], NOW),
    Standing(PAGES["legal"], BEFORE),
    Standing(PAGES["status"], BEFORE - timedelta(days=3)),
)
STANDING = Situation(STOOD)
DOUBT = Doubt(1, "9 of 10 claims would go at once", ("a" * 64, "b" * 64))


def outage(looks: int = 3, **given: object) -> Outage:
    reason = "HTTP 503 Service Unavailable"
    return Outage(PAGES["legal"], BEFORE, looks, reason, BEFORE - timedelta(days=1), **given)


def notice(kind: NoticeKind, recipient: str = "grc@example.org") -> Notice:
    return Notice(recipient, kind, "legal", BEFORE, 3)


def after(*found: Outage | Notice) -> Situation:
    outages = tuple(one for one in found if isinstance(one, Outage))
    return Situation(STOOD, outages, tuple(one for one in found if isinstance(one, Notice)))


# --------------------------------------------------------------------------- choosing


def test_only_what_the_page_changed_and_loud_enough_is_told() -> None:
    changes = (
        told("high"),
        told("medium", "b"),
        told("low", "c"),
        told("critical", "d", "reader"),
        told("critical", "e", "backfill"),
    )
    (mail,) = alert.messages(run(changes=changes), (GRC,), STANDING)
    assert [item["severity"] for item in json.loads(mail.payload)["changes"]] == ["high", "medium"]
    assert alert.messages(run(changes=changes[2:]), (GRC,), STANDING) == ()


def test_each_recipient_has_a_threshold_of_its_own() -> None:
    loud = Alert("https://hooks.example.org/T0/token", "critical", name="hook")
    assert [
        one.to for one in alert.messages(run(changes=(told("high"),)), (GRC, loud), STANDING)
    ] == ["grc@example.org"]
    assert [
        one.to for one in alert.messages(run(changes=(told("critical"),)), (GRC, loud), STANDING)
    ] == ["grc@example.org", "hook"]


def test_every_mail_begins_with_how_much_was_read() -> None:
    got = run(changed("trust"), failed("legal", 1), changes=(told("high"),))
    (mail,) = alert.messages(got, (GRC,), STANDING)
    first, _, rest = mail.text.partition("\n")
    assert first == (
        "1 of 2 pages read; 1 could not be read; oldest good look 2026-11-18 06:00 UTC (status)."
    )
    assert mail.subject == "claimwatch: high: Acme Cloud: ISO/IEC 27001: edition 2013 → 2022"
    assert "  before: Acme Cloud is certified to [-ISO 27001:2013-]." in rest
    assert f"claimwatch review {got.told[0].id} --accept" in rest
    assert (
        "old state last seen 2026-11-21 06:00 UTC, new state first seen 2026-11-22 06:00 UTC"
        in rest
    )
    assert ">ISO 27001:2013</del> <ins " in mail.html
    assert first in mail.html


def test_a_page_that_never_had_a_good_look_is_the_oldest() -> None:
    (mail,) = alert.messages(
        run(failed("legal", 3), changes=(told("high"),)),
        (GRC,),
        Situation((Standing(PAGES["trust"], BEFORE), Standing(PAGES["legal"]))),
    )
    assert "oldest good look never (legal)" in mail.text


def test_several_changes_share_a_mail() -> None:
    (mail,) = alert.messages(
        run(changes=(told("medium"), told("critical", "b"), told("high", "c", page="legal"))),
        (GRC,),
        STANDING,
    )
    assert mail.subject == "claimwatch: critical: Acme Cloud: b (and 2 more)"
    assert mail.text.index("[critical]") < mail.text.index("[high]") < mail.text.index("[medium]")


@pytest.mark.parametrize(("looks", "expected"), [(1, 0), (2, 0), (3, 1), (4, 1), (9, 1)])
def test_a_page_that_cannot_be_read_is_told_from_the_third_look_on(
    looks: int, expected: int
) -> None:
    got = alert.messages(run(failed("legal", looks)), (GRC,), after(outage(looks)))
    assert len(got) == expected
    for mail in got:
        assert mail.subject == f"claimwatch: legal could not be read {looks} times in a row"
        assert "HTTP 503 Service Unavailable. Its last good claims stay." in mail.text
        [unread] = json.loads(mail.payload)["unread"]
        assert (unread["page"], unread["since"]) == ("legal", "2026-11-21T06:00:00Z")


def test_nobody_is_told_twice_and_everybody_once() -> None:
    other = replace(GRC, to="mailto:b@example.org", name="b")
    standing = after(outage(4), notice("unread"))
    assert [one.to for one in alert.messages(run(), (GRC, other), standing)] == ["b"]


def test_what_is_told_of_an_outage_has_an_id_that_no_run_changes() -> None:
    """A run that died at the third look, and the next that finds the fourth, say the same."""
    ids = {
        one.id
        for looks in (3, 4)
        for one in alert.messages(run(failed("legal", looks)), (GRC,), after(outage(looks)))
    }
    assert len(ids) == 1


def test_the_end_of_an_outage_is_told_to_those_who_were_told_of_it() -> None:
    over = outage(8, over=True)
    (mail,) = alert.messages(run(), (GRC,), after(over, notice("unread")))
    assert "legal is read again, after 8 looks without a good one" in mail.text
    assert alert.messages(run(), (GRC,), after(over)) == ()
    assert alert.messages(run(), (GRC,), after(over, notice("unread"), notice("recovered"))) == ()
    # Its captures were let go: no look is left that could not read the page.
    (mail,) = alert.messages(run(), (GRC,), after(notice("doubted")))
    assert "legal is read again, after 3 looks" in mail.text


@pytest.mark.parametrize(("fresh", "expected"), [(0, []), (5, []), (6, ["unread", "recovered"])])
def test_an_outage_that_is_over_is_told_only_if_no_run_lived_to_tell_it(
    fresh: int, expected: list[str]
) -> None:
    got = alert.messages(run(), (GRC,), after(outage(8, fresh=fresh, over=True)))
    assert [
        name for one in got for name in ("unread", "recovered") if json.loads(one.payload)[name]
    ] == expected


def test_a_doubt_is_told_at_once_and_its_third_look_too() -> None:
    (mail,) = alert.messages(run(), (GRC,), after(outage(1, doubt=DOUBT)))
    assert mail.subject == "claimwatch: legal may have changed as a whole (critical, unconfirmed)"
    assert " and ".join(DOUBT.captures) in mail.text
    assert alert.messages(run(), (GRC,), after(outage(2, doubt=DOUBT), notice("doubted"))) == ()
    (mail,) = alert.messages(run(), (GRC,), after(outage(3, doubt=DOUBT), notice("doubted")))
    assert mail.subject == "claimwatch: legal could not be read 3 times in a row"


DAILY = replace(GRC, daily=True)


def test_a_daily_line_says_that_nothing_changed() -> None:
    (mail,) = alert.messages(
        run(unchanged("trust")), (GRC, DAILY), Situation((Standing(PAGES["trust"], NOW),))
    )
    assert mail.subject == "claimwatch: nothing changed; 1 of 1 pages read"
    assert mail.text == (
        "1 of 1 pages read; oldest good look 2026-11-22 06:00 UTC (trust).\n\n"
        "Nothing changed; 1 of 1 pages read.\n"
    )


def test_a_daily_line_says_which_pages_were_read_for_the_first_time() -> None:
    run = Run(BEFORE, NOW, (First(look("trust"), Reading(Document(None))), unchanged("legal")))
    [mail] = alert.messages(run, (DAILY,), Situation())
    said = "nothing changed; 2 of 2 pages read, 1 of them for the first time"
    assert mail.subject == f"claimwatch: {said}"


def test_a_daily_line_never_says_that_nothing_changed_without_what_could_not_be_read() -> None:
    bad = failed("legal", 1), HeldBack(look("status"), Verdict("challenge", "a bot check"))
    (some,) = alert.messages(run(unchanged("trust"), *bad), (DAILY,), STANDING)
    unread = "1 could not be read, 1 held back"
    said = f"nothing changed on the 1 of 3 pages that were read; {unread}"
    assert some.subject == f"claimwatch: {said}"
    assert f"N{said[1:]}." in some.text
    assert f"N{said[1:]}." in some.html
    assert json.loads(some.payload)["pages"] == {"read": 1, "of": 3, "failed": 1, "held_back": 1}
    (none,) = alert.messages(run(*bad), (DAILY,), STANDING)
    assert none.subject == f"claimwatch: 0 of 2 pages read; {unread}"
    assert "othing changed" not in none.text + none.html


def test_the_same_news_has_the_same_id() -> None:
    later = replace(
        run(changes=(told("high"),)), started_at=NOW, finished_at=NOW + timedelta(minutes=5)
    )
    (first,) = alert.messages(run(changes=(told("high"),)), (GRC,), STANDING)
    (again,) = alert.messages(later, (GRC,), STANDING)
    (other,) = alert.messages(run(changes=(told("high", "other"),)), (GRC,), STANDING)
    (elsewhere,) = alert.messages(
        run(changes=(told("high"),)), (replace(GRC, to="mailto:b@example.org", name="b"),), STANDING
    )
    assert first.id == again.id
    assert len({first.id, other.id, elsewhere.id}) == 3


def test_hostile_text_stays_text() -> None:
    evil = "x\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script> \u202egnp.exe\u2028 end"
    item = told("high", evil)
    item = replace(
        item,
        change=replace(
            item.change, marks=(Mark("new", "<img src=x onerror=alert(1)>"), Mark("gone", ""))
        ),
    )
    (mail,) = alert.messages(run(changes=(item,)), (GRC,), STANDING)
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject + mail.text
    assert "\u202e" not in mail.subject + mail.text + mail.html
    assert "<script>" not in mail.html
    assert "<img" not in mail.html
    assert not any(line.startswith("Bcc") for line in mail.text.splitlines())


# --------------------------------------------------------------------------- mail


class Inbox:
    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], EmailMessage]] = []
        self.refuse = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuse:
            return self.refuse
        mail = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[arg-type]
        assert isinstance(mail, EmailMessage)
        self.mails.append((str(envelope.mail_from), [str(to) for to in envelope.rcpt_tos], mail))
        return "250 kept"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 ok"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def checked(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: LoginPassword
) -> AuthResult:
    # `handled` would mean that we have answered the client ourselves.
    return AuthResult(
        success=login.login == b"claimwatch" and login.password == b"hunter2", handled=False
    )


@pytest.fixture
def smtp(inbox: Inbox) -> Iterator[Smtp]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, "127.0.0.1", port, authenticator=checked, auth_require_tls=False)
    controller.start()
    yield Smtp("127.0.0.1", "claimwatch@example.org", port)
    controller.stop()


def message(changes: tuple[Told, ...] = (told("high"),), to: Alert = GRC) -> Message:
    (one,) = alert.messages(run(changes=changes), (to,), STANDING)
    return one


def deliver(
    one: Message,
    to: Alert,
    *,
    smtp: Smtp | None = None,
    environ: dict[str, str] | None = None,
    allow: str = "localhost",
) -> None:
    with egress.Client(Limits(allow=(allow,), timeout=5)) as client:
        alert.deliver(one, (to,), alert.Means(smtp, client, environ or {}, NOW))


def unflowed(text: str) -> str:
    """Join the lines of a mail as RFC 3676 says."""
    bare = [line[1:] if line.startswith(" ") else line for line in text.split("\n")]
    return "".join(line if line.endswith(" ") else f"{line}\n" for line in bare).removesuffix("\n")


@given(
    st.lists(
        st.text("ab >\t-é漢", max_size=200).map(str.rstrip) | st.just("From: x" * 20), max_size=4
    )
)
def test_a_mail_fits_80_columns_and_loses_nothing(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    sent = flowed(text)
    assert unflowed(sent) == text
    assert all(len(line) <= 78 or " " not in line.strip() for line in sent.splitlines())


def test_a_mail_arrives_with_both_parts(inbox: Inbox, smtp: Smtp) -> None:
    one = message()
    deliver(one, GRC, smtp=smtp)
    ((sender, recipients, mail),) = inbox.mails
    assert (sender, recipients) == ("claimwatch@example.org", ["grc@example.org"])
    assert mail["Subject"] == one.subject
    assert mail["To"] == "grc@example.org"
    assert mail["Message-ID"] == f"<{one.id}@claimwatch>"
    assert mail["Date"] == "Sun, 22 Nov 2026 06:00:00 +0000"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_param("format") == "flowed"
    assert unflowed(plain.get_content().replace("\r\n", "\n")) == one.text
    assert ">ISO 27001:2022</ins>." in html.get_content()


def test_a_mail_of_hostile_text_has_one_recipient(inbox: Inbox, smtp: Smtp) -> None:
    deliver(message((told("high", "x\r\nBcc: all@example.org"),)), GRC, smtp=smtp)
    ((_, recipients, mail),) = inbox.mails
    assert recipients == ["grc@example.org"]
    assert mail["Bcc"] is None


def test_name_and_password_come_from_the_environment(inbox: Inbox, smtp: Smtp) -> None:
    named = replace(smtp, username_env="MAIL_USER", password_env="MAIL_PASSWORD")
    deliver(
        message(), GRC, smtp=named, environ={"MAIL_USER": "claimwatch", "MAIL_PASSWORD": "hunter2"}
    )
    assert len(inbox.mails) == 1
    with pytest.raises(
        errors.DeliveryError, match="variable MAIL_USER, which the config names, is not set"
    ):
        deliver(message(), GRC, smtp=named)
    with pytest.raises(
        errors.DeliveryError, match=r"refused the user name or password \(535\)"
    ) as caught:
        deliver(
            message(),
            GRC,
            smtp=named,
            environ={"MAIL_USER": "claimwatch", "MAIL_PASSWORD": "guess"},
        )
    assert "guess" not in str(caught.value)


def test_a_mail_that_is_not_taken_says_why(inbox: Inbox, smtp: Smtp) -> None:
    inbox.refuse = "452 mailbox full"
    with pytest.raises(
        errors.DeliveryError,
        match=r"grc@example.org: 127.0.0.1:\d+ refused the mail: 452 mailbox full",
    ):
        deliver(message(), GRC, smtp=smtp)
    nobody = Alert("mailto:nobody@example.org", name="nobody")
    with pytest.raises(errors.DeliveryError, match="refused the recipient: 550 no such mailbox"):
        deliver(message(to=nobody), nobody, smtp=smtp)
    with pytest.raises(errors.DeliveryError, match="STARTTLS"):
        deliver(message(), GRC, smtp=replace(smtp, starttls=True))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(errors.DeliveryError, match="refused"):
        deliver(message(), GRC, smtp=replace(smtp, port=port))
    with pytest.raises(errors.DeliveryError, match=r"add \[smtp\]"):
        deliver(message(), GRC)


def test_a_mail_server_that_repeats_the_password_is_not_quoted(inbox: Inbox, smtp: Smtp) -> None:
    named = replace(smtp, username_env="MAIL_USER", password_env="MAIL_PASSWORD")
    environ = {"MAIL_USER": "claimwatch", "MAIL_PASSWORD": "hunter2"}
    for said in ("hunter2", base64.b64encode(b"claimwatch hunter2").decode(), "&#104;unter2"):
        inbox.refuse = f"452 no {said}"
        with pytest.raises(errors.DeliveryError, match=r"grc@example.org: ") as caught:
            deliver(message(), GRC, smtp=named, environ=environ)
        assert said not in str(caught.value)


def test_a_recipient_that_left_the_config_is_told() -> None:
    with pytest.raises(errors.DeliveryError, match="no such alert any more"):
        deliver(message(), Alert("mailto:b@example.org", name="b"))


# --------------------------------------------------------------------------- webhook


def hook(server: HTTPServer, path: str = "/hook/secret-token", **given: str) -> Alert:
    return Alert(server.url_for(path), name="hook", **given)  # type: ignore[arg-type]


def test_a_webhook_gets_signed_json(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook/secret-token", method="POST").respond_with_data(
        "ok", status=202
    )
    to = hook(httpserver, secret_env="HOOK_SECRET")
    one = message(to=to)
    deliver(one, to, environ={"HOOK_SECRET": "s3cret"})
    ((request, _),) = httpserver.log
    body = request.get_data()
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Claimwatch-Id"] == one.id
    assert (
        request.headers["X-Claimwatch-Signature"]
        == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    )
    got = json.loads(body)
    assert got["id"] == one.id
    assert got["pages"] == {"read": 2, "of": 2, "failed": 0, "held_back": 0}
    (change,) = got["changes"]
    assert {
        name: change[name]
        for name in ("page", "vendor", "kind", "change", "field", "before", "after", "severity")
    } == {
        "page": "trust",
        "vendor": "Acme Cloud",
        "kind": "standard",
        "change": "changed",
        "field": "edition",
        "before": "2013",
        "after": "2022",
        "severity": "high",
    }
    assert change["seen_until"] == "2026-11-21T06:00:00Z"


def test_a_webhook_that_fails_says_why_and_never_its_token(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook/secret-token").respond_with_data("no", status=500)
    httpserver.expect_request("/moved/secret-token").respond_with_data(
        status=302, headers={"Location": "/hook/secret-token"}
    )
    cases = [
        (hook(httpserver), "localhost", "hook: the webhook answered HTTP 500"),
        (hook(httpserver, "/moved/secret-token"), "localhost", "redirects are not followed"),
        (hook(httpserver), "elsewhere", "is not a public address"),
        (
            hook(httpserver, secret_env="HOOK_SECRET"),
            "localhost",
            "HOOK_SECRET, which the config names, is not set",
        ),
    ]
    for to, allow, expected in cases:
        with pytest.raises(errors.DeliveryError, match=expected) as caught:
            deliver(message(to=to), to, allow=allow)
        assert "secret-token" not in str(caught.value)


def test_times_are_of_the_schedules_zone_and_say_so() -> None:
    got = run(changed("trust"), failed("legal", 1), changes=(told("high"),))
    (mail,) = alert.messages(got, (GRC,), replace(STANDING, zone=ZoneInfo("America/New_York")))
    seen = "old state last seen 2026-11-21 01:00 EST, new state first seen 2026-11-22 01:00 EST"
    for text in (mail.text, mail.html):
        assert seen in text
        assert "oldest good look 2026-11-18 01:00 EST (status)" in text
        assert " UTC" not in text
