"""The one door through which a pilot changes: state, audit, agenda and outgoing messages in one transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.audit import record as record_event
from pilotkit.db.engine import Database
from pilotkit.db.outbox import enqueue
from pilotkit.db.queries.agenda import merge_agenda
from pilotkit.db.queries.pilots import load_pilot, lock_pilot
from pilotkit.db.queries.programmes import load_process_by_id, load_programme_by_id, raise_revision
from pilotkit.domain.agenda import AgendaItem
from pilotkit.domain.errors import NotFound, Refused, message
from pilotkit.domain.permission import Action, check_permission
from pilotkit.domain.pilot import Pilot
from pilotkit.domain.planning import agenda
from pilotkit.domain.process import Process
from pilotkit.domain.programme import Person, Programme
from pilotkit.faults import kill_point


@dataclass
class Change:
    """A change of one pilot while it is being made.

    Attributes:
        row: The pilot's row, locked until the transaction ends.
        pilot: The facts before the change.
        actor: Who makes it; none when pilotkit does it itself.
        at: The instant of the change; ``today`` is its day in the programme's zone.
    """

    session: Session
    row: models.Pilot
    pilot: Pilot
    programme: Programme
    process: Process
    actor: Person | None
    at: datetime
    _events: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    _letters: list[tuple[Person, str, Mapping[str, object]]] = field(default_factory=list)
    _idle: bool = False
    _stale: bool = False

    @property
    def today(self) -> date:
        """The day of the change in the programme's zone."""
        return self.at.astimezone(ZoneInfo(self.programme.zone)).date()

    def record(self, action: str, **payload: object) -> None:
        """Note an event for the audit; it is written at the end of the transaction."""
        self._events.append((action, payload))

    def tell(self, person: Person, kind: str, **payload: object) -> None:
        """Note a message to a person; it is written to the outbox at the end of the transaction."""
        self._letters.append((person, kind, payload))

    def nothing(self) -> None:
        """Say that there is nothing to change: a step that was done before writes nothing at all."""
        self._idle = True

    def books_are_stale(self) -> None:
        """Say that the programme's books show something that changed; a change of stage or status says so by itself."""
        self._stale = True

    def person(self, email: str) -> Person:
        """Somebody of the programme.

        Raises:
            NotFound: Nobody of the programme has this address.
        """
        return find_person(self.programme, email)

    def finish(self) -> None:
        """Write what follows from the change: revision, agenda, messages and audit."""
        if self._idle:
            return
        self.raise_revision()
        self.follow(require_pilot(self.session, self.pilot.code))

    def raise_revision(self) -> None:
        """Write the changed facts under the pilot's next revision: the first half of ``finish``."""
        kill_point("change.facts.before")
        self.session.flush()
        kill_point("change.facts.after")
        self.row.revision += 1
        self.row.changed_at = max(self.at, self.pilot.changed_at)
        self.session.flush()
        kill_point("change.revision.after")

    def follow(self, after: Pilot) -> None:
        """Write agenda, messages and audit: the second half of ``finish``, for whoever reads many pilots at once.

        Args:
            after: The facts after the change.
        """
        if self._stale or (after.status, _stages(after)) != (self.pilot.status, _stages(self.pilot)):
            self._mark_books_stale()
        for item in refresh_agenda(self.session, after, self.process, self.programme, self.at):
            if item.owner:
                self.tell(item.owner, "agenda-item", item=item.key)
        self._post(after.revision)
        for action, payload in self._events:
            record_event(
                self.session,
                at=self.at,
                actor=f"person:{self.actor.id}" if self.actor else "pilotkit",
                action=action,
                subject=self.pilot.code,
                payload=payload,
            )
        kill_point("change.audit.after")

    def _mark_books_stale(self) -> None:
        kill_point("change.books.before")
        raise_revision(self.session, self.programme.id)
        kill_point("change.books.after")

    def _post(self, revision: int) -> None:
        kill_point("change.outbox.before")
        for number, (person, kind, payload) in enumerate(self._letters):
            enqueue(
                self.session,
                key=f"{self.pilot.code}:{revision}:{number}",
                at=self.at,
                kind=kind,
                recipient=person.id,
                pilot=self.pilot.id,
                payload=payload,
            )
        self.session.flush()
        kill_point("change.outbox.after")


@contextmanager
def changing(
    db: Database, code: str, *, by: str | None, action: Action, at: datetime, archived: bool = False
) -> Iterator[Change]:
    """Change one pilot: locked, judged on its facts, and committed as a whole or not at all.

    Args:
        code: The pilot's code.
        by: E-mail address of the person who makes the change; ``None`` means pilotkit itself.
        action: What the person must be allowed to do.
        at: The instant of the change.
        archived: Whether an archived pilot may change in this way.

    Raises:
        NotFound: There is no such pilot, or nobody with this address.
        NotAllowed: The person may not do this.
        Refused: The pilot is archived.
        Conflict: Somebody else changed the pilot at the same time.
    """
    with db.write() as session:
        change = open_change(session, code, by=by, action=action, at=at)
        if change.actor and not archived:
            _refuse_archived(change.pilot)
        yield change
        change.finish()


def open_change(session: Session, code: str, *, by: str | None, action: Action, at: datetime) -> Change:
    """Begin a change inside a transaction that somebody else commits (an import changes many pilots in one)."""
    row = lock_pilot(session, code)
    if row is None:
        raise unknown_pilot(code)
    kill_point("change.locked")
    pilot = require_pilot(session, code)
    programme = load_programme_by_id(session, row.programme_id)
    process = load_process_by_id(session, row.process_version_id)
    actor = find_person(programme, by) if by is not None else None
    check_permission(actor, action)
    return Change(session, row, pilot, programme, process, actor, at)


def refresh_agenda(
    session: Session, pilot: Pilot, process: Process, programme: Programme, at: datetime
) -> tuple[AgendaItem, ...]:
    """Store the agenda that follows from the facts, and return the items that are new."""
    kill_point("change.agenda.before")
    opened = merge_agenda(session, pilot.id, agenda(pilot, process, programme), at)
    session.flush()
    kill_point("change.agenda.after")
    return opened


def require_pilot(session: Session, code: str) -> Pilot:
    """The pilot's facts.

    Raises:
        NotFound: There is no such pilot.
    """
    pilot = load_pilot(session, code)
    if pilot is None:
        raise unknown_pilot(code)
    return pilot


def _refuse_archived(pilot: Pilot) -> None:
    if pilot.archived:
        raise Refused(
            message("{code} is archived and cannot change any more.", code=pilot.code),
            message("Take it out of the archive first: pilotkit pilot archive {code} --undo", code=pilot.code),
        )


def find_person(programme: Programme, email: str) -> Person:
    """Somebody of the programme, by e-mail address in any letter case.

    Raises:
        NotFound: Nobody of the programme has this address.
    """
    wanted = email.strip().casefold()
    for person in programme.people:
        if person.email.casefold() == wanted:
            return person
    raise NotFound(
        message(
            "Nobody in the programme {programme} has the address {email}.", programme=programme.key, email=email[:80]
        ),
        message("See who there is with: pilotkit person list"),
    )


def unknown_pilot(code: str) -> NotFound:
    """The error for a code that no pilot has."""
    return NotFound(
        message("There is no pilot {code}.", code=code[:40]), message("See which there are with: pilotkit pilot list")
    )


def _stages(pilot: Pilot) -> tuple[tuple[str, int], ...]:
    return tuple((stage_pass.stage, stage_pass.number) for stage_pass in pilot.valid_passes)
