"""Read what published entries froze."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pilotkit.db import models


def published_facts(session: Session, programme_id: int) -> tuple[tuple[str, int, str], ...]:
    """The latest published version of every pilot's entry: code, number of the version, and the facts that it froze."""
    table = models.EntryVersion
    query = (
        select(models.Pilot.code, table.number, table.facts)
        .join(models.Pilot, models.Pilot.id == table.pilot_id)
        .where(models.Pilot.programme_id == programme_id, table.published_on.is_not(None))
        .order_by(models.Pilot.id, table.number)
    )
    latest = {code: (code, number, frozen) for code, number, frozen in session.execute(query)}
    return tuple(latest.values())
