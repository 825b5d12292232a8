"""The geometry of charts: ticks, places and lengths in points. No HTML, no colours, no words of a language.

The macros of ``templates/documents/_shared/charts.html`` draw what is computed here, for pages and for the web alike.
The origin is the upper left corner; y grows downwards, as in SVG.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, pi, sin
from typing import Literal

from pilotkit.documents.gantt import Span, Task, gantt
from pilotkit.documents.scales import TEXT_WIDTH, Scale, nice_ticks, path, text_width, wrap

__all__ = ["Measured", "Score", "Span", "Task", "bars", "funnel", "gantt", "indicator", "radar", "text_width", "wrap"]

Anchor = Literal["start", "middle", "end"]

Point = tuple[float, float]


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


def radar(scores: Sequence[Score], *, maximum: int = 5, width: float = 284.0, radius: float = 78.0) -> Radar:
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
        return path(tuple(point(place, value) for place, value in enumerate(values))) + " Z"

    return Radar(
        width=width,
        height=2 * radius + 68.0,
        x=x,
        y=y,
        rings=tuple(
            (ring, polygon([ring] * len(scores)), y - radius * ring / maximum) for ring in range(1, maximum + 1)
        ),
        spokes=tuple(
            _spoke(
                score,
                tuple(point(place, at) for at in (maximum, maximum * 1.13, score.value)),
                first=place == 0,
                width=width,
            )
            for place, score in enumerate(scores)
        ),
        line=polygon([score.value for score in scores]),
        band=f"{polygon([score.high for score in scores])} {polygon([score.low for score in scores])}",
    )


def _spoke(score: Score, places: Sequence[Point], *, first: bool, width: float) -> Spoke:
    end, label, dot = places
    anchor: Anchor = "middle" if abs(label[0] - width / 2) < 8 else "start" if label[0] > width / 2 else "end"
    room = {"middle": width / 2, "start": width - label[0], "end": label[0]}[anchor]
    lines = wrap(score.label, room, size=7.6, lines=3 if anchor != "middle" else 2)
    rise = {"middle": len(lines) - 1.0 if first else -0.6}.get(anchor, (len(lines) - 1) / 2 - 0.35)
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
        line=path(tuple((point.x, point.y) for point in points)) if len(points) > 1 else "",
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
