"""A mapping file: how the columns of somebody's table become pilots. TOML, checked as a whole when it is loaded."""

import codecs
import tomllib
from collections import abc
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from pilotkit.domain.errors import NotFound
from pilotkit.domain.programme import ORGANISATION_KINDS
from pilotkit.domain.text import Message, message
from pilotkit.exchange.report import Faulty
from pilotkit.resources import mappings

ROLES = ("lead", "partner", "associated")
EXCEL_SERIAL = "excel"
"""The date format of a number of days, as Excel stores dates."""


_SOME_DAY = date(2013, 12, 31)
_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$"


def _fault(template: Message) -> PydanticCustomError:
    return PydanticCustomError("mapping", "{fault}", {"fault": template})


def _country(code: str) -> str:
    if len(code) != 2 or not code.isascii() or not code.isalpha() or not code.isupper():
        raise _fault(message('"{code}" is not a country code of two capital letters (ISO 3166)', code=code))
    return code


def _encoding(name: str) -> str:
    try:
        codecs.lookup(name)
        b"".decode(name)
    except LookupError:
        raise _fault(message('"{name}" is not an encoding', name=name)) from None
    return name


def _delimiter(sign: str) -> str:
    if len(sign) != 1 or sign in '\r\n"' or sign.isalnum():
        raise _fault(message("a delimiter is one character, neither a letter, a digit, a quote nor a line end"))
    return sign


def _date_format(wanted: str) -> str:
    if wanted == EXCEL_SERIAL:
        return wanted
    if not any(part in wanted for part in ("%d", "%j")) or not any(part in wanted for part in ("%Y", "%y")):
        raise _fault(message('"{wanted}" does not say where day and year stand, as "%Y-%m-%d" does', wanted=wanted))
    try:
        datetime.strptime(_SOME_DAY.strftime(wanted), wanted)  # noqa: DTZ007 - a day, not an instant
    except ValueError:
        raise _fault(message('"{wanted}" is not a date format', wanted=wanted)) from None
    return wanted


def _some(formats: tuple[str, ...]) -> tuple[str, ...]:
    if not formats:
        raise _fault(message("name at least one format"))
    return formats


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


class Source(_Part):
    """Where a field's value comes from: the first of ``columns`` that is not empty, or one ``value`` for every row."""

    columns: tuple[str, ...] = ()
    value: str = ""

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, given: object) -> object:
        if isinstance(given, str):
            return {"columns": (given,)}
        return {"columns": given} if isinstance(given, list) else given

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.columns) == bool(self.value) or not all(name.strip() for name in self.columns):
            raise _fault(message("name a column, several columns, or {{ value = ... }}, and leave no name empty"))
        return self


class ValueMap(_Part):
    """The words of the table and what they mean here; upper and lower case count the same.

    Attributes:
        otherwise: What an unknown word stands for, with a doubt. Without it, a row with an unknown word is broken.
    """

    values: abc.Mapping[str, str] = Field(default_factory=dict)
    otherwise: str | None = None


def _only(allowed: abc.Collection[str]) -> AfterValidator:
    def check(words: ValueMap) -> ValueMap:
        for word in (*words.values.values(), *([] if words.otherwise is None else [words.otherwise])):
            if word not in allowed:
                text = ", ".join(allowed)
                raise _fault(message('"{word}" is not one of: {allowed}', word=word, allowed=text))
        return words

    return AfterValidator(check)


def _countries(words: ValueMap) -> ValueMap:
    for word in (*words.values.values(), *([] if words.otherwise is None else [words.otherwise])):
        _country(word)
    return words


class Table(_Part):
    """How the file is written. What is left out is found out from the file.

    Attributes:
        broken_row: What a row that cannot be read means: nothing of the file is taken, or nothing of the row.
    """

    sheet: str = ""
    header_row: int = Field(default=1, ge=1, le=1000)
    encoding: Annotated[str, AfterValidator(_encoding)] | None = None
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    broken_row: Literal["refuse file", "refuse row"] = "refuse file"


class Join(_Part):
    """Which rows are one pilot: those with the same programme, title (spaces and case set aside) and period.

    Attributes:
        periods: ``exact``: the same dates. ``overlapping``: dates that overlap, so that phases that follow each
            other stay apart. ``ignored``: whatever the dates. Where dates differ within a pilot, it runs from the
            earliest to the latest, with a doubt.
    """

    periods: Literal["exact", "overlapping", "ignored"] = "exact"


class Title(_Part):
    """The title's column, and the language that titles are written in."""

    column: str = Field(min_length=1)
    language: str = Field(pattern=_LANGUAGE)
    languages: abc.Mapping[str, Annotated[str, Field(pattern=_LANGUAGE)]] = Field(default_factory=dict)
    """Programmes (as the table names them) whose titles are written in another language."""


