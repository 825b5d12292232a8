"""Figures of a measurement as people type them: ``9/100``, ``4.2``, ``12/340.5``, ``17``."""

from datetime import date
from decimal import Decimal, InvalidOperation

from pilotkit.cli.arguments import amount
from pilotkit.cli.errors import shortened
from pilotkit.domain.errors import Invalid
from pilotkit.domain.pilot import Measure, Reading
from pilotkit.domain.text import Message, message

_FORMS: dict[Measure, Message] = {
    "proportion": message("Write a proportion as count/all: 9/100."),
    "mean": message("Write a mean as a number, with --n NUMBER (and --deviation NUMBER)."),
    "rate": message("Write a rate as events/exposure: 12/340.5."),
    "figure": message("Write a figure as a number: 17."),
}


def reading(
    figures: str, *, kind: Measure, on: date, source: str, n: int | None = None, deviation: Decimal | None = None
) -> Reading:
    """A reading out of what somebody typed.

    Raises:
        Invalid: The figures do not fit the kind of the indicator.
    """
    above, slash, below = figures.partition("/")
    if bool(slash) != (kind in ("proportion", "rate")):
        raise _unfit(figures, kind)
    if (n is not None or deviation is not None) and kind != "mean":
        raise Invalid(message("Only a mean has --n and --deviation."), _FORMS[kind])
    top = amount(above)
    if not slash:
        return Reading(on=on, source=source, value=top, n=n, deviation=deviation)
    bottom = amount(below)
    if bottom <= 0 or top != int(top):
        raise _unfit(figures, kind)
    if kind == "rate":
        return Reading(on=on, source=source, value=_quotient(top, bottom), events=int(top), exposure=bottom)
    if bottom != int(bottom):
        raise _unfit(figures, kind)
    return Reading(on=on, source=source, value=_quotient(top, bottom), numerator=int(top), denominator=int(bottom))


def _quotient(top: Decimal, bottom: Decimal) -> Decimal:
    """To six places: more is never shown."""
    try:
        return (top / bottom).quantize(Decimal("0.000001")).normalize()
    except InvalidOperation:
        raise Invalid(
            message("{top}/{bottom} is no figure that can be computed with.", top=top, bottom=bottom),
            message("Check both numbers."),
        ) from None


def _unfit(figures: str, kind: Measure) -> Invalid:
    return Invalid(message("{figures} is no {kind}.", figures=shortened(figures), kind=kind), _FORMS[kind])
