"""Read test arenas and who has booked them."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.queries.rows import fresh


def arena_rows(session: Session, programme_id: int) -> tuple[models.Arena, ...]:
    """A programme's arenas, by key."""
    query = select(models.Arena).where(models.Arena.programme_id == programme_id).order_by(models.Arena.key)
    return tuple(fresh(session, query))


def lock_arena(session: Session, programme_id: int, key: str) -> models.Arena | None:
    """The arena's row, kept from everybody else until the transaction ends: two bookings do not take the last place."""
    query = select(models.Arena).where(models.Arena.programme_id == programme_id, models.Arena.key == key)
    return next(fresh(session, query.with_for_update()), None)


def bookings_between(session: Session, arena_id: int, first_day: date, last_day: date) -> tuple[models.Booking, ...]:
    """The bookings that take places on any of these days; both ends are included."""
    table = models.Booking
    query = select(table).where(
        table.arena_id == arena_id,
        table.last_day >= first_day,
        table.first_day <= last_day,
        table.state != "released",
    )
    return tuple(fresh(session, query.order_by(table.first_day, table.id)))
