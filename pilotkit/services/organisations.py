"""Organisations: add, list, find by name or alias."""

from datetime import datetime

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.audit import record
from pilotkit.db.engine import Database
from pilotkit.db.queries.organisations import all_organisations, organisations_named
from pilotkit.domain.errors import Conflict, Invalid, NotFound, message
from pilotkit.domain.limits import checked_name, checked_text
from pilotkit.domain.permission import Action
from pilotkit.domain.programme import ORGANISATION_KINDS, Organisation
from pilotkit.services.actors import acting

_COUNTRY_LETTERS = 2


def add_organisation(
    db: Database,
    *,
    programme: str,
    name: str,
    kind: str,
    country: str,
    by: str | None,
    at: datetime,
    region: str = "",
    short_name: str = "",
) -> Organisation:
    """Add an organisation.

    Raises:
        Conflict: One of this name is there already.
        Invalid: Kind or country is not known.
    """
    with db.write() as session:
        _, actor = acting(session, programme, by, Action.MANAGE_PEOPLE)
        if organisations_named(session, name, country=country.upper()):
            raise Conflict(
                message("There is already an organisation named {name} in {country}.", name=name, country=country),
                message("Use that one, or add this one under a name that tells them apart."),
            )
        organisation = store_organisation(
            session, name=name, kind=kind, country=country, region=region, short_name=short_name
        )
        record(
            session,
            at=at,
            actor=actor,
            action="organisation.added",
            subject=f"organisation:{organisation.id}",
            payload={"name": organisation.name, "country": organisation.country},
        )
        return organisation


def store_organisation(
    session: Session, *, name: str, kind: str, country: str, region: str = "", short_name: str = ""
) -> Organisation:
    """Store an organisation after checking its parts.

    Raises:
        Invalid: Kind or country is not known.
    """
    if kind not in ORGANISATION_KINDS:
        raise Invalid(
            message("An organisation cannot be of the kind {kind}.", kind=kind[:60]),
            message("Kinds are: {kinds}.", kinds=", ".join(ORGANISATION_KINDS)),
        )
    if len(country) != _COUNTRY_LETTERS or not country.isascii() or not country.isalpha():
        raise Invalid(
            message("{country} is no country code.", country=country[:20]), message("Give two letters, such as SI.")
        )
    row = models.Organisation(
        name=checked_name(name, "name"),
        kind=kind,
        country=country.upper(),
        region=checked_text(region, "region", limit=10),
        short_name=checked_text(short_name, "short name", limit=60),
    )
    session.add(row)
    session.flush()
    return Organisation(id=row.id, name=row.name, kind=kind, country=row.country, region=region, short_name=short_name)


def list_organisations(db: Database) -> tuple[Organisation, ...]:
    """Every organisation, by name."""
    with db.read() as session:
        return all_organisations(session)


def find_organisation(session: Session, name: str, country: str = "") -> Organisation:
    """The organisation with this name or alias, in this country if one is given.

    Raises:
        NotFound: There is none.
        Invalid: There is one in several countries.
    """
    found = organisations_named(session, name, country=country)
    if not found:
        raise NotFound(
            message("There is no organisation named {name}.", name=name[:80]),
            message("Add it first: pilotkit organisation add, or see who there is: pilotkit organisation list"),
        )
    if len(found) > 1:
        raise Invalid(
            message("There is more than one organisation named {name}.", name=name),
            message("Add it under a name that tells them apart."),
        )
    return found[0]
