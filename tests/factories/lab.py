"""A compact lab: a programme with its people, and acts that take a pilot from idea to published entry.

Every act goes through the real services. The clock is the lab's own: it stands still until a test moves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pilotkit import resources
from pilotkit.db.engine import Database
from pilotkit.domain.decision import NewCondition
from pilotkit.domain.dossier import Dossier
from pilotkit.domain.gate import checklist
from pilotkit.domain.pilot import Decision, PilotStatus, Reading, StagePass
from pilotkit.domain.ports import Press
from pilotkit.domain.process import Outcome, StageKind
from pilotkit.domain.programme import Role
from pilotkit.domain.setup import AreaSetup, ArenaSetup, OrganisationSetup, PersonSetup, ProgrammeSetup
from pilotkit.services import (
    actions,
    arenas,
    criteria,
    evaluation,
    gates,
    handbook,
    pilots,
    programmes,
    steps,
    trials,
    voting,
)

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""A Monday without a holiday in Slovenia and Austria."""

HOSPITAL = "Regional hospital, example"
UNIVERSITY = "University of applied sciences, example"
BOARD = "Health insurance, example"

COORDINATOR = "coordinator@example.org"
DECIDERS = ("chair@example.org", "director@example.org", "mayor@example.org")
EVALUATORS = ("economist@example.org", "nurse@example.org", "physician@example.org")
ADMIN = "admin@example.org"
PARTNER = "partner@example.org"
SUBMITTER = "submitter@example.org"
READER = "reader@example.org"

_ROLES = {
    COORDINATOR: (Role.COORDINATOR, BOARD),
    **dict.fromkeys(DECIDERS, (Role.DECIDER, BOARD)),
    **dict.fromkeys(EVALUATORS, (Role.EVALUATOR, BOARD)),
    ADMIN: (Role.ADMIN, BOARD),
    PARTNER: (Role.PARTNER, HOSPITAL),
    SUBMITTER: (Role.SUBMITTER, HOSPITAL),
    READER: (Role.READER, ""),
}
PEOPLE = tuple(_ROLES)

PROGRAMME = ProgrammeSetup(
    key="example",
    prefix="P",
    title={"en": "Example programme", "sl": "Primer programa"},
    vision={"en": "Care without borders"},
    languages=("en", "sl"),
    countries=("SI", "AT"),
    zone="Europe/Ljubljana",
    first_year=2026,
    last_year=2029,
    funding_notice={"en": "Funded by nobody: an example"},
    example=True,
    areas=(AreaSetup(key="digital", title={"en": "Digitalisation"}, description={"en": "Care with less travel"}),),
    organisations=(
        OrganisationSetup(name=HOSPITAL, kind="provider", country="SI"),
        OrganisationSetup(name=UNIVERSITY, kind="academia", country="AT"),
        OrganisationSetup(name=BOARD, kind="policy", country="SI"),
    ),
    people=tuple(
        PersonSetup(
            email=email,
            name=f"{email.partition('@')[0].capitalize()}, example",
            roles=frozenset({role}),
            organisation=organisation,
        )
        for email, (role, organisation) in _ROLES.items()
    ),
    arenas=(ArenaSetup(key="ward", name="Test ward, example", organisation=HOSPITAL, capacity=2),),
)

IDEA = pilots.Idea(
    title={"en": "Remote monitoring at home", "sl": "Spremljanje na domu"},
    summary={"en": "Patients with heart failure measure at home."},
    problem={"en": "Every third comes back within a month."},
    area="digital",
    partners=(
        pilots.PartnerPart(organisation=HOSPITAL, role="lead"),
        pilots.PartnerPart(organisation=UNIVERSITY, role="partner"),
    ),
    coordinator=COORDINATOR,
    submitter=SUBMITTER,
)

READMISSIONS = trials.IndicatorPlan(
    key="readmissions",
    title={"en": "Readmitted within 30 days"},
    unit="",
    measure="proportion",
    direction="lower",
    target=Decimal("0.1"),
    baseline=Reading(on=date(2026, 1, 1), source="Register", value=Decimal("0.2"), numerator=20, denominator=100),
)


