"""The work of each kind of stage, as the agenda tells it."""

from dataclasses import replace
from datetime import date
from typing import Any

from pilotkit.domain.agenda import Step, Task
from pilotkit.domain.pilot import (
    EntryVersion,
    Pilot,
    Scoresheet,
)
from pilotkit.domain.programme import Role
from tests.factories.dossiers import (
    COORDINATOR,
    ECONOMIST,
    HEAD_NURSE,
    MUNICIPALITY,
    NURSE_SCIENTIST,
    indicators,
)
from tests.unit.domain.pilots import (
    BOOKED,
    DECIDERS,
    DONE,
    JUDGED,
    OPENED,
    SHOWN,
    TODAY,
    UNMEASURED,
    changed,
    here,
    kinds,
    of_kind,
    pilot_in,
    sheet,
    the,
    told,
    with_people,
)


def test_an_incomplete_idea_is_its_submitters() -> None:
    pilot = pilot_in("idea", problem={}, submitter=HEAD_NURSE)
    item = the(pilot, Task.COMPLETE_IDEA)
    assert (item.owner, item.role, told(item)) == (HEAD_NURSE, Role.SUBMITTER, ["The problem is not described."])
    assert the(pilot_in("idea", problem={}), Task.COMPLETE_IDEA).owner == COORDINATOR
    assert Task.COMPLETE_IDEA not in kinds(pilot_in("idea"))


def scored(*sheets: Scoresheet, **fields: Any) -> Pilot:
    return changed(pilot_in("evaluation"), scoresheets=sheets, **fields)


def test_evaluators_are_invited_until_the_panel_is_full() -> None:
    assert the(scored(), Step.INVITE).automatic
    full = scored(sheet(ECONOMIST), sheet(NURSE_SCIENTIST))
    assert Step.INVITE not in kinds(full)
    assert [item.owner for item in of_kind(full, Task.SCORE)] == [ECONOMIST, NURSE_SCIENTIST]
    assert {item.opens_on for item in of_kind(full, Task.SCORE)} == {SHOWN}
    withdrawn = scored(sheet(ECONOMIST, withdrawn=True), sheet(NURSE_SCIENTIST))
    assert {Step.INVITE, Task.SCORE} <= kinds(withdrawn)


def test_when_nobody_is_free_of_conflicts_somebody_is_looked_for() -> None:
    item = the(scored(), Task.FILL_PANEL, programme=with_people(COORDINATOR, *DECIDERS))
    assert told(item) == ["0 of 2 evaluators are invited, and nobody else is free of conflicts."]


def test_a_complete_panel_is_consolidated_and_nobody_scores_any_more() -> None:
    complete = scored(sheet(ECONOMIST, submitted_on=SHOWN), sheet(NURSE_SCIENTIST, submitted_on=SHOWN))
    assert Step.CONSOLIDATE in kinds(complete)
    closed = scored(sheet(ECONOMIST, submitted_on=SHOWN), sheet(NURSE_SCIENTIST), panel_closed_reason="She is ill")
    assert Step.CONSOLIDATE in kinds(closed)
    assert Task.SCORE not in kinds(closed)
    done = pilot_in("evaluation", shown=True)
    assert not {Step.CONSOLIDATE, Step.INVITE, Task.SCORE} & kinds(done)


def tried(**fields: Any) -> Pilot:
    return changed(pilot_in("trial"), **({"bookings": (BOOKED,), "indicators": UNMEASURED} | fields))


def test_a_trial_is_planned_before_it_starts() -> None:
    assert {Task.BOOK_ARENA, Task.PLAN_INDICATORS} <= kinds(pilot_in("trial"))
    assert Task.START_TRIAL not in kinds(pilot_in("trial"))
    without = (replace(UNMEASURED[0], baseline=None), *UNMEASURED[1:])
    assert Task.PLAN_INDICATORS in kinds(tried(indicators=without))
    released = kinds(tried(bookings=(replace(BOOKED, state="released"),)))
    assert Task.BOOK_ARENA in released
    assert Task.START_TRIAL not in released


