"""The agenda: what is still to do for a pilot at each moment, by whom and by when."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotkit.domain.agenda import AgendaItem, Step, Task
from pilotkit.domain.pilot import (
    ActionItem,
    ActionState,
    ConflictOfInterest,
    EntryVersion,
    Pilot,
    PilotStatus,
    StagePass,
)
from pilotkit.domain.planning import agenda
from pilotkit.domain.process import Outcome
from pilotkit.domain.programme import Role
from tests.factories.dossiers import (
    CHAIR,
    COORDINATOR,
    DIRECTOR,
    ECONOMIST,
    HEAD_NURSE,
    HOSPITAL,
    MAYOR,
    MUNICIPALITY,
    NURSE_SCIENTIST,
    PROGRAMME,
    decided,
    dossiers,
    indicators,
    partner,
    process,
)
from tests.unit.domain.pilots import (
    BOOKED,
    DECIDERS,
    JUDGED,
    OPENED,
    SHOWN,
    STAGES,
    TODAY,
    UNMEASURED,
    cast,
    changed,
    condition,
    here,
    items,
    kinds,
    of_kind,
    pilot_in,
    sheet,
    somebody,
    the,
    told,
    with_people,
    with_stage,
)

GO, STOP = Outcome.GO, Outcome.STOP


def humans(pilot: Pilot) -> tuple[AgendaItem, ...]:
    return tuple(item for item in agenda(pilot, process(), PROGRAMME) if not item.automatic)


# --- states of a pilot ------------------------------------------------------------------------------------------------


def held(pilot: Pilot, until: date) -> Pilot:
    hold = decided(1, Outcome.HOLD, SHOWN, "Wait for the law", until=until)
    return replace(changed(pilot, decisions=(hold,)), status=PilotStatus.ON_HOLD)


@pytest.mark.parametrize("shown", [False, True])
@pytest.mark.parametrize("stage", STAGES)
def test_on_hold_the_agenda_has_one_human_item(stage: str, shown: bool) -> None:
    pilot = held(pilot_in(stage, shown=shown, conditions=(condition(stage),)), date(2026, 9, 1))
    (item,) = humans(pilot)
    assert item.kind == Task.HOLD_REVIEW
    assert (item.opens_on, item.due_on) == (date(2026, 9, 1), date(2026, 9, 1))
    assert item.owner == COORDINATOR
    assert kinds(pilot) == {Task.HOLD_REVIEW}


@pytest.mark.parametrize("stage", STAGES)
def test_archived_pilots_have_no_agenda(stage: str) -> None:
    assert agenda(pilot_in(stage, archived=True), process(), PROGRAMME) == ()
    assert agenda(held(pilot_in(stage, archived=True), TODAY), process(), PROGRAMME) == ()


def ended(status: PilotStatus, stage: str, *entries: EntryVersion, **fields: Any) -> Pilot:
    pilot = changed(pilot_in(stage, shown=True, entries=entries, **fields), closed_on=SHOWN)
    return replace(pilot, status=status)


def test_an_entry_with_results_is_published_by_pilotkit() -> None:
    entry = EntryVersion(number=1, kind="results", compiled_on=SHOWN)
    assert the(ended(PilotStatus.PUBLISHED, "handbook", entry), Step.PUBLISH).opens_on == SHOWN


def test_an_entry_on_what_was_learned_is_approved_by_the_coordinator() -> None:
    entry = EntryVersion(number=1, kind="learned", compiled_on=SHOWN)
    pilot = ended(PilotStatus.STOPPED, "trial", entry)
    assert kinds(pilot) == {Task.APPROVE_ENTRY}
    item = the(pilot, Task.APPROVE_ENTRY)
    assert item.owner == COORDINATOR
    assert item.opens_on == SHOWN < item.due_on


def test_an_internal_note_asks_for_nothing() -> None:
    note = EntryVersion(number=1, kind="note", compiled_on=SHOWN)
    assert items(ended(PilotStatus.STOPPED, "idea", note)) == ()


def test_a_published_entry_is_reviewed_on_its_date() -> None:
    entry = EntryVersion(number=2, kind="results", compiled_on=SHOWN, published_on=SHOWN, review_on=date(2027, 5, 11))
    item = the(ended(PilotStatus.PUBLISHED, "handbook", entry), Task.ENTRY_REVIEW)
    assert item.due_on == date(2027, 5, 11)
    assert item.opens_on == item.due_on - timedelta(days=30)


def test_the_conditions_of_a_pilot_that_ended_are_nobodys_task() -> None:
    decision = decided(1, Outcome.CONDITIONAL_GO, OPENED, "Train first")
    pilot = changed(pilot_in("trial", conditions=(condition("trial"),)), decisions=(decision,))
    assert Task.CONDITION in kinds(pilot)
    assert Task.CONDITION not in kinds(replace(changed(pilot, closed_on=SHOWN), status=PilotStatus.STOPPED))


# --- opening and gate -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_pilotkit_opens_a_stage_first(stage: str) -> None:
    item = the(changed(pilot_in(stage), prepared_on=None), Step.OPEN_STAGE)
    assert item.automatic
    assert item.owner is None
    assert not of_kind(pilot_in(stage), Step.OPEN_STAGE)


def test_every_open_criterion_is_shown_by_somebody() -> None:
    pilot = pilot_in("idea")
    subjects = [item.subject for item in of_kind(pilot, Task.SHOW_CRITERION)]
    assert subjects == ["idea.1/joint-need", "idea.1/need", "idea.1/not-done-before", "idea.1/strategic-fit"]


def test_a_criterion_that_pilotkit_sees_is_checked_once_it_holds() -> None:
    assert the(pilot_in("idea"), Step.CHECK).subject == "idea.1/complete"
    assert not of_kind(pilot_in("idea", summary={}), Step.CHECK)


def test_a_legal_criterion_is_an_item_per_country_due_before_the_trial_starts() -> None:
    found = [i for i in of_kind(pilot_in("trial"), Task.SHOW_CRITERION) if "/consent" in i.subject]
    assert [item.subject for item in found] == ["trial.1/consent/AT", "trial.1/consent/SI"]
    safety = next(i for i in of_kind(pilot_in("trial"), Task.SHOW_CRITERION) if i.subject == "trial.1/safety")
    assert {item.due_on for item in found} == {date(2026, 6, 30)}  # 40 working days, 25 June is free in Slovenia
    assert safety.due_on > date(2026, 10, 1)


def test_after_a_recycle_the_agenda_says_confirm_again() -> None:
    first = replace(here(pilot_in("idea", shown=True)), closed_on=SHOWN)
    second = StagePass(id=2, stage="idea", number=2, sequence=2, opened_on=SHOWN, prepared_on=SHOWN)
    found = of_kind(pilot_in("idea", passes=(first, second)), Task.SHOW_CRITERION)
    assert "Confirm again: The need is real and comes from care" in {str(item.title) for item in found}
    assert {item.subject.split("/")[0] for item in found} == {"idea.2"}


@pytest.mark.parametrize("stage", STAGES)
def test_deciders_vote_once_the_gate_is_ready(stage: str) -> None:
    assert not of_kind(pilot_in(stage), Task.VOTE)
    found = of_kind(pilot_in(stage, shown=True), Task.VOTE)
    assert [item.owner for item in found] == list(DECIDERS)
    assert {item.opens_on for item in found} == {SHOWN}


def test_whoever_has_voted_or_is_excused_is_not_asked() -> None:
    excused = ConflictOfInterest(person=MAYOR, on=OPENED, reason="Runs the care home")
    pilot = changed(pilot_in("trial", shown=True, conflicts=(excused,)), votes=cast(GO))
    assert the(pilot, Task.VOTE).owner == DIRECTOR


@pytest.mark.parametrize("shown", [False, True])
def test_what_the_votes_carry_is_recorded(shown: bool) -> None:
    item = the(changed(pilot_in("trial", shown=shown), votes=cast(STOP, STOP, on=TODAY)), Task.DECIDE)
    assert item.opens_on == TODAY
    assert item.owner == COORDINATOR
    assert "--outcome stop" in item.command
    assert item.missing == ()


def test_a_go_that_is_carried_at_a_gate_that_is_not_ready_says_what_is_missing() -> None:
    unready, ready = (changed(pilot_in("trial", shown=shown), votes=cast(GO, GO)) for shown in (False, True))
    assert any("is not shown" in sentence for sentence in told(the(unready, Task.DECIDE)))
    assert the(ready, Task.DECIDE).missing == ()


def test_a_legal_criterion_is_shown_with_the_authority_that_said_so() -> None:
    legal = [item for item in of_kind(pilot_in("trial"), Task.SHOW_CRITERION) if "--country" in item.command]
    assert legal
    assert all("--authority TEXT" in item.command for item in legal)


def test_a_tie_is_told_and_changes_nothing() -> None:
    programme = with_people(COORDINATOR, CHAIR, DIRECTOR)
    pilot = changed(pilot_in("trial", shown=True), votes=cast(GO, STOP))
    item = the(pilot, Task.DECIDE, programme=programme)
    assert told(item) == ["The votes are divided: nothing is carried until one changes."]


def test_when_the_quorum_cannot_be_reached_the_agenda_says_so() -> None:
    assert Task.QUORUM not in kinds(pilot_in("trial"))
    item = the(pilot_in("trial"), Task.QUORUM, programme=with_people(COORDINATOR, CHAIR))
    assert told(item) == ["The quorum of 2 cannot be reached: 1 deciders may vote."]
    excused = tuple(ConflictOfInterest(person=each, on=OPENED, reason="Kin") for each in (CHAIR, DIRECTOR))
    assert Task.QUORUM in kinds(pilot_in("trial", conflicts=excused))
    gone = with_people(COORDINATOR, CHAIR, replace(DIRECTOR, active=False), replace(MAYOR, active=False))
    assert Task.QUORUM in kinds(pilot_in("trial"), programme=gone)
    voted = changed(pilot_in("trial", shown=True), votes=cast(GO))
    assert Task.DECIDE not in kinds(voted, programme=with_people(COORDINATOR, CHAIR))


def test_an_open_condition_is_its_owners_and_no_vote_is_asked_for_until_it_is_settled() -> None:
    go = decided(1, Outcome.CONDITIONAL_GO, OPENED, "Train first")
    before = replace(here(pilot_in("evaluation", shown=True)), id=2, closed_on=OPENED, decisions=(go,))
    trial = replace(here(pilot_in("trial", shown=True)), id=3, sequence=2)
    pilot = pilot_in("trial", shown=True, passes=(before, trial), conditions=(condition("trial"),))
    item = the(pilot, Task.CONDITION)
    assert (item.owner, item.opens_on, item.due_on) == (HEAD_NURSE, OPENED, TODAY)
    assert Task.VOTE not in kinds(pilot)
    settled = replace(pilot, conditions=(condition("trial", state="met"),))
    assert Task.VOTE in kinds(settled)
    assert Task.CONDITION not in kinds(settled)


# --- due dates and owners ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("country", "due"), [("AT", "2026-06-26"), ("SE", "2026-06-29"), ("", "2026-06-26")])
def test_due_dates_count_working_days_of_the_owners_country(country: str, due: str) -> None:
    voter = somebody(50, country, Role.DECIDER)
    pilot = pilot_in("idea", shown=True)
    friday = date(2026, 6, 12)
    pilot = changed(pilot, criteria=tuple(replace(record, on=friday) for record in here(pilot).criteria))
    item = the(pilot, Task.VOTE, programme=with_people(COORDINATOR, voter))
    assert (item.opens_on, item.due_on) == (friday, date.fromisoformat(due))


def test_an_item_without_an_active_owner_is_the_coordinators_in_owner_and_days() -> None:
    swede = somebody(51, "SE", Role.SUBMITTER)
    start = date(2026, 5, 22)
    for active, country in ((True, "SE"), (False, "SI")):
        submitter = replace(swede, active=active)
        pilot = changed(pilot_in("idea", problem={}, submitter=submitter), opened_on=start)
        item = the(pilot, Task.COMPLETE_IDEA)
        assert item.owner == (swede if active else COORDINATOR)
        # Twenty working days: the sixth and the nineteenth of June, in Slovenia no day.
        assert item.due_on == (date(2026, 6, 22) if country == "SE" else date(2026, 6, 19))


def test_the_condition_of_somebody_who_left_is_the_coordinators() -> None:
    left = condition("trial", owner=replace(HEAD_NURSE, active=False))
    decision = decided(1, Outcome.CONDITIONAL_GO, OPENED, "Train first")
    pilot = changed(pilot_in("trial", conditions=(left,)), decisions=(decision,))
    assert the(pilot, Task.CONDITION).owner == COORDINATOR


def test_the_coordinator_of_the_programme_steps_in() -> None:
    other = somebody(52, "AT", Role.COORDINATOR)
    gone = pilot_in("handbook", coordinator=replace(COORDINATOR, active=False))
    assert the(gone, Task.WRITE_LESSON, programme=with_people(other, *DECIDERS)).owner == other
    assert the(gone, Task.WRITE_LESSON, programme=with_people(*DECIDERS)).owner is None


def test_the_time_allowed_is_that_of_the_kind_or_else_that_of_the_stage() -> None:
    frame = with_stage("handbook", allowances={"write-lesson": 1}, working_days=3)
    assert the(pilot_in("handbook"), Task.WRITE_LESSON, frame=frame).due_on == date(2026, 5, 5)
    assert the(pilot_in("handbook"), Task.TRANSFERABILITY, frame=frame).due_on == date(2026, 5, 7)


# --- what holds for every agenda --------------------------------------------------------------------------------------


def test_the_agenda_knows_no_day() -> None:
    item = the(held(pilot_in("trial"), date(2026, 9, 1)), Task.HOLD_REVIEW)
    assert not item.open(date(2026, 8, 31))
    assert item.open(date(2026, 9, 1))
    assert not item.late(date(2026, 9, 1))
    assert item.late(date(2026, 9, 2))


@pytest.mark.parametrize("stage", STAGES)
def test_keys_last_while_other_facts_change(stage: str) -> None:
    before = {item.key for item in agenda(pilot_in(stage), process(), PROGRAMME)}
    otherwise = pilot_in(stage, title={"en": "Another title"}, revision=8, sponsor=DIRECTOR, budget=Decimal(9))
    assert {item.key for item in agenda(otherwise, process(), PROGRAMME)} == before


def test_a_key_names_pilot_process_version_kind_and_subject() -> None:
    assert the(pilot_in("handbook"), Task.WRITE_LESSON).key == "P-001:1:write-lesson:handbook.1"
    assert the(pilot_in("handbook", process_version=2), Task.WRITE_LESSON).key == "P-001:2:write-lesson:handbook.1"


def test_another_vote_is_another_item_in_another_round() -> None:
    pilot = changed(pilot_in("trial", shown=True), decisions=(decided(1, Outcome.HOLD, SHOWN, "Wait", until=TODAY),))
    first = {item.key for item in of_kind(pilot_in("trial", shown=True), Task.VOTE)}
    assert first.isdisjoint(item.key for item in of_kind(pilot, Task.VOTE))


def check_agenda(pilot: Pilot) -> None:
    """What holds for every agenda of every pilot."""
    found = agenda(pilot, process(), PROGRAMME)
    assert found == agenda(pilot, process(), PROGRAMME)
    assert [key for key, times in Counter(item.key for item in found).items() if times > 1] == []
    assert list(found) == sorted(found, key=lambda item: item.due_on)
    for item in found:
        assert item.opens_on <= item.due_on
        assert item.automatic == (item.owner is None) == (item.role == "")
        assert item.automatic or (item.owner and item.owner.active)
        assert item.automatic or item.command.startswith("pilotkit ")
        assert str(item.title)
    if pilot.in_work:
        assert [item for item in found if item.kind != Step.RENDER], "Nothing would ever happen to this pilot"


@pytest.mark.parametrize("code", [each.pilot.code for each in dossiers()])
def test_the_agendas_of_the_example_pilots_are_sound(code: str) -> None:
    check_agenda(next(each.pilot for each in dossiers() if each.pilot.code == code))


days = st.dates(OPENED, TODAY)
maybe_day = st.none() | days


@st.composite
def pilots(draw: st.DrawFn) -> Pilot:
    """A pilot anywhere: parts of its stage are done, others are not."""
    stage = draw(st.sampled_from(STAGES))
    shown = here(pilot_in(stage, shown=True))
    started, ended_on = draw(maybe_day), draw(maybe_day)
    sheets = draw(st.lists(st.booleans(), max_size=2))
    pilot = pilot_in(
        stage,
        action_items=tuple(
            ActionItem(
                number=number,
                title={"en": "Do"},
                owner=draw(st.sampled_from([None, HEAD_NURSE, replace(HEAD_NURSE, active=False)])),
                organisation=None,
                start=draw(days),
                due=draw(days),
                state=draw(st.sampled_from(get_args(ActionState))),
            )
            for number in range(draw(st.integers(0, 3)))
        ),
        summary=draw(st.sampled_from([{}, {"en": "A"}])),
        coordinator=draw(st.sampled_from([None, COORDINATOR])),
        submitter=draw(st.sampled_from([None, HEAD_NURSE, replace(HEAD_NURSE, active=False)])),
        partners=draw(st.sampled_from([(), pilot_in(stage).partners, (partner(HOSPITAL, "lead"),)])),
        lessons=draw(st.sampled_from([(), pilot_in(stage, shown=True).lessons])),
        adoptions=draw(st.sampled_from([(), pilot_in(stage, shown=True).adoptions])),
        transferability=draw(st.sampled_from([(), (JUDGED,), (replace(JUDGED, organisation=MUNICIPALITY),)])),
        conflicts=tuple(
            ConflictOfInterest(person=each, on=OPENED, reason="Kin")
            for each in draw(st.lists(st.sampled_from(PROGRAMME.people), max_size=4, unique_by=lambda p: p.id))
        ),
        entries=draw(st.sampled_from([(), (EntryVersion(number=1, kind="results", compiled_on=SHOWN),)])),
    )
    return changed(
        pilot,
        prepared_on=draw(maybe_day),
        criteria=tuple(record for record in shown.criteria if draw(st.booleans())),
        votes=cast(*draw(st.lists(st.sampled_from(Outcome), max_size=3))),
        scoresheets=tuple(
            sheet(person, submitted_on=SHOWN if done else None)
            for person, done in zip((ECONOMIST, NURSE_SCIENTIST), sheets, strict=False)
        ),
        panel_closed_reason=draw(st.sampled_from(["", "She is ill"])) if any(sheets) else "",
        consolidation=draw(st.sampled_from([None, shown.consolidation])),
        bookings=draw(st.sampled_from([(), (BOOKED,), (replace(BOOKED, state="pencilled"),)])),
        indicators=draw(st.sampled_from([(), UNMEASURED, indicators()])),
        started_on=started,
        frozen_on=started and draw(maybe_day),
        ended_on=started and ended_on,
        outcomes_on=started and ended_on and draw(maybe_day),
    )


@settings(max_examples=150, deadline=None)
@given(pilots())
def test_every_agenda_is_sound_and_no_pilot_is_left_without_a_next_step(pilot: Pilot) -> None:
    check_agenda(pilot)


@settings(max_examples=50, deadline=None)
@given(pilots())
def test_any_pilot_on_hold_waits_for_its_review_alone(pilot: Pilot) -> None:
    assert [item.kind for item in humans(held(pilot, TODAY))] == [Task.HOLD_REVIEW]
