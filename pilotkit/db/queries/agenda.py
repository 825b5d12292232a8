"""The stored agenda: what is open, for whom, and how it follows the computed one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.messages import message_from_json, message_to_json
from pilotkit.db.models.person import login
from pilotkit.db.queries.people import people_by_id
from pilotkit.db.queries.rows import fresh
from pilotkit.domain.agenda import AgendaItem
from pilotkit.domain.pilot import Pilot
from pilotkit.domain.programme import Person


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    """An open agenda item with the pilot that it belongs to."""

    id: int
    pilot_id: int
    pilot: str
    pilot_title: dict[str, str]
    item: AgendaItem


def merge_agenda(session: Session, pilot_id: int, items: Sequence[AgendaItem], at: datetime) -> tuple[AgendaItem, ...]:
    """Make the stored agenda of a pilot equal to the computed one; call it under the pilot's lock.

    Rows are found by key and last: an item that is gone is closed, one that comes back is opened again.

    Returns:
        The items that were not open before.
    """
    query = select(models.AgendaItem).where(models.AgendaItem.pilot_id == pilot_id)
    stored = {row.key: row for row in fresh(session, query)}
    opened = []
    for position, item in enumerate(items):
        row = stored.pop(item.key, None)
        if row is None:
            row = models.AgendaItem(key=item.key, pilot_id=pilot_id, opened_at=at)
            session.add(row)
            opened.append(item)
        elif row.closed_at is not None:
            row.opened_at, row.closed_at = at, None
            opened.append(item)
        _write(row, item, position)
    for row in stored.values():
        if row.closed_at is None:
            row.closed_at = at
    session.flush()
    return tuple(opened)


def stored_agenda(session: Session, pilot: Pilot) -> tuple[AgendaItem, ...]:
    """The open items of a pilot as they are stored, in the order of the agenda."""
    return tuple(items_by_pilot(session, models.Pilot.id == pilot.id).get(pilot.id, ()))


def items_by_pilot(session: Session, wanted: ColumnElement[bool]) -> Mapping[int, Sequence[AgendaItem]]:
    """The open items of all pilots that fulfil a condition, by the pilot's number, in the order of the agenda."""
    query = _of_pilots().where(wanted).order_by(models.AgendaItem.pilot_id, models.AgendaItem.position)
    found: dict[int, list[AgendaItem]] = defaultdict(list)
    for found_item in _items(session, query):
        found[found_item.pilot_id].append(found_item.item)
    return found


def open_items(
    session: Session,
    *,
    pilot: str = "",
    person: str = "",
    due_before: date | None = None,
    automatic: bool | None = None,
    opened_by: date | None = None,
) -> tuple[OpenItem, ...]:
    """Open agenda items by due date.

    Args:
        session: Where to read.
        pilot: Only those of the pilot with this code.
        person: Only those of the owner with this address; letter case does not count.
        due_before: Only those due before this day.
        automatic: Only those that pilotkit does itself, or only those that people do.
        opened_by: Only those that can be done on this day.
    """
    query = of_owner(person) if person else _of_pilots()
    if pilot:
        query = query.where(models.Pilot.code == pilot)
    if due_before is not None:
        query = query.where(models.AgendaItem.due_on < due_before)
    if automatic is not None:
        query = query.where(models.AgendaItem.automatic == (true() if automatic else false()))
    if opened_by is not None:
        query = query.where(models.AgendaItem.opens_on <= opened_by)
    return _items(session, query.order_by(models.AgendaItem.due_on, models.AgendaItem.id))


def pilots_with_work(session: Session, today: date) -> tuple[str, ...]:
    """The codes of all pilots for which pilotkit has something to do today, longest open first."""
    return tuple(dict.fromkeys(session.scalars(work(today))))


def work(today: date) -> Select[tuple[str]]:
    """One code per open automatic item; in the order of the index, however many pilots there are."""
    item = models.AgendaItem
    return (
        select(models.Pilot.code)
        .join(item, item.pilot_id == models.Pilot.id)
        .where(item.automatic == true(), item.opens_on <= today, item.closed_at.is_(None))
        .order_by(item.opens_on, item.id)
    )


def of_owner(email: str) -> Select[tuple[models.AgendaItem, str, dict[str, str], int]]:
    """The open items of one person, with code, title and programme of their pilots."""
    owner = select(models.Person.id).where(models.Person.login == login(email))
    return _of_pilots().where(models.AgendaItem.owner_id == owner.scalar_subquery())


def _of_pilots() -> Select[tuple[models.AgendaItem, str, dict[str, str], int]]:
    return (
        select(models.AgendaItem, models.Pilot.code, models.Pilot.title, models.Pilot.programme_id)
        .join(models.Pilot, models.Pilot.id == models.AgendaItem.pilot_id)
        .where(models.AgendaItem.closed_at.is_(None))
    )


def _items(session: Session, query: Select[tuple[models.AgendaItem, str, dict[str, str], int]]) -> tuple[OpenItem, ...]:
    rows = session.execute(query, execution_options={"populate_existing": True}).all()
    owners: dict[int, set[int]] = defaultdict(set)
    for row, _, _, programme_id in rows:
        owners[programme_id].update(() if row.owner_id is None else (row.owner_id,))
    people = {programme_id: people_by_id(session, programme_id, found) for programme_id, found in owners.items()}
    return tuple(
        OpenItem(id=row.id, pilot_id=row.pilot_id, pilot=code, pilot_title=title, item=_item(row, people[programme_id]))
        for row, code, title, programme_id in rows
    )


def _item(row: models.AgendaItem, people: Mapping[int, Person]) -> AgendaItem:
    return AgendaItem(
        key=row.key,
        kind=row.kind,
        subject=row.subject,
        stage=row.stage,
        title=message_from_json(row.title),
        opens_on=row.opens_on,
        due_on=row.due_on,
        owner=None if row.owner_id is None else people[row.owner_id],
        role=row.role,
        missing=tuple(message_from_json(plain) for plain in row.missing),
        command=row.command,
    )


def _write(row: models.AgendaItem, item: AgendaItem, position: int) -> None:
    row.position = position
    row.kind, row.subject, row.stage = str(item.kind), item.subject, item.stage
    row.automatic = item.automatic
    row.owner_id = item.owner.id if item.owner else None
    row.role = str(item.role)
    row.title = message_to_json(item.title)
    row.missing = [message_to_json(sentence) for sentence in item.missing]
    row.opens_on, row.due_on = item.opens_on, item.due_on
    row.command = item.command
