"""A file's history in a git repository → Snapshots.

Asks the git command; writes nothing and fetches nothing.

Every distinct revision along the branch is a capture, dated by its commit: a merge counts once,
when it came in. Renames are followed. A commit that removed the file is no capture, for nothing was
seen then.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipeline import errors
from pipeline.model import Snapshot
from pipeline.sources import file
from pipeline.sources.query import Query

_QUIET = (
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "log.showSignature=false",
    "-c",
    "log.showRoot=true",
    "-c",
    "i18n.logOutputEncoding=UTF-8",
    "-c",
    "diff.orderFile=/dev/null",
    "--literal-pathspecs",
)
_LOG = (
    "log",
    "--follow",
    "--first-parent",
    "--diff-merges=first-parent",
    "--no-ext-diff",
    "--no-textconv",
    "--raw",
    "--no-abbrev",
    "-z",
)
_FILE = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Revision:
    """The file as a commit left it: `blob` names its content."""

    commit: str
    committed_at: datetime
    path: str
    blob: str


def captures(repository: Path, path: str, query: Query) -> Iterator[Snapshot]:
    """Yield a capture for every distinct revision of `path`, oldest first.

    Raise SourceError where there is none. A revision that is too large is told and left out.
    """
    found = revisions(repository, path, tell=query.tell)
    with _batch(repository) as process:
        for revision in found:
            body = _blob(process, revision, query.max_bytes)
            if body is None:
                query.tell(
                    f"{revision.path} at {revision.commit[:12]}: left out; "
                    f"it is larger than {query.max_bytes:,} bytes (fetch.max_bytes)"
                )
                continue
            kind = file.media_type(revision.path, body)
            yield Snapshot(
                query.page,
                revision.committed_at,
                query.recorded_at,
                "git",
                query.page.url,
                kind,
                body,
                revision=revision.commit,
            )


def revisions(repository: Path, path: str, *, tell: Callable[[str], None]) -> list[Revision]:
    """Return the distinct revisions of a file, oldest first."""
    if not repository.is_dir():
        raise errors.SourceError(
            f"{repository}: is not a folder; clone the repository and name the clone"
        )
    if _git(repository, "rev-parse", "--is-shallow-repository").strip() == b"true":
        tell(
            f"{repository}: is a shallow clone; "
            "what is older than its first commit is missing (git fetch --unshallow)"
        )
    log = _git(repository, *_LOG, "--format=%x02%H %ct", "HEAD", "--", path)
    found = list(_distinct(reversed(list(_parsed(log, tell)))))
    if not found:
        raise errors.SourceError(
            f"{repository}: its history has no file {path}; "
            "give the path from the top of the repository"
        )
    return found


def _parsed(log: bytes, tell: Callable[[str], None]) -> Iterator[Revision]:
    """Yield what each commit of a log made of the file, newest first; removals,
    links and submodules are passed over.
    """
    for entry in log.decode("utf-8", "surrogateescape").split("\x02")[1:]:
        head, _, rest = entry.partition("\0")
        commit, _, seconds = head.partition(" ")
        fields = rest.strip("\n").split("\0")
        if not fields[0].lstrip("\n").startswith(":"):
            continue
        _, mode, _, blob, status = fields[0].lstrip("\n").split(" ")
        path = fields[2 if status[0] in "RC" else 1]
        committed_at = _instant(seconds)
        if committed_at is None:
            tell(f"{path} at {commit[:12]}: left out; its commit has no date that can be read")
        elif mode in _FILE:
            yield Revision(commit, committed_at, path, blob)


def _instant(seconds: str) -> datetime | None:
    """Return the date of a commit.

    None where a broken tool wrote none, or one that no calendar has.
    """
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _distinct(found: Iterator[Revision]) -> Iterator[Revision]:
    last = None
    for revision in found:
        if revision.blob != last:
            yield revision
        last = revision.blob


def _git(repository: Path, *arguments: str) -> bytes:
    command = (_program(), "-C", str(repository), *_QUIET, *arguments)
    done = subprocess.run(
        command, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        reason = (
            " ".join(done.stderr.decode("utf-8", "replace").split())
            or f"git ended with {done.returncode}"
        )
        raise errors.SourceError(f"{repository}: git says: {reason}")
    return done.stdout


def _batch(repository: Path) -> subprocess.Popen[bytes]:
    command = (_program(), "-C", str(repository), *_QUIET, "cat-file", "--batch")
    return subprocess.Popen(
        command,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _blob(process: subprocess.Popen[bytes], revision: Revision, max_bytes: int) -> bytes | None:
    """Return a revision's bytes, None where there are too many."""
    asking, answer = _pipes(process)
    asking.write(f"{revision.blob}\n".encode())
    asking.flush()
    head = answer.readline().split()
    if len(head) != 3 or head[1] != b"blob":
        raise errors.SourceError(
            f"git does not have {revision.path} as {revision.commit[:12]} left it; "
            "fetch the whole repository"
        )
    left = int(head[2]) + 1
    if left > max_bytes + 1:
        while left:
            left -= len(answer.read(min(left, 1 << 20)))
        return None
    return answer.read(left)[:-1]


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def _program() -> str:
    found = shutil.which("git")
    if found is None:
        raise errors.SourceError("the command git is missing; install git")
    return found


def _environment() -> dict[str, str]:
    """Return our environment for git: no settings of the machine, no other repository,
    no prompt and no network.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
    }
