"""Read board meetings."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.queries.rows import fresh


def meeting_rows(session: Session, programme_id: int) -> tuple[models.Meeting, ...]:
    """A programme's meetings in the order in which they were called."""
    query = select(models.Meeting).where(models.Meeting.programme_id == programme_id)
    return tuple(fresh(session, query.order_by(models.Meeting.number)))


def next_meeting_number(session: Session, programme_id: int) -> int:
    """The number of the programme's next meeting."""
    query = select(func.max(models.Meeting.number)).where(models.Meeting.programme_id == programme_id)
    return (session.scalar(query) or 0) + 1


def meeting_pilots(session: Session, meeting_id: int) -> tuple[str, ...]:
    """The codes of the pilots on a meeting's list, in the list's order."""
    query = (
        select(models.Pilot.code)
        .join(models.MeetingPilot, models.MeetingPilot.pilot_id == models.Pilot.id)
        .where(models.MeetingPilot.meeting_id == meeting_id)
        .order_by(models.MeetingPilot.position)
    )
    return tuple(session.scalars(query))
