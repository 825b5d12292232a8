"""Working days of the countries that pilots are made in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotkit.domain.calendar import is_working_day, working_days_after

COUNTRIES = ("SI", "AT", "SE", "BG", "MK", "NO", "HR", "IT", "HU", "", "ZZ")

HOLIDAYS = (
    ("SI", "2027-02-08", "Prešeren Day"),
    ("SI", "2026-04-27", "Day of Uprising"),
    ("AT", "2026-06-04", "Corpus Christi"),
    ("AT", "2026-10-26", "National Day"),
    ("SE", "2026-06-19", "Midsummer Eve"),
    ("SE", "2026-12-24", "Christmas Eve"),
    ("SE", "2026-12-31", "New Year's Eve"),
    ("BG", "2026-04-10", "Orthodox Good Friday"),
    ("BG", "2026-05-25", "Day of the alphabet, which is a Sunday"),
    ("MK", "2026-09-08", "Independence Day"),
    ("MK", "2026-08-03", "Republic Day, which is a Sunday"),
    ("NO", "2027-05-17", "Constitution Day"),
    ("NO", "2026-05-14", "Ascension Day"),
    ("HR", "2026-06-22", "Anti-Fascist Struggle Day"),
    ("IT", "2026-06-02", "Republic Day"),
    ("HU", "2026-08-20", "St Stephen's Day"),
    ("HU", "2026-10-23", "Day of the 1956 Revolution"),
)


@pytest.mark.parametrize(("country", "day", "name"), HOLIDAYS)
def test_nobody_works_on_a_public_holiday(country: str, day: str, name: str) -> None:
    holiday = date.fromisoformat(day)
    assert holiday.weekday() < 5, f"{name} shows nothing: it falls on a weekend"
    assert not is_working_day(holiday, country)
    assert is_working_day(holiday, "")
    assert working_days_after(holiday, 0, country) > holiday


def test_a_holiday_of_one_country_is_a_working_day_of_another() -> None:
    assert is_working_day(date(2026, 6, 19), "NO")
    assert is_working_day(date(2026, 10, 26), "SI")
    assert is_working_day(date(2027, 2, 8), "AT")


@pytest.mark.parametrize("country", COUNTRIES)
def test_saturday_and_sunday_are_free_everywhere(country: str) -> None:
    assert not is_working_day(date(2026, 5, 16), country)
    assert not is_working_day(date(2026, 5, 17), country)


def test_of_an_unknown_country_only_weekends_are_certain() -> None:
    new_year = date(2027, 1, 1)
    assert new_year.weekday() < 5
    assert is_working_day(new_year, "ZZ")
    assert is_working_day(new_year, "ZZ", "01")
    assert is_working_day(new_year, "")


def test_a_region_has_holidays_of_its_own() -> None:
    whit_monday = date(2026, 5, 25)
    assert not is_working_day(whit_monday, "IT", "BZ")
    assert is_working_day(whit_monday, "IT")
    assert not is_working_day(date(2026, 6, 2), "IT", "BZ")


def test_an_unknown_region_has_the_holidays_of_its_country() -> None:
    assert not is_working_day(date(2026, 6, 2), "IT", "nowhere")
    assert is_working_day(date(2026, 5, 25), "IT", "nowhere")


@pytest.mark.parametrize(
    ("country", "due"), [("AT", "2026-06-26"), ("SE", "2026-06-29"), ("SI", "2026-06-29"), ("", "2026-06-26")]
)
def test_ten_working_days_after_a_friday_in_june(country: str, due: str) -> None:
    # Sweden has Midsummer Eve on the 19th, Slovenia Statehood Day on the 25th.
    assert working_days_after(date(2026, 6, 12), 10, country) == date.fromisoformat(due)


def test_no_working_days_after_a_working_day_is_the_day_itself() -> None:
    assert working_days_after(date(2026, 5, 15), 0, "SI") == date(2026, 5, 15)
    assert working_days_after(date(2026, 5, 16), 0, "SI") == date(2026, 5, 18)


def test_holidays_at_the_turn_of_the_year_belong_to_both_years() -> None:
    assert working_days_after(date(2026, 12, 23), 1, "AT") == date(2026, 12, 24)
    assert working_days_after(date(2026, 12, 24), 1, "AT") == date(2026, 12, 28)
    assert working_days_after(date(2026, 12, 31), 1, "SI") == date(2027, 1, 4)


days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
counts = st.integers(0, 130)
countries = st.sampled_from(COUNTRIES)


@given(days, counts, countries)
def test_a_due_date_is_a_working_day_not_before_the_start(start: date, count: int, country: str) -> None:
    due = working_days_after(start, count, country)
    assert due >= start + timedelta(days=count)
    assert is_working_day(due, country)


@given(days, counts, countries)
def test_one_day_more_is_the_next_working_day(start: date, count: int, country: str) -> None:
    due = working_days_after(start, count, country)
    following = working_days_after(start, count + 1, country)
    between = [due + timedelta(days=step) for step in range(1, (following - due).days)]
    assert following > due
    assert not any(is_working_day(day, country) for day in between)


@given(days, days, counts, countries)
def test_who_starts_later_is_not_due_earlier(one: date, other: date, count: int, country: str) -> None:
    first, second = sorted((one, other))
    assert working_days_after(first, count, country) <= working_days_after(second, count, country)


@given(days, counts, counts, countries)
def test_working_days_add_up(start: date, one: int, other: int, country: str) -> None:
    between = working_days_after(start, one, country)
    assert working_days_after(between, other, country) == working_days_after(start, one + other, country)
