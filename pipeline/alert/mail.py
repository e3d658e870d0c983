"""Message → mail server. Holds no password longer than a session needs it."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from pipeline import errors
from pipeline.model import Message
from pipeline.rules import Smtp

Login = tuple[str, str] | None
WIDTH = 78
UNFOLDED = policy.default.clone(max_line_length=998)
"""Python folds a subject with an arrow or an umlaut so that it comes with stray spaces;
ours are short enough as they are.
"""


def send(message: Message, address: str, smtp: Smtp, login: Login, now: datetime) -> None:
    """Send a message to one address; raise DeliveryError where the server did not take it."""
    server = f"{smtp.host}:{smtp.port}"
    try:
        _send(_written(message, address, smtp, now), address, smtp, login)
    except smtplib.SMTPAuthenticationError as error:
        raise errors.DeliveryError(
            f"{server} refused the user name or password ({error.smtp_code}); "
            "check the variables that [smtp] names",
            lasting=True,
        ) from error
    except smtplib.SMTPResponseException as error:
        raise errors.DeliveryError(
            f"{server} refused the mail: {error.smtp_code} {_text(error.smtp_error)}",
            lasting=_lasting(error.smtp_code),
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise errors.DeliveryError(
            f"{server} refused the recipient: {code} {_text(reason)}", lasting=_lasting(code)
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise errors.DeliveryError(f"{server}: {error}") from error


def _send(mail: EmailMessage, address: str, smtp: Smtp, login: Login) -> None:
    with smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.timeout) as session:
        if smtp.starttls:
            session.starttls(context=ssl.create_default_context())
        if login is not None:
            session.login(*login)
        session.send_message(mail, smtp.sender, [address])


def _written(message: Message, address: str, smtp: Smtp, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=UNFOLDED)
    mail["From"], mail["To"], mail["Subject"] = smtp.sender, address, message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.id}@claimwatch>"
    if message.thread:
        mail["In-Reply-To"] = mail["References"] = f"<{message.thread}@claimwatch>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(flowed(message.text))
    mail.set_param("format", "flowed")
    mail.add_alternative(message.html, subtype="html")
    return mail


def flowed(text: str) -> str:
    """Return plain text in lines that fit 80 columns: one that ends in a space goes on in the next,
    which mail programs join again (RFC 3676). What has no spaces, as an address, stays whole.
    """
    return "".join(f"{line}\n" for whole in text.splitlines() for line in _folded(whole))


def _folded(line: str) -> Iterator[str]:
    line = line.rstrip()
    # A line that begins with a space, with > or with From gets one more, which is taken away again.
    stuffed = f" {line}" if line.startswith((" ", ">", "From ")) else line
    while len(stuffed) > WIDTH and " " in stuffed.strip():
        indent = len(stuffed) - len(stuffed.lstrip())
        at = stuffed.rfind(" ", indent + 1, WIDTH)
        at = stuffed.find(" ", WIDTH) if at < 0 else at
        if at < 0:
            break
        yield stuffed[: at + 1]
        rest = stuffed[at + 1 :]
        stuffed = f" {rest}" if rest.startswith((" ", ">", "From ")) else rest
    yield stuffed


def _lasting(code: int) -> bool:
    """Say whether a reply is a refusal for good: 4xx asks to try again later."""
    return code >= 500


def _text(reason: bytes | str) -> str:
    return (reason if isinstance(reason, str) else reason.decode("utf-8", "replace"))[:200]
