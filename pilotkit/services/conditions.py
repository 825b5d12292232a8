"""Conditions of a conditional go: met, waived or extended."""

from datetime import date, datetime

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries.rows import one
from pilotkit.domain.errors import Invalid, NotAllowed, NotFound, Refused, message
from pilotkit.domain.limits import checked_text
from pilotkit.domain.permission import Action
from pilotkit.domain.programme import Role
from pilotkit.faults import kill_point
from pilotkit.services.change import Change, changing


def meet_condition(db: Database, code: str, *, number: int, evidence: str, by: str, at: datetime) -> None:
    """Say that a condition is met, and on what evidence.

    Raises:
        NotFound: There is no such condition.
        Refused: It is settled already.
        Invalid: There is no evidence.
    """
    with changing(db, code, by=by, action=Action.SETTLE_CONDITION, at=at) as change:
        row = _open(change, number)
        row.state, row.settled_on = "met", change.today
        row.evidence = checked_text(evidence, "evidence", required=True)
        kill_point("condition.settled")
        change.record("condition.met", number=number, evidence=row.evidence)


def waive_condition(db: Database, code: str, *, number: int, reason: str, by: str, at: datetime) -> None:
    """Waive a condition, with a reason.

    Raises:
        NotFound: There is no such condition.
        NotAllowed: Only the lab waives.
        Refused: It is settled already.
        Invalid: There is no reason.
    """
    with changing(db, code, by=by, action=Action.WAIVE_CRITERION, at=at) as change:
        row = _open(change, number)
        row.state, row.settled_on = "waived", change.today
        row.reason = checked_text(reason, "reason", required=True)
        kill_point("condition.settled")
        change.record("condition.waived", number=number, reason=row.reason)


def extend_condition(db: Database, code: str, *, number: int, until: date, reason: str, by: str, at: datetime) -> None:
    """Move the due date of a condition, with a reason.

    Raises:
        NotFound: There is no such condition.
        Refused: It is settled already.
        Invalid: The new date is not later, or there is no reason.
    """
    with changing(db, code, by=by, action=Action.WAIVE_CRITERION, at=at) as change:
        row = _open(change, number)
        if until <= row.due_on:
            raise Invalid(
                message("The condition is due on {due}; {until} is not later.", due=row.due_on, until=until),
                message("Give a later date."),
            )
        row.due_on = until
        row.reason = checked_text(reason, "reason", required=True)
        change.record("condition.extended", number=number, until=str(until), reason=row.reason)


def _open(change: Change, number: int) -> models.Condition:
    row = one(change.session, models.Condition, pilot_id=change.pilot.id, number=number)
    if row is None:
        raise NotFound(
            message("{code} has no condition {number}.", code=change.pilot.code, number=number),
            message("See them with: pilotkit pilot show {code}", code=change.pilot.code),
        )
    if row.state != "open":
        raise Refused(
            message("Condition {number} is settled already.", number=number), message("There is nothing to do.")
        )
    actor = change.actor
    if actor and actor.id != row.owner_id and not actor.roles & {Role.COORDINATOR, Role.ADMIN}:
        raise NotAllowed(
            message("Condition {number} is somebody else's.", number=number),
            message("Its owner or a coordinator can settle it."),
        )
    return row
