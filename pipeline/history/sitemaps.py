"""Watched sitemaps → which addresses are new in them. Only reads, but for what a look found."""

from __future__ import annotations

from datetime import datetime

from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row
from pipeline.history.writes import insert
from pipeline.model import Listed


def sitemap_read_at(db: Database, sitemap: str) -> datetime | None:
    """Return when a sitemap was last read, None where it never was."""
    found = select(db, "SELECT max(at) AS at FROM sitemap_look WHERE sitemap = ?", sitemap)
    return rows.instant(found[0]["at"])


def known_addresses(db: Database, sitemap: str) -> set[str]:
    """Return every address that a sitemap ever had."""
    sql = "SELECT url FROM sitemap_page WHERE sitemap = ?"
    return {row["url"] for row in select(db, sql, sitemap)}


def newly_listed(db: Database, since: datetime) -> tuple[Listed, ...]:
    """Return the addresses that came into a sitemap after a moment and after it was first read."""
    sql = """SELECT sitemap_page.* FROM sitemap_page WHERE at > ? AND at > (
    SELECT min(at) FROM sitemap_look WHERE sitemap_look.sitemap = sitemap_page.sitemap)
    AND url NOT IN (SELECT url FROM page WHERE watched) ORDER BY sitemap, at, url"""
    return tuple(
        Listed(row["sitemap"], row["url"], datetime.fromisoformat(row["at"]))
        for row in select(db, sql, rows.text(since))
    )


def record_sitemap(db: Database, facts: Row) -> None:
    """Add what a look at a sitemap found, as a line of the top journal says it."""
    look = {"sitemap": facts["sitemap"], "at": facts["at"]}
    insert(db, "sitemap_look", look, otherwise="REPLACE")
    for url in facts["new"]:
        insert(db, "sitemap_page", look | {"url": url}, otherwise="IGNORE")
