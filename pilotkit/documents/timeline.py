"""The geometry of the timeline of a programme: one bar per pilot over the programme's years, in points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pilotkit.documents.scales import TEXT_WIDTH, Scale

LEFT = 52.0
TOP = 22.0
ROW = 13.0
BAR = 6.5


@dataclass(frozen=True, kw_only=True)
class Line:
    """A pilot in the timeline; ``open_end`` where its end is not planned."""

    label: str
    first: date
    last: date
    status: str
    open_end: bool = False


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A drawn line; ``before`` and ``after`` say that it reaches beyond the programme's years."""

    line: Line
    y: float
    x: float
    width: float
    before: bool
    after: bool


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """A timeline, ready to be drawn; ``years`` are pairs of a year and the place of its first day."""

    width: float
    height: float
    left: float
    top: float
    bar_height: float
    bars: tuple[Bar, ...]
    years: tuple[tuple[int, float], ...]
    today: float | None


def timeline(lines: Sequence[Line], *, first_year: int, last_year: int, today: date | None) -> Timeline:
    """Lays out pilots over the years from ``first_year`` to ``last_year``; what lies beyond is cut off and marked."""
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    scale = Scale(first.toordinal(), last.toordinal() + 1, LEFT, TEXT_WIDTH)
    bars = []
    for place, line in enumerate(lines):
        begin, end = min(max(line.first, first), last), max(min(line.last, last), first)
        x = scale.at(begin.toordinal())
        bars.append(
            Bar(
                line=line,
                y=TOP + ROW * (place + 0.5),
                x=x,
                width=max(scale.at(end.toordinal() + 1) - x, 1.5),
                before=line.first < first,
                after=line.last > last,
            )
        )
    return Timeline(
        width=TEXT_WIDTH,
        height=TOP + ROW * len(lines) + 4,
        left=LEFT,
        top=TOP,
        bar_height=BAR,
        bars=tuple(bars),
        years=tuple((year, scale.at(date(year, 1, 1).toordinal())) for year in range(first_year, last_year + 1)),
        today=scale.at(today.toordinal()) if today and first <= today <= last else None,
    )
