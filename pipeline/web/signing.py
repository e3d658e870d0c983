"""Signing in, by the token that works once or by a password, and out.

A cookie that we signed says who it is.
"""

from __future__ import annotations

import asyncio
import getpass

from datasette.utils.asgi import Response

from pipeline import visible
from pipeline.errors import Refused
from pipeline.web import asked as asking
from pipeline.web.access import Person
from pipeline.web.asked import Asked

LONGEST = 80


async def show(asked: Asked) -> Response:
    """Show the form; the token of the address is put into it, and redeemed only when it is sent."""
    return asked.page(
        "sign_in.html",
        token=asked.arg("token"),
        name=getpass.getuser() if asked.arg("token") else "",
        passwords=bool(asked.site.access.users),
    )


async def enter(asked: Asked) -> Response:
    """Let in whoever has the token or a password; raise Refused where neither fits."""
    form = await asked.form()
    name, token, password = (form.get(key, [""])[0] for key in ("name", "token", "password"))
    name = visible.line(name)[:LONGEST]
    if token:
        if not name:
            raise Refused("say your name: it stands beside every verdict")
        if not asked.site.access.redeemed(token):
            raise Refused(
                "this link was used already, or is an old one; start `claimwatch serve` again"
            )
        who = Person(name, "reviewer")
    else:
        known = await asyncio.to_thread(asked.site.access.known, name, password)
        if known is None:
            raise Refused("this name and password do not fit")
        who = known
    response = Response.redirect("/", status=303)
    value = asking.signed(asked.datasette, who)
    response.set_cookie(asking.COOKIE, value, httponly=True, samesite="lax")
    return response


async def leave(asked: Asked) -> Response:
    """Sign out."""
    response = Response.redirect("/", status=303)
    response.set_cookie(asking.COOKIE, "", expires=0, max_age=0, httponly=True, samesite="lax")
    return response
