"""The geometry of charts: scales, ticks, places and lengths in points. No HTML, no colours, no words of a language.

The macros of ``templates/documents/_shared/charts.html`` draw what is computed here, for pages and for the web alike.
The origin is the upper left corner; y grows downwards, as in SVG.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, cos, floor, log10, pi, sin
from typing import Final, Literal

__all__ = ["Measured", "Score", "Span", "Task", "bars", "funnel", "gantt", "indicator", "radar", "wrap"]

TEXT_WIDTH: Final = 470.0
"""The width of the type area of an A4 page (166 mm), in points."""

Anchor = Literal["start", "middle", "end"]

Point = Callable[[int, float], tuple[float, float]]
"""Where a value lies on the spoke of a number."""


# Words in a chart -----------------------------------------------------------------------------------------------------


def text_width(text: str, size: float) -> float:
    """About how wide a text in Noto Sans is, in points; a little too much rather than too little."""
    return sum(_advance(character) for character in text) * size


def _advance(character: str) -> float:
    if character in "iljtfI.,:;'|!()[] ":
        return 0.34
    if character in "mwMWÄÖÜ@%ЖШЩЮжшщюфы":
        return 0.9
    return 0.68 if character.isupper() or not character.isascii() else 0.58


def wrap(text: str, width: float, *, size: float = 8.0, lines: int = 2) -> tuple[str, ...]:
    """A label in at most so many lines of a width; what does not fit ends in an ellipsis.

    A word that is wider than the line is divided: German has such words.
    """
    found: list[str] = []
    line = ""
    for word in _words(text, width, size):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size) <= width:
            line = longer
        else:
            found.append(line)
            line = word
    found.append(line)
    if len(found) <= lines:
        return tuple(found)
    last = found[lines - 1].rstrip("\u2010")
    while last and text_width(last + "…", size) > width:
        last = last[:-1].rstrip()
    return (*found[: lines - 1], last + "…")


def _words(text: str, width: float, size: float) -> list[str]:
    parts = []
    for word in text.split():
        while text_width(word, size) > width and len(word) > 2:
            fitting = len(word) - 1
            while fitting > 2 and text_width(word[:fitting] + "\u2010", size) > width:
                fitting -= 1
            parts.append(word[:fitting] + "\u2010")
            word = word[fitting:]
        parts.append(word)
    return parts


# Scales ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """A linear scale from values to points; ``near`` and ``far`` are the points of ``low`` and ``high``."""

    low: float
    high: float
    near: float
    far: float

    def at(self, value: float) -> float:
        """The place of a value."""
        if self.high == self.low:
            return (self.near + self.far) / 2
        return self.near + (value - self.low) / (self.high - self.low) * (self.far - self.near)


def nice_ticks(low: float, high: float, about: int = 5) -> tuple[float, ...]:
    """Round values (1, 2 or 5 times a power of ten apart) that reach from below ``low`` to above ``high``."""
    if high <= low:
        margin = abs(low) / 2 or 1.0
        low, high = low - margin, high + margin
    rough = (high - low) / about
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return tuple(round(place * step, 10) for place in range(first, last + 1))


@dataclass(frozen=True)
class DayTick:
    """A line of a time axis.

    Attributes:
        x: Its place.
        on: The day that it marks.
        unit: What the label names: the day (weekly lines), the month, or the year.
        new_year: Whether the year is named below it.
    """

    x: float
    on: date
    unit: Literal["day", "month", "year"]
    new_year: bool


def day_ticks(first: date, last: date, scale: Scale, most: int = 13) -> tuple[DayTick, ...]:
    """Lines of a time axis: Mondays for a few weeks, else firsts of months, quarters, half-years or years."""
    if (last - first).days <= 70:
        start = first + timedelta(days=-first.weekday() % 7)
        days = [start + timedelta(weeks=week) for week in range((last - start).days // 7 + 1)]
        unit: Literal["day", "month", "year"] = "day"
    else:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        step = next((size for size in (1, 2, 3, 6) if months / size <= most), 12)
        days = [day for day in _firsts(first, last, step) if first <= day <= last]
        unit = "year" if step == 12 else "month"
    years = [False, *(later.year != earlier.year for earlier, later in pairwise(days))]
    return tuple(
        DayTick(scale.at(day.toordinal()), day, unit, new_year or place == 0)
        for place, (day, new_year) in enumerate(zip(days, years, strict=False))
    )


def _firsts(first: date, last: date, step: int) -> list[date]:
    return [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13, step)]


# Gantt ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Task:
    """A line of a Gantt chart. ``key`` is what other tasks name in ``depends_on``; ``due`` is the last day."""

    key: int
    label: str
    start: date
    due: date
    percent: int = 0
    state: Literal["planned", "doing", "done", "dropped"] = "planned"
    depends_on: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Span:
    """Days of a test arena, drawn below the tasks; a pencilled one is drawn open."""

    label: str
    first: date
    last: date
    confirmed: bool = True


@dataclass(frozen=True, kw_only=True)
class GanttRow:
    """One drawn line: where its bar begins, how wide it and its done part are, and what is special about it."""

    label: tuple[str, ...]
    y: float
    x: float
    width: float
    done_width: float
    percent: int
    state: str
    late: bool
    booking: bool
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class Gantt:
    """A Gantt chart, ready to be drawn. Arrows are SVG paths; ``today`` is the place of today's line, if it is inside."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    row_height: float
    bar_height: float
    rows: tuple[GanttRow, ...]
    ticks: tuple[DayTick, ...]
    arrows: tuple[str, ...]
    today: float | None


