"""Every instant at which a process may be killed, by name. No test of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pipeline import alert, archive, files, history, sources
from pipeline.track import Store


class Killed(BaseException):
    """The process is gone."""


class Lost(Store):
    """A store whose process was killed: nothing is written on the way out."""

    def close(self) -> None:
        self.db.close()


class Instants:
    """Every instant at which a run may be killed, by name, in the order in which they come.

    `at` is where it is.

    What follows one of them leaves nothing behind until the next:
    before a line is written, all is as after the last one.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        self.at: int | None = None
        self._after(patch, sources, "fetch", "a look")
        self._after(patch, archive.journal, "append", "a line of a journal")
        self._after(patch, files, "write", "a file of a report")
        self._after(patch, alert, "deliver", "a message")
        transaction = history.transaction

        @contextmanager
        def committing(db: history.Database) -> Iterator[history.Database]:
            with transaction(db):
                yield db
                self("before a commit")

        patch.setattr(history, "transaction", committing)

    def _after(self, patch: pytest.MonkeyPatch, room: Any, name: str, what: str) -> None:
        function = getattr(room, name)

        def followed(*given: Any, **named: Any) -> Any:
            result = function(*given, **named)
            self(f"after {what}")
            return result

        patch.setattr(room, name, followed)

    def __call__(self, name: str) -> None:
        self.names.append(name)
        if self.at is not None and len(self.names) > self.at:
            raise Killed(name)
