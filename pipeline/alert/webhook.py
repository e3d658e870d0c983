"""Message → webhook, by the Standard Webhooks scheme: id, time and signature stand
in headers of their own.

https://www.standardwebhooks.com: receivers find libraries there that check them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from http import HTTPStatus

from pipeline import egress, errors
from pipeline.model import Message

PREFIX = "whsec_"
"""What a secret begins with that holds its key as base64; any other secret is its own key."""
PASSING = (408, 409, 423, 425, 429)
"""Of the refusals (4xx), those that may be none in a while; every 5xx may pass too."""
FIXES = {
    400: "it does not take this form of message: a chat may want its address as Apprise writes it",
    401: "its secret or token is wrong: copy the address again, and check secret_env",
    403: "its secret or token is wrong: copy the address again, and check secret_env",
    404: "there is no such webhook (any more): make a new one and correct `to`",
    410: "there is no such webhook any more: make a new one and correct `to`",
    413: "the message is too large for it: raise the alert's severity, or choose fewer pages",
}


def post(
    message: Message, to: str, secret: str | None, client: egress.Client, at: datetime
) -> None:
    """Send a message to a webhook; raise DeliveryError with the fix where it did not take it."""
    body = message.payload.encode()
    headers = {
        "content-type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(at.timestamp())),
        "x-claimwatch-id": message.id,
    }
    if secret is not None:
        headers["webhook-signature"] = signature(secret, message.id, at, body)
        # The header of before; receivers have until 0.3 to change over.
        old = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers["x-claimwatch-signature"] = f"sha256={old}"
    status = client.request("POST", to, headers=headers, content=body).status
    if not 200 <= status < 300:
        raise refusal("the webhook", status)


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """Return the value of `webhook-signature` for a body that is sent at
    that time under that id.
    """
    signed = b".".join((message_id.encode(), str(int(at.timestamp())).encode(), body))
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise errors.DeliveryError(
            f"its secret begins with {PREFIX} but is not base64 behind it; copy it again",
            lasting=True,
        ) from None


def refusal(who: str, status: int) -> errors.DeliveryError:
    """Return what it means that somebody answered with a status that is none of success,
    and the fix where one is known.
    """
    fix = FIXES.get(status, "")
    if 300 <= status < 400:
        fix = "redirects are not followed, name the new address"
    lasting = 300 <= status < 500 and status not in PASSING
    said = f"{who} answered HTTP {_meaning(status)}"
    return errors.DeliveryError(f"{said}; {fix}" if fix else said, lasting=lasting)


def _meaning(status: int) -> str:
    """Return a status with its meaning, never in the server's own words:
    some repeat the address that was asked for.
    """
    meaning = next((one.phrase for one in HTTPStatus if one == status), "")
    return f"{status} {meaning}".rstrip()
