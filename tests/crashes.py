"""The power goes, between two things that are written. No test of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pipeline import archive, history
from pipeline.archive import journal


class Crash(BaseException):
    """The power goes."""


@contextmanager
def crashing() -> Iterator[Callable[[int | None], None]]:
    """Yield what lets the power go right before, or right after, the n-th line of a journal
    or transaction of the database from then on; None for never.
    """
    left: list[int | None] = [None]
    append, transaction = journal.append, history.transaction

    def instant() -> None:
        if left[0] is not None:
            left[0] -= 1
            if left[0] < 0:
                raise Crash

    def appending(*given: Any) -> Any:
        instant()
        line = append(*given)
        instant()
        return line

    @contextmanager
    def committing(db: history.Database) -> Iterator[history.Database]:
        with transaction(db):
            yield db
            instant()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive.journal, "append", appending)
        patch.setattr(history, "transaction", committing)
        yield lambda number: left.__setitem__(0, number)
