"""The action plan of a pilot: what happens next, by whom, by when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pilotkit.documents.charts import Task
from pilotkit.documents.views.parts import (
    Money,
    Passage,
    PilotHead,
    PilotPages,
    StageMark,
    Who,
    Wording,
    day_of,
    frame,
    money,
    organisation_name,
    pilot_head,
    stage_track,
    total,
    who,
)
from pilotkit.domain.agenda import AgendaItem
from pilotkit.domain.dossier import Dossier
from pilotkit.domain.pilot import ActionItem, ActionState, Condition, Pilot
from pilotkit.domain.process import Process
from pilotkit.domain.text import Message, message


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """A step that waits for a person; ``role`` only where nobody has it, ``opens_on`` only where it is still shut."""

    title: str
    owner: Who | None
    role: str
    missing: tuple[str, ...]
    opens_on: date | None
    due_on: date
    late: bool


@dataclass(frozen=True, kw_only=True)
class WorkLine:
    """An action item; the organisation is the owner's where the item names none."""

    number: int
    title: Passage
    owner: str
    organisation: str
    start: date
    due: date
    state: ActionState
    percent: int
    budget: Money | None
    depends_on: tuple[int, ...]

    @property
    def task(self) -> Task:
        """Its bar in a Gantt chart."""
        return Task(
            key=self.number,
            label=f"{self.number}. {next(iter(self.title.values()), '')}",
            start=self.start,
            due=self.due,
            percent=self.percent,
            state=self.state,
            depends_on=self.depends_on,
        )


@dataclass(frozen=True, kw_only=True)
class ConditionLine:
    """An obligation from a conditional go, and what became of it."""

    number: int
    text: Passage
    owner: Who
    due_on: date
    state: str
    settled_on: date | None
    decision: int


@dataclass(frozen=True, kw_only=True)
class DecisionLine:
    """A decision on the way so far."""

    number: int
    stage: str
    outcome: str
    decided_on: date
    until: date | None
    reverted: bool


@dataclass(frozen=True, kw_only=True)
class PartnerShare:
    """A partner's share of the budget."""

    organisation: str
    role: str
    budget: Money | None


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The money: what was granted or planned, who has which part of it, and what the action items need."""

    whole: Money | None
    shares: tuple[PartnerShare, ...]
    shared: tuple[Money, ...]
    work: tuple[Money, ...]


@dataclass(frozen=True, kw_only=True)
class ActionPlan(PilotPages):
    """The pages of a pilot's action plan."""

    pilot: PilotHead
    summary: Passage
    coordinator: Who | None
    sponsor: Who | None
    track: tuple[StageMark, ...]
    steps: tuple[StepLine, ...]
    work: tuple[WorkLine, ...]
    conditions: tuple[ConditionLine, ...]
    decisions: tuple[DecisionLine, ...]
    budget: Budget | None
    risks: tuple[str, ...]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The action items as bars of the Gantt chart."""
        return tuple(line.task for line in self.work)


def action_plan(dossier: Dossier, language: str) -> ActionPlan:
    """The action plan as of the day on which the pilot's facts last changed."""
    pilot = dossier.pilot
    wording = Wording(dossier.programme, language)
    as_of = day_of(pilot.changed_at, dossier.programme)
    return ActionPlan(
        frame=frame(dossier.programme, wording, as_of),
        pilot=pilot_head(dossier, wording),
        summary=wording.own(pilot.summary),
        coordinator=who(pilot.coordinator) if pilot.coordinator else None,
        sponsor=who(pilot.sponsor) if pilot.sponsor else None,
        track=stage_track(dossier.process, pilot, wording),
        steps=steps(dossier.agenda, wording, as_of),
        work=tuple(work(item, wording) for item in sorted(pilot.action_items, key=lambda item: item.number)),
        conditions=tuple(_condition(each, wording) for each in pilot.conditions if each.state != "void"),
        decisions=decisions(dossier.process, pilot, wording),
        budget=_budget(pilot),
        risks=tuple(wording.say(risk) for risk in risks(dossier, as_of)),
    )