class PilotColumns(_Part):
    """What belongs to the pilot. ``extra`` keeps further facts under names of your own."""

    programme: Source
    title: Title
    starts: Source | None = None
    ends: Source | None = None
    references: tuple[str, ...] = ()
    extra: abc.Mapping[str, Source] = Field(default_factory=dict)


class PartnerColumns(_Part):
    """What belongs to the partner that a row stands for."""

    name: Source
    role: Source
    country: Source
    kind: Source | None = None
    region: Source | None = None
    budget: Source | None = None
    currency: Source = Source(value="EUR")
    ownership: Source | None = None
    source_type: Source | None = None


class Dates(_Part):
    """How dates are written (as ``strptime`` knows them, or ``excel``), and what an unreadable one means."""

    formats: Annotated[tuple[Annotated[str, AfterValidator(_date_format)], ...], AfterValidator(_some)] = ("%Y-%m-%d",)
    unreadable: Literal["doubt", "broken row"] = "broken row"


class Numbers(_Part):
    """How amounts are written, and what an unreadable one means."""

    decimal: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", " ", "'"] = ""
    unreadable: Literal["doubt", "broken row"] = "broken row"

    @model_validator(mode="after")
    def _different(self) -> Self:
        if self.decimal == self.thousands:
            raise _fault(message("decimal and thousands cannot be the same sign"))
        return self


class Words(_Part):
    """The value maps."""

    role: Annotated[ValueMap, _only(ROLES)] = ValueMap()
    kind: Annotated[ValueMap, _only(ORGANISATION_KINDS)] = ValueMap()
    country: Annotated[ValueMap, AfterValidator(_countries)] = ValueMap()


class Mapping(_Part):
    """A mapping file.

    Attributes:
        lists_only: Countries (ISO 3166) that the table is limited to; the report says that the others are missing.
    """

    lists_only: tuple[Annotated[str, AfterValidator(_country)], ...] = ()
    table: Table = Table()
    join: Join = Join()
    pilot: PilotColumns
    partner: PartnerColumns
    dates: Dates = Dates()
    numbers: Numbers = Numbers()
    words: Words = Words()

    def sources(self) -> dict[str, Source]:
        """Every field that is mapped, under its place in the file."""
        given: dict[str, Source | None] = {
            "pilot.programme": self.pilot.programme,
            "pilot.title": Source(columns=(self.pilot.title.column,)),
            "pilot.starts": self.pilot.starts,
            "pilot.ends": self.pilot.ends,
            **{f"pilot.references.{name}": Source(columns=(name,)) for name in self.pilot.references},
            **{f"pilot.extra.{name}": source for name, source in self.pilot.extra.items()},
            **{f"partner.{name}": getattr(self.partner, name) for name in type(self.partner).model_fields},
        }
        return {place: source for place, source in given.items() if source is not None}

    def columns(self) -> tuple[str, ...]:
        """The headings that a table must have, each once, in the order of the mapping."""
        return tuple(dict.fromkeys(name for source in self.sources().values() for name in source.columns))


def load_mapping(path: Path) -> Mapping:
    """The mapping in a file; or one that comes with pilotkit, by its name without ``.toml``.

    Raises:
        NotFound: There is no such file, and no such name.
        Faulty: The file is not TOML, or says something that a mapping cannot say; all faults are told at once.
    """
    shipped = {file.stem: file for file in sorted(mappings().glob("*.toml"))}
    if not path.exists():
        path = shipped.get(str(path), path)
    try:
        given = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound(
            message('There is no mapping file "{path}".', path=path),
            message(
                "Give the path of a TOML file (docs/import.md shows how to write one), or a name: {names}.",
                names=", ".join(shipped),
            ),
        ) from None
    except UnicodeDecodeError as error:
        raise _faulty(path, [message("byte {byte}: the file is not UTF-8", byte=error.start + 1)]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _faulty(path, [message("not TOML: {reason}", reason=error)]) from None
    try:
        return Mapping.model_validate(given)
    except ValidationError as error:
        raise _faulty(path, [_told(detail) for detail in error.errors(include_url=False)]) from None


def _faulty(path: Path, faults: abc.Sequence[Message]) -> Faulty:
    return Faulty(path.name, faults, message("Correct the mapping file; docs/import.md shows every key."))


def _told(detail: ErrorDetails) -> Message:
    place = ".".join(str(part) for part in detail["loc"]) or "the file"
    context: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == "mapping":
        return message("{place}: {reason}", place=place, reason=context["fault"])
    if detail["type"] == "missing":
        return message("{place}: is missing", place=place)
    if detail["type"] == "extra_forbidden":
        return message("{place}: there is no such key", place=place)
    if detail["type"] == "literal_error":
        return message("{place}: is not one of {allowed}", place=place, allowed=context["expected"])
    return message("{place}: {reason}", place=place, reason=detail["msg"])
