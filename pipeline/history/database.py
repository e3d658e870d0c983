"""A connection to SQLite, and the migrations that bring a database up to date.

`sqlite_utils` applies migrations, and is imported where one is pending:
a question costs less than that import.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import sqlite_utils

Values = Iterable[object] | Mapping[str, object]
Step = TypeVar("Step", bound="Callable[[sqlite_utils.Database], None]")

_APPLIED = "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid"


class Database:
    """A database that is open; `conn` is its connection."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        """Return the cursor of a statement."""
        return self.conn.execute(sql, values)

    def query(self, sql: str, values: Any = ()) -> Iterator[dict[str, Any]]:
        """Yield the rows of a statement as dicts."""
        cursor = self.execute(sql, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    @property
    def version(self) -> int:
        """Return a number that is another one once another connection has written."""
        return int(self.conn.execute("PRAGMA data_version").fetchone()[0])

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of all tables, without the views."""
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        return tuple(name for (name,) in self.conn.execute(sql))

    def close(self) -> None:
        """Close the connection."""
        self.conn.close()


class Migrations:
    """Functions that each change the tables once, in their order;
    decorate one with `@migrations()`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._steps: list[Callable[[sqlite_utils.Database], None]] = []

    def __call__(self) -> Callable[[Step], Step]:
        """Return the decorator that adds a function."""

        def added(step: Step) -> Step:
            self._steps.append(step)
            return step

        return added

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all, in their order."""
        return tuple(step.__name__ for step in self._steps)

    def applied(self, db: Database) -> tuple[str, ...]:
        """Return the names of those that were applied to a database."""
        table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlite_migrations'"
        if not db.execute(table).fetchone():
            return ()
        return tuple(name for (name,) in db.execute(_APPLIED, (self.name,)))

    def apply(self, db: Database) -> None:
        """Apply those that were not applied yet, each in a transaction of its own."""
        import sqlite_utils

        known = sqlite_utils.Migrations(self.name)
        for step in self._steps:
            known()(step)
        known.apply(sqlite_utils.Database(db.conn))
