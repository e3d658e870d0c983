"""An answer of Datasette's own pages → kept until somebody writes, as those of ours are.

Counting and faceting a view of a large store takes longer than anybody waits twice.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from pipeline.web.access import Person
from pipeline.web.guard import Asgi, Message, Receive, Scope, Send
from pipeline.web.site import Site

REMEMBERED, LARGEST = 50, 1_000_000
"""So many answers are kept, none with more bytes than that."""
Answer = tuple[Message, ...]


class Kept:
    """An ASGI application in front of another: of a site, for whoever `who` says signed in."""

    def __init__(self, app: Asgi, site: Site, who: Callable[[Scope], Person | None]) -> None:
        self.app, self.site, self.who = app, site, who
        self._answers: OrderedDict[Any, Answer] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the same was answered before, or have it answered."""
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] != "GET" or not path.startswith("/data"):
            await self.app(scope, receive, send)
            return
        # Some views count days from now.
        hour = self.site.now().replace(minute=0, second=0, microsecond=0)
        asked = (path, scope["query_string"], self.who(scope), hour)
        key = (*asked, await self.site.version())
        if key not in self._answers:
            sent: list[Message] = []

            async def heard(message: Message) -> None:
                sent.append(message)
                await send(message)

            await self.app(scope, receive, heard)
            self._keep(key, tuple(sent))
            return
        for message in self._answers[key]:
            await send(message)

    def _keep(self, key: Any, answer: Answer) -> None:
        if not answer or answer[0].get("status") != 200:
            return
        # What sets a cookie is for one browser alone.
        own = any(name.lower() == b"set-cookie" for name, _ in answer[0]["headers"])
        size = sum(len(message.get("body", b"")) for message in answer)
        if not own and size <= LARGEST:
            self._answers[key] = answer
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
