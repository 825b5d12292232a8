"""Read programmes and the processes that their pilots follow."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.queries.people import people_of
from pilotkit.db.queries.rows import fresh
from pilotkit.domain.process import Process
from pilotkit.domain.programme import ActionArea, FundedProject, Programme

_PARSED: dict[tuple[str, int, str], Process] = {}


def programme_row(session: Session, key: str) -> models.Programme | None:
    """The programme's row."""
    query = select(models.Programme).where(models.Programme.key == key)
    return next(fresh(session, query), None)


def programme_keys(session: Session) -> tuple[str, ...]:
    """The keys of all programmes, in the order in which they were loaded."""
    return tuple(session.scalars(select(models.Programme.key).order_by(models.Programme.id)))


def load_programme(session: Session, key: str) -> Programme | None:
    """The programme with its areas, people and funded project."""
    row = programme_row(session, key)
    return _programme(session, row) if row else None


def load_programme_by_id(session: Session, programme_id: int) -> Programme:
    """The programme with this number.

    Raises:
        NoResultFound: There is none.
    """
    query = select(models.Programme).where(models.Programme.id == programme_id)
    return _programme(session, session.scalars(query, execution_options={"populate_existing": True}).one())


def load_process_by_id(session: Session, process_version_id: int) -> Process:
    """The process that the row of a programme or pilot refers to; its text is parsed once in the life of the program.

    Raises:
        KeyError: There is none.
    """
    table = models.ProcessVersion
    found = session.execute(select(table.key, table.version, table.sha256).where(table.id == process_version_id))
    name = found.one_or_none()
    if name is None:
        raise KeyError(process_version_id)
    key, version, sha256 = name
    known = _PARSED.get((key, version, sha256))
    if known is None:
        from pilotkit.process.load import parse  # its checks take long to load, and lists of pilots need no process

        text = session.scalars(select(table.text).where(table.id == process_version_id)).one()
        known = _PARSED[key, version, sha256] = parse(text, source=f"{key} {version}")
    return known


def processes_of(session: Session, programme_id: int) -> dict[str, Process]:
    """The process that each pilot of a programme follows, by the pilot's code."""
    query = select(models.Pilot.code, models.Pilot.process_version_id)
    rows = session.execute(query.where(models.Pilot.programme_id == programme_id)).all()
    versions = {version: load_process_by_id(session, version) for version in {row.process_version_id for row in rows}}
    return {code: versions[version] for code, version in rows}


def current_process(session: Session, programme_id: int) -> Process:
    """The process that new pilots of a programme follow."""
    query = select(models.Programme.process_version_id).where(models.Programme.id == programme_id)
    return load_process_by_id(session, session.scalars(query).one())


def raise_revision(session: Session, programme_id: int) -> None:
    """Say that the programme's books show something that changed; in SQL, since its pilots change at the same time."""
    table = models.Programme
    session.execute(update(table).where(table.id == programme_id).values(revision=table.revision + 1))


def _programme(session: Session, row: models.Programme) -> Programme:
    areas = select(models.ActionArea).where(models.ActionArea.programme_id == row.id)
    grant = select(models.FundedProject).where(models.FundedProject.programme_id == row.id)
    return Programme(
        id=row.id,
        key=row.key,
        prefix=row.prefix,
        title=row.title,
        vision=row.vision,
        languages=tuple(row.languages),
        countries=tuple(row.countries),
        areas=tuple(
            ActionArea(key=area.key, title=area.title, description=area.description)
            for area in fresh(session, areas.order_by(models.ActionArea.position, models.ActionArea.id))
        ),
        people=people_of(session, row.id),
        example=row.example,
        accent=row.accent,
        funding_notice=row.funding_notice,
        zone=row.zone,
        first_year=row.first_year,
        last_year=row.last_year,
        funded_project=next((_funded_project(found) for found in fresh(session, grant)), None),
        revision=row.revision,
    )


def _funded_project(row: models.FundedProject) -> FundedProject:
    return FundedProject(
        funder=row.funder,
        programme=row.programme,
        reference=row.reference,
        coordinator=row.coordinator,
        grant=row.grant,
        currency=row.currency,
        starts=row.starts,
        ends=row.ends,
        status=row.status,
        call=row.call,
    )
