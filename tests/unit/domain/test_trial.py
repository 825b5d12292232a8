"""What a trial came to, against worked examples that were published."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pilotkit.domain.pilot import Direction, Indicator, Measure, Reading, Result
from pilotkit.domain.trial import outcome

START, END = date(2026, 1, 12), date(2026, 4, 17)


def reading(value: str | Decimal, on: date = END, **fields: Any) -> Reading:
    return Reading(on=on, source="Register, example", value=Decimal(value), **fields)


def indicator(measure: Measure, baseline: Reading | None, *measured: Reading, **fields: Any) -> Indicator:
    facts: dict[str, Any] = {"direction": "higher", "target": Decimal(1)}
    return Indicator(
        key="key",
        title={"en": "Example"},
        unit="",
        measure=measure,
        baseline=baseline,
        measurements=measured,
        **(facts | fields),
    )


def share(numerator: int, denominator: int, on: date = END) -> Reading:
    value = Decimal(numerator) / denominator if denominator else Decimal(0)
    return reading(value, on, numerator=numerator, denominator=denominator)


# --- intervals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latest", "baseline", "change", "low", "high"),
    [
        ((56, 70), (48, 80), "0.2", "0.0524", "0.3339"),
        ((9, 10), (3, 10), "0.6", "0.1705", "0.8090"),
        ((6, 7), (2, 7), "0.5714", "0.0582", "0.8062"),
        ((5, 56), (0, 29), "0.0893", "-0.0381", "0.1926"),
        ((0, 10), (0, 20), "0", "-0.1611", "0.2775"),
        ((0, 10), (0, 10), "0", "-0.2775", "0.2775"),
        ((10, 10), (0, 20), "1", "0.6791", "1"),
        ((10, 10), (0, 10), "1", "0.6075", "1"),
    ],
)
def test_proportions_by_newcombe(
    latest: tuple[int, int], baseline: tuple[int, int], change: str, low: str, high: str
) -> None:
    # R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17
    # (1998) 873-890, Table II, method 10.
    found = outcome(indicator("proportion", share(*baseline, START), share(*latest)))
    assert (found.change, found.low, found.high) == (Decimal(change), Decimal(low), Decimal(high))


def test_means_by_welch() -> None:
    # Student's sleep data (1908) as in R's manual: t.test(extra ~ group, data = sleep) prints
    # "95 percent confidence interval: -3.3654832 0.2054832", means 0.75 and 2.33.
    first = reading("0.75", n=10, deviation=Decimal("1.789010"))
    second = reading("2.33", START, n=10, deviation=Decimal("2.002249"))
    found = outcome(indicator("mean", second, first, direction="lower"))
    assert (found.change, found.low, found.high) == (Decimal("-1.58"), Decimal("-3.3655"), Decimal("0.2055"))


def test_rates_by_their_ratio() -> None:
    # Boice and Monson (1977), told in Rothman, Greenland and Lash, Modern Epidemiology: 41 cases in 28,010 and 15 in
    # 19,017 person-years give a rate ratio of 1.86, 95 % confidence interval 1.03 to 3.35.
    exposed = reading("1.464", events=41, exposure=Decimal("28.010"))
    unexposed = reading("0.789", START, events=15, exposure=Decimal("19.017"))
    found = outcome(indicator("rate", unexposed, exposed))
    assert found.change
    assert found.low
    assert found.high
    assert [round(each, 2) for each in (found.change, found.low, found.high)] == [
        Decimal("1.86"),
        Decimal("1.03"),
        Decimal("3.35"),
    ]


# --- why there is no interval -----------------------------------------------------------------------------------------


def test_a_single_figure_has_no_interval() -> None:
    found = outcome(indicator("figure", reading("10", START), reading("12.5")))
    assert (found.change, found.low, found.high, found.note) == (Decimal("2.5"), None, None, "single figure")


@pytest.mark.parametrize(
    ("measure", "baseline", "latest", "change"),
    [
        ("proportion", share(0, 0, START), share(1, 2), "0.5"),
        ("proportion", share(1, 2, START), share(0, 0), "-0.5"),
        ("proportion", reading("0.5", START), share(1, 2), "0"),
        ("mean", reading("3", START, n=1, deviation=Decimal(1)), reading("4", n=9, deviation=Decimal(1)), "1"),
        ("mean", reading("3", START, n=9), reading("4", n=9, deviation=Decimal(1)), "1"),
        ("mean", reading("3", START, n=9, deviation=Decimal(0)), reading("4", n=9, deviation=Decimal(0)), "1"),
        ("rate", reading("2", START, events=4, exposure=Decimal(2)), reading("0", events=0, exposure=Decimal(2)), "0"),
        ("rate", reading("2", START), reading("5"), "2.5"),
    ],
)
def test_too_few_cases_have_no_interval(measure: Measure, baseline: Reading, latest: Reading, change: str) -> None:
    found = outcome(indicator(measure, baseline, latest))
    assert (found.low, found.high, found.note) == (None, None, "too few cases")
    assert found.change == Decimal(change)


def test_there_is_no_ratio_to_a_rate_of_zero() -> None:
    none = reading("0", START, events=0, exposure=Decimal(2))
    found = outcome(indicator("rate", none, reading("2", events=4, exposure=Decimal(2))))
    assert (found.change, found.low, found.note) == (None, None, "too few cases")


# --- reached, partly, not reached -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "latest", "result"),
    [
        ("higher", "10", "20", "20", "reached"),
        ("higher", "10", "20", "25", "reached"),
        ("higher", "10", "20", "15", "partly"),
        ("higher", "10", "20", "19.9", "partly"),
        ("higher", "10", "20", "14.9", "not reached"),
        ("higher", "10", "20", "5", "not reached"),
        ("lower", "20", "10", "10", "reached"),
        ("lower", "20", "10", "5", "reached"),
        ("lower", "20", "10", "15", "partly"),
        ("lower", "20", "10", "10.1", "partly"),
        ("lower", "20", "10", "15.1", "not reached"),
        ("lower", "20", "10", "25", "not reached"),
        # The baseline was better than the target already: there is no half of the distance.
        ("higher", "30", "20", "19", "not reached"),
        ("lower", "5", "10", "11", "not reached"),
        ("higher", "30", "20", "25", "reached"),
    ],
)
def test_the_result_tells_how_much_of_the_distance_is_covered(
    direction: Direction, baseline: str, target: str, latest: str, result: Result
) -> None:
    found = outcome(
        indicator("figure", reading(baseline, START), reading(latest), direction=direction, target=Decimal(target))
    )
    assert found.result == result


def test_without_baseline_or_measurement_it_is_not_measurable() -> None:
    for each in (indicator("mean", None, reading("1")), indicator("mean", reading("1")), indicator("rate", None)):
        found = outcome(each)
        assert (found.result, found.change, found.low, found.high) == ("not measurable", None, None, None)
        assert found.note == "no measurement"


def test_a_later_aggregate_replaces_an_earlier_one() -> None:
    early, late = reading("12", date(2026, 2, 2)), reading("18", END)
    for measured in ((early, late), (late, early)):
        assert outcome(indicator("figure", reading("10", START), *measured)).change == 8


def test_of_two_aggregates_of_one_day_the_one_entered_later_counts() -> None:
    assert outcome(indicator("figure", reading("10", START), reading("12"), reading("11"))).change == 1


# --- properties -------------------------------------------------------------------------------------------------------

counts = st.integers(0, 500).flatmap(lambda most: st.tuples(st.integers(0, most), st.just(most))).filter(lambda c: c[1])
figures = st.decimals(-1000, 1000, places=2)


@given(counts, counts)
def test_the_change_lies_in_its_interval_and_that_between_minus_one_and_one(
    latest: tuple[int, int], baseline: tuple[int, int]
) -> None:
    found = outcome(indicator("proportion", share(*baseline, START), share(*latest)))
    assert found.change is not None
    assert found.low is not None
    assert found.high is not None
    assert -1 <= found.low <= found.change <= found.high <= 1


@given(counts, counts)
def test_before_and_after_exchanged_turn_the_interval_round(latest: tuple[int, int], baseline: tuple[int, int]) -> None:
    there = outcome(indicator("proportion", share(*baseline, START), share(*latest)))
    back = outcome(indicator("proportion", share(*latest, START), share(*baseline)))
    assert there.low is not None
    assert back.high is not None
    assert there.low == -back.high


@given(st.integers(1, 1000), st.integers(1, 1000), st.integers(1, 1000), st.integers(1, 1000))
def test_a_ratio_of_rates_lies_in_its_interval(one: int, other: int, this: int, that: int) -> None:
    before = reading(Decimal(one) / this, START, events=one, exposure=Decimal(this))
    after = reading(Decimal(other) / that, events=other, exposure=Decimal(that))
    found = outcome(indicator("rate", before, after))
    assert found.change is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.change <= found.high


@given(figures, figures, figures)
def test_both_directions_are_judged_alike(baseline: Decimal, target: Decimal, latest: Decimal) -> None:
    assume(baseline != target)
    up = indicator("figure", reading(baseline, START), reading(latest), target=target)
    down = replace(
        up,
        direction="lower",
        target=-target,
        baseline=reading(-baseline, START),
        measurements=(reading(-latest),),
    )
    assert outcome(up).result == outcome(down).result
