"""Read the audit trail."""

from collections.abc import Iterator
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from pilotkit.db.models.audit import AuditEvent, AuditHead
from pilotkit.domain.audit import Event, Head

_EVENTS = cast(Table, AuditEvent.__table__)
_HEAD = cast(Table, AuditHead.__table__)
_BATCH = 2000


def events(
    session: Session, *, subject: str | None = None, actor: str | None = None, action: str | None = None
) -> Iterator[Event]:
    """The events by rising number, fetched in batches: memory stays flat however long the trail is.

    Args:
        session: A reading session; it must stay open while the events are read.
        subject: Only events about this subject.
        actor: Only events by this actor.
        action: Only this action.
    """
    query = select(*(_EVENTS.c[name] for name in Event._fields)).order_by(_EVENTS.c.seq)
    for column, wanted in ((_EVENTS.c.subject, subject), (_EVENTS.c.actor, actor), (_EVENTS.c.action, action)):
        if wanted is not None:
            query = query.where(column == wanted)
    with session.execute(query, execution_options={"yield_per": _BATCH}) as rows:
        for row in rows:
            yield cast(Event, row)


def head(session: Session) -> Head | None:
    """The end of the chain, or ``None`` when its row is gone."""
    row = session.execute(select(_HEAD.c.seq, _HEAD.c.hash)).one_or_none()
    return None if row is None else Head(*row)
