"""The story: what one pass over the pages does, from looking to telling.

    look    | page, known   → Look       threads; no store
    judge   | look, known   → Outcome    pure: health, reading, comparison, guard;
                                         in processes with a budget
    settle  | outcome       → archive, then one transaction; the only writer
    close   | outcomes      → Run        told in a report, and to whom it concerns

Beside it: `backfill` adds captures of the past, `rebuild` derives the database again from
`snapshots/` alone, `review` keeps a person's word. Knows no format, no standard and no severity.

    rounds      the looks at many pages, hosts in turn
    preparing   what a look is given before it is judged
    cases       a look with all that judging it takes
    judging     is it the page, and what is new
    derive      the same, over all captures of a page at once
    desk        where that is worked out
    ahead       what is read before its turn
    reader      who read it, as a stamp
    keeping     what was read last, for the next comparison
    settling    a look and its outcome → the record
    store       archive + history, facts first
    attempts    what was begun, and what was given up
    lives       which claim is which, and what a change is called
    succession  which id has now what was shown under another
    closing     messages, and the line that ends a run
    delivering  the messages, until they were taken
    situations  what alerts follow from beside a run
    publishing  the report of a run, as files
    feeding     the Atom feeds beside the reports
    beating     the signs of life that a run leaves
    resuming    runs that died, as they would have been
    proving     snapshots/ held against the database
    fitting     which of the two is newer
    canary      a page of our own that changes every day, end to end
    locking     one run at a time
    foreseeing  what a capture held back would change
    reviewing   what people said
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline import history, parts, sources
from pipeline.config import Config
from pipeline.model import Known, Look, Outcome, Page, Run
from pipeline.standards import Catalogue
from pipeline.track import beating, canary, closing, delivering, preparing, resuming, rounds
from pipeline.track.cases import Case
from pipeline.track.desk import Desk, decided
from pipeline.track.settling import settle
from pipeline.track.store import Store

if TYPE_CHECKING:
    from pipeline.track.backfilling import backfill, instants
    from pipeline.track.proving import verify
    from pipeline.track.publishing import has_news
    from pipeline.track.rebuilding import rebuild
    from pipeline.track.reviewing import Review, release, review
else:
    __getattr__ = parts.of(
        __name__,
        {
            "backfilling": "backfill instants",
            "proving": "verify",
            "publishing": "has_news",
            "rebuilding": "rebuild",
            "reviewing": "Review release review",
        },
    )

__all__ = [
    "Hooks",
    "Review",
    "Store",
    "backfill",
    "has_news",
    "instants",
    "open",
    "rebuild",
    "release",
    "review",
    "run",
    "settle",
    "verify",
]

AHEAD = 32
"""How many looks may wait for a slow one to be judged, so that all are recorded in their order."""
Now = Callable[[], datetime]
Tell = Callable[[str], None]


def _quietly(text: str) -> None:
    """Tell nobody."""


def open(config: Config, *, tell: Tell = _quietly) -> Store:
    """Open the archive and the database of a config, made where they are missing."""
    store = Store(config, config.database, tell)
    store.watch()
    return store


# --------------------------------------------------------------------------- one pass


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a caller of `run` may put in.

    `tell` hears of each page, `stop` is asked between two of them; `store` is one that is open
    already.
    """

    tell: Tell = _quietly
    stop: Callable[[], bool] = _never
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    store: Store | None = None


def run(
    config: Config,
    catalogue: Catalogue,
    *,
    now: Now,
    pages: Iterable[str] | None = None,
    hooks: Hooks = Hooks(),
) -> Run:
    """Look at the pages (all, or those ids), record what is new, write the report,
    tell whom it concerns.

    A bug of ours in a look is raised when all others are settled and told; one in reading a page is
    the failure of that page alone.
    """
    with ExitStack() as held:
        store = hooks.store or held.enter_context(open(config, tell=hooks.tell))
        client = held.enter_context(sources.Client(config.limits, environ=hooks.environ))
        held.enter_context(store.lock())
        desk = held.enter_context(Desk(catalogue, config.budget, scheduler=config.scheduler))
        held.enter_context(client.helped(desk.apart))
        chosen = store.config.pages if pages is None else store.config.chosen(pages)
        return _passed(_Pass(store, desk, client, now, hooks), chosen)


