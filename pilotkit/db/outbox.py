"""Put messages into the outbox, within the transaction of what they tell."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from pilotkit.db.models.outbox import OutboxMessage


def enqueue(
    session: Session,
    *,
    key: str,
    at: datetime,
    kind: str,
    recipient: int,
    pilot: int | None,
    payload: Mapping[str, object],
) -> None:
    """Add one message; ``key`` says what it tells, and the database refuses to tell the same thing twice."""
    session.add(
        OutboxMessage(key=key, created_at=at, kind=kind, recipient_id=recipient, pilot_id=pilot, payload=dict(payload))
    )
