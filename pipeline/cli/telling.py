"""The demo as it is told on a terminal: each state of the example site,
what its run found, and where to look next.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pipeline import demo as example
from pipeline.cli import changes, claims, runs, screen, tables, waiting
from pipeline.model import SEVERITIES, Claim, Failed, First, HeldBack, Run, Unchanged
from pipeline.report import phrases

QUIET = ("info",)
"""Severities that the story counts but does not show: page dates, wording."""


PAUSE = 1.2
"""Seconds after each state on a terminal: the runs are quicker than anybody reads."""


def demo(folder: Path | None, pause: float | None) -> int:
    """Play the bundled example site, tell every state as soon as its run ends,
    and return the exit status.
    """
    folder = (folder or Path(tempfile.mkdtemp(prefix="claimwatch-demo-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    out = screen.console()
    wait = pause if pause is not None else PAUSE if out.is_terminal else 0.0

    def tell(step: example.Step) -> None:
        _tell(out, step)
        time.sleep(wait)

    out.print(_opening(example.states.load()))
    _closing(out, example.play(folder, tell), folder)
    return 0


def _opening(site: example.Site) -> Panel:
    many = (
        f"{phrases.count(len(site.pages), 'page')} of its trust centre on "
        f"{phrases.count(len(site.states), 'date')}"
    )
    story = (
        f"{site.vendor} is made up; the standards are real. "
        f"{many}, served on this machine and run through the real pipeline:"
    )
    return Panel(
        Text(
            f"{story}\nfetch → is this the page? → parse → read claims → compare → record → "
            "report → alert"
        ),
        title="claimwatch demo",
    )


# --------------------------------------------------------------------------- one state


def _tell(out: Console, step: example.Step) -> None:
    out.print()
    out.print(
        Rule(Text(phrases.instant(step.run.started_at), style="bold"), align="left", style="dim")
    )
    out.print(Text(step.state.story, style="italic"))
    out.print()
    firsts = [outcome for outcome in step.run.outcomes if isinstance(outcome, First)]
    if firsts:
        out.print(_baseline(firsts))
        remarks = dict.fromkeys(remark.text for first in firsts for remark in first.reading.remarks)
        for text in remarks:
            out.print(Text(f"! {tables.safe(text)}", style="yellow"))
    for told in step.run.told:
        if told.severity not in QUIET:
            out.print(runs.recorded(told, colours=changes.colours(out)))
            out.print()
    for held in step.run.held:
        waiting.show(out, held)
    for line in (*_troubles(step.run), _summary(step.run), *_sent(step)):
        out.print(line)


def _baseline(firsts: Sequence[First]) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("page", "claims", "standards held", "services in scope"):
        grid.add_column(name, justify="right" if name == "claims" else "left")
    for first in firsts:
        made = first.reading.claims
        services = {
            claim.service for claim in made if claim.kind == "service" and claim.scope == "in"
        }
        grid.add_row(
            first.look.page.id,
            str(len(made)),
            tables.safe(_held(made)),
            str(len(services) or ""),
        )
    return grid


def _held(made: Sequence[Claim]) -> str:
    held = dict.fromkeys(
        claims.standard(claim)
        for claim in made
        if claim.kind == "standard" and claim.stance == "claimed"
    )
    return ", ".join(held)


def _troubles(run: Run) -> Iterator[Text]:
    for problem in runs.problems(run):
        yield problem.append(" Its claims stay as they were: not observed is not removed.")


def _summary(run: Run) -> Text:
    results = Counter(type(outcome) for outcome in run.outcomes)
    read = len(run.outcomes) - results[Failed] - results[HeldBack]
    quiet = sum(told.severity in QUIET for told in run.told)
    loud = len(run.told) - quiet
    parts = [f"{read} of {phrases.count(len(run.outcomes), 'page')} read"]
    if not results[First]:
        parts.append(phrases.count(loud, "change") if loud else "no change")
    parts += [f"{phrases.count(quiet, 'small difference')} of dates and wording"] if quiet else []
    return Text(f"{', '.join(parts)}.", style="bold")


def _sent(step: example.Step) -> Iterator[Text]:
    for message in step.sent:
        yield Text.assemble(("✉ ", "bold"), "alert sent: ", tables.safe(message["subject"]))


# --------------------------------------------------------------------------- the end


def _closing(out: Console, steps: Sequence[example.Step], folder: Path) -> None:
    done = [step.run for step in steps]
    outcomes = [outcome for run in done for outcome in run.outcomes]
    results = Counter(type(outcome) for outcome in outcomes)
    found = Counter(told.severity for run in done for told in run.told)
    only_form = sum(isinstance(outcome, Unchanged) and outcome.form > 0 for outcome in outcomes)
    out.print()
    out.print(Rule(Text("What was seen", style="bold"), align="left", style="dim"))
    out.print(f"{phrases.count(len(outcomes), 'look')} in {phrases.count(len(done), 'run')}.")
    counts = tuple(f"{found[severity]} {severity}" for severity in SEVERITIES if found[severity])
    out.print(f"{phrases.count(sum(found.values()), 'change')}: {phrases.listing(counts)}.")
    out.print(
        f"{phrases.count(only_form, 'look')} found differences of form alone, "
        "and nothing to report."
    )
    out.print(f"{phrases.count(results[Failed], 'look')} failed, and took nothing away.")
    out.print(f"{phrases.count(sum(len(step.sent) for step in steps), 'alert')} sent.\n")
    out.print(Text("Where to look next", style="bold"))
    for line in _next(folder):
        out.print(Text(line), soft_wrap=True)


def _next(folder: Path) -> Iterator[str]:
    command = f"{_command()} --config {shlex.quote(str(folder / 'config.toml'))}"
    yield f"  the reports, in a browser   {(folder / 'reports' / 'index.html').as_uri()}"
    yield f"  what is claimed now         {command} claims --kind standard"
    yield f"  what was claimed in March   {command} claims --standard iso-27001 --at 2024-03-31"
    yield f"  what changed                {command} changes"
    yield f"  the record, proved          {command} verify"
    yield f"  for any SQLite tool         {folder / 'claims.db'}"


def _command() -> str:
    """Return how the command is called from here:
    `make demo` runs it from a folder that no PATH names.
    """
    return "claimwatch" if shutil.which("claimwatch") else shlex.quote(os.path.relpath(sys.argv[0]))
