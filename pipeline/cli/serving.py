"""`serve`: the store in a browser, on this machine. Prints where."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline import errors
from pipeline.cli import options


@click.command()
@click.option("--host", help="Listen here; only on this machine, unless [[users]] have passwords.")
@click.option("--port", type=click.IntRange(0, 65535), help="Listen at this port; 0 takes any.")
@click.option("--hash", "hashes", is_flag=True, help="Ask for a password and print its hash.")
@options.settings
def serve(settings: options.Settings, host: str | None, port: int | None, hashes: bool) -> int:
    """Show the store in a browser.

    An inbox of open changes, each change with its captures and verdicts, and all tables to search,
    filter and query. Anybody on this machine may read; whoever opens the printed link may review.
    """
    try:
        import datasette  # noqa: F401
    except ImportError:
        said = "the web page needs an extra: pip install 'claimwatch[web]'"
        raise errors.ServeError(said) from None
    from pipeline import web

    if hashes:
        click.echo(web.hashed(click.prompt("Password", hide_input=True, confirmation_prompt=True)))
        return 0
    config = settings.load()
    at = config.serve.port if port is None else port
    web.serve(
        Path(settings.path),
        host or config.serve.host,
        at,
        now=lambda: datetime.now(UTC),
        tell=lambda text: click.echo(f"claimwatch: {text}", err=True),
    )
    return 0
