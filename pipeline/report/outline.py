"""Run → Outline: what a report tells, in the order in which it tells it.

Groups and counts; words are in `phrases`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo

from pipeline.model import (
    ALERTING,
    SEVERITIES,
    Accepted,
    Cause,
    Changed,
    Failed,
    Finding,
    First,
    Held,
    HeldBack,
    Outcome,
    Page,
    Run,
    Severity,
    Told,
    Unchanged,
)
from pipeline.report import baselines, phrases
from pipeline.report.baselines import Baseline

SETTLED = ("accepted", "dismissed")


@dataclass(frozen=True, slots=True)
class Outline:
    """A run as a report tells it: changes by severity, small ones by page,
    those of other causes, then the pages.

    `passed` are captures that were held back when the run saw them,
    and are not what the page stands at any more.
    """

    run: Run
    headline: str
    lead: tuple[str, ...]
    urgent: bool
    severities: tuple[tuple[Severity, tuple[Told, ...]], ...]
    small: tuple[tuple[Page, tuple[Told, ...]], ...]
    apart: tuple[tuple[Cause, tuple[Told, ...]], ...]
    findings: tuple[tuple[str, tuple[Finding, ...]], ...]
    baselines: tuple[Baseline, ...]
    failed: tuple[Failed, ...]
    held: tuple[Held, ...]
    passed: tuple[HeldBack, ...]
    same: tuple[Unchanged, ...]
    beside: tuple[Changed, ...]
    form: int


def of(run: Run) -> Outline:
    """Return the outline of a run's report."""
    ours = tuple(item for item in run.told if item.change.cause == "page")
    shown = [
        (severity, tuple(item for item in ours if item.severity == severity))
        for severity in SEVERITIES
        if severity != "info"
    ]
    causes: tuple[Cause, ...] = ("reader", "config", "backfill")
    apart = [
        (cause, tuple(item for item in run.told if item.change.cause == cause)) for cause in causes
    ]
    return Outline(
        run=run,
        headline=headline(run),
        lead=lead(run),
        urgent=bool(due(run)),
        severities=tuple((severity, items) for severity, items in shown if items),
        small=by_page(tuple(item for item in ours if item.severity == "info")),
        apart=tuple((cause, items) for cause, items in apart if items),
        findings=findings(run),
        baselines=tuple(baselines.of(item) for item in run.outcomes if isinstance(item, First)),
        failed=tuple(item for item in run.outcomes if isinstance(item, Failed)),
        held=run.held,
        passed=passed(run),
        same=tuple(item for item in run.outcomes if isinstance(item, Unchanged)),
        beside=tuple(
            item for item in run.outcomes if isinstance(item, Changed) and item.comparison.stretches
        ),
        form=form(run),
    )


def passed(run: Run) -> tuple[HeldBack, ...]:
    """Return what was held back of which there is no more to say: the page has gone on since."""
    known = {held.page.id for held in run.held}
    return tuple(
        item
        for item in run.outcomes
        if isinstance(item, HeldBack) and item.look.page.id not in known
    )


def due(run: Run) -> tuple[Told, ...]:
    """Return the changes of pages that wait for a person's attention."""
    return tuple(
        item
        for item in run.told
        if item.change.cause == "page" and item.severity in ALERTING and item.status not in SETTLED
    )


def headline(run: Run) -> str:
    """Return in one sentence, without its full stop, what happened.

    It keeps no page in silence that was not read well.
    """
    ours = tuple(item for item in run.told if item.change.cause == "page")
    waiting, unread = due(run), _unread(run)
    beside = f"; {unread}" if unread else ""
    if waiting:
        return (
            f"{phrases.count(len(waiting), 'change needs', 'changes need')} attention on "
            f"{_of_pages(waiting, run)}{beside}"
        )
    if ours:
        minor = f"{phrases.count(len(ours), 'minor change')} on {_of_pages(ours, run)}"
        return f"{minor}{beside}" if unread else f"Nothing needs attention: {minor}"
    return _quiet(run, unread)


def _unread(run: Run) -> str:
    """Say how many pages were not read well, and in which way; nothing where all were."""
    failed, held = (
        sum(isinstance(item, kind) for item in run.outcomes) for kind in (Failed, HeldBack)
    )
    parts = (f"{failed} could not be read" if failed else "", f"{held} held back" if held else "")
    return ", ".join(part for part in parts if part)


