"""Tables of others, CSV and XLSX, as rows whose every cell has a place.

A table is never trusted: its size, its encoding, its XML and its line ends are what they happen to be. Rows are handed
on one by one, so that memory does not grow with the file; what is wrong with a row travels with the row, what is wrong
with the file as a whole is raised.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from pilotkit.domain.errors import NotFound, Unavailable
from pilotkit.domain.text import Message, message
from pilotkit.exchange.cells import LIMITS, Cell, Fault, Limits, Row
from pilotkit.exchange.delimited import delimiter_of, records
from pilotkit.exchange.encodings import encoding_of
from pilotkit.exchange.mapping import Table as Shape
from pilotkit.exchange.report import Faulty

EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a day, not an instant
"""Day 0 of Excel's usual calendar, right for every day after February 1900."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters, overrides of the writing direction, and the halves of characters that could not be decoded."""


@dataclass(frozen=True)
class OpenTable:
    """A table that is being read.

    Attributes:
        header: The headings, without the spaces around them.
        encoding: How a CSV file was decoded; empty for XLSX.
        guessed: Nobody said which encoding it is and the file does not show it for certain.
        epoch: The day that a date written as a number counts from.
        rows: What stands below the header; can be walked through once.
    """

    sheet: str
    header: tuple[str, ...]
    encoding: str
    guessed: bool
    epoch: datetime
    rows: Iterator[Row]