def gantt(
    tasks: Sequence[Task],
    *,
    today: date,
    bookings: Sequence[Span] = (),
    first: date | None = None,
    last: date | None = None,
    width: float = TEXT_WIDTH,
    label_width: float = 148.0,
) -> Gantt:
    """Lays out tasks and bookings on a time axis, from ``first`` to ``last`` or as far as they reach."""
    starts = [task.start for task in tasks] + [span.first for span in bookings]
    ends = [task.due for task in tasks] + [span.last for span in bookings]
    begin, end = first or min(starts, default=today), last or max(ends, default=today)
    left, right, top, row_height, bar_height = label_width, width - 34.0, 30.0, 23.0, 9.0
    scale = Scale(begin.toordinal(), end.toordinal() + 1, left, right)
    rows = [
        _gantt_row(
            task.label,
            task.start,
            task.due,
            place,
            scale,
            label_width,
            top,
            row_height,
            percent=task.percent,
            state=task.state,
            late=task.due < today and task.state in ("planned", "doing"),
        )
        for place, task in enumerate(tasks)
    ] + [
        _gantt_row(
            span.label,
            span.first,
            span.last,
            place,
            scale,
            label_width,
            top,
            row_height,
            booking=True,
            confirmed=span.confirmed,
        )
        for place, span in enumerate(bookings, start=len(tasks))
    ]
    by_key = {task.key: row for task, row in zip(tasks, rows, strict=False)}
    arrows = [
        _arrow(by_key[earlier], by_key[task.key], bar_height)
        for task in tasks
        for earlier in task.depends_on
        if earlier in by_key
    ]
    now = scale.at(today.toordinal())
    bottom = top + row_height * len(rows)
    return Gantt(
        width=width,
        height=bottom + 6,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        row_height=row_height,
        bar_height=bar_height,
        rows=tuple(rows),
        ticks=day_ticks(begin, end, scale),
        arrows=tuple(arrows),
        today=now if left <= now <= right else None,
    )


def _gantt_row(
    label: str,
    first: date,
    last: date,
    place: int,
    scale: Scale,
    label_width: float,
    top: float,
    row_height: float,
    *,
    percent: int = 0,
    state: str = "",
    late: bool = False,
    booking: bool = False,
    confirmed: bool = True,
) -> GanttRow:
    begin = min(max(scale.at(first.toordinal()), scale.near), scale.far)
    end = min(max(scale.at(last.toordinal() + 1), scale.near), scale.far)
    width = max(end - begin, 1.5)
    return GanttRow(
        label=wrap(label, label_width - 12, size=7.6),
        y=top + row_height * (place + 0.5),
        x=begin,
        width=width,
        done_width=width * percent / 100,
        percent=percent,
        state=state,
        late=late,
        booking=booking,
        confirmed=confirmed,
    )


