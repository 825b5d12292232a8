"""Read the agenda: what is open, for whom, since when."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from pilotkit.db.engine import Database
from pilotkit.db.queries import agenda as queries
from pilotkit.db.queries.agenda import OpenItem
from pilotkit.db.queries.people import person_row
from pilotkit.domain.errors import NotFound, message
from pilotkit.services.change import require_pilot

_EARLIEST_ZONE = timedelta(hours=14)
"""Where a day begins first, it begins this long before it does in UTC."""


def agenda(db: Database, *, today: date, pilot: str = "", person: str = "", late: bool = False) -> tuple[OpenItem, ...]:
    """The human items of the stored agenda by due date.

    Args:
        today: The day by which an item is late.
        pilot: Only those of the pilot with this code.
        person: Only those of the person with this address.
        late: Only those that are overdue.

    Raises:
        NotFound: There is no such pilot or person.
    """
    with db.read() as session:
        if pilot:
            require_pilot(session, pilot)
        if person:
            _require_person(session, person)
        return queries.open_items(
            session, pilot=pilot, person=person, automatic=False, due_before=today if late else None
        )


def _require_person(session: Session, email: str) -> None:
    if person_row(session, email) is None:
        raise NotFound(
            message("Nobody has the address {email}.", email=email[:80]),
            message("See who there is with: pilotkit person list"),
        )


def pilots_with_work(db: Database, *, at: datetime) -> tuple[str, ...]:
    """The codes of all pilots for which pilotkit has something to do on the day that it is anywhere by this instant.

    What opens on a day opens with the day of the programme's zone; a pilot's own ``standing`` tells whether it has.
    """
    with db.read() as session:
        return queries.pilots_with_work(session, (at.astimezone(UTC) + _EARLIEST_ZONE).date())
