"""The example site: dated states that build on each other, and a server that answers
as a polite site does.
"""

from __future__ import annotations

import http.client
from datetime import date

import pytest

from pipeline.demo import server, states

SITE = states.load()


def ask(serving: server.Server, path: str, **headers: str) -> tuple[int, str | None, bytes]:
    connection = http.client.HTTPConnection(serving.host, timeout=5)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, answer.getheader("ETag"), answer.read()
    connection.close()
    return found


def test_the_site_has_pages_of_both_kinds_and_enough_dated_states() -> None:
    assert len(SITE.pages) >= 5
    assert {name.rsplit(".", 1)[1] for name in SITE.pages.values()} == {"md", "html"}
    assert len(SITE.states) >= 6
    assert [state.on for state in SITE.states] == sorted(state.on for state in SITE.states)


def test_a_state_keeps_the_pages_that_did_not_change() -> None:
    first, last = SITE.states[0], SITE.states[-1]
    assert set(first.files) == set(last.files) == set(SITE.pages.values())
    assert first.files["payments.md"] == last.files["payments.md"]
    assert first.files["hipaa.html"] != last.files["hipaa.html"]


def test_every_dated_folder_is_a_state_and_changes_something() -> None:
    folders = {
        date.fromisoformat(folder.name) for folder in states.SITE.iterdir() if folder.is_dir()
    }
    assert folders == {state.on for state in SITE.states}
    for before, after in zip(SITE.states, SITE.states[1:], strict=False):
        assert before.files != after.files


def test_the_server_answers_with_etags_and_says_when_nothing_changed() -> None:
    with server.serving() as serving:
        serving.state = SITE.states[0]
        status, etag, body = ask(serving, "/trust/hipaa.html")
        assert (status, body) == (200, SITE.states[0].files["hipaa.html"])
        assert etag is not None
        assert ask(serving, "/trust/hipaa.html", **{"If-None-Match": etag})[0] == 304
        serving.state = SITE.states[1]
        assert ask(serving, "/trust/hipaa.html", **{"If-None-Match": etag})[0] == 200
        assert ask(serving, "/trust/nothing.html")[0] == 404


def test_an_unavailable_page_answers_503() -> None:
    state = next(state for state in SITE.states if state.unavailable)
    with server.serving() as serving:
        serving.state = state
        for name in state.unavailable:
            assert ask(serving, f"/trust/{name}")[0] == 503


@pytest.mark.parametrize("state", SITE.states, ids=lambda state: state.on.isoformat())
def test_every_page_is_text_of_some_length(state: states.State) -> None:
    assert all(len(body.decode()) > 800 for body in state.files.values())
