"""config.toml → Config: what a whole file gives, and that every fault is told at once,
with its place and its fix.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import config, errors
from pipeline.config import cron

WHOLE = """
[store]
database = "data/claims.db"

[schedule]
every = "weekday at 06:30"
timezone = "Europe/Berlin"

[standards]
extra = "mine.toml"

[fetch]
timeout = 5
contact = "https://example.org/bot"
allow = ["127.0.0.1:8080", "intranet"]

[guard]
min_claims = 4

[smtp]
host = "mail.example.org"
port = 587
from = "claimwatch@example.org"
starttls = true
username_env = "MAIL_USER"
password_env = "MAIL_PASSWORD"

[[pages]]
id = "acme-trust"
url = "https://acme.example/trust"
vendor = "Acme Cloud"
ignore = [".date"]
schedule = "0 */4 * * *"

[[pages]]
id = "local"
url = "pages/local.md"

[[rules]]
text = "scan it for marketing"
severity = "high"

[[alerts]]
to = "mailto:grc@example.org"
daily = true

[[alerts]]
to = "https://hooks.example.org/T0/secret-token"
severity = "critical"
secret_env = "HOOK_SECRET"
"""


def load(tmp_path: Path, text: str) -> config.Config:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return config.load(path)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(errors.ConfigError) as caught:
        load(tmp_path, text)
    start = f"{tmp_path / 'config.toml'}: "
    assert all(line.startswith(start) for line in caught.value.problems)
    return [line.removeprefix(start) for line in caught.value.problems]


def test_a_whole_file(tmp_path: Path) -> None:
    got = load(tmp_path, WHOLE)
    assert got.database == tmp_path / "data/claims.db"
    assert (got.snapshots, got.reports, got.extra) == (
        tmp_path / "snapshots",
        tmp_path / "reports",
        tmp_path / "mine.toml",
    )
    assert [page.id for page in got.pages] == ["acme-trust", "local"]
    assert got.pages[0].ignore == (".date",)
    assert got.pages[1].url == str(tmp_path / "pages/local.md")
    assert got.page("local") == got.pages[1]
    assert got.page("nobody") is None
    assert got.limits.user_agent == "claimwatch/0.1.0 (+https://example.org/bot)"
    assert (got.limits.timeout, got.limits.allow) == (5.0, ("127.0.0.1:8080", "intranet"))
    assert (got.guard.min_claims, got.guard.share) == (4, 0.5)
    assert got.smtp is not None
    assert (got.smtp.sender, got.smtp.password_env) == ("claimwatch@example.org", "MAIL_PASSWORD")
    assert got.rules[0].text == "scan it for marketing"
    assert got.schedule.timezone == ZoneInfo("Europe/Berlin")
    assert got.schedule.of(got.pages[0]).hours == (0, 4, 8, 12, 16, 20)
    assert got.schedule.of(got.pages[1]).weekdays == (1, 2, 3, 4, 5)


def test_a_recipient_is_named_without_the_token_in_its_address(tmp_path: Path) -> None:
    mail, hook = load(tmp_path, WHOLE).alerts
    assert mail.name == "grc@example.org"
    assert hook.name.startswith("https://hooks.example.org #")
    assert "token" not in hook.name


def test_an_empty_file_is_a_config_with_defaults(tmp_path: Path) -> None:
    got = load(tmp_path, "")
    assert (got.database, got.pages, got.smtp) == (tmp_path / "claims.db", (), None)
    assert got.schedule.cron.text == "0 6 * * *"


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    got = problems(
        tmp_path,
        """
        [store]
        database = 3
        [schedul]
        [schedule]
        cron = "0 6 * * 8"
        timezone = "Mars/Base"
        [fetch]
        timeout = 0
        allow = ["http://x"]
        retries = 1.5
        [[pages]]
        id = "A b"
        url = "ftp://x/y"
        vender = "q"
        [[pages]]
        id = "a"
        url = "x.md"
        format = "docx"
        [[pages]]
        id = "a"
        url = "https://user:hunter2@acme.example/x"
        [[pages]]
        id = "c"
        [[rules]]
        severity = "loud"
        [[rules]]
        severity = "high"
        page = "b"
        [[rules]]
        severity = "high"
        [[alerts]]
        to = "mailto:x@example.org"
        """,
    )
    assert got == [
        'schedul: unknown table; did you mean "schedule"?',
        'store.database: must be text; write it in quotes, as "…"',
        'schedule.cron: "0 6 * * 8" has "8" where the weekday stands; '
        "write a number from 0 to 7 or a name from sun to sat",
        'schedule.timezone: "Mars/Base" is no time zone; write a name as "UTC" or "Europe/Berlin"',
        "fetch.timeout: 0 is out of bounds; it should be greater than 0",
        "fetch.retries: must be a whole number, without quotes",
        'fetch.allow[0]: "http://x" is no host; '
        'write "host" or "host:port", without http:// and path',
        'pages[0].id: "A b" is no slug; write lower-case letters and digits, '
        "joined by hyphens, but not blobs",
        'pages[0].url: "ftp://x/y" has the scheme "ftp"; write an http(s) URL, or a path',
        'pages[0].vender: unknown key; did you mean "vendor"?',
        'pages[1].format: "docx" is not one of markdown, html, text, csv, json, pdf, '
        'rst (page "a")',
        "pages[2].url: is no URL of a page: it needs a host, and no space, "
        'user name or password; write "https://…" (page "a")',
        'pages[3].url: is missing; add url = "https://…" (page "c")',
        'rules[0].severity: "loud" is not one of critical, high, medium, low, info',
        "rules[0]: has no condition; give one of kind, change, field, standard, vendor, page, text",
        "rules[2]: has no condition; give one of kind, change, field, standard, vendor, page, text",
        'pages[2].id: "a" is the id of pages[1] too; ids are unique, take another',
        'rules[1].page: "b" is no page of this file; did you mean "A b"?',
        "alerts[0].to: mail needs a server; add [smtp] with host and from",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('pages = "x"', "pages: must be a list of tables; write [[pages]]"),
        ("store = 1", "store: must be a table; write [store] above its keys"),
        (
            '[schedule]\ncron = "0 6 * * *"\nevery = "hour"',
            "schedule: has both cron and every; keep one of them",
        ),
        (
            '[[alerts]]\nto = "http://hooks.example.org/x"',
            "alerts[0].to: http is not encrypted; write https, or name the host in fetch.allow",
        ),
        (
            '[[alerts]]\nto = "grc@example.org"',
            'alerts[0].to: "grc@example.org" is neither a mail address',
        ),
        (
            '[[alerts]]\nto = "https://a.example/"\nname = "x"\n[[alerts]]\n'
            'to = "https://b.example/"\nname = "x"',
            'alerts[1].name: "x" is the name',
        ),
        ('[smtp]\nhost = "mail"\nfrom = "x"', "smtp.from:"),
        (
            '[smtp]\nhost = "mail"\nfrom = "a@b.example"\npassword_env = "hunter2!"',
            "smtp.password_env: names no environment",
        ),
        ('[fetch]\nuser_agent = "a\\nb: c"', "fetch.user_agent: holds a line break"),
        ('[fetch]\nuser_agent = " "', "fetch.user_agent: "),
        ('[fetch]\ncontact = "grüße@example.org"', "fetch.contact: "),
        ("[[pages]]\nid = 'x'\nurl = ''", "pages[0].url: is empty"),
        (
            "[[pages]]\nid = 'x'\nurl = 'x.md'\nschedule = 'sometimes'",
            'pages[0].schedule: "sometimes" is not understood',
        ),
        ("[[pages]]\nid = 'blobs'\nurl = 'x.md'", 'pages[0].id: "blobs" is no slug'),
        ("[[pages]]\nid = '../x'\nurl = 'x.md'", 'pages[0].id: "../x" is no slug'),
        (f"[[pages]]\nid = '{'x' * 129}'\nurl = 'x.md'", "pages[0].id: is too long"),
        ("[guard]\nshare = 2", "guard.share: 2 is out of bounds"),
        ("[schedule]\nevery = '7 hours'", "schedule.every:"),
        ("pages = 1\n[store", "is not TOML: "),
    ],
)
def test_one_problem(tmp_path: Path, text: str, expected: str) -> None:
    (line,) = problems(tmp_path, text)
    assert line.startswith(expected)


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    assert "line 2" in problems(tmp_path, "[store]\ndatabase = claims.db\n")[0]


def test_plain_http_is_allowed_to_a_host_that_the_config_names(tmp_path: Path) -> None:
    got = load(
        tmp_path, '[fetch]\nallow = ["127.0.0.1:99"]\n[[alerts]]\nto = "http://127.0.0.1:99/x"'
    )
    assert got.alerts[0].to == "http://127.0.0.1:99/x"


def test_a_missing_or_undecodable_file_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigError, match="there is no such file"):
        config.load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'x = "\xe9"')
    with pytest.raises(errors.ConfigError, match="UTF-8"):
        config.load(tmp_path / "latin.toml")


# --------------------------------------------------------------------------- cron

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 6 * * *", "2026-11-23 06:00"),
        ("0 6 * * 0", "2026-11-29 06:00"),
        ("0 6 * * 7", "2026-11-29 06:00"),
        ("0 6 * * 1", "2026-11-23 06:00"),
        ("0 6 * * tue", "2026-11-24 06:00"),
        ("0 6 * * 2-4", "2026-11-24 06:00"),
        ("0 6 * * 5-7", "2026-11-27 06:00"),
        ("0 6 * * FRI-SUN", "2026-11-27 06:00"),
        ("0 13 * * 6,0", "2026-11-22 13:00"),
        ("0 6 * * */3", "2026-11-25 06:00"),
        ("*/15 12 * * *", "2026-11-22 12:15"),
        ("30 4 1,15 * 5", "2026-11-27 04:30"),
        ("0 0 29 feb *", "2028-02-29 00:00"),
        ("0 0 1 jan-mar/2 *", "2027-01-01 00:00"),
        ("5-59/20 12 * * *", "2026-11-22 12:05"),
    ],
)
def test_cron_numbers_weekdays_as_everywhere(text: str, expected: str) -> None:
    assert cron.parse(text).after(SUNDAY, ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "* * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 8",
        "a * * * *",
        "5-1 * * * *",
        "*/0 * * * *",
        "0 0 30 2 *",
        "1,,2 * * * *",
        "*-5 * * * *",
        "² * * * *",
    ],
)
def test_what_is_no_cron(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        cron.parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("day at 06:00", "2026-11-23 06:00"),
        ("Weekday at 6:05", "2026-11-23 06:05"),
        ("thursday at 23:59", "2026-11-26 23:59"),
        ("sun at 13:00", "2026-11-22 13:00"),
        ("hour", "2026-11-22 13:00"),
        ("6 hours", "2026-11-22 18:00"),
        ("30 minutes", "2026-11-22 12:30"),
    ],
)
def test_schedules_in_words(text: str, expected: str) -> None:
    assert cron.every(text).after(SUNDAY, ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    "text", ["", "day", "day at 25:00", "7 hours", "0 minutes", "sunny at 06:00", "month"]
)
def test_words_that_are_no_schedule(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        cron.every(text)


def test_clock_changes_neither_skip_nor_repeat_a_daily_run() -> None:
    daily = cron.parse("30 2 * * *")
    skipped = daily.after(datetime(2026, 3, 28, 12, tzinfo=UTC), BERLIN)
    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    twice = daily.after(datetime(2026, 10, 24, 12, tzinfo=UTC), BERLIN)
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert daily.after(twice, BERLIN) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_an_hourly_run_takes_the_repeated_hour_too() -> None:
    hourly = cron.every("hour")
    moment = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    for _ in range(6):
        following = hourly.after(moment, BERLIN)
        assert timedelta(0) < following - moment <= timedelta(hours=1)
        moment = following


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["0 6 * * *", "*/7 3 * * 1-5", "15 2 31 * *"]),
)
def test_the_next_run_is_later_and_fits_the_wall_clock(moment: datetime, text: str) -> None:
    schedule = cron.parse(text)
    following = schedule.after(moment, ZoneInfo("UTC"))
    assert following > moment
    assert (
        following.minute in schedule.minutes,
        following.hour in schedule.hours,
        following.second,
    ) == (True, True, 0)
    assert following.isoweekday() % 7 in schedule.weekdays


FETCHED = """
[fetch]
robots = false
per_host = 2
proxy_env = "OUR_PROXY"

