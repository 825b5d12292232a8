"""What every model shares: the declarative base, the names of constraints, and the column types.

The column types make SQLite and PostgreSQL behave alike: what one of them would refuse, bend or sort in its own way is
refused or brought into one form here, before a database sees it.

In a model, the annotation is enough for most columns: ``Mapped[str]`` is a checked text, ``Mapped[datetime]`` a UTC
instant, ``Mapped[int]`` a 64-bit number; ``Amount``, ``Measure``, ``JsonTexts`` and ``JsonStrings`` are written
``Mapped[Amount]`` and so on.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from sqlalchemy import TEXT, BigInteger, DateTime, Dialect, Integer, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from pilotkit.domain.errors import Invalid, message

LARGEST = 2**63 - 1
"""The largest whole number that both databases hold."""


class CheckedText(TypeDecorator[str]):
    """Text of any length that both databases can hold, sorted by code point on both."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL would sort by the server's locale; SQLite never does."""
        return dialect.type_descriptor(TEXT(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Raise ``Invalid`` for NUL and for half a surrogate pair."""
        return value if value is None else _storable(value)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: only zone-aware values go in, UTC comes out. On SQLite a text that sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raise ``Invalid`` for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise Invalid(
                message("The time {value} has no time zone.", value=value.isoformat()),
                message("Give the zone with the time, for example {example}.", example=f"{value.isoformat()}+00:00"),
            )
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives a naive value, PostgreSQL one in the session's zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WholeNumber(TypeDecorator[int]):
    """A whole number of 64 bits on both databases."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Only a column of type INTEGER numbers itself on SQLite; it holds 64 bits all the same."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Raise ``Invalid`` for a number of more than 64 bits."""
        if value is not None and not -LARGEST <= value <= LARGEST:
            raise Invalid(
                message("The number {value} is too large.", value=str(value)[:40]),
                message("Give a number below {largest}.", largest=LARGEST),
            )
        return value


class Cents(TypeDecorator[Decimal]):
    """Money, kept as a whole number of cents.

    SQLite has no decimal type: a number with a fraction becomes a float there and a text neither sorts nor sums. Cents
    are exact, sort, and sum in SQL, with the same arithmetic on both databases.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The same column type as ``WholeNumber``."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Raise ``Invalid`` for a fraction of a cent, for NaN and infinity, and for more than 64 bits."""
        if value is None:
            return None
        amount = Decimal(value)
        if not amount.is_finite() or amount.adjusted() > 15 or amount != amount.quantize(Decimal("0.01")):
            raise Invalid(
                message("{value} is not an amount of money.", value=str(value)[:40]),
                message("Give an amount with at most two decimals, below 10,000,000,000,000,000."),
            )
        return int(amount.scaleb(2))

    def process_result_value(self, value: int | Decimal | None, dialect: Dialect) -> Decimal | None:
        """Two decimals, always; a sum arrives from PostgreSQL as a decimal number of cents."""
        return None if value is None else Decimal(int(value)).scaleb(-2)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal number kept digit by digit as it was given, as text; neither sorted nor summed in SQL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Raise ``Invalid`` for NaN and infinity."""
        if value is None:
            return None
        number = Decimal(value)
        if not number.is_finite():
            raise Invalid(message("{value} is not a number.", value=str(value)), message("Give a plain number."))
        return str(number)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The number with the digits that it was given with."""
        return None if value is None else Decimal(value)


class Json(TypeDecorator[Any]):
    """Plain data as JSON text, the same bytes on both databases.

    Replace the whole value to change it: a change inside a loaded list or dict is not noticed.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Raise ``Invalid`` for texts that a database cannot hold, however deep inside."""
        if value is None:
            return None
        _check_within(value)
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        """The data as it was stored."""
        return None if value is None else json.loads(value)


def _storable(value: str) -> str:
    if "\x00" in value:
        raise Invalid(
            message("The text {start} holds a NUL character.", start=repr(value[:40])),
            message("Remove the character; it often comes from a file in another encoding, such as UTF-16."),
        )
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Invalid(
            message("The text {start} holds half a character.", start=ascii(value[:40])),
            message("Type the text again; it was damaged where it comes from."),
        ) from None
    return value


def _check_within(value: object) -> None:
    if isinstance(value, str):
        _storable(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _check_within(key)
            _check_within(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_within(item)


Amount = Annotated[Decimal, mapped_column(Cents)]
"""Money in the programme's currency, exact to the cent."""

Measure = Annotated[Decimal, mapped_column(ExactDecimal)]
"""A measured or scored value with its own number of decimals."""

JsonTexts = Annotated[dict[str, str], mapped_column(Json)]
"""A user's text in several languages: language code to version."""

JsonStrings = Annotated[list[str], mapped_column(Json)]
"""An ordered list of short strings (codes, languages, action areas)."""


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: CheckedText,
        int: WholeNumber,
        datetime: UTCDateTime,
    }


class Versioned:
    """For what several people edit: an update of a version that is no longer the stored one is refused."""

    version: Mapped[int]

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}
