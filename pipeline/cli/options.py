"""The options that several commands share, and what they mean: output formats,
dates, severities, the settings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from pipeline import errors

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.config import Config
    from pipeline.standards import Catalogue

Command = TypeVar("Command", bound=Callable[..., Any])

SEVERITIES = ("critical", "high", "medium", "low", "info")
KINDS = ("product", "standard", "service", "note", "evidence", "supplier", "metadata")
STANCES = ("claimed", "supports", "planned", "unknown", "not_claimed")
REVIEWED = ("open", "accepted", "dismissed", "asked")
CAUSES = ("page", "reader", "config", "backfill")
USUAL = "config.toml"
SOME = 5
"""So many names are listed where none is like the one that was given."""


class Settings:
    """What was said before the command's name; `path` is where the config is, or would be.

    `database` is the one that the config names, once it was loaded:
    what goes wrong with it is told with its name.
    """

    def __init__(self) -> None:
        self.path = USUAL
        self.debug = False
        self.database: Path | None = None

    def load(self) -> Config:
        """Return the config that was named."""
        from pathlib import Path

        from pipeline import config

        loaded = config.load(Path(self.path))
        self.database = loaded.database
        return loaded

    def if_any(self) -> Config | None:
        """Return the config, or None where none was named and none is in its usual place."""
        return self.load() if self.path != USUAL or os.path.exists(USUAL) else None


settings = click.make_pass_decorator(Settings)
"""Pass what was said before the command's name as the first argument."""


def catalogue(config: Config | None) -> Catalogue:
    """Return the standards, with the config's own."""
    from pipeline import standards

    return standards.load(str(config.extra) if config and config.extra else None)


def form(*choices: str) -> Callable[[Command], Command]:
    """Return the `--format` option, a table by default."""
    return _form(choices or ("table", "json", "csv"), "How to print.")


def _form(choices: tuple[str, ...], how: str) -> Callable[[Command], Command]:
    return click.option(
        "--format",
        "form",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help=how,
    )


@dataclass(frozen=True, slots=True)
class Output:
    """How a document is written, and to which file; None for standard output."""

    form: str
    path: Path | None

    def write(self, text: str, holds: str) -> None:
        """Write a document; of a file, say what it holds."""
        from pipeline import files
        from pipeline.cli import printing

        if self.path is None:
            printing.document(text, self.form)
        else:
            files.write(self.path, text)
            click.echo(f"Wrote {self.path}: {holds}", err=True)


def output(
    *choices: str,
    written: str = "Write to this file instead of standard output.",
    how: str = "How to print.",
) -> Callable[[Command], Command]:
    """Return `--output` and `--format` as one argument `output`, in the first form by default."""
    from pathlib import Path

    to_file = click.option(
        "--output", type=click.Path(dir_okay=False, path_type=Path), help=written
    )

    def added(command: Command) -> Command:
        @wraps(command)
        def called(*given: Any, output: Path | None, form: str, **named: Any) -> Any:
            return command(*given, output=Output(form, output), **named)

        return to_file(_form(choices, how)(cast(Command, called)))

    return added


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether changes are to make the exit status 1, and from which severity on."""

    asked: bool
    severity: str | None

    def status(self, found: Iterable[str]) -> int:
        """Return 1 if that was asked and a severity found is at or above the gate, else 0."""
        limit = at_least(self.severity or "medium")
        return int(self.asked and any(one in limit for one in found))


def gate(command: Command) -> Command:
    """Add `--exit-code`, and the `--severity` from which it counts; all changes are shown.

    The command is given both as one argument `gate`.
    """
    return _gated(command, "For --exit-code: from this severity on; medium by default.")


def listed_gate(command: Command) -> Command:
    """Add `--severity`, which leaves out changes below it, and `--exit-code`,
    which counts from it.
    """
    return _gated(command, "Only changes of this severity or above.")


def _gated(command: Command, about: str) -> Command:
    @wraps(command)
    def called(*given: Any, exit_code: bool, severity: str | None, **named: Any) -> Any:
        return command(*given, gate=Gate(exit_code, severity), **named)

    threshold = click.option("--severity", type=click.Choice(SEVERITIES), help=about)
    return click.option(
        "--exit-code",
        is_flag=True,
        help="Exit 1 if there are changes at or above --severity, medium by default.",
    )(threshold(cast(Command, called)))


def completing(*kinds: str) -> Callable[[Any, Any, str], list[Any]]:
    """Return what completes a `page`, `change`, `claim` or `run` in the shell.

    Nothing is loaded until it is asked.
    """

    def complete(context: Any, parameter: Any, typed: str) -> list[Any]:
        from pipeline.cli import completing

        return completing.of(*kinds)(context, parameter, typed)

    return complete


def reviewer(config: Config, given: str | None) -> str:
    """Return who reviews: as given, else by the environment, else by the config,
    else the login name.
    """
    import getpass

    return given or os.environ.get("CLAIMWATCH_REVIEWER") or config.reviewer or getpass.getuser()


def moment(text: str | None, timezone: str, *, opening: bool = False) -> datetime | None:
    """Return a date or ISO instant as an aware UTC datetime:
    a bare date is its end in that time zone, or its opening.
    """
    from zoneinfo import ZoneInfo

    if text is None:
        return None
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is neither YYYY-MM-DD nor an ISO instant such as 2024-05-01T12:00:00Z"
        ) from None
    if len(text) == len("YYYY-MM-DD"):
        given = datetime.combine(given, time.min if opening else time.max)
    return (given if given.tzinfo else given.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)


def at_least(severity: str) -> tuple[str, ...]:
    """Return that severity and those above it."""
    return SEVERITIES[: SEVERITIES.index(severity) + 1]


def unknown(
    given: str, known: Iterable[str], what: str, called: str = "has the id"
) -> errors.NotFound:
    """Return the error that names what there is in place of a name that nobody has:
    the nearest, else some.
    """
    from pipeline import words

    names = tuple(dict.fromkeys(known))
    said = f'no {what} {called} "{given}"'
    if near := words.nearest(given, names):
        return errors.NotFound(f"{said}; near it: {', '.join(near)}")
    more = f", and {len(names) - SOME} more" if len(names) > SOME else ""
    some = f"{'is' if len(names) == 1 else 'are'} {', '.join(names[:SOME])}{more}"
    there = f"there {some if names else 'is none yet'}"
    return errors.NotFound(f"{said}; {there}")
