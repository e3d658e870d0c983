"""Standard streams that are full, gone or closed, and Ctrl-C:
each said in a line at most, never a traceback.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable

from test_faults_machine import FULL, Place, needs_full, place

__all__ = ["place"]


@needs_full
def test_a_full_disk_behind_standard_output_is_told(place: Place) -> None:
    place("run")
    for arguments in (("--help",), ("claims",), ("claims", "--format", "json"), ("report",)):
        with FULL.open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "pipeline", *arguments],
                cwd=place.folder,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
            )
        said = "claimwatch: standard output: cannot be written: No space left on device; "
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert done.stderr.startswith(said)


def interrupted(place: Place, when: Callable[[subprocess.Popen[str]], object]) -> tuple[int, str]:
    """Return how a command that waits for standard input ended
    when it got Ctrl-C, and what it said.
    """
    command = [sys.executable, "-m", "pipeline", "add"]
    with subprocess.Popen(
        command, cwd=place.folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as going:
        when(going)
        going.send_signal(signal.SIGINT)
        said = going.communicate(timeout=30)[1]
    return going.returncode, said


def test_ctrl_c_says_so_and_exits_130(place: Place) -> None:
    def reads(going: subprocess.Popen[str]) -> None:
        # More than a pipe holds: when all of it is written,
        # the command is past its start and reads.
        assert going.stdin is not None
        going.stdin.write("# a remark\n" * 20_000)
        going.stdin.flush()

    status, said = interrupted(place, reads)
    assert (status, said.strip()) == (
        130,
        "claimwatch: stopped by Ctrl-C; what was recorded is kept",
    )


def test_a_reader_that_goes_away_is_no_fault(place: Place) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", "--help"],
        cwd=place.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as going:
        assert going.stdout is not None
        going.stdout.close()
        assert going.stderr is not None
        said = going.stderr.read()
    assert (going.returncode, said) == (0, "")


def test_no_standard_streams_are_no_fault(place: Place) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {sys.executable} -m pipeline run >&- 2>&-"],
        cwd=place.folder,
        timeout=60,
    )
    assert done.returncode == 0
    assert "2013" in place("claims")
