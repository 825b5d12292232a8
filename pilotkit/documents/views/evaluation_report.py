"""The evaluation report: what a panel's scoresheets came to. Internal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pilotkit.documents.charts import Score
from pilotkit.documents.views.parts import Passage, PilotPages, Who, Wording, frame, pilot_name, who
from pilotkit.domain.dossier import Dossier
from pilotkit.domain.errors import Refused
from pilotkit.domain.pilot import Consolidation, Scoresheet, StagePass
from pilotkit.domain.process import ScoreGroup, ScoreSet
from pilotkit.domain.text import message


@dataclass(frozen=True, kw_only=True)
class CriterionScore:
    """One line of the scoresheet over all evaluators; ``flagged`` when they differ by two points or more."""

    title: str
    weight: Decimal
    minimum: Decimal | None
    scores: tuple[Decimal | None, ...]
    mean: Decimal | None
    spread: Decimal | None
    flagged: bool
    knocked_out: bool

    @property
    def score(self) -> Score:
        """Its spoke in the radar picture."""
        given = [float(score) for score in self.scores if score is not None]
        return Score(
            label=self.title, value=float(self.mean or 0), low=min(given, default=0), high=max(given, default=0)
        )


@dataclass(frozen=True, kw_only=True)
class GroupScore:
    """A group of criteria with its weighted mean."""

    title: str
    axis: str
    weight: Decimal
    minimum: Decimal | None
    mean: Decimal
    knocked_out: bool
    criteria: tuple[CriterionScore, ...]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What one evaluator wrote; ``evaluator`` is the column of the scores, from 1."""

    evaluator: int
    about: str
    text: Passage


@dataclass(frozen=True, kw_only=True)
class EvaluationReport(PilotPages):
    """The pages of an evaluation report."""

    summary: Passage
    stage: str
    number: int
    score_set: str
    consolidated_on: date
    panel_closed: Passage
    evaluators: tuple[Who, ...]
    excused: int
    groups: tuple[GroupScore, ...]
    total: Decimal
    minimum: Decimal | None
    knocked_out: bool
    recommendation: str
    pros: tuple[Statement, ...]
    cons: tuple[Statement, ...]
    remarks: tuple[Statement, ...]

    @property
    def scores(self) -> tuple[Score, ...]:
        """Every criterion as a spoke of the radar picture."""
        return tuple(criterion.score for group in self.groups for criterion in group.criteria)


def evaluation_report(dossier: Dossier, language: str, subject: str = "") -> EvaluationReport:
    """The report on a consolidated panel.

    Args:
        dossier: The pilot.
        language: The document's language.
        subject: ``stage.number`` of the pass; the latest consolidated one, if empty.

    Raises:
        Refused: There is no consolidated pass (of that name).
    """
    wording = Wording(dossier.programme, language)
    stage_pass, consolidation = _consolidated(dossier, subject)
    stage = dossier.process.stage(stage_pass.stage)
    score_set = dossier.process.score_set(stage.score_set)
    sheets = [each for each in stage_pass.scoresheets if each.submitted_on and not each.withdrawn]
    return EvaluationReport(
        frame=frame(dossier.programme, wording, consolidation.on),
        pilot=pilot_name(dossier, wording),
        summary=wording.own(dossier.pilot.summary),
        stage=wording.say(stage.title),
        number=stage_pass.number,
        score_set=wording.say(score_set.title),
        consolidated_on=consolidation.on,
        panel_closed=wording.main(stage_pass.panel_closed_reason),
        evaluators=tuple(who(each.evaluator) for each in sheets),
        excused=sum(1 for each in stage_pass.scoresheets if each.withdrawn),
        groups=tuple(_group(group, consolidation, sheets, wording) for group in score_set.groups),
        total=consolidation.total,
        minimum=score_set.minimum,
        knocked_out="total" in consolidation.knocked_out,
        recommendation=consolidation.recommendation,
        pros=_statements({number: sheet.pros for number, sheet in enumerate(sheets, 1)}, wording),
        cons=_statements({number: sheet.cons for number, sheet in enumerate(sheets, 1)}, wording),
        remarks=_remarks(sheets, score_set, wording),
    )


def _consolidated(dossier: Dossier, subject: str) -> tuple[StagePass, Consolidation]:
    found = [
        (each, each.consolidation)
        for each in dossier.pilot.valid_passes
        if each.consolidation is not None and subject in ("", f"{each.stage}.{each.number}")
    ]
    if not found:
        raise Refused(
            message("{pilot} has no consolidated evaluation {subject}.", pilot=dossier.pilot.code, subject=subject),
            message("Wait until every evaluator has scored, or close the panel."),
        )
    return found[-1]


def _group(group: ScoreGroup, consolidation: Consolidation, sheets: list[Scoresheet], wording: Wording) -> GroupScore:
    return GroupScore(
        title=wording.say(group.title),
        axis=group.axis,
        weight=group.weight,
        minimum=group.minimum,
        mean=consolidation.means[group.key],
        knocked_out=group.key in consolidation.knocked_out,
        criteria=tuple(
            CriterionScore(
                title=wording.say(criterion.title),
                weight=criterion.weight,
                minimum=criterion.minimum,
                scores=tuple(sheet.scores.get(criterion.key) for sheet in sheets),
                mean=consolidation.means.get(criterion.key),
                spread=consolidation.spreads.get(criterion.key),
                flagged=criterion.key in consolidation.flagged,
                knocked_out=criterion.key in consolidation.knocked_out,
            )
            for criterion in group.criteria
        ),
    )


def _statements(texts: Mapping[int, str], wording: Wording) -> tuple[Statement, ...]:
    return tuple(
        Statement(evaluator=number, about="", text=wording.main(text)) for number, text in texts.items() if text.strip()
    )


def _remarks(sheets: list[Scoresheet], score_set: ScoreSet, wording: Wording) -> tuple[Statement, ...]:
    return tuple(
        Statement(evaluator=number, about=wording.say(criterion.title), text=wording.main(text))
        for criterion in score_set.criteria
        for number, sheet in enumerate(sheets, 1)
        if (text := sheet.remarks.get(criterion.key, "")).strip()
    )
