"""Message → mail server or webhook. Reads secrets from the environment at this moment, and never says them again."""

from __future__ import annotations

import hashlib
import hmac
import smtplib
import ssl
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from pipeline import egress, errors
from pipeline.model import Message
from pipeline.rules import Alert, Smtp


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
    if not alert.to.startswith("mailto:"):
        _post(message, alert, client, environ)
    elif smtp is None:
        raise errors.DeliveryError(
            f"{message.to}: there is no mail server; add [smtp] to the config"
        )
    else:
        _mail(message, alert.to.removeprefix("mailto:"), smtp, environ, now)


def _post(
    message: Message, alert: Alert, client: egress.Client, environ: Mapping[str, str]
) -> None:
    body = message.payload.encode()
    headers = {"content-type": "application/json", "x-claimwatch-id": message.id}
    if alert.secret_env is not None:
        signature = hmac.new(
            _secret(alert.secret_env, message.to, environ).encode(), body, hashlib.sha256
        ).hexdigest()
        headers["x-claimwatch-signature"] = f"sha256={signature}"
    try:
        answer = client.request("POST", alert.to, headers=headers, content=body)
    except errors.EgressError as error:
        raise errors.DeliveryError(f"{message.to}: {error}") from error
    if not 200 <= answer.status < 300:
        moved = (
            "; redirects are not followed, name the new address"
            if 300 <= answer.status < 400
            else ""
        )
        raise errors.DeliveryError(
            f"{message.to}: the webhook answered HTTP {answer.status} {answer.reason}".rstrip()
            + moved
        )


def _mail(
    message: Message, address: str, smtp: Smtp, environ: Mapping[str, str], now: datetime
) -> None:
    server = f"{smtp.host}:{smtp.port}"
    try:
        with smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.timeout) as session:
            if smtp.starttls:
                session.starttls(context=ssl.create_default_context())
            if smtp.username_env is not None:
                username = _secret(smtp.username_env, message.to, environ)
                session.login(
                    username,
                    _secret(smtp.password_env, message.to, environ) if smtp.password_env else "",
                )
            session.send_message(_written(message, address, smtp, now), smtp.sender, [address])
    except smtplib.SMTPAuthenticationError as error:
        raise errors.DeliveryError(
            f"{message.to}: {server} refused the user name or password ({error.smtp_code})"
        ) from error
    except smtplib.SMTPResponseException as error:
        raise errors.DeliveryError(
            f"{message.to}: {server} refused the mail: {error.smtp_code} {_text(error.smtp_error)}"
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise errors.DeliveryError(
            f"{message.to}: {server} refused the recipient: {code} {_text(reason)}"
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise errors.DeliveryError(f"{message.to}: {server}: {error}") from error


def _written(message: Message, address: str, smtp: Smtp, now: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = smtp.sender, address, message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.id}@claimwatch>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def _secret(variable: str, to: str, environ: Mapping[str, str]) -> str:
    value = environ.get(variable)
    if not value:
        raise errors.DeliveryError(
            f"{to}: the environment variable {variable}, which the config names, is not set"
        )
    return value


def _text(reason: bytes | str) -> str:
    return (reason if isinstance(reason, str) else reason.decode("utf-8", "replace"))[:200]
