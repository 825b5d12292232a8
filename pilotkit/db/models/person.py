"""People and their roles in programmes."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from pilotkit.db.models.base import Base
from pilotkit.db.models.keys import Key, OrganisationId, PersonId, ProgrammeId


def login(email: str) -> str:
    """The form in which addresses are compared: letter case and spaces around do not count."""
    return email.strip().casefold()


class Person(Base):
    """Somebody; ``email`` as it was given, ``login`` the same in the form in which addresses are compared."""

    __tablename__ = "person"

    id: Mapped[Key]
    email: Mapped[str]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    organisation_id: Mapped[OrganisationId | None] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(default="en")
    zone: Mapped[str] = mapped_column(default="UTC")
    active: Mapped[bool] = mapped_column(default=True)

    @validates("email")
    def _fold(self, _column: str, email: str) -> str:
        self.login = login(email)
        return email


class Membership(Base):
    """One role of one person in one programme."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("programme_id", "person_id", "role"),)

    id: Mapped[Key]
    programme_id: Mapped[ProgrammeId]
    person_id: Mapped[PersonId] = mapped_column(index=True)
    role: Mapped[str]
