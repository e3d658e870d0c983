"""What a crash left → the database as it should be, and the runs that died,
as each would have been.

What a run found lies in the record as soon as a page is settled. Only its end is missing:
its report and its messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from pipeline import history
from pipeline.history.rows import Row
from pipeline.model import (
    Accepted,
    Changed,
    Document,
    Failed,
    Failure,
    First,
    HeldBack,
    Known,
    Look,
    Outcome,
    Page,
    Reading,
    Run,
    Unchanged,
    Verdict,
    Word,
)
from pipeline.track import deriving, fitting
from pipeline.track.cases import Case
from pipeline.track.desk import Desk
from pipeline.track.store import Store


def prepare(
    store: Store, pages: Iterable[Page], desk: Desk, *, at: datetime, run: str | None = None
) -> None:
    """Make good what a crash left undone, on any page,
    and read again what another reader read of these pages.
    """
    pages = tuple(pages)
    ids = {page.id for page in pages}
    apart = store.apart({*ids, *(page.id for page in store.config.pages)})
    store.fit(apart)
    store.catch_up()
    stood, released = history.copies(store.db), history.unreleased(store.db)
    lagging = {one for one in apart if store.archive.end(one) != stood.get(one, (0, ""))[0]}
    others = (
        one for one in store.config.pages if one.id not in ids and one.id in lagging | released
    )
    wanted, before = (*pages, *others), history.stamps(store.db)
    stamps = {page.id: desk.stamp(page) for page in wanted}
    store.know_readers(stamps.values(), at)
    again = []
    for page in wanted:
        same = before.get(page.id, "") in ("", stamps[page.id]) and page.id not in released
        if same and (page.id not in lagging or store.copy_quiet(page, stamps[page.id])):
            continue
        lacks = fitting.lacking(store.archive, store.db, page.id)
        store.tell(f"{page.id}: reading its captures again{f': {lacks}' if lacks else ''}")
        again.append(page)
    for page, told in deriving.histories(store, again, desk):
        store.derive(page, desk, at=at, run=run, told=told)


def died(store: Store, desk: Desk, run_id: str) -> Iterator[Run]:
    """Yield the runs that died before the one that is at work, oldest first,
    with what they came to see.

    Those in which a person accepted a capture are among them.
    """
    said = {row["run"]: row for row in history.unanswered(store.db)}
    for found in sorted({*history.unclosed(store.db), *said} - {run_id}):
        if found in said:
            yield _accepted(store, desk, said[found])
        else:
            yield _run(store, desk, found)


def _accepted(store: Store, desk: Desk, said: Row) -> Run:
    row = history.look_of(store.db, said["page"], said["digest"], said["since"])
    at = datetime.fromisoformat(said["at"])
    word = Word(said["page"], said["who"], said["note"], at)
    return Run(
        at,
        at,
        (kept(_outcome(store, desk, row)),) if row else (),
        id=said["run"],
        cut_off=True,
        accepted=Accepted(word, datetime.fromisoformat(said["since"])),
    )


def _run(store: Store, desk: Desk, run_id: str) -> Run:
    rows = history.looks_of(store.db, run_id)
    places = {page.id: number for number, page in enumerate(store.config.pages)}
    rows.sort(key=lambda row: places.get(row["page"], len(places)))
    return Run(
        datetime.fromisoformat(run_id.partition("#")[0]),
        datetime.fromisoformat(max(row["recorded_at"] for row in rows)),
        tuple(kept(_outcome(store, desk, row)) for row in rows),
        id=run_id,
        cut_off=True,
    )


def _outcome(store: Store, desk: Desk, row: Row) -> Outcome:
    """Return what came of a look, as the record has it; what a page says is read again."""
    look = _look(store, row)
    good = row["before"] and row["before"]["digest"]
    if row["result"] == "failed":
        failure = Failure(row["fault"], row["reason"])
        return Failed(look, failure, row["unread"] + 1, _instant(row["good_at"]))
    if row["result"] == "held back":
        mass = row["fault"] == "mass-change"
        since = _instant(row["doubted"]) if mass else None
        verdict = Verdict(row["fault"], row["reason"])
        return HeldBack(look, verdict, good if mass else None, since, row["shown"])
    if row["result"] == "unchanged" or look.snapshot is None:
        return Unchanged(look, row["form"])
    outcome = _read_again(store, desk, look, row)
    if isinstance(outcome, Changed):
        return replace(outcome, seen_until=_instant(row["good_at"]))
    return outcome


def _read_again(store: Store, desk: Desk, look: Look, row: Row) -> Outcome:
    known = Known()
    if row["before"]:
        before = store.capture(look.page, row["before"])
        known = Known(digest=before.digest, size=len(before.body), snapshot=before, url=before.url)
    released = frozenset((row["digest"],))
    return desk.judge(Case(look, known, store.config.guard, released=released)).result()


def _look(store: Store, row: Row) -> Look:
    page = store.config.page(row["page"]) or Page(row["page"], row["asked"])
    at = datetime.fromisoformat(row["captured_at"])
    if row["not_modified"] or row["digest"] is None:
        return Look(page, at, not_modified=bool(row["not_modified"]))
    return Look(page, at, store.capture(page, row))


def _instant(at: str | None) -> datetime | None:
    return datetime.fromisoformat(at) if at else None


def kept(outcome: Outcome) -> Outcome:
    """Return what a run keeps of a page that it has settled: what is told of it, and not the page.

    Bodies and texts lie in the archive by then; a run over thousands of pages
    that held on to them would grow with each.
    """
    snapshot = outcome.look.snapshot
    look = replace(outcome.look, snapshot=snapshot.bare() if snapshot else None)
    if isinstance(outcome, First):
        return replace(
            outcome,
            look=look,
            reading=replace(outcome.reading, document=Document(outcome.reading.document.title)),
            kept=b"",
        )
    if isinstance(outcome, Changed):
        before, after = (
            Reading(Document(reading.document.title)) for reading in (outcome.before, outcome.after)
        )
        return replace(
            outcome,
            look=look,
            before=before,
            after=after,
            comparison=replace(outcome.comparison, pairs=()),
            kept=b"",
        )
    if isinstance(outcome, Unchanged):
        return Unchanged(look, outcome.form)
    return replace(outcome, look=look)
