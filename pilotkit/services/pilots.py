"""Pilots: hand in, edit, archive, resume, list and show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import get_args
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries.agenda import stored_agenda
from pilotkit.db.queries.pilots import pilot_lines, pilots_by_id
from pilotkit.db.queries.programmes import load_process_by_id, load_programme_by_id
from pilotkit.db.queries.rows import lock, one, some
from pilotkit.domain.decision import deciding_pass
from pilotkit.domain.dossier import Dossier, PilotLine
from pilotkit.domain.errors import Invalid, NotFound, Refused, message
from pilotkit.domain.limits import checked_budget, checked_currency, checked_name, checked_text, checked_texts
from pilotkit.domain.permission import Action, check_permission
from pilotkit.domain.pilot import PartnerRole, Pilot, PilotStatus
from pilotkit.domain.programme import Programme
from pilotkit.domain.text import Texts
from pilotkit.services.actors import require_programme
from pilotkit.services.change import Change, changing, find_person, require_pilot
from pilotkit.services.organisations import find_organisation

TEXT_FIELDS = ("title", "summary", "problem", "approach", "needs")
"""The texts of a pilot, kept per language."""


@dataclass(frozen=True, kw_only=True)
class PartnerPart:
    """An organisation (by name) and its part in a pilot; ``country`` tells organisations of the same name apart."""

    organisation: str
    role: PartnerRole
    country: str = ""
    budget: Decimal | None = None
    currency: str = "EUR"


@dataclass(frozen=True, kw_only=True)
class Idea:
    """What is handed in: a pilot before it exists. People by e-mail address; only the title is needed to begin.

    ``languages`` are further ones in which its texts may stand beside those of the programme: an import's originals.
    """

    title: Texts
    area: str
    summary: Texts | None = None
    problem: Texts | None = None
    approach: Texts | None = None
    needs: Texts | None = None
    partners: Sequence[PartnerPart] = ()
    coordinator: str = ""
    sponsor: str = ""
    submitter: str = ""
    starts: date | None = None
    ends: date | None = None
    budget: Decimal | None = None
    currency: str = "EUR"
    languages: Sequence[str] = ()
    source: str = ""
    source_key: str | None = None


def new_pilot(db: Database, *, programme: str = "", idea: Idea, by: str | None, at: datetime) -> Pilot:
    """Hand in an idea: the pilot gets a code and stands in the first stage.

    Raises:
        NotFound: Programme, action area, organisation or person do not exist.
        Invalid: There is no title, or a value breaks a limit.
    """
    with db.write() as session:
        lock(session, models.Programme, require_programme(session, programme).id)
        # People may have come and gone while this waited for the lock, so the programme is read after it.
        return store_ideas(session, require_programme(session, programme), [idea], by=by, at=at)[0]


def store_ideas(
    session: Session, programme: Programme, ideas: Sequence[Idea], *, by: str | None, at: datetime
) -> tuple[Pilot, ...]:
    """Store ideas inside a transaction that somebody else commits; many at once cost far less than one by one.

    Raises:
        NotFound: An action area, organisation or person does not exist.
        Invalid: There is no title, or a value breaks a limit.
    """
    actor = find_person(programme, by) if by is not None else None
    check_permission(actor, Action.NEW_PILOT)
    frame = lock(session, models.Programme, programme.id)
    process = load_process_by_id(session, frame.process_version_id)
    rows = [_store(session, programme, frame, idea, stage=process.first, at=at) for idea in ideas]
    handed_in = pilots_by_id(session, (row.id for row in rows))
    changes = [Change(session, row, handed_in[row.id], programme, process, actor, at) for row in rows]
    for change, idea in zip(changes, ideas, strict=True):
        change.record("pilot.created", title=dict(change.row.title), area=idea.area)
        change.books_are_stale()
        change.raise_revision()
    stored = pilots_by_id(session, (row.id for row in rows))
    for change in changes:
        change.follow(stored[change.row.id])
    return tuple(stored[row.id] for row in rows)


def _store(
    session: Session, programme: Programme, frame: models.Programme, idea: Idea, *, stage: str, at: datetime
) -> models.Pilot:
    on = at.astimezone(ZoneInfo(programme.zone)).date()
    texts = {field: getattr(idea, field) or {} for field in TEXT_FIELDS}
    row = models.Pilot(
        code=f"{programme.prefix}-{frame.next_pilot:03d}",
        programme_id=programme.id,
        process_version_id=frame.process_version_id,
        area_id=_area(session, programme, idea.area),
        status=PilotStatus.ACTIVE,
        revision=0,
        created_on=on,
        changed_at=at,
        budget=checked_budget(idea.budget),
        currency=checked_currency(idea.currency),
        source=idea.source,
        source_key=idea.source_key,
        **_texts(texts, (*programme.languages, *idea.languages)),
        **_period(idea.starts, idea.ends),
        **_people(programme, idea),
    )
    if not row.title:
        raise Invalid(message("A pilot needs a title."), message("Give it in at least one language: --title TEXT."))
    frame.next_pilot += 1
    session.add(row)
    session.flush()
    session.add(models.StagePass(pilot_id=row.id, stage=stage, number=1, sequence=1, opened_on=on))
    for part in idea.partners:
        _join(session, row.id, part, on)
    session.flush()
    return row


def edit_pilot(
    db: Database,
    code: str,
    *,
    by: str,
    at: datetime,
    texts: Mapping[str, Texts] | None = None,
    area: str = "",
    coordinator: str | None = None,
    sponsor: str | None = None,
    starts: date | None = None,
    ends: date | None = None,
    budget: Decimal | None = None,
    join: Sequence[PartnerPart] = (),
    leave: Sequence[str] = (),
) -> Pilot:
    """Change a pilot's texts, dates, people and partners. What is not given stays; languages not given stay, too.

    Args:
        texts: Field of ``TEXT_FIELDS`` to the versions that change; an empty version removes that language.
        coordinator: E-mail address; empty text removes the coordinator.
        sponsor: E-mail address; empty text removes the sponsor.
        join: Partners that join today.
        leave: Names of organisations that leave today.

    Raises:
        NotFound: Somebody or something that is named does not exist.
        Invalid: A value breaks a limit.
    """
    with changing(db, code, by=by, action=Action.EDIT_PILOT, at=at) as change:
        session, row, programme = change.session, change.row, change.programme
        _edit_texts(change, texts or {})
        if area:
            row.area_id = _area(session, programme, area)
        if coordinator is not None:
            row.coordinator_id = find_person(programme, coordinator).id if coordinator else None
        if sponsor is not None:
            row.sponsor_id = find_person(programme, sponsor).id if sponsor else None
        if budget is not None:
            row.budget = checked_budget(budget)
        for name, value in _period(starts or row.starts, ends or row.ends).items():
            setattr(row, name, value)
        for part in join:
            _join(session, row.id, part, change.today)
        for name in leave:
            _leave(change, name)
        fields = sorted(texts or {})
        change.record("pilot.edited", fields=fields, join=[p.organisation for p in join], leave=list(leave))
    return show(db, code).pilot


def _edit_texts(change: Change, texts: Mapping[str, Texts]) -> None:
    for field, versions in texts.items():
        if field not in TEXT_FIELDS:
            raise Invalid(
                message("A pilot has no text {field}.", field=field),
                message("It has: {fields}.", fields=", ".join(TEXT_FIELDS)),
            )
        present = getattr(change.row, field)
        languages = (*change.programme.languages, *present)  # an import may have brought others
        setattr(change.row, field, _texts({field: {**present, **versions}}, languages)[field])
    if not change.row.title:
        raise Invalid(message("A pilot needs a title."), message("Leave it in at least one language."))


def archive_pilot(db: Database, code: str, *, reason: str, by: str, at: datetime, undo: bool = False) -> Pilot:
    """Put a pilot away: it leaves lists, agendas and books, and stays readable. ``undo`` takes it out again.

    Raises:
        Invalid: There is no reason.
        Refused: It is there already.
    """
    with changing(db, code, by=by, action=Action.EDIT_PILOT, at=at, archived=True) as change:
        if change.pilot.archived is not undo:
            state = (
                message("{code} is archived already.", code=code)
                if not undo
                else message("{code} is not archived.", code=code)
            )
            raise Refused(state, message("There is nothing to do."))
        change.row.archived = not undo
        change.record(
            "pilot.restored" if undo else "pilot.archived", reason=checked_text(reason, "reason", required=True)
        )
        change.books_are_stale()
    return show(db, code).pilot


def resume_pilot(db: Database, code: str, *, reason: str, by: str, at: datetime) -> Pilot:
    """End a hold: the pilot is active again in the stage where it stood.

    Raises:
        Refused: The pilot is not on hold.
        Invalid: There is no reason.
    """
    with changing(db, code, by=by, action=Action.DECIDE, at=at) as change:
        deciding_pass(change.pilot)
        if change.pilot.status is not PilotStatus.ON_HOLD:
            raise Refused(message("{code} is not on hold.", code=code), message("There is nothing to resume."))
        change.row.status = PilotStatus.ACTIVE
        change.record("pilot.resumed", reason=checked_text(reason, "reason", required=True))
    return show(db, code).pilot


def show(db: Database, code: str) -> Dossier:
    """A pilot with its frame and its agenda as stored.

    Raises:
        NotFound: There is no such pilot.
    """
    with db.read() as session:
        return dossier(session, code)


def dossier(session: Session, code: str) -> Dossier:
    """A pilot with its frame and its agenda as stored, read in a transaction that is there."""
    pilot = require_pilot(session, code)
    row = session.get_one(models.Pilot, pilot.id)
    return Dossier(
        programme=load_programme_by_id(session, row.programme_id),
        process=load_process_by_id(session, row.process_version_id),
        pilot=pilot,
        agenda=stored_agenda(session, pilot),
    )


def list_pilots(db: Database, *, programme: str = "", archived: bool = False) -> tuple[PilotLine, ...]:
    """The pilots of a programme (of all when no key is given) with their stage and open agenda."""
    with db.read() as session:
        wanted = require_programme(session, programme).id if programme else None
        return tuple(line for line in pilot_lines(session, wanted) if archived or not line.archived)


def _area(session: Session, programme: Programme, key: str) -> int:
    wanted = key or (programme.areas[0].key if len(programme.areas) == 1 else "")
    row = one(session, models.ActionArea, programme_id=programme.id, key=wanted)
    if row is None:
        raise NotFound(
            message(
                "The programme {programme} has no action area {key}.", programme=programme.key, key=key[:60] or "''"
            ),
            message("It has: {keys}.", keys=", ".join(area.key for area in programme.areas)),
        )
    return row.id


def _texts(texts: Mapping[str, Texts], languages: tuple[str, ...]) -> dict[str, dict[str, str]]:
    checked = {field: checked_texts(versions, field, languages) for field, versions in texts.items()}
    if "title" in checked:
        checked["title"] = {language: checked_name(text, "title") for language, text in checked["title"].items()}
    return checked


def _period(starts: date | None, ends: date | None) -> dict[str, date | None]:
    if starts and ends and ends < starts:
        raise Invalid(
            message("The pilot would end on {ends}, before it starts on {starts}.", ends=ends, starts=starts),
            message("Check the two dates."),
        )
    return {"starts": starts, "ends": ends}


def _people(programme: Programme, idea: Idea) -> dict[str, int | None]:
    named = {"coordinator_id": idea.coordinator, "sponsor_id": idea.sponsor, "submitter_id": idea.submitter}
    return {column: find_person(programme, email).id if email else None for column, email in named.items()}


def _join(session: Session, pilot_id: int, part: PartnerPart, on: date) -> None:
    if part.role not in get_args(PartnerRole):
        raise Invalid(
            message("A partner cannot have the role {role}.", role=part.role),
            message("Roles are: {roles}.", roles=", ".join(get_args(PartnerRole))),
        )
    organisation = find_organisation(session, part.organisation, part.country)
    active = some(session, models.Partner, pilot_id=pilot_id, left_on=None)
    if any(member.organisation_id == organisation.id and member.role == part.role for member in active):
        raise Refused(
            message("{name} is a partner in this role already.", name=organisation.name),
            message("There is nothing to do."),
        )
    if part.role == "lead" and any(member.role == "lead" for member in active):
        raise Refused(message("There is a lead partner already."), message("Let the present one leave the role first."))
    session.add(
        models.Partner(
            pilot_id=pilot_id,
            organisation_id=organisation.id,
            role=part.role,
            joined_on=on,
            budget=checked_budget(part.budget),
            currency=checked_currency(part.currency),
        )
    )
    session.flush()


def _leave(change: Change, name: str) -> None:
    organisation = find_organisation(change.session, name)
    place = {"pilot_id": change.pilot.id, "organisation_id": organisation.id, "left_on": None}
    rows = some(change.session, models.Partner, **place)
    if not rows:
        raise NotFound(
            message("{name} is no partner of {code}.", name=organisation.name, code=change.pilot.code),
            message("See its partners with: pilotkit pilot show {code}", code=change.pilot.code),
        )
    for row in rows:
        row.left_on = change.today
