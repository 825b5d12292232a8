"""What the drivers raise, in words a user can act on."""

import sqlite3
from collections.abc import Callable

from sqlalchemy import ExceptionContext
from sqlalchemy.exc import OperationalError

from pilotkit.domain.errors import Conflict, Message, PilotkitError, Unavailable, message


def unavailable(database: str, why: Message, remedy: Message) -> Unavailable:
    """The error of a database that does not work now."""
    return Unavailable(message("The database {database} does not work: {why}.", database=database, why=why), remedy)


def translate(database: str, *, reading: bool) -> Callable[[ExceptionContext], PilotkitError | None]:
    """A handler of SQLAlchemy's ``handle_error`` event that turns outages into pilotkit's errors.

    What stays as it is: broken constraints and faults of the program, for they are not the database's.

    Args:
        database: The database's name for messages, without password.
        reading: Whether the connections only read: a refused write is then a fault of the program.
    """

    def handler(context: ExceptionContext) -> PilotkitError | None:
        error = context.original_exception
        if context.is_pre_ping:
            return None
        if isinstance(error, PilotkitError):  # raised by a column type; SQLAlchemy would wrap it
            return error
        if isinstance(error, sqlite3.Error):
            return _of_sqlite(database, error, reading=reading)
        return _of_postgresql(database, context)

    return handler


_SQLITE = {
    "SQLITE_BUSY": (
        message("another process has held its lock for too long"),
        message("Try again; if it lasts, look which pilotkit process hangs and end it."),
    ),
    "SQLITE_FULL": (
        message("the disk is full"),
        message("Nothing was changed. Free some space and try again."),
    ),
    "SQLITE_CANTOPEN": (
        message("the file cannot be opened"),
        message("Check that its folder exists and that you may read and write there, or run 'pilotkit init'."),
    ),
    "SQLITE_READONLY": (
        message("the file may not be written"),
        message("Check the rights of the file and of its folder."),
    ),
    "SQLITE_NOTADB": (
        message("the file is not an SQLite database"),
        message("Set PILOTKIT_DATABASE_URL to pilotkit's own file, or restore a backup."),
    ),
    "SQLITE_CORRUPT": (
        message("the file is damaged"),
        message("Restore the last backup."),
    ),
    "SQLITE_IOERR": (
        message("the disk could not be read or written"),
        message("Nothing was changed. Check the disk and try again."),
    ),
}


def _of_sqlite(database: str, error: sqlite3.Error, *, reading: bool) -> PilotkitError | None:
    name = getattr(error, "sqlite_errorname", "")
    for prefix, (why, remedy) in _SQLITE.items():
        if name.startswith(prefix) and not (reading and prefix == "SQLITE_READONLY"):
            return unavailable(database, why, remedy)
    if "decode to UTF-8" in str(error):
        return unavailable(database, message("a text in it is damaged"), message("Restore the last backup."))
    return None


def _of_postgresql(database: str, context: ExceptionContext) -> PilotkitError | None:
    error = context.original_exception
    state = getattr(error, "sqlstate", None) or ""
    unanswered = not state and (
        isinstance(context.sqlalchemy_exception, OperationalError) or context.connection is None
    )
    if state in {"40001", "40P01"}:
        return Conflict(
            message("Somebody else changed the same thing at the same moment."),
            message("Nothing was changed. Try again."),
        )
    if state == "55P03":
        return unavailable(
            database,
            message("another process has held its lock for too long"),
            message("Try again; if it lasts, look which pilotkit process hangs and end it."),
        )
    if state.startswith("53"):
        return unavailable(
            database,
            message("the server has no space, memory or connections left"),
            message("Nothing was changed. Give the server what it lacks and try again."),
        )
    if context.is_disconnect or unanswered or state[:2] in {"08", "28", "3D", "57"}:
        return unavailable(
            database,
            message("it cannot be reached ({reason})", reason=_first_line(error)),
            message("Check that the server runs and that PILOTKIT_DATABASE_URL is right, then try again."),
        )
    return None


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
