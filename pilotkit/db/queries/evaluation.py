"""Read who has how many scoresheets to fill in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pilotkit.db import models


def open_sheets(session: Session, programme_id: int) -> dict[int, int]:
    """Number of sheets not handed in, by the number of the evaluator."""
    sheets, passes, pilots = models.Scoresheet, models.StagePass, models.Pilot
    query = (
        select(sheets.evaluator_id)
        .join(passes, passes.id == sheets.stage_pass_id)
        .join(pilots, pilots.id == passes.pilot_id)
        .where(pilots.programme_id == programme_id, sheets.submitted_on.is_(None), ~sheets.withdrawn)
        .where(passes.closed_on.is_(None), ~passes.void)
    )
    counts: dict[int, int] = {}
    for evaluator in session.scalars(query):
        counts[evaluator] = counts.get(evaluator, 0) + 1
    return counts
