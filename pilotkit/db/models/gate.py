"""Votes, decisions and the conditions that they attach."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Base, CheckedText
from pilotkit.db.models.keys import DecisionId, Key, PersonId, PilotId, StagePassId
from pilotkit.domain.pilot import ConditionState


class Vote(Base):
    """One decider's vote in one round of a pass."""

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("stage_pass_id", "round", "person_id"),)

    id: Mapped[Key]
    stage_pass_id: Mapped[StagePassId]
    round: Mapped[int]
    person_id: Mapped[PersonId] = mapped_column(index=True)
    outcome: Mapped[str]
    voted_on: Mapped[date]
    recorded_by_id: Mapped[PersonId] = mapped_column(index=True)
    meeting: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")


class Decision(Base):
    """A decision. One per round of a pass: of two taken at the same time, the database lets one in."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("pilot_id", "number"), UniqueConstraint("stage_pass_id", "round"))

    id: Mapped[Key]
    pilot_id: Mapped[PilotId]
    stage_pass_id: Mapped[StagePassId]
    round: Mapped[int]
    number: Mapped[int]
    outcome: Mapped[str]
    decided_on: Mapped[date]
    by_id: Mapped[PersonId] = mapped_column(index=True)
    rationale: Mapped[str]
    recorded_at: Mapped[datetime]
    until: Mapped[date | None]
    to_stage: Mapped[str] = mapped_column(default="")
    reverted_on: Mapped[date | None]
    revert_reason: Mapped[str] = mapped_column(default="")


class Condition(Base):
    """An obligation that a conditional go attached."""

    __tablename__ = "condition"
    __table_args__ = (UniqueConstraint("pilot_id", "number"),)

    id: Mapped[Key]
    pilot_id: Mapped[PilotId]
    decision_id: Mapped[DecisionId] = mapped_column(index=True)
    number: Mapped[int]
    text: Mapped[str]
    owner_id: Mapped[PersonId] = mapped_column(index=True)
    due_on: Mapped[date]
    due_stage: Mapped[str]
    state: Mapped[ConditionState] = mapped_column(CheckedText, default="open")
    evidence: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    settled_on: Mapped[date | None]
