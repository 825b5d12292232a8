"""Pure pilots for the tests of the rules: in any stage of the standard process, its gate ready or not."""

from dataclasses import replace
from datetime import date
from typing import Any

from pilotkit.domain.pilot import ActionItem, Adoption, Condition, Lesson, Pilot, StagePass, Transferability, Vote
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
