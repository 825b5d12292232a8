"""Action items with what they wait for, and adoptions."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Amount, Base, CheckedText, JsonTexts
from pilotkit.db.models.keys import ActionItemId, Key, OrganisationId, PersonId, PilotId
from pilotkit.domain.pilot import ActionState


class ActionItem(Base):
    """A piece of work of the implementation."""

    __tablename__ = "action_item"
    __table_args__ = (UniqueConstraint("pilot_id", "number"),)

    id: Mapped[Key]
    pilot_id: Mapped[PilotId]
    number: Mapped[int]
    title: Mapped[JsonTexts]
    owner_id: Mapped[PersonId | None] = mapped_column(index=True)
    organisation_id: Mapped[OrganisationId | None] = mapped_column(index=True)
    start: Mapped[date]
    due: Mapped[date]
    state: Mapped[ActionState] = mapped_column(CheckedText, default="planned")
    percent: Mapped[int] = mapped_column(default=0)
    budget: Mapped[Amount | None]
    currency: Mapped[str] = mapped_column(default="EUR")


class ActionDependency(Base):
    """``after_id`` cannot begin before ``before_id`` is done."""

    __tablename__ = "action_dependency"

    after_id: Mapped[ActionItemId] = mapped_column(primary_key=True)
    before_id: Mapped[ActionItemId] = mapped_column(primary_key=True, index=True)


class Adoption(Base):
    """A solution taken up by an organisation."""

    __tablename__ = "adoption"
    __table_args__ = (UniqueConstraint("pilot_id", "number"),)

    id: Mapped[Key]
    pilot_id: Mapped[PilotId]
    number: Mapped[int]
    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    solution: Mapped[JsonTexts]
    adopted_on: Mapped[date]
    document: Mapped[str]
