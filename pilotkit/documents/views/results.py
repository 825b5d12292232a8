"""Indicators and how they came out, for the trial report and, with small counts hidden, for the public pages."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pilotkit.documents.charts import Measured
from pilotkit.documents.views.parts import Passage, Wording
from pilotkit.domain.pilot import Indicator, Reading, StagePass, TrialOutcome

SMALL = range(1, 5)
"""Counts of 1 to 4 could point at a patient: public pages print them as "<5"."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One reading as a page prints it.

    Attributes:
        source: Where it is from; public pages do not say.
        value: The figure; none where it would give a small count away.
        part: Counted cases out of ``whole`` (a proportion), or events; ``<5`` or ``all but <5`` where few.
        whole: The denominator, or the number of cases behind a mean.
        exposure: What the events of a rate are counted over.
        deviation: Standard deviation of a mean.
    """

    on: date
    source: str
    value: Decimal | None
    part: str
    whole: str
    exposure: Decimal | None
    deviation: Decimal | None


@dataclass(frozen=True, kw_only=True)
class IndicatorResult:
    """An indicator with everything that is known about it.

    Attributes:
        change: Latest measurement minus baseline (of a rate: divided by it); ``low`` and ``high`` its 95 % interval.
        note: Why there is no interval: ``no measurement``, ``single figure``, ``too few cases`` or ``hidden``.
    """

    title: Passage
    unit: str
    measure: str
    direction: str
    baseline: Figure | None
    target: Decimal
    latest: Figure | None
    earlier: tuple[Figure, ...]
    result: str
    change: Decimal | None
    low: Decimal | None
    high: Decimal | None
    note: str

    @property
    def readings(self) -> tuple[tuple[Figure, str], ...]:
        """Baseline and measurements in the order of their days."""
        later = sorted((each for each in (*self.earlier, self.latest) if each), key=lambda each: each.on)
        baseline = ((self.baseline, "baseline"),) if self.baseline else ()
        return (*baseline, *((each, "measurement") for each in later))

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw."""
        return any(figure.value is not None for figure, _ in self.readings)

    @property
    def axis(self) -> str:
        """The unit of the chart's axis; proportions are drawn in percent."""
        return "%" if self.measure == "proportion" else self.unit

    @property
    def aim(self) -> float:
        """The target on the chart's axis."""
        return self._drawn(self.target)

    @property
    def start(self) -> Measured | None:
        """The baseline as a point of the chart."""
        return self._point(self.baseline) if self.baseline else None

    @property
    def points(self) -> tuple[Measured, ...]:
        """The measurements as points of the chart."""
        points = (self._point(figure) for figure, kind in self.readings if kind == "measurement")
        return tuple(point for point in points if point)

    def _point(self, figure: Figure) -> Measured | None:
        return None if figure.value is None else Measured(on=figure.on, value=self._drawn(figure.value))

    def _drawn(self, value: Decimal) -> float:
        return float(value * 100 if self.measure == "proportion" else value)


def results(stage_pass: StagePass, wording: Wording, *, public: bool) -> tuple[IndicatorResult, ...]:
    """The indicators of a trial's pass, in the order in which they were planned."""
    outcomes = {outcome.indicator: outcome for outcome in stage_pass.outcomes}
    return tuple(_result(each, outcomes.get(each.key), wording, public=public) for each in stage_pass.indicators)


def _result(indicator: Indicator, outcome: TrialOutcome | None, wording: Wording, *, public: bool) -> IndicatorResult:
    latest = indicator.latest
    earlier = sorted((each for each in indicator.measurements if each is not latest), key=lambda each: each.on)
    hidden = public and any(few(each) for each in (indicator.baseline, latest) if each is not None)
    return IndicatorResult(
        title=wording.own(indicator.title),
        unit=indicator.unit,
        measure=indicator.measure,
        direction=indicator.direction,
        baseline=_figure(indicator.baseline, public=public),
        target=indicator.target,
        latest=_figure(latest, public=public),
        # Successive aggregates replace each other; the public sees the one that counts.
        earlier=() if public else tuple(_read(each, public=False) for each in earlier),
        result=outcome.result if outcome else "",
        change=outcome.change if outcome and not hidden else None,
        low=outcome.low if outcome and not hidden else None,
        high=outcome.high if outcome and not hidden else None,
        note="hidden" if hidden else outcome.note if outcome else "",
    )


def few(reading: Reading) -> bool:
    """Whether a reading rests on so few cases that a patient could be recognised."""
    counts = [
        count for count in (reading.numerator, reading.denominator, reading.n, reading.events) if count is not None
    ]
    return any(count in SMALL for count in counts) or _all_but_few(reading)


def _all_but_few(reading: Reading) -> bool:
    if reading.numerator is None or reading.denominator is None:
        return False
    return reading.denominator - reading.numerator in SMALL


def _figure(reading: Reading | None, *, public: bool) -> Figure | None:
    return None if reading is None else _read(reading, public=public)


def _read(reading: Reading, *, public: bool) -> Figure:
    hidden = public and few(reading)
    part = reading.numerator if reading.numerator is not None else reading.events
    counted = next((count for count in (reading.denominator, reading.n) if count is not None), None)
    return Figure(
        on=reading.on,
        source="" if public else reading.source,
        value=None if hidden else reading.value,
        part="all but <5" if public and _all_but_few(reading) else _count(part, public=public),
        whole=_count(counted, public=public),
        exposure=reading.exposure,
        deviation=None if hidden else reading.deviation,
    )


def _count(count: int | None, *, public: bool) -> str:
    if count is None:
        return ""
    return "<5" if public and count in SMALL else str(count)
