"""Changes → the mails that ask their vendors about them, to copy or to open in a mail program.

Sends nothing.
"""

from __future__ import annotations

from urllib.parse import urlencode

from datasette.utils.asgi import Response

from pipeline import history
from pipeline.errors import Unclear
from pipeline.report import asking
from pipeline.web import inbox
from pipeline.web.asked import Asked

MOST = 200
"""So many changes are asked about at once."""


def address(ids: tuple[str, ...]) -> str:
    """Return the address of the page that drafts the mails about changes."""
    return f"/ask?{urlencode([('id', one) for one in ids[:MOST]])}"


async def show(asked: Asked) -> Response:
    """Show a mail for each page that the changes stand on."""
    ids = dict.fromkeys(asked.request.args.getlist("id")[:MOST])
    if not ids:
        raise Unclear("name the changes to ask about: open one, and choose to ask its vendor")
    rules = asked.site.config.in_force
    found = [await asked.site.ask(history.shown, shown_id=one, in_force=rules) for one in ids]
    return asked.page(
        "ask.html",
        mails=asking.mails([one.told for one in found], asked.site.config.schedule.timezone),
        rows=[one.row for one in found],
        marks=[inbox.mark(one.row) for one in found if one.row["status"] == "open"],
    )
