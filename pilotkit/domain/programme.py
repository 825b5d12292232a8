"""The programme and the people and organisations around it, as frozen facts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pilotkit.domain.text import Texts


class Role(StrEnum):
    """What a person may do in a programme (``permission`` says what exactly)."""

    SUBMITTER = "submitter"
    COORDINATOR = "coordinator"
    EVALUATOR = "evaluator"
    DECIDER = "decider"
    PARTNER = "partner"
    MENTOR = "mentor"
    READER = "reader"
    ADMIN = "admin"


ORGANISATION_KINDS = (
    "provider",
    "municipality",
    "region",
    "academia",
    "company",
    "civil society",
    "policy",
    "other",
)
"""Kinds of organisation; ``civil society`` includes patients' organisations, ``provider`` hospitals and care homes."""


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """An organisation; ``country`` is ISO 3166 alpha-2, ``region`` its subdivision code where holidays depend on it."""

    id: int
    name: str
    kind: str
    country: str
    region: str = ""
    short_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a part in the programme. ``name`` may be a role ("Coordinator, example lab")."""

    id: int
    email: str
    name: str
    roles: frozenset[Role]
    organisation: Organisation | None = None
    language: str = "en"
    zone: str = "UTC"
    active: bool = True

    @property
    def country(self) -> str:
        """The country whose working days count for this person; empty when the organisation is unknown."""
        return self.organisation.country if self.organisation else ""

    @property
    def region(self) -> str:
        """The region of the person's organisation."""
        return self.organisation.region if self.organisation else ""


@dataclass(frozen=True, kw_only=True)
class ActionArea:
    """A strand of the programme with its own action plan."""

    key: str
    title: Texts
    description: Texts


@dataclass(frozen=True, kw_only=True)
class FundedProject:
    """The grant that the programme runs in."""

    funder: str
    programme: str
    reference: str
    coordinator: str
    grant: Decimal | None
    currency: str
    starts: date | None
    ends: date | None
    status: str = ""
    call: str = ""


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The frame of the lab's work.

    Attributes:
        prefix: The beginning of its pilots' codes (``P`` gives ``P-012``).
        languages: Every document exists in each of these; the first is the main language.
        example: Marked as invented on every page.
        accent: The programme's colour, ``#rrggbb``.
        first_year: First year of the programme's action plans; ``last_year`` the last.
        revision: Rises with every change that the programme's books show.
    """

    id: int
    key: str
    prefix: str
    title: Texts
    vision: Texts
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    areas: tuple[ActionArea, ...]
    people: tuple[Person, ...] = ()
    example: bool = False
    accent: str = "#1f5f8b"
    funding_notice: Texts
    zone: str = "UTC"
    first_year: int
    last_year: int
    funded_project: FundedProject | None = None
    revision: int = 0

    @property
    def main_language(self) -> str:
        """The language that a missing text falls back to."""
        return self.languages[0]

    def area(self, key: str) -> ActionArea:
        """The action area with this key.

        Raises:
            KeyError: There is none.
        """
        for area in self.areas:
            if area.key == key:
                return area
        raise KeyError(key)

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """Active people who have this role, in the order of their ids."""
        return tuple(person for person in self.people if person.active and role in person.roles)
