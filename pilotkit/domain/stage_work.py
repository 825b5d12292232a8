"""What is still to do in a stage of each kind: the heart of the agenda."""

from collections.abc import Iterator

from pilotkit.domain.agenda import AgendaItem, Step, Task
from pilotkit.domain.evaluation import evaluator_candidates, panel_complete, valid_sheets
from pilotkit.domain.gate import missing_for, open_legal_lines, readiness
from pilotkit.domain.plan import Here, Plan, task_here
from pilotkit.domain.process import StageKind
from pilotkit.domain.programme import Role
from pilotkit.domain.text import Message, Text, message, wording


def _intake(plan: Plan, here: Here) -> Iterator[AgendaItem]:
    missing = tuple(
        sentence
        for line in readiness(plan.pilot, plan.process, here.stage_pass).lines
        if line.criterion.shown_by == "complete"
        for sentence in line.missing
    )
    if missing:
        owner, role = (plan.pilot.submitter, Role.SUBMITTER) if plan.pilot.submitter else (None, Role.COORDINATOR)
        yield task_here(
            plan,
            here,
            Task.COMPLETE_IDEA,
            message("Complete the idea"),
            owner=owner,
            role=role,
            missing=missing,
            command=f"pilot edit {plan.pilot.code}",
        )


def _evaluation(plan: Plan, here: Here) -> Iterator[AgendaItem]:
    stage, stage_pass = here.stage, here.stage_pass
    if stage_pass.consolidation:
        return
    sheets = valid_sheets(stage_pass)
    if panel_complete(stage, stage_pass):
        title = message("Consolidate the scores")
        yield plan.step(Step.CONSOLIDATE, here.subject, stage.key, title, stage_pass.opened_on)
        return
    if len(sheets) < stage.evaluators and not stage_pass.panel_closed_reason:
        if evaluator_candidates(plan.pilot, plan.programme, stage_pass):
            subject = f"{here.subject}/{len(stage_pass.scoresheets)}"
            yield plan.step(Step.INVITE, subject, stage.key, message("Invite evaluators"), stage_pass.opened_on)
        else:
            yield task_here(
                plan,
                here,
                Task.FILL_PANEL,
                message("Find another evaluator"),
                missing=(
                    message(
                        "{have} of {wanted} evaluators are invited, and nobody else is free of conflicts.",
                        have=len(sheets),
                        wanted=stage.evaluators,
                    ),
                ),
                command="person add --role evaluator",
            )
    for sheet in sheets:
        if not sheet.submitted_on:
            yield task_here(
                plan,
                here,
                Task.SCORE,
                message("Score the pilot"),
                detail=str(sheet.evaluator.id),
                owner=sheet.evaluator,
                role=Role.EVALUATOR,
                opens_on=sheet.invited_on,
                command=f"score {plan.pilot.code} --by {sheet.evaluator.email}",
            )


def _trial(plan: Plan, here: Here) -> Iterator[AgendaItem]:
    stage_pass, code = here.stage_pass, plan.pilot.code
    bookings = [booking for booking in stage_pass.bookings if booking.state != "released"]
    if any(booking.state == "pencilled" for booking in bookings):
        title = message("Confirm the booking of the test arena")
        yield plan.step(Step.CONFIRM_BOOKING, here.subject, here.stage.key, title, stage_pass.opened_on)
    if not stage_pass.started_on:
        yield from _before_trial(plan, here)
        return
    if not stage_pass.frozen_on:
        title = message("Freeze baselines and targets")
        yield plan.step(Step.FREEZE, here.subject, here.stage.key, title, stage_pass.started_on)
    last_day = max((booking.last_day for booking in bookings), default=stage_pass.started_on)
    if not stage_pass.ended_on:
        yield task_here(
            plan,
            here,
            Task.END_TRIAL,
            message("End the trial"),
            opens_on=stage_pass.started_on,
            due_on=last_day,
            command=f"trial end {code}",
        )
        for indicator in stage_pass.indicators:
            if not indicator.measurements:
                yield task_here(
                    plan,
                    here,
                    Task.MEASURE,
                    message("Measure: {indicator}", indicator=indicator.title),
                    detail=indicator.key,
                    opens_on=stage_pass.started_on,
                    due_on=last_day,
                    command=f"trial measure {code} {indicator.key}",
                )
    elif not stage_pass.outcomes_on:
        yield plan.step(
            Step.COMPUTE_OUTCOMES, here.subject, here.stage.key, message("Compute the outcomes"), stage_pass.ended_on
        )


def _before_trial(plan: Plan, here: Here) -> Iterator[AgendaItem]:
    stage_pass, code = here.stage_pass, plan.pilot.code
    bookings = [booking for booking in stage_pass.bookings if booking.state != "released"]
    if not bookings:
        yield task_here(plan, here, Task.BOOK_ARENA, message("Book a test arena"), command=f"trial book {code}")
    if not stage_pass.indicators or any(indicator.baseline is None for indicator in stage_pass.indicators):
        yield task_here(
            plan,
            here,
            Task.PLAN_INDICATORS,
            message("Plan the indicators with baseline and target"),
            command=f"trial indicator {code}",
        )
    elif bookings:
        first_day = min(booking.first_day for booking in bookings)
        legal = open_legal_lines(plan.pilot, plan.process, stage_pass)
        yield task_here(
            plan,
            here,
            Task.START_TRIAL,
            message("Start the trial"),
            due_on=first_day,
            missing=tuple(_legal_sentence(line.criterion.title, line.country) for line in legal),
            command=f"trial start {code}",
        )


def _legal_sentence(title: Text, country: str) -> Message:
    if country:
        return message(
            "Before the start, still to be settled for {country}: {title}", country=country, title=wording(title)
        )
    return message("Before the start, still to be settled: {title}", title=wording(title))


def _implementation(plan: Plan, here: Here) -> Iterator[AgendaItem]:
    pilot, code = plan.pilot, plan.pilot.code
    if not pilot.action_items:
        yield task_here(plan, here, Task.PLAN_ACTIONS, message("Plan the action items"), command=f"action add {code}")
    for item in pilot.action_items:
        if item.state in ("planned", "doing"):
            yield task_here(
                plan,
                here,
                Task.ACTION,
                message("Do: {title}", title=item.title),
                detail=str(item.number),
                owner=item.owner,
                role=Role.PARTNER,
                opens_on=item.start,
                due_on=item.due,
                command=f"action update {code} {item.number} --state done",
            )
    if not pilot.adoptions:
        yield task_here(
            plan,
            here,
            Task.ADOPT,
            message("Document the adoption of the solution"),
            command=f"action adopt {code}",
        )


def _publication(plan: Plan, here: Here) -> Iterator[AgendaItem]:
    pilot, code = plan.pilot, plan.pilot.code
    if not any(entry.published_on is None for entry in pilot.entries):
        title = message("Compile the handbook entry")
        yield plan.step(Step.COMPILE_ENTRY, here.subject, here.stage.key, title, here.stage_pass.opened_on)
    if not pilot.lessons:
        yield task_here(
            plan, here, Task.WRITE_LESSON, message("Write down what was learned"), command=f"lesson add {code}"
        )
    if missing_for("transferability", pilot, here.stage_pass):
        yield task_here(
            plan,
            here,
            Task.TRANSFERABILITY,
            message("Judge the transferability"),
            command=f"lesson transferability {code}",
        )


KINDS = {
    StageKind.INTAKE: _intake,
    StageKind.EVALUATION: _evaluation,
    StageKind.TRIAL: _trial,
    StageKind.IMPLEMENTATION: _implementation,
    StageKind.PUBLICATION: _publication,
}
