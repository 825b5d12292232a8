from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pilotkit.documents.charts import Measured, Score, Span, Task, bars, funnel, gantt, indicator, radar
from pilotkit.documents.scales import Scale, day_ticks, nice_ticks, text_width, wrap

days = st.dates(min_value=date(2019, 1, 1), max_value=date(2032, 12, 31))
words = st.text(st.characters(categories=["Lu", "Ll", "Zs"]), min_size=1, max_size=120)


@given(words, st.floats(min_value=40, max_value=300), st.integers(min_value=1, max_value=3))
def test_labels_fit_their_room(text: str, width: float, lines: int) -> None:
    wrapped = wrap(text, width, lines=lines)
    assert len(wrapped) <= lines
    assert all(text_width(line, 8.0) <= width for line in wrapped)


def test_a_label_that_fits_is_left_alone_and_one_that_does_not_says_so() -> None:
    assert wrap("Ethics vote", 100) == ("Ethics vote",)
    assert wrap("Datenschutzfolgenabschätzung der Krankenhäuser", 80)[-1].endswith("…")


@given(st.floats(min_value=-1e6, max_value=1e6), st.floats(min_value=0, max_value=1e6))
@example(0.0, 5e-324)
@example(3e-9, 3e-9)
def test_ticks_are_round_and_enclose_the_values(low: float, span: float) -> None:
    ticks = nice_ticks(low, low + span)
    tolerance = 1e-6 * (1 + abs(low) + span)
    assert ticks[0] <= low + tolerance
    assert ticks[-1] >= low + span - tolerance
    assert 2 <= len(ticks) <= 12


@given(days, st.integers(min_value=0, max_value=4000))
def test_a_time_axis_has_few_lines_inside_its_range(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    ticks = day_ticks(first, last, Scale(first.toordinal(), last.toordinal() + 1, 0, 300))
    assert len(ticks) <= 14
    assert all(first <= tick.on <= last and 0 <= tick.x <= 300 for tick in ticks)
    assert all(later.x > earlier.x for earlier, later in pairwise(ticks))
    assert [tick.new_year for tick in ticks[1:]] == [b.on.year != a.on.year for a, b in pairwise(ticks)]


@given(
    st.lists(
        st.tuples(days, st.integers(min_value=0, max_value=900), st.integers(min_value=0, max_value=100)), max_size=12
    )
)
def test_bars_of_a_gantt_chart_lie_between_its_edges_in_the_order_of_their_days(
    plan: list[tuple[date, int, int]],
) -> None:
    tasks = [
        Task(key=key, label=f"Task {key}", start=start, due=start + timedelta(days=length), percent=percent,
             depends_on=tuple(range(key)))
        for key, (start, length, percent) in enumerate(plan)
    ]  # fmt: skip
    chart = gantt(tasks, today=date(2026, 5, 2))
    assert len(chart.rows) == len(tasks)
    for row in chart.rows:
        assert chart.left - 0.01 <= row.x
        assert row.x + row.width <= chart.right + 1.6
        assert 0 <= row.done_width <= row.width * 1.000001
    assert len(chart.arrows) == len(tasks) * (len(tasks) - 1) // 2
    by_start = sorted(chart.rows, key=lambda row: row.line.start)
    assert all(earlier.x <= later.x for earlier, later in pairwise(by_start))


def test_a_gantt_chart_says_what_is_late_booked_and_today() -> None:
    first, last = date(2026, 1, 1), date(2026, 3, 1)
    tasks = [
        Task(key=1, label="Open", start=first, due=last, percent=50, state="doing"),
        Task(key=2, label="Done", start=first, due=last, percent=100, state="done"),
    ]
    chart = gantt(tasks, today=date(2026, 3, 2), bookings=[Span(label="Ward", start=first, due=date(2026, 4, 1))])
    assert [row.late for row in chart.rows] == [True, False, False]
    assert [row.booking is not None for row in chart.rows] == [False, False, True]
    assert chart.rows[0].done_width == pytest.approx(chart.rows[0].width / 2)
    assert chart.today is not None
    assert gantt(tasks, today=date(2030, 1, 1)).today is None


def test_a_radar_picture_puts_scores_at_their_distance_from_the_middle() -> None:
    picture = radar([Score(label=str(value), value=value, low=value, high=5) for value in (0, 2.5, 5, 4)])
    top, right, bottom, _ = picture.spokes
    assert (top.dot_x, top.dot_y) == pytest.approx((picture.x, picture.y))
    assert right.dot_x - picture.x == pytest.approx((right.x - picture.x) / 2)
    assert bottom.dot_y == pytest.approx(bottom.y)
    with pytest.raises(ValueError, match="three scores"):
        radar([Score(label="one", value=1, low=1, high=1)])


def test_an_indicator_chart_keeps_everything_inside_and_labels_apart() -> None:
    chart = indicator(
        target=25,
        baseline=Measured(on=date(2026, 1, 1), value=26, low=20, high=70),
        measurements=[Measured(on=date(2026, 3, 1), value=30), Measured(on=date(2026, 2, 1), value=28)],
    )
    assert [point.on.month for point in chart.points] == [1, 2, 3]
    assert all(
        chart.top <= y <= chart.bottom
        for point in chart.points
        for y in (point.y, point.low or point.y, point.high or point.y)
    )
    assert chart.baseline_label is not None
    assert abs(chart.baseline_label - chart.target_label) >= 19.9


def test_an_indicator_without_any_measurement_shows_its_target() -> None:
    chart = indicator(target=0, baseline=None, measurements=[])
    assert chart.top <= chart.target <= chart.bottom
    assert not chart.points


def test_bars_are_as_long_as_their_values() -> None:
    chart = bars({"a": 10, "b": 5, "c": 0})
    assert [bar.width for bar in chart.bars] == pytest.approx(
        [chart.right - chart.left, (chart.right - chart.left) / 2, 0]
    )
    middles = {round(bar.x + bar.width / 2, 6) for bar in funnel({"a": 10, "b": 5}).bars}
    assert len(middles) == 1
    assert bars({}).bars == ()
