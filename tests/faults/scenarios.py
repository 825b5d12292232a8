"""What a killed process was doing: one use case each, at the moment of a pilot's life when it happens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pilotkit.domain.agenda import Step
from pilotkit.domain.process import Outcome
from pilotkit.services import books, conditions, criteria, evaluation, gates, people, pilots, steps
from tests.factories.lab import ADMIN, COORDINATOR, DECIDERS, EVALUATORS, PARTNER, Lab
from tests.factories.moments import CODE

Act = Callable[[Lab], object]


@dataclass(frozen=True)
class Scenario:
    """One use case: ``act`` is killed; ``prepare`` brings the moment to where the act is possible."""

    moment: str
    act: Act
    prepare: Act = lambda lab: None


def decide(outcome: Outcome, **how: object) -> Act:
    """Decide with the votes that are there."""

    def act(lab: Lab) -> object:
        extra = {name: value(lab) if callable(value) else value for name, value in how.items()}
        return gates.decide(
            lab.db,
            CODE,
            gate=gates.open_gate(lab.db, CODE),
            outcome=outcome,
            rationale="The board was of one mind.",
            by=COORDINATOR,
            at=lab.at,
            **extra,  # type: ignore[arg-type] # the keywords of decide, by outcome
        )

    return act


def votes(outcome: Outcome) -> Act:
    return lambda lab: lab.vote(CODE, outcome)


def step(step: Step, subject: str = "") -> Act:
    """Do the automatic item of this kind that the agenda holds."""

    def act(lab: Lab) -> object:
        item = next(i for i in lab.show(CODE).agenda if i.kind == step and i.subject.startswith(subject))
        return steps.run_step(lab.db, lab.press, CODE, item, at=lab.at)

    return act


def in_thirty_days(lab: Lab) -> object:
    return lab.today() + timedelta(days=30)


def _conditional(lab: Lab) -> None:
    lab.decide(CODE, Outcome.CONDITIONAL_GO, conditions=[lab.condition()])


def _revert(lab: Lab) -> object:
    number = lab.show(CODE).pilot.decisions[-1].number
    return gates.revert_decision(
        lab.db, CODE, number=number, reason="Wrong pilot", requested_by=DECIDERS[0], by=ADMIN, at=lab.at
    )


SCENARIOS: dict[str, Scenario] = {
    "new pilot": Scenario("idea", lambda lab: lab.new()),
    "criterion": Scenario(
        "idea",
        lambda lab: criteria.meet_criterion(
            lab.db, CODE, criterion="need", evidence="Survey", by=COORDINATOR, at=lab.at
        ),
    ),
    "vote": Scenario("idea-ready", lambda lab: lab.vote(CODE, Outcome.GO, DECIDERS[:1])),
    "go": Scenario("evaluation-ready", decide(Outcome.GO), votes(Outcome.GO)),
    "conditional go": Scenario(
        "evaluation-ready",
        decide(Outcome.CONDITIONAL_GO, conditions=lambda lab: [lab.condition(), lab.condition(60)]),
        votes(Outcome.CONDITIONAL_GO),
    ),
    "recycle": Scenario("running", decide(Outcome.RECYCLE, to_stage="evaluation"), votes(Outcome.RECYCLE)),
    "hold": Scenario("trial", decide(Outcome.HOLD, until=in_thirty_days), votes(Outcome.HOLD)),
    "resume": Scenario(
        "trial",
        lambda lab: pilots.resume_pilot(lab.db, CODE, reason="Staff is back", by=COORDINATOR, at=lab.at),
        lambda lab: lab.decide(CODE, Outcome.HOLD, until=lab.today() + timedelta(days=30)),
    ),
    "stop": Scenario("running", decide(Outcome.STOP), votes(Outcome.STOP)),
    "last go": Scenario("handbook-ready", decide(Outcome.GO), votes(Outcome.GO)),
    "revert": Scenario("trial", _revert),
    "revert of a stop": Scenario("running", _revert, lambda lab: lab.decide(CODE, Outcome.STOP)),
    "condition": Scenario(
        "evaluation-ready",
        lambda lab: conditions.meet_condition(lab.db, CODE, number=1, evidence="Letter", by=PARTNER, at=lab.at),
        _conditional,
    ),
    "conflict": Scenario(
        "invited",
        lambda lab: evaluation.declare_conflict(
            lab.db, CODE, person=EVALUATORS[0], reason="Sister", by=EVALUATORS[0], at=lab.at
        ),
    ),
    "book": Scenario("trial", lambda lab: lab.book(CODE)),
    "disable": Scenario(
        "evaluation-ready",
        lambda lab: people.disable_person(lab.db, programme="example", email=DECIDERS[0], by=ADMIN, at=lab.at),
    ),
    "open stage": Scenario("evaluation", step(Step.OPEN_STAGE)),
    "check": Scenario("idea", step(Step.CHECK)),
    "invite": Scenario("evaluation", step(Step.INVITE)),
    "consolidate": Scenario("scored", step(Step.CONSOLIDATE)),
    "confirm booking": Scenario("booked", step(Step.CONFIRM_BOOKING)),
    "freeze": Scenario("started", step(Step.FREEZE)),
    "compute outcomes": Scenario("ended", step(Step.COMPUTE_OUTCOMES)),
    "compile entry": Scenario("handbook", step(Step.COMPILE_ENTRY), lambda lab: None),
    "publish": Scenario("decided", step(Step.PUBLISH)),
    "render": Scenario("evaluation-ready", step(Step.RENDER, "gate-record"), lambda lab: lab.decide(CODE)),
    "render again": Scenario("invited", step(Step.RENDER, "handbook-entry"), lambda lab: lab.evaluate(CODE)),
    "book of the programme": Scenario(
        "idea",
        lambda lab: books.typeset_books(
            lab.db, lab.press, at=lab.at, only=lambda book: book.key == "handbook-draft" and book.language == "en"
        ),
        lambda lab: pilots.archive_pilot(lab.db, "P-001", reason="Withdrawn", by=COORDINATOR, at=lab.at),
    ),
}
