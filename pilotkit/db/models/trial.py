"""Test arenas, bookings, indicators with their readings, and outcomes."""

from datetime import date

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Base, CheckedText, JsonTexts, Measure
from pilotkit.db.models.keys import ArenaId, IndicatorId, Key, OrganisationId, ProgrammeId, StagePassId
from pilotkit.domain import pilot as facts


class Arena(Base):
    """A place where pilots are tried; ``capacity`` is how many places it has on a day."""

    __tablename__ = "arena"
    __table_args__ = (UniqueConstraint("programme_id", "key"),)

    id: Mapped[Key]
    programme_id: Mapped[ProgrammeId]
    key: Mapped[str]
    name: Mapped[str]
    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    capacity: Mapped[int]


class Booking(Base):
    """Days of an arena for a pass; ``last_day`` is included."""

    __tablename__ = "booking"
    __table_args__ = (UniqueConstraint("stage_pass_id", "number"), Index(None, "arena_id", "last_day"))

    id: Mapped[Key]
    stage_pass_id: Mapped[StagePassId]
    number: Mapped[int]
    arena_id: Mapped[ArenaId]
    first_day: Mapped[date]
    last_day: Mapped[date]
    places: Mapped[int]
    state: Mapped[facts.BookingState] = mapped_column(CheckedText)


class Indicator(Base):
    """A figure that a pass follows."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("stage_pass_id", "key"),)

    id: Mapped[Key]
    stage_pass_id: Mapped[StagePassId]
    key: Mapped[str]
    title: Mapped[JsonTexts]
    unit: Mapped[str]
    measure: Mapped[facts.Measure] = mapped_column(CheckedText)
    direction: Mapped[facts.Direction] = mapped_column(CheckedText)
    target: Mapped[Measure]
    frozen_on: Mapped[date | None]


class Reading(Base):
    """An aggregate of an indicator: its baseline (at most one) or a measurement."""

    __tablename__ = "reading"
    __table_args__ = (
        Index(
            "uq_reading_baseline",
            "indicator_id",
            unique=True,
            sqlite_where=text("baseline = 1"),
            postgresql_where=text("baseline = true"),
        ),
    )

    id: Mapped[Key]
    indicator_id: Mapped[IndicatorId] = mapped_column(index=True)
    baseline: Mapped[bool]
    read_on: Mapped[date]
    source: Mapped[str]
    value: Mapped[Measure]
    numerator: Mapped[int | None]
    denominator: Mapped[int | None]
    n: Mapped[int | None]
    deviation: Mapped[Measure | None]
    events: Mapped[int | None]
    exposure: Mapped[Measure | None]


class TrialOutcome(Base):
    """How an indicator came out; at most one each."""

    __tablename__ = "trial_outcome"

    id: Mapped[Key]
    stage_pass_id: Mapped[StagePassId] = mapped_column(index=True)
    indicator_id: Mapped[IndicatorId] = mapped_column(unique=True)
    result: Mapped[facts.Result] = mapped_column(CheckedText)
    change: Mapped[Measure | None]
    low: Mapped[Measure | None]
    high: Mapped[Measure | None]
    note: Mapped[str] = mapped_column(default="")
