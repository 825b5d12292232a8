"""What can go wrong, in words a user can act on.

Every error carries two messages: what is wrong (and where), and what to do about it. Both go through the catalogs, so
that command line, web and mail say the same in every language.
"""

from pilotkit.domain.text import Message, message


class PilotkitError(Exception):
    """The base of every error that a user may see.

    Attributes:
        what: What is wrong, and where.
        remedy: What the user can do about it.
    """

    exit_code = 1

    def __init__(self, what: Message, remedy: Message | None = None) -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        """Both sentences in English."""
        return f"{self.what} {self.remedy}" if self.remedy else str(self.what)


class Refused(PilotkitError):
    """A rule of the process, or the state of things, forbids it."""


class NotFound(PilotkitError):
    """Something that was named does not exist."""


class NotAllowed(PilotkitError):
    """The person's roles do not permit it."""


class Conflict(PilotkitError):
    """Somebody else was faster; nothing was changed."""


class Invalid(PilotkitError):
    """A value cannot be understood or breaks a limit."""

    exit_code = 2


class Unavailable(PilotkitError):
    """A part that pilotkit needs (database, typesetting, file) does not work now."""


__all__ = [
    "Conflict",
    "Invalid",
    "Message",
    "NotAllowed",
    "NotFound",
    "PilotkitError",
    "Refused",
    "Unavailable",
    "message",
]
