from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, MetaData, Table, func, insert, select

from pilotkit.db.engine import Database
from pilotkit.db.models.base import Cents, CheckedText, ExactDecimal, Json, UTCDateTime, WholeNumber
from pilotkit.domain.errors import Invalid

TABLE = Table(
    "kept",
    MetaData(),
    Column("id", WholeNumber, primary_key=True),
    Column("text", CheckedText),
    Column("at", UTCDateTime),
    Column("amount", Cents),
    Column("measure", ExactDecimal),
    Column("data", Json),
)


@pytest.fixture
def kept(database: Database) -> Database:
    with database.write() as session:
        TABLE.create(session.connection())
    return database


def store(database: Database, **values: Any) -> Any:
    """Store one row and read its values again."""
    with database.write() as session:
        key = session.execute(insert(TABLE).values(**values).returning(TABLE.c.id)).scalar_one()
    with database.read() as session:
        row = session.execute(select(TABLE).where(TABLE.c.id == key)).one()
    found = [getattr(row, name) for name in values]
    return found[0] if len(found) == 1 else found


LJUBLJANA = ZoneInfo("Europe/Ljubljana")


@pytest.mark.parametrize(
    "at",
    [
        datetime(2027, 3, 1, 9, 30, 0, 123456, tzinfo=UTC),
        datetime(2027, 10, 31, 2, 30, tzinfo=LJUBLJANA),
        datetime(2027, 10, 31, 2, 30, tzinfo=LJUBLJANA, fold=1),
        datetime(1921, 1, 1, tzinfo=timezone(timedelta(hours=-11, minutes=-30))),
    ],
)
def test_an_instant_comes_back_in_utc(kept: Database, at: datetime) -> None:
    found = store(kept, at=at)
    assert found == at.astimezone(UTC)
    assert found.tzinfo is UTC


def test_a_time_without_zone_is_refused(kept: Database) -> None:
    with pytest.raises(Invalid, match="no time zone"):
        store(kept, at=datetime(2027, 3, 1))  # noqa: DTZ001 - the very thing that is refused


def test_instants_sort_by_time_whatever_their_zone(kept: Database) -> None:
    early, late = datetime(2027, 3, 1, 23, tzinfo=timezone(timedelta(hours=9))), datetime(2027, 3, 1, 15, tzinfo=UTC)
    store(kept, at=late)
    store(kept, at=early)
    with kept.read() as session:
        assert session.scalars(select(TABLE.c.at).order_by(TABLE.c.at)).all() == [early, late]
        assert session.scalars(select(TABLE.c.at).where(TABLE.c.at < late)).all() == [early]


@pytest.mark.parametrize("amount", ["0", "0.10", "-12.34", "9999999999999999.99", "1E+3", "2.5"])
def test_money_is_exact(kept: Database, amount: str) -> None:
    found = store(kept, amount=Decimal(amount))
    assert found == Decimal(amount)
    assert found.as_tuple().exponent == -2


def test_money_sums_and_sorts_in_the_database(kept: Database) -> None:
    for amount in ("0.10", "0.20", "100.00", "9.99"):
        store(kept, amount=Decimal(amount))
    with kept.read() as session:
        assert session.scalar(select(func.sum(TABLE.c.amount))) == Decimal("110.29")
        assert session.scalars(select(TABLE.c.amount).order_by(TABLE.c.amount.desc())).first() == Decimal("100.00")


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "10000000000000000", "1E+40", "1E-40"])
def test_what_is_no_amount_is_refused(kept: Database, amount: str) -> None:
    with pytest.raises(Invalid, match="not an amount of money"):
        store(kept, amount=Decimal(amount))


@pytest.mark.parametrize("value", ["0.100", "-3", "1E+3", "123456789012345678901234567890.123456789"])
def test_a_measure_keeps_its_digits(kept: Database, value: str) -> None:
    assert str(store(kept, measure=Decimal(value))) == value


def test_a_measure_is_a_number(kept: Database) -> None:
    with pytest.raises(Invalid, match="not a number"):
        store(kept, measure=Decimal("NaN"))


def test_texts_round_trip_and_sort_by_code_point(kept: Database) -> None:
    texts = ["Zebra", "apple", "zebra", "Čebela", "مرحبا", "🐝 bee", "line\r\nbreak", "\u202eabc", "", "x" * 100_000]
    for words in texts:
        assert store(kept, text=words) == words
    with kept.read() as session:
        assert session.scalars(select(TABLE.c.text).order_by(TABLE.c.text)).all() == sorted(texts)


def test_data_round_trips(kept: Database) -> None:
    data = {"sl": "Čebelnjak 🐝", "list": [1, 2.5, None, True, {"deep": "yes"}]}
    assert store(kept, data=data) == data
    assert store(kept, data=["a", "b"]) == ["a", "b"]
    assert store(kept, data=None) is None


@pytest.mark.parametrize("data", [{"sl": "a\x00"}, {"a\x00": ""}, [["deep", {"x": "half \udc00"}]]])
def test_damaged_text_is_refused_however_deep(kept: Database, data: Any) -> None:
    with pytest.raises(Invalid, match=r"NUL character|half a character"):
        store(kept, data=data)


def test_numbers_of_64_bits(kept: Database) -> None:
    assert store(kept, id=2**63 - 1) == 2**63 - 1
    with pytest.raises(Invalid, match="too large"):
        store(kept, id=2**63)