def _quiet(run: Run, unread: str) -> str:
    total, good, new = (
        len(run.outcomes),
        read(run),
        sum(isinstance(item, First) for item in run.outcomes),
    )
    if not total:
        return "No page was looked at"
    if not good:
        held = any(isinstance(item, HeldBack) for item in run.outcomes)
        if total > 1:
            none = f"None of the {total} pages"
            return f"{none} was read well: {unread}" if held else f"{none} could be read"
        return "The page is held back" if held else "The page could not be read"
    if new == good:
        first = f"First look at {phrases.count(new, 'page')}: baseline recorded"
        return f"{first}; {unread}" if unread else first
    return (
        f"No changes on the {good} of {total} pages that were read; {unread}"
        if unread
        else "No changes"
    )


def _of_pages(items: tuple[Told, ...], run: Run) -> str:
    touched, total = len({item.page.id for item in items}), len(run.outcomes)
    return f"{touched} of {total} pages" if total > 1 else phrases.count(touched, "page")


def read(run: Run) -> int:
    """Return how many pages were read well."""
    return sum(not isinstance(item, Failed | HeldBack) for item in run.outcomes)


def lead(run: Run) -> tuple[str, ...]:
    """Return the sentences under the headline: what was read, what was not,
    what is new, what is not the pages' doing.
    """
    total, good = len(run.outcomes), read(run)
    failed, held, new = (
        sum(isinstance(item, kind) for item in run.outcomes) for kind in (Failed, HeldBack, First)
    )
    ours = sum(item.change.cause != "page" for item in run.told)
    cut = "This run was cut off: what it had seen until then is reported here by the run after it."
    every = "The page was read." if total == 1 else f"All {total} pages read."
    parts = (
        cut if run.cut_off else "",
        accepted(run.accepted, run.zone) if run.accepted else "",
        every
        if total and good == total
        else f"{good} of {phrases.count(total, 'page')} read."
        if total
        else "",
        f"{phrases.count(failed, 'page')} could not be read; nothing is taken for removed there."
        if failed
        else "",
        f"{phrases.count(held, 'page')} held back: {'looks' if held == 1 else 'look'} broken."
        if held
        else "",
        _unconfirmed(run),
        f"{phrases.count(new, 'page')} seen for the first time: "
        f"what {'it claims' if new == 1 else 'they claim'} is listed below."
        if new
        else "",
        f"{phrases.count(ours, 'difference')} not of the pages' making "
        f"{'is' if ours == 1 else 'are'} listed apart."
        if ours
        else "",
    )
    return tuple(part for part in parts if part)


def _unconfirmed(run: Run) -> str:
    waiting = sum(len(held.changes) for held in run.held)
    return (
        f"{phrases.count(waiting, 'change')} there {'is' if waiting == 1 else 'are'} unconfirmed."
        if waiting
        else ""
    )


def accepted(accepted: Accepted, zone: tzinfo = UTC) -> str:
    """Say that a run tells what a person accepted."""
    word, since = accepted.word, phrases.instant(accepted.held_since, zone)
    note = f": “{word.note}”" if word.note else ""
    by = f" by {word.who}" if word.who else ""
    return (
        f"The capture of {word.page} that was held back since {since} is "
        f"accepted{by}{phrases.sentence(note) or '.'}"
    )


def findings(run: Run) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    """Return what the pages say together, by the name of its kind:
    what a person has to settle first.
    """
    kinds = (
        (name, tuple(item for item in run.findings if item.kind == kind))
        for kind, name in phrases.FINDINGS.items()
    )
    return tuple((name, items) for name, items in kinds if items)


def by_page(items: tuple[Told, ...]) -> tuple[tuple[Page, tuple[Told, ...]], ...]:
    """Return changes grouped by page, in the order in which pages first occur."""
    pages = {item.page.id: item.page for item in items}
    return tuple(
        (page, tuple(item for item in items if item.page.id == page.id)) for page in pages.values()
    )


def form_of(outcome: Outcome) -> int:
    """Return how many differences of a page were of form alone."""
    if isinstance(outcome, Changed):
        return outcome.comparison.form
    return outcome.form if isinstance(outcome, Unchanged) else 0


def form(run: Run) -> int:
    """Return how many differences of all pages were of form alone."""
    return sum(form_of(item) for item in run.outcomes)
