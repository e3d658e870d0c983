"""A request, with who makes it and the site it is made of → an answer in HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from itsdangerous import BadSignature

from pipeline.errors import Refused
from pipeline.web import drawing
from pipeline.web.access import Person

if TYPE_CHECKING:
    from pipeline.web.guard import Scope
    from pipeline.web.site import Site

COOKIE = "ds_actor"
PLACES = (
    ("/", "Inbox"),
    ("/matrix", "Matrix"),
    ("/vendors", "Vendors"),
    ("/suppliers", "Suppliers"),
    ("/health", "Pages"),
    ("/runs", "Runs"),
    ("/search", "Search"),
    ("/data", "Data"),
)
"""The pages that every page leads to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of one person, None where nobody signed in."""

    site: Site
    datasette: Datasette
    request: Request
    person: Person | None

    def arg(self, name: str) -> str:
        """Return what the address asks under a name, empty where it does not."""
        return str(self.request.args.get(name) or "").strip()

    @property
    def today(self) -> date:
        """Return the day that it is in the schedule's time zone."""
        return self.site.now().astimezone(self.site.config.schedule.timezone).date()

    def part(self, name: str) -> str:
        """Return a part of the address's path."""
        return str(self.request.url_vars[name])

    @property
    def here(self) -> str:
        """Return this page's address, without what was done on it last."""
        query = "&".join(
            part
            for part in self.request.query_string.split("&")
            if part and not part.startswith("done=")
        )
        return f"{self.request.path}?{query}" if query else str(self.request.path)

    async def form(self) -> dict[str, list[str]]:
        """Return what a form sent, by the names of its fields; a field may have several values."""
        body = await self.request.post_body()
        sent = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: [value.strip() for value in values] for name, values in sent.items()}

    @property
    def reviewer(self) -> Person:
        """Return who reviews; raise Refused where nobody signed in, or only to read."""
        if self.person is None:
            raise Refused("sign in to review")
        if not self.person.may_review:
            raise Refused(f"{self.person.name} may read, not review")
        return self.person

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Return a page with what all pages have."""
        signing = self.person is not None or template == "sign_in.html"
        shared = {
            "person": self.person,
            "reviews": self.person is not None and self.person.may_review,
            "csrftoken": self.request.scope["csrftoken"]() if signing else "",
            "now": self.site.now(),
            "today": self.today,
            "here": self.here,
            "path": self.request.path,
            "places": PLACES,
            "settled": self.site.recall(self.request.args.get("done")),
        }
        zone = self.site.config.schedule.timezone
        return Response.html(drawing.page(template, zone, **shared, **values), status=status)


def person(datasette: Datasette, scope: Scope) -> Person | None:
    """Return who signed in, by the cookie that we signed; None where nobody did."""
    headers = dict(scope["headers"])
    try:
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
        actor = datasette.unsign(cookies[COOKIE].value, "actor")["a"]
        return Person(str(actor["name"]), str(actor["role"]))
    except (CookieError, BadSignature, KeyError, TypeError):
        return None


def signed(datasette: Datasette, who: Person) -> str:
    """Return the cookie's value that says who signed in; Datasette gives nobody of
    that id more than anybody.
    """
    actor = {"id": f"claimwatch:{who.name}", "name": who.name, "role": who.role}
    return str(datasette.sign({"a": actor}, "actor"))
