"""What several queries share: fetching by many numbers, and sorting rows under their parents."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import TypeVar

from sqlalchemy import Select, inspect, select
from sqlalchemy.orm import Session

from pilotkit.db.models import Base

Row = TypeVar("Row", bound=Base)

_AS_STORED = {"populate_existing": True}

_BATCH = 10_000
"""How many numbers one statement names; SQLite takes 32,766 at most."""


def batches(numbers: Iterable[int]) -> Iterator[Sequence[int]]:
    """The distinct numbers, sorted, in groups that one statement can name."""
    rest = iter(sorted(set(numbers)))
    while batch := tuple(islice(rest, _BATCH)):
        yield batch


def fresh(session: Session, query: Select[tuple[Row]]) -> Iterator[Row]:
    """The rows as the database has them now, also those that the session has seen before."""
    return iter(session.scalars(query, execution_options=_AS_STORED))


def by_id(session: Session, table: type[Row], numbers: Iterable[int]) -> Mapping[int, Row]:
    """The rows of a table that have these numbers."""
    key = inspect(table).primary_key[0]
    found: dict[int, Row] = {}
    for batch in batches(numbers):
        query = select(key, table).where(key.in_(batch))
        found.update((number, row) for number, row in session.execute(query, execution_options=_AS_STORED))
    return found


def children(
    session: Session, table: type[Row], parent: str, parents: Select[tuple[int]], order: Iterable[str]
) -> Mapping[int, Sequence[Row]]:
    """The rows of a table by the number of their parent, in one select.

    Args:
        session: Where to read.
        table: The model.
        parent: The column that holds the parent's number.
        parents: A select of the numbers of the parents.
        order: The columns that the rows of one parent are sorted by.
    """
    query = select(table).where(getattr(table, parent).in_(parents))
    found: dict[int, list[Row]] = defaultdict(list)
    for row in fresh(session, query.order_by(*(getattr(table, column) for column in order))):
        found[getattr(row, parent)].append(row)
    return found


def references(rows: Iterable[Base], target: type[Base]) -> frozenset[int]:
    """The numbers of all rows of ``target`` that these rows refer to, by whatever column."""
    found = {getattr(row, column) for row in rows for column in _referring(type(row), target)}
    return frozenset(number for number in found if number is not None)


@cache
def _referring(table: type[Base], target: type[Base]) -> tuple[str, ...]:
    columns = inspect(table).columns
    return tuple(
        column.key for column in columns if any(key.column.table is target.__table__ for key in column.foreign_keys)
    )


def one(session: Session, table: type[Row], **columns: object) -> Row | None:
    """The row whose columns have these values, as the database has it now; ``None`` when there is none.

    Raises:
        MultipleResultsFound: The columns do not name a single row.
    """
    return session.scalars(select(table).filter_by(**columns), execution_options=_AS_STORED).one_or_none()


def some(session: Session, table: type[Row], **columns: object) -> Sequence[Row]:
    """The rows whose columns have these values, by number."""
    query = select(table).filter_by(**columns).order_by(*inspect(table).primary_key)
    return session.scalars(query, execution_options=_AS_STORED).all()


def lock(session: Session, table: type[Row], number: int) -> Row:
    """A row, kept from everybody else until the transaction ends, as it is after the wait.

    Raises:
        NoResultFound: There is no such row.
    """
    query = select(table).filter_by(id=number).with_for_update()
    return session.scalars(query, execution_options=_AS_STORED).one()
