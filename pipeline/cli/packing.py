"""`packs`: which packs of pages there are, and what is in one.

Reads no config and opens no page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import tzinfo
from typing import Any

import click

from pipeline import errors
from pipeline.cli import options

Row = dict[str, Any]


@click.command()
@click.argument("name", required=False)
@options.form()
@click.pass_context
def packs(_context: click.Context, name: str | None, form: str) -> int:
    """List packs of well-known pages to add.

    Lists all packs with their vendors, or the pages of one pack,
    each with how its address was confirmed. `add --pack NAME` adds them.
    """
    from pipeline import packs as known
    from pipeline.cli import tables

    if name is not None and name not in known.names():
        raise errors.NotFound(f'there is no pack "{name}"; there are {", ".join(known.names())}')
    rows = _pages(known.pages(), name) if name else _packs(known.pages())
    if form == "table":
        columns = ("vendor", "page", "kind", "url") if name else ("pack", "pages", "vendors")
        sentences = ("url",) if name else ("vendors",)
        tables.listing(rows, tables.View(columns, _block, sentences))
    else:
        tables.data(rows, form, tuple(rows[0]))
    return 0


def _pages(pages: Iterable[Any], name: str) -> list[Row]:
    return [asdict(page) for page in pages if page.pack == name]


def _packs(pages: Iterable[Any]) -> list[Row]:
    found: dict[str, list[Any]] = {}
    for page in pages:
        found.setdefault(page.pack, []).append(page)
    return [
        {
            "pack": name,
            "pages": len(its),
            "vendors": ", ".join(dict.fromkeys(page.vendor for page in its)),
        }
        for name, its in found.items()
    ]


def _block(row: Any, _zone: tzinfo) -> str:
    first = " · ".join(str(row[name]) for name in ("pack", "vendor", "page") if row.get(name))
    return f"{first}\n  {row.get('url') or row.get('vendors')}"
