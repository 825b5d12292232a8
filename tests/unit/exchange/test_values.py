from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotkit.exchange.cells import Cell
from pilotkit.exchange.mapping import Dates, Numbers, ValueMap
from pilotkit.exchange.tables import EXCEL_EPOCH
from pilotkit.exchange.values import Amounts, Days, Misread, Words, fold, oddity, text_of
from tests.unit.exchange.tables_for_tests import day


@pytest.mark.parametrize(
    ("numbers", "cell", "amount"),
    [
        (Numbers(), "1234.50", "1234.50"),
        (Numbers(decimal=","), "1234,5", "1234.5"),
        (Numbers(decimal=",", thousands="."), "1.234.567,89", "1234567.89"),
        (Numbers(decimal=",", thousands=" "), "1 498\u00a0164", "1498164"),
        (Numbers(thousands=","), "1,234", "1234"),
        (Numbers(thousands="'"), "1'234.5", "1234.5"),
        (Numbers(decimal=","), 333746.87, "333746.87"),
        (Numbers(), 5, "5"),
    ],
)
def test_amounts_are_read_as_the_mapping_writes_them(numbers: Numbers, cell: Cell, amount: str) -> None:
    assert Amounts(numbers).read(cell) == Decimal(amount)


@pytest.mark.parametrize(
    ("numbers", "cell"),
    [
        (Numbers(), "1,5"),
        (Numbers(decimal=",", thousands="."), "1.5"),  # one and a half or fifteen hundred? Nobody knows
        (Numbers(decimal=",", thousands="."), "12.34,5"),
        (Numbers(), "-3"),
        (Numbers(), "1e5"),
        (Numbers(), "NaN"),
        (Numbers(), float("nan")),
        (Numbers(), float("inf")),
        (Numbers(), "٣"),
        (Numbers(), "9" * 40),
        (Numbers(), True),
        (Numbers(), "about 5"),
    ],
)
def test_what_is_not_surely_an_amount_is_not_read(numbers: Numbers, cell: Cell) -> None:
    with pytest.raises(Misread):
        Amounts(numbers).read(cell)


@given(
    amount=st.decimals(min_value=0, max_value=10**12, places=2),
    signs=st.sampled_from([(".", ""), (",", "."), (",", " "), (".", ","), (".", "'")]),
)
def test_an_amount_that_was_written_by_the_rule_is_read_again(amount: Decimal, signs: tuple[str, str]) -> None:
    decimal, thousands = signs
    text = f"{amount:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
    numbers = Numbers.model_validate({"decimal": decimal, "thousands": thousands})
    assert Amounts(numbers).read(text) == amount


@pytest.mark.parametrize(
    ("formats", "cell"),
    [
        (("%Y-%m-%d",), "2024-02-29"),
        (("%d.%m.%Y",), " 29.02.2024 "),
        (("%d/%m/%Y", "%Y-%m-%d %H:%M:%S.%f"), "2024-02-29 00:00:00.000"),
        (("excel",), "45351"),
        (("excel",), "45351,0"),
        (("%Y-%m-%d",), 45351),
        (("%Y-%m-%d",), 45351.5),
        (("%Y-%m-%d",), date(2024, 2, 29)),
        (("%Y-%m-%d",), day(2024, 2, 29) + timedelta(hours=23)),
    ],
)
def test_days_are_read_as_the_mapping_writes_them(formats: tuple[str, ...], cell: Cell) -> None:
    assert Days(Dates(formats=formats), EXCEL_EPOCH).read(cell) == date(2024, 2, 29)


def test_a_calendar_that_begins_in_1904_is_respected() -> None:
    assert Days(Dates(), day(1904, 1, 1)).read(43889) == date(2024, 2, 29)


@pytest.mark.parametrize(
    "cell",
    ["2026-09-31", "2023-02-29", "soon", "45351", "0001-01-01", "9999-12-31", "", 3, 1e9, True, timedelta(days=1)],
)
def test_days_that_do_not_exist_are_not_read(cell: Cell) -> None:
    with pytest.raises(Misread):
        Days(Dates(), EXCEL_EPOCH).read(cell)


@given(st.dates(min_value=date(1900, 3, 1), max_value=date(2199, 12, 31)))
def test_every_day_survives_as_excels_number(when: date) -> None:
    serial = (day(when.year, when.month, when.day) - EXCEL_EPOCH).days
    days = Days(Dates(formats=("excel", "%d.%m.%Y")), EXCEL_EPOCH)
    assert days.read(serial) == days.read(str(serial)) == days.read(f"{when:%d.%m.%Y}") == when


def test_words_ignore_case_and_spaces_and_know_our_own() -> None:
    words = Words(ValueMap(values={"Lead  Partner": "lead"}), own=("lead", "partner"))
    assert words.read("LEAD PARTNER") == ("lead", None)
    assert words.read("Partner") == ("partner", None)
    with pytest.raises(Misread, match="chief"):
        words.read("chief")


def test_an_unknown_word_is_doubted_where_the_mapping_says_what_it_stands_for() -> None:
    word, doubt = Words(ValueMap(otherwise="other")).read("guild")
    assert word == "other"
    assert "guild" in str(doubt)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (5.0, "5"),
        (5.25, "5.25"),
        ("  two \n words\u00a0here ", "two words here"),
        ("re\u0301gion", "région"),
        (day(2024, 1, 2), "2024-01-02"),
    ],
)
def test_cells_as_text(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


def test_a_registered_sign_survives() -> None:
    assert text_of("®NorDigHE") == "®NorDigHE"
    assert fold("®NorDigHE") == "®nordighe"


@pytest.mark.parametrize("text", ["®NorDigHE Öresund", "Болница Скопје", "Νοσοκομείο", "5 µg", "LAB – Болница"])
def test_honest_letters_are_not_odd(text: str) -> None:
    assert oddity(text) is None


@pytest.mark.parametrize("text", ["Hоspital", "Klinikum Вerlin", "Sk\ufffdne"])
def test_letters_that_are_lost_or_disguised_are_doubted(text: str) -> None:
    assert oddity(text)
