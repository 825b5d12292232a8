"""What people do in a history, and the use case that each act calls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from pilotkit.db.engine import Database
from pilotkit.domain.calendar import is_working_day
from pilotkit.domain.decision import NewCondition
from pilotkit.domain.errors import Invalid, NotFound, message
from pilotkit.domain.evaluation import valid_sheets
from pilotkit.domain.gate import eligible_deciders
from pilotkit.domain.pilot import Reading
from pilotkit.domain.process import Outcome
from pilotkit.exchange import history
from pilotkit.exchange.history import AnyAct, Figures, Part
from pilotkit.services import (
    actions,
    arenas,
    conditions,
    criteria,
    evaluation,
    gates,
    handbook,
    meetings,
    pilots,
    trials,
    voting,
)

MORNING: Final = time(9)
"""When people begin to act on a day."""

_SPACE: Final = timedelta(seconds=20)
"""Between two acts of a day."""


class Calendar:
    """The days of a history. People do not work on weekends: the Friday before stands for both days."""

    def __init__(self, today: date, zone: str) -> None:
        self._today = today
        self._zone = ZoneInfo(zone)
        self._last = datetime.min.replace(tzinfo=self._zone)

    def day(self, offset: int) -> date:
        """The date of a day that is counted from the day of the playing."""
        found = self._today + timedelta(days=offset)
        while not is_working_day(found, ""):
            found -= timedelta(days=1)
        return found

    def morning(self, offset: int) -> datetime:
        """The instant at which people begin."""
        return datetime.combine(self.day(offset), MORNING, self._zone)

    def next_instant(self, offset: int) -> datetime:
        """The morning of a day, or the instant after the last one that was given."""
        self._last = max(self.morning(offset), self._last + _SPACE)
        return self._last


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where an act takes place: the pilot, the person and the instant."""

    db: Database
    calendar: Calendar
    code: str
    by: str
    at: datetime

    def day(self, offset: int) -> date:
        """The date of a day of the history."""
        return self.calendar.day(offset)

    def do(self, use_case: Callable[..., Any], **values: object) -> Any:  # noqa: ANN401 - what the use case returns
        """Call a use case of the pilot in the name of the person."""
        return use_case(self.db, self.code, **{"by": self.by, "at": self.at, **values})


def act_out(scene: Scene, act: AnyAct) -> str:
    """Do what was done; returns the pilot's code.

    Raises:
        PilotkitError: The use case refuses it.
    """
    if isinstance(act, history.New):
        return _hand_in(scene, act)
    _ACTS[type(act)](scene, act)
    return scene.code


def _hand_in(scene: Scene, act: history.New) -> str:
    idea = pilots.Idea(
        title=act.title,
        area=act.area,
        summary=act.summary,
        problem=act.problem,
        approach=act.approach,
        needs=act.needs,
        partners=_parts(act.partners),
        coordinator=act.coordinator,
        sponsor=act.sponsor,
        submitter=act.submitter,
        starts=None if act.starts is None else scene.day(act.starts),
        ends=None if act.ends is None else scene.day(act.ends),
        budget=act.budget,
    )
    return pilots.new_pilot(scene.db, idea=idea, by=scene.by, at=scene.at).code


def _parts(parts: Sequence[Part]) -> list[pilots.PartnerPart]:
    return [pilots.PartnerPart(organisation=part.organisation, role=part.role, budget=part.budget) for part in parts]


def _meet_criteria(scene: Scene, act: history.Criteria) -> None:
    for criterion, evidence in act.met.items():
        scene.do(criteria.meet_criterion, criterion=criterion, evidence=evidence)


def _settle_law(scene: Scene, act: history.Law) -> None:
    for criterion, settled in act.settled.items():
        said = {"criterion": criterion, "country": act.country, "authority": settled.authority}
        if settled.reason:
            scene.do(criteria.criterion_not_applicable, reason=settled.reason, **said)
        else:
            scene.do(criteria.meet_criterion, evidence=settled.evidence, **said)


def _score(scene: Scene, act: history.Score) -> None:
    here = pilots.show(scene.db, scene.code).pilot.open_pass
    invited = valid_sheets(here) if here else ()
    if not 1 <= act.sheet <= len(invited):
        raise NotFound(
            message("{code} has no scoresheet {number} now.", code=scene.code, number=act.sheet),
            message("People invited to score it: {number}", number=len(invited)),
        )
    scene.do(
        evaluation.score,
        scores=act.scores,
        remarks=act.remarks,
        pros=act.pros,
        cons=act.cons,
        by=invited[act.sheet - 1].evaluator.email,
    )


def _cast(scene: Scene, votes: Mapping[Outcome, int], *, meeting: str, remark: str = "") -> None:
    """Deciders who have not voted vote, in the order of the board; the lab records it when it stands in minutes."""
    facts = pilots.show(scene.db, scene.code)
    here = facts.pilot.open_pass
    voted = {vote.person.id for vote in here.current_votes} if here else set()
    voters = [person for person in eligible_deciders(facts.pilot, facts.programme) if person.id not in voted]
    for outcome, person in zip([each for each, count in votes.items() for _ in range(count)], voters, strict=False):
        by = scene.by if meeting else person.email
        scene.do(voting.vote, outcome=outcome, voter=person.email, meeting=meeting, remark=remark, by=by)


