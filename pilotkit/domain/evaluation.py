"""Evaluation: who may score, when the panel is complete, and what the scores come to."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pilotkit.domain.pilot import Consolidation, Pilot, Scoresheet, StagePass
from pilotkit.domain.process import Axis, Outcome, ScoreSet, Stage
from pilotkit.domain.programme import Person, Programme, Role

DISCUSSED_SPREAD = Decimal(2)
"""From this difference between the highest and the lowest score on, evaluators talk about a criterion."""


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
    """Sheets that count: neither withdrawn nor left empty by somebody who has been deactivated."""
    return tuple(
        sheet
        for sheet in stage_pass.scoresheets
        if not sheet.withdrawn and (sheet.submitted_on or sheet.evaluator.active)
    )


def panel_complete(stage: Stage, stage_pass: StagePass) -> bool:
    """Whether scores may be seen and consolidated: all sheets are in, or the panel was closed with a reason."""
    sheets = valid_sheets(stage_pass)
    submitted = [sheet for sheet in sheets if sheet.submitted_on]
    if stage_pass.panel_closed_reason:
        return bool(submitted)
    return len(submitted) == len(sheets) and len(submitted) >= stage.evaluators


def consolidate(score_set: ScoreSet, sheets: Sequence[Scoresheet], on: date) -> Consolidation:
    """What submitted sheets come to: weighted means, spreads, knock-outs, flags and a recommendation.

    A spread of 2 or more on a criterion is flagged for discussion. Value comes before feasibility: what fails there
    proposes stop, while weaknesses of feasibility become conditions (Interreg's order of strategic and operational
    assessment).
    """
    scores = {c.key: [sheet.scores[c.key] for sheet in sheets if c.key in sheet.scores] for c in score_set.criteria}
    exact = {key: _mean([(value, Decimal(1)) for value in values]) for key, values in scores.items() if values}
    spreads = {key: max(values) - min(values) for key, values in scores.items() if values}
    of_groups = {
        group.key: _mean([(exact[c.key], c.weight) for c in group.criteria if c.key in exact])
        for group in score_set.groups
    }
    total = _printed(_mean([(of_groups[group.key], group.weight) for group in score_set.groups]))
    means = {key: _printed(mean) for key, mean in exact.items()}
    groups = {key: _printed(mean) for key, mean in of_groups.items()}
    failed = _knocked_out(score_set, means, groups, total)
    return Consolidation(
        on=on,
        means=means | groups,
        spreads=spreads,
        total=total,
        knocked_out=tuple(failed),
        flagged=tuple(key for key, spread in spreads.items() if spread >= DISCUSSED_SPREAD),
        recommendation=_recommendation(failed),
    )


def _mean(weighted: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    weight = sum((w for _, w in weighted), Decimal(0))
    if not weight:
        return Decimal(0)
    return sum((value * w for value, w in weighted), Decimal(0)) / weight


def _printed(mean: Decimal) -> Decimal:
    """The figure that stands in the report; minima are judged by it, so that the report never contradicts itself."""
    return mean.quantize(Decimal("0.01"))


def _knocked_out(
    score_set: ScoreSet, means: Mapping[str, Decimal], groups: Mapping[str, Decimal], total: Decimal
) -> dict[str, Axis]:
    """What lies below its minimum, with the axis that it belongs to; the total belongs to value."""
    failed: dict[str, Axis] = {}
    for group in score_set.groups:
        for criterion in group.criteria:
            if criterion.minimum is not None and means.get(criterion.key, Decimal(0)) < criterion.minimum:
                failed[criterion.key] = group.axis
        if group.minimum is not None and groups[group.key] < group.minimum:
            failed[group.key] = group.axis
    if score_set.minimum is not None and total < score_set.minimum:
        failed["total"] = "value"
    return failed


def _recommendation(failed: Mapping[str, Axis]) -> Outcome:
    if "value" in failed.values():
        return Outcome.STOP
    return Outcome.CONDITIONAL_GO if failed else Outcome.GO
