"""Test arenas and their bookings: no day of an arena is ever booked beyond its capacity."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.audit import record
from pilotkit.db.engine import Database
from pilotkit.db.queries.arenas import ArenaLine, arena_lines, lock_arena, places_taken
from pilotkit.db.queries.rows import some
from pilotkit.domain.errors import Conflict, Invalid, NotFound, Refused, message
from pilotkit.domain.limits import checked_name
from pilotkit.domain.permission import Action
from pilotkit.domain.pilot import Booking
from pilotkit.domain.process import StageKind
from pilotkit.services.actors import acting, require_programme
from pilotkit.services.change import changing
from pilotkit.services.evaluation import current_stage, stage_now
from pilotkit.services.organisations import find_organisation

LONGEST_BOOKING_DAYS = 731
"""Longest booking: two years."""


def add_arena(
    db: Database, *, programme: str, key: str, name: str, organisation: str, capacity: int, by: str | None, at: datetime
) -> None:
    """Add a test arena.

    Raises:
        Conflict: There is one with this key.
        Invalid: The capacity is below 1.
    """
    with db.write() as session:
        frame, actor = acting(session, programme, by, Action.PLAN_TRIAL)
        if capacity < 1:
            raise Invalid(message("A test arena has at least one place."), message("Give a capacity of 1 or more."))
        if lock_arena(session, frame.id, key) is not None:
            raise Conflict(message("There is already a test arena {key}.", key=key[:60]), message("Give another key."))
        session.add(
            models.Arena(
                programme_id=frame.id,
                key=checked_name(key, "key"),
                name=checked_name(name, "name"),
                organisation_id=find_organisation(session, organisation).id,
                capacity=capacity,
            )
        )
        record(
            session, at=at, actor=actor, action="arena.added", subject=f"arena:{key}", payload={"capacity": capacity}
        )


def list_arenas(db: Database, *, programme: str = "") -> tuple[ArenaLine, ...]:
    """The test arenas of a programme."""
    with db.read() as session:
        return arena_lines(session, require_programme(session, programme).id)


def book(
    db: Database, code: str, *, arena: str, first_day: date, last_day: date, by: str, at: datetime, places: int = 1
) -> Booking:
    """Pencil a booking; pilotkit confirms it. No day of an arena is ever booked beyond its capacity.

    Raises:
        NotFound: There is no such arena.
        Refused: The arena is full on one of the days; the message names the day and what is left.
        Invalid: The days or the number of places make no sense.
    """
    _check_booking(first_day, last_day, places)
    with changing(db, code, by=by, action=Action.PLAN_TRIAL, at=at) as change:
        _, stage_pass = current_stage(change, StageKind.TRIAL)
        row = lock_arena(change.session, change.programme.id, arena)
        if row is None:
            raise NotFound(
                message("There is no test arena {key}.", key=arena[:60]),
                message("See which there are: pilotkit trial arenas"),
            )
        _check_capacity(change.session, row, first_day, last_day, places)
        booking = Booking(
            number=len(stage_pass.bookings) + 1,
            arena=row.key,
            arena_name=row.name,
            first_day=first_day,
            last_day=last_day,
            places=places,
            state="pencilled",
        )
        change.session.add(
            models.Booking(
                stage_pass_id=stage_pass.id,
                number=booking.number,
                arena_id=row.id,
                first_day=first_day,
                last_day=last_day,
                places=places,
                state="pencilled",
            )
        )
        change.record("arena.pencilled", arena=arena, first_day=str(first_day), last_day=str(last_day), places=places)
        return booking


def _check_booking(first_day: date, last_day: date, places: int) -> None:
    if last_day < first_day or (last_day - first_day).days > LONGEST_BOOKING_DAYS:
        raise Invalid(
            message("A booking from {first} to {last} is not possible.", first=first_day, last=last_day),
            message("It ends on or after its first day, and within two years."),
        )
    if places < 1:
        raise Invalid(message("A booking takes at least one place."), message("Give 1 or more."))


def _check_capacity(session: Session, row: models.Arena, first_day: date, last_day: date, places: int) -> None:
    for day, taken in places_taken(session, row.id, first_day, last_day).items():
        if taken + places > row.capacity:
            raise Refused(
                message(
                    "The test arena {name} has {left} of {capacity} places left on {day}.",
                    name=row.name,
                    left=max(row.capacity - taken, 0),
                    capacity=row.capacity,
                    day=day,
                ),
                message("Choose other days or another arena: pilotkit trial arenas"),
            )


def confirm_booking(db: Database, code: str, *, at: datetime) -> bool:
    """Confirm what is pencilled in the present pass; says whether there was anything to do."""
    with changing(db, code, by=None, action=Action.PLAN_TRIAL, at=at) as change:
        here = stage_now(change.pilot, change.process, StageKind.TRIAL)
        rows = some(change.session, models.Booking, stage_pass_id=here[1].id, state="pencilled") if here else ()
        if not rows:
            change.nothing()
            return False
        for row in rows:
            row.state = "confirmed"
        change.record("arena.confirmed", bookings=[row.number for row in rows])
        return True
