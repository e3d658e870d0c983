"""argv → one call → exit status. The only room that prints; everything heavy is imported inside the command that needs it.

Exit status: 0 done; 1 done, but a page failed or was held back, or `--exit-code` found changes; 2 usage or
configuration; 3 a bug of ours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from pipeline import errors
from pipeline.cli import (
    adding,
    asking,
    backfilling,
    comparing,
    reading,
    settling,
    starting,
    watching,
)
from pipeline.cli.options import USUAL, Settings

DONE, PARTLY, USAGE, BUG, STOPPED = 0, 1, 2, 3, 130


class InOrder(click.Group):
    """Lists its commands in the order in which a newcomer needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120}
)
@click.option(
    "--config",
    "path",
    default=USUAL,
    show_default=True,
    metavar="FILE",
    help="What to watch, and where to keep it.",
)
@click.option(
    "--debug", is_flag=True, help="Print the traceback of a bug instead of keeping it in a file."
)
@click.version_option(package_name="claimwatch", message="%(prog)s %(version)s")
@click.pass_context
def claimwatch(context: click.Context, path: str, debug: bool) -> None:
    """Watch vendors' public compliance pages, read the claims they make, and tell what changed."""
    context.obj = Settings(path, debug)


for command in (
    *starting.COMMANDS,
    *adding.COMMANDS,
    *reading.COMMANDS,
    *watching.COMMANDS,
    *backfilling.COMMANDS,
    *asking.COMMANDS,
    *comparing.COMMANDS,
    *settling.COMMANDS,
):
    claimwatch.add_command(command)


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    sys.exit(_status(arguments))


def _status(arguments: list[str]) -> int:
    try:
        return claimwatch.main(arguments, prog_name="claimwatch", standalone_mode=False) or DONE
    except click.ClickException as error:
        click.echo(_usage(error), err=True)
        return USAGE
    except click.Abort:
        return STOPPED
    except errors.ClaimwatchError as error:
        for line in str(error).splitlines():
            click.echo(f"claimwatch: {line}", err=True)
        return USAGE
    except BrokenPipeError:
        # The reader of our output (head, less) has gone: nothing more can be said, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        return _bug(error, debug="--debug" in arguments)


def _usage(error: click.ClickException) -> str:
    """Return what was wrong with the command line, in one line; the help where nothing was asked."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "claimwatch"
    return f"{path}: {' '.join(error.format_message().split())} See: {path} --help"


def _bug(error: Exception, *, debug: bool) -> int:
    import tempfile
    import traceback

    trace = traceback.format_exc()
    click.echo(f"claimwatch: this is a bug of ours: {type(error).__name__}: {error}", err=True)
    if debug:
        click.echo(trace, err=True)
    else:
        with tempfile.NamedTemporaryFile(
            "w", prefix="claimwatch-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            log.write(trace)
        click.echo(
            f"claimwatch: the traceback is in {log.name}; nothing that was stored is lost", err=True
        )
    return BUG
