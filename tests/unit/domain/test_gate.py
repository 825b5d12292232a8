"""Gates: what must be shown, what holds a pilot back, and what votes come to."""

from dataclasses import replace
from typing import Any, Literal

import pytest

from pilotkit.domain.gate import (
    ChecklistLine,
    checklist,
    may_judge_transferability,
    missing_for,
    open_legal_lines,
    reached_trial,
    readiness,
)
from pilotkit.domain.pilot import CriterionRecord, CriterionVerdict, Pilot, StagePass
from pilotkit.domain.process import Outcome
from tests.factories.dossiers import (
    CARE_HOME,
    COORDINATOR,
    HOSPITAL,
    MUNICIPALITY,
    UNIVERSITY,
    partner,
    process,
)
from tests.unit.domain.pilots import (
    DONE,
    JUDGED,
    SHOWN,
    STAGES,
    TODAY,
    changed,
    condition,
    here,
    pilot_in,
)

GO, STOP, HOLD = Outcome.GO, Outcome.STOP, Outcome.HOLD


def ready(pilot: Pilot) -> bool:
    return readiness(pilot, process(), here(pilot)).ready


def line_of(pilot: Pilot, criterion: str, country: str = "") -> ChecklistLine:
    lines = checklist(pilot, process(), here(pilot))
    return next(line for line in lines if (line.criterion.key, line.country) == (criterion, country))


def with_record(pilot: Pilot, criterion: str, verdict: CriterionVerdict | None, country: str = "") -> Pilot:
    """The pilot with another record of one criterion; with none when there is no verdict."""
    others = tuple(r for r in here(pilot).criteria if (r.criterion, r.country) != (criterion, country))
    record = verdict and CriterionRecord(
        criterion=criterion, country=country, verdict=verdict, on=SHOWN, by=COORDINATOR, reason="Because"
    )
    return changed(pilot, criteria=(*others, record) if record else others)


# --- readiness --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_a_gate_is_ready_when_every_required_criterion_is_met(stage: str) -> None:
    pilot = pilot_in(stage, shown=True)
    assert ready(pilot)
    for criterion in process().stage(stage).gate.criteria:
        country = "SI" if criterion.legal else ""
        assert ready(with_record(pilot, criterion.key, None, country)) is not criterion.required


def test_a_waived_criterion_does_not_hold_the_gate() -> None:
    pilot = with_record(pilot_in("idea", shown=True), "need", "waived")
    assert ready(pilot)
    assert line_of(pilot, "need").state == "waived"


def test_what_stands_against_a_gate_is_named() -> None:
    pilot = with_record(pilot_in("trial", shown=True), "ethics", None, "AT")
    pilot = replace(with_record(pilot, "safety", None), conditions=(condition("trial"),))
    assert [str(sentence) for sentence in readiness(pilot, process(), here(pilot)).missing] == [
        "Criterion ethics is not shown for AT: Ethical review is settled",
        "Criterion safety is not shown: The trial was safe",
        "Condition 1 is open: Train first",
    ]


def test_legal_criteria_are_settled_in_each_country() -> None:
    pilot = pilot_in("trial")
    lines = [line for line in checklist(pilot, process(), here(pilot)) if line.criterion.key == "consent"]
    assert [line.country for line in lines] == ["AT", "SI"]
    for country in ("AT", "SI"):
        pilot = pilot_in("trial", shown=True)
        assert not ready(with_record(pilot, "consent", None, country))
        assert ready(with_record(pilot, "consent", "not applicable", country))


def test_the_countries_are_those_of_the_partners_who_are_there() -> None:
    left = replace(partner(CARE_HOME, "partner"), left_on=TODAY)
    pilot = pilot_in("trial", partners=(partner(HOSPITAL, "lead"), left))
    assert {line.country for line in open_legal_lines(pilot, process(), here(pilot))} == {"SI"}
    nobody = pilot_in("trial", partners=())
    assert {line.country for line in open_legal_lines(nobody, process(), here(nobody))} == {""}


