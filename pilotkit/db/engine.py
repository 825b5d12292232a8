"""The database: who may write, who only reads, and what is said when it does not answer.

SQLite and PostgreSQL are made to behave alike. A writing transaction locks before it decides (BEGIN IMMEDIATE on
SQLite, row locks on PostgreSQL); a reading one sees one consistent state and cannot write.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from pilotkit.db.failures import translate, unavailable
from pilotkit.domain.errors import Conflict, Invalid, Unavailable, message
from pilotkit.faults import kill_point

WAIT_SECONDS = 20
"""How long a transaction waits for somebody else's lock before it gives up."""

UPGRADE_WAIT_SECONDS = 600
"""How long an upgrade waits for another upgrade."""

_UPGRADE_LOCK = 0x70696C6F74  # "pilot": the number of the advisory lock on PostgreSQL


class Database:
    """One database, opened lazily.

    Attributes:
        url: Where it is, with the driver that is used.
        kind: ``sqlite`` or ``postgresql``.
    """

    def __init__(self, url: str, *, wait_seconds: int = WAIT_SECONDS) -> None:
        """Prepare the engines; nothing is opened yet.

        Args:
            url: An SQLAlchemy URL: ``sqlite:///path`` or ``postgresql://...``.
            wait_seconds: How long to wait for a lock.

        Raises:
            Invalid: The URL is of another kind, or cannot be read.
        """
        self.url = _checked(url)
        self.kind = self.url.get_backend_name()
        self._wait_seconds = wait_seconds
        self._writer = self._engine(reading=False, wait_seconds=wait_seconds)
        self._reader = self._engine(reading=True, wait_seconds=wait_seconds)

    def __str__(self) -> str:
        """Where the database is, without the password."""
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database or "") if self.kind == "sqlite" else None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One writing transaction: committed at the end, rolled back when anything is raised.

        Raises:
            Conflict: Somebody else changed a versioned row in the meantime.
            Unavailable: The database cannot be reached, is locked for too long, full, or damaged.
        """
        with self._session(self._writer) as session:
            yield session
            session.flush()
            kill_point("commit.before")
            self._commit(session)
            kill_point("commit.after")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One reading transaction: a consistent view; the database refuses writes.

        Raises:
            Unavailable: The database cannot be reached, or is damaged.
        """
        with self._session(self._reader) as session:
            yield session

    @contextmanager
    def upgrading(self) -> Iterator[Connection]:
        """One transaction that changes the schema, alone: a second one waits for the first.

        On SQLite foreign keys are not enforced in it (a table that is rebuilt would take its children along) but
        checked at its end.

        Raises:
            Unavailable: The database cannot be reached, or a foreign key points nowhere at the end.
        """
        engine = self._engine(reading=False, wait_seconds=UPGRADE_WAIT_SECONDS, foreign_keys=False)
        try:
            with engine.connect() as connection, connection.begin():
                if self.kind == "postgresql":
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
                yield connection
                if self.kind == "sqlite":
                    _check_foreign_keys(connection)
                kill_point("upgrade.commit.before")
        finally:
            engine.dispose()
        kill_point("upgrade.commit.after")

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        try:
            with Session(engine, expire_on_commit=False) as session:
                yield session
        except StaleDataError as error:
            raise Conflict(
                message("Somebody else changed the same thing in the meantime."),
                message("Look at the new state and repeat your change if it still applies."),
            ) from error
        except NoConnectionFree as error:
            raise unavailable(
                str(self),
                message("all connections are in use"),
                message("Try again in a moment; if it lasts, something holds its transactions open for too long."),
            ) from error

    def _commit(self, session: Session) -> None:
        try:
            session.commit()
        except Unavailable as error:
            if self.kind == "sqlite":
                raise
            raise Unavailable(
                message("The connection to {database} ended while a change was being stored.", database=str(self)),
                message("Look whether the change is there before you repeat it."),
            ) from error

    def _engine(self, *, reading: bool, wait_seconds: int, foreign_keys: bool = True) -> Engine:
        if self.kind == "postgresql":
            engine = _postgresql(self.url, reading=reading, wait_seconds=wait_seconds)
        else:
            engine = _sqlite(self.url, reading=reading, wait_seconds=wait_seconds, foreign_keys=foreign_keys)
        event.listen(engine, "handle_error", translate(str(self), reading=reading))
        return engine


def _checked(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise Invalid(
            message("The database's URL cannot be read."),
            message("Write it as {example}.", example="postgresql://user:password@host/name"),
        ) from error
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in {"sqlite", "sqlite+pysqlite"} and url.database not in {None, "", ":memory:"}:
        return url.set(drivername="sqlite+pysqlite")
    raise Invalid(
        message("pilotkit cannot keep its data in {url}.", url=url.render_as_string(hide_password=True)),
        message("Use an SQLite file (sqlite:///path/pilotkit.db) or PostgreSQL (postgresql://user@host/name)."),
    )


def _sqlite(url: URL, *, reading: bool, wait_seconds: int, foreign_keys: bool) -> Engine:
    engine = create_engine(url, connect_args={"timeout": wait_seconds})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver must not begin transactions by itself: it would begin them too late, and updates would be lost.
        connection.isolation_level = None
        cursor = connection.cursor()
        if not reading:  # WAL stays in the file; a reader leaves a file of somebody else as it is
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.execute("PRAGMA recursive_triggers = ON")
        cursor.execute(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL, *, reading: bool, wait_seconds: int) -> Engine:
    options = [f"-c lock_timeout={wait_seconds}s", "-c timezone=UTC"]
    if reading:
        options += ["-c default_transaction_read_only=on", r"-c default_transaction_isolation=repeatable\ read"]
    given = url.query.get("options", "")
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={
            "application_name": "pilotkit reader" if reading else "pilotkit",
            "connect_timeout": 10,
            "options": " ".join([*([given] if isinstance(given, str) else given), *options]).strip(),
        },
    )


def _check_foreign_keys(connection: Connection) -> None:
    if row := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise Unavailable(
            message("Row {row} of table {table} points to a row of {target} that does not exist.",
                    row=row[1], table=row[0], target=row[2]),
            message("Nothing was changed. Restore a backup, or mend the row, and run 'pilotkit db upgrade' again."),
        )  # fmt: skip
