"""Messages that go out, written in the transaction of what they tell and sent later."""

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Base, Json
from pilotkit.db.models.keys import Key, PersonId, PilotId

Payload = Annotated[dict[str, Any], mapped_column(Json)]
"""What the message is about, as plain data."""


class OutboxMessage(Base):
    """A message to one person; its ``key`` says what it tells, so nothing is told twice."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index(None, "state", "id"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    kind: Mapped[str]
    recipient_id: Mapped[PersonId] = mapped_column(index=True)
    pilot_id: Mapped[PilotId | None] = mapped_column(index=True)
    payload: Mapped[Payload]
    state: Mapped[str] = mapped_column(default="queued")