@contextmanager
def open_table(path: Path, shape: Shape, columns: Sequence[str], limits: Limits = LIMITS) -> Iterator[OpenTable]:
    """A CSV or XLSX file, opened for reading; which of both it is shows in its first bytes.

    Args:
        path: The file.
        shape: What is known beforehand; the rest is found out.
        columns: The headings that must be there.
        limits: How large it may be.

    Raises:
        NotFound: There is no such file.
        Unavailable: The file cannot be read.
        Faulty: It is empty, too large, not a table, or lacks headings. Also raised while the rows are walked through.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            _check_whole(path.name, path.stat().st_size, start, limits)
            file.seek(0)
            opened = _open_sheet if start == _ZIP else _open_csv
            with opened(path, file, _Expected(path.name, shape, columns, limits)) as table:
                yield table
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound(
            message('There is no table "{path}".', path=path), message("Give the path of a CSV or XLSX file.")
        ) from None
    except OSError as error:
        raise Unavailable(
            message('"{path}" cannot be read: {reason}.', path=path, reason=error.strerror or error),
            message("Check the file and the rights to read it."),
        ) from error


@dataclass(frozen=True)
class _Expected:
    """What is known of a table before it is read."""

    file: str
    shape: Shape
    columns: Sequence[str]
    limits: Limits


@contextmanager
def _open_csv(path: Path, file: IO[bytes], expected: _Expected) -> Iterator[OpenTable]:
    encoding, guessed = encoding_of(path.name, file, expected.shape.encoding)
    # What cannot be decoded becomes a character of its own, so that it can be told by row and column.
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as text:
        header_row, limits = expected.shape.header_row, expected.limits
        delimiter = expected.shape.delimiter or delimiter_of(text, header_row, expected.columns, limits)
        text.seek(0)
        lines = records(path.name, text, delimiter, limits)
        header = _header(lines, expected)
        rows = _rows(lines, header, expected, padded=False)
        yield OpenTable("", header, encoding, guessed, EXCEL_EPOCH, rows)


@contextmanager
def _open_sheet(path: Path, file: IO[bytes], expected: _Expected) -> Iterator[OpenTable]:
    from pilotkit.exchange.workbooks import open_workbook

    with open_workbook(path.name, file, expected.shape.sheet, expected.limits) as (sheet, epoch, lines):
        header = _header(lines, expected)
        rows = _rows(lines, header, expected, padded=True)
        yield OpenTable(sheet, header, "", guessed=False, epoch=epoch, rows=rows)


def _check_whole(file: str, size: int, start: bytes, limits: Limits) -> None:
    if not start:
        raise Faulty(file, [message("the file is empty")], message("Export the table again."))
    if size > limits.file:
        raise Faulty(
            file,
            [message("the file has {size} bytes, more than {limit}", size=size, limit=limits.file)],
            message("Split the table into several files."),
        )
    if start == _OLE:
        raise Faulty(
            file,
            [message("it is an old Excel file (.xls), or one that is locked with a password")],
            message("Open it and save it as XLSX, without a password, or as CSV."),
        )


def _header(lines: Iterable[Sequence[Cell]], expected: _Expected) -> tuple[str, ...]:
    """The headings; leaves ``lines`` at the first row below them."""
    header_row = expected.shape.header_row
    cells = next((cells for number, cells in enumerate(lines, start=1) if number == header_row), ())
    header = tuple("" if cell is None else " ".join(str(cell).split()) for cell in cells)
    while header and not header[-1]:
        header = header[:-1]
    if faults := list(_faults_of_header(header, expected)):
        remedy = message("Correct the mapping (columns, header_row, sheet, delimiter, encoding) or the table.")
        raise Faulty(expected.file, faults, remedy)
    return header


def _faults_of_header(header: tuple[str, ...], expected: _Expected) -> Iterator[Message]:
    limit = expected.limits.columns
    if not header:
        yield message("row {row}, where the headings should stand, is blank or missing", row=expected.shape.header_row)
    elif missing := [name for name in expected.columns if name not in header]:
        yield message(
            "row {row}: headings that the mapping names are missing: {missing}; there are {there}",
            row=expected.shape.header_row,
            missing=", ".join(f'"{name}"' for name in missing),
            there=", ".join(f'"{name[:60]}"' for name in header[:60] if name),
        )
    for name in expected.columns:
        if (count := header.count(name)) > 1:
            yield message('the heading "{name}" stands {count} times', name=name, count=count)
    if len(header) > limit:
        yield message("there are {count} columns, more than {limit}", count=len(header), limit=limit)


def _rows(
    lines: Iterable[Sequence[Cell]], header: tuple[str, ...], expected: _Expected, *, padded: bool
) -> Iterator[Row]:
    limits, width = expected.limits, len(header)
    for number, cells in enumerate(lines, start=expected.shape.header_row + 1):
        if number > limits.rows:
            fault = message("there are more than {limit} rows", limit=limits.rows)
            raise Faulty(expected.file, [fault], message("Split the table into several files."))
        if all(map(_blank, cells)):
            continue
        fitted = _fitted(cells, width, padded=padded)
        faults = list(_faults_of_cells(fitted, header, limits))
        if len(fitted) != width:
            ragged = message("there are {there} cells, the header has {wanted}", there=len(cells), wanted=width)
            faults.insert(0, Fault("", ragged))
        yield Row(number, fitted, tuple(faults))


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def _fitted(cells: Sequence[Cell], width: int, *, padded: bool) -> Sequence[Cell]:
    """The cells without blank ones beyond the header; a sheet does not store blank cells at the end of a row."""
    if len(cells) > width and all(map(_blank, cells[width:])):
        return cells[:width]
    if len(cells) < width and padded:
        return (*cells, *[None] * (width - len(cells)))
    return cells


def _faults_of_cells(cells: Sequence[Cell], header: tuple[str, ...], limits: Limits) -> Iterator[Fault]:
    together = "\n".join([cell for cell in cells if isinstance(cell, str)])
    if len(together) <= limits.cell and not _FORBIDDEN.search(together):
        return
    for cell, column in zip(cells, header, strict=False):
        if not isinstance(cell, str):
            continue
        if (count := len(cell)) > limits.cell:
            long = message("the cell has {count} characters, more than {limit}", count=count, limit=limits.cell)
            yield Fault(column, long)
        if found := _FORBIDDEN.search(cell):
            yield Fault(column, _forbidden(found.group(), found.start() + 1))


def _forbidden(sign: str, position: int) -> Message:
    if "\ud800" <= sign <= "\udfff":
        return message("character {position} cannot be decoded; the encoding may be another", position=position)
    return message("character {position} is a control character (U+{code})", position=position, code=f"{ord(sign):04X}")
