"""A config → Datasette with our pages in front, served until it is stopped."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import uvicorn
from datasette.app import Datasette
from datasette.database import Database

from pipeline import history
from pipeline.errors import ServeError
from pipeline.web import data
from pipeline.web.access import Access
from pipeline.web.plugin import SITES
from pipeline.web.site import Site

Tell = Callable[[str], None]


def application(site: Site) -> Datasette:
    """Return Datasette over a site's database, made or brought up to date,
    with the site's pages in front.
    """
    db = history.open(site.config.database)
    metadata = data.metadata(db.tables)
    db.close()
    made = Datasette(
        memory=False, metadata=metadata, settings=data.SETTINGS, template_dir=data.TEMPLATES
    )
    made.remove_database("_memory")
    path = str(site.config.database)
    made.add_database(Database(made, path=path, is_mutable=True), name=data.NAME)
    SITES[made] = site
    return made


def serve(path: Path, host: str, port: int, *, now: Callable[[], datetime], tell: Tell) -> None:
    """Serve the store of a config until Ctrl-C or SIGTERM; `tell` hears where,
    and by which link one reviews.

    Raise ServeError where others could reach it and nobody has a password, or the port is taken.
    """
    from pipeline import config

    loaded = config.load(path)
    site = Site(path, Access(host, loaded.serve.hosts, loaded.users), now, tell)
    with _bound(host, port) as listening:
        address = f"http://{_shown(host)}:{listening.getsockname()[1]}"
        tell(f"{address}/  (read here; stop with Ctrl-C)")
        if site.access.is_open:
            tell(f"{address}/sign-in?token={site.access.token}  (review, by this link, once)")
        try:
            asyncio.run(_run(site, listening))
        except KeyboardInterrupt:
            tell("stopped")
        finally:
            site.close()


async def _run(site: Site, listening: socket.socket) -> None:
    made = application(site)
    await made.invoke_startup()
    settings = uvicorn.Config(made.app(), log_level="warning", server_header=False, lifespan="on")
    await uvicorn.Server(settings).serve(sockets=[listening])


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; raise ServeError where it cannot."""
    bare = host.strip("[]")
    try:
        family = socket.getaddrinfo(bare, port, type=socket.SOCK_STREAM)[0][0]
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((bare, port))
    except OSError as error:
        raise ServeError(
            f"{host}:{port} cannot be listened at ({error.strerror}); choose another with --port"
        ) from error
    return made


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
