"""Read and compare adversarial texts, each in a process with the budget of a page:
time and memory of each.

    python bench/adversarial.py [--size 30000] [--seconds 30] [--only WORDS]

`whole` is what a run does with a page that has changed: its health, reading it and the capture
before it, comparing them. `parse` and `texts` are the parts of it that must stay linear whatever
the reader does: taking a page to pieces, and comparing two texts without their claims. Seconds are
the processor's; memory is how far a fresh process grew.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import adversarial_texts
import stages
from adversarial_texts import Text
from stages import Cost

from pipeline.track import judging
from pipeline.workers import Budget, Pool, Stopped

WHOLE, PARTS = "whole", ("parse", "texts")


@dataclass(frozen=True, slots=True)
class Row:
    """What one text cost: each stage's cost, or in words why there is none."""

    text: Text
    size: int
    costs: dict[str, Cost | str]


def measured(text: Text, size: int, budget: Budget) -> Row:
    """Return what a text costs; a process that was ended for it counts
    as the budget that it overran.
    """
    bodies = [text.body(size, version) for version in (0, 1)]
    shots = [stages.captured(body, text.media_type, day=day) for day, body in enumerate(bodies)]
    costs: dict[str, Cost | str] = {}
    for stage in (WHOLE, *PARTS):
        with Pool(judging.ready, None, budget, size=1) as pool:
            try:
                costs[stage] = pool.run(lambda work, stage=stage: work(stages.cost, stage, *shots))
            except Stopped as stopped:
                costs[stage] = str(stopped)
    return Row(text, len(bodies[1]), costs)


def shown(row: Row) -> str:
    """Return a row of the table."""
    cells = []
    for stage in (WHOLE, *PARTS):
        cost = row.costs[stage]
        if isinstance(cost, str):
            cells.append(f"{'over':>8} {'':>5}")
        else:
            cells.append(f"{cost.seconds:8.3f} {cost.memory / 2**20:5.0f}")
    kind = row.text.media_type.partition("/")[2]
    over = next((cost for cost in row.costs.values() if isinstance(cost, str)), "")
    return f"{row.text.name:38} {kind:9} {row.size:7} {' '.join(cells)}  {over}"


def main() -> None:
    """Measure every text and print the table and its worst."""
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    told.add_argument("--size", type=int, default=30_000)
    told.add_argument("--seconds", type=float, default=Budget().seconds)
    told.add_argument("--only", default="")
    given = told.parse_args()
    budget = Budget(given.seconds)
    head = " ".join(f"{f'{stage} s':>8} {'MiB':>5}" for stage in (WHOLE, *PARTS))
    print(f"{'text':38} {'kind':9} {'bytes':>7} {head}")
    rows = []
    for text in adversarial_texts.TEXTS:
        if given.only in text.name:
            rows.append(measured(text, given.size, budget))
            print(shown(rows[-1]), flush=True)
    for stage in (WHOLE, *PARTS):
        costs = [cost for row in rows if isinstance(cost := row.costs[stage], Cost)]
        print(
            f"{stage}: {len(rows)} texts, {len(rows) - len(costs)} over the budget; of the others, "
            f"at most {max((cost.seconds for cost in costs), default=0):.2f} s "
            f"and {max((cost.memory for cost in costs), default=0) / 2**20:.0f} MiB"
        )


if __name__ == "__main__":
    main()
