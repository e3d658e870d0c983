"""Comparing costs what there is to compare: calls are counted, not time, and what is looked up is
what a look at all finds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from types import FrameType
from typing import Any

import pytest
from generated_pages import STANDARDS, readings, rewritten
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import diff, standards
from pipeline.diff.claims import coverage, pairing
from pipeline.diff.names import candidates, lists, service_names
from pipeline.diff.names.lens import Lens, Rename
from pipeline.model import STANCES, Claim, Reading, Source
from pipeline.recent import Remembered

CATALOGUE = standards.load()
SOURCE = Source("A sentence.")


def calls(made: Callable[[], object]) -> int:
    """Return how many functions are called, those of C with those of Python."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        made()
    finally:
        sys.setprofile(None)
    return counted


def pages(claims: int, seed: int) -> tuple[Reading, Reading]:
    return readings(claims, seed, part=0.05)


@pytest.mark.parametrize(("made", "size"), [(pages, 100), (rewritten, 50)])
def test_ten_times_the_page_costs_ten_times_the_calls(
    made: Callable[[int, int], tuple[Reading, Reading]], size: int
) -> None:
    diff.comparison(*made(40, 0), CATALOGUE)
    small, big = made(size, size), made(10 * size, 10 * size)
    assert calls(lambda: diff.comparison(*big, CATALOGUE)) < 12 * calls(
        lambda: diff.comparison(*small, CATALOGUE)
    )


def test_a_page_of_many_holders_costs_what_it_has() -> None:
    def page(holders: int) -> tuple[Claim, ...]:
        names = (f"Holder {number}" for number in range(holders))
        return tuple(Claim("standard", SOURCE, name, "fedramp", stance="claimed") for name in names)

    lens, small, big = Lens([]), page(100), page(1000)
    coverage.split(big, lens, CATALOGUE)  # names are folded once
    assert calls(lambda: coverage.split(big, lens, CATALOGUE)) < 12 * calls(
        lambda: coverage.split(small, lens, CATALOGUE)
    )


# --------------------------------------------------------------------------- what is looked up

SUBJECTS = (None, "", "Desk", "desk", "Vault", "Larkfield Vault")
claims = st.lists(
    st.builds(
        Claim,
        st.just("standard"),
        st.just(SOURCE),
        st.sampled_from(SUBJECTS),
        st.sampled_from(("soc-2", "fedramp")),
        edition=st.sampled_from((None, "2022", "v4.0", "4.0")),
        level=st.sampled_from((None, "Type 2", "Type II", "High")),
        stance=st.sampled_from((None, *STANCES)),
    ),
    max_size=7,
)


@settings(max_examples=100, deadline=None)
@given(claims, claims)
def test_claims_that_include_another_are_counted_as_one_by_one(
    mine: list[Claim], others: list[Claim]
) -> None:
    lens = Lens([Rename("Desk", "Vault", True, 1.0, "")])
    index = coverage.Index(lens, mine)
    for gone in range(2):
        for poor in others:
            same = [one for one in mine[gone:] if one.standard == poor.standard]
            anybody = replace(poor, subject=None)
            assert index.including(poor) == sum(coverage.includes(one, poor, lens) for one in same)
            assert index.including(poor, anybody=True) == sum(
                coverage.includes(one, anybody, lens) for one in same
            )
        if mine:
            index.remove(mine[0])


@settings(max_examples=80, deadline=None)
@given(claims)
def test_repeats_are_what_one_of_the_others_includes(every: list[Claim]) -> None:
    lens = Lens([])
    every = [replace(claim) for claim in every]
    repeats: list[Claim] = []
    for standard in dict.fromkeys(claim.standard for claim in every):
        same = [claim for claim in every if claim.standard == standard]
        for claim in same:
            left = (one for one in same if one is not claim and not _among(one, repeats))
            if any(coverage.includes(one, claim, lens) for one in left):
                repeats.append(claim)
    found = coverage.split(every, lens, CATALOGUE)
    assert [id(claim) for claim in found[1]] == [id(c) for c in every if _among(c, repeats)]


def _among(claim: Claim, claims: Iterable[Claim]) -> bool:
    return any(claim is one for one in claims)


WORDS = (
    "Desk",
    "Desks",
    "Vault",
    "PowerDesk",
    "Power",
    "Store",
    "Storage",
    "Relay",
    "2",
    "(Oracle)",
)
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(names, min_size=1, max_size=8), st.lists(names, min_size=1, max_size=8), st.data())
def test_no_pair_is_missed_that_a_look_at_every_pair_takes_for_a_rename(
    old: list[str], new: list[str], data: st.DataObject
) -> None:
    stay = data.draw(st.lists(names, max_size=6))
    gone, came = [_service(name) for name in old], [_service(name) for name in new]
    kept = [_service(name) for name in stay]
    lens = Lens([Rename("Vault", "Safe", False, 1.0, "")])
    before = data.draw(st.permutations([*gone, *kept]))
    after = data.draw(st.permutations([*came, *kept]))
    pairs = pairing.Pairs([(claim, claim) for claim in kept], gone, came)
    known = {("desk", "relay"), ("power", "desk")}
    for entry in lists.of(pairs, before, after, lens):
        service_names._rename(entry, lens, (), certain=True)  # counts who stands where
        every = [(b, a) for b in entry.gone for a in entry.new]
        likely = [pair for pair in every if service_names._weigh(*pair, entry, lens)]
        assert likely == _kept(likely, service_names._possible(entry, lens))
        stated = [pair for pair in every if service_names._stated(*pair, lens, known)]
        assert stated == candidates.stated(entry.gone, entry.new, lens, known)


def _service(name: str) -> Claim:
    return Claim("service", Source(name), "Larkfield", "hipaa", STANDARDS["hipaa"], service=name)


def _kept(wanted: list[tuple[Claim, Claim]], found: list[tuple[Claim, Claim]]) -> list[object]:
    known = {(id(b), id(a)) for b, a in wanted}
    return [pair for pair in found if (id(pair[0]), id(pair[1])) in known]


def test_a_list_that_changed_whole_is_not_weighed_pair_by_pair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weighed = 0
    plain = service_names._weigh

    def counted(*given: Any) -> Any:
        nonlocal weighed
        weighed += 1
        return plain(*given)

    monkeypatch.setattr(service_names, "_weigh", counted)
    diff.comparison(*readings(1500, 1, part=0.2), CATALOGUE)
    assert 0 < weighed < 1500


def test_what_is_remembered_of_a_page_is_that_of_the_very_page() -> None:
    made: list[list[int]] = []
    length = Remembered(lambda page: made.append(page) or len(page))
    one, equal = [1, 2], [1, 2]
    assert (length(one), length(one), length(equal)) == (2, 2, 2)
    assert len(made) == 2
    for number in range(100):
        assert length([0] * number) == number
    assert length(one) == 2


def test_equal_claims_that_stand_apart_are_paired_with_the_nearest() -> None:
    here, there = Source("Desk", ("One",)), Source("Desk", ("Two",))
    claim = _service("Desk")
    old = [replace(claim, source=source) for source in (here, there)]
    new = [replace(claim, source=source) for source in (there, here)]
    Random(1).shuffle(old)
    found = pairing.pairs(old, new, Lens([]))
    assert all(b.source == a.source for b, a in found.joined)
    assert [id(b) for b, _ in found.joined] == [id(b) for b in old]
