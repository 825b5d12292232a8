"""What a pilot leaves behind: lessons, judgements of transferability, versions of its handbook entry."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Base, CheckedText, JsonTexts
from pilotkit.db.models.keys import Key, OrganisationId, PersonId, PilotId
from pilotkit.domain.pilot import EntryKind, LessonKind


class Lesson(Base):
    """What was learned."""

    __tablename__ = "lesson"
    __table_args__ = (UniqueConstraint("pilot_id", "number"),)

    id: Mapped[Key]
    pilot_id: Mapped[PilotId]
    number: Mapped[int]
    kind: Mapped[LessonKind] = mapped_column(CheckedText)
    text: Mapped[JsonTexts]
    learned_on: Mapped[date]
    by_id: Mapped[PersonId | None] = mapped_column(index=True)


class Transferability(Base):
    """An organisation's judgement whether the solution would work there; judging again replaces it."""

    __tablename__ = "transferability"
    __table_args__ = (UniqueConstraint("pilot_id", "organisation_id"),)

    id: Mapped[Key]
    pilot_id: Mapped[PilotId]
    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    text: Mapped[JsonTexts]
    judged_on: Mapped[date]


class EntryVersion(Base):
    """A version of the handbook entry; ``facts`` is what publishing froze (JSON text), empty while it is a draft."""

    __tablename__ = "entry_version"
    __table_args__ = (UniqueConstraint("pilot_id", "number"),)

    id: Mapped[Key]
    pilot_id: Mapped[PilotId]
    number: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(CheckedText)
    compiled_on: Mapped[date]
    published_on: Mapped[date | None]
    review_on: Mapped[date | None]
    facts: Mapped[str] = mapped_column(default="")
