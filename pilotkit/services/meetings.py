"""Board meetings: when, where, and which pilots they decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pilotkit.db import models
from pilotkit.db.audit import record
from pilotkit.db.engine import Database
from pilotkit.db.outbox import enqueue
from pilotkit.db.queries.meetings import meeting_pilots, meeting_rows, next_meeting_number
from pilotkit.db.queries.rows import lock
from pilotkit.domain.errors import Invalid, NotFound, message
from pilotkit.domain.limits import checked_name
from pilotkit.domain.permission import Action
from pilotkit.domain.programme import Role
from pilotkit.services.actors import acting, require_programme
from pilotkit.services.change import require_pilot


@dataclass(frozen=True, kw_only=True)
class MeetingLine:
    """A meeting with the codes of the pilots that it decides, in their order."""

    number: int
    on: date
    place: str
    pilots: tuple[str, ...]


def new_meeting(
    db: Database, *, on: date, place: str, pilots: Sequence[str], by: str, at: datetime, programme: str = ""
) -> MeetingLine:
    """Plan a board meeting; the deciders are told.

    Raises:
        NotFound: One of the pilots does not exist.
        Invalid: No pilot or no place is given, or a pilot is of another programme.
    """
    with db.write() as session:
        frame, actor = acting(session, programme, by, Action.MANAGE_MEETING)
        if not pilots:
            raise Invalid(message("A meeting decides at least one pilot."), message("Name them: --pilot CODE."))
        found = [require_pilot(session, code) for code in dict.fromkeys(pilots)]
        for pilot in found:
            if pilot.programme != frame.key:
                raise Invalid(
                    message("{code} is a pilot of another programme.", code=pilot.code), message("Leave it out.")
                )
        lock(session, models.Programme, frame.id)
        number = next_meeting_number(session, frame.id)
        row = models.Meeting(programme_id=frame.id, number=number, held_on=on, place=checked_name(place, "place"))
        session.add(row)
        session.flush()
        for position, pilot in enumerate(found):
            session.add(models.MeetingPilot(meeting_id=row.id, pilot_id=pilot.id, position=position))
        for person in frame.with_role(Role.DECIDER):
            enqueue(
                session,
                key=f"meeting:{row.id}:{person.id}",
                at=at,
                kind="meeting",
                recipient=person.id,
                pilot=None,
                payload={"number": number},
            )
        codes = tuple(pilot.code for pilot in found)
        subject = f"meeting:{frame.key}:{number}"
        payload = {"on": str(on), "pilots": list(codes)}
        record(session, at=at, actor=actor, action="meeting.planned", subject=subject, payload=payload)
        return MeetingLine(number=number, on=on, place=row.place, pilots=codes)


def list_meetings(db: Database, *, programme: str = "") -> tuple[MeetingLine, ...]:
    """The programme's meetings, the first one first."""
    with db.read() as session:
        frame = require_programme(session, programme)
        return tuple(
            MeetingLine(number=row.number, on=row.held_on, place=row.place, pilots=meeting_pilots(session, row.id))
            for row in meeting_rows(session, frame.id)
        )


def show_meeting(db: Database, *, number: int, programme: str = "") -> MeetingLine:
    """One meeting.

    Raises:
        NotFound: There is none of this number.
    """
    for meeting in list_meetings(db, programme=programme):
        if meeting.number == number:
            return meeting
    raise NotFound(
        message("There is no meeting {number}.", number=number), message("See them with: pilotkit meeting list")
    )
