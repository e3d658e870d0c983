"""The story: what one pass over the pages does, from looking to telling.

    look    | page, known   → Look       threads; no store
    judge   | look, known   → Outcome    pure: health, reading, comparison, guard; in processes with a budget
    settle  | outcome       → archive, then one transaction; the only writer
    close   | outcomes      → Run        told in a report, and to whom it concerns

Beside it: `backfill` adds captures of the past, `rebuild` derives the database again from `snapshots/` alone, `review` keeps
a person's word. Knows no format, no standard and no severity.

    store     archive + history, facts first          lives    which claim is which, and what a change is called
    judging   is it the page, and what is new         derive   the same, over all captures of a page at once
    desk      where that is worked out                attempts what was begun, and what was given up
    reader    who read it, as a stamp                 keeping  what was read last, for the next comparison
    closing   messages, and the line that ends a run  delivering the messages, until they were taken
    resuming  runs that died, as they would have been publishing the report of a run, as files
    succession  which id has now what was shown under another
    proving   snapshots/ held against the database    fitting  which of the two is newer
    locking   one run at a time
    foreseeing what a capture held back would change  reviewing what people said
"""

from __future__ import annotations

import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pipeline import history, sources
from pipeline.archive import entries
from pipeline.config import Config
from pipeline.errors import SourceError
from pipeline.model import (
    Changed,
    Failed,
    Failure,
    HeldBack,
    Known,
    Look,
    Origin,
    Outcome,
    Page,
    Run,
    Snapshot,
    Verdict,
)
from pipeline.standards import Catalogue
from pipeline.track import closing, delivering, derive, foreseeing, resuming
from pipeline.track.desk import Desk, decided
from pipeline.track.judging import Case
from pipeline.track.lives import Sight
from pipeline.track.proving import verify
from pipeline.track.publishing import has_news
from pipeline.track.rebuilding import rebuild
from pipeline.track.reviewing import release, review
from pipeline.track.store import Store

__all__ = [
    "Store",
    "backfill",
    "has_news",
    "instants",
    "look",
    "open",
    "rebuild",
    "release",
    "review",
    "run",
    "settle",
    "verify",
]

WORKERS = 8
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


