"""Organisations and the other names under which they are known."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from pilotkit.db.models.base import Base
from pilotkit.db.models.keys import Key, OrganisationId


def folded(name: str) -> str:
    """The form in which names are compared: letter case and runs of spaces do not count."""
    return " ".join(name.casefold().split())


class Organisation(Base):
    """An organisation; its name is unique within its country."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("folded", "country"),)

    id: Mapped[Key]
    name: Mapped[str]
    folded: Mapped[str]
    kind: Mapped[str]
    country: Mapped[str]
    region: Mapped[str] = mapped_column(default="")
    short_name: Mapped[str] = mapped_column(default="")

    @validates("name")
    def _fold(self, _column: str, name: str) -> str:
        self.folded = folded(name)
        return name


class OrganisationAlias(Base):
    """Another name of an organisation, for instance as an imported table spells it."""

    __tablename__ = "organisation_alias"
    __table_args__ = (UniqueConstraint("folded", "organisation_id"),)

    id: Mapped[Key]
    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    name: Mapped[str]
    folded: Mapped[str]

    @validates("name")
    def _fold(self, _column: str, name: str) -> str:
        self.folded = folded(name)
        return name
