"""What was worked out once ↔ this user's cache folder, so that a start need not work it out again.

Everything kept here can be made again, and is asked for by a digest of all that it was made of:
what is stale is not found. Nothing that a page or a config says is kept, and nothing is read from a
folder that somebody else could write to.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

MOST = 64
"""So many marks of one kind are kept, the newest."""
_MARK = re.compile(r"[a-z]+-[0-9a-f]{64}")


def folder() -> Path | None:
    """Return this user's cache folder, made where it is missing.

    None where there is none that is safe to use.
    """
    given = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(given) if os.path.isabs(given) else Path(os.path.expanduser("~/.cache"))
    place = base / "claimwatch"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = place.stat()
    except OSError:
        return None
    safe = found.st_uid == os.geteuid() and not found.st_mode & 0o022
    return place if safe else None


def is_kept(mark: str) -> bool:
    """Say whether a mark, `kind-<sha256>`, was kept."""
    place = folder()
    return place is not None and _MARK.fullmatch(mark) is not None and (place / mark).exists()


def keep(mark: str) -> None:
    """Keep a mark, and forget the oldest of its kind;
    where nothing can be written, nothing is kept.
    """
    place = folder()
    if place is None or _MARK.fullmatch(mark) is None:
        return
    with suppress(OSError):
        (place / mark).touch(mode=0o600)
        kind = mark.partition("-")[0]
        marks = sorted(place.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime)
        for old in marks[:-MOST]:
            old.unlink()
