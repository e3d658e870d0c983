"""Pages → Looks, from the machines of a scheduler: all pages of one host in one chunk,
so that one machine alone asks it.

The pause between two requests to a host, its robots.txt and what it asks for are kept there as they
are here. Pages that are files are looked at here. Values of credentials and of a proxy are read
where the look is: no secret travels.
"""

from __future__ import annotations

import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from pipeline import sources
from pipeline.egress import Limits
from pipeline.errors import WorkerError
from pipeline.model import Failure, Known, Look, Page
from pipeline.workers import Stopped
from pipeline.workers.far import Far

STOPPED_AFTER = 0.5
"""Seconds after which a run that waits for machines looks whether it is to stop."""
Seen = tuple[Look, Known, Exception | None]
Looks = Callable[..., Iterator[Seen]]
Chunk = tuple[tuple[Page, Known], ...]


@dataclass(frozen=True, slots=True)
class Looking:
    """How pages are looked at: `looks` is what looks at some of them on one machine."""

    looks: Looks
    client: sources.Client
    now: Callable[[], datetime]
    stop: Callable[[], bool]


def looks(
    pages: Iterable[Page], known: Mapping[str, Known], far: Far, looking: Looking
) -> Iterator[Seen]:
    """Yield a look at each page, as they come; a host is begun only while `stop` does not say so.

    A host that a machine was at when the run was stopped is left to the next run.
    Raise WorkerError where the scheduler is lost.
    """
    here, chunks = _chunks(pages, known)
    limits, under_way = looking.client.limits, dict[Future[tuple[tuple[Look, str], ...]], Chunk]()
    try:
        while chunks or under_way:
            while chunks and len(under_way) < far.besides and not looking.stop():
                part = far.beside(chunk, looking.looks, chunks[0], limits, looking.now)
                under_way[part] = chunks.popleft()
            yield from _here(here, known, looking)
            here = []
            for part in wait(under_way, STOPPED_AFTER, FIRST_COMPLETED).done:
                yield from _there(part, under_way.pop(part), looking.now)
            if looking.stop():
                return
        yield from _here(here, known, looking)
    finally:
        for part in under_way:
            part.cancel()


def _chunks(pages: Iterable[Page], known: Mapping[str, Known]) -> tuple[list[Page], deque[Chunk]]:
    """Return the pages that are files, and those of each host:
    the host with most pages first, for it takes longest.
    """
    hosts: dict[str | None, list[Page]] = defaultdict(list)
    for page in pages:
        hosts[urlsplit(page.url).hostname if "://" in page.url else None].append(page)
    here = hosts.pop(None, [])
    ordered = sorted(hosts.values(), key=len, reverse=True)
    return here, deque(tuple((page, known[page.id]) for page in host) for host in ordered)


def _here(pages: list[Page], known: Mapping[str, Known], looking: Looking) -> Iterator[Seen]:
    yield from looking.looks(
        pages, known, now=looking.now, client=looking.client, stop=looking.stop
    )


def _there(
    part: Future[tuple[tuple[Look, str], ...]], pages: Chunk, now: Callable[[], datetime]
) -> Iterator[Seen]:
    """Yield the looks of a chunk; what became of its machines is a failure of each of them."""
    known = {page.id: past for page, past in pages}
    try:
        for look, bug in part.result():
            yield look, known[look.page.id], RuntimeError(bug) if bug else None
    except Stopped as stopped:
        for page, past in pages:
            yield (
                Look(page, now(), failure=Failure("fetch", f"looking at it {stopped}")),
                past,
                None,
            )
    except WorkerError:
        raise
    except Exception as bug:
        told = f"{type(bug).__name__}: {bug}"
        for page, past in pages:
            yield Look(page, now(), failure=Failure("internal", told)), past, bug


def chunk(
    apart: Callable[..., Any],
    looks: Looks,
    pages: Chunk,
    limits: Limits,
    now: Callable[[], datetime],
) -> tuple[tuple[Look, str], ...]:
    """Look at pages of one host, on the machine where this is called;
    return each look, with a bug of ours in words.
    """
    from pipeline.track import judging

    def helped(function: Callable[..., Any], *arguments: object) -> Any:
        return apart(judging.alone, function, *arguments)

    known = {page.id: past for page, past in pages}
    with sources.Client(limits, environ=os.environ) as client, client.helped(helped):
        seen = looks(
            [page for page, _ in pages],
            known,
            now=now,
            client=client,
            stop=_never,
        )
        return tuple((look, f"{type(bug).__name__}: {bug}" if bug else "") for look, _, bug in seen)


def _never() -> bool:
    return False