def steps(agenda: tuple[AgendaItem, ...], wording: Wording, as_of: date) -> tuple[StepLine, ...]:
    """What waits for people, soonest first. What pilotkit does itself is nobody's plan and is left out."""
    waiting = sorted((item for item in agenda if not item.automatic), key=lambda item: (item.due_on, item.key))
    return tuple(
        StepLine(
            title=wording.say(item.title),
            owner=who(item.owner) if item.owner else None,
            role="" if item.owner else item.role,
            missing=tuple(wording.say(each) for each in item.missing),
            opens_on=None if item.open(as_of) else item.opens_on,
            due_on=item.due_on,
            late=item.late(as_of),
        )
        for item in waiting
    )


def decisions(process: Process, pilot: Pilot, wording: Wording) -> tuple[DecisionLine, ...]:
    """Every decision of the pilot, in order."""
    stages = {decision.number: each.stage for each in pilot.passes for decision in each.decisions}
    return tuple(
        DecisionLine(
            number=decision.number,
            stage=wording.say(process.stage(stages[decision.number]).title),
            outcome=decision.outcome,
            decided_on=decision.decided_on,
            until=decision.until,
            reverted=decision.reverted,
        )
        for decision in pilot.decisions
    )


def work(item: ActionItem, wording: Wording) -> WorkLine:
    """An action item as a line."""
    return WorkLine(
        number=item.number,
        title=wording.own(item.title),
        owner=item.owner.name if item.owner else "",
        organisation=organisation_name(item.organisation or (item.owner.organisation if item.owner else None)),
        start=item.start,
        due=item.due,
        state=item.state,
        percent=item.percent,
        budget=money(item.budget, item.currency),
        depends_on=item.depends_on,
    )


def _condition(condition: Condition, wording: Wording) -> ConditionLine:
    return ConditionLine(
        number=condition.number,
        text=wording.main(condition.text),
        owner=who(condition.owner),
        due_on=condition.due_on,
        state=condition.state,
        settled_on=condition.settled_on,
        decision=condition.decision,
    )


def _budget(pilot: Pilot) -> Budget | None:
    shares = tuple(
        PartnerShare(
            organisation=partner.organisation.name, role=partner.role, budget=money(partner.budget, partner.currency)
        )
        for partner in pilot.active_partners
        if partner.budget is not None
    )
    work = total(money(item.budget, item.currency) for item in pilot.action_items if item.state != "dropped")
    if pilot.budget is None and not shares and not work:
        return None
    return Budget(
        whole=money(pilot.budget, pilot.currency),
        shares=shares,
        shared=total(share.budget for share in shares),
        work=work,
    )


def risks(dossier: Dossier, as_of: date) -> Iterator[Message]:
    """What the facts themselves show to be in danger; nobody has to write it down."""
    pilot = dossier.pilot
    if pilot.status.ended:
        return
    late = sum(1 for item in dossier.agenda if not item.automatic and item.late(as_of))
    if late:
        yield message("Steps that are overdue: {number}.", number=late)
    if ownerless := sum(1 for item in dossier.agenda if not item.automatic and item.owner is None):
        yield message("Steps that nobody owns: {number}.", number=ownerless)
    for condition in pilot.conditions:
        if condition.state == "open" and condition.due_on < as_of:
            yield message(
                "Condition {number} was due on {day} and is not met.", number=condition.number, day=condition.due_on
            )
    yield from _work_risks(pilot, as_of)
    if pilot.lead is None:
        yield message("No organisation leads the pilot.")
    if len(dossier.programme.countries) > 1 and len(pilot.countries) == 1:
        yield message("All partners are from one country.")
    if not any(partner.organisation.kind == "civil society" for partner in pilot.active_partners):
        yield message("No patients' or civil society organisation takes part.")


def _work_risks(pilot: Pilot, as_of: date) -> Iterator[Message]:
    items = {item.number: item for item in pilot.action_items if item.state != "dropped"}
    for item in items.values():
        if item.state != "done" and item.due < as_of:
            yield message("Action item {number} was due on {day} and is not done.", number=item.number, day=item.due)
        for before in (items[number] for number in item.depends_on if number in items):
            if before.due > item.start and "done" not in (item.state, before.state):
                yield message(
                    "Action item {number} starts before item {before}, which it depends on, is due.",
                    number=item.number,
                    before=before.number,
                )
