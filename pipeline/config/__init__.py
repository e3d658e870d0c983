"""config.toml → Config, validated once and frozen. Reads that one file; no secret, no network.

    shape      the tables and their keys       kinds      what a key may hold
    problems   what is wrong in a file         between    what tables say of each other
    building   a valid file → the values       values     what a config says
    cron       times of a schedule             spans      times that pass, as words
    blackouts  times at which nothing runs
    schema     the tables as a JSON Schema, for editors

A text that was found valid is remembered by its digest in the user's cache:
what checks it takes longer than a question.
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pipeline
from pipeline import errors, files, prepared, standards
from pipeline.config import building
from pipeline.config.cron import Cron
from pipeline.config.values import Config, Guard, Monitor, Schedule, Serve, Sitemap, User

__all__ = [
    "Config",
    "Cron",
    "Guard",
    "Monitor",
    "Schedule",
    "Serve",
    "Sitemap",
    "User",
    "load",
    "page_problems",
    "read",
]


def load(path: Path, *, growing: bool = False) -> Config:
    """Return the config in a file.

    Raise ConfigError with every problem at once, each on a line of its own.

    Where it is `growing`, a rule may be about a page or vendor that is not in it yet.
    """
    try:
        return read(path, path.read_bytes().decode("utf-8-sig"), growing=growing)
    except FileNotFoundError as error:
        reason = (
            "there is no such file; `claimwatch init` writes one, or name yours with --config FILE"
        )
        raise errors.ConfigError((f"{path}: {reason}",)) from error
    except IsADirectoryError as error:
        raise errors.ConfigError((f"{path}: is a folder; name the file in it",)) from error
    except OSError as error:
        raise errors.ConfigError((files.explained(error) or f"{path}: {error}",)) from error
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise errors.ConfigError((f"{path}: {reason}",)) from error


def read(path: Path, text: str, *, growing: bool = False) -> Config:
    """Return the config that a file of that text would be; raise ConfigError as `load` does."""
    raw = _parsed(path, text)
    mark = _mark(path, raw, text)
    if not prepared.is_kept(mark):
        _prove(path, raw, growing=growing)
        if not growing:
            prepared.keep(mark)
    return building.config(path.resolve(), raw)


def page_problems(fields: dict[str, Any]) -> tuple[str, ...]:
    """Return what is wrong with the keys of one page, each as `key: what is wrong; the fix`."""
    from pipeline.config import problems

    return tuple(line.removeprefix("page.") for line in problems.of_page(fields))


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = f"is not TOML: {error}; correct that line"
        raise errors.ConfigError((f"{path}: {reason}",)) from error
    except RecursionError as error:
        reason = "is nested deeper than any config; take the brackets out"
        raise errors.ConfigError((f"{path}: {reason}",)) from error


def _mark(path: Path, raw: dict[str, Any], text: str) -> str:
    """Return what is kept of a text that was found valid: it is so until the text,
    the catalogue or our code changes.
    """
    code = b"".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))
    said = [pipeline.__version__, sys.version, hashlib.sha256(code).hexdigest(), text]
    # One may name a standard, of the catalogue or of the user's own entries.
    if "rules" in raw or "requirements" in raw or "alerts" in raw:
        with suppress(errors.CatalogueError):
            said.append(standards.stamp(_extra(path, raw.get("standards"))))
    return "config-" + hashlib.sha256("\0".join(said).encode()).hexdigest()


def _extra(path: Path, given: object) -> str | None:
    """Return the file of the user's own entries, as far as the table says which."""
    extra = given.get("extra") if isinstance(given, dict) else None
    return str(path.resolve().parent / extra) if extra and isinstance(extra, str) else None


def _prove(path: Path, raw: dict[str, Any], *, growing: bool) -> None:
    from pipeline.config import problems

    tables, lines = problems.found(raw, growing=growing)
    found = [f"{path}: {line}" for line in lines]
    found += _standards(path, raw, tables["standards"], wrong=bool(found))
    if found:
        raise errors.ConfigError(tuple(found))


def _standards(path: Path, raw: dict[str, Any], given: Any, *, wrong: bool) -> Iterator[str]:
    """Yield the rules about standards that there are not, and the faults of the user's own entries.

    Those are read only where a rule needs them, or where the config is refused anyway:
    whoever corrects one sees all.
    """
    from pipeline.config import between

    extra = _extra(path, {"extra": given.extra} if given else None)
    if not between.about_standards(raw) and not (wrong and extra):
        return
    try:
        known = standards.load(extra).standards
    except errors.CatalogueError as error:
        yield from str(error).splitlines()
        return
    names = (name for standard in known for name in (standard.id, standard.name))
    yield from (f"{path}: {line}" for line in between.standards(raw, names))
