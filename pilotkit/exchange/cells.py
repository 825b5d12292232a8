"""What a table is made of, before anybody has said what it means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pilotkit.domain.text import Message

Cell = str | int | float | bool | datetime | date | time | timedelta | None
"""A cell: always text in CSV; in XLSX what the spreadsheet program stored."""


@dataclass(frozen=True)
class Limits:
    """How large a table may be.

    Attributes:
        file: Bytes of the file as it is.
        unpacked: Bytes of an XLSX file's parts together.
        rows: Rows, blank ones included.
        columns: Columns of a row.
        cell: Characters of a cell. Excel itself ends at 32,767.
    """

    file: int = 200_000_000
    unpacked: int = 400_000_000
    rows: int = 500_000
    columns: int = 1_000
    cell: int = 100_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row; ``column`` is empty when it is the row as a whole."""

    column: str
    message: Message


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank. ``number`` is the spreadsheet's: the first line of the file is row 1."""

    number: int
    cells: Sequence[Cell]
    faults: tuple[Fault, ...] = ()
