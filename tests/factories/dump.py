"""A database as it is, number by number: for tests that say that nothing at all was written."""

from sqlalchemy import select

from pilotkit.db.engine import Database
from pilotkit.db.models import Base

Dump = dict[str, list[tuple[object, ...]]]


def dump(db: Database) -> Dump:
    """Every row of every table."""
    with db.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }
