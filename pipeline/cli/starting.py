"""`demo`, `init`: an example to look at first, and a config to start from."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline import errors, files
from pipeline.cli import options

START = """\
# What claimwatch watches, and where it keeps what it sees. Every path is relative to this file.
# Add pages with: claimwatch add https://vendor.example/trust --vendor Example

[store]
database  = "claims.db"
snapshots = "snapshots"
reports   = "reports"

[schedule]
cron     = "0 6 * * *"
timezone = "UTC"

# [smtp]
# host = "mail.example.org"
# from = "claimwatch@example.org"
#
# [[alerts]]
# to = "mailto:grc@example.org"
# severity = "medium"
"""


@click.command()
@options.settings
def init(settings: options.Settings) -> int:
    """Write a config to start from.

    An existing config is left alone.
    """
    path = Path(settings.path)
    if path.exists() or path.is_symlink():
        raise errors.ConfigError(
            (f"{path}: is there already; add pages to it with: claimwatch add URL",)
        )
    files.write(path, START)
    click.echo(f"Wrote {path}. Next: claimwatch add URL --vendor NAME, then claimwatch run")
    return 0


@click.command()
def schema() -> int:
    """Print the JSON Schema of the config, for editors.

    Write it beside the config and name it in the config's first line, `#:schema
    config.schema.json`: editors that know TOML then complete keys and mark what is wrong.
    """
    from pipeline.cli import printing, tables
    from pipeline.config import schema as schemas

    printing.document(tables.as_json(schemas.schema()), "json")
    return 0


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to keep everything; a new temporary folder by default.",
)
@click.option(
    "--pause",
    type=click.FloatRange(0, 60),
    metavar="SECONDS",
    help="How long to stay at each state; 1.2 on a terminal.",
)
def demo(folder: Path | None, pause: float | None) -> int:
    """Watch an example site change, step by step.

    A fictional vendor's trust centre is served on loopback and runs through the real pipeline,
    state by state. Nothing to configure, no outside network.
    """
    from pipeline.cli import telling

    return telling.demo(folder, pause)
