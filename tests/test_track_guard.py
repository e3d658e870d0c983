"""The mass-change guard: what holds a page back, what never does, and how it is let go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline import diff, extract, parse, standards
from pipeline.config import Guard
from pipeline.model import HeldBack, Known, Look, Page, Reading, Run, Snapshot, Verdict
from pipeline.standards import Catalogue
from pipeline.track import guard

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
LIMITS = Guard(10, 0.5)
PAGE = Page("trust", "https://acme.example/trust", product="Acme Cloud")
STANDARDS = (
    "ISO/IEC 27001",
    "ISO/IEC 27017",
    "ISO/IEC 27018",
    "PCI DSS",
    "HIPAA",
    "HITRUST CSF",
    "SOC 1",
    "SOC 2",
    "SOC 3",
    "C5",
    "IRAP",
    "MTCS",
)
MINUTES, HOURS, DAYS = (
    (lambda n: timedelta(minutes=n)),
    (lambda n: timedelta(hours=n)),
    (lambda n: timedelta(days=n)),
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return standards.load()


def capture(body: str, at: timedelta = timedelta(0)) -> Snapshot:
    return Snapshot(PAGE, NOW + at, NOW + at, "live", PAGE.url, "text/markdown", body.encode())


def claims(*names: str) -> str:
    return (
        "# Acme Cloud\n\nWhat we hold is told here, year by year.\n\n"
        + "\n\n".join(f"Acme Cloud is certified to {name}." for name in names)
        + "\n"
    )


def matrix(cell: str, other: str = "✓") -> str:
    rows = "\n".join(f"| Service {letter} | {cell} | {other} |" for letter in "ABCDEFGHIJKL")
    return f"# Services in scope\n\n| Service | SOC 2 | PCI DSS |\n| --- | --- | --- |\n{rows}\n"


def reading(snapshot: Snapshot, catalogue: Catalogue) -> Reading:
    return extract.reading(parse.document(snapshot), catalogue, PAGE)


def verdict(
    before: str,
    after: str,
    catalogue: Catalogue,
    *,
    at: timedelta = timedelta(0),
    held: tuple[tuple[timedelta, str], ...] = (),
) -> str:
    old, new = capture(before), capture(after, at)
    one, two = reading(old, catalogue), reading(new, catalogue)
    waiting = tuple(
        (NOW + when, guard.shown(reading(capture(text), catalogue))) for when, text in held
    )
    step = guard.Step(new, Known(), one, two, diff.comparison(one, two, catalogue))
    return guard.verdict(step, LIMITS, waiting).reason


ALL, HALF, FEW = claims(*STANDARDS), claims(*STANDARDS[:6]), claims(STANDARDS[0])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (ALL, FEW, "claims would go at once"),
        (ALL, HALF, ""),
        (ALL, claims(*STANDARDS[1:]), ""),
        (HALF, FEW, ""),
        (ALL, ALL, ""),
        (matrix("✓"), matrix(""), 'the column "SOC 2" lost all its 12 cells'),
        (matrix("✓"), matrix("✓", ""), 'the column "PCI DSS" lost all its 12 cells'),
        (FEW, ALL, "claims would be new at once"),
        (HALF, ALL, ""),
    ],
    ids=[
        "most",
        "half",
        "one",
        "few",
        "none",
        "a column",
        "the other column",
        "most new",
        "some new",
    ],
)
def test_what_is_doubted(before: str, after: str, expected: str, catalogue: Catalogue) -> None:
    found = verdict(before, after, catalogue)
    assert expected in found
    assert bool(expected) is bool(found)


def test_a_column_that_goes_with_its_heading_is_told(catalogue: Catalogue) -> None:
    rows = "\n".join(f"| Service {letter} | ✓ |" for letter in "ABCDEFGHIJKL")
    assert (
        verdict(
            matrix("✓"),
            f"# Services in scope\n\n| Service | PCI DSS |\n| --- | --- |\n{rows}\n",
            catalogue,
        )
        == ""
    )


@pytest.mark.parametrize(
    ("at", "held", "free"),
    [
        (HOURS(1), ((HOURS(0), FEW),), False),
        (HOURS(23), ((HOURS(0), FEW),), False),
        (HOURS(24), ((HOURS(0), FEW),), True),
        (
            HOURS(24),
            ((HOURS(0), FEW.replace("\n\n", "\n\n<!-- a token of its own -->\n\n")),),
            True,
        ),
        (HOURS(24), ((HOURS(0), "another body"),), False),
        (HOURS(30), ((HOURS(0), "another body"), (HOURS(5), FEW)), True),
        (DAYS(2.9), ((HOURS(0), "one"), (DAYS(1), "two"), (DAYS(2), "three")), False),
        (DAYS(3), ((HOURS(0), "one"), (DAYS(1), "two")), True),
    ],
)
def test_time_lets_a_loss_go(
    at: timedelta, held: tuple[tuple[timedelta, str], ...], free: bool, catalogue: Catalogue
) -> None:
    assert (verdict(ALL, FEW, catalogue, at=at, held=held) == "") is free


def test_what_came_is_asked_about_once(catalogue: Catalogue) -> None:
    assert verdict(FEW, ALL, catalogue, at=MINUTES(14), held=((MINUTES(0), ALL),)) != ""
    assert verdict(FEW, ALL, catalogue, at=MINUTES(15), held=((MINUTES(0), ALL),)) == ""


def test_a_run_says_which_pages_to_look_at_again() -> None:
    first = HeldBack(Look(PAGE, NOW), Verdict("mass-change", "most"), "digest")
    second = HeldBack(Look(PAGE, NOW + MINUTES(15)), Verdict("mass-change", "most"), "digest", NOW)
    late = HeldBack(Look(PAGE, NOW + HOURS(6)), Verdict("mass-change", "most"), "digest", NOW)
    wall = HeldBack(Look(PAGE, NOW), Verdict("challenge", "a wall"))
    found = guard.again(Run(NOW, NOW, (first, second, late, wall)))
    assert found == ((NOW + MINUTES(15), PAGE), (NOW + MINUTES(60), PAGE))


@pytest.mark.parametrize(
    ("held", "looked_at", "expected"),
    [
        ((), 0, None),
        ((0,), 0, 15),
        ((0,), 15, 60),
        ((0, 15), 15, 60),
        ((0, 15, 60), 60, None),
        ((0,), 90, None),
    ],
)
def test_when_a_doubted_page_is_looked_at_again(
    held: tuple[int, ...], looked_at: int, expected: int | None
) -> None:
    waiting = tuple((NOW + MINUTES(at), "digest") for at in held)
    assert guard.next_look(waiting, NOW + MINUTES(looked_at)) == (
        NOW + MINUTES(expected) if expected else None
    )
