"""One page: its looks over time, what it claims now or claimed on a day,
its captures as text, and any two side by side.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from datasette.utils.asgi import Response

from pipeline import history
from pipeline.errors import Unclear
from pipeline.model import Failure, Page, Snapshot
from pipeline.track import Store
from pipeline.web import holdings, inbox
from pipeline.web.asked import Asked

Row = dict[str, Any]
SHOWN = 200
"""So many stretches of looks are listed."""
ENTRIES = 50
"""So many of its changes, the newest; the inbox lists all."""
LINES = 3000
"""So many lines are shown side by side; the captures themselves are shown whole."""
KINDS = {
    "standard": "Standards",
    "service": "Services",
    "note": "Notes",
    "evidence": "Documents",
    "supplier": "Suppliers",
    "product": "Products",
    "metadata": "Page facts",
}


async def show(asked: Asked) -> Response:
    """Show a page: its time line, and its claims as they stand or stood."""
    site, at, page_id = asked.site, holdings.moment(asked), asked.part("page")
    page, status = await site.ask(history.page, page_id=page_id)
    looks = await site.ask(history.timeline, page_id=page_id)
    claims = await site.ask(history.claims, page=page_id, at=at)
    rows = await site.ask(history.changes, page=page_id, rules=site.config.in_force)
    held = await site.ask(history.held_back, in_force=site.config.in_force)
    return asked.page(
        "page.html",
        page=page,
        stands=status,
        looks=looks[:SHOWN],
        more=max(0, len(looks) - SHOWN),
        claims=_by_kind(claims),
        entries=inbox.entries(rows)[:ENTRIES],
        mark=inbox.mark,
        held=[one for one in held if one.page.id == page_id],
        at=at,
        asked_at=asked.arg("at"),
    )


def _by_kind(claims: list[Row]) -> list[tuple[str, list[Row]]]:
    order = list(KINDS)
    found = sorted(claims, key=lambda claim: order.index(claim["kind"]))
    return [
        (KINDS[kind], list(same)) for kind, same in groupby(found, lambda one: str(one["kind"]))
    ]


async def compare(asked: Asked) -> Response:
    """Show two captures of a page side by side: where they differ, or the whole of both."""
    page_id = asked.part("page")
    page, _ = await asked.site.ask(history.page, page_id=page_id)
    before, after = asked.arg("before"), asked.arg("after")
    if not before or not after:
        raise Unclear("choose two captures: one to compare from, one to compare with")
    old, new = [await _capture(asked, page, digest) for digest in (before, after)]
    whole = bool(asked.arg("whole"))
    found = await asked.site.compared(old, new, whole=whole)
    failed = found if isinstance(found, Failure) else None
    return asked.page(
        "compare.html",
        page=page,
        before=old,
        after=new,
        failed=failed,
        comparison=found,
        whole=whole,
        most=LINES,
    )


async def capture(asked: Asked) -> Response:
    """Show a capture as text, with what it claims; nothing of it is markup here."""
    page, _ = await asked.site.ask(history.page, page_id=asked.part("page"))
    snapshot = await _capture(asked, page, asked.part("digest"))
    found = await asked.site.read(snapshot)
    failed = found if isinstance(found, Failure) else None
    lines = () if isinstance(found, Failure) else {claim.source.line for claim in found.claims}
    return asked.page(
        "capture.html", page=page, snapshot=snapshot, failed=failed, reading=found, lines=lines
    )


async def raw(asked: Asked) -> Response:
    """Hand out the exact bytes of a capture, as a file of plain text:
    no browser takes them for a page.
    """
    page, _ = await asked.site.ask(history.page, page_id=asked.part("page"))
    snapshot = await _capture(asked, page, asked.part("digest"))
    name = f"{page.id}-{snapshot.digest[:12]}.txt"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(snapshot.body, headers=headers, content_type="text/plain")


async def _capture(asked: Asked, page: Page, digest: str) -> Snapshot:
    row = await asked.site.ask(history.captured, page_id=page.id, digest=digest)

    def task(store: Store) -> Snapshot:
        return store.capture(asked.site.config.page(page.id) or page, row)

    return await asked.site.write(task)
