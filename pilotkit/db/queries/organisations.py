"""Read organisations."""

from collections.abc import Iterable, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.models.organisation import folded
from pilotkit.db.queries.rows import by_id, fresh
from pilotkit.domain.programme import Organisation


def organisations_by_id(session: Session, numbers: Iterable[int]) -> Mapping[int, Organisation]:
    """Organisations by their numbers."""
    return {number: _organisation(row) for number, row in by_id(session, models.Organisation, numbers).items()}


def organisations_named(session: Session, name: str, *, country: str = "") -> tuple[Organisation, ...]:
    """The organisations with this name or alias; letter case and runs of spaces do not count.

    A name is unique within a country only, so there can be several; an organisation's own name wins over aliases.
    """
    alias = select(models.OrganisationAlias.organisation_id).where(models.OrganisationAlias.folded == folded(name))
    query = select(models.Organisation).where(
        or_(models.Organisation.folded == folded(name), models.Organisation.id.in_(alias))
    )
    if country:
        query = query.where(models.Organisation.country == country)
    rows = tuple(fresh(session, query.order_by(models.Organisation.id)))
    own = tuple(row for row in rows if row.folded == folded(name))
    return tuple(_organisation(row) for row in own or rows)


def all_organisations(session: Session) -> tuple[Organisation, ...]:
    """Every organisation, by name."""
    query = select(models.Organisation).order_by(models.Organisation.folded, models.Organisation.id)
    return tuple(_organisation(row) for row in fresh(session, query))


def organisation_names(session: Session) -> Mapping[tuple[str, str], int]:
    """Numbers by (folded name, country), own names before aliases: for an import, which looks up thousands of names."""
    aliases = (
        select(models.OrganisationAlias.folded, models.Organisation.country, models.Organisation.id)
        .join_from(
            models.OrganisationAlias,
            models.Organisation,
            models.OrganisationAlias.organisation_id == models.Organisation.id,
        )
        .order_by(models.OrganisationAlias.id.desc())
    )
    own = select(models.Organisation.folded, models.Organisation.country, models.Organisation.id)
    return {(name, country): number for query in (aliases, own) for name, country, number in session.execute(query)}


def _organisation(row: models.Organisation) -> Organisation:
    return Organisation(
        id=row.id,
        name=row.name,
        kind=row.kind,
        country=row.country,
        region=row.region,
        short_name=row.short_name,
    )