def _arrow(earlier: GanttRow, later: GanttRow, bar_height: float) -> str:
    x1, y1 = earlier.x + earlier.width, earlier.y
    x2, y2 = later.x, later.y
    down = 1 if y2 > y1 else -1
    edge = y2 - down * bar_height / 2
    if x2 >= x1 + 3:
        return _path((x1, y1), (x2 + 3, y1), (x2 + 3, edge - down))
    between = y1 + down * (bar_height / 2 + 2.5)
    return _path((x1 - 3, y1 + down * bar_height / 2), (x1 - 3, between), (x2 + 3, between), (x2 + 3, edge - down))


def _path(*points: tuple[float, float]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)


# Radar ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Score:
    """A spoke of a radar picture: the mean and the lowest and highest single score."""

    label: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Spoke:
    """A drawn spoke: its end, its label with place and anchor, and the dot of the value."""

    x: float
    y: float
    label: tuple[str, ...]
    label_x: float
    label_y: float
    anchor: Anchor
    dot_x: float
    dot_y: float
    value: float


@dataclass(frozen=True, kw_only=True)
class Radar:
    """A radar picture: rings, spokes, the line of the means and the band between lowest and highest scores."""

    width: float
    height: float
    x: float
    y: float
    rings: tuple[tuple[int, str, float], ...]
    spokes: tuple[Spoke, ...]
    line: str
    band: str


def radar(scores: Sequence[Score], *, maximum: int = 5, width: float = 330.0, radius: float = 84.0) -> Radar:
    """Lays out at least three scores on a scale from 0 to ``maximum``.

    Raises:
        ValueError: There are fewer than three; a picture of an area needs three, draw bars instead.
    """
    if len(scores) < 3:
        raise ValueError("a radar picture needs three scores or more")
    x, y = width / 2, radius + 34.0

    def point(place: int, value: float) -> tuple[float, float]:
        angle = 2 * pi * place / len(scores) - pi / 2
        length = radius * value / maximum
        return x + length * cos(angle), y + length * sin(angle)

    def polygon(values: Sequence[float]) -> str:
        return _path(*(point(place, value) for place, value in enumerate(values))) + " Z"

    return Radar(
        width=width,
        height=2 * radius + 68.0,
        x=x,
        y=y,
        rings=tuple(
            (ring, polygon([ring] * len(scores)), y - radius * ring / maximum) for ring in range(1, maximum + 1)
        ),
        spokes=tuple(_spoke(score, place, point, maximum, width, x) for place, score in enumerate(scores)),
        line=polygon([score.value for score in scores]),
        band=f"{polygon([score.high for score in scores])} {polygon([score.low for score in scores])}",
    )


def _spoke(score: Score, place: int, point: Point, maximum: int, width: float, centre: float) -> Spoke:
    end, label, dot = point(place, maximum), point(place, maximum * 1.13), point(place, score.value)
    anchor: Anchor = "middle" if abs(label[0] - centre) < 8 else "start" if label[0] > centre else "end"
    room = {"middle": width / 2, "start": width - label[0], "end": label[0]}[anchor]
    lines = wrap(score.label, room, size=7.6, lines=3 if anchor != "middle" else 2)
    rise = {"middle": len(lines) - 1.0 if place == 0 else -0.6}.get(anchor, (len(lines) - 1) / 2 - 0.35)
    return Spoke(
        x=end[0],
        y=end[1],
        label=lines,
        label_x=label[0],
        label_y=label[1] - rise * 9.0,
        anchor=anchor,
        dot_x=dot[0],
        dot_y=dot[1],
        value=score.value,
    )