@dataclass(frozen=True, slots=True)
class _Pass:
    """What one pass over the pages works with."""

    store: Store
    desk: Desk
    client: sources.Client
    now: Now
    hooks: Hooks

    def tell(self, text: str) -> None:
        self.hooks.tell(text)


def _passed(with_: _Pass, pages: tuple[Page, ...]) -> Run:
    store, desk, now = with_.store, with_.desk, with_.now
    started_at = now().astimezone(UTC)
    run_id = closing.run_id(store, started_at)
    resuming.prepare(store, pages, desk, at=started_at, run=run_id)
    bugs: list[Exception] = []
    outcomes = _settled(with_, pages, run_id, bugs)
    problem = _canary(with_, started_at)
    run = Run(started_at, now().astimezone(UTC), outcomes, id=run_id, canary=problem)
    found = closing.close(store, desk, run)
    delivering.deliver(store, now, with_.hooks.environ, with_.tell)
    beating.beat(store, found, well=not bugs, tell=with_.tell)
    if bugs:
        raise bugs[0]
    return found


def _canary(with_: _Pass, at: datetime) -> str | None:
    """Return why the canary's change did not come through; None where it did, or was not due."""

    def passed(own: Config, client: sources.Client, at: datetime) -> Run:
        with open(own) as store:
            hooks = replace(with_.hooks, tell=_quietly)
            own_pass = _Pass(store, with_.desk, client, lambda: at, hooks)
            return _passed(own_pass, own.pages)

    last_run_at = history.last_run_at(with_.store.db)
    problem = canary.trial(canary.Trial(with_.store.config, passed, at), last_run_at)
    if problem is not None:
        with_.tell(f"the canary did not come through: {problem}")
    return problem


def _settled(
    with_: _Pass, pages: tuple[Page, ...], run_id: str, bugs: list[Exception]
) -> tuple[Outcome, ...]:
    """Look at the pages and record each; return what came of them in their order,
    and keep the bugs that came.
    """
    store, outcomes = with_.store, dict[str, Outcome]()
    seen = _seen(with_, pages, store.known_of(pages))
    for case, outcome in judgements(store, seen, with_.desk, bugs):
        outcome = settle(store, case, outcome, with_.desk, run=run_id)
        outcomes[outcome.look.page.id] = resuming.kept(outcome)
        with_.tell(closing.line(outcome, len(outcomes), len(pages)))
    store.flush()
    return tuple(outcomes[page.id] for page in pages if page.id in outcomes)


def _seen(
    with_: _Pass, pages: tuple[Page, ...], known: Mapping[str, Known]
) -> Iterator[tuple[Look, Known, Exception | None]]:
    """Return the looks at the pages, from here, or from the machines of the config's scheduler."""
    client, now, stop = with_.client, with_.now, with_.hooks.stop
    if with_.desk.far is None:
        return rounds.looks(pages, known, now=now, client=client, stop=stop)
    from pipeline.track import afar

    return afar.looks(pages, known, with_.desk.far, afar.Looking(rounds.looks, client, now, stop))


def judgements(
    store: Store,
    seen: Iterable[tuple[Look, Known, Exception | None]],
    desk: Desk,
    bugs: list[Exception],
) -> Iterator[tuple[Case, Outcome]]:
    """Yield each look with its outcome, in the order of the looks, while the next ones are judged;
    keep the bugs that came.
    """
    under_way: deque[tuple[Case, Future[Outcome]]] = deque()
    for look, known, bug in seen:
        bugs += [bug] if bug else []
        case = preparing.case(store, look, known)
        outcome = preparing.begin(store, case, desk)
        under_way.append((case, decided(outcome) if outcome else desk.judge(case)))
        while under_way and (under_way[0][1].done() or len(under_way) > AHEAD):
            yield _judged(under_way.popleft())
    while under_way:
        yield _judged(under_way.popleft())


def _judged(one: tuple[Case, Future[Outcome]]) -> tuple[Case, Outcome]:
    case, future = one
    return case, future.result()
