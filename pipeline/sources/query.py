"""What is asked of an archive of captures: a folder, a git repository, a WARC file, the Wayback
Machine. Asks nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pipeline.model import Page


@dataclass(frozen=True, slots=True)
class Query:
    """The captures of a page, recorded at an instant.

    `tell` hears why a capture is left out; one larger than `max_bytes` is. The archive knows the
    page by `url`, where that is not its address of today.
    """

    page: Page
    recorded_at: datetime
    max_bytes: int
    tell: Callable[[str], None]
    url: str | None = None

    @property
    def address(self) -> str:
        """The address by which the archive knows the page."""
        return self.url or self.page.url