def run(
    config: Config,
    catalogue: Catalogue,
    *,
    now: Now,
    pages: Iterable[str] | None = None,
    store: Store | None = None,
    tell: Tell = _quietly,
    stop: Callable[[], bool] = lambda: False,
    client: sources.Client | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Run:
    """Look at the pages (all, or those ids), record what is new, write the report, tell whom it concerns.

    `stop` is asked between two pages. A bug of ours in a look is raised when all others are settled and told; one in reading
    a page is the failure of that page alone.
    """
    if store is None:
        with open(config, tell=tell) as own:
            return run(
                config,
                catalogue,
                now=now,
                pages=pages,
                store=own,
                tell=tell,
                stop=stop,
                client=client,
                environ=environ,
            )
    if client is None:
        with sources.Client(config.limits, environ=environ) as own_client:
            return run(
                config,
                catalogue,
                now=now,
                pages=pages,
                store=store,
                tell=tell,
                stop=stop,
                client=own_client,
                environ=environ,
            )
    with (
        store.lock(),
        Desk(catalogue, config.budget) as desk,
        client.helped(desk.apart),
    ):
        return _run(
            store,
            desk,
            _chosen(store, pages),
            now,
            tell,
            stop,
            client,
            environ,
        )


def _run(
    store: Store,
    desk: Desk,
    pages: tuple[Page, ...],
    now: Now,
    tell: Tell,
    stop: Callable[[], bool],
    client: sources.Client,
    environ: Mapping[str, str],
) -> Run:
    started_at = now().astimezone(UTC)
    run_id = closing.run_id(store, started_at)
    resuming.prepare(store, pages, desk, at=started_at, run=run_id)
    outcomes: list[Outcome] = []
    bugs: list[Exception] = []
    past = {page.id: store.known(page) for page in pages}
    seen = looks(pages, past, now=now, client=client, stop=stop, per_host=client.limits.per_host)
    for case, outcome in judgements(store, seen, desk, bugs):
        outcome = settle(store, case, outcome, desk, run=run_id)
        outcomes.append(resuming.kept(outcome))
        tell(closing.line(outcome, len(outcomes), len(pages)))
    store.flush()
    order = {page.id: number for number, page in enumerate(pages)}
    in_order = tuple(sorted(outcomes, key=lambda outcome: order[outcome.look.page.id]))
    found = closing.close(store, desk, Run(started_at, now().astimezone(UTC), in_order, id=run_id))
    delivering.deliver(store, now, environ, tell)
    if bugs:
        raise bugs[0]
    return found


def judgements(
    store: Store,
    seen: Iterable[tuple[Look, Known, Exception | None]],
    desk: Desk,
    bugs: list[Exception],
) -> Iterator[tuple[Case, Outcome]]:
    """Yield each look with its outcome, in the order of the looks, while the next ones are judged; keep the bugs that came."""
    under_way: deque[tuple[Case, Future[Outcome]]] = deque()
    for look, known, bug in seen:
        bugs += [bug] if bug else []
        case = store.case(look, known)
        outcome = store.begin(case, desk)
        under_way.append((case, decided(outcome) if outcome else desk.judge(case)))
        while under_way and (under_way[0][1].done() or len(under_way) > AHEAD):
            yield _judged(under_way.popleft())
    while under_way:
        yield _judged(under_way.popleft())


def _judged(one: tuple[Case, Future[Outcome]]) -> tuple[Case, Outcome]:
    case, future = one
    return case, future.result()


def looks(
    pages: Iterable[Page],
    known: Mapping[str, Known],
    *,
    now: Now,
    client: sources.Client,
    stop: Callable[[], bool],
    per_host: int = 1,
) -> Iterator[tuple[Look, Known, Exception | None]]:
    """Yield a look at each page, hosts in turn, while the next ones are under way; none is begun once `stop` says so.

    Of one host, `per_host` pages are looked at together. A bug of ours is a failure of that look, and comes with it.
    """
    waiting = deque(_hosts_in_turn(pages))
    lanes = {urlsplit(page.url).hostname: threading.Semaphore(per_host) for page in waiting}
    under_way: deque[tuple[Page, Future[Look | None]]] = deque()

    def in_turn(page: Page) -> Look | None:
        with lanes[urlsplit(page.url).hostname]:
            return None if stop() else look(page, known[page.id], now=now, client=client)

    with ThreadPoolExecutor(WORKERS) as pool:
        while waiting or under_way:
            while waiting and len(under_way) < 2 * WORKERS:
                under_way.append((waiting[0], pool.submit(in_turn, waiting.popleft())))
            page, future = under_way.popleft()
            bug = future.exception()
            if isinstance(bug, Exception):
                yield (
                    Look(page, now(), failure=Failure("internal", f"{type(bug).__name__}: {bug}")),
                    known[page.id],
                    bug,
                )
            elif (seen := future.result()) is not None:
                yield seen, known[page.id], None


def _hosts_in_turn(pages: Iterable[Page]) -> list[Page]:
    """Return every host's first page, then every host's second: a config lists pages by vendor, and a host's pages wait for each other."""
    before: Counter[str | None] = Counter()
    rounds = []
    for page in pages:
        host = urlsplit(page.url).hostname
        rounds.append((before[host], page))
        before[host] += 1
    return [page for _, page in sorted(rounds, key=lambda item: item[0])]


def look(page: Page, known: Known, *, now: Now, client: sources.Client) -> Look:
    """Look at a page; what it, its server or the network does is a failure of this look alone."""
    return sources.fetch(page, known, now=now(), client=client)


def settle(store: Store, case: Case, outcome: Outcome, desk: Desk, *, run: str) -> Outcome:
    """Record a look and what came of it: in the archive first, then what it did in one transaction."""
    last_good_at = history.last_good_at(store.db, case.look.page.id)
    if isinstance(outcome, Failed):
        if outcome.failure.lasting:
            store.give_up(case, outcome.failure, desk)
        outcome = replace(outcome, last_good_at=last_good_at)
    elif isinstance(outcome, Changed):
        outcome = replace(outcome, seen_until=last_good_at)
    _record(store, outcome, case.known, desk, run)
    return outcome


def _record(store: Store, outcome: Outcome, known: Known, desk: Desk, run: str) -> None:
    look, page, stamp = outcome.look, outcome.look.page, desk.stamp(outcome.look.page)
    entry = entries.of(look, digest=known.digest, verdict=_verdict(outcome), stamp=stamp, run=run)
    last = history.last_capture(store.db, page.id)
    shot = look.snapshot
    line = store.archive.keep(
        entry,
        shot.body if shot else None,
        shot.screenshot if shot else None,
        known.digest,
    )
    if entry.digest and (entry.captured_at.astimezone(UTC).isoformat(), entry.digest) <= last:
        # A clock that was set back, or a backfill dated later than now: the order of captures is not that of looks.
        store.derive(page, desk, at=look.looked_at, run=run)
        return
    step = None
    if derive.touches(outcome):
        sight = Sight(entry.captured_at, entry.digest or "", "live", run)
        _, step = derive.carried(history.past(store.db, page.id), outcome, sight)
        store.keep(page, outcome.kept)
    store.record(page, line, derive.judged(outcome), step, stamp)


def _verdict(outcome: Outcome) -> Verdict:
    if isinstance(outcome, HeldBack):
        return outcome.verdict
    return (
        Verdict(outcome.failure.stage, outcome.failure.reason)
        if isinstance(outcome, Failed)
        else Verdict()
    )


def _chosen(store: Store, ids: Iterable[str] | None) -> tuple[Page, ...]:
    if ids is None:
        return store.config.pages
    return store.pages(ids)


# --------------------------------------------------------------------------- the past


def backfill(
    store: Store,
    page: Page,
    snapshots: Iterable[Snapshot],
    catalogue: Catalogue,
    *,
    now: Now,
    tell: Tell = _quietly,
) -> tuple[int, int]:
    """Add earlier captures of a page and derive its history again; return how many were new, and how many were known.

    Nobody is alerted, and no review is lost. What was interrupted goes on where it stopped when it is called again.
    """
    with store.lock(), Desk(catalogue, store.config.budget) as desk:
        resuming.prepare(store, (page,), desk, at=now())
        new = known = 0
        seen = history.seen(store.db, page.id)
        near: str | None = None
        broke: SourceError | None = None
        try:
            for snapshot in snapshots:
                mark = (snapshot.captured_at.astimezone(UTC).isoformat(), snapshot.digest)
                if mark in seen:
                    known += 1
                    continue
                seen.add(mark)
                entry = entries.of(Look(page, snapshot.captured_at, snapshot))
                store.archive.keep(entry, snapshot.body, near=near)
                near = entry.digest
                new += 1
                if new % 100 == 0:
                    tell(f"{page.id}: {new} captures added")
        except SourceError as error:
            broke = error
        if new:
            store.derive(page, desk, at=now())
            foreseeing.foresee(store, desk)
    if broke:
        raise broke
    return new, known


def instants(store: Store, page: Page, origin: Origin) -> set[datetime]:
    """Return when the captures of a page were taken that are known from that origin: they need not be fetched again."""
    return history.instants(store.db, page.id, origin)
