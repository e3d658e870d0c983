"""What an inbox asks for → the SQL of it: conditions, order and counts. Only reads."""

from __future__ import annotations

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

COUNTED = 10_000
"""No more changes of one severity are counted than that."""
SEVERITY = "CASE WHEN change.flap THEN 'info' ELSE change.severity END"
"""The severity that a change is listed at, as the index `change_listed` has it."""
_WORD = re.compile(r"[^\W_]+")
_OURS = ("reader", "config")
FROM = """FROM {joined} WHERE NOT EXISTS (
    SELECT 1 FROM change AS flap INDEXED BY change_flap 
    WHERE flap.reverts = change.id AND flap.flap)"""
ALL = "change LEFT JOIN standing ON standing.id = change.id"
_SPOKEN = "standing CROSS JOIN change ON change.id = standing.id"
_ORDER = "change.first_seen DESC, change.page, change.position, change.id"
_RANK = "CASE {} {} END".format(
    SEVERITY, " ".join(f"WHEN '{one}' THEN {place}" for place, one in enumerate(SEVERITIES))
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

    `status` and `cause` may be `any`, `cause` `ours`.
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
            order = f"standing.due, {SEVERITY} = 'info', {_ORDER}"
            yield from self._rows([*dated, *narrowed], order, dated=True)
            if asked.due:
                return
        rest = [_DUE[asked.due or "none"]] if asked.due or asked.sort == "due" else []
        is_dated = asked.due not in ("", "none")
        if self.few or is_dated:
            yield from self._rows([*rest, *narrowed], f"{_RANK}, {_ORDER}", dated=is_dated)
            return
        for severity in (asked.severity,) if asked.severity else SEVERITIES:
            yield from self._rows([*self._severity(severity), *rest], _ORDER)

    @property
    def few(self) -> bool:
        """Say whether few changes are asked for: of a page, or of those that somebody spoke of."""
        return bool(self.narrowed.page) or self._is_spoken

    @property
    def _is_spoken(self) -> bool:
        return bool(self.narrowed.owner) or self.narrowed.status not in ("open", "any")

    def _severity(self, severity: str) -> list[str]:
        # The index of severities leads to many; where few are asked for, they are looked up.
        column = f"+({SEVERITY})" if self.few else SEVERITY
        return [f"{column} = '{severity}'"] if severity in SEVERITIES else ["0"]

    def _rows(self, more: list[str], order: str, *, dated: bool = False) -> Iterator[Row]:
        what = "change.id, change.page, change.first_seen"
        sql = f"SELECT {what} {self._from(more, dated)} ORDER BY {order}"
        yield from self.db.query(sql, self.values)

    def _from(self, more: list[str], dated: bool) -> str:
        # What only a person's word can make so is looked for among what people spoke of.
        joined = _SPOKEN if self._is_spoken or dated else ALL
        return " AND ".join((FROM.format(joined=joined), *self.conditions, *more))

    def counts(self) -> Iterator[tuple[str, int]]:
        """Yield each severity of which there is any with how many there are."""
        if self.few:
            sql = f"SELECT {SEVERITY}, count(*) {self._from([], False)} GROUP BY 1"
            found = dict(self.db.execute(sql, self.values).fetchall())
        else:
            found = {one: self._count(self._severity(one)) for one in SEVERITIES}
        for severity in SEVERITIES:
            if number := min(found.get(severity, 0), COUNTED):
                yield severity, number

    def total(self) -> int:
        """Return how many are asked for, of a severity and a due date, too."""
        asked = self.narrowed
        more = [_DUE.get(asked.due, "0")]
        more += self._severity(asked.severity) if asked.severity else []
        return self._count(more, dated=asked.due != "none")

    def overdue(self) -> int:
        """Return how many are overdue."""
        return self._count([_DUE["overdue"]], dated=True)

    def _count(self, more: list[str], *, dated: bool = False) -> int:
        inner = f"SELECT 1 {self._from(more, dated)} LIMIT {COUNTED}"
        row = self.db.execute(f"SELECT count(*) FROM ({inner})", self.values).fetchone()
        return int(row[0])
