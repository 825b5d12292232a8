"""People: add, list, disable."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.audit import record
from pilotkit.db.engine import Database
from pilotkit.db.queries.people import person_row
from pilotkit.db.queries.pilots import load_pilots, lock_pilots
from pilotkit.db.queries.programmes import load_programme_by_id, processes_of, programme_keys
from pilotkit.db.queries.rows import some
from pilotkit.domain.errors import Invalid, Refused, message
from pilotkit.domain.limits import checked_name, checked_text
from pilotkit.domain.permission import Action, may
from pilotkit.domain.programme import Person, Role
from pilotkit.services.actors import acting, require_programme
from pilotkit.services.change import find_person, refresh_agenda
from pilotkit.services.organisations import find_organisation

_LONGEST_ADDRESS = 254
"""Longest e-mail address that a mail server takes."""


def add_person(
    db: Database,
    *,
    programme: str,
    email: str,
    name: str,
    roles: Iterable[Role],
    by: str | None,
    at: datetime,
    organisation: str = "",
    language: str = "en",
    zone: str = "",
) -> Person:
    """Add a person to a programme, or give one who is there further roles; who was deactivated is active again.

    Raises:
        Invalid: The address, the zone or the list of roles is not usable.
        NotFound: There is no such organisation.
    """
    with db.write() as session:
        lock_pilots(session)
        frame, actor = acting(session, programme, by, Action.MANAGE_PEOPLE)
        person_id = store_person(
            session,
            frame.id,
            email=email,
            name=name,
            roles=roles,
            organisation=organisation,
            language=language,
            zone=zone or frame.zone,
        )
        session.get_one(models.Person, person_id).active = True
        session.flush()
        record(
            session,
            at=at,
            actor=actor,
            action="person.added",
            subject=f"person:{person_id}",
            payload={"roles": sorted(roles)},
        )
        refresh_agendas(session, at)
        changed = load_programme_by_id(session, frame.id)
        return next(person for person in changed.people if person.id == person_id)


def store_person(
    session: Session,
    programme_id: int,
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    organisation: str,
    language: str,
    zone: str,
) -> int:
    """Store a person with roles in a programme and return the person's number.

    Raises:
        Invalid: The address, the zone or the list of roles is not usable.
        NotFound: There is no such organisation.
    """
    _check_address(email)
    wanted = set(roles)
    if not wanted:
        raise Invalid(message("{email} has no role.", email=email), message("Give at least one: --role ROLE."))
    if zone not in available_timezones():
        raise Invalid(
            message("There is no time zone {zone}.", zone=zone[:60]), message("Write it like Europe/Ljubljana.")
        )
    row = person_row(session, email)
    if row is None:
        row = models.Person(
            email=email.strip(),
            name=checked_name(name, "name"),
            language=checked_text(language, "language", limit=35, required=True),
            zone=zone,
            organisation_id=find_organisation(session, organisation).id if organisation else None,
        )
        session.add(row)
        session.flush()
    held = some(session, models.Membership, programme_id=programme_id, person_id=row.id)
    for role in sorted(wanted - {Role(membership.role) for membership in held}):
        session.add(models.Membership(programme_id=programme_id, person_id=row.id, role=role))
    session.flush()
    return row.id


def _check_address(email: str) -> None:
    local, at_sign, host = email.strip().rpartition("@")
    if not (local and at_sign and "." in host and len(email) <= _LONGEST_ADDRESS) or any(
        c.isspace() or not c.isprintable() for c in email.strip()
    ):
        raise Invalid(
            message("{email} is no e-mail address.", email=email[:80]), message("Write it like name@example.org.")
        )


def list_people(db: Database, *, programme: str = "") -> tuple[Person, ...]:
    """Everybody with a role in the programme, inactive ones included."""
    with db.read() as session:
        return require_programme(session, programme).people


def disable_person(db: Database, *, programme: str, email: str, by: str | None, at: datetime) -> Person:
    """Deactivate a person: their votes and sheets do not count any more, their agenda passes to the coordinator.

    Raises:
        NotFound: Nobody has this address.
        Refused: Nobody would be left who may add people.
    """
    with db.write() as session:
        lock_pilots(session)
        frame, actor = acting(session, programme, by, Action.MANAGE_PEOPLE)
        person = find_person(frame, email)
        if not any(other.id != person.id for other in frame.people if may(other, Action.MANAGE_PEOPLE)):
            raise Refused(
                message("{email} is the last who may add people.", email=person.email),
                message("Give somebody else the role first: pilotkit person add --role admin"),
            )
        row = session.get_one(models.Person, person.id)
        row.active = False
        session.flush()
        record(session, at=at, actor=actor, action="person.disabled", subject=f"person:{person.id}", payload={})
        refresh_agendas(session, at)
        return find_person(load_programme_by_id(session, frame.id), email)


def refresh_agendas(session: Session, at: datetime) -> None:
    """Compute the agenda of every pilot again after a change of people; call ``lock_pilots`` before the change."""
    for key in programme_keys(session):
        programme = require_programme(session, key)
        processes = processes_of(session, programme.id)
        for pilot in load_pilots(session, programme.id):
            refresh_agenda(session, pilot, processes[pilot.code], programme, at)
