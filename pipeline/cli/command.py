"""argv → one call → exit status.

A command is imported when it is called, and what is heavy inside it.

Exit status: 0 done; 1 done, but a page failed or was held back, or `--exit-code` found changes; 2
usage or configuration, or something that the machine refused (a full disk, a locked database); 3 a
bug of ours; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module

import click

from pipeline import errors, visible
from pipeline.cli import printing
from pipeline.cli.options import USUAL, Settings

DONE, PARTLY, USAGE, BUG, STOPPED = 0, 1, 2, 3, 130
COMMANDS = {
    "demo": ("starting", "Watch an example site change, step by step."),
    "init": ("starting", "Write a config to start from."),
    "schema": ("starting", "Print the JSON Schema of the config, for editors."),
    "add": ("adding", "Add pages to the config."),
    "packs": ("packing", "List packs of well-known pages to add."),
    "extract": ("reading", "Show what a page claims, beside its sentences."),
    "diff": ("reading", "Show what changed between two pages."),
    "preview": ("reading", "Look at a page once and keep nothing."),
    "run": ("watching", "Look at the pages once, and report what changed."),
    "watch": ("staying", "Look at the pages on the config's schedule."),
    "deliver": ("delivering", "Send messages that were not delivered, or a trial message."),
    "rebuild": ("watching", "Rebuild the database from snapshots/."),
    "verify": ("watching", "Prove that nothing in snapshots/ was altered."),
    "pack": ("watching", "Compress the captures of an earlier version."),
    "backfill": ("backfilling", "Add earlier captures of a page to its history."),
    "status": ("standing", "Show every page: last good look, next look, what is open."),
    "claims": ("asking", "List the claims that stand now, or stood on a day."),
    "changes": ("changing", "List the changes, newest first."),
    "history": ("asking", "Show one claim's life."),
    "show": ("showing", "Show one change, claim or capture whole."),
    "matrix": ("comparing", "Show who holds which standard."),
    "search": ("comparing", "Find sentences by their words."),
    "review": ("reviewing", "Keep your verdict on changes, a claim or a page."),
    "export": ("exporting", "Write claims, changes, looks or evidence to a file."),
    "statement": ("stating", "State whether a vendor's claims changed in a period."),
    "serve": ("serving", "Show the store in a browser."),
    "report": ("reporting", "Write a report again from the store."),
}
"""The module of each command and the first sentence of its help, in the order in
which a newcomer needs them.
"""


class Commands(Mapping[str, click.Command]):
    """All commands by name; one is imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        module = import_module(f"pipeline.cli.{COMMANDS[name][0]}")
        found: click.Command = getattr(module, name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class InOrder(click.Group):
    """Lists its commands in the order in which a newcomer needs them, and imports none for that."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names in their order."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands as click does."""
        room = formatter.width - 6 - max(map(len, COMMANDS))
        rows = [
            (name, click.Command(name, help=said).get_short_help_str(room))
            for name, (_, said) in COMMANDS.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(
    cls=InOrder,
    commands=Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
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
    """Watch vendors' public compliance pages, read the claims they make,
    and report what changed.
    """
    settings = context.ensure_object(Settings)
    settings.path, settings.debug = path, debug


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit status; whatever it says has been printed."""
    with printing.streams():
        return _status(arguments, Settings())


def _status(arguments: list[str], settings: Settings) -> int:
    try:
        status = _run(arguments, settings)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # the reader of our output (head, less) has gone: it has what it wanted
        return DONE
    except (click.Abort, KeyboardInterrupt):
        return _say("stopped by Ctrl-C; what was recorded is kept", status=STOPPED)


def _run(arguments: list[str], settings: Settings) -> int:
    try:
        found = claimwatch.main(
            arguments, prog_name="claimwatch", standalone_mode=False, obj=settings
        )
        return found or DONE
    except click.ClickException as error:
        click.echo(_usage(error), err=True)
        return USAGE
    except errors.ClaimwatchError as error:
        return _say(*str(error).splitlines(), status=USAGE)
    except (BrokenPipeError, click.Abort):  # for all of the command, not of this call
        raise
    except Exception as error:
        from pipeline.cli import faults

        line = faults.explained(error, settings.database)
        return _bug(error, debug=settings.debug) if line is None else _say(line, status=USAGE)


def _say(*lines: str, status: int) -> int:
    for line in lines:
        click.echo(f"claimwatch: {visible.line(line)}", err=True)
    return status


def _usage(error: click.ClickException) -> str:
    """Return what was wrong with the command line, in one line;
    the help where nothing was asked.
    """
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "claimwatch"
    return f"{path}: {visible.line(error.format_message())} See: {path} --help"


def _bug(error: Exception, *, debug: bool) -> int:
    import traceback

    trace = traceback.format_exc()
    _say(f"this is a bug of ours: {type(error).__name__}: {error}", status=BUG)
    if debug or (log := _kept(trace)) is None:
        click.echo(trace, err=True)
        return BUG
    return _say(f"the traceback is in {log}; nothing that was stored is lost", status=BUG)


def _kept(trace: str) -> str | None:
    """Return the file that the traceback is kept in, None where there is no room for one."""
    import tempfile

    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="claimwatch-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            log.write(trace)
    except OSError:
        return None
    return log.name
