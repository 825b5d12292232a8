"""Evaluation: who may score, when a panel is complete, and what scores come to."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotkit.domain.evaluation import consolidate, evaluator_candidates, panel_complete, valid_sheets
from pilotkit.domain.pilot import ConflictOfInterest, Consolidation, Partner, Pilot, Scoresheet
from pilotkit.domain.process import Axis, Outcome, ScoreCriterion, ScoreGroup, ScoreSet
from pilotkit.domain.programme import Role
from tests.factories.dossiers import ECONOMIST, HOSPITAL, NURSE_SCIENTIST, PHYSICIAN, partner, process
from tests.unit.domain.pilots import OPENED, SHOWN, changed, here, pilot_in, somebody, with_people

STAGE = process().stage("evaluation")
EVALUATORS = (ECONOMIST, NURSE_SCIENTIST, PHYSICIAN)


def line(key: str, weight: int = 1, minimum: str = "") -> ScoreCriterion:
    return ScoreCriterion(
        key=key,
        title=key,
        weight=Decimal(weight),
        minimum=Decimal(minimum) if minimum else None,
        anchors={"0": "none", "3": "some", "5": "all"},
    )


def group(key: str, axis: Axis, *criteria: ScoreCriterion, weight: int = 1, minimum: str = "") -> ScoreGroup:
    return ScoreGroup(
        key=key,
        title=key,
        axis=axis,
        weight=Decimal(weight),
        criteria=criteria,
        minimum=Decimal(minimum) if minimum else None,
    )


def score_set(*groups: ScoreGroup, minimum: str = "") -> ScoreSet:
    return ScoreSet(key="set", title="Set", groups=groups, minimum=Decimal(minimum) if minimum else None)


TWO_GROUPS = score_set(
    group("value", "value", line("need", 2), line("novelty"), weight=3),
    group("doing", "feasibility", line("team"), weight=2),
)


def sheet(scores: Mapping[str, Any], number: int = 0, **fields: Any) -> Scoresheet:
    facts: dict[str, Any] = {"submitted_on": SHOWN, "remarks": {}}
    numbers = {key: Decimal(str(value)) for key, value in scores.items()}
    return Scoresheet(evaluator=EVALUATORS[number], invited_on=OPENED, scores=numbers, **(facts | fields))


def result(scores: ScoreSet, *sheets: Mapping[str, Any]) -> Consolidation:
    return consolidate(scores, [sheet(each, number) for number, each in enumerate(sheets)], SHOWN)


# --- weights and spread -----------------------------------------------------------------------------------------------


def test_means_are_weighted_per_criterion_group_and_total() -> None:
    found = result(TWO_GROUPS, {"need": 4, "novelty": 1, "team": 5}, {"need": 5, "novelty": 2, "team": 4})
    # need (4+5)/2; value (2 x 4.5 + 1.5)/3; total (3 x 3.5 + 2 x 4.5)/5
    assert found.means == {
        "need": Decimal("4.50"),
        "novelty": Decimal("1.50"),
        "team": Decimal("4.50"),
        "value": Decimal("3.50"),
        "doing": Decimal("4.50"),
    }
    assert found.total == Decimal("3.90")


def test_means_are_rounded_once_and_not_before_they_are_weighted() -> None:
    thirds = score_set(group("value", "value", line("need", 3)), group("doing", "feasibility", line("team", 3)))
    found = result(thirds, {"need": "0.5", "team": "0.5"}, {"need": "0.5", "team": "0.5"}, {"need": "1", "team": "0.5"})
    # 2/3 and 1/2: their mean is 7/12 = 0.5833; means rounded first would give (0.67 + 0.5)/2 = 0.585.
    assert found.means["need"] == Decimal("0.67")
    assert found.total == Decimal("0.58")


def test_the_spread_is_the_difference_of_highest_and_lowest_score() -> None:
    found = result(
        TWO_GROUPS,
        {"need": 5, "novelty": 3, "team": 2},
        {"need": 2, "novelty": 3, "team": "3.5"},
        {"need": 4, "novelty": 1, "team": "2.5"},
    )
    assert found.spreads == {"need": 3, "novelty": 2, "team": Decimal("1.5")}


def test_a_spread_of_two_or_more_is_flagged_for_discussion() -> None:
    found = result(TWO_GROUPS, {"need": 5, "novelty": 3, "team": 4}, {"need": 3, "novelty": 3, "team": "2.5"})
    assert found.flagged == ("need",)


def test_whoever_left_a_line_out_does_not_count_for_it() -> None:
    found = result(TWO_GROUPS, {"need": 4, "novelty": 2, "team": 3}, {"need": 2})
    assert found.means["need"] == 3
    assert found.means["novelty"] == 2
    assert found.spreads["novelty"] == 0


# --- knock-outs: value comes before feasibility -----------------------------------------------------------------------

STRICT = score_set(
    group("worth", "value", line("need", minimum="2"), line("novelty"), minimum="2.5"),
    group("doing", "feasibility", line("team", minimum="2"), line("plan"), minimum="2.5"),
    minimum="3",
)


@pytest.mark.parametrize(
    ("scores", "knocked_out", "recommendation"),
    [
        ({"need": 4, "novelty": 4, "team": 4, "plan": 4}, (), Outcome.GO),
        ({"need": 2, "novelty": 4, "team": 2, "plan": 4}, (), Outcome.GO),
        ({"need": "1.5", "novelty": 5, "team": 4, "plan": 4}, ("need",), Outcome.STOP),
        ({"need": 2, "novelty": 2, "team": 5, "plan": 5}, ("worth",), Outcome.STOP),
        ({"need": 5, "novelty": 5, "team": "1.5", "plan": 5}, ("team",), Outcome.CONDITIONAL_GO),
        ({"need": 5, "novelty": 5, "team": 2, "plan": 2}, ("doing",), Outcome.CONDITIONAL_GO),
        ({"need": "2.5", "novelty": "2.5", "team": 3, "plan": 3}, ("total",), Outcome.STOP),
        ({"need": 1, "novelty": 5, "team": 1, "plan": 5}, ("need", "team"), Outcome.STOP),
    ],
)
def test_what_lies_below_its_minimum_proposes_stop_for_value_and_conditions_for_feasibility(
    scores: dict[str, Any], knocked_out: tuple[str, ...], recommendation: Outcome
) -> None:
    found = result(STRICT, scores, scores)
    assert found.knocked_out == knocked_out
    assert found.recommendation is recommendation


def test_minima_judge_the_mean_and_not_a_single_sheet() -> None:
    low = {"need": 1, "novelty": 4, "team": 4, "plan": 4}
    assert result(STRICT, low, low | {"need": 3}).knocked_out == ()


def test_a_line_that_nobody_scored_lies_below_its_minimum() -> None:
    assert "need" in result(STRICT, {"novelty": 5, "team": 5, "plan": 5}).knocked_out


# --- properties -------------------------------------------------------------------------------------------------------

halves = st.integers(0, 10).map(lambda number: Decimal(number) / 2)
filled = st.fixed_dictionaries({"need": halves, "novelty": halves, "team": halves, "plan": halves})
panels = st.lists(filled, min_size=1, max_size=3)
weights = st.integers(1, 100)
CENT = Decimal("0.01")


def weighted(a: int, b: int, c: int, d: int) -> ScoreSet:
    return score_set(
        group("worth", "value", line("need", a), line("novelty", b), weight=c),
        group("doing", "feasibility", line("team", b), line("plan", d), weight=a),
    )


sets = st.builds(weighted, weights, weights, weights, weights)


@given(sets, panels)
def test_every_mean_lies_between_the_lowest_and_the_highest_score(
    scores: ScoreSet, panel: list[dict[str, Any]]
) -> None:
    found = result(scores, *panel)
    every = [value for each in panel for value in each.values()]
    assert all(min(every) <= mean <= max(every) for mean in (*found.means.values(), found.total))
    for each in scores.groups:
        parts = [found.means[criterion.key] for criterion in each.criteria]
        assert min(parts) - CENT <= found.means[each.key] <= max(parts) + CENT


@given(sets, panels, st.sampled_from(["need", "novelty", "team", "plan"]))
def test_a_higher_score_never_lowers_the_total(scores: ScoreSet, panel: list[dict[str, Any]], key: str) -> None:
    better = [panel[0] | {key: Decimal(5)}, *panel[1:]]
    assert result(scores, *better).total >= result(scores, *panel).total


@given(sets, panels)
def test_the_order_of_the_sheets_does_not_matter(scores: ScoreSet, panel: list[dict[str, Any]]) -> None:
    assert result(scores, *reversed(panel)) == result(scores, *panel)


@given(sets, filled, st.integers(1, 3))
def test_evaluators_of_one_mind_have_no_spread(scores: ScoreSet, one: dict[str, Any], times: int) -> None:
    found = result(scores, *[one] * times)
    assert set(found.spreads.values()) == {0}
    assert found.flagged == ()
    assert all(found.means[key] == value for key, value in one.items())


def test_no_group_of_the_standard_process_hides_a_criterion_of_the_same_key() -> None:
    for scores in process().score_sets:
        assert not {each.key for each in scores.groups} & {each.key for each in scores.criteria}


# --- the panel --------------------------------------------------------------------------------------------------------


def panel(*sheets: Scoresheet, closed: str = "") -> Pilot:
    return changed(pilot_in("evaluation"), scoresheets=sheets, panel_closed_reason=closed)


IN = sheet({"need": 3})
SECOND = sheet({"need": 4}, 1)
WAITING = sheet({}, 1, submitted_on=None)


@pytest.mark.parametrize(
    ("pilot", "complete"),
    [
        (panel(), False),
        (panel(IN), False),
        (panel(IN, WAITING), False),
        (panel(IN, SECOND), True),
        (panel(IN, SECOND, sheet({}, 2, submitted_on=None)), False),
        (panel(IN, SECOND, sheet({}, 2, submitted_on=None, withdrawn=True)), True),
        (panel(IN, replace(SECOND, withdrawn=True)), False),
    ],
)
def test_scores_are_hidden_until_all_sheets_are_in(pilot: Pilot, complete: bool) -> None:
    assert panel_complete(STAGE, here(pilot)) is complete


def test_a_panel_that_was_closed_goes_on_with_the_sheets_that_are_in() -> None:
    assert panel_complete(STAGE, here(panel(IN, WAITING, closed="She is ill")))
    assert not panel_complete(STAGE, here(panel(WAITING, closed="She is ill")))
    assert not panel_complete(STAGE, here(panel(replace(IN, withdrawn=True), WAITING, closed="She is ill")))


def test_nobody_waits_for_a_deactivated_evaluator_whose_scores_still_count() -> None:
    gone = replace(NURSE_SCIENTIST, active=False)
    assert valid_sheets(here(panel(IN, replace(WAITING, evaluator=gone)))) == (IN,)
    handed_in = replace(SECOND, evaluator=gone)
    assert valid_sheets(here(panel(IN, handed_in))) == (IN, handed_in)


# --- who may be invited -----------------------------------------------------------------------------------------------


def invited(pilot: Pilot, *people: Any) -> tuple[int, ...]:
    return tuple(p.id for p in evaluator_candidates(pilot, with_people(*people), here(pilot)))


A, B = somebody(1, "SI", Role.EVALUATOR), somebody(2, "AT", Role.EVALUATOR)


def test_evaluators_come_from_the_pool() -> None:
    assert invited(panel(), A, B, somebody(3, "SI", Role.DECIDER), replace(A, id=4, active=False)) == (1, 2)


@pytest.mark.parametrize("part", ["lead", "partner", "test site"])
def test_nobody_evaluates_a_pilot_of_the_own_organisation(part: str) -> None:
    pilot = replace(panel(), partners=(partner(HOSPITAL, part),))
    assert invited(pilot, A, replace(B, organisation=HOSPITAL)) == (1,)


def test_an_organisation_that_left_is_still_not_independent() -> None:
    pilot = replace(panel(), partners=(Partner(organisation=HOSPITAL, role="partner", left_on=SHOWN),))
    assert invited(pilot, replace(A, organisation=HOSPITAL)) == ()


def test_a_declared_conflict_recuses() -> None:
    conflict = ConflictOfInterest(person=A, on=SHOWN, reason="A friend")
    assert invited(replace(panel(), conflicts=(conflict,)), A, B) == (2,)


def test_nobody_is_invited_twice_to_one_pass() -> None:
    assert invited(panel(replace(WAITING, evaluator=A)), A, B) == (2,)
    assert invited(panel(replace(WAITING, evaluator=A, withdrawn=True)), A, B) == (2,)


def test_an_evaluator_without_an_organisation_is_independent() -> None:
    assert invited(panel(), replace(A, organisation=None)) == (1,)
