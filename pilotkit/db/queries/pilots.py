"""Read pilots: whole trees for rules and documents, single lines for lists."""

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.queries.agenda import items_by_pilot
from pilotkit.db.queries.rows import batches, fresh
from pilotkit.db.queries.trees import trees
from pilotkit.domain.dossier import PilotLine
from pilotkit.domain.pilot import Pilot, PilotStatus


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


def pilot_lines(session: Session, programme_id: int | None = None) -> tuple[PilotLine, ...]:
    """The pilots of a programme (or of all), each with its stage and its open agenda, in a handful of selects."""
    return _lines(session, models.Pilot.programme_id == programme_id if programme_id is not None else true())


def pilot_line(session: Session, code: str) -> PilotLine | None:
    """One pilot with its stage and its open agenda: much less to read than the whole tree."""
    return next(iter(_lines(session, models.Pilot.code == code)), None)


def _lines(session: Session, wanted: ColumnElement[bool]) -> tuple[PilotLine, ...]:
    pilot, programme, area = models.Pilot, models.Programme, models.ActionArea
    query = (
        select(pilot, programme.key, programme.zone, area.key)
        .join(programme, programme.id == pilot.programme_id)
        .join(area, area.id == pilot.area_id)
        .where(wanted)
        .order_by(pilot.id)
    )
    passes = fresh(
        session,
        select(models.StagePass)
        .where(~models.StagePass.void, models.StagePass.pilot_id.in_(select(pilot.id).where(wanted)))
        .order_by(models.StagePass.sequence),
    )
    last = {stage_pass.pilot_id: stage_pass for stage_pass in passes}
    agenda = items_by_pilot(session, wanted)
    return tuple(
        PilotLine(
            code=row.code,
            programme=key,
            zone=zone,
            process_version_id=row.process_version_id,
            area=area_key,
            title=row.title,
            status=PilotStatus(row.status),
            archived=row.archived,
            stage=last[row.id].stage,
            number=last[row.id].number,
            since=last[row.id].opened_on,
            agenda=tuple(agenda.get(row.id, ())),
        )
        for row, key, zone, area_key in session.execute(query, execution_options={"populate_existing": True})
    )
