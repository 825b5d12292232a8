"""Evaluation: who may score, and when the panel is complete."""

from pilotkit.domain.pilot import Pilot, Scoresheet, StagePass
from pilotkit.domain.process import Stage
from pilotkit.domain.programme import Person, Programme, Role


def evaluator_candidates(pilot: Pilot, programme: Programme, stage_pass: StagePass) -> tuple[Person, ...]:
    """Evaluators who can still be invited: no conflict, no sheet yet, and not from an organisation of the pilot."""
    excused = {conflict.person.id for conflict in pilot.conflicts}
    invited = {sheet.evaluator.id for sheet in stage_pass.scoresheets}
    involved = {partner.organisation.id for partner in pilot.partners}
    return tuple(
        person
        for person in programme.with_role(Role.EVALUATOR)
        if person.id not in excused | invited and (not person.organisation or person.organisation.id not in involved)
    )


def valid_sheets(stage_pass: StagePass) -> tuple[Scoresheet, ...]:
    """Sheets that were not withdrawn."""
    return tuple(sheet for sheet in stage_pass.scoresheets if not sheet.withdrawn)


def panel_complete(stage: Stage, stage_pass: StagePass) -> bool:
    """Whether scores may be seen and consolidated: all sheets are in, or the panel was closed with a reason."""
    sheets = valid_sheets(stage_pass)
    submitted = [sheet for sheet in sheets if sheet.submitted_on]
    if stage_pass.panel_closed_reason:
        return bool(submitted)
    return len(submitted) == len(sheets) and len(submitted) >= stage.evaluators
