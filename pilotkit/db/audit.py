"""Append to the audit trail, within the transaction of the change that is recorded."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from pilotkit.db.models.audit import AuditEvent, AuditHead
from pilotkit.domain.audit import Head, seal
from pilotkit.domain.errors import Unavailable, message
from pilotkit.faults import kill_point

_EVENTS = cast(Table, AuditEvent.__table__)
_HEAD = cast(Table, AuditHead.__table__)


def record(
    session: Session, *, at: datetime, actor: str, action: str, subject: str, payload: Mapping[str, object]
) -> None:
    """Append one event; it stands or falls with the session's transaction.

    The head of the chain stays locked until that transaction ends, so whoever appends next waits: record late in a use
    case, after its checks.

    Args:
        session: A writing session.
        at: When it happened.
        actor: The pseudonymous id of the person, or ``pilotkit``.
        action: What was done, as noun and verb: ``gate.decided``.
        subject: What it was done to, for example a pilot's code.
        payload: The details; plain JSON values, times and decimals as text.

    Raises:
        Invalid: A value cannot stand in the trail.
        Unavailable: The head of the chain is gone.
    """
    session.flush()
    kill_point("audit.before")
    event = seal(_locked_head(session), at=at, actor=actor, action=action, subject=subject, payload=payload)
    session.execute(insert(_EVENTS), event._asdict())
    kill_point("audit.between")
    session.execute(update(_HEAD).values(seq=event.seq, hash=event.hash))
    kill_point("audit.after")


def _locked_head(session: Session) -> Head:
    row = session.execute(select(_HEAD.c.seq, _HEAD.c.hash).with_for_update()).one_or_none()
    if row is None:
        raise Unavailable(
            message("The head of the audit trail is missing from the database."),
            message("Somebody changed the database by hand: run 'pilotkit audit verify' and restore a backup."),
        )
    return Head(*row)
