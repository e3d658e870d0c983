"""The store, in a browser: Datasette over the database, and pages of our own beside it.

The only room that imports Datasette.

    request | guard → host, origin, size, who may read
            | Datasette (its CSRF check, then its routes, and ours)
            | routes → the page's function | templates

    access    who may do what
    kept      answers of Datasette’s own pages, until somebody writes
    guard     what is refused before it is read, and the headers
    site      the store as the pages ask it
    routes    which address is which page
    asked     a request, and who makes it
    signing   in by token or password, and out
    inbox     what is open
    change    one change, and verdicts on any
    pages     one page, its captures, two of them
    holdings  the matrix, and one claim
    overview  vendors, suppliers, pages, runs, words
    drawing   templates of ours and of the reports
    looks     the style sheet and the script
    plugin    what Datasette asks of us
    serving   Datasette with all that, at an address
    data      the database's own pages, and the queries of docs/querying.md

Reads by `history`, writes by `track.review` and `track.release`, as the commands do;
no SQL of its own writes anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import parts

if TYPE_CHECKING:
    from pipeline.web.access import Access, hashed
    from pipeline.web.serving import serve
else:
    __getattr__ = parts.of(__name__, {"access": "Access hashed", "serving": "serve"})

__all__ = ["Access", "hashed", "serve"]
