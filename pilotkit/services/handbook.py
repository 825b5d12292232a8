"""Lessons, transferability, and the versions of a pilot's handbook entry."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import get_args

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries.documents import published_facts
from pilotkit.db.queries.rows import one
from pilotkit.domain.dossier import Dossier, PublishedEntry
from pilotkit.domain.errors import Invalid, Refused, message
from pilotkit.domain.gate import may_judge_transferability
from pilotkit.domain.limits import checked_texts
from pilotkit.domain.permission import Action
from pilotkit.domain.pilot import EntryVersion, LessonKind, Pilot, PilotStatus
from pilotkit.domain.process import Process, StageKind
from pilotkit.domain.programme import Programme
from pilotkit.domain.text import Texts
from pilotkit.faults import kill_point
from pilotkit.services.change import Change, changing
from pilotkit.services.organisations import find_organisation

REVIEW_AFTER = timedelta(days=365)
"""A published entry is reviewed after a year."""

_FROZEN = TypeAdapter(Pilot)


def add_lesson(db: Database, code: str, *, kind: LessonKind, text: Texts, by: str, at: datetime) -> int:
    """Write down what was learned; returns the lesson's number.

    Raises:
        Invalid: The kind is unknown or there is no text.
    """
    if kind not in get_args(LessonKind):
        raise Invalid(
            message("There are no lessons of the kind {kind}.", kind=kind),
            message("Kinds are: {kinds}.", kinds=", ".join(get_args(LessonKind))),
        )
    with changing(db, code, by=by, action=Action.WRITE_LESSON, at=at) as change:
        number = len(change.pilot.lessons) + 1
        change.session.add(
            models.Lesson(
                pilot_id=change.pilot.id,
                number=number,
                kind=kind,
                text=_some_text(change, text),
                learned_on=change.today,
                by_id=change.actor.id if change.actor else None,
            )
        )
        change.record("lesson.written", number=number, kind=kind)
        return number


def judge_transferability(db: Database, code: str, *, organisation: str, text: Texts, by: str, at: datetime) -> None:
    """Record an organisation's judgement whether the solution would work there; judging again replaces it.

    Raises:
        Refused: It is not of another country than the lead (where all are of one country: not another organisation).
        Invalid: There is no text.
    """
    with changing(db, code, by=by, action=Action.WRITE_LESSON, at=at) as change:
        judge = find_organisation(change.session, organisation)
        if not may_judge_transferability(change.pilot, judge.country, judge.id):
            raise Refused(
                message("{name} cannot judge the transferability of {code}.", name=judge.name, code=code),
                message("A partner of another country than the lead judges; in one country, another organisation."),
            )
        row = one(change.session, models.Transferability, pilot_id=change.pilot.id, organisation_id=judge.id)
        if row is None:
            row = models.Transferability(pilot_id=change.pilot.id, organisation_id=judge.id)
            change.session.add(row)
        row.text, row.judged_on = _some_text(change, text), change.today
        change.record("transferability.judged", organisation=judge.id)


def _some_text(change: Change, text: Texts) -> dict[str, str]:
    checked = checked_texts(text, "text", change.programme.languages)
    if not checked:
        raise Invalid(message("There is no text."), message("Give it in at least one language: --text TEXT."))
    return checked


def compile_entry(db: Database, code: str, *, at: datetime) -> bool:
    """Begin the draft of the entry's next version in the publication stage; says whether there was anything to do."""
    with changing(db, code, by=None, action=Action.APPROVE_ENTRY, at=at) as change:
        stage_pass = change.pilot.open_pass if change.pilot.in_work else None
        in_publication = stage_pass and change.process.stage(stage_pass.stage).kind is StageKind.PUBLICATION
        if not in_publication or any(entry.published_on is None for entry in change.pilot.entries):
            change.nothing()
            return False
        number = len(change.pilot.entries) + 1
        change.session.add(
            models.EntryVersion(pilot_id=change.pilot.id, number=number, kind="results", compiled_on=change.today)
        )
        kill_point("compile.before")
        change.session.flush()
        kill_point("compile.after")
        change.record("entry.compiled", number=number)
        return True


def publish_entry(db: Database, code: str, *, at: datetime) -> bool:
    """Publish the entry of a pilot that went the whole way; says whether there was anything to do."""
    with changing(db, code, by=None, action=Action.APPROVE_ENTRY, at=at) as change:
        entries = change.pilot.entries
        published = change.pilot.status is PilotStatus.PUBLISHED and not change.pilot.archived
        if not published or not entries or entries[-1].published_on:
            change.nothing()
            return False
        _publish(change, entries[-1])
        return True


def approve_entry(db: Database, code: str, *, by: str, at: datetime) -> None:
    """Publish what was learned from a pilot that was stopped from the trial on.

    Raises:
        Refused: There is no such entry to approve.
    """
    with changing(db, code, by=by, action=Action.APPROVE_ENTRY, at=at) as change:
        latest = change.pilot.entries[-1] if change.pilot.entries else None
        if not change.pilot.status.ended or latest is None or latest.kind != "learned" or latest.published_on:
            raise Refused(
                message("{code} has no entry that waits for approval.", code=code),
                message("See what waits: pilotkit agenda --pilot {code}", code=code),
            )
        _publish(change, latest)


def review_entry(db: Database, code: str, *, by: str, at: datetime) -> None:
    """Confirm that a published entry still holds; the next review is a year later.

    Raises:
        Refused: No entry is published.
    """
    with changing(db, code, by=by, action=Action.APPROVE_ENTRY, at=at) as change:
        latest = change.pilot.entries[-1] if change.pilot.entries else None
        if latest is None or latest.published_on is None:
            raise Refused(message("{code} has no published entry to review.", code=code), message("Publish it first."))
        _row(change, latest).review_on = change.today + REVIEW_AFTER
        change.record("entry.reviewed", number=latest.number)


def _publish(change: Change, entry: EntryVersion) -> None:
    row = _row(change, entry)
    row.published_on, row.review_on = change.today, change.today + REVIEW_AFTER
    row.facts = _FROZEN.dump_json(change.pilot).decode()
    kill_point("publish.before")
    change.session.flush()
    kill_point("publish.after")
    change.record("entry.published", number=entry.number)
    change.books_are_stale()


def _row(change: Change, entry: EntryVersion) -> models.EntryVersion:
    row = one(change.session, models.EntryVersion, pilot_id=change.pilot.id, number=entry.number)
    if row is None:
        raise LookupError(f"entry {entry.number} of {change.pilot.code}")
    return row


def published_entries(
    session: Session, programme: Programme, processes: Mapping[str, Process], pilots: Sequence[Pilot]
) -> tuple[PublishedEntry, ...]:
    """The latest published version of each of these pilots' entries, with the facts that it froze."""
    wanted = {pilot.code: pilot for pilot in pilots}
    published = []
    for code, number, facts in published_facts(session, programme.id):
        if pilot := wanted.get(code):
            frozen = Dossier(
                programme=programme, process=processes[code], pilot=_FROZEN.validate_json(facts), agenda=()
            )
            version = next(entry for entry in pilot.entries if entry.number == number)
            published.append(PublishedEntry(version=version, dossier=frozen))
    return tuple(published)
