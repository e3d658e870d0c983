"""What every page loads: one style sheet and one script, both written by hand
and served from here.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from datasette.utils.asgi import Response

from pipeline.web import drawing
from pipeline.web.asked import Asked


async def style(asked: Asked) -> Response:
    """Return the style sheet."""
    return Response(_style(), content_type="text/css; charset=utf-8")


async def data_style(asked: Asked) -> Response:
    """Return the style sheet that brings Datasette's own pages to the looks of ours."""
    return Response(_style("data.css"), content_type="text/css; charset=utf-8")


async def keys(asked: Asked) -> Response:
    """Return the script that answers to keys."""
    return Response(_keys(), content_type="text/javascript; charset=utf-8")


@cache
def _style(*sheets: str) -> str:
    return drawing.style(*sheets)


@cache
def _keys() -> str:
    return (files("pipeline.web") / "static" / "keys.js").read_text(encoding="utf-8")
