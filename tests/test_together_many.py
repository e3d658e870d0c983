"""What very many pages say together: told once, and found in step with how many there are."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from test_together import CATALOGUE, NOTES, START, House

from pipeline import history, track
from pipeline.history import standing, together


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_disagreement_of_many_pages_is_told_once(house: House) -> None:
    says = "# {}\n\nLarkfield is certified to ISO/IEC 27001:{}.\n"
    denies = "# {}\n\nLarkfield is not certified to ISO/IEC 27001.\n"
    editions = (2013, 2013, 2017, 2022, 2022)
    pages = {f"p{n}": says.format(n, edition) for n, edition in enumerate(editions)}
    house.run(**pages, q1=denies.format(1), q2=denies.format(2))
    assert [row["summary"] for row in house.found("contradiction")] == [
        "Larkfield, ISO/IEC 27001: claimed on 5 pages, denied on 2 others",
        "Larkfield, ISO/IEC 27001: edition 2013 on 2 pages, 2017 on another, 2022 on 2 others",
    ]
    claimed = {row["page"] for row in house.matrix() if row["stance"] == "claimed" and row["flags"]}
    assert claimed == set(pages)


def test_what_many_pages_say_together_costs_in_step_with_them() -> None:
    def cost(pages: int) -> int:
        """Count the calls that pages of one vendor take, every other one of which disagrees."""
        rows = [_row(n, "claimed" if n % 2 else "not_claimed") for n in range(pages)]
        calls = 0

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            together.findings(rows, CATALOGUE, START.date())
        finally:
            sys.setprofile(None)
        return calls

    assert cost(400) < 5 * cost(100)


def _row(number: int, stance: str) -> dict[str, Any]:
    blank = dict.fromkeys(("edition", "level", "basis", "valid", "service", "group", "condition"))
    said = {"kind": "standard", "vendor": "Larkfield", "subject": "Larkfield", "stance": stance}
    named = {"standard": "hipaa", "standard_name": "HIPAA", "page": f"p{number}"}
    text = {"id": f"c{number}", "text": "It is so.", "section": (), "members": ()}
    return blank | said | named | text


def test_the_matrix_reads_what_the_list_of_claims_does(house: House) -> None:
    house.run(one="# A\n\nLarkfield is certified to ISO/IEC 27001:2013.\n", notes=NOTES.format(""))
    house.run(
        1, one="# A\n\nLarkfield is certified to ISO/IEC 27001:2022.\n", notes=NOTES.format("")
    )
    with track.open(house.config) as store:
        for at in (None, START + timedelta(hours=12)):
            listed = [
                row
                for row in history.claims(store.db, at=at)
                if row["kind"] in ("standard", "service", "product")
            ]
            brief = standing.brief(store.db, at=at)
            assert [row["id"] for row in brief] == [row["id"] for row in listed]
            for one, other in zip(brief, listed, strict=True):
                names = one.keys() & other.keys() - {"section", "members"}
                assert {name: one[name] for name in names} == {name: other[name] for name in names}
