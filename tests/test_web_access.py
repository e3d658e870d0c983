"""The web page, attacked: every address without credentials and with a viewer's,
forged forms and hosts, hostile text.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from web_site import HERE, OWN, PASSWORD, READS, Web, address, change, users

from pipeline import config
from pipeline.config import User
from pipeline.errors import ServeError
from pipeline.web import hashed
from pipeline.web.access import Access
from pipeline.web.routes import ROUTES, Route

ELSEWHERE = "http://claims.example"


@pytest.fixture
def web(hostile_web: Web) -> Web:
    return hostile_web.anew()


@pytest.fixture(scope="module")
def away(hostile_store: Path) -> Iterator[Web]:
    """Return the site as others reach it, by a name of its own."""
    access = Access("0.0.0.0", ("claims.example",), users())
    with Web(hostile_store, access, ELSEWHERE) as opened:
        yield opened


def verdicts(web: Web) -> int:
    sql = "SELECT count(*) FROM review"
    return int(web.get("/data.json", params={"sql": sql, "_shape": "arrayfirst"}).json()[0])


CHANGES = [route for route in ROUTES if route.changes and not route.free]


# --------------------------------------------------------------------------- who may do what


@pytest.mark.parametrize("route", READS, ids=lambda route: route.pattern)
def test_reading_needs_nothing_on_this_machine(web: Web, route: Route) -> None:
    assert web.get(address(web, route)).status_code == 200


@pytest.mark.parametrize("name", ["", "Vera"], ids=["nobody", "a viewer"])
@pytest.mark.parametrize("route", CHANGES, ids=lambda route: route.pattern)
def test_nobody_but_a_reviewer_changes_anything(web: Web, route: Route, name: str) -> None:
    if name:
        web.enter(name)
    else:
        web.get("/sign-in")
    before = verdicts(web)
    fields = {"id": f"{change(web)}.0", "verdict": "accept", "note": "x"}
    assert web.post(address(web, route), fields).status_code == 403
    assert verdicts(web) == before


@pytest.mark.parametrize("name", ["", "Vera"], ids=["nobody", "a viewer"])
def test_only_a_reviewer_is_offered_verdicts(web: Web, name: str) -> None:
    if name:
        web.enter(name)
    for shown in ("/", f"/changes/{change(web)}"):
        assert 'action="/review"' not in web.get(shown).text
    web.enter("Bo")
    assert 'action="/review"' in web.get("/").text


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.pattern)
def test_an_address_that_changes_something_is_not_read_and_the_other_way_round(
    web: Web, route: Route
) -> None:
    web.enter()
    where = address(web, route)
    answer = web.get(where) if route.changes else web.post(where, {})
    assert answer.status_code == 405


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(web: Web, method: str) -> None:
    assert web.ask(method, "/").status_code == 405


@pytest.mark.parametrize("where", [*(route.pattern for route in READS if not route.free), *OWN])
def test_elsewhere_everybody_signs_in_to_read(away: Web, where: str) -> None:
    away.browser = away.another()
    named = {route.pattern: route for route in ROUTES}
    there = address(away, named[where]) if where in named else where
    assert away.get(there).status_code in (303, 401)
    away.enter("Vera")
    there = address(away, named[where]) if where in named else where
    assert away.get(there).status_code == 200


def test_what_a_proxy_passed_on_is_not_of_this_machine(web: Web) -> None:
    assert web.get("/", headers={"x-forwarded-for": "192.0.2.1"}).status_code == 303


def test_a_token_is_good_once_and_on_this_machine_alone(hostile_store: Path) -> None:
    with Web(hostile_store, Access("127.0.0.1")) as web:
        token = web.site.access.token
        assert token in web.get(f"/sign-in?token={token}").text
        assert web.post("/sign-in/enter", {"token": "wrong", "name": "Ana"}).status_code == 403
        assert web.post("/sign-in/enter", {"token": token, "name": ""}).status_code == 403
        entered = web.post("/sign-in/enter", {"token": token, "name": "Ana"})
        assert "HttpOnly; Path=/; SameSite=lax" in entered.headers["set-cookie"]
        assert "Sign out" in web.get("/").text
        web.browser = web.another()
        web.get(f"/sign-in?token={token}")
        assert web.post("/sign-in/enter", {"token": token, "name": "Mallory"}).status_code == 403
        web.post("/sign-in/enter", {"token": "", "name": "Mallory"})
        assert "Sign out" not in web.get("/").text
    elsewhere = Access("0.0.0.0", users=users())
    assert not elsewhere.redeemed(elsewhere.token)


@pytest.mark.parametrize(
    ("name", "word"), [("Bo", "not the password"), ("Nobody", PASSWORD), ("", "")]
)
def test_a_wrong_password_lets_nobody_in(web: Web, name: str, word: str) -> None:
    web.get("/sign-in")
    assert web.post("/sign-in/enter", {"name": name, "password": word}).status_code == 403
    assert web.post("/review", {"id": f"{change(web)}.0"}).status_code == 403


@pytest.mark.parametrize(
    "value", ["", "x", "eyJhIjp7Im5hbWUiOiJCbyIsInJvbGUiOiJyZXZpZXdlciJ9fQ.x", "a=b; c"]
)
def test_a_cookie_that_we_did_not_sign_is_nobodys(web: Web, value: str) -> None:
    answer = web.get("/", headers={"cookie": f"ds_actor={value}"})
    assert "Sign out" not in answer.text


@pytest.mark.parametrize(
    ("host", "hosts"), [("0.0.0.0", ()), ("::", ()), ("127.0.0.1", ("claims.example",))]
)
def test_others_are_not_let_near_it_without_a_password(host: str, hosts: tuple[str, ...]) -> None:
    with pytest.raises(ServeError, match="nobody has a password"):
        Access(host, hosts)


def test_a_password_is_kept_as_a_hash_that_the_config_takes(tmp_path: Path) -> None:
    stored = hashed(PASSWORD)
    assert PASSWORD not in stored
    assert stored != hashed(PASSWORD)
    path = tmp_path / "config.toml"
    path.write_text(f'[[users]]\nname = "Ana"\npassword = "{stored}"\nrole = "viewer"\n')
    assert config.load(path).users == (User("Ana", stored, "viewer"),)
    with pytest.raises(ServeError, match="12 characters"):
        hashed("short")
    path.write_text(f'[[users]]\nname = "Ana"\npassword = "{PASSWORD}"\n')
    with pytest.raises(config_error(), match="--hash") as refused:
        config.load(path)
    assert PASSWORD not in str(refused.value)


def config_error() -> type[Exception]:
    from pipeline.errors import ConfigError

    return ConfigError


# --------------------------------------------------------------------------- forged requests


def test_a_form_without_the_token_of_its_page_is_refused(web: Web) -> None:
    web.enter()
    before = verdicts(web)
    fields = {"id": f"{change(web)}.0", "verdict": "accept", "csrftoken": "forged"}
    assert web.post("/review", fields).status_code == 403
    assert verdicts(web) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_a_form_of_another_site_is_refused(web: Web, headers: dict[str, str]) -> None:
    web.enter()
    fields = {"id": f"{change(web)}.0", "verdict": "accept"}
    assert web.post("/review", fields, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""]
)
def test_a_host_that_is_not_ours_is_not_answered(web: Web, host: str) -> None:
    for where in ("/", "/data.json", "/static/site.css"):
        assert web.get(where, headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8001", "127.0.0.1:9", "[::1]:8001"])
def test_this_machine_is_answered(web: Web, host: str) -> None:
    assert web.get("/", headers={"host": host}).status_code == 200


def test_a_form_that_is_too_long_is_not_read(web: Web) -> None:
    web.enter()
    assert web.post("/review", {"id": "x" * 1_100_000}).status_code == 413
    answer = web.ask("POST", "/review", content=iter_bytes(), headers={"origin": HERE})
    assert answer.status_code == 411


async def iter_bytes() -> object:  # type: ignore[misc]
    yield b"id=x"


@pytest.mark.parametrize(
    "where",
    ["/-/databases", "/-/plugins", "/-/settings", "/-/metadata", "/-/permissions", "/_internal"],
)
def test_what_datasette_says_of_itself_is_not_shown(web: Web, where: str) -> None:
    web.enter()
    assert web.get(where).status_code in (403, 404)


def test_a_bug_of_ours_shows_no_traceback(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the secret")

    monkeypatch.setattr(web.site, "ask", broken)
    answer = web.get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "the secret" in web.said[-1]