def test_a_pencilled_booking_is_confirmed_by_pilotkit() -> None:
    assert Step.CONFIRM_BOOKING in kinds(tried(bookings=(replace(BOOKED, state="pencilled"),)))
    assert Step.CONFIRM_BOOKING not in kinds(tried())


def test_the_start_of_a_trial_waits_for_what_the_law_requires() -> None:
    item = the(tried(), Task.START_TRIAL)
    assert item.due_on == date(2026, 6, 1)
    assert len(item.missing) == 10
    assert told(item)[0] == ("Before the start, still to be settled for AT: Participants have given informed consent")
    legal = tuple(record for record in here(pilot_in("trial", shown=True)).criteria if record.country)
    assert the(tried(criteria=legal), Task.START_TRIAL).missing == ()


def test_a_running_trial_is_frozen_measured_and_ended() -> None:
    running = tried(started_on=date(2026, 6, 1))
    assert {Step.FREEZE, Task.MEASURE, Task.END_TRIAL} <= kinds(running)
    assert {item.due_on for item in of_kind(running, Task.MEASURE)} == {BOOKED.last_day}
    assert len(of_kind(running, Task.MEASURE)) == len(UNMEASURED)
    measured = tried(started_on=date(2026, 6, 1), frozen_on=date(2026, 6, 1), indicators=indicators())
    assert Task.END_TRIAL in kinds(measured)
    assert not {Step.FREEZE, Task.MEASURE} & kinds(measured)


def test_the_days_of_a_released_booking_do_not_count() -> None:
    released = replace(BOOKED, number=2, last_day=date(2026, 12, 18), state="released")
    running = tried(started_on=date(2026, 6, 1), bookings=(BOOKED, released))
    assert the(running, Task.END_TRIAL).due_on == BOOKED.last_day


def test_a_trial_that_started_after_its_days_is_not_due_before_it_started() -> None:
    assert the(tried(started_on=date(2026, 8, 3)), Task.END_TRIAL).due_on == date(2026, 8, 3)


def test_the_outcomes_of_an_ended_trial_are_computed_once() -> None:
    over = tried(started_on=OPENED, frozen_on=OPENED, ended_on=SHOWN)
    assert Step.COMPUTE_OUTCOMES in kinds(over)
    assert not {Task.MEASURE, Task.END_TRIAL} & kinds(over)
    assert Step.COMPUTE_OUTCOMES not in kinds(pilot_in("trial", shown=True))


def test_an_implementation_is_its_action_items_and_the_adoption() -> None:
    assert {Task.PLAN_ACTIONS, Task.ADOPT} <= kinds(pilot_in("implementation"))
    doing = replace(DONE, number=2, state="doing", start=SHOWN, due=TODAY)
    pilot = pilot_in("implementation", action_items=(DONE, doing, replace(DONE, number=3, state="dropped")))
    item = the(pilot, Task.ACTION)
    assert (item.subject, item.owner, item.opens_on, item.due_on) == ("implementation.1/2", HEAD_NURSE, SHOWN, TODAY)
    assert Task.PLAN_ACTIONS not in kinds(pilot)
    assert not {Task.ACTION, Task.ADOPT, Task.PLAN_ACTIONS} & kinds(pilot_in("implementation", shown=True))


def test_a_publication_is_its_lessons_transferability_and_entry() -> None:
    assert {Step.COMPILE_ENTRY, Task.WRITE_LESSON, Task.TRANSFERABILITY} <= kinds(pilot_in("handbook"))
    entry = EntryVersion(number=1, kind="results", compiled_on=SHOWN)
    done = pilot_in("handbook", shown=True, entries=(entry,))
    assert not {Step.COMPILE_ENTRY, Task.WRITE_LESSON, Task.TRANSFERABILITY} & kinds(done)


def test_transferability_judged_at_home_is_still_to_judge() -> None:
    at_home = replace(JUDGED, organisation=MUNICIPALITY)
    assert Task.TRANSFERABILITY in kinds(pilot_in("handbook", shown=True, transferability=(at_home,)))
