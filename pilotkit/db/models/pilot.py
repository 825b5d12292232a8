"""The pilot itself, its partners, and who may not judge it."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Amount, Base, CheckedText, JsonTexts, Versioned
from pilotkit.db.models.keys import AreaId, Key, OrganisationId, PersonId, PilotId, ProcessVersionId, ProgrammeId
from pilotkit.domain.pilot import PartnerRole


class Pilot(Versioned, Base):
    """A pilot. ``version`` guards the row against lost updates; ``revision`` counts changes of the pilot's facts.

    ``source_key`` recognises an imported pilot when its table is imported again.
    """

    __tablename__ = "pilot"
    __table_args__ = (UniqueConstraint("programme_id", "source_key"),)

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    programme_id: Mapped[ProgrammeId]
    process_version_id: Mapped[ProcessVersionId] = mapped_column(index=True)
    area_id: Mapped[AreaId] = mapped_column(index=True)
    title: Mapped[JsonTexts]
    summary: Mapped[JsonTexts]
    problem: Mapped[JsonTexts]
    approach: Mapped[JsonTexts]
    needs: Mapped[JsonTexts]
    status: Mapped[str]
    revision: Mapped[int]
    created_on: Mapped[date]
    changed_at: Mapped[datetime]
    archived: Mapped[bool] = mapped_column(default=False)
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    budget: Mapped[Amount | None]
    currency: Mapped[str] = mapped_column(default="EUR")
    coordinator_id: Mapped[PersonId | None] = mapped_column(index=True)
    sponsor_id: Mapped[PersonId | None] = mapped_column(index=True)
    submitter_id: Mapped[PersonId | None] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(default="")
    source_key: Mapped[str | None]


class Partner(Base):
    """An organisation's part in a pilot; at most once in the same role at a time."""

    __tablename__ = "partner"
    __table_args__ = (
        Index(
            "uq_partner_active",
            "pilot_id",
            "organisation_id",
            "role",
            unique=True,
            sqlite_where=text("left_on IS NULL"),
            postgresql_where=text("left_on IS NULL"),
        ),
    )

    id: Mapped[Key]
    pilot_id: Mapped[PilotId] = mapped_column(index=True)
    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    role: Mapped[PartnerRole] = mapped_column(CheckedText)
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    budget: Mapped[Amount | None]
    currency: Mapped[str] = mapped_column(default="EUR")


class ConflictOfInterest(Base):
    """A person who may neither score nor vote on a pilot."""

    __tablename__ = "conflict_of_interest"
    __table_args__ = (UniqueConstraint("pilot_id", "person_id"),)

    id: Mapped[Key]
    pilot_id: Mapped[PilotId]
    person_id: Mapped[PersonId] = mapped_column(index=True)
    declared_on: Mapped[date]
    reason: Mapped[str]
