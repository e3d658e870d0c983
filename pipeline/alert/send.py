"""Message → mail server or webhook. Reads secrets from the environment at this moment, and never says them again."""

from __future__ import annotations

import hashlib
import hmac
import re
import smtplib
import ssl
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from http import HTTPStatus

from pipeline import egress, errors
from pipeline.egress import Secrets
from pipeline.model import Message
from pipeline.rules import Alert, Smtp

TELLING = 8
"""Characters of a part of a webhook's address from which on it may be its token."""
_APART = re.compile(r"[/?&=;,#]")


def deliver(
    message: Message,
    alerts: Iterable[Alert],
    *,
    smtp: Smtp | None,
    client: egress.Client,
    environ: Mapping[str, str],
    now: datetime,
) -> None:
    """Hand a message over to the alert it is for; raise DeliveryError with a reason that can be stored and shown."""
    alert = next((alert for alert in alerts if (alert.name or alert.to) == message.to), None)
    if alert is None:
        raise errors.DeliveryError(f"{message.to}: the config has no such alert any more")
    try:
        if not alert.to.startswith("mailto:"):
            _post(message, alert, client, environ)
        elif smtp is None:
            raise errors.DeliveryError("there is no mail server; add [smtp] to the config")
        else:
            _mail(message, alert.to.removeprefix("mailto:"), smtp, environ, now)
    except (errors.DeliveryError, errors.EgressError) as error:
        told = error.ours if isinstance(error, errors.EgressError) else str(error)
        reason = _secrets(alert, smtp, environ).hidden(told)
        raise errors.DeliveryError(f"{message.to}: {reason}") from None


def _post(
    message: Message, alert: Alert, client: egress.Client, environ: Mapping[str, str]
) -> None:
    body = message.payload.encode()
    headers = {"content-type": "application/json", "x-claimwatch-id": message.id}
    if alert.secret_env is not None:
        key = _secret(alert.secret_env, environ).encode()
        signature = hmac.new(key, body, hashlib.sha256).hexdigest()
        headers["x-claimwatch-signature"] = f"sha256={signature}"
    answer = client.request("POST", alert.to, headers=headers, content=body)
    if not 200 <= answer.status < 300:
        moved = (
            "; redirects are not followed, name the new address"
            if 300 <= answer.status < 400
            else ""
        )
        raise errors.DeliveryError(f"the webhook answered HTTP {_status(answer.status)}{moved}")


def _status(status: int) -> str:
    """Return a status with its meaning, never in the server's own words: some repeat the address that was asked for."""
    meaning = next((one.phrase for one in HTTPStatus if one == status), "")
    return f"{status} {meaning}".rstrip()


def _secrets(alert: Alert, smtp: Smtp | None, environ: Mapping[str, str]) -> Secrets:
    """Return what no reason may tell: a webhook's address past its host, its signing key, the mail server's password."""
    named: list[tuple[str, tuple[str, ...]]] = []
    if not alert.to.startswith("mailto:"):
        _, path = egress.parted(alert.to)
        parts = {path, *(part for part in _APART.split(path) if len(part) >= TELLING)} - {"", "/"}
        named.append(("the webhook's path", tuple(sorted(parts))))
    variables = (alert.secret_env, *((smtp.username_env, smtp.password_env) if smtp else ()))
    named += [(name, (value,)) for name in variables if name and (value := environ.get(name))]
    return Secrets(tuple(named))


def _mail(
    message: Message, address: str, smtp: Smtp, environ: Mapping[str, str], now: datetime
) -> None:
    server = f"{smtp.host}:{smtp.port}"
    try:
        with smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.timeout) as session:
            if smtp.starttls:
                session.starttls(context=ssl.create_default_context())
            if smtp.username_env is not None:
                username = _secret(smtp.username_env, environ)
                session.login(
                    username, _secret(smtp.password_env, environ) if smtp.password_env else ""
                )
            session.send_message(_written(message, address, smtp, now), smtp.sender, [address])
    except smtplib.SMTPAuthenticationError as error:
        raise errors.DeliveryError(
            f"{server} refused the user name or password ({error.smtp_code})"
        ) from error
    except smtplib.SMTPResponseException as error:
        raise errors.DeliveryError(
            f"{server} refused the mail: {error.smtp_code} {_text(error.smtp_error)}"
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise errors.DeliveryError(
            f"{server} refused the recipient: {code} {_text(reason)}"
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise errors.DeliveryError(f"{server}: {error}") from error


def _written(message: Message, address: str, smtp: Smtp, now: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = smtp.sender, address, message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.id}@claimwatch>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def _secret(variable: str, environ: Mapping[str, str]) -> str:
    value = environ.get(variable)
    if not value:
        raise errors.DeliveryError(
            f"the environment variable {variable}, which the config names, is not set"
        )
    return value


def _text(reason: bytes | str) -> str:
    return (reason if isinstance(reason, str) else reason.decode("utf-8", "replace"))[:200]
