"""What the tests run in processes of their own: ``python racer.py count|audit|upgrade URL [TIMES]``."""

import sys
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy import text

from pilotkit.db import audit, schema
from pilotkit.db.engine import Database


def count(database: Database, times: int) -> None:
    """Read a number, add one, write it back: an update is lost when two do it at once without a lock."""
    lock = "" if database.kind == "sqlite" else " FOR UPDATE"
    for _ in range(times):
        with database.write() as session:
            number = session.execute(text(f"SELECT number FROM counter{lock}")).scalar_one()
            session.execute(text("UPDATE counter SET number = :number"), {"number": number + 1})


def append(database: Database, times: int) -> None:
    """Append events to the audit trail, one transaction each."""
    for number in range(times):
        with database.write() as session:
            audit.record(
                session,
                at=datetime(2027, 3, 1, tzinfo=UTC),
                actor="pilotkit",
                action="race.run",
                subject="race",
                payload={"number": number},
            )


def upgrade(database: Database, _times: int) -> None:
    """Upgrade, and say what came of it."""
    sys.stdout.write(schema.upgrade(database).state)


if __name__ == "__main__":
    with closing(Database(sys.argv[2])) as opened:
        {"count": count, "audit": append, "upgrade": upgrade}[sys.argv[1]](opened, int(sys.argv[3]))
