"""Decisions: what the rules refuse, and what each outcome does to a pilot."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotkit.domain.decision import (
    RATIONALE_LIMIT,
    NewCondition,
    Resolution,
    Transition,
    check_resolution,
    check_revert,
    deciding_pass,
    known_outcomes,
    transition,
)
from pilotkit.domain.errors import Invalid, PilotkitError, Refused
from pilotkit.domain.pilot import ConflictOfInterest, Pilot, PilotStatus, StagePass
from pilotkit.domain.process import Outcome, Process
from pilotkit.domain.programme import Programme
from tests.factories.dossiers import MAYOR, PROGRAMME, decided, process
from tests.unit.domain.pilots import (
    OPENED,
    SHOWN,
    STAGES,
    TODAY,
    cast,
    changed,
    condition,
    here,
    pilot_in,
    with_gate,
    with_people,
)

GO, CONDITIONAL, RECYCLE, HOLD, STOP = Outcome
LATER = TODAY + timedelta(days=30)
FIRST_TRAIN = NewCondition(text="Train first", owner="p8@example.org", due_on=LATER)
WHAT_IT_NEEDS: dict[Outcome, dict[str, Any]] = {CONDITIONAL: {"conditions": (FIRST_TRAIN,)}, HOLD: {"until": LATER}}


def resolved(outcome: Outcome, **fields: Any) -> Resolution:
    """A resolution with all that its outcome needs."""
    facts: dict[str, Any] = {"rationale": "Good reasons.", "on": TODAY} | WHAT_IT_NEEDS.get(outcome, {})
    return Resolution(outcome=outcome, **(facts | fields))


def voted(stage: str, outcome: Outcome, *, shown: bool = True, **fields: Any) -> Pilot:
    """A pilot at whose gate all have voted the same."""
    return changed(pilot_in(stage, shown=shown, **fields), votes=cast(outcome, outcome, outcome))


def check(
    resolution: Resolution, pilot: Pilot, *, frame: Process | None = None, programme: Programme = PROGRAMME
) -> None:
    check_resolution(resolution, pilot=pilot, process=frame or process(), programme=programme, today=TODAY)


def refusal(kind: type[PilotkitError], resolution: Resolution, pilot: Pilot) -> str:
    with pytest.raises(kind) as caught:
        check(resolution, pilot)
    assert caught.value.remedy
    return str(caught.value)


# --- what is allowed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("outcome", Outcome)
def test_a_ready_gate_with_the_votes_takes_every_outcome_that_it_knows(stage: str, outcome: Outcome) -> None:
    if outcome in known_outcomes(process().stage(stage)):
        check(resolved(outcome), voted(stage, outcome))
    else:
        assert "does not know the outcome" in refusal(Refused, resolved(outcome), voted(stage, outcome))


@pytest.mark.parametrize("outcome", [GO, CONDITIONAL])
def test_an_unready_gate_refuses_go_and_conditional_go(outcome: Outcome) -> None:
    text = refusal(Refused, resolved(outcome), voted("trial", outcome, shown=False))
    assert "is not ready" in text
    assert "Criterion consent is not shown for AT" in text


@pytest.mark.parametrize("outcome", [RECYCLE, HOLD, STOP])
def test_an_unready_gate_refuses_nothing_else(outcome: Outcome) -> None:
    check(resolved(outcome), voted("trial", outcome, shown=False))


@pytest.mark.parametrize("outcome", Outcome)
def test_an_open_condition_due_by_the_gate_refuses_only_go_and_conditional_go(outcome: Outcome) -> None:
    pilot = voted("trial", outcome, conditions=(condition("trial"),))
    if outcome.advances:
        assert "Condition 1 is open" in refusal(Refused, resolved(outcome), pilot)
    else:
        check(resolved(outcome), pilot)


def test_a_condition_of_a_later_gate_refuses_nothing() -> None:
    check(resolved(GO), voted("trial", GO, conditions=(condition("implementation"),)))


# --- rationale and date -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("rationale", ["", " \n\t"])
def test_every_decision_needs_a_rationale(outcome: Outcome, rationale: str) -> None:
    assert "needs a rationale" in refusal(Invalid, resolved(outcome, rationale=rationale), voted("trial", outcome))


def test_a_rationale_has_up_to_10000_characters() -> None:
    assert RATIONALE_LIMIT == 10_000
    check(resolved(GO, rationale="ž" * 10_000), voted("trial", GO))
    assert "10001" in refusal(Invalid, resolved(GO, rationale="ž" * 10_001), voted("trial", GO))


def test_a_decision_is_not_dated_in_the_future() -> None:
    check(resolved(GO, on=TODAY), voted("trial", GO))
    assert "in the future" in refusal(Invalid, resolved(GO, on=TODAY + timedelta(days=1)), voted("trial", GO))


def test_a_decision_is_not_dated_before_the_previous_one() -> None:
    held = decided(1, HOLD, SHOWN, "Wait", until=TODAY)
    pilot = changed(voted("trial", GO), decisions=(held,), votes=cast(GO, GO, round_=1))
    check(resolved(GO, on=SHOWN), pilot)
    assert "lies before 2026-05-11" in refusal(Invalid, resolved(GO, on=SHOWN - timedelta(days=1)), pilot)


def test_a_reverted_decision_does_not_bind_the_date() -> None:
    held = replace(decided(1, HOLD, SHOWN, "Wait", until=TODAY), reverted_on=TODAY)
    pilot = changed(voted("trial", GO), decisions=(held,), votes=cast(GO, GO, round_=1))
    check(resolved(GO, on=SHOWN - timedelta(days=1)), pilot)


def test_a_decision_is_not_dated_before_the_pilot() -> None:
    assert "lies before" in refusal(Invalid, resolved(GO, on=OPENED - timedelta(days=1)), voted("trial", GO))


# --- conditions, hold, way back ---------------------------------------------------------------------------------------


def test_the_last_gate_has_no_conditional_go() -> None:
    every = with_gate("handbook", outcomes=tuple(Outcome))
    assert known_outcomes(every.stage("handbook")) == ("go", "recycle", "hold", "stop")
    with pytest.raises(Refused, match="does not know the outcome conditional-go"):
        check(resolved(CONDITIONAL), voted("handbook", CONDITIONAL), frame=every)


def test_a_gate_takes_only_the_outcomes_of_its_process() -> None:
    with pytest.raises(Refused, match="It knows: go, stop"):
        check(resolved(HOLD), voted("trial", HOLD), frame=with_gate("trial", outcomes=(GO, STOP)))


def test_a_conditional_go_needs_conditions() -> None:
    assert "at least one condition" in refusal(
        Invalid, resolved(CONDITIONAL, conditions=()), voted("trial", CONDITIONAL)
    )


@pytest.mark.parametrize("outcome", [GO, RECYCLE, HOLD, STOP])
def test_no_other_decision_has_conditions(outcome: Outcome) -> None:
    assert "no other decision has any" in refusal(
        Invalid, resolved(outcome, conditions=(FIRST_TRAIN,)), voted("trial", outcome)
    )


@pytest.mark.parametrize("wrong", [{"text": "  "}, {"due_on": TODAY}, {"due_on": SHOWN}])
def test_a_condition_needs_a_text_and_a_later_due_date(wrong: dict[str, Any]) -> None:
    flawed = resolved(CONDITIONAL, conditions=(FIRST_TRAIN, replace(FIRST_TRAIN, **wrong)))
    assert "A condition needs a text and a due date" in refusal(Invalid, flawed, voted("trial", CONDITIONAL))


def test_a_hold_needs_the_date_until_which_it_lasts() -> None:
    assert "needs the date" in refusal(Invalid, resolved(HOLD, until=None), voted("trial", HOLD))


@pytest.mark.parametrize("outcome", [GO, CONDITIONAL, RECYCLE, STOP])
def test_no_other_decision_has_such_a_date(outcome: Outcome) -> None:
    assert "no other decision has one" in refusal(Invalid, resolved(outcome, until=LATER), voted("trial", outcome))


@pytest.mark.parametrize("until", [TODAY, SHOWN])
def test_a_hold_ends_after_it_begins(until: date) -> None:
    assert "not after" in refusal(Invalid, resolved(HOLD, until=until), voted("trial", HOLD))


@pytest.mark.parametrize("to", ["", "idea", "evaluation", "trial"])
def test_a_recycle_leads_to_this_or_an_earlier_stage(to: str) -> None:
    check(resolved(RECYCLE, to_stage=to), voted("trial", RECYCLE))


@pytest.mark.parametrize("to", ["implementation", "handbook", "nowhere"])
def test_a_recycle_leads_nowhere_else(to: str) -> None:
    text = refusal(Invalid, resolved(RECYCLE, to_stage=to), voted("trial", RECYCLE))
    assert "idea, evaluation, trial" in text


@pytest.mark.parametrize("outcome", [GO, CONDITIONAL, HOLD, STOP])
def test_only_a_recycle_names_a_stage(outcome: Outcome) -> None:
    assert "Only a recycle" in refusal(Invalid, resolved(outcome, to_stage="idea"), voted("trial", outcome))


# --- votes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", Outcome)
def test_no_decision_without_the_quorum(outcome: Outcome) -> None:
    pilot = changed(pilot_in("trial", shown=True), votes=cast(outcome))
    assert "1 of the 2 votes" in refusal(Refused, resolved(outcome), pilot)


def test_no_decision_against_the_votes() -> None:
    pilot = changed(pilot_in("trial", shown=True), votes=cast(STOP, STOP, GO))
    assert "The votes do not carry go: go 1, stop 2." in refusal(Refused, resolved(GO), pilot)


@pytest.mark.parametrize("outcome", [GO, STOP])
def test_a_tie_decides_nothing(outcome: Outcome) -> None:
    pilot = changed(pilot_in("trial", shown=True), votes=cast(GO, STOP))
    assert "go 1, stop 1" in refusal(Refused, resolved(outcome), pilot)


def test_the_vote_of_an_excused_decider_decides_nothing() -> None:
    excused = ConflictOfInterest(person=MAYOR, on=OPENED, reason="Runs the care home")
    pilot = changed(pilot_in("trial", shown=True, conflicts=(excused,)), votes=cast(GO, STOP, GO))
    assert "go 1, stop 1" in refusal(Refused, resolved(GO), pilot)


def test_the_vote_of_a_deactivated_decider_decides_nothing() -> None:
    people = [replace(p, active=p.id != MAYOR.id) for p in PROGRAMME.people]
    pilot = changed(pilot_in("trial", shown=True), votes=cast(GO, STOP, GO))
    with pytest.raises(Refused, match="go 1, stop 1"):
        check(resolved(GO), pilot, programme=with_people(*people))


def test_the_votes_of_an_earlier_round_decide_nothing() -> None:
    held = decided(1, HOLD, SHOWN, "Wait", until=TODAY)
    pilot = changed(voted("trial", GO), decisions=(held,))
    assert "0 of the 2 votes" in refusal(Refused, resolved(GO), pilot)


@given(
    st.sampled_from(STAGES),
    st.lists(st.sampled_from(Outcome), max_size=3),
    st.sampled_from(Outcome),
    st.booleans(),
    st.sampled_from(["", *STAGES]),
)
def test_no_resolution_passes_that_breaks_a_rule(
    stage: str, votes: list[Outcome], outcome: Outcome, shown: bool, to: str
) -> None:
    pilot = changed(pilot_in(stage, shown=shown), votes=cast(*votes))
    try:
        check(resolved(outcome, to_stage=to), pilot)
    except PilotkitError:
        return
    assert len(votes) >= process().stage(stage).gate.quorum
    assert 2 * votes.count(outcome) > len(votes)
    assert shown or not outcome.advances
    assert not to or (outcome is RECYCLE and STAGES.index(to) <= STAGES.index(stage))
    assert (stage, outcome) != ("handbook", CONDITIONAL)


# --- which pilots have an open gate -----------------------------------------------------------------------------------


def ended(status: PilotStatus) -> Pilot:
    pilot = changed(pilot_in("trial"), closed_on=SHOWN)
    return replace(pilot, status=status)


@pytest.mark.parametrize(
    ("pilot", "state"),
    [
        (ended(PilotStatus.STOPPED), "P-001 is stopped"),
        (ended(PilotStatus.PUBLISHED), "P-001 is published"),
        (pilot_in("trial", archived=True), "P-001 is archived"),
    ],
)
def test_ended_and_archived_pilots_have_no_open_gate(pilot: Pilot, state: str) -> None:
    with pytest.raises(Refused, match=state):
        deciding_pass(pilot)
    assert state in refusal(Refused, resolved(STOP), pilot)


def test_a_pilot_on_hold_can_be_decided() -> None:
    pilot = replace(voted("trial", STOP), status=PilotStatus.ON_HOLD)
    assert deciding_pass(pilot).stage == "trial"
    check(resolved(STOP), pilot)


# --- taking back ------------------------------------------------------------------------------------------------------


def twice_decided(*, second_reverted: bool = False) -> Pilot:
    held = decided(1, HOLD, OPENED, "Wait", until=SHOWN)
    stopped = decided(2, STOP, SHOWN, "No use", reverted_on=TODAY if second_reverted else None)
    return changed(pilot_in("trial"), decisions=(held, stopped), closed_on=None if second_reverted else SHOWN)


def why_not(pilot: Pilot, number: int) -> str:
    with pytest.raises(Refused) as caught:
        check_revert(pilot, number)
    return str(caught.value)


def test_only_the_last_decision_is_taken_back() -> None:
    pilot = replace(pilot_in("trial"), passes=twice_decided().passes)
    assert check_revert(pilot, 2).number == 2
    assert "it is not the last that stands" in why_not(pilot, 1)


def test_a_decision_is_taken_back_once_and_then_the_one_before() -> None:
    pilot = replace(pilot_in("trial"), passes=twice_decided(second_reverted=True).passes)
    assert "cannot be reverted" in why_not(pilot, 2)
    assert check_revert(pilot, 1).number == 1


def test_what_was_never_decided_is_not_taken_back() -> None:
    assert "cannot be reverted" in why_not(pilot_in("trial"), 1)


def test_a_decision_stands_once_the_stage_that_it_opened_has_decided_itself() -> None:
    first = replace(
        here(pilot_in("idea", shown=True)), closed_on=SHOWN, decisions=(decided(1, GO, SHOWN, "A real need"),)
    )
    second = StagePass(id=2, stage="evaluation", number=1, sequence=2, opened_on=SHOWN)
    assert check_revert(pilot_in("idea", passes=(first, second)), 1).number == 1
    second = replace(second, decisions=(decided(2, HOLD, TODAY, "Wait", until=LATER),))
    assert "not the last" in why_not(pilot_in("idea", passes=(first, second)), 1)


# --- what a decision does ---------------------------------------------------------------------------------------------

ACTIVE, STOPPED = PilotStatus.ACTIVE, PilotStatus.STOPPED


@pytest.mark.parametrize(
    ("stage", "resolution", "expected"),
    [
        ("idea", resolved(GO), Transition(status=ACTIVE, opens="evaluation")),
        ("trial", resolved(GO), Transition(status=ACTIVE, opens="implementation")),
        ("trial", resolved(CONDITIONAL), Transition(status=ACTIVE, opens="implementation")),
        ("handbook", resolved(GO), Transition(status=PilotStatus.PUBLISHED, entry="results")),
        ("trial", resolved(RECYCLE), Transition(status=ACTIVE, opens="trial", releases=True)),
        ("trial", resolved(RECYCLE, to_stage="idea"), Transition(status=ACTIVE, opens="idea", releases=True)),
        ("trial", resolved(HOLD), Transition(status=PilotStatus.ON_HOLD, closes=False)),
        ("idea", resolved(STOP), Transition(status=STOPPED, releases=True, entry="note")),
        ("evaluation", resolved(STOP), Transition(status=STOPPED, releases=True, entry="note")),
        ("trial", resolved(STOP), Transition(status=STOPPED, releases=True, entry="learned")),
        ("implementation", resolved(STOP), Transition(status=STOPPED, releases=True, entry="learned")),
        ("handbook", resolved(STOP), Transition(status=STOPPED, releases=True, entry="learned")),
    ],
)
def test_what_each_outcome_does(stage: str, resolution: Resolution, expected: Transition) -> None:
    assert transition(resolution, pilot=pilot_in(stage), process=process()) == expected


def test_a_pilot_stopped_after_it_went_back_still_leaves_what_was_learned() -> None:
    tried = replace(here(pilot_in("trial")), closed_on=SHOWN)
    again = StagePass(id=2, stage="idea", number=1, sequence=2, opened_on=SHOWN)
    effect = transition(resolved(STOP), pilot=pilot_in("idea", passes=(tried, again)), process=process())
    assert effect.entry == "learned"


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("stage", STAGES)
def test_a_pilot_is_active_in_exactly_the_stage_that_opens(stage: str, outcome: Outcome) -> None:
    effect = transition(resolved(outcome), pilot=pilot_in(stage), process=process())
    assert bool(effect.opens) == (effect.status is ACTIVE)
    assert effect.closes != (effect.status is PilotStatus.ON_HOLD)
    assert (effect.entry is not None) == effect.status.ended
