"""Read people. Somebody's roles depend on the programme in which one looks at them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.models.person import login
from pilotkit.db.queries.organisations import organisations_by_id
from pilotkit.db.queries.rows import by_id, fresh
from pilotkit.domain.programme import Organisation, Person, Role


def person_row(session: Session, email: str) -> models.Person | None:
    """The row of whoever has this address, in whatever programme; letter case does not count."""
    return session.scalars(select(models.Person).where(models.Person.login == login(email))).one_or_none()


def people_of(session: Session, programme_id: int) -> tuple[Person, ...]:
    """Everybody with a role in the programme, inactive ones included, in the order of their numbers."""
    query = select(models.Person).where(models.Person.id.in_(_members(programme_id))).order_by(models.Person.id)
    return _people(session, tuple(fresh(session, query)), programme_id)


def people_by_id(session: Session, programme_id: int, numbers: Iterable[int]) -> Mapping[int, Person]:
    """People by their numbers, with their roles in the programme (none, if they have left it)."""
    rows = tuple(by_id(session, models.Person, numbers).values())
    return {person.id: person for person in _people(session, rows, programme_id)}


def _members(programme_id: int) -> Select[tuple[int]]:
    return select(models.Membership.person_id).where(models.Membership.programme_id == programme_id)


def _people(session: Session, rows: Sequence[models.Person], programme_id: int) -> tuple[Person, ...]:
    if not rows:
        return ()
    organisations = organisations_by_id(session, (row.organisation_id for row in rows if row.organisation_id))
    roles = _roles(session, programme_id)
    return tuple(_person(row, roles, organisations) for row in rows)


def _roles(session: Session, programme_id: int) -> Mapping[int, set[Role]]:
    found: dict[int, set[Role]] = defaultdict(set)
    query = select(models.Membership.person_id, models.Membership.role)
    for person_id, role in session.execute(query.where(models.Membership.programme_id == programme_id)):
        found[person_id].add(Role(role))
    return found


def _person(row: models.Person, roles: Mapping[int, set[Role]], organisations: Mapping[int, Organisation]) -> Person:
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        roles=frozenset(roles.get(row.id, ())),
        organisation=organisations[row.organisation_id] if row.organisation_id else None,
        language=row.language,
        zone=row.zone,
        active=row.active,
    )
