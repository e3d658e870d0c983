"""Request → Answer: the one way out to the network, for pages, their redirects,
a browser's requests and webhooks.

Follows no redirect, retries nothing and keeps no cookie: what leaves is one bounded request to an
address that was checked at the moment of connecting. Of the environment it reads the one variable
that the config names as its proxy.

    limits       what a request may cost, and what comes back
    client       requests, and the connections that they go over
    addresses    which schemes and addresses may be reached
    guard        connections to checked addresses only, within the deadline
    transport    httpx2 over the guard; HTTP/2, proxy
    packed       gzip, deflate, brotli and zstd, to their ends
    echoes       whether what came back repeats a secret
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import parts

if TYPE_CHECKING:
    from pipeline.egress.addresses import allowed, checked, parted, public
    from pipeline.egress.client import Client
    from pipeline.egress.echoes import Secrets
    from pipeline.egress.limits import Answer, Limits
else:
    __getattr__ = parts.of(
        __name__,
        {
            "addresses": "allowed checked parted public",
            "client": "Client",
            "echoes": "Secrets",
            "limits": "Answer Limits",
        },
    )

__all__ = ["Answer", "Client", "Limits", "Secrets", "allowed", "checked", "parted", "public"]
