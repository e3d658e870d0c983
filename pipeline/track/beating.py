"""Run → the signs that it took place: a heartbeat file, a ping, a metrics file.

Whoever watches these notices when runs stop.

Nothing here can fail a run: what does not work is told. The record knows nothing of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline import egress, errors, files, history, report
from pipeline.config import Config
from pipeline.history.rows import Row
from pipeline.model import Failed, HeldBack, Run
from pipeline.report import Metric
from pipeline.track.store import Store


def beat(store: Store, run: Run, *, well: bool, tell: Callable[[str], None]) -> None:
    """Leave the signs that the config asks for at the end of a run.

    `well` says that it met no bug of ours; a run is well if its canary came through, too.
    """
    monitor = store.config.monitor
    if not (monitor.heartbeat or monitor.metrics or monitor.ping):
        return
    facts = _facts(store, run)
    well = well and run.canary is None and (facts["read"] > 0 or not facts["pages"])
    if monitor.heartbeat is not None:
        _write(monitor.heartbeat, json.dumps({**facts, "well": well}) + "\n", tell)
    if monitor.metrics is not None:
        _write(monitor.metrics, report.metrics(_figures(store, run, facts)), tell)
    if monitor.ping is not None:
        _ping(store.config, monitor.ping if well else f"{monitor.ping}/fail", facts, tell)


def _write(path: Path, text: str, tell: Callable[[str], None]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, text)
    except OSError as error:
        tell(f"not written: {files.explained(error) or error}")


def _facts(store: Store, run: Run) -> Row:
    failed, held = (
        sum(isinstance(one, kind) for one in run.outcomes) for kind in (Failed, HeldBack)
    )
    statuses = Counter(row["status"] for row in history.outbox(store.db))
    waiting = sum(statuses[name] for name in ("waiting", "failed", "refused"))
    return {
        "run": run.id,
        "finished_at": run.finished_at.astimezone(UTC).isoformat(),
        "pages": len(run.outcomes),
        "read": len(run.outcomes) - failed - held,
        "failed": failed,
        "held_back": held,
        "changes": len(run.told),
        "canary": run.canary,
        "not_delivered": waiting,
        "given_up": statuses["dead"],
        "head": run.head,
    }


def _ping(config: Config, url: str, facts: Row, tell: Callable[[str], None]) -> None:
    """Tell a watchdog that the run took place; its address is a secret, and is never said."""
    try:
        with egress.Client(config.limits) as client:
            answer = client.request("POST", url, content=json.dumps(facts).encode())
    except errors.EgressError as error:
        tell(f"monitor.ping could not be reached: {error.ours}")
        return
    if not 200 <= answer.status < 300:
        tell(f"monitor.ping answered HTTP {answer.status}; copy its address again")


def _figures(store: Store, run: Run, facts: Row) -> Iterator[Metric]:
    yield _one("last_run_timestamp_seconds", "When the last run ended.", _at(facts["finished_at"]))
    took = (run.finished_at - run.started_at).total_seconds()
    yield _one("last_run_duration_seconds", "How long the last run took.", took)
    pages = tuple(
        ({"result": name}, float(facts[name])) for name in ("read", "failed", "held_back")
    )
    yield Metric("last_run_pages", "Pages of the last run by result.", pages)
    yield _one("last_run_changes", "Changes that the last run told.", facts["changes"])
    messages = tuple(
        ({"status": name}, float(facts[name])) for name in ("not_delivered", "given_up")
    )
    yield Metric("messages", "Messages that nobody took yet, and those given up.", messages)
    rows = history.status(store.db)
    yield _by_page("page_failures", "Looks in a row without a good one.", rows, "failures")
    yield _by_page("page_claims", "Claims that stand.", rows, "claims")
    yield _by_page("page_open_changes", "Changes without a verdict.", rows, "open_changes")
    good = [{**row, "good": _at(row["last_good_at"])} for row in rows if row["last_good_at"]]
    yield _by_page(
        "page_last_good_look_timestamp_seconds", "When the page was last read well.", good, "good"
    )


def _one(name: str, meaning: str, value: float) -> Metric:
    return Metric(name, meaning, (({}, value),))


def _by_page(name: str, meaning: str, rows: list[Row], key: str) -> Metric:
    values = tuple(
        ({"page": row["page"], "vendor": row["vendor"] or ""}, float(row[key] or 0)) for row in rows
    )
    return Metric(name, meaning, values)


def _at(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()
