"""Programmes: load one from its file, read it."""

import hashlib
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.audit import record
from pilotkit.db.engine import Database
from pilotkit.db.queries.organisations import organisations_named
from pilotkit.db.queries.programmes import load_programme_by_id, programme_keys, programme_row
from pilotkit.db.queries.rows import one
from pilotkit.domain.errors import Conflict, Invalid, message
from pilotkit.domain.limits import checked_texts
from pilotkit.domain.programme import Programme
from pilotkit.domain.setup import OrganisationSetup, ProgrammeSetup
from pilotkit.process.load import parse
from pilotkit.services.actors import require_programme
from pilotkit.services.organisations import find_organisation, store_organisation
from pilotkit.services.people import store_person


def load_programme(db: Database, *, setup: ProgrammeSetup, process: str, source: str, at: datetime) -> Programme:
    """Store a programme with its areas, organisations, people and arenas: all of it or nothing.

    Args:
        setup: The programme's file.
        process: The text of its process file.
        source: Where the process text comes from, for messages.
        at: The instant of loading.

    Raises:
        Conflict: A programme of this key or prefix is there already.
        Invalid: Something in the file is not usable.
    """
    with db.write() as session:
        _refuse_known(session, setup)
        _check(setup)
        row = _store_frame(session, setup, _process_version(session, process, source, at))
        for organisation in setup.organisations:
            _store_organisation(session, organisation)
        for person in setup.people:
            store_person(
                session,
                row.id,
                email=person.email,
                name=person.name,
                roles=person.roles,
                organisation=person.organisation,
                language=person.language,
                zone=person.zone or setup.zone,
            )
        for arena in setup.arenas:
            session.add(
                models.Arena(
                    programme_id=row.id,
                    key=arena.key,
                    name=arena.name,
                    organisation_id=find_organisation(session, arena.organisation).id,
                    capacity=arena.capacity,
                )
            )
        session.flush()
        record(
            session,
            at=at,
            actor="pilotkit",
            action="programme.loaded",
            subject=f"programme:{setup.key}",
            payload={"process": hashlib.sha256(process.encode()).hexdigest()},
        )
        return load_programme_by_id(session, row.id)


def _refuse_known(session: Session, setup: ProgrammeSetup) -> None:
    taken = one(session, models.Programme, prefix=setup.prefix)
    if programme_row(session, setup.key) is not None or taken is not None:
        raise Conflict(
            message(
                "The programme {key} (or its prefix {prefix}) is there already.", key=setup.key, prefix=setup.prefix
            ),
            message("Give the new programme another key and prefix, or use another database."),
        )


def _check(setup: ProgrammeSetup) -> None:
    if not setup.languages:
        raise Invalid(message("The programme has no language."), message("List them, the main one first: languages."))
    if setup.zone not in available_timezones():
        raise Invalid(
            message("There is no time zone {zone}.", zone=setup.zone), message("Write it like Europe/Vienna.")
        )
    if setup.first_year > setup.last_year:
        raise Invalid(
            message(
                "The programme ends in {last}, before it begins in {first}.",
                last=setup.last_year,
                first=setup.first_year,
            ),
            message("Check first_year and last_year."),
        )
    for field, texts in (("title", setup.title), ("vision", setup.vision), ("funding_notice", setup.funding_notice)):
        checked_texts(texts, field, setup.languages)
    if any(arena.capacity < 1 for arena in setup.arenas):
        raise Invalid(message("A test arena has no place."), message("Give each a capacity of at least 1."))


def _process_version(session: Session, text: str, source: str, at: datetime) -> models.ProcessVersion:
    process = parse(text, source=source)
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = one(session, models.ProcessVersion, key=process.key, version=process.version)
    if known is None:
        known = models.ProcessVersion(key=process.key, version=process.version, text=text, sha256=digest, loaded_at=at)
        session.add(known)
        session.flush()
    elif known.sha256 != digest:
        raise Conflict(
            message(
                "Another text is stored as version {version} of the process {key}.",
                version=process.version,
                key=process.key,
            ),
            message("Give the changed process a higher version."),
        )
    return known


def _store_frame(session: Session, setup: ProgrammeSetup, process: models.ProcessVersion) -> models.Programme:
    row = models.Programme(
        key=setup.key,
        prefix=setup.prefix,
        title=dict(setup.title),
        vision=dict(setup.vision),
        languages=list(setup.languages),
        countries=list(setup.countries),
        funding_notice=dict(setup.funding_notice),
        process_version_id=process.id,
        example=setup.example,
        accent=setup.accent,
        zone=setup.zone,
        first_year=setup.first_year,
        last_year=setup.last_year,
    )
    session.add(row)
    session.flush()
    for position, area in enumerate(setup.areas):
        session.add(
            models.ActionArea(
                programme_id=row.id,
                key=area.key,
                position=position,
                title=dict(area.title),
                description=dict(area.description),
            )
        )
    if setup.funded_project:
        session.add(models.FundedProject(programme_id=row.id, **vars(setup.funded_project)))
    return row


def _store_organisation(session: Session, setup: OrganisationSetup) -> None:
    """An organisation that another programme brought is the same one."""
    if organisations_named(session, setup.name, country=setup.country):
        return
    stored = store_organisation(
        session,
        name=setup.name,
        kind=setup.kind,
        country=setup.country,
        region=setup.region,
        short_name=setup.short_name,
    )
    for alias in setup.aliases:
        session.add(models.OrganisationAlias(organisation_id=stored.id, name=alias))
    session.flush()


def show_programme(db: Database, key: str = "") -> Programme:
    """The programme with this key; without a key the only one there is."""
    with db.read() as session:
        return require_programme(session, key)


def list_programmes(db: Database) -> tuple[str, ...]:
    """The keys of all programmes."""
    with db.read() as session:
        return programme_keys(session)