def _decide(scene: Scene, act: history.Decide) -> None:
    _cast(scene, act.votes, meeting=act.meeting)
    scene.do(
        gates.decide,
        gate=gates.open_gate(scene.db, scene.code),
        outcome=act.outcome,
        rationale=act.rationale,
        conditions=[NewCondition(text=c.text, owner=c.owner, due_on=scene.day(c.due)) for c in act.conditions],
        until=None if act.until is None else scene.day(act.until),
        to_stage=act.to,
    )


def _plan_indicator(scene: Scene, act: history.PlanIndicator) -> None:
    plan = trials.IndicatorPlan(
        key=act.key,
        title=act.title,
        unit=act.unit,
        measure=act.measure,
        direction=act.direction,
        target=act.target,
        baseline=_reading(scene, act.baseline) if act.baseline else None,
    )
    scene.do(trials.add_indicator, plan=plan)


def _reading(scene: Scene, figures: Figures) -> Reading:
    return Reading(
        on=scene.day(figures.day),
        source=figures.source,
        value=_value(figures),
        numerator=figures.numerator,
        denominator=figures.denominator,
        n=figures.n,
        deviation=figures.deviation,
        events=figures.events,
        exposure=figures.exposure,
    )


def _value(figures: Figures) -> Decimal:
    """The value that is given, or that follows from the parts of a proportion or a rate."""
    if figures.value is not None:
        return figures.value
    if figures.numerator is not None and figures.denominator:
        return (Decimal(figures.numerator) / figures.denominator).quantize(Decimal("0.0001"))
    if figures.events is not None and figures.exposure:
        return (Decimal(figures.events) / figures.exposure).quantize(Decimal("0.01"))
    raise Invalid(
        message("The figures have no value."),
        message("Give value, or numerator and denominator, or events and exposure."),
    )


def _plan_action(scene: Scene, act: history.PlanAction) -> None:
    plan = actions.ActionPlan(
        title=act.title,
        start=scene.day(act.start),
        due=scene.day(act.due),
        owner=act.owner,
        organisation=act.organisation,
        budget=act.budget,
        depends_on=act.depends_on,
    )
    scene.do(actions.add_action, plan=plan)


def _progress(scene: Scene, act: history.Progress) -> None:
    for number in act.numbers:
        scene.do(actions.update_action, number=number, state=act.state, percent=act.percent)


def _adopt(scene: Scene, act: history.Adopt) -> None:
    on = scene.day(act.day)
    scene.do(actions.adopt, organisation=act.organisation, solution=act.solution, on=on, document=act.document)


def _plan_meeting(scene: Scene, act: history.Meeting) -> None:
    on = scene.day(act.on)
    meetings.new_meeting(scene.db, on=on, place=act.place, pilots=act.pilots, by=scene.by, at=scene.at)


_ACTS: Final[Mapping[type, Callable[[Scene, Any], object]]] = {
    history.Edit: lambda scene, act: scene.do(pilots.edit_pilot, texts=act.texts, join=_parts(act.join)),
    history.Criteria: _meet_criteria,
    history.Law: _settle_law,
    history.Waive: lambda scene, act: scene.do(criteria.waive_criterion, criterion=act.criterion, reason=act.reason),
    history.ConflictDeclared: lambda scene, act: scene.do(
        evaluation.declare_conflict, person=act.person, reason=act.reason
    ),
    history.Score: _score,
    history.ClosePanel: lambda scene, act: scene.do(evaluation.close_panel, reason=act.reason),
    history.Votes: lambda scene, act: _cast(scene, act.votes, meeting=act.meeting, remark=act.remark),
    history.Decide: _decide,
    history.Resume: lambda scene, act: scene.do(pilots.resume_pilot, reason=act.reason),
    history.ConditionMet: lambda scene, act: scene.do(
        conditions.meet_condition, number=act.number, evidence=act.evidence
    ),
    history.Book: lambda scene, act: scene.do(
        arenas.book,
        arena=act.arena,
        first_day=scene.day(act.first),
        last_day=scene.day(act.last),
        places=act.places,
    ),
    history.PlanIndicator: _plan_indicator,
    history.Start: lambda scene, _: scene.do(trials.start_trial),
    history.Measured: lambda scene, act: scene.do(
        trials.measure, indicator=act.indicator, reading=_reading(scene, act.reading)
    ),
    history.End: lambda scene, _: scene.do(trials.end_trial),
    history.PlanAction: _plan_action,
    history.Progress: _progress,
    history.Adopt: _adopt,
    history.WriteLesson: lambda scene, act: scene.do(handbook.add_lesson, kind=act.kind, text=act.text),
    history.Judge: lambda scene, act: scene.do(
        handbook.judge_transferability, organisation=act.organisation, text=act.text
    ),
    history.Approve: lambda scene, _: scene.do(handbook.approve_entry),
    history.Meeting: _plan_meeting,
}
"""Every act but the first, and the use case that it calls."""