def test_a_legal_criterion_is_never_counted_as_waived() -> None:
    pilot = with_record(pilot_in("trial", shown=True), "ethics", "waived", "SI")
    assert not ready(pilot)
    assert line_of(pilot, "ethics", "SI").state == "open"
    assert [(line.criterion.key, line.country) for line in open_legal_lines(pilot, process(), here(pilot))] == [
        ("ethics", "SI")
    ]


def test_a_criterion_that_is_not_required_does_not_hold_the_gate() -> None:
    pilot = with_record(pilot_in("idea", shown=True), "patients-voice", None)
    assert line_of(pilot, "patients-voice").state == "open"
    assert ready(pilot)


# --- what pilotkit sees for itself ------------------------------------------------------------------------------------


def test_a_fact_that_does_not_hold_any_more_opens_its_criterion_again() -> None:
    pilot = replace(pilot_in("idea", shown=True), summary={"en": ""})
    assert line_of(pilot, "complete").state == "open"
    assert [str(sentence) for sentence in line_of(pilot, "complete").missing] == ["The summary is missing."]
    assert not ready(pilot)
    assert ready(with_record(pilot, "complete", "waived"))


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"title": {"en": ""}}, "The title is missing."),
        ({"summary": {}}, "The summary is missing."),
        ({"problem": {"en": ""}}, "The problem is not described."),
        ({"partners": (partner(HOSPITAL, "partner"), partner(CARE_HOME, "partner"))}, "There is no lead partner."),
        ({"partners": (partner(HOSPITAL, "lead"),)}, "There is no partner beside the lead."),
        ({"coordinator": None}, "There is no coordinator."),
    ],
)
def test_an_idea_is_complete_when_nothing_is_missing(lacking: dict[str, Any], sentence: str) -> None:
    assert missing_for("complete", pilot_in("idea"), here(pilot_in("idea"))) == ()
    pilot = pilot_in("idea", **lacking)
    assert [str(missing) for missing in missing_for("complete", pilot, here(pilot))] == [sentence]


@pytest.mark.parametrize(
    ("stage", "fact", "fields"),
    [
        ("evaluation", "consolidated", {"consolidation": None}),
        ("trial", "outcomes", {"outcomes_on": None}),
    ],
)
def test_a_fact_of_the_pass_is_seen(
    stage: str, fact: Literal["consolidated", "outcomes"], fields: dict[str, Any]
) -> None:
    pilot = pilot_in(stage, shown=True)
    assert not missing_for(fact, pilot, here(pilot))
    lacking = changed(pilot, **fields)
    assert missing_for(fact, lacking, here(lacking))
    assert not ready(lacking)


@pytest.mark.parametrize(
    ("stage", "fact", "fields"),
    [
        ("implementation", "actions-done", {"action_items": ()}),
        ("implementation", "actions-done", {"action_items": (DONE, replace(DONE, number=2, state="doing"))}),
        ("implementation", "adopted", {"adoptions": ()}),
        ("handbook", "lessons", {"lessons": ()}),
        ("handbook", "transferability", {"transferability": ()}),
        ("handbook", "transferability", {"transferability": (replace(JUDGED, organisation=MUNICIPALITY),)}),
    ],
)
def test_a_fact_of_the_pilot_is_seen(
    stage: str, fact: Literal["actions-done", "adopted", "lessons", "transferability"], fields: dict[str, Any]
) -> None:
    pilot = pilot_in(stage, shown=True)
    assert not missing_for(fact, pilot, here(pilot))
    lacking = pilot_in(stage, shown=True, **fields)
    assert missing_for(fact, lacking, here(lacking))
    assert not ready(lacking)


def test_dropped_action_items_are_settled() -> None:
    pilot = pilot_in("implementation", shown=True, action_items=(DONE, replace(DONE, number=2, state="dropped")))
    assert ready(pilot)


