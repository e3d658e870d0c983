"""No text keeps a page's reader busy, nor makes a page unreadable:
the list of the bench, held against a small budget.

What is measured is the budget itself: where a text overran it, its process is gone.
"""

from __future__ import annotations

from concurrent.futures import Future

import adversarial_texts
import pytest
import stages
from adversarial_texts import Text
from stages import Cost

from pipeline import standards
from pipeline.config import Guard
from pipeline.model import Failed, HeldBack, Known, Look
from pipeline.track import judging
from pipeline.track.desk import Desk
from pipeline.track.judging import Case
from pipeline.workers import Budget, Pool

TEXTS = adversarial_texts.TEXTS
LINEAR = Budget(2.0, 300 << 20)
"""For what must be linear; 30 kB took from three seconds to for ever before it was."""


def test_there_are_texts_of_every_kind_and_they_have_their_size() -> None:
    assert len(TEXTS) >= 60
    assert len({text.name for text in TEXTS}) == len(TEXTS)
    for text in TEXTS:
        assert 10_000 <= len(text.body(30_000)) <= 80_000, text.name
        assert text.body(3000, 0) == text.body(3000, 0)


@pytest.mark.parametrize(
    ("stage", "size"), [("parse", 30_000), ("health", 30_000), ("texts", 8_000)]
)
def test_taking_pages_apart_and_comparing_them_costs_in_step_with_their_length(
    stage: str, size: int
) -> None:
    with Pool(judging.ready, None, LINEAR) as pool:
        costs = {text.name: _cost(pool, stage, text, size) for text in TEXTS}
        errors = {name: cost.exception() for name, cost in costs.items()}
    assert {name: str(error) for name, error in errors.items() if error} == {}


def _cost(pool: Pool, stage: str, text: Text, size: int) -> Future[Cost]:
    shots = [stages.captured(text.body(size, day), text.media_type, day=day) for day in (0, 1)]
    return pool.submit(lambda work: work(stages.cost, stage, *shots))


def test_whatever_a_page_is_made_of_a_run_goes_on() -> None:
    cases = [_case(text) for text in TEXTS]
    with Desk(standards.load(), Budget(0.5)) as desk:
        outcomes = [desk.judge(case) for case in cases]
        for text, future in zip(TEXTS, outcomes, strict=True):
            outcome = future.result()
            if isinstance(outcome, Failed):
                assert outcome.failure.stage in ("parse", "read"), text.name
                assert "fault of ours" not in outcome.failure.reason, text.name
            elif isinstance(outcome, HeldBack):
                assert outcome.verdict.reason, text.name


def _case(text: Text) -> Case:
    old, new = (stages.captured(text.body(4000, day), text.media_type, day=day) for day in (0, 1))
    known = Known(digest=old.digest, size=len(old.body), snapshot=old)
    return Case(Look(stages.PAGE, new.captured_at, new), known, Guard(10, 0.5))
