"""Cells as values: texts, days, amounts, and words that stand for something else."""

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from pilotkit.domain.text import Message, message
from pilotkit.exchange.cells import Cell
from pilotkit.exchange.mapping import EXCEL_SERIAL, Dates, Numbers, ValueMap

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_FIRST_SERIAL, _LAST_SERIAL = 61, 109_574
"""Excel's days of 1 March 1900 (it believes in 29 February 1900) and of the end of 2199."""
_SPACES = str.maketrans("", "", " \u00a0\u2009\u202f")
_ANOTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[^\W\d_]+")


class Misread(ValueError):
    """A cell does not hold what its column should hold; ``args[0]`` says why."""

    @property
    def why(self) -> Message:
        """Why, in words."""
        reason: Message = self.args[0]
        return reason


def text_of(cell: Cell) -> str:
    """A cell as text, with single spaces. Whole numbers lose the ``.0`` that spreadsheets give them."""
    if isinstance(cell, str):
        return _clean(cell)
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        cell = cell.date()
    return str(cell)


@lru_cache(maxsize=1 << 16)
def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """A text as it is compared: upper and lower case, wide and narrow forms, and spaces set aside."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def oddity(text: str) -> Message | None:
    """Letters that were lost before the table came to us, or that only look like those of the rest of the word."""
    if text.isascii():
        return None
    if "\ufffd" in text:
        return message('"{text}" has a letter that was lost in an earlier conversion', text=text)
    if _ANOTHER_SCRIPT.search(text):
        for word in _WORD.findall(text):
            if _LATIN.search(word) and _ANOTHER_SCRIPT.search(word):
                return message('"{word}" mixes Latin letters with others that look alike', word=word)
    return None


class Days:
    """Reads days as a mapping writes them."""

    def __init__(self, dates: Dates, epoch: datetime) -> None:
        self._formats = [form for form in dates.formats if form != EXCEL_SERIAL]
        self._serials = EXCEL_SERIAL in dates.formats
        self._epoch = epoch
        self._known: dict[str, date] = {}

    def read(self, cell: Cell) -> date:
        """The day in a cell.

        Raises:
            Misread: There is none, or none between 1900 and 2200.
        """
        if isinstance(cell, str):
            if cell not in self._known:
                self._known[cell] = self._parse(cell.strip())
            return self._known[cell]
        if isinstance(cell, datetime):
            return _plausible(cell.date())
        if isinstance(cell, date):
            return _plausible(cell)
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return self._serial(cell)
        raise Misread(message('"{text}" is not a date', text=text_of(cell)))

    def _parse(self, text: str) -> date:
        if self._serials and re.fullmatch(r"[0-9]{2,6}([.,][0-9]+)?", text):
            return self._serial(float(text.replace(",", ".")))
        for form in self._formats:
            try:
                return _plausible(datetime.strptime(text, form).date())  # noqa: DTZ007 - a day, not an instant
            except Misread:
                raise
            except ValueError:
                continue
        raise Misread(message('"{text}" is not a date that exists, written as the mapping says', text=text[:60]))

    def _serial(self, number: float) -> date:
        if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
            raise Misread(message('"{text}" is not the number of a day', text=number))
        return (self._epoch + timedelta(days=int(number))).date()


def _plausible(day: date) -> date:
    if not _FIRST_YEAR <= day.year < _LAST_YEAR:
        raise Misread(message("the year {year} cannot be right", year=day.year))
    return day


class Amounts:
    """Reads amounts of money as a mapping writes them."""

    def __init__(self, numbers: Numbers) -> None:
        decimal, thousands = re.escape(numbers.decimal), re.escape(numbers.thousands)
        whole = f"[0-9]+|[0-9]{{1,3}}({thousands}[0-9]{{3}})+" if thousands.strip("\\ ") else "[0-9]+"
        self._form = re.compile(f"({whole})({decimal}[0-9]+)?")
        self._numbers = numbers

    def read(self, cell: Cell) -> Decimal:
        """The amount in a cell.

        Raises:
            Misread: There is none, it is negative, or it has more than fifteen digits.
        """
        text = repr(cell) if isinstance(cell, float) else text_of(cell)
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return _sane(text, Decimal(text))
        plain = text.translate(_SPACES) if self._numbers.thousands == " " else text
        if plain.startswith(("-", "\u2212")):
            raise Misread(message('"{text}" is less than nothing', text=text[:60]))
        if not self._form.fullmatch(plain):
            raise Misread(message('"{text}" is not a number, written as the mapping says', text=text[:60]))
        if self._numbers.thousands:
            plain = plain.replace(self._numbers.thousands, "")
        return _sane(text, Decimal(plain.replace(self._numbers.decimal, ".")))


def _sane(text: str, amount: Decimal) -> Decimal:
    if not amount.is_finite() or amount < 0:
        raise Misread(message('"{text}" is less than nothing', text=text[:60]))
    if amount >= Decimal(10) ** 15:
        raise Misread(message('"{text}" is too large to be an amount', text=text[:60]))
    return amount


class Words:
    """Reads words that stand for one of ours; our own words always count as they are."""

    def __init__(self, words: ValueMap, own: Collection[str] = ()) -> None:
        self._known = {fold(word): word for word in own} | {fold(word): ours for word, ours in words.values.items()}
        self._otherwise = words.otherwise

    def read(self, text: str) -> tuple[str, Message | None]:
        """Our word for a word of the table, and the doubt about it if there is one.

        Raises:
            Misread: Nobody said what the word means, nor what unknown words mean.
        """
        if ours := self._known.get(fold(text)):
            return ours, None
        if self._otherwise is None:
            if not text:
                raise Misread(message("the cell is empty"))
            raise Misread(message('the mapping does not say what "{word}" means', word=text[:60]))
        if not text:
            return self._otherwise, message('the cell is empty; taken as "{ours}"', ours=self._otherwise)
        doubt = message(
            'the mapping does not say what "{word}" means; taken as "{ours}"', word=text[:60], ours=self._otherwise
        )
        return self._otherwise, doubt
