"""Pure pilots for the tests of the rules: in any stage of the standard process, its gate ready or not."""

from dataclasses import replace
from datetime import date
from typing import Any

from pilotkit.domain.agenda import AgendaItem, Step
from pilotkit.domain.pilot import (
    ActionItem,
    Adoption,
    Booking,
    Condition,
    Lesson,
    Pilot,
    Scoresheet,
    StagePass,
    Transferability,
    Vote,
)
from pilotkit.domain.planning import agenda
from pilotkit.domain.process import Outcome, Process, StageKind
from pilotkit.domain.programme import Organisation, Person, Programme, Role
from tests.factories.dossiers import (
    CARE_HOME,
    CHAIR,
    COORDINATOR,
    DIRECTOR,
    HEAD_NURSE,
    HOSPITAL,
    MAYOR,
    PROGRAMME,
    base,
    checklist,
    evaluation_pass,
    indicators,
    partner,
    process,
)

OPENED = date(2026, 5, 4)
SHOWN = date(2026, 5, 11)
TODAY = date(2026, 5, 20)
STAGES = ("idea", "evaluation", "trial", "implementation", "handbook")
DECIDERS = (CHAIR, DIRECTOR, MAYOR)

DONE = ActionItem(
    number=1,
    title={"en": "Train the staff"},
    owner=HEAD_NURSE,
    organisation=CARE_HOME,
    start=OPENED,
    due=SHOWN,
    state="done",
)
ADOPTED = Adoption(number=1, organisation=CARE_HOME, solution={"en": "Visits"}, on=SHOWN, document="Order 1, example")
LESSON = Lesson(number=1, kind="worked", text={"en": "Ring up the day after."}, on=SHOWN)
JUDGED = Transferability(organisation=CARE_HOME, text={"en": "Yes."}, on=SHOWN)


def pilot_in(stage: str, *, shown: bool = False, **fields: Any) -> Pilot:
    """A pilot whose only pass is one of this stage; with ``shown`` the work is done and the gate is ready."""
    here = StagePass(id=1, stage=stage, number=1, sequence=1, opened_on=OPENED, prepared_on=OPENED)
    facts: dict[str, Any] = {
        "summary": {"en": "Nurses visit."},
        "problem": {"en": "Nobody visits."},
        "coordinator": COORDINATOR,
        "partners": (partner(HOSPITAL, "lead"), partner(CARE_HOME, "partner")),
    }
    if shown:
        here = replace(here, criteria=checklist(stage, SHOWN), **_work(stage))
        facts |= {
            "action_items": (DONE,),
            "adoptions": (ADOPTED,),
            "lessons": (LESSON,),
            "transferability": (JUDGED,),
        }
    return base("P-001", **({**facts, "passes": (here,)} | fields))


def _work(stage: str) -> dict[str, Any]:
    match process().stage(stage).kind:
        case StageKind.EVALUATION:
            scored = evaluation_pass(decided_too=False)
            return {"consolidation": scored.consolidation, "scoresheets": scored.scoresheets}
        case StageKind.TRIAL:
            return {"started_on": OPENED, "frozen_on": OPENED, "ended_on": SHOWN, "outcomes_on": SHOWN}
        case _:
            return {}


def here(pilot: Pilot) -> StagePass:
    """The open pass of a pilot that has one."""
    assert pilot.open_pass
    return pilot.open_pass


def changed(pilot: Pilot, **fields: Any) -> Pilot:
    """The pilot with other facts in its open pass."""
    current = here(pilot)
    return replace(pilot, passes=tuple(replace(p, **fields) if p is current else p for p in pilot.passes))


def cast(*outcomes: Outcome, round_: int = 0, on: date = SHOWN) -> tuple[Vote, ...]:
    """Votes of the deciders, in their order."""
    return tuple(
        Vote(person=person, outcome=outcome, on=on, round=round_, recorded_by=person)
        for person, outcome in zip(DECIDERS, outcomes, strict=False)
    )


def condition(due_stage: str, **fields: Any) -> Condition:
    """A condition of decision 1."""
    facts: dict[str, Any] = {"number": 1, "decision": 1, "text": "Train first", "owner": HEAD_NURSE, "due_on": TODAY}
    return Condition(due_stage=due_stage, **(facts | fields))


def somebody(number: int, country: str, *roles: Role, **fields: Any) -> Person:
    """A person of an organisation in a country."""
    organisation = Organisation(id=900 + number, name="Example", kind="provider", country=country)
    facts: dict[str, Any] = {"organisation": organisation, "roles": frozenset(roles)}
    return Person(id=number, email=f"p{number}@example.org", name="Somebody, example", **(facts | fields))


def with_people(*people: Person) -> Programme:
    """The programme with these people only."""
    return replace(PROGRAMME, people=people)


def with_stage(key: str, **fields: Any) -> Process:
    """The standard process with other facts of one stage."""
    stages = tuple(replace(s, **fields) if s.key == key else s for s in process().stages)
    return replace(process(), stages=stages)


def with_gate(key: str, **fields: Any) -> Process:
    """The standard process with other facts of one gate."""
    return with_stage(key, gate=replace(process().stage(key).gate, **fields))


def items(pilot: Pilot, *, frame: Process | None = None, programme: Programme = PROGRAMME) -> tuple[AgendaItem, ...]:
    """The agenda without the documents to render."""
    return tuple(i for i in agenda(pilot, frame or process(), programme) if i.kind != Step.RENDER)


def kinds(pilot: Pilot, **frame: Any) -> set[str]:
    """The kinds of items on the agenda."""
    return {item.kind for item in items(pilot, **frame)}


def of_kind(pilot: Pilot, kind: str, **frame: Any) -> tuple[AgendaItem, ...]:
    """The items of one kind."""
    return tuple(item for item in items(pilot, **frame) if item.kind == kind)


def the(pilot: Pilot, kind: str, **frame: Any) -> AgendaItem:
    """The only item of a kind."""
    (item,) = of_kind(pilot, kind, **frame)
    return item


def told(item: AgendaItem) -> list[str]:
    """What is missing, in English."""
    return [str(sentence) for sentence in item.missing]


def sheet(evaluator: Person, **fields: Any) -> Scoresheet:
    """An empty sheet."""
    return Scoresheet(evaluator=evaluator, invited_on=SHOWN, scores={}, remarks={}, **fields)


BOOKED = Booking(
    number=1,
    arena="ward",
    arena_name="Ward, example",
    first_day=date(2026, 6, 1),
    last_day=date(2026, 7, 31),
    places=1,
    state="confirmed",
)
UNMEASURED = tuple(replace(each, measurements=()) for each in indicators())
