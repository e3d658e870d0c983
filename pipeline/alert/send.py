"""Message → mail server, webhook or chat.

Reads secrets from the environment at this moment, and never says them again.

mail       the mail server            webhook    JSON, signed by the Standard Webhooks scheme
chat       its words as a chat shows them
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline import chats, egress, errors
from pipeline.alert import mail, webhook
from pipeline.egress import Secrets
from pipeline.model import Message
from pipeline.rules import Alert, Smtp

TELLING = 8
"""Characters of a part of a webhook's address from which on it may be its token."""
_APART = re.compile(r"[/?&=;,#@:]")


@dataclass(frozen=True, slots=True)
class Means:
    """What handing over takes: the mail server (None without one), the way out,
    the environment, and the time.
    """

    smtp: Smtp | None
    client: egress.Client
    environ: Mapping[str, str]
    now: datetime


def deliver(message: Message, alerts: Iterable[Alert], means: Means) -> None:
    """Hand a message over to the alert it is for.

    Raise DeliveryError with a reason that can be stored and shown.
    """
    alert = next((alert for alert in alerts if (alert.name or alert.to) == message.to), None)
    if alert is None:
        raise errors.DeliveryError(
            f"{message.to}: the config has no such alert any more; put it back, or "
            "`claimwatch deliver --discard` what waits for it",
            lasting=True,
        )
    try:
        _deliver(message, alert, means)
    except (errors.DeliveryError, errors.EgressError) as error:
        ours = error.ours if isinstance(error, errors.EgressError) else str(error)
        reason = _secrets(alert, means).hidden(ours)
        lasting = isinstance(error, errors.DeliveryError) and error.lasting
        raise errors.DeliveryError(f"{message.to}: {reason}", lasting=lasting) from None


def _deliver(message: Message, alert: Alert, means: Means) -> None:
    scheme = alert.to.partition(":")[0].lower()
    if scheme == "mailto":
        _mail(message, alert.to.removeprefix("mailto:"), means)
    elif scheme in ("http", "https"):
        secret = _secret(alert.secret_env, means.environ) if alert.secret_env else None
        webhook.post(message, alert.to, secret, means.client, means.now)
    else:
        _notify(message, alert.to)


def _notify(message: Message, address: str) -> None:
    if (problem := chats.problem(address)) is not None:
        raise errors.DeliveryError(problem, lasting=True)
    said = str(json.loads(message.payload)["text"])
    try:
        chats.send(address, message.subject, said.removeprefix(message.subject).strip())
    except chats.Refused as refused:
        if refused.status is not None:
            raise webhook.refusal(refused.name, refused.status) from refused
        raise errors.DeliveryError(
            f"{refused.name} did not take the message, or could not be reached"
        ) from refused


def _mail(message: Message, address: str, means: Means) -> None:
    smtp, environ = means.smtp, means.environ
    if smtp is None:
        raise errors.DeliveryError(
            "there is no mail server; add [smtp] to the config", lasting=True
        )
    login = None
    if smtp.username_env is not None:
        username = _secret(smtp.username_env, environ)
        login = (username, _secret(smtp.password_env, environ) if smtp.password_env else "")
    mail.send(message, address, smtp, login, means.now)


def _secrets(alert: Alert, means: Means) -> Secrets:
    """Return what no reason may tell: an address past its host or scheme,
    its signing key, the mail server's password.
    """
    named: list[tuple[str, tuple[str, ...]]] = []
    scheme, _, rest = alert.to.partition("://")
    if scheme.lower() in ("http", "https"):
        _, rest = egress.parted(alert.to)
    if not alert.to.startswith("mailto:"):
        parts = {rest, *(part for part in _APART.split(rest) if len(part) >= TELLING)} - {"", "/"}
        named.append(("the webhook's path", tuple(sorted(parts))))
    smtp = means.smtp
    variables = (alert.secret_env, *((smtp.username_env, smtp.password_env) if smtp else ()))
    named += [(name, (value,)) for name in variables if name and (value := means.environ.get(name))]
    return Secrets(tuple(named))


def _secret(variable: str, environ: Mapping[str, str]) -> str:
    value = environ.get(variable)
    if not value:
        raise errors.DeliveryError(
            f"the environment variable {variable}, which the config names, is not set",
            lasting=True,
        )
    return value
