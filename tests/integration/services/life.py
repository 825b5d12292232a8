"""A machine that lives pilots' lives at random: any actor, any act, any moment; what must always hold is checked.

The rules of the gates are told here a second time, in other words than pilotkit's own, so that a fault in the one shows
in the other. An act that is refused must leave no trace.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import func, select

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries import audit as trail
from pilotkit.db.queries.agenda import items_by_pilot
from pilotkit.db.queries.pilots import load_pilots
from pilotkit.db.queries.programmes import processes_of
from pilotkit.domain import planning
from pilotkit.domain.agenda import AgendaItem, Step
from pilotkit.domain.audit import verify
from pilotkit.domain.decision import NewCondition
from pilotkit.domain.dossier import Dossier
from pilotkit.domain.errors import PilotkitError
from pilotkit.domain.pilot import Pilot, Reading, StagePass
from pilotkit.domain.process import Outcome, Process
from pilotkit.domain.programme import Role
from pilotkit.domain.text import message
from pilotkit.services import (
    actions,
    arenas,
    conditions,
    criteria,
    evaluation,
    gates,
    handbook,
    people,
    pilots,
    steps,
    trials,
    voting,
)
from pilotkit.services.actors import require_programme
from tests.factories import lab as example
from tests.factories.lab import ADMIN, COORDINATOR, DECIDERS, EVALUATORS, PARTNER, PEOPLE, Lab
from tests.factories.moments import MOMENTS, instant_of, moment_file, turn_to
from tests.fakes import FakePress

CAPACITY = 2


def actors(*right: str) -> st.SearchStrategy[str]:
    """Mostly somebody who may do it."""
    return st.one_of(st.sampled_from(right), st.sampled_from(right), st.sampled_from((*PEOPLE, "nobody@example.org")))


which = st.integers(0, 2)
outcomes = st.sampled_from(tuple(Outcome))
days = st.integers(-3, 40)
rarely = st.integers(0, 5).map(lambda number: number == 0)


class Life(RuleBasedStateMachine):
    """Random lives. ``url`` and ``folder`` are given by a subclass: one database, turned back for every example."""

    url: ClassVar[str]
    folder: ClassVar[Path]
    db: ClassVar[Database]

    @initialize(moment=st.sampled_from(MOMENTS))
    def begin(self, moment: str) -> None:
        self.db.close()
        turn_to(self.url, moment_file(moment))
        self.lab = Lab(self.db, FakePress(self.folder / "shelf"), at=instant_of(moment))
        self.codes = ["P-002", "P-001"]
        self.check()

    def code(self, number: int) -> str:
        return self.codes[number % len(self.codes)]

    # --- Acts: the pilot ----------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.codes) < 3)
    @rule(by=actors(COORDINATOR, example.SUBMITTER))
    def new(self, by: str) -> None:
        made = self.attempt(lambda: pilots.new_pilot(self.db, idea=example.IDEA, by=by, at=self.lab.at))
        if isinstance(made, Pilot):
            self.codes.append(made.code)

    @rule(pilot=which, by=actors(COORDINATOR, PARTNER), what=st.integers(0, 4))
    def edit(self, pilot: int, by: str, what: int) -> None:
        changes: list[dict[str, object]] = [
            {"texts": {"title": {"en": "Another title"}}},
            {"leave": [example.UNIVERSITY]},
            {"join": [pilots.PartnerPart(organisation=example.UNIVERSITY, role="partner")]},
            {"coordinator": ""},
            {"coordinator": COORDINATOR, "texts": {"summary": {"en": "", "sl": "Kratko"}}},
        ]
        code, change = self.code(pilot), changes[what]
        self.attempt(lambda: pilots.edit_pilot(self.db, code, by=by, at=self.lab.at, **change))  # type: ignore[arg-type]

    @rule(pilot=which, by=actors(COORDINATOR), undo=st.booleans(), really=rarely)
    def archive(self, pilot: int, by: str, undo: bool, really: bool) -> None:
        if really or undo:
            code = self.code(pilot)
            self.attempt(
                lambda: pilots.archive_pilot(self.db, code, reason="Withdrawn", by=by, at=self.lab.at, undo=undo)
            )

    @rule(person=st.sampled_from((*DECIDERS, *EVALUATORS, COORDINATOR)), by=actors(ADMIN), really=rarely)
    def disable(self, person: str, by: str, really: bool) -> None:
        if really:
            self.attempt(lambda: people.disable_person(self.db, programme="", email=person, by=by, at=self.lab.at))

    @rule(by=days)
    def clock(self, by: int) -> None:
        self.lab.wait(by)

    # --- Acts: pilotkit itself ----------------------------------------------------------------------------------------

    @rule(pilot=which)
    def work(self, pilot: int) -> None:
        code = self.code(pilot)
        self.attempt(lambda: self.lab.work(code))

    @rule(pilot=which, step=st.sampled_from(tuple(Step)), old=st.integers(0, 3))
    def late_step(self, pilot: int, step: Step, old: int) -> None:
        """A step of which somebody read on an old agenda: it does what is due, or nothing, without a word."""
        facts = self.lab.show(self.code(pilot)).pilot
        stage_pass = facts.passes[old % len(facts.passes)]
        subject = f"{stage_pass.stage}.{stage_pass.number}"
        keys = {Step.RENDER: "gate-record/1", Step.CHECK: f"{subject}/complete"}
        item = AgendaItem(
            key="",
            kind=step,
            subject=keys.get(step, subject),
            stage=stage_pass.stage,
            title=message("Late"),
            opens_on=stage_pass.opened_on,
            due_on=stage_pass.opened_on,
        )
        steps.run_step(self.db, self.lab.press, facts.code, item, at=self.lab.at)
        self.check()

    @rule(really=rarely)
    def sweep(self, really: bool) -> None:
        if really:
            advances, _ = steps.sweep(self.db, self.lab.press, clock=self.lab.now)
            assert not [report.failure for advance in advances for report in advance.steps if report.failure]
            self.check()

    # --- Acts: the stages ---------------------------------------------------------------------------------------------

    @rule(pilot=which)
    def do_stage(self, pilot: int) -> None:
        """What the stage asks for, so that gates become ready often enough."""
        code = self.code(pilot)
        if self.lab.show(code).pilot.in_work:
            self.attempt(lambda: self.lab.do_stage(code), whole=False)

    @rule(pilot=which, by=actors(COORDINATOR, PARTNER), number=st.integers(0, 8), verb=st.integers(0, 2))
    def criterion(self, pilot: int, by: str, number: int, verb: int) -> None:
        code = self.code(pilot)
        facts = self.lab.show(code)
        keys = [each.key for each in facts.process.stage(facts.pilot.last_pass.stage).gate.criteria]
        key = keys[number % len(keys)]
        at = self.lab.at
        act: Callable[[], object] = [
            lambda: criteria.meet_criterion(
                self.db, code, criterion=key, evidence="Seen", authority="Office", country="SI", by=by, at=at
            ),
            lambda: criteria.waive_criterion(self.db, code, criterion=key, reason="Not needed", by=by, at=at),
            lambda: criteria.criterion_not_applicable(
                self.db, code, criterion=key, reason="No device", authority="Office", by=by, at=at
            ),
        ][verb]
        self.attempt(act)

    @rule(pilot=which, by=actors(*EVALUATORS), value=st.integers(0, 5), submit=st.booleans())
    def score(self, pilot: int, by: str, value: int, submit: bool) -> None:
        code = self.code(pilot)
        known = self.lab.show(code).process.score_sets[0].criteria
        scores = {criterion.key: Decimal(value) for criterion in known}
        self.attempt(lambda: evaluation.score(self.db, code, by=by, scores=scores, submit=submit, at=self.lab.at))

    @rule(pilot=which, by=actors(COORDINATOR))
    def close_panel(self, pilot: int, by: str) -> None:
        code = self.code(pilot)
        self.attempt(lambda: evaluation.close_panel(self.db, code, reason="One is ill", by=by, at=self.lab.at))

    @rule(pilot=which, person=st.sampled_from((*DECIDERS, *EVALUATORS)), by=actors(COORDINATOR))
    def conflict(self, pilot: int, person: str, by: str) -> None:
        code = self.code(pilot)
        self.attempt(
            lambda: evaluation.declare_conflict(self.db, code, person=person, reason="Kin", by=by, at=self.lab.at)
        )

    @rule(pilot=which, by=actors(COORDINATOR), act=st.integers(0, 4), shift=st.integers(-5, 60))
    def trial(self, pilot: int, by: str, act: int, shift: int) -> None:
        code, at, first = self.code(pilot), self.lab.at, self.lab.today() + timedelta(days=shift)
        reading = Reading(on=first, source="Register", value=Decimal("0.1"), numerator=10, denominator=100)
        self.attempt(
            (
                lambda: arenas.book(
                    self.db, code, arena="ward", first_day=first, last_day=first + timedelta(days=9), by=by, at=at
                ),
                lambda: trials.add_indicator(self.db, code, plan=example.READMISSIONS, by=by, at=at),
                lambda: trials.start_trial(self.db, code, by=by, at=at),
                lambda: trials.measure(self.db, code, indicator="readmissions", reading=reading, by=by, at=at),
                lambda: trials.end_trial(self.db, code, on=first, by=by, at=at),
            )[act]
        )

    @rule(pilot=which, by=actors(COORDINATOR, PARTNER), act=st.integers(0, 3), number=st.integers(1, 3))
    def implementation(self, pilot: int, by: str, act: int, number: int) -> None:
        code, at, today = self.code(pilot), self.lab.at, self.lab.today()
        plan = actions.ActionPlan(title={"en": "Train"}, start=today, due=today, depends_on=range(1, number))
        self.attempt(
            (
                lambda: actions.add_action(self.db, code, plan=plan, by=by, at=at),
                lambda: actions.update_action(self.db, code, number=number, state="done", by=by, at=at),
                lambda: actions.update_action(
                    self.db, code, number=number, state="doing", depends_on=[3], by=by, at=at
                ),
                lambda: actions.adopt(
                    self.db,
                    code,
                    organisation=example.HOSPITAL,
                    solution={"en": "It"},
                    on=today,
                    document="Order",
                    by=by,
                    at=at,
                ),
            )[act]
        )

    @rule(pilot=which, by=actors(COORDINATOR), act=st.integers(0, 3))
    def entry(self, pilot: int, by: str, act: int) -> None:
        code, at = self.code(pilot), self.lab.at
        self.attempt(
            (
                lambda: handbook.add_lesson(self.db, code, kind="worked", text={"en": "So"}, by=by, at=at),
                lambda: handbook.judge_transferability(
                    self.db, code, organisation=example.UNIVERSITY, text={"en": "Yes"}, by=by, at=at
                ),
                lambda: handbook.approve_entry(self.db, code, by=by, at=at),
                lambda: handbook.review_entry(self.db, code, by=by, at=at),
            )[act]
        )

    # --- Acts: the gates ----------------------------------------------------------------------------------------------

    @rule(pilot=which, outcome=outcomes, voter=actors(*DECIDERS), minutes=st.booleans())
    def vote(self, pilot: int, outcome: Outcome, voter: str, minutes: bool) -> None:
        code, by = self.code(pilot), COORDINATOR if minutes else voter
        self.attempt(
            lambda: voting.vote(
                self.db, code, outcome=outcome, by=by, voter=voter, meeting="1" if minutes else "", at=self.lab.at
            )
        )

    @rule(pilot=which, outcome=outcomes)
    def board(self, pilot: int, outcome: Outcome) -> None:
        """The board votes with one voice, whether the gate is ready or not, and decides."""
        code = self.code(pilot)
        for voter in DECIDERS:
            self.attempt(partial(voting.vote, self.db, code, outcome=outcome, by=voter, at=self.lab.at))
        self.decide_as(code, outcome, COORDINATOR, {})

    @rule(
        pilot=which,
        outcome=outcomes,
        by=actors(COORDINATOR, *DECIDERS),
        illegal=rarely,
        shift=st.integers(-2, 2),
        to=st.sampled_from(("", "", "idea", "evaluation", "trial", "nowhere")),
    )
    def decide(self, pilot: int, outcome: Outcome, by: str, illegal: bool, shift: int, to: str) -> None:
        odd: dict[str, object] = {"to_stage": to} if outcome is Outcome.RECYCLE else {}
        if illegal:
            odd = {"on": self.lab.today() + timedelta(days=shift), "until": self.lab.today(), "to_stage": to}
        self.decide_as(self.code(pilot), outcome, by, odd)

    @rule(pilot=which, by=actors(COORDINATOR))
    def resume(self, pilot: int, by: str) -> None:
        code = self.code(pilot)
        self.attempt(lambda: pilots.resume_pilot(self.db, code, reason="Time is up", by=by, at=self.lab.at))

    @rule(pilot=which, by=actors(ADMIN), back=st.integers(0, 1))
    def revert(self, pilot: int, by: str, back: int) -> None:
        code = self.code(pilot)
        number = len(self.lab.show(code).pilot.decisions) - back
        self.attempt(
            lambda: gates.revert_decision(
                self.db, code, number=number, reason="Wrong", requested_by=DECIDERS[0], by=by, at=self.lab.at
            )
        )

    @rule(pilot=which, by=actors(COORDINATOR, PARTNER), number=st.integers(1, 2), act=st.integers(0, 2), until=days)
    def condition(self, pilot: int, by: str, number: int, act: int, until: int) -> None:
        code, at, day = self.code(pilot), self.lab.at, self.lab.today() + timedelta(days=until)
        self.attempt(
            (
                lambda: conditions.meet_condition(self.db, code, number=number, evidence="Letter", by=by, at=at),
                lambda: conditions.waive_condition(self.db, code, number=number, reason="Done", by=by, at=at),
                lambda: conditions.extend_condition(
                    self.db, code, number=number, until=day, reason="Ill", by=by, at=at
                ),
            )[act]
        )

    def decide_as(self, code: str, outcome: Outcome, by: str, odd: dict[str, object]) -> None:
        before = self.lab.show(code)
        today = self.lab.today()
        how: dict[str, object] = {}
        if outcome is Outcome.CONDITIONAL_GO:
            how["conditions"] = [NewCondition(text="A deputy", owner=PARTNER, due_on=today + timedelta(days=20))]
        if outcome is Outcome.HOLD:
            how["until"] = today + timedelta(days=20)
        try:
            gate = gates.open_gate(self.db, code)
        except PilotkitError:
            gate = "none"
        decided = self.attempt(
            lambda: gates.decide(
                self.db,
                code,
                gate=gate,
                outcome=outcome,
                rationale="So it shall be",
                by=by,
                at=self.lab.at,
                **(how | odd),  # type: ignore[arg-type] # also what is not allowed
            )
        )
        if isinstance(decided, PilotkitError):
            advances = outcome in (Outcome.GO, Outcome.CONDITIONAL_GO)
            assert advances or "is not ready" not in str(decided), "an unready gate refuses only go"
        else:
            check_decision(before, outcome, self.lab.show(code))

    # --- What always holds --------------------------------------------------------------------------------------------

    def attempt(self, act: Callable[[], object], *, whole: bool = True) -> object:
        """Do something; a refusal is fine, but leaves no trace.

        Args:
            act: What is done.
            whole: Whether it is one use case, which happens altogether or not at all.
        """
        before = self.trace()
        result: object
        try:
            result = act()
        except PilotkitError as error:
            result = error
        if isinstance(result, PilotkitError) and whole:
            assert self.trace() == before, f"a refusal left traces: {result}"
        self.check()
        return result

    def trace(self) -> object:
        with self.db.read() as session:
            rows = session.execute(select(models.Pilot.code, models.Pilot.revision, models.Pilot.version)).all()
            messages = session.execute(select(func.count()).select_from(models.OutboxMessage)).scalar_one()
            return trail.head(session), sorted(tuple(row) for row in rows), messages

    def check(self) -> None:
        with self.db.read() as session:
            assert verify(trail.events(session), trail.head(session)) is None
            programme = require_programme(session)
            processes = processes_of(session, programme.id)
            stored = items_by_pilot(session, models.Pilot.programme_id == programme.id)
            found = load_pilots(session, programme.id)
        taken: Counter[date] = Counter()
        for pilot in found:
            process = processes[pilot.code]
            check_passes(pilot)
            check_agenda(pilot, stored.get(pilot.id, ()), planning.agenda(pilot, process, programme))
            check_legal(pilot, process)
            check_entry(pilot, process)
            taken += booked_days(pilot)
        assert all(places <= CAPACITY for places in taken.values()), "the arena is overbooked"


def check_passes(pilot: Pilot) -> None:
    still_open = [each for each in pilot.passes if each.closed_on is None and not each.void]
    assert len(still_open) == (0 if pilot.status in ("stopped", "published") else 1), "status and open pass agree"
    named = [(each.stage, each.number) for each in pilot.passes]
    assert len(set(named)) == len(named), "no pass is mistaken for another"
    numbers = [decision.number for decision in pilot.decisions]
    assert numbers == list(range(1, len(numbers) + 1))


def check_agenda(pilot: Pilot, stored: object, computed: tuple[AgendaItem, ...]) -> None:
    found = tuple(stored) if isinstance(stored, list | tuple) else ()
    assert found == computed, "the stored agenda is the computed one"
    human = [item.kind for item in computed if not item.automatic]
    if pilot.status == "on hold" and not pilot.archived:
        assert human == ["hold-review"]
    if pilot.status == "active" and not pilot.archived:
        assert computed, "an active pilot never waits for nothing"


def check_legal(pilot: Pilot, process: Process) -> None:
    for stage_pass in pilot.passes:
        legal = {each.key for each in process.stage(stage_pass.stage).gate.criteria if each.legal}
        for record in stage_pass.criteria:
            assert record.verdict != "waived" or record.criterion not in legal, "legal criteria are never waived"
            assert record.verdict != "not applicable" or record.criterion in legal


def check_entry(pilot: Pilot, process: Process) -> None:
    kinds = {process.stage(each.stage).kind.value for each in pilot.passes if not each.void}
    if pilot.status == "stopped":
        assert pilot.entries, "a stop leaves an entry"
        far = bool(kinds & {"trial", "implementation", "publication"})
        assert pilot.entries[-1].kind == ("learned" if far else "note")
    if pilot.status == "published":
        assert pilot.entries[-1].kind == "results"


def booked_days(pilot: Pilot) -> Counter[date]:
    taken: Counter[date] = Counter()
    for stage_pass in pilot.passes:
        for booking in stage_pass.bookings:
            assert not stage_pass.void or booking.state == "released", "a void pass holds no place"
            if booking.state != "released":
                length = (booking.last_day - booking.first_day).days + 1
                taken.update({booking.first_day + timedelta(days=n): booking.places for n in range(length)})
    return taken


# --- The rules of the gates, told a second time -----------------------------------------------------------------------


def check_decision(before: Dossier, outcome: Outcome, after: Dossier) -> None:
    """That this decision was allowed to happen."""
    stage_pass = before.pilot.open_pass
    assert stage_pass is not None
    assert not before.pilot.archived
    gate = before.process.stage(stage_pass.stage).gate
    decision = after.pilot.decisions[-1]
    assert decision.outcome is outcome
    assert all(each.decided_on <= decision.decided_on for each in before.pilot.decisions if not each.reverted)
    if outcome in (Outcome.GO, Outcome.CONDITIONAL_GO):
        assert not unshown(before, stage_pass), "no go through an unready gate"
        assert not blocking(before, stage_pass), "an open condition refuses go"
    excused = {each.person.id for each in before.pilot.conflicts}
    assert decision.by.id not in excused
    same = next(each for each in after.pilot.passes if each.id == stage_pass.id)
    cast = [
        vote.outcome
        for vote in same.votes
        if vote.round == len(stage_pass.decisions)
        and vote.person.id not in excused
        and vote.person.active
        and Role.DECIDER in vote.person.roles
    ]
    assert len(cast) >= gate.quorum, "the quorum was there"
    assert cast.count(outcome) * 2 > len(cast), "the majority was there"


def unshown(facts: Dossier, stage_pass: StagePass) -> list[tuple[str, str]]:
    """Required criteria, each with its country, for which there is no good record in this pass."""
    countries = sorted({each.organisation.country for each in facts.pilot.partners if each.left_on is None}) or [""]
    good = {(record.criterion, record.country): record.verdict for record in stage_pass.criteria}
    lacking = []
    for criterion in facts.process.stage(stage_pass.stage).gate.criteria:
        for country in countries if criterion.legal else [""]:
            verdict = good.get((criterion.key, country))
            fact_gone = verdict == "met" and criterion.shown_by and not fact_holds(criterion.shown_by, facts)
            if criterion.required and (verdict is None or fact_gone or (criterion.legal and verdict == "waived")):
                lacking.append((criterion.key, country))
    return lacking


def fact_holds(fact: str, facts: Dossier) -> bool:
    """The facts that pilotkit sees for itself, as far as they can go away again."""
    match fact:
        case "actions-done":
            return {item.state for item in facts.pilot.action_items} <= {"done", "dropped"}
        case "complete":
            return bool(facts.pilot.coordinator) and len([p for p in facts.pilot.partners if not p.left_on]) > 1
        case _:
            return True


def blocking(facts: Dossier, stage_pass: StagePass) -> list[int]:
    """Open conditions that are due by this gate."""
    way = [stage.key for stage in facts.process.way()]
    here = way.index(stage_pass.stage)
    return [c.number for c in facts.pilot.conditions if c.state == "open" and way.index(c.due_stage) <= here]
