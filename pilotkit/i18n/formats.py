"""Dates, numbers, money, names and order as a language writes them, by the rules of the Unicode CLDR, through Babel.

Babel is imported where it is used: the command line answers without it.
"""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from babel import Locale

Length = Literal["short", "medium", "long", "full"]

_EXPANDED = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"}
"""Letters that Unicode does not decompose: where a language does not count them as its own, they sort as these."""

SortKey = tuple[tuple[int, ...], tuple[str, ...], str, str]


def locale_code(language: str) -> str:
    """The CLDR locale of a language; English is that of Europe (3 May 2026), not that of America (May 3, 2026)."""
    return "en_150" if language == "en" else language.replace("-", "_")


@cache
def _locale(language: str) -> "Locale":
    from babel import Locale

    return Locale.parse(locale_code(language))


def day(value: date, language: str, *, zone: tzinfo = UTC, length: Length = "long") -> str:
    """A day: "3 May 2026", "3. Mai 2026". An instant is the day that it is in ``zone``."""
    from babel.dates import format_date

    where = value.astimezone(zone) if isinstance(value, datetime) else value
    return format_date(where, length, locale=_locale(language))


def moment(value: datetime, language: str, *, zone: tzinfo | None = None) -> str:
    """An instant to the minute, with the name of the zone; without ``zone`` in the zone that it carries."""
    from babel.dates import format_time

    where = value.astimezone(zone) if zone else value
    return f"{day(where.date(), language)}, {format_time(where, 'HH:mm', locale=_locale(language))} {where.tzname()}"


def month(value: date, language: str) -> str:
    """A month and its year: "May 2026"."""
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", value, locale=_locale(language))


def short_month(value: date, language: str) -> str:
    """The abbreviated name of a month by itself, for axes: "May"."""
    from babel.dates import format_date

    return format_date(value, "LLL", locale=_locale(language)).rstrip(".")


def period(first: date, last: date, language: str) -> str:
    """From the first to the last day, saying nothing twice: "3-17 May 2026" (with an en dash)."""
    from babel.dates import format_interval

    return format_interval(first, last, "yMMMd", locale=_locale(language))


def number(value: Decimal | int | float, language: str, *, decimals: int | None = None) -> str:
    """A number with the separators of the language; with ``decimals`` always that many places, else at most two."""
    from babel.numbers import format_decimal

    pattern = "#,##0.##" if decimals is None else f"#,##0.{'0' * decimals}".rstrip(".")
    return _true_minus(format_decimal(value, pattern, locale=_locale(language)))


def percent(share: Decimal | int | float, language: str, *, decimals: int = 0) -> str:
    """A share of one as a percentage: ``0.25`` is "25 %" as the language writes it."""
    from babel.numbers import format_percent

    written = format_percent(
        round(Decimal(str(share)), decimals + 2), locale=_locale(language), decimal_quantization=False
    )
    return _true_minus(written)


def money(amount: Decimal | int, currency: str, language: str) -> str:
    """An amount of money with its currency; cents only where there are any."""
    from babel.numbers import format_currency

    whole = amount == int(amount)
    pattern = _locale(language).currency_formats["standard"].pattern
    if whole:
        pattern = pattern.replace(".00", "")
    written = format_currency(amount, currency, pattern, locale=_locale(language), currency_digits=False)
    return _true_minus(written)


def _true_minus(written: str) -> str:
    return written.replace("-", "\N{MINUS SIGN}")


def language_name(code: str, language: str) -> str:
    """The name of a language in a language; the code itself where CLDR does not know it."""
    return str(_locale(language).languages.get(code.replace("-", "_"), code))


def country_name(code: str, language: str) -> str:
    """The name of a country (ISO 3166, two letters) in a language; the code itself where CLDR does not know it."""
    return str(_locale(language).territories.get(code.upper(), code))


def listing(items: Sequence[str], language: str) -> str:
    """Several things in one phrase: "a, b and c"."""
    from babel.lists import format_list

    return format_list([str(item) for item in items], locale=_locale(language)) if items else ""


def sort_key(text: str, alphabet: str = "") -> SortKey:
    """A key that sorts text as a dictionary of the language does.

    Three steps as in the Unicode collation: letters first, then accents, then case. A letter of ``alphabet`` has its
    place there (Swedish: å ä ö at the end; Slovenian: č after c); any other accented letter sorts with its plain one.
    Digits come before letters, runs of digits by their value, so that "P-9" stands before "P-10".

    Args:
        text: What is to be sorted.
        alphabet: The letters of the language in order, lower case; see :attr:`pilotkit.i18n.catalogs.Catalog.alphabet`.
    """
    places = _places(alphabet)
    letters: list[int] = []
    accents: list[str] = []
    digits = ""
    for character in unicodedata.normalize("NFC", text.lower()):
        if character.isdecimal():
            digits += character
            continue
        _number_into(letters, accents, digits)
        digits = ""
        _letter_into(letters, accents, character, places)
    _number_into(letters, accents, digits)
    return tuple(letters), tuple(accents), text.swapcase(), text


def _number_into(letters: list[int], accents: list[str], digits: str) -> None:
    if digits:
        letters += (1, int(digits))
        accents.append("")


def _letter_into(letters: list[int], accents: list[str], character: str, places: dict[str, int]) -> None:
    if character in places:
        letters.append(places[character])
        accents.append("")
        return
    for plain in _EXPANDED.get(character, unicodedata.normalize("NFD", character)):
        if unicodedata.combining(plain):
            if accents:
                accents[-1] += plain
        elif plain.isalpha():
            letters.append(places.get(plain, 1000 + ord(plain)))
            accents.append("" if plain == character else character)
        elif letters and letters[-1] != 0:
            letters.append(0)
            accents.append("")


@cache
def _places(alphabet: str) -> dict[str, int]:
    letters = alphabet.split() if " " in alphabet else list(alphabet)
    order = letters or list("abcdefghijklmnopqrstuvwxyz")
    return {letter: 10 + place for place, letter in enumerate(order)}