def test_transferability_is_judged_from_another_country_or_else_by_another_organisation() -> None:
    two = pilot_in("handbook")
    assert may_judge_transferability(two, "AT", CARE_HOME.id)
    assert not may_judge_transferability(two, "SI", MUNICIPALITY.id)
    one = pilot_in("handbook", partners=(partner(CARE_HOME, "lead"), partner(UNIVERSITY, "partner")))
    assert may_judge_transferability(one, "AT", UNIVERSITY.id)
    assert not may_judge_transferability(one, "AT", CARE_HOME.id)
    assert may_judge_transferability(pilot_in("handbook", partners=()), "AT", CARE_HOME.id)


# --- a second pass ----------------------------------------------------------------------------------------------------


def second_pass(*records: CriterionRecord, first: StagePass | None = None) -> Pilot:
    first = replace(first or here(pilot_in("idea", shown=True)), closed_on=SHOWN)
    second = StagePass(id=2, stage="idea", number=2, sequence=2, opened_on=SHOWN, prepared_on=SHOWN, criteria=records)
    return pilot_in("idea", passes=(first, second))


def test_after_a_recycle_earlier_evidence_is_confirmed_again() -> None:
    pilot = second_pass()
    line = line_of(pilot, "need")
    assert line.state == "to confirm"
    assert line.record
    assert line.record.evidence == "Minutes of the lab, item 4"
    assert line.blocks
    confirmed = replace(line.record, on=TODAY)
    assert line_of(second_pass(confirmed), "need").state == "met"


def test_what_pilotkit_sees_is_seen_again_and_not_confirmed() -> None:
    assert line_of(second_pass(), "complete").state == "open"


def test_the_evidence_of_a_void_pass_does_not_count() -> None:
    void = replace(here(pilot_in("idea", shown=True)), void=True)
    assert line_of(second_pass(first=void), "need").state == "open"


def test_the_latest_of_several_passes_is_the_one_to_confirm() -> None:
    first = replace(here(pilot_in("idea", shown=True)), closed_on=SHOWN)
    newer = tuple(replace(record, evidence="Newer") for record in first.criteria)
    second = replace(first, id=2, number=2, sequence=2, criteria=newer)
    third = StagePass(id=3, stage="idea", number=3, sequence=3, opened_on=SHOWN)
    record = line_of(pilot_in("idea", passes=(first, second, third)), "need").record
    assert record
    assert record.evidence == "Newer"


# --- conditions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "due_stage", "blocks"),
    [
        ("evaluation", "trial", False),
        ("trial", "trial", True),
        ("implementation", "trial", True),
        ("handbook", "trial", True),
    ],
)
def test_an_open_condition_holds_the_gate_by_which_it_is_due_and_later_ones(
    stage: str, due_stage: str, blocks: bool
) -> None:
    pilot = pilot_in(stage, shown=True, conditions=(condition(due_stage),))
    assert ready(pilot) is not blocks


@pytest.mark.parametrize("state", ["met", "waived", "void"])
def test_a_settled_condition_holds_nothing(state: str) -> None:
    assert ready(pilot_in("trial", shown=True, conditions=(condition("trial", state=state),)))


# --- how far a pilot has come -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "reached"),
    [("idea", False), ("evaluation", False), ("trial", True), ("implementation", True), ("handbook", True)],
)
def test_from_the_trial_on_a_pilot_has_something_to_tell(stage: str, reached: bool) -> None:
    assert reached_trial(pilot_in(stage), process()) is reached


def test_a_pilot_that_went_back_has_still_reached_its_trial() -> None:
    tried = replace(here(pilot_in("trial")), closed_on=SHOWN)
    again = StagePass(id=2, stage="idea", number=1, sequence=2, opened_on=SHOWN)
    assert reached_trial(pilot_in("idea", passes=(tried, again)), process())
    assert not reached_trial(pilot_in("idea", passes=(replace(tried, void=True), again)), process())
