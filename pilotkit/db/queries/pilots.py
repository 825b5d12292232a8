"""Read pilots: whole trees for rules and documents, single lines for lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.queries.agenda import items_by_pilot
from pilotkit.db.queries.rows import batches, fresh
from pilotkit.db.queries.trees import trees
from pilotkit.domain.agenda import AgendaItem
from pilotkit.domain.pilot import Pilot, PilotStatus


@dataclass(frozen=True, kw_only=True)
class PilotLine:
    """A pilot in a list; ``stage`` is the one it is in since ``since``, or the last one of an ended pilot."""

    code: str
    programme: str
    title: dict[str, str]
    status: PilotStatus
    archived: bool
    stage: str
    since: date
    agenda: tuple[AgendaItem, ...]


def load_pilot(session: Session, code: str) -> Pilot | None:
    """The pilot with everything below it."""
    return next(iter(trees(session, models.Pilot.code == code)), None)


def load_pilots(session: Session, programme_id: int) -> tuple[Pilot, ...]:
    """Every pilot of a programme, archived ones included, in the order of their numbers."""
    return trees(session, models.Pilot.programme_id == programme_id)


def pilots_by_id(session: Session, numbers: Iterable[int]) -> Mapping[int, Pilot]:
    """Pilots with everything below them, by their numbers."""
    return {pilot.id: pilot for batch in batches(numbers) for pilot in trees(session, models.Pilot.id.in_(batch))}


def lock_pilot(session: Session, code: str) -> models.Pilot | None:
    """The pilot's row, kept from everybody else until the transaction ends.

    PostgreSQL locks the row; on SQLite a writing transaction is alone anyway. The row is as it is after the wait.
    """
    query = select(models.Pilot).where(models.Pilot.code == code).with_for_update()
    return next(fresh(session, query), None)


def lock_pilots(session: Session) -> None:
    """Keep every pilot from everybody else until the transaction ends: for changes that all agendas follow.

    People belong to several programmes, so this is every pilot of the database, in one fixed order.
    """
    session.execute(select(models.Pilot.id).order_by(models.Pilot.id).with_for_update())


def pilot_code(session: Session, programme_id: int, source_key: str) -> str | None:
    """The code of the pilot that was imported under this key."""
    return session.scalars(
        select(models.Pilot.code).where(
            models.Pilot.programme_id == programme_id, models.Pilot.source_key == source_key
        )
    ).one_or_none()


def pilot_codes(session: Session, programme_id: int) -> tuple[str, ...]:
    """The codes of a programme's pilots without the archived ones, in the order of their numbers."""
    query = select(models.Pilot.code).where(models.Pilot.programme_id == programme_id, ~models.Pilot.archived)
    return tuple(session.scalars(query.order_by(models.Pilot.id)))


def pilot_lines(session: Session, programme_id: int | None = None) -> tuple[PilotLine, ...]:
    """The pilots of a programme (or of all), each with its stage and its open agenda, in a handful of selects."""
    wanted = models.Pilot.programme_id == programme_id if programme_id is not None else true()
    pilot, stage_pass = models.Pilot, models.StagePass
    query = (
        select(pilot.id, pilot.code, models.Programme.key, pilot.title, pilot.status, pilot.archived)
        .join(models.Programme, models.Programme.id == pilot.programme_id)
        .where(wanted)
        .order_by(pilot.id)
    )
    passes = (
        select(stage_pass.pilot_id, stage_pass.stage, stage_pass.opened_on)
        .where(~stage_pass.void, stage_pass.pilot_id.in_(select(pilot.id).where(wanted)))
        .order_by(stage_pass.sequence)
    )
    last = {number: (stage, opened_on) for number, stage, opened_on in session.execute(passes)}
    agenda = items_by_pilot(session, wanted)
    return tuple(
        PilotLine(
            code=code,
            programme=programme,
            title=title,
            status=PilotStatus(status),
            archived=archived,
            stage=last[number][0],
            since=last[number][1],
            agenda=tuple(agenda.get(number, ())),
        )
        for number, code, programme, title, status, archived in session.execute(query)
    )
