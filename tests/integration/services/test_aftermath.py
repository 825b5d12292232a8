"""What stays behind after something was taken back, put away, overtaken, or came late."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pilotkit.domain.dossier import Dossier
from pilotkit.domain.errors import Conflict, Refused
from pilotkit.domain.planning import agenda
from pilotkit.domain.ports import Draft
from pilotkit.domain.process import Outcome
from pilotkit.domain.programme import Role
from pilotkit.services import arenas, criteria, documents, evaluation, gates, people, pilots, steps, voting
from pilotkit.services.audit import events
from tests.factories.lab import (
    ADMIN,
    COORDINATOR,
    DECIDERS,
    EVALUATORS,
    PROGRAMME,
    UNIVERSITY,
    Lab,
)
from tests.factories.moments import CODE, lab_at
from tests.fakes import FakePress

At = Callable[[str], Lab]


@pytest.fixture
def at(kind: str, tmp_path: Path) -> Iterator[At]:
    with ExitStack() as stack:
        yield lambda moment: stack.enter_context(lab_at(kind, moment, tmp_path))


def revert(lab: Lab) -> None:
    number = next(d.number for d in reversed(lab.show(CODE).pilot.decisions) if not d.reverted)
    gates.revert_decision(lab.db, CODE, number=number, reason="Wrong", requested_by=DECIDERS[0], by=ADMIN, at=lab.at)


# --- Taken back -------------------------------------------------------------------------------------------------------


def test_a_pass_that_was_taken_back_gives_its_places_back(at: At) -> None:
    lab = at("booked")
    revert(lab)
    (void,) = [each for each in lab.show(CODE).pilot.passes if each.void]
    assert {booking.state for booking in void.bookings} == {"released"}
    other = lab.new()
    lab.bring_to(other, "trial")
    lab.book(other)


def test_the_pass_after_a_void_one_has_a_name_of_its_own(at: At) -> None:
    """Whoever still holds the gate of the void pass cannot decide the new one with it; a report is made anew."""
    lab = at("ended")
    lab.work(CODE, documents=True)
    old_gate = lab.open_pass(CODE).gate
    revert(lab)
    lab.decide(CODE)
    again = lab.open_pass(CODE)
    assert (again.stage, again.number, again.gate) == ("trial", 2, "trial.2.0")
    lab.vote(CODE, Outcome.STOP)
    with pytest.raises(Conflict, match=r"trial\.1\.0"):
        gates.decide(lab.db, CODE, gate=old_gate, outcome=Outcome.STOP, rationale="Late", by=COORDINATOR, at=lab.at)
    lab.try_out(CODE)
    lab.work(CODE, documents=True)
    reports = {doc.subject for doc in lab.show(CODE).pilot.documents if doc.key == "trial-report"}
    assert "trial.2" in reports


@pytest.mark.parametrize("outcome", [Outcome.GO, Outcome.RECYCLE, Outcome.HOLD, Outcome.STOP])
def test_after_a_revert_the_gate_is_open_as_before_and_asks_for_votes_anew(at: At, outcome: Outcome) -> None:
    lab = at("trial-ready")
    before = lab.open_pass(CODE)
    lab.decide(CODE, outcome, until=lab.today() + timedelta(days=9) if outcome is Outcome.HOLD else None)
    revert(lab)
    facts = lab.show(CODE)
    after = lab.open_pass(CODE)
    assert facts.pilot.status == "active"
    assert (after.id, after.criteria, after.closed_on) == (before.id, before.criteria, None)
    assert after.current_votes == ()
    assert {item.kind for item in facts.agenda if not item.automatic} == {"vote"}
    told = list(events(lab.db, subject=CODE, action="decision.reverted"))
    assert len(told) == 1
    lab.decide(CODE)
    assert lab.open_pass(CODE).stage == "implementation"


def test_a_reverted_stop_takes_its_entry_back(at: At) -> None:
    lab = at("running")
    lab.decide(CODE, Outcome.STOP)
    assert [entry.kind for entry in lab.show(CODE).pilot.entries] == ["learned"]
    revert(lab)
    assert lab.show(CODE).pilot.entries == ()


def test_a_revert_voids_the_conditions_that_came_with_it(at: At) -> None:
    lab = at("evaluation-ready")
    lab.decide(CODE, Outcome.CONDITIONAL_GO, conditions=[lab.condition()])
    revert(lab)
    assert [condition.state for condition in lab.show(CODE).pilot.conditions] == ["void"]
    lab.decide(CODE)


# --- Put away ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["evaluation-ready", "trial", "running", "handbook"])
def test_an_archived_pilot_changes_for_nobody(at: At, moment: str) -> None:
    lab = at(moment)
    pilots.archive_pilot(lab.db, CODE, reason="Withdrawn", by=COORDINATOR, at=lab.at)
    revision = lab.show(CODE).pilot.revision
    attempts: tuple[Callable[[], object], ...] = (
        lambda: pilots.edit_pilot(lab.db, CODE, texts={"title": {"en": "New"}}, by=COORDINATOR, at=lab.at),
        lambda: voting.vote(lab.db, CODE, outcome=Outcome.GO, by=DECIDERS[0], at=lab.at),
        lambda: lab.book(CODE),
        lambda: lab.end_trial(CODE),
        lambda: lab.implement(CODE),
        lambda: lab.write_up(CODE),
        lambda: revert(lab),
        lambda: criteria.waive_criterion(lab.db, CODE, criterion="safety", reason="x", by=COORDINATOR, at=lab.at),
        lambda: evaluation.declare_conflict(lab.db, CODE, person=DECIDERS[0], reason="Kin", by=COORDINATOR, at=lab.at),
    )
    for attempt in attempts:
        with pytest.raises(Refused, match="archived"):
            attempt()
    assert lab.work(CODE, documents=True).steps == ()
    assert lab.show(CODE).pilot.revision == revision
    pilots.archive_pilot(lab.db, CODE, reason="Back", by=COORDINATOR, at=lab.at, undo=True)
    assert lab.show(CODE).agenda


# --- Late and twice ---------------------------------------------------------------------------------------------------


def test_steps_of_an_old_agenda_change_nothing(at: At) -> None:
    """Somebody read the agenda of every moment and comes with it when the pilot has long been published."""
    old = [item for moment in ("idea", "evaluation", "scored", "booked", "started", "ended", "handbook")
           for item in at(moment).show(CODE).agenda if item.automatic and item.kind != "render"]  # fmt: skip
    lab = at("published")
    before = lab.show(CODE).pilot
    for item in old:
        assert not steps.run_step(lab.db, lab.press, CODE, item, at=lab.at).changed
    assert lab.show(CODE).pilot == before


def test_a_document_that_is_not_due_any_more_is_not_rendered_and_nobody_complains(at: At) -> None:
    lab = at("evaluation-ready")
    lab.decide(CODE)
    (item,) = [item for item in lab.show(CODE).agenda if item.subject == "gate-record/2"]
    report = steps.run_step(lab.db, lab.press, CODE, replace(item, subject="gate-record/99"), at=lab.at)
    assert not report.changed
    assert report.documents == ()


def test_the_sweep_finds_nothing_the_second_time(at: At) -> None:
    lab = at("decided")
    assert steps.sweep(lab.db, lab.press, clock=lab.now) != ((), ())
    assert steps.sweep(lab.db, lab.press, clock=lab.now) == ((), ())


def test_the_sweep_sees_what_opens_when_a_day_begins_in_the_programmes_zone(at: At) -> None:
    """Half an hour before midnight in UTC it is tomorrow in Ljubljana: what was opened there is due at once."""
    lab = at("idea-ready")
    lab.at = datetime(2026, 1, 20, 23, 30, tzinfo=UTC)
    lab.decide(CODE)
    assert lab.open_pass(CODE).opened_on == datetime(2026, 1, 21, tzinfo=UTC).date()
    advances, _ = steps.sweep(lab.db, lab.press, clock=lab.now)
    (advance,) = [advance for advance in advances if advance.standing.code == CODE]
    assert {"open-stage", "invite"} <= {report.item.kind for report in advance.steps}


# --- Overtaken --------------------------------------------------------------------------------------------------------


class SlowPress(FakePress):
    """While it prints, something happens."""

    def __init__(self, shelf: Path, meanwhile: Callable[[], object]) -> None:
        super().__init__(shelf)
        self._meanwhile: Callable[[], object] | None = meanwhile

    def draft(self, dossier: Dossier, *, key: str, language: str, subject: str = "") -> Draft:
        draft = super().draft(dossier, key=key, language=language, subject=subject)
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile:
            meanwhile()
        return draft


def test_who_renders_old_facts_does_not_lay_them_over_new_ones(at: At, tmp_path: Path) -> None:
    lab = at("idea")
    lab.work(CODE)

    def meanwhile() -> None:
        lab.show_criteria(CODE)
        documents.render(lab.db, lab.press, CODE, key="handbook-entry", languages=["en"], at=lab.at)

    slow = SlowPress(tmp_path / "shelf", meanwhile)
    documents.render(lab.db, slow, CODE, key="handbook-entry", languages=["en"], at=lab.at)
    (stored,) = lab.show(CODE).pilot.documents
    assert stored.revision == lab.show(CODE).pilot.revision
    on_shelf = (tmp_path / "shelf" / CODE / "handbook-entry.en.pdf").read_bytes()
    assert on_shelf == slow.store.path(stored.sha256).read_bytes()
    assert len(events(lab.db, subject=CODE, action="document.rendered")) == 1


def test_a_document_that_was_lost_is_typeset_again(at: At, tmp_path: Path) -> None:
    lab = at("idea")
    lab.work(CODE, documents=True)
    (lost, *_) = [doc for doc in lab.show(CODE).pilot.documents if doc.key == "action-plan"]
    FakePress(tmp_path / "shelf").store.path(lost.sha256).unlink()
    laid = documents.render(lab.db, lab.press, CODE, key="action-plan", at=lab.at)
    assert {each.language: each.typeset for each in laid}[lost.language]
    assert lab.press.has(lost.sha256)


# --- People who go ----------------------------------------------------------------------------------------------------


def test_somebody_else_is_invited_when_an_evaluator_leaves(at: At) -> None:
    lab = at("invited")
    people.disable_person(lab.db, programme="", email=EVALUATORS[0], by=ADMIN, at=lab.at)
    lab.work(CODE)
    waiting = {item.owner.email for item in lab.show(CODE).agenda if item.kind == "score" and item.owner}
    assert waiting == {EVALUATORS[1], EVALUATORS[2]}


def test_somebody_of_two_programmes_leaves_both_agendas(at: At) -> None:
    lab = at("idea-ready")
    other = replace(PROGRAMME, key="second", prefix="S", arenas=())
    lab.found(other)
    idea = pilots.Idea(title={"en": "There"}, area="digital", coordinator=COORDINATOR)
    code = pilots.new_pilot(lab.db, programme="second", idea=idea, by=COORDINATOR, at=lab.at).code
    people.disable_person(lab.db, programme="example", email=DECIDERS[0], by=ADMIN, at=lab.at)
    for pilot in (CODE, code):
        facts = lab.show(pilot)
        assert facts.agenda == agenda(facts.pilot, facts.process, facts.programme)


def test_scores_are_put_together_anew_when_one_who_gave_them_has_a_conflict(at: At) -> None:
    lab = at("evaluation-ready")
    lab.work(CODE, documents=True)
    before = lab.open_pass(CODE).consolidation
    (first, *_) = (sheet.evaluator for sheet in lab.open_pass(CODE).scoresheets)
    lab.wait(1)
    evaluation.declare_conflict(lab.db, CODE, person=first.email, reason="Kin", by=COORDINATOR, at=lab.at)
    assert lab.open_pass(CODE).consolidation is None
    declared_in = lab.show(CODE).pilot.revision
    lab.evaluate(CODE, "2")
    lab.work(CODE, documents=True)
    after = lab.open_pass(CODE).consolidation
    assert before
    assert after
    assert after.total < before.total
    reports = [record for record in lab.show(CODE).pilot.documents if record.key == "evaluation-report"]
    assert reports
    assert min(record.revision for record in reports) > declared_in


def test_somebody_who_leaves_while_a_document_is_typeset_stays_off_the_agenda(at: At, tmp_path: Path) -> None:
    lab = at("evaluation-ready")

    def meanwhile() -> None:
        people.disable_person(lab.db, programme="", email=DECIDERS[0], by=ADMIN, at=lab.at)

    lab.press = SlowPress(tmp_path / "shelf", meanwhile)
    lab.work(CODE, documents=True)
    facts = lab.show(CODE)
    assert DECIDERS[0] not in {item.owner.email for item in facts.agenda if item.owner}
    assert facts.agenda == agenda(facts.pilot, facts.process, facts.programme)


def test_the_panel_and_the_board_are_those_of_the_pilots_programme(at: At) -> None:
    lab = at("idea-ready")
    lab.found(replace(PROGRAMME, key="second", prefix="S", people=PROGRAMME.people[:1], arenas=()))
    newcomer = people.add_person(
        lab.db,
        programme="second",
        email="elsewhere@example.org",
        name="Decider elsewhere, example",
        roles=[Role.DECIDER],
        by=None,
        at=lab.at,
    )
    assert newcomer.email not in {item.owner.email for item in lab.show(CODE).agenda if item.owner}


def test_one_organisation_serves_two_programmes(at: At) -> None:
    lab = at("trial")
    lab.found(replace(PROGRAMME, key="second", prefix="S"))
    assert {line.organisation for line in arenas.list_arenas(lab.db, programme="second")} == {
        line.organisation for line in arenas.list_arenas(lab.db, programme="example")
    }
    assert UNIVERSITY in {partner.organisation.name for partner in lab.show(CODE).pilot.partners}
