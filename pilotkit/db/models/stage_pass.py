"""A pilot's passes through the stages, and what was said of the criteria."""

from datetime import date

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Base, CheckedText
from pilotkit.db.models.keys import Key, PersonId, PilotId, StagePassId
from pilotkit.domain.pilot import CriterionVerdict


class StagePass(Base):
    """One pass. The database refuses a second open one of a pilot: close (or void) and flush before opening the next.

    The session inserts before it updates; without the flush in between, both would be open for a moment.
    """

    __tablename__ = "stage_pass"
    __table_args__ = (
        UniqueConstraint("pilot_id", "sequence"),
        Index(
            "uq_stage_pass_open",
            "pilot_id",
            unique=True,
            sqlite_where=text("closed_on IS NULL AND void = 0"),
            postgresql_where=text("closed_on IS NULL AND void = false"),
        ),
    )

    id: Mapped[Key]
    pilot_id: Mapped[PilotId]
    stage: Mapped[str]
    number: Mapped[int]
    sequence: Mapped[int]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    void: Mapped[bool] = mapped_column(default=False)
    prepared_on: Mapped[date | None]
    panel_closed_reason: Mapped[str] = mapped_column(default="")
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    frozen_on: Mapped[date | None]
    outcomes_on: Mapped[date | None]


class CriterionRecord(Base):
    """What was said of a criterion in a pass; ``country`` is empty except for legal criteria."""

    __tablename__ = "criterion_record"
    __table_args__ = (UniqueConstraint("stage_pass_id", "criterion", "country"),)

    id: Mapped[Key]
    stage_pass_id: Mapped[StagePassId]
    criterion: Mapped[str]
    country: Mapped[str] = mapped_column(default="")
    verdict: Mapped[CriterionVerdict] = mapped_column(CheckedText)
    recorded_on: Mapped[date]
    by_id: Mapped[PersonId | None] = mapped_column(index=True)
    evidence: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    authority: Mapped[str] = mapped_column(default="")
