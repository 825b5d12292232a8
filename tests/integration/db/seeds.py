"""Rows for every table of a schema as it is in the database, whatever the models say by now."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, insert, select

_OF_TYPE: dict[type, Any] = {
    bool: False,
    date: date(2027, 3, 1),
    datetime: datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
    Decimal: Decimal("1.5"),
}
ROWS = 3


def seed(connection: Connection) -> None:
    """Put rows into every table but the audit trail, each row referring to rows of the tables it depends on."""
    stored: dict[str, list[dict[str, Any]]] = {}
    for table in _tables(connection):
        if not table.name.startswith("audit_"):
            stored[table.name] = [_row(table, number, stored) for number in range(1, ROWS + 1)]
            connection.execute(insert(table), stored[table.name])


def rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in a fixed order; without the audit trail's events, of which seeds have none."""
    return {
        table.name: sorted((dict(row) for row in connection.execute(select(table)).mappings()), key=repr)
        for table in _tables(connection)
        if table.name != "audit_event"
    }


def _tables(connection: Connection) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def _row(table: Table, number: int, stored: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {column.name: _value(column, number, stored) for column in table.columns}


def _value(column: Column[Any], number: int, stored: dict[str, list[dict[str, Any]]]) -> object:
    for key in column.foreign_keys:
        target = key.column
        if target.table is not column.table:
            return stored[target.table.name][number - 1][target.name]
        return None if column.nullable else number
    wanted = column.type.python_type
    if wanted is int:
        return number
    return _OF_TYPE.get(wanted, f"{column.name} {number}")
