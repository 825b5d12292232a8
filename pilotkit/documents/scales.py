"""Scales, ticks and the room that words take: what every chart is measured with. Lengths are points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor, log10
from typing import Final, Literal

TEXT_WIDTH: Final = 470.0
"""The width of the type area of an A4 page (166 mm), in points."""


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
        rest = word
        while text_width(rest, size) > width and len(rest) > 2:
            fitting = len(rest) - 1
            while fitting > 2 and text_width(rest[:fitting] + "\u2010", size) > width:
                fitting -= 1
            parts.append(rest[:fitting] + "\u2010")
            rest = rest[fitting:]
        parts.append(rest)
    return parts


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


_FINEST = 1e-8
"""Values that are nearer to each other count as one: their ticks could not be told apart."""


def nice_ticks(low: float, high: float, about: int = 5) -> tuple[float, ...]:
    """Round values (1, 2 or 5 times a power of ten apart) that reach from below ``low`` to above ``high``."""
    if high - low < _FINEST:
        margin = abs(low) / 2 if abs(low) > _FINEST else 1.0
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


def path(points: Sequence[tuple[float, float]]) -> str:
    """A line through points, as the path data of SVG."""
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
