"""The version of the schema: which one a database has, whether this pilotkit may work with it, and the way up.

Looking costs a few plain queries; Alembic is imported only for an upgrade.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from pilotkit.db.engine import Database
from pilotkit.db.guards import guard, missing_guards, unguard
from pilotkit.domain.errors import Refused, message
from pilotkit.faults import kill_point
from pilotkit.resources import migrations

State = Literal["empty", "current", "older", "newer", "foreign"]
"""``empty``: no tables at all; ``foreign``: the tables of another program."""

_NUMBER = re.compile(r"\d{4}")


@dataclass(frozen=True)
class SchemaStatus:
    """What a database's schema is, beside what this pilotkit needs.

    Attributes:
        current: The number of the last migration that the database has seen; ``None`` when it has seen none.
        head: The number of the last migration that this pilotkit knows.
        state: What follows from the two.
    """

    current: str | None
    head: str
    state: State


def status(database: Database) -> SchemaStatus:
    """Look at a database's schema, and change nothing.

    Raises:
        Unavailable: The database cannot be reached, or is damaged.
    """
    if database.file and not database.file.exists():
        return SchemaStatus(None, head(), "empty")
    with database.read() as session:
        return _status(session.connection())


def require_current(database: Database) -> None:
    """Let pass only a database that this pilotkit can work with, and change nothing.

    Raises:
        Refused: The schema is missing, older, newer, or another program's.
        Unavailable: The database cannot be reached, or is damaged.
    """
    found = status(database)
    if found.state == "empty":
        raise Refused(
            message("The database {database} is empty.", database=str(database)),
            message("Run 'pilotkit db upgrade' to prepare it."),
        )
    if found.state == "older":
        raise Refused(
            message("The database {database} has schema {current}; this pilotkit needs {head}.",
                    database=str(database), current=found.current, head=found.head),
            message("Make a backup, then run 'pilotkit db upgrade'."),
        )  # fmt: skip
    _refuse_strangers(database, found)


def upgrade(database: Database) -> SchemaStatus:
    """Bring a database to this pilotkit's schema: wholly, or not at all.

    A database that is current stays as it is. When two upgrades run at once, one waits for the other.

    Returns:
        What the database is afterwards.

    Raises:
        Refused: The schema is newer than this pilotkit, or another program's.
        Unavailable: The database cannot be reached, or what is in it cannot be upgraded.
    """
    _refuse_strangers(database, status(database))
    if database.file:
        database.file.parent.mkdir(parents=True, exist_ok=True)
    with database.upgrading() as connection:
        if _status(connection).state != "current" or missing_guards(connection):
            kill_point("migration.before")
            unguard(connection)
            migrate(connection, "head")
            guard(connection)
    return status(database)


def migrate(connection: Connection, number: str) -> None:
    """Run the migrations up to ``number`` in the connection's transaction; ``head`` stands for the last one."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    command.upgrade(config, number)


def head() -> str:
    """The number of the last migration of this pilotkit, from the names of the files."""
    return max(path.name[:4] for path in files())


def files() -> list[Path]:
    """The migrations in their order."""
    return sorted((migrations() / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def _refuse_strangers(database: Database, found: SchemaStatus) -> None:
    if found.state == "newer":
        raise Refused(
            message("The database {database} has schema {current}; this pilotkit is too old: it knows {head}.",
                    database=str(database), current=found.current, head=found.head),
            message("Install the newer pilotkit with which the database was upgraded."),
        )  # fmt: skip
    if found.state == "foreign":
        raise Refused(
            message("The database {database} holds the tables of another program.", database=str(database)),
            message("Set PILOTKIT_DATABASE_URL to a database of pilotkit's own."),
        )


def _status(connection: Connection) -> SchemaStatus:
    tables = _tables(connection)
    if not tables:
        return SchemaStatus(None, head(), "empty")
    current = _current(connection) if {"alembic_version", "audit_head"} <= tables else None
    if current is None:
        return SchemaStatus(None, head(), "foreign")
    known = head()
    state: State = "current" if current == known else "older" if current < known else "newer"
    return SchemaStatus(current, known, state)


def _tables(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    else:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    return {row[0] for row in connection.exec_driver_sql(query)}


def _current(connection: Connection) -> str | None:
    rows = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
    return rows[0][0] if len(rows) == 1 and _NUMBER.fullmatch(rows[0][0]) else None
