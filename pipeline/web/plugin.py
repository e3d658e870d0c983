"""What Datasette asks of us.

Plugins are of the whole process, so each answer is for the site of one Datasette, or for none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from datasette import handle_exception as theirs
from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm
from datasette.utils.asgi import Request

from pipeline.web import asked, data, routes
from pipeline.web.access import Person
from pipeline.web.guard import Asgi, Guard, Scope
from pipeline.web.kept import Kept
from pipeline.web.site import Site

SITES: WeakKeyDictionary[Datasette, Site] = WeakKeyDictionary()
"""The site that each Datasette of this process serves."""


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Return our addresses, which come before Datasette's own."""
    site = SITES.get(datasette)
    return [(one.pattern, routes.view(site, one)) for one in routes.ROUTES] if site else []


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Asgi], Asgi]:
    """Return what puts the guard in front."""
    site = SITES.get(datasette)

    def guarded(app: Asgi) -> Asgi:
        if site is None:
            return app

        def who(scope: Scope) -> Person | None:
            return asked.person(datasette, scope)

        return Guard(Kept(app, site, who), site.access, who)

    return guarded


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """Return the ways from Datasette's own pages to all others."""
    if datasette not in SITES:
        return []
    return [{"href": address, "label": name} for address, name in asked.PLACES]


@hookimpl
def extra_template_vars(datasette: Datasette) -> dict[str, Any]:
    """Return what the page of the data lists."""
    return {"VIEWS": data.VIEWS} if datasette in SITES else {}


@hookimpl
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Any:
    """Return the page of an error on one of Datasette's own pages:
    it would print all that was known of it.
    """
    site = SITES.get(datasette)
    return routes.failed(site, datasette, request, exception) if site else None


# Where it finds the library, Datasette prints every error, a page that is not there too, with all
# that was known of it: that takes a second, and a terminal is no place for it.
theirs.rich = None
pm.register(sys.modules[__name__], name="claimwatch")
