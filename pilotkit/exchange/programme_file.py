"""A programme's file (TOML): read as a whole, with every fault told at once and by its line.

The keys are those of ``ProgrammeSetup``: texts are tables per language (``[title]``), areas, organisations, people and
arenas are lists of tables (``[[areas]]``), the grant is ``[funded_project]``.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import available_timezones

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from pilotkit.domain.errors import Invalid, NotFound, Unavailable
from pilotkit.domain.programme import ORGANISATION_KINDS
from pilotkit.domain.setup import ProgrammeSetup
from pilotkit.domain.text import Message, message
from pilotkit.process.fault import Fault, repeated
from pilotkit.process.places import Path as Place
from pilotkit.process.places import lines_of, nearest, quoted
from pilotkit.resources import processes

LARGEST_FILE: Final = 5_000_000
"""Bytes that a programme's file may have."""

# Inside a tuple, because the settings reach dataclasses only from the outside.
_SHAPE: Final = TypeAdapter(tuple[ProgrammeSetup], config=ConfigDict(extra="forbid"))

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_PREFIX: Final = re.compile(r"[A-Z][A-Z0-9]{0,11}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

_REMEDY: Final = message("Mend the file; docs/commands.md shows how a programme's file is written.")


class BadProgramme(Invalid):
    """A programme's file that cannot be used.

    Attributes:
        faults: Everything that is wrong with it, in the order of the file.
    """

    def __init__(self, source: str, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        listed = tuple(
            message(
                "\n  line {line}: {place}: {reason}", line=fault.line, place=fault.place or ".", reason=fault.reason
            )
            for fault in faults
        )
        super().__init__(
            message(
                "{source} cannot be used. Faults: {count}{faults}", source=source, count=len(faults), faults=listed
            ),
            _REMEDY,
        )


@dataclass(frozen=True, kw_only=True)
class ProgrammeFile:
    """What a programme's file holds, with the text of the process that it names.

    Attributes:
        process: The text of the process file.
        process_source: Where that text comes from, for messages.
    """

    setup: ProgrammeSetup
    process: str
    process_source: str


def read_programme(path: Path) -> ProgrammeFile:
    """The programme in a file, and the process that it names.

    Raises:
        NotFound: There is no such file, or no such process.
        Invalid: The file is no TOML in UTF-8, or (``BadProgramme``) breaks rules; every fault is told.
        Unavailable: It cannot be read.
    """
    setup = parse_programme(read_toml_text(path), source=str(path))
    process = _process_file(path, setup.process)
    return ProgrammeFile(setup=setup, process=read_toml_text(process), process_source=str(process))


def read_toml_text(path: Path) -> str:
    """The text of a file.

    Raises:
        NotFound: There is no such file.
        Invalid: It is a folder, too large, or no UTF-8.
        Unavailable: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise NotFound(message("There is no file {path}.", path=path), message("Check the path.")) from None
    except IsADirectoryError:
        raise Invalid(message("{path} is a folder, not a file.", path=path), message("Name a file in it.")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Unavailable(
            message("The file {path} cannot be read: {reason}.", path=path, reason=reason),
            message("Check its name and its rights."),
        ) from None
    if len(content) > LARGEST_FILE:
        raise Invalid(
            message("The file {path} is too large: at most {most} bytes.", path=path, most=LARGEST_FILE), _REMEDY
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Invalid(
            message("The file {path} is not UTF-8 text (line {line}).", path=path, line=line),
            message("Save it as UTF-8."),
        ) from None


def parse_programme(text: str, *, source: str) -> ProgrammeSetup:
    """The programme that a TOML text describes; ``source`` names the text in messages.

    Raises:
        Invalid: It is no TOML, or (``BadProgramme``) breaks rules; every fault is told.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error) or type(error).__name__
        raise Invalid(message("{source} is no TOML: {reason}.", source=source, reason=reason), _REMEDY) from None
    faults, setup = _judged(data)
    if setup is None or faults:
        lines = lines_of(text)
        placed = (replace(fault, line=nearest(lines, fault.path)) for fault in faults)
        raise BadProgramme(source, tuple(sorted(placed, key=lambda fault: fault.line)))
    return setup


def _judged(data: dict[str, Any]) -> tuple[list[Fault], ProgrammeSetup | None]:
    grant = data.get("funded_project")
    if isinstance(grant, dict):  # TOML has no word for nothing
        data["funded_project"] = {"grant": None, "starts": None, "ends": None, **grant}
    try:
        setup = _SHAPE.validate_python((data,))[0]
    except ValidationError as error:
        return list(_shape_faults(error.errors(include_url=False))), None
    return list(_rules(setup)), setup


# --- the shape --------------------------------------------------------------------------------------------------------

_REASONS: Final[Mapping[str, Message]] = {
    "missing": message("is missing"),
    "unexpected_keyword_argument": message("is no key of a programme's file"),
    "string_type": message("must be text"),
    "int_type": message("must be a whole number"),
    "int_parsing": message("must be a whole number"),
    "int_from_float": message("must be a whole number"),
    "bool_type": message("must be true or false"),
    "bool_parsing": message("must be true or false"),
    "decimal_type": message("must be a number"),
    "decimal_parsing": message("must be a number"),
    "date_type": message("must be a date: 2026-03-31"),
    "date_from_datetime_parsing": message("must be a date: 2026-03-31"),
    "tuple_type": message("must be a list"),
    "frozen_set_type": message("must be a list"),
    "mapping_type": message("must be a table with a text for each language"),
    "dict_type": message("must be a table"),
    "dataclass_type": message("must be a table"),
}


def _shape_faults(errors: Iterable[ErrorDetails]) -> Iterator[Fault]:
    for error in errors:
        path: Place = tuple(error["loc"][1:])
        if error["type"] in ("enum", "literal_error"):
            known = str(error.get("ctx", {}).get("expected", "")).replace(" or ", ", ").replace("'", "")
            yield Fault(path, message("“{value}” is none of {known}", value=quoted(str(error["input"])), known=known))
        else:
            reason = _REASONS.get(error["type"])
            yield Fault(path, reason or message("cannot be used: {reason}", reason=error["msg"]))


# --- the rules --------------------------------------------------------------------------------------------------------


def _rules(setup: ProgrammeSetup) -> Iterator[Fault]:
    yield from _frame(setup)
    yield from _texts(setup)
    yield from _lists(setup)


def _frame(setup: ProgrammeSetup) -> Iterator[Fault]:
    yield from _unlike(("key",), setup.key, _KEY, message("has lower-case letters, digits and hyphens only"))
    yield from _unlike(("prefix",), setup.prefix, _PREFIX, message("has capital letters and digits only"))
    yield from _unlike(("accent",), setup.accent, _COLOUR, message("is a colour such as #1f5f8b"))
    for number, language in enumerate(setup.languages):
        yield from _unlike(("languages", number), language, _LANGUAGE, message("is a language such as en"))
    for number, country in enumerate(setup.countries):
        yield from _unlike(("countries", number), country, _COUNTRY, message("is a country of two letters such as SI"))
    for field, values in (("languages", setup.languages), ("areas", setup.areas)):
        if not values:
            yield Fault((field,), message("needs at least one"))
    yield from repeated(("languages",), setup.languages)
    if setup.zone not in available_timezones():
        yield Fault(("zone",), message("“{zone}” is no time zone such as Europe/Vienna", zone=quoted(setup.zone)))
    if setup.first_year > setup.last_year:
        yield Fault(("last_year",), message("lies before first_year"))
    grant = setup.funded_project
    if grant and grant.starts and grant.ends and grant.ends < grant.starts:
        yield Fault(("funded_project", "ends"), message("lies before starts"))


def _texts(setup: ProgrammeSetup) -> Iterator[Fault]:
    given: list[tuple[Place, Mapping[str, str]]] = [
        (("title",), setup.title),
        (("vision",), setup.vision),
        (("funding_notice",), setup.funding_notice),
    ]
    for number, area in enumerate(setup.areas):
        given += [(("areas", number, "title"), area.title), (("areas", number, "description"), area.description)]
    for place, versions in given:
        for language in versions:
            if language not in setup.languages:
                yield Fault((*place, language), message("is none of the programme's languages"))
        if place[-1] == "title" and not any(text.strip() for text in versions.values()):
            yield Fault(place, message("needs a text"))


def _lists(setup: ProgrammeSetup) -> Iterator[Fault]:
    yield from repeated(("areas",), (area.key for area in setup.areas), within="key")
    yield from repeated(("people",), (person.email.casefold() for person in setup.people), within="email")
    yield from repeated(("arenas",), (arena.key for arena in setup.arenas), within="key")
    for number, area in enumerate(setup.areas):
        yield from _unlike(
            ("areas", number, "key"), area.key, _KEY, message("has lower-case letters, digits and hyphens only")
        )
    for number, organisation in enumerate(setup.organisations):
        place: Place = ("organisations", number)
        yield from _filled((*place, "name"), organisation.name)
        if organisation.kind not in ORGANISATION_KINDS:
            kinds = ", ".join(ORGANISATION_KINDS)
            yield Fault(
                (*place, "kind"), message("“{value}” is none of {known}", value=quoted(organisation.kind), known=kinds)
            )
        yield from _unlike(
            (*place, "country"), organisation.country, _COUNTRY, message("is a country of two letters such as SI")
        )
    for number, person in enumerate(setup.people):
        place = ("people", number)
        yield from _unlike((*place, "email"), person.email, _ADDRESS, message("is an e-mail address"))
        yield from _filled((*place, "name"), person.name)
        if not person.roles:
            yield Fault((*place, "roles"), message("needs at least one"))
        if person.zone and person.zone not in available_timezones():
            yield Fault(
                (*place, "zone"), message("“{zone}” is no time zone such as Europe/Vienna", zone=quoted(person.zone))
            )
    for number, arena in enumerate(setup.arenas):
        yield from _filled(("arenas", number, "name"), arena.name)
        if arena.capacity < 1:
            yield Fault(("arenas", number, "capacity"), message("is at least 1"))


def _unlike(place: Place, value: str, pattern: re.Pattern[str], rule: Message) -> Iterator[Fault]:
    if not pattern.fullmatch(value):
        yield Fault(place, message("“{value}” does not fit: it {rule}", value=quoted(value), rule=rule))


def _filled(place: Place, value: str) -> Iterator[Fault]:
    if not value.strip():
        yield Fault(place, message("needs a text"))


# --- its process ------------------------------------------------------------------------------------------------------


def _process_file(programme: Path, name: str) -> Path:
    """The process file that a programme names: one that pilotkit ships, or a path beside the programme's file."""
    shipped = processes() / f"{name}.toml"
    if _KEY.fullmatch(name) and shipped.is_file():
        return shipped
    beside = programme.parent / name
    if beside.is_file():
        return beside
    known = ", ".join(sorted(path.stem for path in processes().glob("*.toml")))
    raise NotFound(
        message("{file} names the process {name}, which is not there.", file=programme, name=quoted(name)),
        message("Name one that pilotkit ships ({known}), or a path beside the file.", known=known),
    )
