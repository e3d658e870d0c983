"""A secret that comes back: found in whatever letters it is spelled, and in nothing else."""

from __future__ import annotations

import base64
import json
import logging
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import egress, errors
from pipeline.egress import Limits, Secrets

TOKEN = 'S3cr3t&to"ken/<42>+\\x'
OURS = Secrets((("TOKEN", (TOKEN,)), ("OTHER", ("something-else",))))

SPELL = {
    "plain": str,
    "decimal": lambda one: f"&#{ord(one)};",
    "decimal, zeros": lambda one: f"&#000{ord(one)};",
    "hexadecimal": lambda one: f"&#x{ord(one):x};",
    "hexadecimal, capitals": lambda one: f"&#X{ord(one):X};",
    "json": lambda one: f"\\u{ord(one):04x}",
    "json in json": lambda one: f"\\\\u{ord(one):04X}",
    "script": lambda one: f"\\x{ord(one):02x}",
    "script, braces": lambda one: f"\\u{{{ord(one):x}}}",
    "address": lambda one: f"%{ord(one):02X}",
    "address, small": lambda one: f"%{ord(one):02x}",
    "address twice": lambda one: f"%25{ord(one):02x}",
    "address of old": lambda one: f"%u{ord(one):04x}",
    "entity of an address": lambda one: f"&#37;{ord(one):02x}",
    "address of an entity": lambda one: quote(f"&#{ord(one)};", safe=""),
}


@pytest.mark.parametrize("way", SPELL)
def test_every_letter_may_be_escaped(way: str) -> None:
    spelled = "".join(map(SPELL[way], TOKEN))
    assert OURS.repeated(f"<p>You sent {spelled}.</p>") == "TOKEN"
    assert OURS.repeated(f"<p>You sent {spelled}.</p>".encode()) == "TOKEN"
    assert OURS.repeated("nothing of it", spelled) == "TOKEN"


@given(
    ways=st.lists(st.sampled_from(sorted(SPELL)), min_size=len(TOKEN), max_size=len(TOKEN)),
    around=st.tuples(st.text("ab <>/", max_size=9), st.text("yz <>/", max_size=9)),
)
def test_ways_may_be_mixed(ways: list[str], around: tuple[str, str]) -> None:
    spelled = "".join(SPELL[way](one) for way, one in zip(ways, TOKEN, strict=True))
    assert OURS.repeated(around[0] + spelled + around[1]) == "TOKEN"


@pytest.mark.parametrize(
    "said",
    [
        json.dumps({"headers": json.dumps({"authorization": TOKEN})}),
        "&#83;".join(["", "<wbr>".join(TOKEN[1:].replace("<", "&lt;"))]),
        "\u200b".join(TOKEN),
        TOKEN.encode("utf-16"),
        TOKEN.encode().hex().upper(),
    ],
)
def test_other_ways_to_print_it(said: str | bytes) -> None:
    assert OURS.repeated(said) == "TOKEN"


@given(before=st.binary(max_size=7), after=st.binary(max_size=7), safe=st.booleans())
def test_base64_is_seen_through_wherever_it_begins(before: bytes, after: bytes, safe: bool) -> None:
    pack = base64.urlsafe_b64encode if safe else base64.b64encode
    packed = pack(before + TOKEN.encode() + after).decode()
    broken = "\r\n".join(packed[at : at + 16] for at in range(0, len(packed), 16))
    escaped = "".join(f"&#{ord(one)};" for one in packed)
    for said in (packed, broken, json.dumps(broken), quote(packed, safe=""), escaped):
        assert OURS.repeated(said) == "TOKEN", said


@given(st.text(max_size=300))
def test_nothing_else_is_taken_for_it(said: str) -> None:
    assert OURS.repeated(said, said.encode("utf-8", "replace")) is None
    assert OURS.hidden(said) == said


def test_a_reason_has_the_name_in_its_place() -> None:
    assert OURS.hidden(f"illegal header {TOKEN}!") == "illegal header [TOKEN]!"
    reason = OURS.hidden(f"illegal header {quote(TOKEN)}, {base64.b64encode(TOKEN.encode())!r}")
    assert reason == "what came back repeats the value of TOKEN"


def test_a_value_is_not_shown_by_chance() -> None:
    assert TOKEN not in repr(OURS)


def test_what_leaves_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    limits = Limits(allow=("127.0.0.1",), timeout=1)
    with egress.Client(limits) as client, pytest.raises(errors.EgressError, match="refused"):
        client.request("GET", "http://127.0.0.1:9/hook/T0K3N", headers={"x-key": "S3CR3T"})
    assert "T0K3N" not in caplog.text
    assert "S3CR3T" not in caplog.text
