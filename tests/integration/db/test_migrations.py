from typing import Any

import pytest
from sqlalchemy import Connection, inspect

from pilotkit.db import schema
from pilotkit.db.engine import Database
from pilotkit.db.migrations.generate import difference, everything
from tests.integration.db.seeds import rows, seed

NUMBERS = [file.name[:4] for file in schema.files()]


def anatomy(connection: Connection) -> dict[str, dict[str, Any]]:
    """What the database itself says of its tables."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": sorted(inspector.get_foreign_keys(table), key=repr),
            "indexes": sorted(_described(index) for index in inspector.get_indexes(table)),
            "unique": sorted(inspector.get_unique_constraints(table), key=repr),
            "checks": sorted(inspector.get_check_constraints(table), key=repr),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _described(index: Any) -> str:
    options = {option: str(value) for option, value in index.get("dialect_options", {}).items()}
    return str(index | {"dialect_options": options})


def test_migrations_are_numbered_without_gaps() -> None:
    assert [f"{number:04}" for number in range(1, len(NUMBERS) + 1)] == NUMBERS


def test_models_and_migrations_agree(database: Database) -> None:
    with database.read() as session:
        assert difference(session.connection()).as_diffs() == []


def test_models_and_migrations_agree_to_the_last_constraint(database: Database, empty_url: str) -> None:
    from_models = Database(empty_url)
    with from_models.write() as session:
        everything().create_all(session.connection())
        expected = anatomy(session.connection())
    from_models.close()
    with database.read() as session:
        found = anatomy(session.connection())
    for table in expected.keys() | found.keys():
        assert found.get(table) == expected.get(table), table


@pytest.mark.parametrize("number", NUMBERS)
def test_each_migration_keeps_the_rows_there_are(empty_url: str, number: str) -> None:
    database = Database(empty_url)
    with database.upgrading() as connection:
        if before := [earlier for earlier in NUMBERS if earlier < number]:
            schema.migrate(connection, before[-1])
        seed(connection)
        counts = {name: len(table) for name, table in rows(connection).items()}
    with database.upgrading() as connection:
        schema.migrate(connection, number)
        after = rows(connection)
    assert {name: len(after[name]) for name in counts if name in after} == counts
    database.close()
