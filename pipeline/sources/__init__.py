"""Page → Look, and old files → Snapshots: how a page's bytes come in,
over http(s) or from a local path.

Judges nothing that it fetched and stores nothing; what a page may do to us (fail,
hang, redirect, flood) is a Failure value.
"""

from __future__ import annotations

from pipeline.sources.client import Client
from pipeline.sources.file import dated
from pipeline.sources.links import status
from pipeline.sources.look import fetch, open
from pipeline.sources.query import Query
from pipeline.sources.sitemaps import sitemap

__all__ = ["Client", "Query", "dated", "fetch", "open", "sitemap", "status"]
