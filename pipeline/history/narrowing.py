"""What an inbox asks for → the SQL of it: conditions, order and counts. Only reads."""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import date

from pipeline import words
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row
from pipeline.model import SEVERITIES
from pipeline.report import due
from pipeline.rules import InForce

COUNTED = 10_000
"""No more changes of one severity are counted than that."""
SEVERITY = "CASE WHEN change.flap THEN 'info' ELSE change.severity END"
"""The severity of a change by itself, as the index `change_listed` has it."""
IN_FORCE = f"coalesce(ruled.severity, {SEVERITY})"
"""The severity that a change is listed at."""
_WORD = re.compile(r"[^\W_]+")
_OURS = ("reader", "config")
FROM = """FROM {joined} WHERE NOT EXISTS (
    SELECT 1 FROM change AS flap INDEXED BY change_flap 
    WHERE flap.reverts = change.id AND flap.flap)"""
_STANDING = "LEFT JOIN standing ON standing.id = change.id"
_OF_RULES = "LEFT JOIN temp.ruled ON ruled.id = change.id"
ALL = f"change {_STANDING} {_OF_RULES}"
_SPOKEN = f"standing CROSS JOIN change ON change.id = standing.id {_OF_RULES}"
_RULED = f"temp.ruled CROSS JOIN change ON change.id = ruled.id {_STANDING}"
_ORDER = "change.first_seen DESC, change.page, change.position, change.id"
_RULED_ORDER = "ruled.first_seen DESC, ruled.page, ruled.position, ruled.id"
_RANK = "CASE {} {} END".format(
    IN_FORCE, " ".join(f"WHEN '{one}' THEN {place}" for place, one in enumerate(SEVERITIES))
)
_WAITS = "coalesce(standing.status, 'open') IN ('open', 'asked')"
_DUE = {
    "overdue": f"standing.due < :today AND {_WAITS}",
    "soon": f"standing.due BETWEEN :today AND :soon AND {_WAITS}",
    "later": f"standing.due > :soon AND {_WAITS}",
    "none": f"(standing.due IS NULL OR NOT {_WAITS})",
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is asked for; empty texts narrow nothing.

    `status` and `cause` may be `any`, `cause` `ours`. Severities are those that `in_force` gives.
    """

    text: str = ""
    severity: str = ""
    vendor: str = ""
    standard: str = ""
    page: str = ""
    owner: str = ""
    status: str = "open"
    cause: str = "page"
    due: str = ""
    sort: str = "severity"
    in_force: InForce = ()


class Asked:
    """What is asked of one database, as conditions with their values."""

    def __init__(self, db: Database, narrowed: Narrowed, on: date) -> None:
        self.db, self.narrowed = db, narrowed
        soon = on + due.SOON
        self.values: dict[str, object] = {"today": on.isoformat(), "soon": soon.isoformat()}
        self.conditions = list(self._conditions())

    def _conditions(self) -> Iterator[str]:
        """Yield all but those of severity and due date, and keep their values."""
        asked = self.narrowed
        if asked.status != "any":
            yield self._is("coalesce(standing.status, 'open')", "status", asked.status)
        if asked.cause == "ours":
            yield f"change.cause IN {_OURS}"
        elif asked.cause != "any":
            yield self._is("change.cause", "cause", asked.cause)
        if asked.standard:
            yield (
                f"({self._is('change.standard', 'standard', asked.standard)} OR "
                "change.standard_name = :standard)"
            )
        if asked.owner:
            self.values["owners"] = self._named(
                "SELECT DISTINCT owner AS name FROM standing", asked.owner
            )
            yield "standing.owner IN (SELECT value FROM json_each(:owners))"
        for name, column in (("page", "id"), ("vendor", "vendor")):
            if given := getattr(asked, name):
                kept = self._named(f"SELECT id, {column} AS name FROM page", given)
                self.values[name] = kept
                yield f"change.page IN (SELECT value FROM json_each(:{name}))"
        if asked.text:
            yield from self._says(asked.text)

    def _is(self, column: str, name: str, value: str) -> str:
        self.values[name] = value
        return f"{column} = :{name}"

    def _named(self, sql: str, given: str) -> str:
        """Return the ids of rows, or their names where they have none,
        that have a name however it is written."""
        rows = select(self.db, sql)
        wanted = words.fold(given)
        return json.dumps(
            [
                row.get("id") or row["name"]
                for row in rows
                if wanted == words.fold(row["name"] or "")
            ]
        )

    def _says(self, text: str) -> Iterator[str]:
        """Yield that a change says all words of a text, or is of a page or vendor,
        or has an owner or an id, of that name."""
        wanted = words.fold(text)
        pages = select(self.db, "SELECT id, vendor FROM page")
        self.values["named"] = json.dumps(
            [
                row["id"]
                for row in pages
                if wanted in words.fold(f"{row['id']} {row['vendor'] or ''}")
            ]
        )
        self.values["begun"] = f"{wanted}*"
        self.values["match"] = " ".join(f'"{word}"*' for word in _WORD.findall(wanted)) or '"-"'
        told = "change.number IN (SELECT rowid FROM told WHERE told MATCH :match)"
        yield (
            f"({told} OR change.page IN (SELECT value FROM json_each(:named)) OR change.id "
            "GLOB :begun "
            "OR lower(standing.owner) = :whole OR lower(standing.ref) = :whole)"
        )
        self.values["whole"] = text.lower()

    def walk(self) -> Generator[Row, None, None]:
        """Yield id, page and time of each change that is asked for,
        in the order that is asked for."""
        asked = self.narrowed
        if asked.due not in ("", *_DUE):
            return
        narrowed = self._severity(asked.severity) if asked.severity else []
        if asked.sort == "due" and asked.due != "none":
            dated = [_DUE[asked.due] if asked.due else f"standing.due IS NOT NULL AND {_WAITS}"]
            order = f"standing.due, {IN_FORCE} = 'info', {_ORDER}"
            yield from self._rows([*dated, *narrowed], order, dated=True)
            if asked.due:
                return
        rest = [_DUE[asked.due or "none"]] if asked.due or asked.sort == "due" else []
        is_dated = asked.due not in ("", "none")
        if self.few or is_dated:
            yield from self._rows([*rest, *narrowed], f"{_RANK}, {_ORDER}", dated=is_dated)
            return
        for severity in (asked.severity,) if asked.severity else SEVERITIES:
            own = self._rows([*_own(severity), *rest], _ORDER)
            ruled = self._rows([*_ruled(severity), *rest], _RULED_ORDER, joined=_RULED)
            yield from heapq.merge(own, ruled, key=_newest)

    @property
    def few(self) -> bool:
        """Say whether few changes are asked for: of a page, or of those that somebody spoke of."""
        return bool(self.narrowed.page) or self._is_spoken

    @property
    def _is_spoken(self) -> bool:
        return bool(self.narrowed.owner) or self.narrowed.status not in ("open", "any")

    def _severity(self, severity: str) -> list[str]:
        return [f"{IN_FORCE} = '{severity}'"] if severity in SEVERITIES else ["0"]

    def _rows(
        self, more: list[str], order: str, *, dated: bool = False, joined: str = ""
    ) -> Iterator[Row]:
        what = "change.id, change.page, change.first_seen, change.position"
        sql = f"SELECT {what} {self._from(more, dated, joined)} ORDER BY {order}"
        yield from self.db.query(sql, self.values)

    def _from(self, more: list[str], dated: bool, joined: str = "") -> str:
        # What only a person's word can make so is looked for among what people spoke of.
        joined = joined or (_SPOKEN if self._is_spoken or dated else ALL)
        return " AND ".join((FROM.format(joined=joined), *self.conditions, *more))

    def counts(self) -> Iterator[tuple[str, int]]:
        """Yield each severity of which there is any with how many there are."""
        if self.few:
            sql = f"SELECT {IN_FORCE}, count(*) {self._from([], False)} GROUP BY 1"
            found = dict(self.db.execute(sql, self.values).fetchall())
        else:
            found = {one: self._counted(one, []) for one in SEVERITIES}
        for severity in SEVERITIES:
            if number := min(found.get(severity, 0), COUNTED):
                yield severity, number

    def total(self) -> int:
        """Return how many are asked for, of a severity and a due date, too."""
        asked = self.narrowed
        more = [_DUE.get(asked.due, "0")]
        if asked.severity and asked.due == "none" and not self.few:
            return min(self._counted(asked.severity, more), COUNTED)
        more += self._severity(asked.severity) if asked.severity else []
        return self._count(more, dated=asked.due != "none")

    def overdue(self) -> int:
        """Return how many are overdue."""
        return self._count([_DUE["overdue"]], dated=True)

    def _counted(self, severity: str, more: list[str]) -> int:
        """Return how many there are of a severity: of those that have it by themselves,
        by their index, and of those that rules gave it.
        """
        ruled = self._count([*_ruled(severity), *more], joined=_RULED)
        return self._count([*_own(severity), *more]) + ruled

    def _count(self, more: list[str], *, dated: bool = False, joined: str = "") -> int:
        inner = f"SELECT 1 {self._from(more, dated, joined)} LIMIT {COUNTED}"
        row = self.db.execute(f"SELECT count(*) FROM ({inner})", self.values).fetchone()
        return int(row[0])


def _own(severity: str) -> list[str]:
    """Return what is so of changes that have a severity by themselves."""
    known = severity in SEVERITIES
    return [f"{SEVERITY} = '{severity}'", "ruled.id IS NULL"] if known else ["0"]


def _ruled(severity: str) -> list[str]:
    """Return what is so of changes that rules gave a severity."""
    return [f"ruled.severity = '{severity}'"] if severity in SEVERITIES else ["0"]


class _Latest(str):
    """A text of which the later comes first."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)


def _newest(row: Row) -> tuple[_Latest, str, int, str]:
    """Return the order of `_ORDER`."""
    return _Latest(row["first_seen"]), row["page"], row["position"], row["id"]
