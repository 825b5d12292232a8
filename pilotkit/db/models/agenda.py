"""The agenda as stored: so that what is due in the whole portfolio is one indexed query."""

from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Base, Json
from pilotkit.db.models.keys import Key, PersonId, PilotId

PlainMessage = Annotated[dict[str, Any], mapped_column(Json)]
"""A message as plain data (``pilotkit.db.messages``)."""

PlainMessages = Annotated[list[dict[str, Any]], mapped_column(Json)]
"""Several messages as plain data."""

_OPEN = text("closed_at IS NULL")


class AgendaItem(Base):
    """A step to do (``closed_at`` empty) or done with; the row of a key lasts, so reminders can hang on it.

    ``position`` is the item's place in its pilot's agenda, ``opened_at`` the instant when the item came (or came back).
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        Index("ix_agenda_item_due", "automatic", "opens_on", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_agenda_item_owner", "owner_id", "due_on", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    pilot_id: Mapped[PilotId] = mapped_column(index=True)
    position: Mapped[int]
    kind: Mapped[str]
    subject: Mapped[str]
    stage: Mapped[str]
    automatic: Mapped[bool]
    owner_id: Mapped[PersonId | None]
    role: Mapped[str]
    title: Mapped[PlainMessage]
    missing: Mapped[PlainMessages]
    opens_on: Mapped[date]
    due_on: Mapped[date]
    command: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
