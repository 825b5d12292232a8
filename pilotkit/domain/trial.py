"""What a trial came to: change against the baseline, its 95 % interval, and whether the target was reached."""

import math
from decimal import Decimal

from scipy import stats

from pilotkit.domain.pilot import Indicator, Reading, Result, TrialOutcome

_NORMAL = 1.959963984540054  # two-sided 95 %
Interval = tuple[float, float, float]
"""Change, lower and upper bound."""


def outcome(indicator: Indicator) -> TrialOutcome:
    """How an indicator came out, from its baseline and its latest aggregate."""
    baseline, latest = indicator.baseline, indicator.latest
    if baseline is None or latest is None:
        return TrialOutcome(
            indicator=indicator.key, result="not measurable", change=None, low=None, high=None, note="no measurement"
        )
    result = _result(indicator, baseline.value, latest.value)
    interval = _interval(indicator, baseline, latest)
    if interval is None:
        change = _change(indicator, baseline, latest)
        note = "single figure" if indicator.measure == "figure" else "too few cases"
        return TrialOutcome(indicator=indicator.key, result=result, change=change, low=None, high=None, note=note)
    change, low, high = (_rounded(bound) for bound in interval)
    return TrialOutcome(indicator=indicator.key, result=result, change=change, low=low, high=high)


def _result(indicator: Indicator, baseline: Decimal, latest: Decimal) -> Result:
    """Reached; partly, when at least half the distance from baseline to target is covered; or not reached."""
    sign = 1 if indicator.direction == "higher" else -1
    if sign * (latest - indicator.target) >= 0:
        return "reached"
    wanted, got = sign * (indicator.target - baseline), sign * (latest - baseline)
    return "partly" if wanted > 0 and 2 * got >= wanted else "not reached"


def _change(indicator: Indicator, baseline: Reading, latest: Reading) -> Decimal | None:
    """The change where there is no interval: a ratio of rates (none to a baseline of zero), else a difference."""
    if indicator.measure != "rate":
        return latest.value - baseline.value
    return _rounded(float(latest.value / baseline.value)) if baseline.value else None


def _interval(indicator: Indicator, baseline: Reading, latest: Reading) -> Interval | None:
    match indicator.measure:
        case "proportion":
            return _newcombe(baseline, latest)
        case "mean":
            return _welch(baseline, latest)
        case "rate":
            return _rate_ratio(baseline, latest)
        case "figure":
            return None


def _newcombe(baseline: Reading, latest: Reading) -> Interval | None:
    """Difference of two proportions by Newcombe's hybrid score method (1998, method 10), from two Wilson intervals."""
    if None in (baseline.numerator, latest.numerator) or not (baseline.denominator and latest.denominator):
        return None
    p1, low1, high1 = _wilson(latest)
    p2, low2, high2 = _wilson(baseline)
    difference = p1 - p2
    low = difference - math.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = difference + math.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return difference, low, high


def _wilson(reading: Reading) -> Interval:
    numerator, denominator = reading.numerator or 0, reading.denominator or 0
    interval = stats.binomtest(numerator, denominator).proportion_ci(method="wilson")
    return numerator / denominator, float(interval.low), float(interval.high)


def _welch(baseline: Reading, latest: Reading) -> Interval | None:
    """Difference of two means by Welch's method for unequal variances."""
    n1, n2 = latest.n or 0, baseline.n or 0
    if n1 < 2 or n2 < 2 or latest.deviation is None or baseline.deviation is None:
        return None
    v1, v2 = float(latest.deviation) ** 2 / n1, float(baseline.deviation) ** 2 / n2
    if v1 + v2 == 0:
        return None
    freedom = (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))
    half = float(stats.t.ppf(0.975, freedom)) * math.sqrt(v1 + v2)
    difference = float(latest.value - baseline.value)
    return difference, difference - half, difference + half


def _rate_ratio(baseline: Reading, latest: Reading) -> Interval | None:
    """Ratio of two rates, its interval on the logarithmic scale (events taken as Poisson)."""
    if not (baseline.events and latest.events and baseline.exposure and latest.exposure):
        return None
    ratio = float((latest.events / latest.exposure) / (baseline.events / baseline.exposure))
    half = _NORMAL * math.sqrt(1 / latest.events + 1 / baseline.events)
    return ratio, ratio * math.exp(-half), ratio * math.exp(half)


def _rounded(value: float) -> Decimal:
    return Decimal(repr(round(value, 4)))
