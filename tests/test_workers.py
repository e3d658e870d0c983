"""The processes: what they are asked they do, and whatever becomes of one,
the next function finds another.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import hostile
import pytest

from pipeline import workers
from pipeline.track import judging
from pipeline.workers import Budget, Pool, Stopped, server

SMALL = Budget(0.3, 256 << 20)


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(judging.ready, 1, SMALL, size=2) as found:
        yield found


def asked(pool: Pool, function: Callable[..., Any], *arguments: Any) -> Any:
    return pool.run(lambda work: work(function, *arguments))


def test_a_function_gets_what_was_given_and_its_arguments(pool: Pool) -> None:
    assert asked(pool, hostile.added, 2, 3) == 6
    assert asked(pool, hostile.number) != os.getpid()


@pytest.mark.parametrize(
    ("function", "why", "reason"),
    [
        (hostile.spins, "time", "took more than 0.3 s of processor time"),
        (hostile.matches, "time", "took more than 0.3 s of processor time"),
        (hostile.eats, "memory", "took more than 256 MiB of memory"),
        (hostile.swallows, "memory", "took more than 256 MiB of memory"),
        (hostile.stumbles, "memory", "took more than 256 MiB of memory"),
        (hostile.brings, "memory", "took more than 256 MiB of memory"),
        (hostile.crashes, "crash", "brought its process down (SIGSEGV)"),
        (hostile.leaves, "crash", "brought its process down (it ended by itself)"),
        (hostile.is_killed, "lost", "was ended from outside (SIGKILL)"),
        (hostile.nests, "error", "RecursionError: maximum recursion depth exceeded"),
        (hostile.raises, "error", "ZeroDivisionError: ours and nobody else's"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_whatever_a_function_does_is_told_and_the_next_one_works(
    pool: Pool, function: Callable[..., Any], why: str, reason: str
) -> None:
    with pytest.raises(Stopped) as stopped:
        asked(pool, function)
    assert (stopped.value.why, str(stopped.value)[: len(reason)]) == (why, reason)
    assert asked(pool, hostile.added, 2) == 3


def test_functions_of_one_task_follow_each_other_in_one_process(pool: Pool) -> None:
    numbers = pool.submit(lambda work: [work(hostile.number) for _ in range(3)]).result()
    assert len(set(numbers)) == 1
    assert pool.begun == 1


def test_a_task_goes_on_in_another_process_where_one_ended(pool: Pool) -> None:
    def task(work: workers.Work) -> list[int]:
        before = work(hostile.number)
        with pytest.raises(Stopped):
            work(hostile.spins)
        return [before, work(hostile.number)]

    before, after = pool.submit(task).result()
    assert before != after


def test_a_process_that_needed_much_memory_is_not_used_again(pool: Pool) -> None:
    assert asked(pool, hostile.needs_some) != asked(pool, hostile.number)
    assert pool.begun == 2


def test_what_is_under_way_ends_with_the_pool() -> None:
    with Pool(judging.ready, 1, Budget(600)) as pool:
        future = pool.submit(lambda work: work(hostile.spins))
        asked(pool, hostile.added)
    with pytest.raises(Stopped, match="SIGKILL"):
        future.result()


def test_secrets_of_our_environment_stay_with_us(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "hunter2")
    server._running.clear()
    assert asked(pool, hostile.variable, "SMTP_PASSWORD") is None
    assert asked(pool, hostile.variable, "PATH") == os.environ["PATH"]


def test_a_signal_to_all_processes_is_the_parents_to_answer(pool: Pool) -> None:
    assert asked(pool, hostile.ignored)


def test_a_server_that_was_killed_is_begun_again(pool: Pool) -> None:
    asked(pool, hostile.added)
    for running in server._running.values():
        running.popen.send_signal(signal.SIGKILL)
        running.popen.wait(60)
    with Pool(judging.ready, 1, SMALL) as other:
        assert asked(other, hostile.added, 4) == 5
    assert asked(pool, hostile.added, 5) == 6


def test_a_server_that_cannot_begin_is_an_error_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    server._running.clear()
    with (
        Pool(judging.ready, 1, SMALL) as pool,
        pytest.raises(workers.server.WorkerError, match="/bin/false ended"),
    ):
        asked(pool, hostile.added)
    server._running.clear()
