"""A programme as its file describes it: the frame, its people and places, before anything is stored."""

from dataclasses import dataclass

from pilotkit.domain.programme import FundedProject, Role
from pilotkit.domain.text import Texts


@dataclass(frozen=True, kw_only=True)
class AreaSetup:
    """An action area."""

    key: str
    title: Texts
    description: Texts


@dataclass(frozen=True, kw_only=True)
class OrganisationSetup:
    """An organisation; ``aliases`` are other names under which it is known."""

    name: str
    kind: str
    country: str
    region: str = ""
    short_name: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PersonSetup:
    """Somebody with roles; ``organisation`` names one of the file's (or of the database's) organisations."""

    email: str
    name: str
    roles: frozenset[Role]
    organisation: str = ""
    language: str = "en"
    zone: str = ""


@dataclass(frozen=True, kw_only=True)
class ArenaSetup:
    """A test arena with its number of places a day."""

    key: str
    name: str
    organisation: str
    capacity: int


@dataclass(frozen=True, kw_only=True)
class ProgrammeSetup:
    """A programme's file. ``process`` is the name of a process that pilotkit ships, or a path beside the file."""

    key: str
    prefix: str
    title: Texts
    vision: Texts
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    zone: str
    first_year: int
    last_year: int
    funding_notice: Texts
    process: str = "standard"
    example: bool = False
    accent: str = "#1f5f8b"
    funded_project: FundedProject | None = None
    areas: tuple[AreaSetup, ...]
    organisations: tuple[OrganisationSetup, ...] = ()
    people: tuple[PersonSetup, ...] = ()
    arenas: tuple[ArenaSetup, ...] = ()
