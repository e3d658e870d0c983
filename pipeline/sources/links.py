"""Address → the status at the end of its way: does a link still lead anywhere? Keeps no body.

Guarded, in turn with the host and within robots.txt as every look is. A server is asked for the
head alone; what seems to be gone, or leads on, is asked for whole, for some servers answer a
question for the head with anything.
"""

from __future__ import annotations

from datetime import datetime

from pipeline import errors
from pipeline.sources.client import Client
from pipeline.sources.credentials import Credentials
from pipeline.sources.visit import Visit

ASKING = {"accept": "*/*", "accept-language": "en"}


def status(url: str, *, now: datetime, client: Client) -> int | None:
    """Return the HTTP status that an address answers with in the end, None where none can be had:
    a server that is down, and one that asks not to be visited, say nothing of the link.
    """
    try:
        answer = client.get(url, ASKING, now=now, method="HEAD")
        if 200 <= answer.status < 300:
            return answer.status
        return Visit(Credentials(""), client, now).followed(url, ASKING)[0].status
    except errors.EgressError:
        return None
