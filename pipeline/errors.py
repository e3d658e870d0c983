"""Every error that a person may see; each says when it is raised and what to do next."""

from __future__ import annotations


class ClaimwatchError(Exception):
    """Something that a person can fix; its text is one sentence with the place and the fix.

    Never a bug.
    """


class ConfigError(ClaimwatchError):
    """The config cannot be used: `problems` holds one line each, naming file, key and fix.

    Correct them all, run again.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class CatalogueError(ClaimwatchError):
    """The standards catalogue, or the user's own entries, break a rule:
    the text names file, entry and fix.
    """


class SourceError(ClaimwatchError):
    """A page could not be fetched or opened.

    Nothing stored is touched, and the next look tries again.
    """


class ParseError(ClaimwatchError):
    """A body is not text that we can read (binary, or a format without a reader):
    set `format`, or correct the page's address.
    """


class ArchiveError(ClaimwatchError):
    """Something in `snapshots/` is damaged or breaks its chain: the text names the file and line.

    Restore it from a backup.
    """


class StoreError(ClaimwatchError):
    """The database cannot be used (newer schema, not a database, locked):
    the text says which, and `rebuild` makes it again.
    """


class WorkerError(ClaimwatchError):
    """No process could be begun in which pages are read: the text says what to look at.

    Nothing stored is touched.
    """


class NotFound(ClaimwatchError):
    """No page, claim or change has this id; the text names the nearest ones."""


class ReviewError(ClaimwatchError):
    """A held capture that a person accepted cannot be read: the text says why.

    It stays held back.
    """


class ServeError(ClaimwatchError):
    """The web page cannot be served as it is asked for: the text says what is missing.

    Nothing stored is touched.
    """


class Unclear(ClaimwatchError):
    """A form or an address of the web page lacks something, or says what nobody can mean:
    the text says what to write.
    """


class Refused(ClaimwatchError):
    """Somebody asked the web page for what is not theirs to do:
    the text says what would let them.
    """


class EgressError(ClaimwatchError):
    """A request left us without a usable answer, or was refused before it left:
    the text says why, without the full address.

    `transient` says that the same request may well succeed in a moment. Nothing is stored; the next
    look tries again. `ours` is the reason without the words that came from the other side, which
    may repeat what we sent.
    """

    def __init__(self, reason: str, *, transient: bool = False, said: str = "") -> None:
        super().__init__(f"{reason}: {said}" if said else reason)
        self.transient = transient
        self.ours = reason


class RobotsError(EgressError):
    """A site's robots.txt does not let us read a page, or cannot be had:
    ask its owner, or say in the config that you have leave.
    """


class DeliveryError(ClaimwatchError):
    """An alert could not be handed over.

    It stays in the outbox with this reason and is tried again later.

    `lasting` says that it will be refused alike until somebody corrects the config,
    the environment or the channel.
    """

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting
