"""Read and verify the audit trail."""

from collections.abc import Callable, Iterator

from pilotkit.db.engine import Database
from pilotkit.db.queries import audit as queries
from pilotkit.domain.audit import Event, FirstBad, verify


def events(db: Database, *, subject: str | None = None, action: str | None = None) -> tuple[Event, ...]:
    """The events about a subject (a pilot's code) or of an action, the first one first."""
    with db.read() as session:
        return tuple(queries.events(session, subject=subject, action=action))


def verify_trail(db: Database, *, on_event: Callable[[], None] = lambda: None) -> FirstBad | None:
    """Check the whole chain; returns the first row that was edited, deleted, inserted or moved, if there is one."""
    with db.read() as session:

        def counted() -> Iterator[Event]:
            for event in queries.events(session):
                on_event()
                yield event

        return verify(counted(), queries.head(session))
