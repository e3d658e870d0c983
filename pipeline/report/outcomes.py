"""What became of a look → the words that people see for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import model
from pipeline.report import phrases

if TYPE_CHECKING:
    from pipeline.model import (
        Failed,
        Outcome,
        Told,
        Verdict,
    )


def result(outcome: Outcome, told: tuple[Told, ...]) -> str:
    """Return what came of looking at a page, in words; `told` are the run's changes."""
    match outcome:
        case model.First():
            return f"first look: baseline of {phrases.count(len(outcome.reading.claims), 'claim')}"
        case model.Unchanged(form=0):
            return "unchanged"
        case model.Unchanged():
            return f"unchanged; {formatting(outcome.form)}"
        case model.Changed():
            number = sum(
                item.page.id == outcome.look.page.id and item.change.cause == "page"
                for item in told
            )
            form = outcome.comparison.form
            return (
                f"{phrases.count(number, 'change')}; {formatting(form)}"
                if form
                else phrases.count(number, "change")
            )
        case model.HeldBack():
            return "held back: looks broken"
        case model.Failed():
            return "could not be read"


def formatting(form: int) -> str:
    """Return how many differences were of form alone."""
    return f"{phrases.count(form, 'difference')} of formatting only"


def fault(verdict: Verdict) -> str:
    """Return why a capture was held back, as a sentence."""
    return phrases.sentence(verdict.reason or verdict.name.replace("_", " "))


def failure(outcome: Failed) -> str:
    """Return at which stage a page failed, why, and how often in a row, as sentences."""
    stages = {"fetch": "could not be fetched", "parse": "could not be read as text"}
    text = (
        f"{stages.get(outcome.failure.stage, f'failed at {outcome.failure.stage}')}: "
        f"{outcome.failure.reason}"
    )
    return phrases.sentence(text) + (
        f" This is the {phrases.ordinal(outcome.in_a_row)} time in a row."
        if outcome.in_a_row > 1
        else ""
    )
