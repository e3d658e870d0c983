"""What Datasette shows of the database itself: the views, under the names of the commands,
and the queries of docs/querying.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

TEMPLATES = str(files("pipeline.web") / "templates" / "datasette")
"""What of Datasette's own pages is left out: what the policy would refuse."""
NAME = "data"
"""What the database is called in addresses: the file may have any name."""
SETTINGS = {
    "sql_time_limit_ms": 2000,
    "max_returned_rows": 1000,
    "default_page_size": 50,
    "allow_download": False,
    "truncate_cells_html": 400,
    "suggest_facets": False,
    # A facet that takes longer is left out: over a large store, each costs a second.
    "facet_time_limit_ms": 20,
}
VIEWS = {
    "claims": "what pages claim now, a row for each claim",
    "changes": "what changed, newest first",
    "matrix": "who holds which standard",
    "status": "how each page stands",
    "claims_at": "what was claimed at the end of each day",
    "wordings": "every wording of a claim over time",
    "history": "each claim’s states",
    "reviews": "what people said of changes, claims and pages",
    "corrections": "readings that a person corrected",
    "ids": "every id that was ever shown, and what it names now",
}
"""The views that the page of the data leads to, and what they hold."""
OLD = ("claims_now", "changes_newest", "claim_life", "page_status")
FACETS = {
    "claims": ["vendor", "kind", "standard", "stance"],
    "changes": ["vendor", "severity", "status", "kind"],
    "status": ["vendor", "last_result"],
    "matrix": ["vendor", "stance"],
}


@cache
def queries() -> dict[str, dict[str, Any]]:
    """Return the queries of the documentation by their names: title, SQL,
    and the values that the documentation asks with.
    """
    text = (files("pipeline.web") / "queries.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def metadata(tables: Iterable[str]) -> dict[str, Any]:
    """Return what Datasette is told of a database with those tables:
    they are below the views, and not listed.
    """
    hidden: dict[str, Any] = {name: {"hidden": True} for name in tables}
    views: dict[str, Any] = {name: {"facets": facets} for name, facets in FACETS.items()}
    canned = {
        name: {"title": query["title"], "sql": query["sql"], "hide_sql": False}
        for name, query in queries().items()
    }
    old: dict[str, Any] = {name: {"allow": False} for name in OLD}
    about = {"description": "Every column is explained in docs/querying.md.", "queries": canned}
    sheets = ["/static/data.css"]
    return {
        "title": "claimwatch",
        "extra_css_urls": sheets,
        "databases": {NAME: about | {"tables": hidden | views | old}},
    }
