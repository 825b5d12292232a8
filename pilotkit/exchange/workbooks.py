"""XLSX files, opened without trust: their parts are measured before they are unpacked, their XML may define nothing."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import IO

from pilotkit.domain.text import message
from pilotkit.exchange.cells import Cell, Limits
from pilotkit.exchange.report import Faulty

_PARTS = 10_000


@contextmanager
def open_workbook(
    name: str, file: IO[bytes], title: str, limits: Limits
) -> Iterator[tuple[str, datetime, Iterator[Sequence[Cell]]]]:
    """A sheet: its title, the day that its dates count from, and its rows from the first on.

    ``title`` names the sheet; when it is empty, it is the first.
    Formulas give the value that was last computed.

    Raises:
        Faulty: It is not an XLSX file, too large when unpacked, has no such sheet, or its XML is broken or unsafe.
            Also raised while the rows are walked through.
    """
    from openpyxl import DEFUSEDXML, load_workbook

    if not DEFUSEDXML:
        raise RuntimeError("openpyxl runs without defusedxml: unset OPENPYXL_DEFUSEDXML")
    _measure(name, file, limits)
    with _told(name):
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        titles = [sheet.title for sheet in book.worksheets]
        if not titles:
            raise Faulty(name, [message("it holds no sheet")], message("Save the table again as XLSX or CSV."))
        wanted = title or titles[0]
        if wanted not in titles:
            there = ", ".join(f'"{title}"' for title in titles)
            raise Faulty(
                name,
                [message('there is no sheet "{wanted}"; there are {there}', wanted=wanted, there=there)],
                message("Correct the name under [table] in the mapping, or in the table."),
            )
        sheet = book[wanted]
        # What the file says of its own size is often wrong, and would cut rows or columns off.
        sheet.reset_dimensions()
        yield wanted, book.epoch, _lines(name, sheet.iter_rows(values_only=True))
    finally:
        book.close()


def _measure(name: str, file: IO[bytes], limits: Limits) -> None:
    """Refuse what would fill memory or disk. A part cannot be longer than it says: zipfile stops reading there."""
    with _told(name), zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked or len(parts) > _PARTS:
        fault = message("unpacked it has {size} bytes in {parts} parts, more than {limit} bytes or {most} parts",
                        size=unpacked, parts=len(parts), limit=limits.unpacked, most=_PARTS)  # fmt: skip
        raise Faulty(name, [fault], message("Save the table as CSV, or split it."))
    file.seek(0)


def _lines(name: str, rows: Iterator[Sequence[object]]) -> Iterator[Sequence[Cell]]:
    with _told(name):
        for cells in rows:
            yield [_plain(cell) for cell in cells]


def _plain(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float | bool | datetime | date | time | timedelta):
        return value
    return str(value)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Whatever a library says of a broken file, in one sentence."""
    try:
        yield
    except (Faulty, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk, not the file; openpyxl raises OSError of its own for files that it cannot read
        reason = type(error).__name__
        raise Faulty(
            name,
            [message("it is not an XLSX file that can be read safely ({reason})", reason=reason)],
            message("Open it with a spreadsheet program, save it again as XLSX or CSV, and import that."),
        ) from error
