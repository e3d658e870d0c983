"""The table of `make bench` and its plot, made of figures that are kept as values
in `bench/results.json`.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

from figures import Figure
from goals import GOALS, Goal

HERE = Path(__file__).parent
TITLE = """# What `make bench` measured

Made by `bench/all.py` of the values in `bench/results.json`; nothing here is written by hand.
Ratios are to another program on the same inputs, measured beside it on the same machine;
politeness is off for all alike, and pages are served on loopback.
"By" says how many times worse a value is than it must be.
`bench/goals.py` holds what must be reached. Where a line names fewer pages than its goal,
fewer were measured, and what a start costs weighs more than it would.
"""


def read(path: Path) -> dict[str, Figure]:
    """Return the figures of a file, by goal; none where it is missing."""
    if not path.exists():
        return {}
    return {name: Figure(**found) for name, found in json.loads(path.read_text()).items()}


def write(found: dict[str, Figure], folder: Path = HERE) -> None:
    """Write values, table and plot into a folder, in the order of the goals."""
    ordered = {goal.id: found[goal.id] for goal in GOALS if goal.id in found}
    values = {name: figure.values() for name, figure in ordered.items()}
    text = json.dumps(values, indent=1, ensure_ascii=False)
    (folder / "results.json").write_text(text + "\n")
    (folder / "RESULTS.md").write_text(table(ordered))
    (folder / "results.svg").write_text(plot(ordered))


def table(found: dict[str, Figure]) -> str:
    """Return the results as Markdown, goals that were not measured too."""
    names = ("goal", "what", "before", "must", "aim", "measured", "met")
    head = f"| {' | '.join((*names, 'where the time goes', 'times', 'when, load'))} |"
    rows = [_row(goal, found.get(goal.id)) for goal in GOALS]
    drawn = "![Measured as a share of what it must be; left of 1 is met](results.svg)"
    return "\n".join((TITLE, *_summary(found), head, "|---" * 10 + "|", *rows, "", drawn, ""))


def _summary(found: dict[str, Figure]) -> list[str]:
    """Return how much is met, and what the machine was doing meanwhile."""
    if not found:
        return []
    asked = [goal for goal in GOALS if goal.must is not None and goal.id in found]
    met = sum(bool(goal.met(found[goal.id].value)) for goal in asked)
    loads = [figure.load for figure in found.values()]
    processors = min(figure.processors for figure in found.values())
    lines = [
        f"Of {len(asked)} bounds that were measured, {met} are met.",
        f"The load was {min(loads)} to {max(loads)} on {processors} processors.",
    ]
    if max(loads) > 2 * processors:
        lines.append(
            "That is other work on the same machine: "
            "ratios of processor time hold better than those of "
            "wall, and `make bench` on an idle machine is what counts."
        )
    lines.append("`times` says how often each was measured; fewer than 5 is a reduced run.\n")
    return lines


def _row(goal: Goal, figure: Figure | None) -> str:
    bounds = (goal.was, goal.must, goal.aim)
    cells = [goal.id, goal.what, *("" if one is None else _amount(one, goal) for one in bounds)]
    if figure is None:
        return f"| {' | '.join([*cells, 'not measured', '', '', '', ''])} |"
    when = f"{figure.at[:16].replace('T', ' ')}, {figure.load}"
    cells += [f"**{_amount(figure.value, goal)}**", _verdict(goal, figure.value), figure.where]
    return f"| {' | '.join([*cells, str(figure.repeats), when])} |"


def _verdict(goal: Goal, value: float) -> str:
    met = goal.met(value)
    if met is None:
        return "–"
    return "yes" if met else f"no, by {goal.missed_by(value):.2f}"


def _amount(value: float, goal: Goal) -> str:
    """Return a value with three figures that count, and its unit."""
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{min(digits, 2)}f}".removesuffix(".00") + f" {goal.unit}".rstrip()


# --------------------------------------------------------------------------- the plot

ROW, LEFT, WIDTH, DECADES = 22, 110, 560, (-2, 2)


def plot(found: dict[str, Figure]) -> str:
    """Return a bar for each goal with a bound: measured over must,
    on a scale of powers of ten; left of one is met.
    """
    drawn = [goal for goal in GOALS if goal.must is not None and goal.id in found]
    height = ROW * (len(drawn) + 2)
    size = f'viewBox="0 0 {LEFT + WIDTH + 60} {height}" width="{LEFT + WIDTH + 60}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">']
    parts.append("<title>Measured as a share of what it must be; left of 1 is met</title>")
    parts.append('<rect width="100%" height="100%" fill="white"/>')
    for power in range(DECADES[0], DECADES[1] + 1):
        at, shown = _across(10.0**power), f"{10.0**power:g}"
        colour = "black" if power == 0 else "lightgray"
        parts.append(f'<path d="M{at:.0f} 20V{height - ROW}" stroke="{colour}"/>')
        parts.append(
            f'<text x="{at:.0f}" y="14" font-size="11" text-anchor="middle">{shown}</text>'
        )
    for number, goal in enumerate(drawn):
        parts += _bar(goal, goal.missed_by(found[goal.id].value), ROW * number + 24)
    return "\n".join((*parts, "</svg>", ""))


def _across(share: float) -> float:
    low, high = DECADES
    return LEFT + WIDTH * (min(max(math.log10(share), low), high) - low) / (high - low)


def _bar(goal: Goal, share: float, top: int) -> list[str]:
    left, right = sorted((_across(share), _across(1)))
    colour = "seagreen" if share <= 1 else "firebrick"
    box = f'x="{left:.1f}" y="{top}" width="{max(right - left, 1):.1f}" height="{ROW - 8}"'
    label = f'x="{LEFT - 6}" y="{top + 11}" font-size="12" text-anchor="end"'
    value = f'x="{right + 5:.1f}" y="{top + 11}" font-size="11"'
    return [
        f'<rect {box} fill="{colour}"/>',
        f"<text {label}>{goal.id}</text>",
        f"<text {value}>{share:.2g}</text>",
    ]
