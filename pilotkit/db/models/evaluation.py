"""Scoresheets and what they came to."""

from datetime import date
from typing import Annotated

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Base, Json, JsonStrings, JsonTexts, Measure
from pilotkit.db.models.keys import Key, PersonId, StagePassId

Scores = Annotated[dict[str, str], mapped_column(Json)]
"""Key of a score criterion to its score (or a mean or spread of scores): decimals as text, digit by digit."""


class Scoresheet(Base):
    """One evaluator's sheet of one pass."""

    __tablename__ = "scoresheet"
    __table_args__ = (UniqueConstraint("stage_pass_id", "evaluator_id"),)

    id: Mapped[Key]
    stage_pass_id: Mapped[StagePassId]
    evaluator_id: Mapped[PersonId] = mapped_column(index=True)
    invited_on: Mapped[date]
    submitted_on: Mapped[date | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    scores: Mapped[Scores] = mapped_column(default=dict)
    remarks: Mapped[JsonTexts] = mapped_column(default=dict)
    pros: Mapped[str] = mapped_column(default="")
    cons: Mapped[str] = mapped_column(default="")


class Consolidation(Base):
    """What the sheets of one pass came to; at most one per pass."""

    __tablename__ = "consolidation"

    id: Mapped[Key]
    stage_pass_id: Mapped[StagePassId] = mapped_column(unique=True)
    consolidated_on: Mapped[date]
    means: Mapped[Scores]
    spreads: Mapped[Scores]
    total: Mapped[Measure]
    knocked_out: Mapped[JsonStrings]
    flagged: Mapped[JsonStrings]
    recommendation: Mapped[str]
