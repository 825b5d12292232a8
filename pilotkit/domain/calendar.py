"""Working days: due dates count those of the owner's country and region.

Public holidays come from the ``holidays`` package. In Sweden the eves that nobody works on are no public holidays; the
package lists them in its ``de_facto`` category, so it is added there.
"""

from datetime import date, timedelta
from functools import lru_cache

_EXTRA_CATEGORIES = {"SE": ("de_facto",)}
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=256)
def _holidays(country: str, region: str, year: int) -> frozenset[date]:
    import holidays  # a tenth of a second that commands without due dates need not spend

    categories = (holidays.PUBLIC, *_EXTRA_CATEGORIES.get(country, ()))
    try:
        days = holidays.country_holidays(country, subdiv=region or None, years=year, categories=categories)
    except NotImplementedError:
        # The package does not know the region, or not even the country: the country, or only weekends, are certain.
        return _holidays(country, "", year) if region else frozenset()
    return frozenset(days)


def is_working_day(day: date, country: str, region: str = "") -> bool:
    """Whether people work on this day. Without a country only Saturday and Sunday are free."""
    if day.weekday() >= _SATURDAY:
        return False
    return not country or day not in _holidays(country, region, day.year)


def working_days_after(start: date, count: int, country: str, region: str = "") -> date:
    """The day that lies ``count`` working days after ``start`` (0: the first working day from ``start`` on)."""
    day = start
    while not is_working_day(day, country, region):
        day += _ONE_DAY
    for _ in range(count):
        day += _ONE_DAY
        while not is_working_day(day, country, region):
            day += _ONE_DAY
    return day
