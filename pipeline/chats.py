"""Addresses of chats and ticket systems, as Apprise writes them (`slack://…`) → whether they can
work, and words sent there.

The only importer of Apprise, which is the extra `chat` and slow to import: here it is asked for
late. It opens its connections itself: of what `egress` guards, nothing holds here but that the
config's own address says where they lead.
"""

from __future__ import annotations

import importlib.util
import logging
import re
from typing import Any

INSTALL = 'chats need an extra; install it with pip install "claimwatch[chat]"'
SECONDS = 60.0
LOCAL = ("mailto", "mailtos", "syslog", "windows", "dbus", "gnome", "macosx")
"""What Apprise has beside chats that is ours to do, or leads to a desktop that nobody sits at."""
_STATUS = re.compile(r"\berror\s*=\s*(\d{3})\b")


class Refused(Exception):
    """A service did not take a message: its `name`, and the HTTP status it answered with,
    None where that is not known.
    """

    def __init__(self, name: str, status: int | None) -> None:
        super().__init__(name)
        self.name, self.status = name, status


def problem(address: str) -> str | None:
    """Return why nothing can be sent to an address, with the fix; None where it can.

    Never quotes it: it holds a token.
    """
    if importlib.util.find_spec("apprise") is None:
        return INSTALL
    scheme = address.partition("://")[0].lower()
    if scheme in LOCAL or _service(address) is None:
        return (
            "is no address of a chat that Apprise knows, or lacks a part of it; "
            "copy it again, as its list of services shows it"
        )
    return None


def send(address: str, title: str, body: str) -> None:
    """Send words to an address that has no `problem`; raise Refused where they were not taken."""
    import apprise

    service = _service(address)
    # A chat that takes little at a time gets the message in parts, rather than cut off.
    service.overflow_mode = apprise.OverflowMode.SPLIT
    to = apprise.Apprise()
    to.add(service)
    done = to.notify(
        body,
        title,
        body_format=apprise.NotifyFormat.TEXT,
        timeout=SECONDS,
        log_level=logging.WARNING,
    )
    if not done:
        raise Refused(str(service.service_name), _status(done))


def _service(address: str) -> Any:
    import apprise

    # They log addresses and what was answered, which hold the token; a program around us may
    # listen. What Apprise warns of it has to say, for its result holds that alone: but to nobody
    # else.
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    log = logging.getLogger("apprise")
    log.setLevel(logging.WARNING)
    log.addHandler(logging.NullHandler())
    log.propagate = False
    return apprise.Apprise.instantiate(address)


def _status(done: Any) -> int | None:
    """Return the HTTP status that was answered: Apprise tells it in its log alone."""
    found = (_STATUS.search(str(entry.message)) for entry in done.logs())
    return next((int(match[1]) for match in found if match), None)
