"""Decisions at the gates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries.rows import one, some
from pilotkit.domain.decision import (
    NewCondition,
    Resolution,
    Transition,
    check_resolution,
    check_revert,
    deciding_pass,
    transition,
)
from pilotkit.domain.errors import Conflict, Invalid, NotFound, Refused, message
from pilotkit.domain.limits import checked_text
from pilotkit.domain.permission import Action, check_permission
from pilotkit.domain.pilot import Decision, Pilot, PilotStatus, StagePass, Vote
from pilotkit.domain.process import Outcome
from pilotkit.domain.programme import Person, Role
from pilotkit.domain.words import word
from pilotkit.faults import kill_point
from pilotkit.services.change import Change, changing, require_pilot
from pilotkit.services.voting import store_vote


def open_gate(db: Database, code: str) -> str:
    """The name of the gate that can be decided now; give it to ``decide`` to be sure that it is still the same.

    Raises:
        NotFound: There is no such pilot.
        Refused: The pilot has no open gate.
    """
    with db.read() as session:
        return deciding_pass(require_pilot(session, code)).gate


def decide(
    db: Database,
    code: str,
    *,
    gate: str,
    outcome: Outcome,
    rationale: str,
    by: str,
    at: datetime,
    on: date | None = None,
    conditions: Sequence[NewCondition] = (),
    until: date | None = None,
    to_stage: str = "",
) -> Decision:
    """Decide a gate. What it opens stands open at once; flows and documents follow after the commit.

    Args:
        gate: The gate as the decider saw it (``open_gate``): if it was decided meanwhile, nothing changes.
        on: The day of the decision; today when not given.
        conditions: Obligations of a conditional go.
        until: The day of the review of a hold.
        to_stage: Where a recycle leads; the same stage when empty.

    Raises:
        Conflict: Somebody else decided the gate meanwhile; the message shows how.
        Refused: The rules on gates and votes refuse it.
        Invalid: A part is missing, too long, or a date lies where it cannot.
    """
    with changing(db, code, by=by, action=Action.DECIDE, at=at) as change:
        _check_gate(change, gate)
        stage_pass = deciding_pass(change.pilot)
        resolution = Resolution(
            outcome=outcome,
            rationale=rationale,
            on=on or change.today,
            conditions=tuple(conditions),
            until=until,
            to_stage=to_stage,
        )
        _refuse_conflicted(change)
        own = _own_vote(change, stage_pass, resolution)
        judged = _with_vote(change, stage_pass, own) if own else change.pilot
        check_resolution(
            resolution, pilot=judged, process=change.process, programme=change.programme, today=change.today
        )
        if own:
            store_vote(change, stage_pass, own)
        return _apply(change, stage_pass, resolution)


def _check_gate(change: Change, gate: str) -> None:
    stage_pass = change.pilot.open_pass
    if stage_pass and stage_pass.gate == gate:
        return
    decided = [decision for decision in change.pilot.decisions if not decision.reverted]
    if not decided:
        raise Conflict(
            message("The gate {gate} of {code} is not open.", gate=gate, code=change.pilot.code),
            message("Look at the pilot again: pilotkit pilot show {code}", code=change.pilot.code),
        )
    last = decided[-1]
    raise Conflict(
        message(
            "The gate {gate} of {code} has been decided meanwhile: {outcome}, by {person} on {on}.",
            gate=gate,
            code=change.pilot.code,
            outcome=word(last.outcome.value),
            person=last.by.name,
            on=last.decided_on,
        ),
        message(
            "Nothing was changed. Look at it with: pilotkit decision show {code} {number}",
            code=change.pilot.code,
            number=last.number,
        ),
    )


def _refuse_conflicted(change: Change) -> None:
    if change.actor and any(conflict.person.id == change.actor.id for conflict in change.pilot.conflicts):
        raise Refused(
            message("{email} has a conflict of interest on {code}.", email=change.actor.email, code=change.pilot.code),
            message("Another coordinator or decider records the decision."),
        )


def _own_vote(change: Change, stage_pass: StagePass, resolution: Resolution) -> Vote | None:
    """Whoever may vote, has not, and decides, votes by deciding."""
    actor = change.actor
    if actor is None or Role.DECIDER not in actor.roles:
        return None
    if any(cast.person.id == actor.id for cast in stage_pass.current_votes):
        return None
    return Vote(person=actor, outcome=resolution.outcome, on=resolution.on, round=stage_pass.round, recorded_by=actor)


def _with_vote(change: Change, stage_pass: StagePass, cast: Vote) -> Pilot:
    voted = replace(stage_pass, votes=(*stage_pass.votes, cast))
    return replace(change.pilot, passes=tuple(voted if p.id == stage_pass.id else p for p in change.pilot.passes))


def _apply(change: Change, stage_pass: StagePass, resolution: Resolution) -> Decision:
    effect = transition(resolution, pilot=change.pilot, process=change.process)
    decision = _store_decision(change, stage_pass, resolution)
    _store_conditions(change, decision, resolution.conditions, effect)
    _move(change, stage_pass, effect, resolution.on)
    change.record(
        "gate.decided",
        gate=stage_pass.gate,
        number=decision.number,
        outcome=decision.outcome,
        rationale=decision.rationale,
        opens=effect.opens,
        status=effect.status,
    )
    for person in _concerned(change, stage_pass):
        change.tell(person, "decision", number=decision.number)
    return decision


def _store_decision(change: Change, stage_pass: StagePass, resolution: Resolution) -> Decision:
    actor = change.actor
    if actor is None:
        raise Invalid(message("A decision is taken by a person."), message("Say who: --by EMAIL."))
    decision = Decision(
        number=len(change.pilot.decisions) + 1,
        outcome=resolution.outcome,
        decided_on=resolution.on,
        by=actor,
        rationale=resolution.rationale.strip(),
        recorded_at=change.at,
        until=resolution.until,
        to_stage=resolution.to_stage,
    )
    change.session.add(
        models.Decision(
            pilot_id=change.pilot.id,
            stage_pass_id=stage_pass.id,
            round=stage_pass.round,
            number=decision.number,
            outcome=decision.outcome,
            decided_on=decision.decided_on,
            by_id=actor.id,
            rationale=decision.rationale,
            recorded_at=decision.recorded_at,
            until=decision.until,
            to_stage=decision.to_stage,
        )
    )
    kill_point("decision.before")
    change.session.flush()
    kill_point("decision.after")
    return decision


def _decision_row(change: Change, number: int) -> models.Decision:
    row = one(change.session, models.Decision, pilot_id=change.pilot.id, number=number)
    if row is None:
        raise LookupError(f"decision {number} of {change.pilot.code}")
    return row


def _store_conditions(
    change: Change, decision: Decision, conditions: Sequence[NewCondition], effect: Transition
) -> None:
    row = _decision_row(change, decision.number)
    way = {stage.key for stage in change.process.way()}
    for number, condition in enumerate(conditions, start=len(change.pilot.conditions) + 1):
        owner = change.person(condition.owner)
        due_stage = condition.due_stage or effect.opens
        if due_stage not in way:
            raise NotFound(
                message("The process has no stage {stage}.", stage=due_stage[:60]),
                message("It has: {stages}.", stages=", ".join(sorted(way))),
            )
        change.session.add(
            models.Condition(
                pilot_id=change.pilot.id,
                decision_id=row.id,
                number=number,
                text=condition.text.strip(),
                owner_id=owner.id,
                due_on=condition.due_on,
                due_stage=due_stage,
            )
        )
        change.tell(owner, "condition", number=number)
    change.session.flush()
    kill_point("conditions.after")


def _move(change: Change, stage_pass: StagePass, effect: Transition, on: date) -> None:
    """Close, open, release and begin what the transition says."""
    change.row.status = effect.status
    if effect.closes:
        _close(change, stage_pass, on)
    if effect.releases:
        _release_bookings(change, on)
    if effect.opens:
        _open(change, effect.opens, on)
    if effect.entry:
        _begin_entry(change, effect, on)


def _close(change: Change, stage_pass: StagePass, on: date | None) -> None:
    kill_point("pass.close.before")
    change.session.get_one(models.StagePass, stage_pass.id).closed_on = on
    change.session.flush()
    kill_point("pass.close.after")


def _open(change: Change, stage: str, on: date) -> None:
    passes = change.pilot.passes
    change.session.add(
        models.StagePass(
            pilot_id=change.pilot.id,
            stage=stage,
            number=sum(1 for p in passes if p.stage == stage) + 1,
            sequence=len(passes) + 1,
            opened_on=on,
        )
    )
    kill_point("pass.open.before")
    change.session.flush()
    kill_point("pass.open.after")


def _release_bookings(change: Change, on: date) -> None:
    for stage_pass in change.pilot.passes:
        for booking in some(change.session, models.Booking, stage_pass_id=stage_pass.id):
            if booking.last_day >= on:
                booking.state = "released"
    change.session.flush()
    kill_point("bookings.released")


def _begin_entry(change: Change, effect: Transition, on: date) -> None:
    """The entry of an ended pilot: the draft that is there becomes it, or a new one begins."""
    draft = one(change.session, models.EntryVersion, pilot_id=change.pilot.id, published_on=None)
    if draft is None:
        draft = models.EntryVersion(pilot_id=change.pilot.id, number=len(change.pilot.entries) + 1, compiled_on=on)
        change.session.add(draft)
    draft.kind = effect.entry or "note"
    change.session.flush()
    kill_point("entry.after")


def _concerned(change: Change, stage_pass: StagePass) -> tuple[Person, ...]:
    """Who hears of a decision: those who voted, the coordinator and the sponsor, each once."""
    people = [cast.person for cast in stage_pass.current_votes]
    people += [person for person in (change.pilot.coordinator, change.pilot.sponsor) if person]
    return tuple({person.id: person for person in people if person.active}.values())


def revert_decision(
    db: Database, code: str, *, number: int, reason: str, requested_by: str, by: str, at: datetime
) -> Decision:
    """Take back the last decision: the stage that it opened is void, and the gate is open again.

    Bookings that it released stay released: somebody else may have booked the days.

    Args:
        requested_by: The decider who asks for it; an admin (``by``) does it.

    Raises:
        Refused: It is not the last decision that stands.
        Invalid: There is no reason.
    """
    if not reason.strip():
        raise Invalid(message("Reverting a decision needs a reason."), message("Give it with --reason TEXT."))
    reason = checked_text(reason, "reason")
    with changing(db, code, by=by, action=Action.REVERT, at=at) as change:
        check_permission(change.person(requested_by), Action.VOTE)
        decision = check_revert(change.pilot, number)
        stage_pass = next(p for p in change.pilot.passes if decision in p.decisions)
        _undo(change, stage_pass, decision, reason)
        change.record("decision.reverted", number=number, reason=reason, requested_by=change.person(requested_by).id)
        for person in {cast.person.id: cast.person for cast in stage_pass.votes}.values():
            change.tell(person, "decision-reverted", number=number)
        return replace(decision, reverted_on=change.today, revert_reason=reason)


def _undo(change: Change, stage_pass: StagePass, decision: Decision, reason: str) -> None:
    session, pilot = change.session, change.pilot
    row = _decision_row(change, decision.number)
    row.reverted_on = change.today
    row.revert_reason = reason
    for later in some(session, models.StagePass, pilot_id=pilot.id):
        if later.sequence > stage_pass.sequence:
            later.void = True
            for booking in some(session, models.Booking, stage_pass_id=later.id):
                booking.state = "released"
    session.flush()
    kill_point("revert.void")
    _close(change, stage_pass, None)
    for condition in some(session, models.Condition, decision_id=row.id, state="open"):
        condition.state = "void"
    for record in some(session, models.Document, pilot_id=pilot.id, key="gate-record", subject=str(decision.number)):
        record.revision = 0  # to be rendered once more, as reverted
    if pilot.status.ended:
        _take_back_entry(change)
    change.row.status = PilotStatus.ACTIVE
    kill_point("revert.after")


def _take_back_entry(change: Change) -> None:
    """The version that the end of the pilot began (or published) is no entry any more."""
    latest = change.pilot.entries[-1]
    row = one(change.session, models.EntryVersion, pilot_id=change.pilot.id, number=latest.number)
    change.session.delete(row)
    change.session.flush()
