"""Read test arenas and how full they are."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pilotkit.db import models


@dataclass(frozen=True, kw_only=True)
class ArenaLine:
    """A test arena: ``capacity`` places a day at an organisation."""

    id: int
    key: str
    name: str
    organisation: str
    capacity: int


def arena_lines(session: Session, programme_id: int) -> tuple[ArenaLine, ...]:
    """The test arenas of a programme, by key."""
    arenas, organisations = models.Arena, models.Organisation
    query = (
        select(arenas.id, arenas.key, arenas.name, organisations.name, arenas.capacity)
        .join(organisations, organisations.id == arenas.organisation_id)
        .where(arenas.programme_id == programme_id)
        .order_by(arenas.key)
    )
    return tuple(
        ArenaLine(id=number, key=key, name=name, organisation=organisation, capacity=capacity)
        for number, key, name, organisation, capacity in session.execute(query)
    )


def lock_arena(session: Session, programme_id: int, key: str) -> models.Arena | None:
    """The arena's row, kept from everybody else who books, until the transaction ends."""
    arenas = models.Arena
    return session.scalars(
        select(arenas).where(arenas.programme_id == programme_id, arenas.key == key).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()


def places_taken(session: Session, arena_id: int, first_day: date, last_day: date) -> dict[date, int]:
    """Places taken on each day of a period, by pencilled and confirmed bookings alike."""
    bookings = models.Booking
    query = select(bookings.first_day, bookings.last_day, bookings.places).where(
        bookings.arena_id == arena_id,
        bookings.first_day <= last_day,
        bookings.last_day >= first_day,
        bookings.state != "released",
    )
    days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    taken = dict.fromkeys(days, 0)
    for first, last, places in session.execute(query):
        for day in days:
            if first <= day <= last:
                taken[day] += places
    return taken
