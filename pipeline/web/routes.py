"""Addresses → the functions that answer them, and the errors that a person may see
as pages of our own.
"""

from __future__ import annotations

import html
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import nh3
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from pipeline.errors import ClaimwatchError, NotFound, Refused, Unclear
from pipeline.web import asked as requests
from pipeline.web import (
    asking,
    change,
    correcting,
    holdings,
    inbox,
    looks,
    overview,
    pages,
    signing,
)
from pipeline.web.asked import Asked
from pipeline.web.site import Site


@dataclass(frozen=True, slots=True)
class Route:
    """An address, as a regular expression, and what answers it.

    One that `changes` something is a form's, sent by POST.
    """

    pattern: str
    answer: Callable[[Asked], Awaitable[Response]]
    changes: bool = False
    free: bool = False


ROUTES: tuple[Route, ...] = (
    Route(r"^/$", inbox.show),
    Route(r"^/changes/(?P<id>[^/]+)$", change.show),
    Route(r"^/ask$", asking.show),
    Route(r"^/claims/(?P<id>[^/]+)$", holdings.claim),
    Route(r"^/matrix$", holdings.matrix),
    Route(r"^/pages/(?P<page>[^/]+)$", pages.show),
    Route(r"^/pages/(?P<page>[^/]+)/compare$", pages.compare),
    Route(r"^/captures/(?P<page>[^/]+)/(?P<digest>[0-9a-f]+)$", pages.capture),
    Route(r"^/captures/(?P<page>[^/]+)/(?P<digest>[0-9a-f]+)/raw$", pages.raw),
    Route(r"^/vendors$", overview.vendors),
    Route(r"^/vendor$", overview.vendor),
    Route(r"^/suppliers$", overview.suppliers),
    Route(r"^/health$", overview.health),
    Route(r"^/runs$", overview.runs),
    Route(r"^/reports/(?P<file>[^/]+)$", overview.report),
    Route(r"^/search$", overview.search),
    Route(r"^/claims/(?P<id>[^/]+)/correct$", correcting.correct, changes=True),
    Route(r"^/review$", change.review, changes=True),
    Route(r"^/pages/(?P<page>[^/]+)/accept$", change.accept, changes=True),
    Route(r"^/pages/(?P<page>[^/]+)/reject$", change.reject, changes=True),
    Route(r"^/sign-in$", signing.show, free=True),
    Route(r"^/sign-in/enter$", signing.enter, changes=True, free=True),
    Route(r"^/sign-out$", signing.leave, changes=True, free=True),
    Route(r"^/static/site\.css$", looks.style, free=True),
    Route(r"^/static/data\.css$", looks.data_style, free=True),
    Route(r"^/static/keys\.js$", looks.keys, free=True),
)
"""Every address of ours.

What changes something needs a reviewer, but where it is `free`: signing in and out.
"""


HEADINGS = {404: "Not found", 403: "Not allowed", 500: "Something went wrong"}


def view(site: Site, route: Route) -> Callable[[Request, Datasette], Awaitable[Response]]:
    """Return the function that Datasette calls for a route."""

    async def answered(request: Request, datasette: Datasette) -> Response:
        asked = Asked(site, datasette, request, requests.person(datasette, request.scope))
        if (request.method == "POST") != route.changes:
            return _wrong(asked, 405, "This address is not asked so.")
        try:
            if route.changes and not route.free:
                asked.reviewer  # noqa: B018  raises where nobody may
            return await route.answer(asked)
        except ClaimwatchError as error:
            status = {NotFound: 404, Refused: 403, Unclear: 400}.get(type(error), 409)
            return _wrong(asked, status, str(error))
        except Exception as error:
            return failed(site, datasette, request, error)

    return answered


def failed(site: Site, datasette: Datasette, request: Request, error: Exception) -> Response:
    """Return the page that says what is wrong; of a bug of ours,
    the traceback is told where the site is served.
    """
    status, said = getattr(error, "status", 500), str(getattr(error, "message", error))
    if status == 500:
        site.tell("".join(traceback.format_exception(error)))
        said = "This is a bug of ours; where `claimwatch serve` runs, the traceback is printed."
    if getattr(error, "message_is_html", False):
        said = html.unescape(nh3.clean(said, tags=set(), clean_content_tags={"textarea", "script"}))
    if request.path.endswith((".json", ".csv")):
        return Response.json({"ok": False, "error": said}, status=status)
    asked = Asked(site, datasette, request, requests.person(datasette, request.scope))
    return _wrong(asked, status, "There is no such page here." if status == 404 else said)


def _wrong(asked: Asked, status: int, said: str) -> Response:
    """Return the page that says what is wrong, and under which heading."""
    heading = HEADINGS.get(status, "That cannot be done")
    return asked.page("error.html", status=status, said=said, heading=heading)
