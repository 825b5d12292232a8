"""Board meetings and the pilots that they decide on."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Base
from pilotkit.db.models.keys import Key, MeetingId, PilotId, ProgrammeId


class Meeting(Base):
    """A meeting; ``number`` counts the programme's meetings from 1, ``place`` is a room or a link."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[Key]
    programme_id: Mapped[ProgrammeId]
    number: Mapped[int]
    held_on: Mapped[date]
    place: Mapped[str]


class MeetingPilot(Base):
    """A pilot on a meeting's list; ``position`` is its place there."""

    __tablename__ = "meeting_pilot"

    meeting_id: Mapped[MeetingId] = mapped_column(primary_key=True)
    pilot_id: Mapped[PilotId] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]
