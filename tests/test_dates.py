"""Printed dates: the last day that a plan can mean, and when a printed validity ends."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline import dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("expected by 30 June 2024", date(2024, 6, 30)),
        ("by June 30th, 2024 at the latest", date(2024, 6, 30)),
        ("in February 2024", date(2024, 2, 29)),
        ("on 2024-02-05", date(2024, 2, 5)),
        ("in Q3 2024", date(2024, 9, 30)),
        ("in the second half of 2024", date(2024, 12, 31)),
        ("the third quarter of fiscal 2024", date(2024, 9, 30)),
        ("mid-2024", date(2024, 8, 31)),
        ("by 2024", date(2024, 12, 31)),
        ("from May 2023 to Sept. 2024", date(2024, 9, 30)),
        ("ISO/IEC 27001:2022 is planned", None),
        ("v2024-1, PCI-DSS-2018 and port 20211", None),
        ("on 2024-13-40", None),
        ("as soon as it may be", None),
        ("bis 31.12.2026", date(2026, 12, 31)),
        ("am 3. März 2026", date(2026, 3, 3)),
        ("im Dezember 2026", date(2026, 12, 31)),
        ("le 1er août 2026", date(2026, 8, 1)),
        ("el 15 de enero de 2026", date(2026, 1, 15)),
        ("06/2026", date(2026, 6, 30)),
        ("well maintained 2024", date(2024, 12, 31)),
        ("on 31.02.2026", None),
    ],
)
def test_the_last_day_that_a_plan_can_mean(text: str, day: date | None) -> None:
    assert dates.last_day(text) == day


@pytest.mark.parametrize(
    ("valid", "day"),
    [
        ("30 June 2026", date(2026, 6, 30)),
        ("June 2023 – June 2026", date(2026, 6, 30)),
        ("1 March 2023 to 28 February 2026", date(2026, 2, 28)),
        ("until 2026-03-01", date(2026, 3, 1)),
        ("expires March 2026", date(2026, 3, 31)),
        ("three years, until 1 May 2026", date(2026, 5, 1)),
        ("seit Mai 2023 bis April 2026", date(2026, 4, 30)),
        ("three years from May 2023", None),
        ("two years", None),
        ("since 4 May 2021", None),
        ("issued 12 March 2021", None),
        ("12 Monate ab Mai 2023", None),
        ("upon renewal", None),
    ],
)
def test_when_a_printed_validity_ends(valid: str, day: date | None) -> None:
    assert dates.end_of(valid) == day


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("1 January to 31 December 2025", True),
        ("June 2023 – June 2026", True),
        ("Juni 2023 bis Juni 2026", True),
        ("31 December 2025", False),
        ("two years", False),
    ],
)
def test_a_span_between_two_dates_is_known_from_one_date(text: str, spans: bool) -> None:
    assert dates.is_range(text) == spans