# Indicator ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A measurement with its 95 % interval, where there is one."""

    on: date
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class MeasuredPoint:
    """A drawn measurement; ``low`` and ``high`` are the ends of its interval."""

    x: float
    y: float
    on: date
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class IndicatorChart:
    """Measurements over time between the lines of baseline and target; both lines carry a label at the right."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    ticks: tuple[tuple[float, float], ...]
    points: tuple[MeasuredPoint, ...]
    line: str
    baseline: float | None
    baseline_label: float | None
    target: float
    target_label: float


def indicator(
    *,
    target: float,
    baseline: Measured | None,
    measurements: Sequence[Measured],
    width: float = TEXT_WIDTH,
    height: float = 170.0,
) -> IndicatorChart:
    """Lays out an indicator: baseline and measurements as points in time, baseline and target as lines across."""
    shown = sorted([*([baseline] if baseline else []), *measurements], key=lambda reading: reading.on)
    values = [target, *(v for reading in shown for v in (reading.value, reading.low, reading.high) if v is not None)]
    ticks = nice_ticks(min(values), max(values), 4)
    left, right, top, bottom = 36.0, width - 96.0, 14.0, height - 26.0
    rise = Scale(ticks[0], ticks[-1], bottom, top)
    days = [reading.on.toordinal() for reading in shown]
    run = Scale(min(days, default=0), max(days, default=1), left + 22, right - 22)
    points = tuple(_measured_point(reading, run, rise) for reading in shown)
    base = rise.at(baseline.value) if baseline else None
    base_label, target_label = _apart(base, rise.at(target))
    return IndicatorChart(
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        ticks=tuple((value, rise.at(value)) for value in ticks),
        points=points,
        line=_path(*((point.x, point.y) for point in points)) if len(points) > 1 else "",
        baseline=base,
        baseline_label=base_label,
        target=rise.at(target),
        target_label=target_label,
    )


def _measured_point(reading: Measured, run: Scale, rise: Scale) -> MeasuredPoint:
    return MeasuredPoint(
        x=run.at(reading.on.toordinal()),
        y=rise.at(reading.value),
        on=reading.on,
        value=reading.value,
        low=None if reading.low is None else rise.at(reading.low),
        high=None if reading.high is None else rise.at(reading.high),
    )


def _apart(one: float | None, other: float, least: float = 20.0) -> tuple[float | None, float]:
    """Two label places, moved apart where they would lie on each other."""
    if one is None or abs(one - other) >= least:
        return one, other
    push = (least - abs(one - other)) / 2
    return (one - push, other + push) if one <= other else (one + push, other - push)


# Bars and funnel ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A drawn bar with its label and value."""

    label: tuple[str, ...]
    value: float
    x: float
    y: float
    width: float


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Horizontal bars below each other."""

    width: float
    height: float
    left: float
    right: float
    bar_height: float
    bars: tuple[Bar, ...]


def bars(
    values: Mapping[str, float], *, maximum: float | None = None, width: float = TEXT_WIDTH, label_width: float = 148.0
) -> Bars:
    """Lays out one bar per label, to ``maximum`` or the greatest value."""
    left, right = label_width, width - 40.0
    scale = Scale(0, maximum or max(values.values(), default=1) or 1, 0, right - left)
    drawn = tuple(
        Bar(
            label=wrap(label, label_width - 12, size=7.6),
            value=value,
            x=left,
            y=21.0 * (place + 0.5) + 2,
            width=scale.at(value),
        )
        for place, (label, value) in enumerate(values.items())
    )
    return Bars(width=width, height=21.0 * len(drawn) + 4, left=left, right=right, bar_height=10.0, bars=drawn)


def funnel(stages: Mapping[str, int], *, width: float = TEXT_WIDTH, label_width: float = 148.0) -> Bars:
    """Lays out how many pilots stand at each stage, as bars around a common middle."""
    plain = bars(stages, width=width, label_width=label_width)
    middle = (plain.left + plain.right) / 2
    centred = tuple(
        Bar(label=bar.label, value=bar.value, x=middle - bar.width / 2, y=bar.y, width=bar.width) for bar in plain.bars
    )
    return Bars(
        width=plain.width, height=plain.height, left=plain.left, right=plain.right, bar_height=14.0, bars=centred
    )
