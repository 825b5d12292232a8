from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotkit.i18n import formats
from pilotkit.i18n.catalogs import catalog

SWEDISH = "abcdefghijklmnopqrstuvwxyzåäö"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "3 May 2026"),
        ("sl", "3. maj 2026"),
        ("de", "3. Mai 2026"),
        ("nb", "3. mai 2026"),
        ("mk", "3 мај 2026\u202fг."),
    ],
)
def test_days(language: str, written: str) -> None:
    assert formats.day(date(2026, 5, 3), language) == written


def test_an_instant_is_the_day_that_it_is_in_the_zone() -> None:
    late_evening = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)
    assert formats.day(late_evening, "en", zone=ZoneInfo("Europe/Ljubljana")) == "4 May 2026"
    assert formats.moment(late_evening, "sl", zone=ZoneInfo("Europe/Ljubljana")) == "4. maj 2026, 00:30 CEST"


@pytest.mark.parametrize(
    ("language", "written"), [("en", "1,234.5"), ("sl", "1.234,5"), ("de", "1.234,5"), ("sv", "1\xa0234,5")]
)
def test_numbers(language: str, written: str) -> None:
    assert formats.number(Decimal("1234.50"), language) == written


def test_figures() -> None:
    assert formats.number(3, "de", decimals=1) == "3,0"
    assert formats.number(Decimal("2.4"), "de", decimals=0) == "2"
    assert formats.number(Decimal(-5), "en") == "\N{MINUS SIGN}5"
    assert formats.percent(Decimal("0.125"), "de", decimals=1) == "12,5\xa0%"
    assert formats.percent(0.4, "en") == "40%"
    assert formats.money(Decimal(148500), "EUR", "sl") == "148.500\xa0€"
    assert formats.money(Decimal("0.50"), "SEK", "de") == "0,50\xa0SEK"


def test_names_and_lists() -> None:
    assert formats.language_name("sl", "de") == "Slowenisch"
    assert formats.country_name("at", "sl") == "Avstrija"
    assert formats.country_name("XK-1", "sl") == "XK-1"
    assert formats.listing(["a", "b", "c"], "sl") == "a, b in c"
    assert not formats.listing([], "sl")
    assert formats.period(date(2026, 5, 3), date(2026, 5, 17), "de") == "3.–17. Mai 2026"
    assert formats.month(date(2026, 5, 1), "de") == "Mai 2026"


def test_slovenian_order() -> None:
    words = ["zdravje", "žena", "čas", "cona", "Celje", "šola", "sol", "dom"]
    alphabet = catalog("sl").alphabet
    assert sorted(words, key=lambda word: formats.sort_key(word, alphabet)) == [
        "Celje", "cona", "čas", "dom", "sol", "šola", "zdravje", "žena",
    ]  # fmt: skip


def test_german_and_swedish_order_differ() -> None:
    words = ["Zoo", "Ärzte", "Arzt", "Straße", "Strasse"]
    german = sorted(words, key=lambda word: formats.sort_key(word, catalog("de").alphabet))
    assert german == ["Arzt", "Ärzte", "Strasse", "Straße", "Zoo"]
    assert max(words, key=lambda word: formats.sort_key(word, SWEDISH)) == "Ärzte"


def test_numbers_in_names_sort_by_value() -> None:
    assert sorted(["P-10", "P-9", "P-1 b", "P-1"], key=formats.sort_key) == ["P-1", "P-1 b", "P-9", "P-10"]


@given(st.lists(st.text()))
def test_any_text_can_be_sorted_and_only_equal_texts_are_equal(texts: list[str]) -> None:
    keys = [formats.sort_key(text, SWEDISH) for text in texts]
    assert sorted(keys) == sorted(keys, reverse=True)[::-1]
    assert len(set(keys)) == len(set(texts))