@dataclass
class Lab:
    """A lab on a database: acts take the code of a pilot and happen at the instant ``at``."""

    db: Database
    press: Press
    at: datetime = field(default=START)

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()

    def wait(self, days: int = 1) -> None:
        self.at += timedelta(days=days)

    def found(self, setup: ProgrammeSetup = PROGRAMME, *, process: str = "") -> None:
        """Load the programme; pilots follow the standard process unless the text of another is given."""
        text = process or (resources.processes() / "standard.toml").read_text(encoding="utf-8")
        programmes.load_programme(self.db, setup=setup, process=text, source="process.toml", at=self.at)

    def new(self, idea: pilots.Idea = IDEA) -> str:
        return pilots.new_pilot(self.db, idea=idea, by=COORDINATOR, at=self.at).code

    # --- seeing -------------------------------------------------------------------------------------------------------

    def show(self, code: str) -> Dossier:
        return pilots.show(self.db, code)

    def kind(self, code: str) -> StageKind:
        """The kind of the stage that the pilot is in, or ended in."""
        facts = self.show(code)
        return facts.process.stage(facts.pilot.last_pass.stage).kind

    def open_pass(self, code: str) -> StagePass:
        stage_pass = self.show(code).pilot.open_pass
        assert stage_pass, f"{code} has ended"
        return stage_pass

    # --- small acts ---------------------------------------------------------------------------------------------------

    def work(self, code: str, *, documents: bool = False) -> steps.Advance:
        """Let pilotkit do what it can; a step that fails fails the test."""
        advance = steps.advance(self.db, self.press, code, clock=self.now, documents=documents)
        for report in advance.steps:
            if report.failure:
                raise report.failure
        return advance

    def show_criteria(self, code: str) -> None:
        """Show every criterion of the gate that a person can show."""
        facts = self.show(code)
        for line in checklist(facts.pilot, facts.process, self.open_pass(code)):
            if line.blocks and not line.criterion.shown_by:
                criteria.meet_criterion(
                    self.db,
                    code,
                    criterion=line.criterion.key,
                    country=line.country,
                    evidence="Minutes of the board, example",
                    authority="Committee, example" if line.criterion.legal else "",
                    by=COORDINATOR,
                    at=self.at,
                )

    def vote(self, code: str, outcome: Outcome, voters: Sequence[str] = DECIDERS[:2]) -> None:
        for voter in voters:
            voting.vote(self.db, code, outcome=outcome, by=voter, at=self.at)

    def decide(
        self,
        code: str,
        outcome: Outcome = Outcome.GO,
        *,
        voters: Sequence[str] = DECIDERS[:2],
        by: str = COORDINATOR,
        conditions: Sequence[NewCondition] = (),
        until: date | None = None,
        to_stage: str = "",
    ) -> Decision:
        """Vote and decide."""
        self.vote(code, outcome, voters)
        return gates.decide(
            self.db,
            code,
            gate=gates.open_gate(self.db, code),
            outcome=outcome,
            rationale="The board was convinced.",
            by=by,
            at=self.at,
            conditions=conditions,
            until=until,
            to_stage=to_stage,
        )

    def condition(self, days: int = 30, *, due_stage: str = "") -> NewCondition:
        due = self.today() + timedelta(days=days)
        return NewCondition(text="Name a deputy", owner=PARTNER, due_on=due, due_stage=due_stage)

    # --- the work of the stages ---------------------------------------------------------------------------------------

    def evaluate(self, code: str, value: str = "4") -> None:
        """Invite and fill in every sheet."""
        self.work(code)
        facts = self.show(code)
        stage_pass = self.open_pass(code)
        score_set = facts.process.score_set(facts.process.stage(stage_pass.stage).score_set)
        for sheet in stage_pass.scoresheets:
            if not sheet.submitted_on and not sheet.withdrawn:
                scores = {criterion.key: Decimal(value) for criterion in score_set.criteria}
                evaluation.score(self.db, code, by=sheet.evaluator.email, scores=scores, at=self.at)

    def book(self, code: str, *, days: int = 30, places: int = 1) -> None:
        first = self.today() + timedelta(days=1)
        last = first + timedelta(days=days)
        arenas.book(
            self.db, code, arena="ward", first_day=first, last_day=last, places=places, by=COORDINATOR, at=self.at
        )

    def plan_trial(self, code: str) -> None:
        self.book(code)
        trials.add_indicator(self.db, code, plan=READMISSIONS, by=COORDINATOR, at=self.at)

    def start_trial(self, code: str) -> None:
        trials.start_trial(self.db, code, by=COORDINATOR, at=self.at)

    def measure(self, code: str, numerator: int = 9) -> None:
        value = Decimal(numerator) / 100
        reading = Reading(on=self.today(), source="Register", value=value, numerator=numerator, denominator=100)
        trials.measure(self.db, code, indicator=READMISSIONS.key, reading=reading, by=COORDINATOR, at=self.at)

    def end_trial(self, code: str) -> None:
        trials.end_trial(self.db, code, by=COORDINATOR, at=self.at)

    def try_out(self, code: str) -> None:
        """Plan, run and end the trial."""
        self.plan_trial(code)
        self.show_criteria(code)
        self.start_trial(code)
        self.wait(20)
        self.measure(code)
        self.end_trial(code)

    def implement(self, code: str) -> None:
        plan = actions.ActionPlan(title={"en": "Train the staff"}, start=self.today(), due=self.today(), owner=PARTNER)
        number = actions.add_action(self.db, code, plan=plan, by=COORDINATOR, at=self.at)
        actions.update_action(self.db, code, number=number, state="done", by=COORDINATOR, at=self.at)
        actions.adopt(
            self.db,
            code,
            organisation=HOSPITAL,
            solution={"en": "Remote monitoring"},
            on=self.today(),
            document="Order of the director, example",
            by=COORDINATOR,
            at=self.at,
        )

    def write_up(self, code: str) -> None:
        handbook.add_lesson(self.db, code, kind="worked", text={"en": "Nurses ring up."}, by=COORDINATOR, at=self.at)
        handbook.judge_transferability(
            self.db, code, organisation=UNIVERSITY, text={"en": "Yes."}, by=COORDINATOR, at=self.at
        )

    def do_stage(self, code: str) -> None:
        """Do the work of the present stage, so that its gate is ready."""
        match self.kind(code):
            case StageKind.EVALUATION:
                self.evaluate(code)
            case StageKind.TRIAL:
                self.try_out(code)
            case StageKind.IMPLEMENTATION:
                self.implement(code)
            case StageKind.PUBLICATION:
                self.write_up(code)
            case StageKind.INTAKE:
                pass
        self.work(code)
        self.show_criteria(code)

    # --- the way ------------------------------------------------------------------------------------------------------

    def bring_to(self, code: str, stage: str) -> None:
        """Take the pilot with a go at every gate to a stage, which stands open and untouched then."""
        while self.open_pass(code).stage != stage:
            self.do_stage(code)
            self.decide(code)
            self.wait(1)

    def publish(self, code: str) -> None:
        """Take the pilot all the way."""
        while self.show(code).pilot.status is PilotStatus.ACTIVE:
            self.do_stage(code)
            self.decide(code)
            self.wait(1)
        self.work(code)
