"""Computes the agenda: which steps of a pilot are still to do, by whom and by when, from the facts alone.

The function does not know what day it is. Flows run the automatic items, people do the others; reminders, action plan
and pages read the same list.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from pilotkit.domain.agenda import AgendaItem, Step, Task
from pilotkit.domain.gate import Readiness, eligible_deciders, readiness, tally
from pilotkit.domain.pilot import Pilot, PilotStatus, StagePass
from pilotkit.domain.plan import Here, Plan, task_here
from pilotkit.domain.process import Outcome, Process, StageKind
from pilotkit.domain.programme import Person, Programme, Role
from pilotkit.domain.stage_work import KINDS
from pilotkit.domain.text import Message, message, wording
from pilotkit.domain.words import word

LIVING_DOCUMENTS = ("project-sheet", "action-plan", "handbook-entry")
"""Documents that follow every change; the others record an event and are rendered once."""

_REVIEW_NOTICE = timedelta(days=30)


def agenda(pilot: Pilot, process: Process, programme: Programme) -> tuple[AgendaItem, ...]:
    """Every step still to do for this pilot, in the order in which they are due."""
    if pilot.archived:
        return ()
    plan = Plan(pilot=pilot, process=process, programme=programme)
    items = (*_work(plan), *_documents(plan))
    return tuple(sorted(items, key=lambda item: (item.due_on, item.opens_on, item.key)))


def _work(plan: Plan) -> Iterator[AgendaItem]:
    stage_pass = plan.pilot.open_pass
    if plan.pilot.status is PilotStatus.ON_HOLD and stage_pass:
        yield from _hold_review(plan, stage_pass)
    elif stage_pass:
        here = Here(plan.process.stage(stage_pass.stage), stage_pass)
        yield from _opening(plan, here)
        yield from KINDS[here.stage.kind](plan, here)
        yield from _gate(plan, here)
    else:
        yield from _entry(plan)
    if plan.pilot.status is PilotStatus.ACTIVE:
        yield from _conditions(plan)


def _hold_review(plan: Plan, stage_pass: StagePass) -> Iterator[AgendaItem]:
    until = plan.pilot.hold_until or stage_pass.opened_on
    yield plan.task(
        Task.HOLD_REVIEW,
        f"{stage_pass.stage}.{stage_pass.number}.{stage_pass.round}",
        stage_pass.stage,
        message("Review the hold"),
        opens_on=until,
        due_on=until,
        owner=plan.coordinator,
        role=Role.COORDINATOR,
        command=f"pilot resume {plan.pilot.code} --reason TEXT",
    )


def _opening(plan: Plan, here: Here) -> Iterator[AgendaItem]:
    if here.stage_pass.prepared_on is None:
        title = message("Open the stage {stage}", stage=wording(here.stage.title))
        yield plan.step(Step.OPEN_STAGE, here.subject, here.stage.key, title, here.stage_pass.opened_on)


def _gate(plan: Plan, here: Here) -> Iterator[AgendaItem]:
    state = readiness(plan.pilot, plan.process, here.stage_pass)
    yield from _criteria(plan, here, state)
    eligible = eligible_deciders(plan.pilot, plan.programme)
    count = tally(here.stage_pass.current_votes, here.stage.gate, eligible)
    if not count.reachable:
        yield task_here(
            plan,
            here,
            Task.QUORUM,
            message("Appoint deciders"),
            missing=(
                message(
                    "The quorum of {quorum} cannot be reached: {eligible} deciders may vote.",
                    quorum=count.quorum,
                    eligible=count.eligible,
                ),
            ),
            command="person add --role decider",
        )
    if state.ready or count.carried:
        yield from _voting(plan, here, state, eligible)


def _criteria(plan: Plan, here: Here, state: Readiness) -> Iterator[AgendaItem]:
    for line in state.lines:
        criterion = line.criterion
        if not line.blocks:
            continue
        if criterion.shown_by:
            if not line.missing:
                title = message("Check: {title}", title=wording(criterion.title))
                subject = f"{here.subject}/{criterion.key}"
                yield plan.step(Step.CHECK, subject, here.stage.key, title, here.stage_pass.opened_on)
            continue
        country = f" --country {line.country}" if line.country else ""
        authority = " --authority TEXT" if criterion.legal else ""
        yield task_here(
            plan,
            here,
            Task.SHOW_CRITERION,
            message("Confirm again: {title}", title=wording(criterion.title))
            if line.state == "to confirm"
            else message("Show: {title}", title=wording(criterion.title)),
            detail=f"{criterion.key}/{line.country}".rstrip("/"),
            due_on=_legal_due(plan, here) if criterion.legal else None,
            missing=(message("For {country}", country=line.country),) if line.country else (),
            command=f"criterion meet {plan.pilot.code} {criterion.key}{country}{authority} --evidence TEXT",
        )


def _legal_due(plan: Plan, here: Here) -> date | None:
    """What the law requires of a trial must be settled before it starts, not by its gate."""
    if here.stage.kind is not StageKind.TRIAL:
        return None
    return plan.after(here.stage_pass.opened_on, here.stage.allowance(Task.START_TRIAL), plan.coordinator)


def _voting(plan: Plan, here: Here, state: Readiness, eligible: tuple[Person, ...]) -> Iterator[AgendaItem]:
    """Votes of those who have not cast one, and the decision once the votes carry an outcome or all have voted."""
    stage_pass, code = here.stage_pass, plan.pilot.code
    shown = [line.record.on for line in state.lines if line.record]
    ready_on = max([stage_pass.opened_on, *shown])
    votes = stage_pass.current_votes
    voted = {vote.person.id for vote in votes}
    round_ = f"{stage_pass.round}"
    count = tally(votes, here.stage.gate, eligible)
    if not count.carried:
        for person in eligible:
            if person.id not in voted:
                yield task_here(
                    plan,
                    here,
                    Task.VOTE,
                    message("Vote on the gate"),
                    detail=f"{round_}/{person.id}",
                    owner=person,
                    role=Role.DECIDER,
                    opens_on=ready_on,
                    due_on=plan.after(ready_on, here.stage.gate.working_days, person),
                    command=f"vote {code} --outcome OUTCOME --by {person.email}",
                )
    if count.carried or (count.reachable and all(person.id in voted for person in eligible)):
        decided_on = max([ready_on, *(vote.on for vote in votes)])
        yield task_here(
            plan,
            here,
            Task.DECIDE,
            message("Record the decision of the gate"),
            detail=round_,
            opens_on=decided_on,
            due_on=plan.after(decided_on, here.stage.gate.working_days, None),
            missing=_missing_for(count.carried, state),
            command=f"decide {code} --outcome {count.carried or 'OUTCOME'} --rationale TEXT --by EMAIL",
        )


def _missing_for(carried: Outcome | None, state: Readiness) -> tuple[Message, ...]:
    """What stands against recording what the votes carry; a gate that is not ready refuses only to let pass."""
    if carried is None:
        return (message("The votes are divided: nothing is carried until one changes."),)
    return state.missing if carried.advances else ()


def _conditions(plan: Plan) -> Iterator[AgendaItem]:
    for condition in plan.pilot.conditions:
        if condition.state == "open":
            decided = next(d for d in plan.pilot.decisions if d.number == condition.decision)
            yield plan.task(
                Task.CONDITION,
                str(condition.number),
                condition.due_stage,
                message("Meet the condition: {text}", text=condition.text),
                opens_on=decided.decided_on,
                due_on=condition.due_on,
                owner=condition.owner,
                role=Role.PARTNER,
                command=f"condition meet {plan.pilot.code} {condition.number} --evidence TEXT",
            )


def _entry(plan: Plan) -> Iterator[AgendaItem]:
    """What is left to do for the entry of an ended pilot: publish, approve, and later review it."""
    if not plan.pilot.entries:
        return
    latest = plan.pilot.entries[-1]
    stage = plan.pilot.last_pass.stage
    subject = str(latest.number)
    if latest.published_on and latest.review_on:
        yield plan.task(
            Task.ENTRY_REVIEW,
            subject,
            stage,
            message("Review the handbook entry"),
            opens_on=latest.review_on - _REVIEW_NOTICE,
            due_on=latest.review_on,
            owner=plan.coordinator,
            role=Role.COORDINATOR,
            command=f"lesson review {plan.pilot.code}",
        )
    elif latest.kind == "results":
        yield plan.step(Step.PUBLISH, subject, stage, message("Publish the handbook entry"), latest.compiled_on)
    elif latest.kind == "learned":
        allowed = plan.process.stage(stage).gate.working_days
        yield plan.task(
            Task.APPROVE_ENTRY,
            subject,
            stage,
            message("Approve the entry on what was learned"),
            opens_on=latest.compiled_on,
            due_on=plan.after(latest.compiled_on, allowed, plan.coordinator),
            owner=plan.coordinator,
            role=Role.COORDINATOR,
            command=f"lesson approve {plan.pilot.code}",
        )


def _documents(plan: Plan) -> Iterator[AgendaItem]:
    """One item per document that is not there, or not current, in every language of the programme."""
    pilot = plan.pilot
    stage_pass = pilot.last_pass
    on = pilot.changed_at.astimezone(ZoneInfo(plan.programme.zone)).date()
    for key, subject in due_documents(pilot, plan.process):
        records = [record for record in pilot.documents if (record.key, record.subject) == (key, subject)]
        fresh = {
            r.language for r in records if r.revision == pilot.revision or (key not in LIVING_DOCUMENTS and r.revision)
        }
        if not set(plan.programme.languages) <= fresh:
            title = message("Render: {document}", document=word(key))
            yield plan.step(Step.RENDER, f"{key}/{subject}".rstrip("/"), stage_pass.stage, title, on)


def due_documents(pilot: Pilot, process: Process) -> tuple[tuple[str, str], ...]:
    """Which documents the pilot should have now, as pairs of document key and subject.

    Living documents are those of the stage the pilot is in. Gate records, evaluation reports and trial reports record
    an event of a pass or decision: their subject names it, and there is one for each. A record whose revision was set
    to 0 (the decision was reverted) is rendered once more.
    """
    stage = process.stage(pilot.last_pass.stage)
    due = [(key, "") for key in LIVING_DOCUMENTS if key in stage.documents]
    for stage_pass in pilot.valid_passes:
        subject = f"{stage_pass.stage}.{stage_pass.number}"
        wanted = process.stage(stage_pass.stage).documents
        if stage_pass.consolidation and "evaluation-report" in wanted:
            due.append(("evaluation-report", subject))
        if stage_pass.outcomes_on and "trial-report" in wanted:
            due.append(("trial-report", subject))
        if "gate-record" in wanted:
            due.extend(("gate-record", str(d.number)) for d in stage_pass.decisions)
    return tuple(due)