[[pages]]
id = "trust"
url = "https://acme.example/trust"
selector = "main > .claims"
ignore = [".banner"]
browser = true
headers_env = { x-tenant = "ACME_TENANT", authorization = "ACME_TOKEN" }
cookies_env = { region = "ACME_REGION" }
"""


def test_how_a_page_is_fetched(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(FETCHED)
    found = config.load(path)
    assert (found.limits.robots, found.limits.per_host, found.limits.proxy_env) == (
        False,
        2,
        "OUR_PROXY",
    )
    page = found.pages[0]
    assert page.browser
    assert page.headers_env == (("authorization", "ACME_TOKEN"), ("x-tenant", "ACME_TENANT"))
    assert page.cookies_env == (("region", "ACME_REGION"),)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('selector = "div >"', 'pages[0].selector: "div >" is no CSS selector'),
        ('ignore = ["p", "..x"]', 'pages[0].ignore[1]: "..x" is no CSS selector'),
        (
            'headers_env = { authorization = "Bearer hunter2" }',
            "pages[0].headers_env.authorization: names no environment variable",
        ),
        (
            'headers_env = { Host = "NAME" }',
            "pages[0].headers_env.Host: is no header of yours to set",
        ),
        (
            'headers_env = { Cookie = "NAME" }',
            "pages[0].headers_env.Cookie: is no header of yours to set",
        ),
        (
            'headers_env = { "a b" = "NAME" }',
            "pages[0].headers_env.a b: is no header of yours to set",
        ),
        ('cookies_env = { "a=b" = "NAME" }', "pages[0].cookies_env.a=b: is no name of a cookie"),
        (
            'cookies_env = { sid = "hunter2 secret" }',
            "pages[0].cookies_env.sid: names no environment variable",
        ),
    ],
)
def test_how_a_page_cannot_be_fetched(tmp_path: Path, line: str, expected: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[[pages]]\nid = "trust"\nurl = "https://acme.example/trust"\n{line}\n')
    with pytest.raises(errors.ConfigError) as told:
        config.load(path)
    assert expected in str(told.value)
    assert "hunter2" not in str(told.value)


def test_a_file_needs_no_browser(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[[pages]]\nid = "trust"\nurl = "trust.md"\nbrowser = true\n')
    with pytest.raises(errors.ConfigError, match=r"pages\[0\]: has browser, but its url is a file"):
        config.load(path)
